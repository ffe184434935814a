"""Clips through the live path: what a model says, from the first second to the last.

Conventions
-----------
The path is that of `oscbridge.analyzer`: samples to feature frames, frames in parts of
`PART_FRAMES` on the grid of the stream, the detector first, which restarts the model at each
boundary that it decides, then the model. A `Take` is what every model hears of a clip: samples,
frames and decided boundaries; it is computed once and shared. `Answers` is what one model says.

A clip is summed up as the product sums up a file: the mean of the states in which something is
known, weighted by how surely there is music.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dsp.features import FeatureExtractor
from dsp.segmenter_settings import SegmenterSettings
from dsp.types import FeatureFrames
from models import metrics
from models.detectors import DEFAULT, build
from models.types import UNKNOWN, quadrant_of
from models.weights import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dsp.layout import FeatureLayout
    from models.base import AffectModel

PART_FRAMES = 16
"""Frames that detector and model take in turn, as in `oscbridge.analyzer`."""
BLOCK = 8192
"""Samples that the extractor is given at a time."""
_EVEN = (0.25, 0.25, 0.25, 0.25)
COLUMNS = 8
"""Of a row of answers: four probabilities, confidence, valence, arousal, music."""


@dataclass(frozen=True, slots=True)
class Take:
    """A clip as every model hears it.

    Attributes
    ----------
    samples : np.ndarray, shape=(n,), float32
        Mono at the internal rate.
    values : np.ndarray, shape=(n_frames, width), float32
        Feature frames.
    boundaries : np.ndarray, shape=(n_boundaries, 2), int64
        First frame of the part in which a boundary was decided, and the sample that it marks.
    """

    samples: np.ndarray
    values: np.ndarray
    boundaries: np.ndarray

    def parts(self, layout: FeatureLayout) -> Iterator[FeatureFrames]:
        """The frames as the live path hands them to a model."""
        hop = layout.hop_length
        hops = self.samples[: len(self.values) * hop].reshape(-1, hop)
        for first in range(0, len(self.values), PART_FRAMES):
            rows = slice(first, min(first + PART_FRAMES, len(self.values)))
            yield FeatureFrames(self.values[rows], first, layout, hops[rows])


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model says of one clip.

    Attributes
    ----------
    stops : np.ndarray, shape=(n_states,), int64
        Sample up to which each state had heard.
    rows : np.ndarray, shape=(n_states, 8), float32
        Probabilities of quadrants 1..4, confidence, valence, arousal, music.
    """

    stops: np.ndarray
    rows: np.ndarray

    def at(self, stop: int) -> np.ndarray:
        """The last row that was known at a sample; a row that says nothing before the first."""
        i = int(np.searchsorted(self.stops, stop, side="right")) - 1
        return self.rows[i] if i >= 0 else np.asarray([*_EVEN, 0.0, 0.0, 0.0, 0.0], np.float32)

    def summary(self) -> np.ndarray:
        """The clip in one row; confidence is the probability of the summed-up quadrant."""
        weights = self.rows[:, 7] * (self.rows[:, 4] > 0.0)
        if not weights.sum() > 0.0:
            return np.asarray([*_EVEN, 0.0, 0.0, 0.0, 0.0], np.float32)
        row = (weights[:, None] * self.rows).sum(axis=0) / weights.sum()
        row[4] = row[int(metrics.guess(row[None, :4])[0]) - 1]
        return row


def quadrants_of(rows: np.ndarray) -> np.ndarray:
    """Quadrants that rows of answers stand for, 0 where nothing is known, shape=(n,), int."""
    return np.asarray(
        [quadrant_of(v, a) if known > 0.0 else UNKNOWN for known, v, a in rows[:, 4:7].tolist()]
    )


def hear_frames(extractor: FeatureExtractor, samples: np.ndarray) -> np.ndarray:
    """Feature frames of a recording from its first sample on, shape=(n_frames, width).

    Parameters
    ----------
    extractor : FeatureExtractor
        That takes blocks of `BLOCK` samples.
    samples : np.ndarray, shape=(n,), float32
    """
    extractor.reset()
    blocks = (samples[i : i + BLOCK] for i in range(0, max(len(samples), 1), BLOCK))
    return np.concatenate([extractor.push(block).values.copy() for block in blocks])


class Ear:
    """Feature extractor and a detector of boundaries: samples to takes.

    Parameters
    ----------
    weights : Path
        Folder of the detector's weights: those that have not heard what is examined, else the
        shipped ones.

    Attributes
    ----------
    layout : FeatureLayout
        Of the frames.
    digest : str
        Says layout, detector and its settings: equal digests, equal takes.
    """

    def __init__(self, weights: Path = FOLDER) -> None:
        self._extractor = FeatureExtractor(max_block=BLOCK)
        self.layout = self._extractor.layout
        settings = SegmenterSettings()
        self._detector = build(DEFAULT, self.layout, settings, weights)
        learned = getattr(self._detector, "digest", "")  # of one that has weights
        self.digest = f"{self.layout.digest} {DEFAULT} {learned} {settings!r}"

    def take(self, samples: np.ndarray) -> Take:
        """Hear a clip from its first sample on, shape=(n,), float32, at the internal rate."""
        return self.cut(samples, self.frames(samples))

    def frames(self, samples: np.ndarray) -> np.ndarray:
        """Feature frames of a clip, shape=(n_frames, width)."""
        return hear_frames(self._extractor, samples)

    def cut(self, samples: np.ndarray, values: np.ndarray) -> Take:
        """The take of a clip whose frames are known: what is left is to find its boundaries."""
        self._detector.reset()
        take = Take(samples, values, np.zeros((0, 2), np.int64))
        boundaries = [
            (part.first, segment.stop)
            for part in take.parts(self.layout)
            for segment in self._detector.update(part)
        ]
        return Take(samples, values, np.asarray(boundaries, np.int64).reshape(-1, 2))


def listen(model: AffectModel, take: Take, layout: FeatureLayout) -> tuple[Answers, float]:
    """Stream a take through a model.

    Returns
    -------
    answers : Answers
    step_s : float
        Processor time of the model a frame, seconds.
    """
    model.reset()
    stops: list[int] = []
    rows: list[tuple[float, ...]] = []
    spent_s = 0.0
    decided = take.boundaries.tolist()
    for part in take.parts(layout):
        while decided and decided[0][0] <= part.first:
            model.restart(decided.pop(0)[1])
        began_s = time.thread_time()
        states = model.update(part)
        spent_s += time.thread_time() - began_s
        for state in states:
            stops.append(state.stop)
            rows.append(
                (
                    *state.quadrant_probabilities,
                    state.confidence,
                    state.valence,
                    state.arousal,
                    state.music,
                )
            )
    table = np.asarray(rows, np.float32).reshape(-1, COLUMNS)
    return Answers(np.asarray(stops, np.int64), table), spent_s / max(len(take.values), 1)
