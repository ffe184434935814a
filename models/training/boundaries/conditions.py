"""Conditions of the benchmark: which streams are judged together, and by which figures.

Conventions
-----------
A condition belongs to a *sound* (`SOUNDS`: recordings, piano, game) and has a name that tables
print. Conditions overlap: ``level-matched`` holds all turning medleys of one loudness, the four
cross-fades are parts of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.training.boundaries.consensus import TOLERANCE_S
from models.training.boundaries.scores import Bench

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.training.boundaries.medleys import Kind, Medley
    from models.training.boundaries.scores import Judged

SOUNDS = {"panda_4q": "recordings", "emopia": "piano", "vgmidi": "game"}
MATCHED = "level-matched"


@dataclass(frozen=True, slots=True)
class Condition:
    """Streams that are judged together.

    Attributes
    ----------
    name : str
    kind : str
        Kind of the medleys (`models.training.boundaries.medleys.KINDS`).
    matched : bool
        In which form they are heard.
    fade_s : float or None
        Only medleys with this cross-fade.
    """

    name: str
    kind: Kind
    matched: bool = True
    fade_s: float | None = None

    def holds(self, medley: Medley, matched: bool) -> bool:
        """Whether a stream belongs to it."""
        faded = self.fade_s is None or medley.fade_s == self.fade_s
        return medley.kind == self.kind and matched == self.matched and faded


CONDITIONS = (
    Condition(MATCHED, "turns"),
    Condition("as they are", "turns", matched=False),
    Condition("hard cuts", "turns", fade_s=0.0),
    Condition("0.5 s fades", "turns", fade_s=0.5),
    Condition("1 s fades", "turns", fade_s=1.0),
    Condition("2 s fades", "turns", fade_s=2.0),
    Condition("same quadrant", "kin"),
    Condition("one performance", "song"),
    Condition("unchanged", "steady"),
    Condition("heard by listeners", "consensus"),
)
FULL = (MATCHED, "as they are")
"""Conditions for which the curve over the decision lag is kept."""


def forms(medley: Medley) -> tuple[bool, ...]:
    """In which forms a medley is heard: turning ones also as their clips are."""
    return (True, False) if medley.kind == "turns" else (True,)


def examine(condition: Condition, judged: Sequence[Judged]) -> dict[str, object]:
    """The figures of a condition."""
    bench = Bench(judged)
    if condition.kind == "steady":
        return {"streams": len(judged), "false alarms a minute": bench.false_alarms()}
    if condition.kind == "kin":
        return {
            "streams": len(judged),
            "announced": bench.announced(),
            "false alarms a minute": bench.false_alarms(),
        }
    if condition.kind == "consensus":
        rate = bench.hit_rate(TOLERANCE_S)
        return {
            "streams": len(judged),
            "F within 4 s": rate["F"],
            "precision within 4 s": rate["precision"],
            "recall within 4 s": rate["recall"],
        }
    found = bench.turns()
    if condition.name in FULL:
        found["F within 3 s by lag"] = bench.curve(3.0)
        found["F within 0.5 s by lag"] = bench.curve(0.5)
    return found
