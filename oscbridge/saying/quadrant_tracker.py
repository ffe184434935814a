"""A quadrant that does not flicker, and an energy level and a tempo that do not either.

Conventions
-----------
Time is stream time in seconds (of the states, not of a clock), so that the same music gives the
same changes however fast it is analysed. The rule is a Schmitt trigger on each axis and a dwell:

- the sign of an axis flips only when the value passes zero by more than ``hysteresis``;
- a quadrant is held for at least ``dwell_s``; the first one after *unknown* is taken at once;
- *unknown* (confidence 0: silence, nothing heard yet) is entered only after it lasted ``dwell_s``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from models.types import UNKNOWN, quadrant_of

if TYPE_CHECKING:
    from models.types import AffectState


class QuadrantSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How steady the quadrant is."""

    hysteresis: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=0.5, description="how far an axis has to pass zero, V/A units"),
    ] = 0.05
    dwell_s: Annotated[
        float, msgspec.Meta(ge=0.0, le=60.0, description="shortest stay in a quadrant, seconds")
    ] = 1.0


class QuadrantTracker:
    """Turns a run of `AffectState` s into a steady quadrant; ``settings`` may be replaced."""

    def __init__(self, settings: QuadrantSettings) -> None:
        self.settings = settings
        self.quadrant = UNKNOWN
        self._entered_s = 0.0
        self._known_s = 0.0

    def update(self, state: AffectState) -> bool:
        """Take the next state; True when the quadrant has changed."""
        now_s = state.time_s
        if state.quadrant == UNKNOWN:
            lost = self.quadrant != UNKNOWN and now_s - self._known_s >= self.settings.dwell_s
            return self._enter(UNKNOWN, now_s) if lost else False
        self._known_s = now_s
        if self.quadrant == UNKNOWN:
            return self._enter(quadrant_of(state.valence, state.arousal), now_s)
        candidate = self._beyond_hysteresis(state.valence, state.arousal)
        if candidate == self.quadrant or now_s - self._entered_s < self.settings.dwell_s:
            return False
        return self._enter(candidate, now_s)

    def lose(self) -> bool:
        """Forget the quadrant: nothing is heard any more. True when one was known."""
        return self.quadrant != UNKNOWN and self._enter(UNKNOWN, self._known_s)

    def _beyond_hysteresis(self, valence: float, arousal: float) -> int:
        right, up = self.quadrant in (1, 4), self.quadrant in (1, 2)
        if abs(valence) > self.settings.hysteresis:
            right = valence > 0.0
        if abs(arousal) > self.settings.hysteresis:
            up = arousal > 0.0
        return quadrant_of(1.0 if right else -1.0, 1.0 if up else -1.0)

    def _enter(self, quadrant: int, now_s: float) -> bool:
        self.quadrant = quadrant
        self._entered_s = now_s
        return True


class EnergyMeter:
    """DJ energy level 1..10 from arousal, changing only when it is clearly another level."""

    SLACK = 0.15
    """How far beyond the middle between two levels the value has to go, in levels."""

    def __init__(self) -> None:
        self.level = 0

    def update(self, arousal: float) -> int:
        """Level for ``arousal`` (-1..1)."""
        exact = 1.0 + 9.0 * (arousal + 1.0) / 2.0
        if self.level == 0 or abs(exact - self.level) > 0.5 + self.SLACK:
            self.level = min(max(round(exact), 1), 10)
        return self.level


class TempoMeter:
    """Beats a minute, changing only when it is clearly another tempo; 0 where none is steady."""

    STEP = 0.5
    """Change that is worth telling, BPM."""

    def __init__(self) -> None:
        self.bpm = 0.0

    def update(self, bpm: float) -> float:
        """Tempo to tell for ``bpm``."""
        if bpm <= 0.0:
            self.bpm = 0.0
        elif self.bpm <= 0.0 or abs(bpm - self.bpm) >= self.STEP:
            self.bpm = bpm
        return self.bpm
