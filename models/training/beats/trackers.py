"""Beat trackers behind one call: ours as it runs live, and two that hear the whole piece first.

Conventions
-----------
A tracker takes samples, mono float32 at the internal rate, and answers a `Tracking`. The offline
ones are run with their defaults: librosa's dynamic programming (Ellis 2007) and essentia's
``RhythmExtractor2013`` in its "multifeature" mode (Zapata, Davies & Gómez 2014). Neither is a part
of oscbridge; essentia (AGPL) is in none of its extras and is installed by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dsp.beat import BeatTracker
from dsp.features import FeatureExtractor
from models.training.render import RATE

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Tracking:
    """What a tracker answered.

    Attributes
    ----------
    beats : np.ndarray, float64
        Instants, seconds.
    bpm : float
        The tempo as the tracker says it (ours: the median of what it said).
    bars : np.ndarray or None
        Bar lines, seconds; None where a tracker knows none.
    late_s : np.ndarray
        From each beat's instant to its announcement, seconds; empty offline.
    """

    beats: np.ndarray
    bpm: float
    bars: np.ndarray | None
    late_s: np.ndarray


def track_live(samples: np.ndarray) -> Tracking:
    """Our tracker, fed in blocks as a sound card does."""
    extractor = FeatureExtractor()
    tracker = BeatTracker(extractor.layout)
    beats, late = [], []
    for at in range(0, len(samples), _BLOCK):
        block = samples[at : at + _BLOCK]
        for beat in tracker.update(extractor.push(block)):
            beats.append(beat)
            late.append(at + len(block) - beat.sample)
    return Tracking(
        beats=np.asarray([beat.sample / RATE for beat in beats]),
        bpm=float(np.median([beat.tempo_bpm for beat in beats])) if beats else 0.0,
        bars=np.asarray([beat.sample / RATE for beat in beats if beat.is_downbeat]),
        late_s=np.asarray(late) / RATE,
    )


def track_with_librosa(samples: np.ndarray) -> Tracking:
    """``librosa.beat.beat_track`` with its defaults."""
    import librosa

    bpm, beats = librosa.beat.beat_track(y=samples, sr=RATE, hop_length=256, units="time")
    return Tracking(np.asarray(beats, dtype=float), float(np.ravel(bpm)[0]), None, np.empty(0))


def track_with_essentia(samples: np.ndarray) -> Tracking:
    """``essentia.standard.RhythmExtractor2013`` with its defaults, at its rate of 44.1 kHz."""
    import essentia.standard
    import soxr

    extract = essentia.standard.RhythmExtractor2013(method="multifeature")
    bpm, beats, *_ = extract(soxr.resample(samples, RATE, 44100))
    return Tracking(np.asarray(beats, dtype=float), float(bpm), None, np.empty(0))


TRACKERS: dict[str, Callable[[np.ndarray], Tracking]] = {
    "oscbridge, live": track_live,
    "librosa, offline": track_with_librosa,
    "essentia, offline": track_with_essentia,
}
