"""What a listener says about the music that plays, as corrections; going back and forth.

Conventions
-----------
A `Saying` is a correction and when it was said, seconds of any clock that does not go back.

- *A point*: it is there.
- *A quadrant*: it is in there, no matter where: an axis that lies on the right side of zero, and by
  `CLEAR`, is confirmed; else it belongs there.
- *A region*: it is in there; outside, its middle is meant. A region as wide as the plane says
  nothing about that axis.
- *Wrong*: it is not in the quadrant that was told. Valence and arousal are means of signs; what
  they are, given that not both signs were right, is worked out with the probabilities that were
  told. The axis that was least sure moves most. It counts half: it says less.

Somebody who says another thing about the same sound within `BURST_S` has changed her mind: what she
said before does not count. Who goes back and forth is not believed, and all of it is held back,
until she has said the same twice in a row.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from models.personal import Correction, Heard, likeness_of

if TYPE_CHECKING:
    from collections.abc import Sequence

CLEAR = 0.5
"""How far from zero a point is that lies in a quadrant without doubt."""
WIDE = 2.0
"""A radius from which on a region says nothing."""
GAIN_OF_WRONG = 0.5
BURST_S = 60.0
CONTRADICTION = 0.8
"""Points that are so far apart on an axis cannot both be meant."""
ALIKE = 0.5
"""From this likeness on it is the same sound (`models.personal.likeness_of`)."""
_SIGNS = {1: (1.0, 1.0), 2: (-1.0, 1.0), 3: (-1.0, -1.0), 4: (1.0, -1.0)}


def at_point(heard: Heard, valence: float, arousal: float) -> Correction:
    """The music is at this point."""
    return Correction(heard, valence, arousal)


def in_quadrant(heard: Heard, quadrant: int) -> Correction:
    """The music is in a quadrant, 1..4. Raises ``ValueError`` where there is none such."""
    if quadrant not in _SIGNS:
        raise ValueError(f"a quadrant is 1 to 4, not {quadrant}")
    right, up = _SIGNS[quadrant]
    return Correction(heard, _beyond(heard.valence, right), _beyond(heard.arousal, up))


def in_region(heard: Heard, middle: tuple[float, float], radii: tuple[float, float]) -> Correction:
    """The music is in a region of the plane, an ellipse with these radii."""
    point = heard.valence, heard.arousal
    squares = (((p - m) / r) ** 2 for p, m, r in zip(point, middle, radii, strict=True))
    there = point if sum(squares) <= 1.0 else middle
    valence, arousal = (
        None if radius >= WIDE else place for place, radius in zip(there, radii, strict=True)
    )
    return Correction(heard, valence, arousal)


def not_there(heard: Heard, valence: float, arousal: float) -> Correction:
    """The music is not in the quadrant of the point that was told.

    Notes
    -----
    A sign is wrong with the probability p, which is half of what the value lacks to 1. Taken as
    independent, and given that not both are right, that of an axis was wrong with the probability
    r = p / (1 - (1 - p_v) (1 - p_a)), and the mean of its sign is sign(value) (1 - 2 r).
    """
    wrong = [(1.0 - min(abs(value), 1.0)) / 2.0 for value in (valence, arousal)]
    both_right = (1.0 - wrong[0]) * (1.0 - wrong[1])
    if both_right >= 1.0 - 1e-9:  # told as certain: then either may be it
        wrong, both_right = [0.25, 0.25], 0.5
    means = [
        (1.0 if value >= 0.0 else -1.0) * (1.0 - 2.0 * p / (1.0 - both_right))
        for value, p in zip((valence, arousal), wrong, strict=True)
    ]
    return Correction(heard, *(min(max(mean, -1.0), 1.0) for mean in means), gain=GAIN_OF_WRONG)


def _beyond(value: float, sign: float) -> float:
    return value if value * sign >= CLEAR else sign * CLEAR


@dataclass(frozen=True, slots=True)
class Saying:
    """A correction, and when it was said."""

    correction: Correction
    at_s: float


class Sorted(NamedTuple):
    """Corrections that count, and how many are held back."""

    counting: list[Correction]
    held_back: int


def sort_out(sayings: Sequence[Saying], marks: Sequence[float] = ()) -> Sorted:
    """Tell what counts from what was taken back and what is held back.

    Parameters
    ----------
    sayings : sequence of Saying
        Oldest first.
    marks : sequence of float
        When new sections were said to begin, oldest first: what is said of one section contradicts
        nothing that was said of another.
    """
    counting: list[Correction] = []
    held_back = 0
    for run in _runs(sayings, marks):
        kept, held = _judge([saying.correction for saying in run])
        counting += kept
        held_back += held
    return Sorted(counting, held_back)


def _runs(sayings: Sequence[Saying], marks: Sequence[float]) -> list[list[Saying]]:
    """Sayings about one sound, one soon after the other, within one section."""
    runs: list[list[Saying]] = []
    for saying in sayings:
        before = runs[-1][-1] if runs else None
        same = before is not None and _is_same_sound(before, saying)
        if same and before and bisect(marks, before.at_s) == bisect(marks, saying.at_s):
            runs[-1].append(saying)
        else:
            runs.append([saying])
    return runs


def _is_same_sound(before: Saying, saying: Saying) -> bool:
    soon = saying.at_s - before.at_s < BURST_S
    return soon and likeness_of(before.correction.heard, saying.correction.heard) > ALIKE


def _judge(said: list[Correction]) -> tuple[list[Correction], int]:
    """What counts of one run, and how many are held back."""
    turns = sum(_contradict(a, b) for a, b in pairwise(said))
    if turns == 0:
        return said, 0
    settled = len(said) > 1 and not _contradict(said[-2], said[-1])
    if turns > 1 and not settled:
        return [], len(said)
    return [one for one in said if not _contradict(one, said[-1])], 0


def _contradict(one: Correction, other: Correction) -> bool:
    pairs = ((one.valence, other.valence), (one.arousal, other.arousal))
    return any(a is not None and b is not None and abs(a - b) >= CONTRADICTION for a, b in pairs)
