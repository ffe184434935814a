"""Do marks of sections help? Simulated listeners who comment on what the detector says.

Conventions
-----------
::

    python -m models.training.section_marks --data DIR --cache DIR --folds DIR

The music are level-matched medleys of recordings of the test list of `models.training.boundaries`,
the detector is the one that has not heard them. A listener (`LISTENERS`) marks a junction a second
after it with one probability, calls a section that is none so with another, and some press at
random. What that teaches goes the way of the product: `models.personal_marks` finds what a mark
speaks of, `models.personal_sections` the sensitivity, and the detector follows at once.

What a listener minds is a cost a minute: junctions that were missed and sections that are none
(within 3 s), weighed by taste. It is examined on medleys that this listener never commented on,
after each of `STEPS` comments; costs between sensitivities of `GRID` are interpolated. Every
listener hears the medleys in an order of its own. Intervals are 95 % bootstraps over listeners, who
share the medleys. Nothing was chosen by looking at this: the constants of
`models.personal_sections` were set beforehand.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from dsp.segmenter_settings import SegmenterSettings
from models import metrics
from models.intervals import Resampling
from models.personal_marks import Change, Sections
from models.personal_sections import Weighed, learned_sensitivity
from models.training import results
from models.training.boundaries.build import Studio
from models.training.boundaries.medleys import read_list
from models.training.boundaries.scores import match
from models.training.boundaries.streams import StreamStore, decide
from models.training.section_marks_table import KINDS as SHOWN
from models.turns import TurnDetector, build

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.training.boundaries.streams import Stream

USUAL = 0.5
GRID = tuple(round(USUAL + 0.05 * step, 2) for step in range(-5, 6))
STEPS = (0, 5, 10, 20)
WINDOW_S = 3.0
PRESS_S = 1.0
"""How long after a junction it is marked, seconds."""
COUNT, MEDLEYS, SEED = 20, 16, 7
_PART = 16


@dataclass(frozen=True, slots=True)
class Taste:
    """A kind of listener.

    Attributes
    ----------
    marks, refuses : float
        With which probability a junction is marked, and a section that is none called so.
    missed, false : float
        What each costs.
    slips : float
        Comments at random, for each that is meant.
    """

    marks: float
    refuses: float
    missed: float
    false: float
    slips: float = 0.0


LISTENERS = dict(
    zip(
        SHOWN,
        (
            Taste(0.9, 0.1, 3.0, 1.0),
            Taste(0.1, 0.9, 1.0, 3.0),
            Taste(0.7, 0.7, 1.0, 1.0),
            Taste(0.7, 0.7, 1.0, 1.0, slips=0.25),
            Taste(0.5, 0.0, 1.0, 1.0),
        ),
        strict=True,
    )
)


class Commented:
    """A detector that learns from one listener, medley after medley."""

    def __init__(self, detector: TurnDetector, taste: Taste, rng: np.random.Generator) -> None:
        self._detector = detector
        self._taste = taste
        self._rng = rng
        self._weighed: list[Weighed] = []
        self.learned = [USUAL]
        """Sensitivity after each comment."""

    def hear(self, stream: Stream) -> None:
        """Play a medley, and take what the listener says of it."""
        detector, taste = self._detector, self._taste
        detector.reset()
        detector.adjust(self.learned[-1])
        sections, rate = Sections(), stream.layout.sample_rate
        presses = list(self._presses(stream))
        frames = stream.frames()
        for first in range(0, len(frames), _PART):
            part = frames.part(first, min(first + _PART, len(frames)))
            now_s = part.stop / rate
            for segment in detector.update(part):
                at_s, needed = segment.stop / rate, detector.needed(segment.strength)
                sections.note("", now_s, [Change(at_s, needed, told=True)])
                none = np.abs(stream.truth.times_s - at_s).min() > WINDOW_S
                if none and self._rng.random() < taste.refuses:
                    self._learn(Weighed(needed, wanted=False))
            seen = detector.candidate
            found = [Change(seen.start / rate, seen.needed)] if seen and seen.needed else []
            sections.note("", now_s, found)
            while presses and presses[0] <= now_s:
                del presses[0]
                sections.mark("")
            for needed in sections.weigh():
                self._learn(Weighed(needed, wanted=True))

    def _presses(self, stream: Stream) -> Iterator[float]:
        """When the listener marks a section, rising."""
        times_s = stream.truth.times_s
        meant = times_s[self._rng.random(len(times_s)) < self._taste.marks] + PRESS_S
        count = self._rng.binomial(len(meant), self._taste.slips)
        slips = self._rng.uniform(0.0, stream.truth.duration_s, count)
        yield from np.sort(np.concatenate([meant, slips])).tolist()

    def _learn(self, weighed: Weighed) -> None:
        self._weighed.append(weighed)
        self.learned.append(learned_sensitivity(self._weighed, USUAL))
        self._detector.adjust(self.learned[-1])


def count_faults(detectors: Sequence[TurnDetector], streams: Sequence[Stream]) -> np.ndarray:
    """Junctions missed, sections that are none, and minutes, shape=(len(GRID), streams, 3)."""
    found = np.zeros((len(detectors), len(streams), 3))
    for place, stream in enumerate(tqdm(streams, desc="examined", unit="medley")):
        turns_s = stream.truth.times_s
        for row, detector in zip(found, detectors, strict=True):
            said_s = np.sort(decide(detector, stream).stops_s)
            hits = len(match(turns_s, said_s, WINDOW_S))
            minutes = stream.truth.duration_s / 60.0
            row[place] = len(turns_s) - hits, len(said_s) - hits, minutes
    return found


def best_saving(taste: Taste, faults: np.ndarray) -> float:
    """What the best one of `GRID` would save on all medleys: nobody can learn more."""
    missed, false, minutes = faults.sum(axis=1).T
    cost = (taste.missed * missed + taste.false * false) / minutes
    return round(float(cost[GRID.index(USUAL)] - cost.min()), 4)


def examine(taste: Taste, streams: Sequence[Stream], faults: np.ndarray, folds: Path) -> Any:
    """Costs and sensitivities of all listeners of a taste at `STEPS`, each (COUNT, len(STEPS))."""
    costs, learned = np.zeros((COUNT, len(STEPS))), np.zeros((COUNT, len(STEPS)))
    detector = build(streams[0].layout, SegmenterSettings(sensitivity=USUAL), folds)
    for number in range(COUNT):
        rng = np.random.default_rng([SEED, number])
        order = rng.permutation(len(streams))
        taught, examined = np.split(order, [len(order) // 2])
        who = Commented(detector, taste, rng)
        for place in taught:
            if len(who.learned) > max(STEPS):
                break
            who.hear(streams[place])
        missed, false, minutes = faults[:, examined].sum(axis=1).T
        cost = (taste.missed * missed + taste.false * false) / minutes
        learned[number] = [who.learned[min(step, len(who.learned) - 1)] for step in STEPS]
        costs[number] = np.interp(learned[number], GRID, cost)
    return costs, learned


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what was computed")
    parser.add_argument("--folds", type=Path, required=True, help="folder of the fold models")
    parser.add_argument("--out", type=Path, default=results.FOLDER, help="where the results go")
    parser.add_argument("--readme", type=Path, default=results.README, help="page with the tables")
    options = parser.parse_args(arguments)

    store = StreamStore(Studio(options.data, options.cache), options.cache)
    known = [m for m in read_list("test").medleys if m.kind == "turns" and m.corpus == "panda_4q"]
    chosen = known[:: max(len(known) // MEDLEYS, 1)][:MEDLEYS]
    streams = [store.stream(m, matched=True) for m in tqdm(chosen, desc="made", unit="medley")]
    grid = [build(store.layout, SegmenterSettings(sensitivity=s), options.folds) for s in GRID]
    faults = count_faults(grid, streams)
    draws = Resampling([str(number) for number in range(COUNT)])
    found: dict[str, Any] = {
        "medleys": len(streams),
        "listeners": COUNT,
        "steps": list(STEPS),
        "minutes": round(float(faults[0, :, 2].sum()), 1),
        "kinds": {},
    }
    for name, taste in tqdm(LISTENERS.items(), desc="listeners", unit="kind"):
        costs, learned = examine(taste, streams, faults, options.folds)
        saved = costs[:, :1] - costs
        found["kinds"][name] = {
            "cost": [draws.estimate(metrics.mean, step).rounded for step in costs.T],
            "saved": [draws.estimate(metrics.mean, step).rounded for step in saved.T],
            "sensitivity": [round(float(step.mean()), 3) for step in learned.T],
            "at best": best_saving(taste, faults),
            "worse": [round(float((step < 0.0).mean()), 3) for step in saved.T],
        }
    results.write(options.out, "section_marks", found)
    results.write_tables(options.readme, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
