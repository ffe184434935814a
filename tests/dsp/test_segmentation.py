"""Segmentation: analytic truths, the paper's thresholds, the naive twin, any split of frames."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.fft import dct
from scipy.spatial.distance import mahalanobis

from dsp.features import FeatureExtractor
from dsp.layout import FeatureLayout
from dsp.novelty import build_cepstrum, shape_distance
from dsp.segmentation import PAPER, Segmenter, SegmenterSettings
from dsp.segmenter_settings import RULES
from dsp.types import FeatureFrames, Segment
from tests import naive_segmentation as naive
from tests.dsp.signals import noise, sine

HOP = 256
RATE = 24000
SECOND = RATE / HOP
N_MELS = 16
SHIFT = 4
LAYOUT = FeatureLayout(RATE, 2048, HOP, (("log_mel", N_MELS), ("energy", 1), ("onset", 1)), "test")
ENERGY = SegmenterSettings(rule="energy", recent_s=2.0)


def hops(seconds: float) -> int:
    return round(seconds * SECOND)


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


def heard(segmenter: Segmenter, values: np.ndarray, sizes: tuple[int, ...] = ()) -> list[Segment]:
    """Feed all frames, split into blocks of ``sizes`` in turn."""
    found: list[Segment] = []
    at, turn = 0, 0
    block = FeatureFrames(values, 0, segmenter.layout, np.zeros((len(values), 256), np.float32))
    while at < len(values):
        size = sizes[turn % len(sizes)] if sizes else len(values)
        found += segmenter.update(block.part(at, at + size))
        at, turn = at + size, turn + 1
    return found


def boundaries(settings: SegmenterSettings, values: np.ndarray) -> list[int]:
    """Hops of the boundaries."""
    return [segment.stop // HOP for segment in heard(Segmenter(LAYOUT, settings), values)]


def scene(seed: int, seconds: float = 30.0) -> np.ndarray:
    """Random music: sections of their own spectrum, level and beat, with pauses and silences."""
    rng = np.random.default_rng(seed)
    parts: list[np.ndarray] = []
    while sum(map(len, parts)) < hops(seconds):
        n = int(rng.integers(hops(0.3), hops(7.0)))
        part = np.zeros((n, LAYOUT.width))
        level = rng.uniform(-40, -10)
        colour = rng.normal(0, 6, N_MELS)
        part[:, LAYOUT.span("log_mel")] = level + colour + rng.normal(0, 4, (n, N_MELS))
        part[:, LAYOUT.span("energy")] = level + rng.normal(0, 2, (n, 1))
        part[:, LAYOUT.span("onset")] = rng.exponential(0.5, (n, 1))
        part[:: rng.integers(8, 60), LAYOUT.span("onset")] += 8.0
        if rng.random() < 0.3:
            part[:, LAYOUT.span("energy")] = rng.choice([-120.0, -62.0, -57.0])
        parts.append(part)
    return np.concatenate(parts).astype(np.float32)


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


@pytest.mark.parametrize("rule", ["energy", "rhythm"])
def test_the_limits_are_the_papers(rule: str) -> None:
    settings = SegmenterSettings(symmetric=False)
    low, high = {"energy": (0.6, 1.4), "rhythm": (0.8, 1.2)}[rule]
    printed = (getattr(settings, f"{rule}_low"), getattr(settings, f"{rule}_high"))
    assert printed == (low, high)
    assert settings.log_limits(*printed) == (math.log(low), math.log(high))
    even = replace(settings, symmetric=True).log_limits(*printed)
    assert even == (math.log(low), -math.log(low))


@pytest.mark.parametrize("block", [False, True])
def test_a_gradual_rise_is_one_boundary_within_the_rise(block: bool) -> None:
    energy = np.concatenate([steps((10, -30)), np.linspace(-30, -10, hops(4)), steps((10, -10))])
    (found,) = boundaries(replace(ENERGY, block=block, min_segment_s=0.0), stream(energy))
    assert hops(10) <= found <= hops(14)


def test_literal_segments_put_a_run_of_outside_values_at_its_largest_ratio() -> None:
    segment = round(2.0 * SECOND / 8) * 8
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
    assert heard(segmenter, stream(steps((20, -120)))) == []
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
    out, back = heard(segmenter, stream(steps((9, -20), (3, -120), (9, -20))))
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
        (found,) = heard(Segmenter(LAYOUT, ENERGY), stream(steps((9, -30), (9, -30 + step_db))))
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


# ------------------------------------------------------------------- delay, contiguity, the stream


@pytest.mark.parametrize("rule", ["shape", "energy"])
def test_a_boundary_is_told_with_the_frame_at_which_it_is_decided(rule: str) -> None:
    rng = np.random.default_rng(7)
    mel = np.concatenate([np.full((hops(9), N_MELS), -20.0), np.full((hops(9), N_MELS), -5.0)])
    mel[:, ::2] += 6.0
    mel[hops(9) :, ::4] -= 15.0
    mel += rng.normal(0, 2, mel.shape)
    values = stream(steps((9, -30), (9, -20)), mel)
    segmenter = Segmenter(LAYOUT, SegmenterSettings(rule=rule))
    (whole,) = heard(segmenter, values)
    known = whole.decided // HOP
    assert segmenter.delay <= whole.decided - whole.stop <= segmenter.delay + RATE
    segmenter.reset()
    assert heard(segmenter, values[: known - 1]) == []
    segmenter.reset()
    assert heard(segmenter, values[:known]) == [whole]


def test_segments_are_contiguous_from_the_start_to_the_end_of_the_stream() -> None:
    values = scene(11, 60.0)
    segmenter = Segmenter(LAYOUT, SegmenterSettings.for_sections(4.0))
    found = heard(segmenter, values)
    last = segmenter.finish()
    assert last is not None
    assert len(found) > 3
    assert [0, *(s.stop for s in found)] == [*(s.start for s in found), last.start]
    assert last.stop == last.decided == len(values) * HOP
    assert all(s.decided >= s.stop > s.start for s in found)
    assert segmenter.finish() is None


def test_a_stream_without_frames_has_no_segment() -> None:
    assert Segmenter(LAYOUT).finish() is None


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("sizes", [(1, 17, 509), (509, 1)])
def test_segments_do_not_depend_on_how_frames_are_batched(
    rule: str, sizes: tuple[int, ...]
) -> None:
    values = scene(12, 25.0)
    settings = SegmenterSettings(rule=rule, recent_s=1.0, past_s=4.0, min_segment_s=1.0)
    whole = heard(Segmenter(LAYOUT, settings), values)
    assert len(whole) > 2
    assert heard(Segmenter(LAYOUT, settings), values, sizes) == whole


def test_a_reset_segmenter_equals_a_new_one() -> None:
    values = scene(13)
    settings = SegmenterSettings.for_sections(3.0)
    used = Segmenter(LAYOUT, settings)
    heard(used, scene(14)[:1231], (17, 509))
    used.reset()
    new = Segmenter(LAYOUT, settings)
    assert heard(used, values) == heard(new, values)
    assert used.finish() == new.finish()


# ------------------------------------------------------------------------------- independent twins


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "settings",
    [
        SegmenterSettings.for_sections(3.0),
        SegmenterSettings(min_segment_s=2.0, shape_limit=1.5, past_s=6.0),
        SegmenterSettings(rule="energy", recent_s=1.0, min_segment_s=1.0, symmetric=False),
        SegmenterSettings(rule="rhythm", recent_s=2.0, min_segment_s=0.0),
        SegmenterSettings(rule="either", recent_s=1.5, min_silence_s=0.5),
        SegmenterSettings(rule="both", recent_s=1.0, hysteresis=0.5, min_segment_s=0.0),
        PAPER,
    ],
    ids=["sections", "shape", "energy", "rhythm", "either", "both", "paper"],
)
def test_the_segmenter_equals_its_naive_twin(settings: SegmenterSettings, seed: int) -> None:
    values = scene(100 + seed)
    found = heard(Segmenter(LAYOUT, settings), values)
    expected = naive.boundaries(
        values[:, LAYOUT.span("log_mel")],
        values[:, LAYOUT.span("energy").start],
        values[:, LAYOUT.span("onset").start],
        settings,
    )
    assert expected
    assert [(s.stop // HOP, s.decided // HOP - 1) for s in found] == [
        (b.hop, b.decided) for b in expected
    ]
    assert [s.strength for s in found] == pytest.approx([b.strength for b in expected], abs=1e-9)


def test_the_cepstrum_equals_scipys_orthonormal_dct() -> None:
    mel = np.random.default_rng(1).normal(0, 10, 64)
    assert build_cepstrum(64, 12) @ mel == pytest.approx(dct(mel, norm="ortho")[:12], abs=1e-10)


def test_the_shape_distance_equals_scipys_mahalanobis_distance() -> None:
    rng = np.random.default_rng(2)
    cells = rng.normal(0, 5, (50, 6)) @ rng.normal(0, 1, (6, 6))
    past, recent = cells[:30], cells[30:]
    pooled = (30 * np.cov(past.T, bias=True) + 20 * np.cov(recent.T, bias=True)) / 50
    inverse = np.linalg.inv(pooled + 3.0 * np.eye(6))
    expected = math.sqrt(30 / 50) * mahalanobis(past.mean(0), recent.mean(0), inverse)
    scratch = np.zeros((2, 6)), np.zeros((6, 6))
    assert shape_distance(cells, 0, 0, 30, 50, 3.0, *scratch) == pytest.approx(expected, rel=1e-12)


# ---------------------------------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recent_s", 0.0),
        ("recent_s", 5.1),
        ("past_s", math.inf),
        ("energy_low", 1.0),
        ("energy_high", 1.0),
        ("rhythm_low", -0.1),
        ("rhythm_high", math.nan),
        ("shape_limit", 0.0),
        ("hysteresis", 1.1),
        ("min_segment_s", -1.0),
        ("silence_db", 0.0),
        ("min_silence_s", 0.0),
        ("min_onset_rate", 0.0),
    ],
)
def test_a_setting_out_of_range_is_refused_by_name_and_range(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=rf"{field} must be .*\.\."):
        SegmenterSettings(**{field: value})


def test_an_unknown_rule_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match="rule must be one of shape, energy, rhythm, either, both"):
        SegmenterSettings(rule="loudness")  # type: ignore[arg-type]


def test_settings_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="block must be False for rule 'shape'"):
        SegmenterSettings(block=True)
    with pytest.raises(ValueError, match="past_s must be recent_s"):
        SegmenterSettings(recent_s=3.0, past_s=2.0)


def test_settings_for_long_sections_are_the_defaults_and_short_ones_decide_sooner() -> None:
    assert SegmenterSettings.for_sections(20.0) == SegmenterSettings()
    short = Segmenter(LAYOUT, SegmenterSettings.for_sections(2.5))
    assert short.delay < 1.0 * RATE < 2.0 * RATE < Segmenter(LAYOUT).delay
    with pytest.raises(ValueError, match="section_s must be above 0"):
        SegmenterSettings.for_sections(0.0)


def test_a_layout_without_the_features_is_refused_with_those_it_has() -> None:
    bare = FeatureLayout(RATE, 2048, HOP, (("log_mel", 64), ("energy", 1)), "")
    with pytest.raises(KeyError, match="no feature 'onset'; there are log_mel, energy"):
        Segmenter(bare)


def test_frames_of_another_layout_are_refused() -> None:
    other = FeatureLayout(RATE, 2048, HOP, LAYOUT.features, "other")
    with pytest.raises(ValueError, match="another layout"):
        Segmenter(LAYOUT).update(
            FeatureFrames(np.zeros((1, other.width), np.float32), 0, other, np.zeros((1, 256)))
        )
