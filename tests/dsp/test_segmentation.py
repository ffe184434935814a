"""The segmenter: analytic truths, the paper's thresholds, when a boundary is told."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from dsp.features import FeatureExtractor
from dsp.layout import FeatureLayout
from dsp.segmentation import PAPER, Segmenter, SegmenterSettings
from dsp.segmenter_settings import RULES
from dsp.types import FeatureFrames, Segment
from tests.dsp.frames import HOP, LAYOUT, N_MELS, SHIFT, feed, hops
from tests.dsp.signals import RATE, noise, sine

ENERGY = SegmenterSettings(rule="energy", recent_s=2.0)


def stream(energy_db: np.ndarray, log_mel: np.ndarray | None = None, onset_period: int = 0):
    """Frames of a stream whose hops have these energies; spectra lag by half a frame."""
    values = np.zeros((len(energy_db), LAYOUT.width), dtype=np.float32)
    values[:, LAYOUT.span("energy")] = energy_db[:, None]
    if log_mel is not None:
        values[SHIFT:, LAYOUT.span("log_mel")] = log_mel[:-SHIFT]
        values[:SHIFT, LAYOUT.span("log_mel")] = log_mel[0]
    if onset_period:
        values[::onset_period, LAYOUT.span("onset")] = 10.0
    return values


def steps(*spans: tuple[float, float]) -> np.ndarray:
    """Energies in dB: (seconds, level) one after the other."""
    return np.concatenate([np.full(hops(seconds), float(level)) for seconds, level in spans])


def boundaries(settings: SegmenterSettings, values: np.ndarray) -> list[int]:
    """Hops of the boundaries."""
    return [segment.stop // HOP for segment in feed(Segmenter(LAYOUT, settings), values)]


# ------------------------------------------------------------------------------- analytic truths


@pytest.mark.parametrize("step_db", [6.0, -6.0])
def test_a_step_of_energy_is_one_boundary_at_the_hop_of_the_step(step_db: float) -> None:
    assert boundaries(ENERGY, stream(steps((8, -20), (8, -20 + step_db)))) == [hops(8)]


def test_a_noisy_step_is_placed_within_one_hop() -> None:
    rng = np.random.default_rng(3)
    energy = steps((8, -20), (8, -14))
    energy += rng.normal(0, 1.0, len(energy))
    (found,) = boundaries(ENERGY, stream(energy))
    assert abs(found - hops(8)) <= 1


@pytest.mark.parametrize(
    ("ratio", "literal", "symmetric"),
    [
        (0.58, True, True),
        (0.62, False, False),
        (1.38, False, False),
        (1.42, True, False),
        (1.5, True, False),
        (1.64, True, False),
        (1.70, True, True),
    ],
)
def test_energy_tolerance_is_0_6_to_1_4_as_printed_and_1_67_when_symmetric(
    ratio: float, literal: bool, symmetric: bool
) -> None:
    values = stream(steps((8, -20), (8, -20 + 10 * math.log10(ratio))))
    assert bool(boundaries(replace(ENERGY, symmetric=False), values)) == literal
    assert bool(boundaries(replace(ENERGY, symmetric=True), values)) == symmetric


@pytest.mark.parametrize("block", [False, True])
def test_a_gradual_rise_is_one_boundary_within_the_rise(block: bool) -> None:
    energy = np.concatenate([steps((10, -30)), np.linspace(-30, -10, hops(4)), steps((10, -10))])
    (found,) = boundaries(replace(ENERGY, block=block, min_segment_s=0.0), stream(energy))
    assert hops(10) <= found <= hops(14)


def test_literal_segments_put_a_run_of_outside_values_at_its_largest_ratio() -> None:
    segment = hops(2.0 / 8) * 8
    levels = [-30.0, -30.0, -30.0, -27.0, -18.0, -18.0, -18.0, -18.0]
    energy = np.repeat(levels, segment)
    settings = replace(PAPER, rule="energy")
    assert boundaries(settings, stream(np.append(energy, [-18.0] * SHIFT))) == [4 * segment]


def test_a_change_of_beat_at_equal_energy_splits_by_rhythm_and_not_by_energy() -> None:
    values = stream(steps((24, -20)))
    onset = LAYOUT.span("onset").start
    values[: hops(12) : 48, onset] = 10.0
    values[hops(12) :: 16, onset] = 10.0
    rhythm = SegmenterSettings(rule="rhythm", recent_s=4.0)
    (found,) = boundaries(rhythm, values)
    assert abs(found - hops(12)) <= 48
    assert boundaries(replace(rhythm, rule="either"), values) == [found]
    assert boundaries(replace(rhythm, rule="energy"), values) == []
    assert boundaries(replace(rhythm, rule="both"), values) == []


def test_a_steady_beat_has_no_boundary() -> None:
    values = stream(steps((40, -20)), onset_period=47)
    assert boundaries(SegmenterSettings(rule="either", recent_s=4.0), values) == []


def test_music_without_onsets_has_no_rhythm_to_change() -> None:
    assert boundaries(SegmenterSettings(rule="rhythm"), stream(steps((30, -20)))) == []


@pytest.mark.parametrize("rule", RULES)
def test_digital_silence_is_one_segment_without_boundaries(rule: str) -> None:
    segmenter = Segmenter(LAYOUT, SegmenterSettings(rule=rule))
    assert feed(segmenter, stream(steps((20, -120)))) == []
    stop = hops(20) * HOP
    assert segmenter.finish() == Segment(0, stop, 0.0, stop)


@pytest.mark.parametrize("rule", RULES)
def test_a_long_silence_is_a_segment_and_a_short_one_is_skipped(rule: str) -> None:
    settings = SegmenterSettings(rule=rule, min_silence_s=1.0)
    quiet = stream(steps((9, -20), (2, -120), (9, -20)))
    assert boundaries(settings, quiet) == [hops(9), hops(9) + hops(2)]
    pause = stream(steps((9, -20), (0.8, -120), (9, -20)))
    assert boundaries(settings, pause) == []


def test_boundaries_of_a_silence_are_certain_and_known_when_it_is_long_enough() -> None:
    segmenter = Segmenter(LAYOUT, SegmenterSettings(min_silence_s=1.0))
    out, back = feed(segmenter, stream(steps((9, -20), (3, -120), (9, -20))))
    assert out.strength == back.strength == 1.0
    assert out.decided - out.stop == (hops(1) + SHIFT) * HOP
    assert back.decided - back.stop == (hops(0.5) + SHIFT) * HOP


def test_a_click_does_not_end_a_silence() -> None:
    values = stream(steps((9, -20), (3, -120), (0.1, -20), (3, -120)))
    assert boundaries(SegmenterSettings(), values) == [hops(9)]


def test_a_second_change_too_soon_after_the_first_is_not_reported() -> None:
    values = stream(steps((9, -30), (3, -20), (9, -30)))
    brief = replace(ENERGY, recent_s=1.0)
    assert boundaries(replace(brief, min_segment_s=4.0), values) == [hops(9)]
    assert boundaries(replace(brief, min_segment_s=2.0), values) == [hops(9), hops(9) + hops(3)]


def test_a_change_of_timbre_at_equal_loudness_is_seen_by_the_default_only() -> None:
    rng = np.random.default_rng(5)
    n = hops(10)
    colour = np.where(np.arange(N_MELS) % 8 < 4, 8.0, -8.0)
    mel = np.concatenate([np.tile(colour, (n, 1)), np.tile(-colour, (n, 1))])
    values = stream(steps((10, -20), (10, -20)), mel + rng.normal(0, 3, mel.shape))
    (found,) = boundaries(SegmenterSettings(), values)
    assert abs(found - n) <= 1
    assert boundaries(SegmenterSettings(rule="energy"), values) == []


def test_music_that_only_fluctuates_has_no_boundary() -> None:
    rng = np.random.default_rng(6)
    energy = steps((40, -20)) + rng.normal(0, 3, hops(40))
    mel = rng.normal(-10, 6, (hops(40), N_MELS))
    assert boundaries(SegmenterSettings(), stream(energy, mel)) == []


def test_a_clearer_change_is_a_stronger_boundary() -> None:
    strengths = []
    for step_db in (3.0, 6.0, 12.0):
        (found,) = feed(Segmenter(LAYOUT, ENERGY), stream(steps((9, -30), (9, -30 + step_db))))
        strengths.append(found.strength)
    assert 0.5 < strengths[0] < strengths[1] < strengths[2] < 1.0


@pytest.mark.compiled
def test_a_step_hidden_in_real_audio_is_found_where_the_samples_change() -> None:
    """A tone becomes noise of the same power: only its shape tells.

    A window that noise has just entered looks like noise already: up to half a window too early.
    """
    n = 10 * RATE
    tone, hiss = sine(440.0, n, 0.1 * math.sqrt(2.0)), noise(n, 2, 0.1)
    extractor = FeatureExtractor()
    segmenter = Segmenter(extractor.layout)
    found: list[Segment] = []
    audio = np.concatenate([tone, hiss])
    for start in range(0, len(audio), 4096):
        found += segmenter.update(extractor.push(audio[start : start + 4096]))
    (segment,) = found
    assert n - 1024 <= segment.stop <= n + HOP


# ------------------------------------------------------------------------- when a boundary is told


@pytest.mark.parametrize("rule", ["shape", "energy"])
def test_a_boundary_is_told_with_the_frame_at_which_it_is_decided(rule: str) -> None:
    rng = np.random.default_rng(7)
    mel = np.concatenate([np.full((hops(9), N_MELS), -20.0), np.full((hops(9), N_MELS), -5.0)])
    mel[:, ::2] += 6.0
    mel[hops(9) :, ::4] -= 15.0
    mel += rng.normal(0, 2, mel.shape)
    values = stream(steps((9, -30), (9, -20)), mel)
    segmenter = Segmenter(LAYOUT, SegmenterSettings(rule=rule))
    (whole,) = feed(segmenter, values)
    known = whole.decided // HOP
    assert segmenter.delay <= whole.decided - whole.stop <= segmenter.delay + RATE
    segmenter.reset()
    assert feed(segmenter, values[: known - 1]) == []
    segmenter.reset()
    assert feed(segmenter, values[:known]) == [whole]


def test_a_stream_without_frames_has_no_segment() -> None:
    assert Segmenter(LAYOUT).finish() is None


# ------------------------------------------------------------------------------ what it is made for


def test_shorter_sections_are_decided_sooner() -> None:
    short = Segmenter(LAYOUT, SegmenterSettings.for_sections(2.5))
    assert short.delay < 1.0 * RATE < 2.0 * RATE < Segmenter(LAYOUT).delay


def test_a_layout_without_the_features_is_refused_with_those_it_has() -> None:
    bare = FeatureLayout(RATE, 2048, HOP, (("log_mel", 64), ("energy", 1)), "")
    with pytest.raises(KeyError, match="no feature 'onset'; there are log_mel, energy"):
        Segmenter(bare)


def test_frames_of_another_layout_are_refused() -> None:
    other = FeatureLayout(RATE, 2048, HOP, LAYOUT.features, "other")
    with pytest.raises(ValueError, match="another layout"):
        Segmenter(LAYOUT).update(
            FeatureFrames(np.zeros((1, other.width), np.float32), 0, other, np.zeros((1, HOP)))
        )
