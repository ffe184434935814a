"""Beats as they are told, and boundaries that move to the nearest one that is known."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.beat import Beat as DspBeat
from dsp.features import FeatureExtractor
from dsp.types import AudioBlock
from oscbridge.analyzer import Analyzer
from oscbridge.events import Beat, Boundary, Tempo
from oscbridge.hearing.beats import Pulse
from oscbridge.hearing.detection import Snap

RATE_HZ = 24_000
LAYOUT = FeatureExtractor().layout
BPM = 120.0
CHANGE_S = 14.1


class Metronome:
    """Knows a beat each half second up to the tenth, and a bar each four of them."""

    def nearest(self, sample: int, unit: str = "beat") -> int | None:
        step = RATE_HZ // 2 * (4 if unit == "bar" else 1)
        near = round(sample / step) * step
        return near if near <= 10 * RATE_HZ else None


def pulse(snap: Snap) -> Pulse:
    subject = Pulse(LAYOUT, snap)
    subject._tracker = Metronome()  # type: ignore[assignment]
    return subject


@pytest.mark.parametrize(
    ("snap", "heard_s", "told_s"),
    [("off", 9.7, 9.7), ("beat", 9.7, 9.5), ("beat", 9.8, 10.0), ("bar", 9.8, 10.0)],
)
def test_a_boundary_moves_to_the_nearest_beat_or_bar_if_asked(
    snap: Snap, heard_s: float, told_s: float
) -> None:
    moved = pulse(snap).moved(round(heard_s * RATE_HZ), 0, 13 * RATE_HZ)
    assert moved == round(told_s * RATE_HZ)


def test_nothing_moves_past_its_decision_or_the_boundary_before_it() -> None:
    subject, stop = pulse("beat"), round(9.9 * RATE_HZ)
    assert subject.moved(stop, 0, stop + 5) == stop
    assert subject.moved(9 * RATE_HZ + 9, 9 * RATE_HZ, 12 * RATE_HZ) == 9 * RATE_HZ + 9


def test_without_a_beat_boundaries_stay_where_they_are() -> None:
    assert pulse("bar").moved(12 * RATE_HZ + 5, 0, 14 * RATE_HZ) == 12 * RATE_HZ + 5
    assert Pulse(LAYOUT, "beat").moved(123, 0, RATE_HZ) == 123


@given(st.floats(0.1, 30.0), st.floats(0.0, 30.0), st.floats(0.0, 5.0))
def test_order_and_causality_survive_any_snap(
    heard_s: float, after_s: float, delay_s: float
) -> None:
    stop, after = round(heard_s * RATE_HZ), round(min(after_s, heard_s - 0.1) * RATE_HZ)
    decided = stop + round(delay_s * RATE_HZ)
    assert after < pulse("beat").moved(stop, after, decided) <= decided


def two_pieces() -> np.ndarray:
    """Steady strokes at `BPM`, first one texture, then another from `CHANGE_S` on, 24 s."""
    time_s = np.arange(24 * RATE_HZ) / RATE_HZ
    beat_s = 60.0 / BPM
    stroke = np.exp(-8.0 * (time_s % beat_s) / beat_s)
    low = sum(np.sin(2 * np.pi * 196 * k * time_s) / k for k in range(1, 7))
    high = sum(np.sin(2 * np.pi * 740 * k * time_s) / k for k in range(1, 4))
    accent = 1.0 + (np.floor(time_s / beat_s) % 4 == 0)
    return (0.1 * stroke * accent * np.where(time_s < CHANGE_S, low, high)).astype(np.float32)


def told(snap: Snap) -> tuple[list[Boundary], list[Beat], list[Tempo]]:
    from oscbridge.hearing.detection import SegmentSettings

    analyzer = Analyzer(RATE_HZ, segments=SegmentSettings(rule="shape", snap=snap))
    results = [*analyzer.push(AudioBlock(two_pieces(), 0, RATE_HZ)), *analyzer.finish()]
    return (
        [r for r in results if isinstance(r, Boundary)],
        [r for r in results if isinstance(r, Beat)],
        [r for r in results if isinstance(r, Tempo)],
    )


def test_through_the_whole_path_beats_are_told_and_a_boundary_snaps_to_one() -> None:
    (plain,), beats, tempi = told("off")
    assert plain.time_s == pytest.approx(CHANGE_S, abs=0.3)
    assert tempi[-1].bpm == pytest.approx(BPM, rel=0.02)
    steps = [later.time_s - earlier.time_s for earlier, later in pairwise(beats[-16:])]
    assert np.median(steps) == pytest.approx(60.0 / BPM, rel=0.02)
    assert [beat.index for beat in beats] == list(range(beats[0].index, beats[-1].index + 1))
    (snapped,), same, _ = told("beat")
    assert same == beats
    assert min(abs(snapped.stop - beat.stop) for beat in beats) <= 0.01 * RATE_HZ
    assert abs(snapped.stop - plain.stop) <= 0.6 * 60.0 / BPM * RATE_HZ
    assert snapped.decided == plain.decided


def test_a_beat_of_the_stage_is_told_with_its_bar_only_where_one_begins() -> None:
    class Two(Metronome):
        tempo_bpm = BPM

        def update(self, frames: object) -> list[DspBeat]:
            return [
                DspBeat(4, 100, 12000, BPM, 0.9, position=0, meter=4, bar=1, bar_confidence=0.5),
                DspBeat(5, 200, 12000, BPM, 0.8, position=1, meter=4, bar=1, bar_confidence=0.5),
            ]

    subject = Pulse(LAYOUT)
    subject._tracker = Two()  # type: ignore[assignment]
    frames = FeatureExtractor().push(np.zeros(512, np.float32))
    first, second = subject.update(frames)
    assert first == Beat(4, 100, 0.9, 1, BPM, RATE_HZ)
    assert second == Beat(5, 200, 0.8, -1, BPM, RATE_HZ)
    assert subject.tempo(512) == Tempo(BPM, 512, RATE_HZ)
