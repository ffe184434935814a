"""What the music expresses as this listener hears it, on its way from the analysis.

Conventions
-----------
`OwnHearing`: states become those of the profile; the mean of a segment moves by what its states
moved on average. All else passes as it is. `OwnEar` stands before the outbox with it, so that
whatever comes after (values, quadrants, labels, records) has one truth.

Where somebody marks that a new section begins, the evidence begins anew `LATE_S` before: people
press when they have heard it. What marks teach the detector: `oscbridge.hearing.own_sections`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from models.types import UNKNOWN, AffectState, quadrant_of
from oscbridge.events import SegmentEnded
from oscbridge.hearing.own_sections import OwnSections

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oscbridge.analysis import Receiver
    from oscbridge.events import Event, State
    from oscbridge.hearing.gaps import GapGuard
    from oscbridge.profile import Profile


LATE_S = 1.0
"""How late people say that something has changed."""


class Listener(Protocol):
    """What can be asked of an analysis."""

    @property
    def detector(self) -> GapGuard | None:
        """What finds the boundaries, where anything does."""
        ...

    def begin_anew(self, back_s: float) -> None:
        """Forget what the music expressed longer than ``back_s`` seconds ago."""
        ...


class OwnHearing:
    """Hears results of an analysis as a profile does.

    Parameters
    ----------
    profile : Profile
        Whose ear it is.
    stream : str
        Name of the stream.
    """

    def __init__(self, profile: Profile, stream: str = "") -> None:
        self._profile = profile
        self._stream = stream
        self._moved = [0.0, 0.0]
        self._states = 0

    def of(self, results: Iterable[State | Event]) -> list[State | Event]:
        """Results as they are heard."""
        return [self._own(result) for result in results]

    def _own(self, result: State | Event) -> State | Event:
        if isinstance(result, AffectState):
            own = self._profile.hear(self._stream, result)
            if result.quadrant != UNKNOWN:
                self._moved[0] += own.valence - result.valence
                self._moved[1] += own.arousal - result.arousal
                self._states += 1
            return own
        return self._ended(result) if isinstance(result, SegmentEnded) else result

    def _ended(self, segment: SegmentEnded) -> SegmentEnded:
        """A segment with the mean that its listener heard."""
        moved, count = self._moved, self._states
        self._moved, self._states = [0.0, 0.0], 0
        if not any(moved) or segment.quadrant == UNKNOWN:
            return segment
        valence = min(max(segment.valence + moved[0] / count, -1.0), 1.0)
        arousal = min(max(segment.arousal + moved[1] / count, -1.0), 1.0)
        return replace(
            segment, valence=valence, arousal=arousal, quadrant=quadrant_of(valence, arousal)
        )


class OwnEar:
    """Passes results on as the listener of a profile hears them.

    Parameters
    ----------
    receiver : Receiver
        Who takes them.
    profile : Profile
        Whose ear it is.
    stream : str
        Name of the stream.
    analyzer : Listener, optional
        Whose results they are.
    """

    def __init__(
        self,
        receiver: Receiver,
        profile: Profile,
        stream: str = "",
        analyzer: Listener | None = None,
    ) -> None:
        self._analyzer = analyzer
        self._receiver = receiver
        self._profile = profile
        self._stream = stream
        self._hearing = OwnHearing(profile, stream)
        self._sections = OwnSections(profile, stream, analyzer.detector if analyzer else None)

    def put(self, results: Iterable[State | Event], arrived_s: float | None = None) -> None:
        """Take results of the analysis, whose thread this is."""
        heard = list(results)
        if self._profile.sections.take_mark(self._stream) and self._analyzer is not None:
            self._analyzer.begin_anew(LATE_S)
        self._sections.update(heard)
        self._receiver.put(self._hearing.of(heard), arrived_s)
