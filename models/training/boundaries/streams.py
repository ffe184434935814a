"""Streams of a list as detectors are fed them: feature frames made once, decisions per detector.

Conventions
-----------
A stream is kept as feature frames and samples in a folder outside the project, keyed by what it was
made of; both are mapped from the file, so that what a detector does not look at costs nothing.
`Decisions` are in seconds: ``stops_s`` the instants that a detector marks, ``decided_s`` when each
was known.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dsp.features import FeatureExtractor
from dsp.types import FeatureFrames
from models.training.boundaries.build import LOUDNESS_LUFS, Truth, voice_for
from models.training.hearing import BLOCK, hear_frames
from models.training.keeping import whole_file
from models.training.takes import describe_voice

if TYPE_CHECKING:
    from pathlib import Path

    from dsp.boundary import Detector
    from dsp.layout import FeatureLayout
    from models.training.boundaries.build import Studio
    from models.training.boundaries.medleys import Medley

_PART_FRAMES = 512
_MADE = 1  # counts up when streams are made in another way that their key does not show


@dataclass(frozen=True, slots=True)
class Stream:
    """A medley as detectors are fed it.

    Attributes
    ----------
    medley : Medley
    matched : bool
        Whether all pieces are of one loudness.
    truth : Truth
    values : np.ndarray, shape=(n_frames, width), float32
        Feature frames.
    samples : np.ndarray, shape=(n,), float32
        Mono at the internal rate.
    layout : FeatureLayout
    """

    medley: Medley
    matched: bool
    truth: Truth
    values: np.ndarray
    samples: np.ndarray
    layout: FeatureLayout

    def frames(self) -> FeatureFrames:
        """All frames of the stream."""
        hop = self.layout.hop_length
        hops = self.samples[: len(self.values) * hop].reshape(-1, hop)
        return FeatureFrames(self.values, 0, self.layout, hops)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a detector said of a stream.

    Attributes
    ----------
    stops_s : np.ndarray, shape=(n,), float64
        Instants of the boundaries, rising.
    decided_s : np.ndarray, shape=(n,), float64
        When each was known; infinite where all of the music has to be there first.
    """

    stops_s: np.ndarray
    decided_s: np.ndarray

    def within(self, lag_s: float) -> Decisions:
        """Those that were known no later than ``lag_s`` after the instant that they mark."""
        soon = self.decided_s - self.stops_s <= lag_s
        return Decisions(self.stops_s[soon], self.decided_s[soon])


class StreamStore:
    """Streams from the folder where they are there, else made and kept.

    Parameters
    ----------
    studio : Studio
    cache : Path
        Outside the project.
    """

    def __init__(self, studio: Studio, cache: Path) -> None:
        self._studio = studio
        self._folder = cache / "boundaries"
        self._extractor = FeatureExtractor(max_block=BLOCK)
        self.layout = self._extractor.layout

    def stream(self, medley: Medley, *, matched: bool) -> Stream:
        """A medley in one of its forms."""
        loudness = LOUDNESS_LUFS if matched else "as it is"
        voice = voice_for(medley.corpus, medley.fold)
        player = describe_voice(voice) if voice else "recorded"
        how = f"{_MADE} {medley!r} {loudness} {player} {self.layout.digest}"
        key = hashlib.sha256(how.encode()).hexdigest()[:24]
        paths = {
            part: self._folder / part / f"{key}.npy" for part in ("truth", "values", "samples")
        }
        if not paths["truth"].is_file():
            mix = self._studio.mix(medley, matched=matched)
            _write(paths["samples"], mix.samples)
            _write(paths["values"], hear_frames(self._extractor, mix.samples))
            _write(paths["truth"], _pack(mix.truth))
        return Stream(
            medley,
            matched,
            _unpack(np.load(paths["truth"])),
            np.load(paths["values"], mmap_mode="r"),
            np.load(paths["samples"], mmap_mode="r"),
            self.layout,
        )


def _write(path: Path, array: np.ndarray) -> None:
    """Write an array so that it can be mapped."""
    with whole_file(path) as stream:
        np.save(stream, array, allow_pickle=False)


def _pack(truth: Truth) -> np.ndarray:
    """A truth as rows (time, before, after); the first is (duration, quadrant, quadrant)."""
    head = [[truth.duration_s, truth.quadrant, truth.quadrant]]
    rows = np.column_stack([truth.times_s, truth.before, truth.after])
    return np.concatenate([np.asarray(head, dtype=float), rows.astype(float)])


def _unpack(rows: np.ndarray) -> Truth:
    """The truth that `_pack` packed."""
    times_s, before, after = rows[1:].T
    duration_s, quadrant, _ = rows[0].tolist()
    return Truth(times_s, before.astype(int), after.astype(int), duration_s, int(quadrant))


def decide(detector: Detector, stream: Stream) -> Decisions:
    """Play a stream to a detector from its first frame to its last."""
    detector.reset()
    frames = stream.frames()
    found = [
        segment
        for first in range(0, len(frames), _PART_FRAMES)
        for segment in detector.update(frames.part(first, min(first + _PART_FRAMES, len(frames))))
    ]
    rate = stream.layout.sample_rate
    stops = np.asarray([segment.stop for segment in found], dtype=float)
    decided = np.asarray([segment.decided for segment in found], dtype=float)
    return Decisions(stops / rate, decided / rate)
