"""Beats from frames, hop by hop."""

from __future__ import annotations

import numpy as np

from dsp.beat import BeatTracker
from dsp.features import build_layout
from oscbridge.measuring.material import RATE_HZ, SETTINGS
from tests.bench.suite import OURS, Bench, Case, Suite


def ours(bench: Bench) -> Case:
    """Our tracker: beats, bars, and whether there are any."""
    return Case(BeatTracker(build_layout(SETTINGS)).update, bench.material.frames)


def with_numpy(bench: Bench) -> Case:
    """The same forward filter with numpy, without bars."""
    from tests.bench.peers.numpy_beats import NumpyBeats

    bands = [frames["log_mel"][0] for frames in bench.material.frames[:2000]]
    return Case(NumpyBeats().push, bands)


def librosa_offline(bench: Bench) -> Case:
    """``librosa.beat.beat_track`` of all onset strengths at once, as time a hop."""
    import librosa

    onsets = np.concatenate([frames["onset"][:, 0] for frames in bench.material.frames])

    def track(envelope: np.ndarray) -> object:
        return librosa.beat.beat_track(
            onset_envelope=envelope, sr=RATE_HZ, hop_length=SETTINGS.hop_length
        )

    return Case(track, [onsets] * 4, warm_up=1, hops=len(onsets))


SUITE = Suite(
    name="beats",
    what="frames to beats and bars, causally",
    contenders={
        OURS: ours,
        "numpy, the same filter": with_numpy,
        "librosa.beat.beat_track, offline": librosa_offline,
    },
    note="librosa hears the whole piece at once; its time is shared among the hops.",
)
