"""Turns that listeners heard: where the mean of about 30 curves of a vgmidi piece changes its sign.

Conventions
-----------
Each listener of `vgmidi` drew valence and arousal in [-1, 1], a value a bar; bars are evenly spaced
over the piece. The **consensus** is the mean over listeners, smoothed by a median of three bars. A
turn is an instant at which its quadrant changes for good: both neighbours last `LEAST_S` and reach
`LEAST_DEPTH` on the axis that turns. Listeners react late and differ, values come every two
seconds: judge by `TOLERANCE_S`, not by less.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from models.training.boundaries.build import Truth

LEAST_S = 8.0
LEAST_DEPTH = 0.1
TOLERANCE_S = 4.0


def read_curves(data: Path) -> dict[str, tuple[np.ndarray, float]]:
    """Consensus of each piece by file name: (valence, arousal) a bar, shape=(n_bars, 2); length, s.

    Parameters
    ----------
    data : Path
        Folder that holds ``vgmidi``.
    """
    found: dict[str, tuple[np.ndarray, float]] = {}
    text = (data / "vgmidi" / "annotations.json").read_text(encoding="utf-8")
    for piece in json.loads(text):
        listeners = piece["listeners"]
        n = min(min(len(one["valence"]), len(one["arousal"])) for one in listeners)
        curves = np.asarray([[one["valence"][:n], one["arousal"][:n]] for one in listeners])
        found[Path(piece["file"]).name] = curves.mean(axis=0).T, float(piece["duration_s"])
    return found


def _smooth(curve: np.ndarray) -> np.ndarray:
    """Median of three along the bars; the ends are repeated."""
    padded = np.concatenate([curve[:1], curve, curve[-1:]])
    return np.median(np.stack([padded[:-2], padded[1:-1], padded[2:]]), axis=0)


def _runs(signs: np.ndarray) -> list[tuple[int, int]]:
    """Spans of equal values."""
    edges = np.flatnonzero(np.diff(signs)) + 1
    bounds = [0, *edges.tolist(), len(signs)]
    return list(itertools.pairwise(bounds))


def _settled(curve: np.ndarray, bar_s: float) -> np.ndarray:
    """Signs of a curve, shape=(n,), bool, in which runs that are short or shallow do not count.

    The least run gives way first, until every run is long and deep enough or one is left.
    """
    signs = curve > 0.0
    while True:
        runs = _runs(signs)
        weak = [
            (stop - start, start, stop)
            for start, stop in runs
            if (stop - start) * bar_s < LEAST_S or np.abs(curve[start:stop]).max() < LEAST_DEPTH
        ]
        if not weak or len(runs) == 1:
            return signs
        _, start, stop = min(weak)
        signs[start:stop] = ~signs[start:stop]


def find_turns(curves: np.ndarray, duration_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Turns of a consensus.

    Parameters
    ----------
    curves : np.ndarray, shape=(n_bars, 2)
        Valence and arousal.
    duration_s : float

    Returns
    -------
    times_s : np.ndarray, shape=(n,)
    quadrants : np.ndarray, shape=(n + 1,), int
        Quadrant of each stretch.
    """
    bar_s = duration_s / len(curves)
    smooth = _smooth(curves)
    valence, arousal = (_settled(smooth[:, axis], bar_s) for axis in (0, 1))
    quadrants = np.where(arousal, np.where(valence, 1, 2), np.where(valence, 4, 3))
    runs = _runs(quadrants)
    times_s = np.asarray([start * bar_s for start, _ in runs[1:]])
    return times_s, np.asarray([int(quadrants[start]) for start, _ in runs])


def truth_of(curves: np.ndarray, duration_s: float) -> Truth:
    """The turns of a consensus as the truth of a stream."""
    from models.training.boundaries.build import Truth

    times_s, quadrants = find_turns(curves, duration_s)
    return Truth(times_s, quadrants[:-1], quadrants[1:], duration_s)
