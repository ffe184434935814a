"""The player's face as a tracker tells it by OSC: blend shapes in, valence and arousal out.

Conventions
-----------
Weights 0..1 by ARKit's names, one message each, as often as the tracker likes; the name `FOUND`
tells whether there is a face at all. What the shapes mean stands in `oscbridge.body.face_muscles`.
It speaks at most every `SHORTEST_S`, smoothed over about `SMOOTH_S`: a blink is no mood. A face
that is lost, or that has not moved in the least for `STILL_S` while its tracker goes on (many
repeat the last face for ever when they have lost it), is forgotten, and nothing is said until it is
back.

No face is neutral at zero: after ``calibrate neutral`` the mean of the next `NEUTRAL_S` is taken
for this person's neutral face, and shapes count from there; ``start`` and ``stop`` take the mean of
all between, ``reset`` forgets it.

What is said is a best guess of what is felt, `FELT` of what is shown: the two correlate at 0.3 over
many studies, better where faces act. The confidence is `WEAKEST` for a face that shows nothing,
since most feelings are not shown, and grows with what is shown to `STRONGEST`; of a face that is
not calibrated it is `UNKNOWN` of that. These numbers are ours. How far a face is to be believed at
all stands in `oscbridge.feeling.kinds`.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from oscbridge.body.face_muscles import ARKIT, action_units, point_of
from oscbridge.orders import Felt, Forget
from oscbridge.sensors.base import SensorConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.orders import Command
    from oscbridge.sensors.base import Put, Step, Told

SOURCE = "face"
FOUND = "found"
SHORTEST_S = 0.1
SMOOTH_S = 0.7
STILL_S = 3.0
GAP_S = 2.0
"""After a longer silence the face is another one, for all that is known."""
NEUTRAL_S = 1.0
FELT = 0.5
WEAKEST = 0.3
STRONGEST = 0.9
UNKNOWN = 0.8

_NAMES = {name.casefold(): name for name in ARKIT}


class Config(SensorConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing to set."""


class Face:
    """Hears of a face.

    Parameters
    ----------
    clock : callable
        Seconds, monotonic.
    """

    name = "face"
    inlets: tuple[str, ...] = ("in/affect/face",)

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.detail = ""
        self._clock = clock
        self._neutral: dict[str, float] = {}
        self._learning: dict[str, list[float]] | None = None  # sum and count of each shape
        self._learn_for_s = self._learned_s = math.inf  # how long, and until when
        self._heard_s = -math.inf
        self._forget_face()

    def hear(self, told: Told) -> Sequence[Command]:
        """Take a weight. Raises ``ValueError`` for a shape that ARKit does not have."""
        weight = float(told.values[0])
        if told.name.casefold() == FOUND:
            return self._be_found(weight >= 0.5)
        name = _NAMES.get(told.name.casefold())
        if name is None:
            raise ValueError(f"{told.name!r} is none of ARKit's blend shapes")
        now_s = self._clock()
        if now_s - self._heard_s > GAP_S:
            self._forget_face()
        self._heard_s = now_s
        if self._lost:
            return ()
        if self._weights.get(name) != weight:
            self._weights[name] = weight
            self._moved_s = now_s
        if self._learning is not None:
            self._learn(name, weight, now_s)
            return ()
        return self._say(now_s)

    def calibrate(self, step: Step) -> bool:
        """Learn this person's neutral face; whether there is a face."""
        now_s = self._clock()
        if step == "reset":
            known, self._neutral, self._learning = bool(self._neutral), {}, None
            return known
        if now_s - self._heard_s > GAP_S:
            return False
        if step == "stop":
            self._finish()
        else:
            self._learning = {}
            self._learn_for_s = NEUTRAL_S if step == "neutral" else math.inf
        return True

    def close(self) -> None:
        """There is nothing to release."""

    def _forget_face(self) -> None:
        self._weights: dict[str, float] = {}
        self._moved_s = -math.inf
        self._said_s = -math.inf
        self._point: tuple[float, float] | None = None
        self._lost = self._still = False

    def _be_found(self, found: bool) -> Sequence[Command]:
        """The tracker says whether it sees a face."""
        if found == (not self._lost):
            return ()
        self._forget_face()
        self._lost = not found
        return () if found else [Forget(SOURCE)]

    def _learn(self, name: str, weight: float, now_s: float) -> None:
        if not self._learning:
            self._learning = {}
            self._learned_s = now_s + self._learn_for_s
        if now_s >= self._learned_s:
            self._finish()
            return
        sums = self._learning.setdefault(name, [0.0, 0.0])
        sums[0] += weight
        sums[1] += 1.0

    def _finish(self) -> None:
        if self._learning:
            self._neutral = {name: total / n for name, (total, n) in self._learning.items()}
        self._learning = None

    def _say(self, now_s: float) -> Sequence[Command]:
        if now_s - self._said_s < SHORTEST_S:
            return ()
        was_still, self._still = self._still, now_s - self._moved_s > STILL_S
        if self._still:
            self._point = None
            return () if was_still else [Forget(SOURCE)]
        passed_s, self._said_s = now_s - self._said_s, now_s
        new = point_of(action_units({n: self._against(n, w) for n, w in self._weights.items()}))
        share = 1.0 if self._point is None else 1.0 - math.exp(-passed_s / SMOOTH_S)
        valence, arousal = self._point or new
        valence += share * (new[0] - valence)
        arousal += share * (new[1] - arousal)
        self._point = valence, arousal
        confidence = WEAKEST + (STRONGEST - WEAKEST) * min(math.hypot(valence, arousal), 1.0)
        confidence *= 1.0 if self._neutral else UNKNOWN
        return [Felt(SOURCE, FELT * valence, FELT * arousal, confidence)]

    def _against(self, name: str, weight: float) -> float:
        """A weight, counted from what is neutral for this person."""
        neutral = self._neutral.get(name, 0.0)
        return max(weight - neutral, 0.0) / (1.0 - neutral) if neutral < 1.0 else 0.0


def open(config: Config, put: Put) -> Face:
    """Open the sensor; it says all that it has to say when it hears something."""
    return Face()
