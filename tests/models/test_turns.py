"""The learned detector of turns: torch's numbers, known cuts, and what must not be cut at all."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from dsp.boundary import Adjustable, Detector, Foresight
from dsp.features import FeatureExtractor
from dsp.layout import FeatureLayout
from dsp.segmenter_settings import SegmenterSettings
from dsp.types import FeatureFrames, Segment
from models.training.turn_torch import LAGS, Network
from models.turn_decision import build_rings
from models.turn_network import (
    DESCRIPTION,
    LEAST,
    NEVER,
    WIDTH,
    add_embedding,
    build_tables,
    compare_all,
    embed,
)
from models.turns import TurnDetector
from models.weights import Weights, WeightsError, read_weights
from tests.dsp.signals import RATE, noise

LAYOUT = FeatureExtractor().layout
HOP_S = LAYOUT.hop_length / RATE


def frames_of(signal: np.ndarray) -> FeatureFrames:
    """All frames of a signal."""
    extractor = FeatureExtractor()
    parts = []
    for start in range(0, len(signal), 16384):
        frames = extractor.push(signal[start : start + 16384].astype(np.float32))
        parts.append((frames.values.copy(), frames.hops.copy()))
    values, hops = (np.concatenate(column) for column in zip(*parts, strict=True))
    return FeatureFrames(values, 0, LAYOUT, hops)


def heard(detector: TurnDetector, frames: FeatureFrames, sizes=(4096,)) -> list[Segment]:
    """Feed all frames in blocks of ``sizes`` in turn."""
    found: list[Segment] = []
    at, turn = 0, 0
    while at < len(frames):
        size = sizes[turn % len(sizes)]
        found += detector.update(frames.part(at, at + size))
        at, turn = at + size, turn + 1
    return found


def turns_s(signal: np.ndarray, settings: SegmenterSettings | None = None) -> list[float]:
    """Seconds at which a signal is cut."""
    found = heard(TurnDetector(LAYOUT, settings), frames_of(signal))
    return [segment.stop / RATE for segment in found]


def calm(seconds: float, seed: int = 0) -> np.ndarray:
    """Slow low chords that swell and fade."""
    rng = np.random.default_rng(seed)
    parts = []
    while sum(map(len, parts)) < seconds * RATE:
        t = np.arange(int(1.6 * RATE)) / RATE
        root = 110.0 * 2.0 ** (rng.choice((0, 3, 5, 7)) / 12)
        chord = sum(np.sin(2 * np.pi * root * ratio * t) for ratio in (1.0, 1.2, 1.5))
        parts.append(0.06 * chord * np.minimum(1.0, 3.0 * t) * np.exp(-0.8 * t))
    return np.concatenate(parts)[: int(seconds * RATE)]


def lively(seconds: float, seed: int = 1) -> np.ndarray:
    """Fast bright notes over a hiss on every beat."""
    rng = np.random.default_rng(seed)
    parts = []
    while sum(map(len, parts)) < seconds * RATE:
        t = np.arange(int(0.14 * RATE)) / RATE
        note = 523.0 * 2.0 ** (rng.choice((0, 2, 4, 7, 9, 12)) / 12)
        tone = np.sign(np.sin(2 * np.pi * note * t)) * np.exp(-8.0 * t)
        parts.append(0.05 * tone + 0.03 * rng.standard_normal(len(t)) * np.exp(-40.0 * t))
    return np.concatenate(parts)[: int(seconds * RATE)]


@cache
def medley() -> FeatureFrames:
    """Four stretches, a silence, and one more."""
    silence = np.zeros(3 * RATE)
    return frames_of(
        np.concatenate([calm(12), lively(11), calm(10, 2), lively(9, 3), silence, calm(8, 4)])
    )


# ------------------------------------------------------------------------------------ the network


def test_the_running_network_says_what_the_trained_one_says() -> None:
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    network = Network(rng.normal(0, 1, WIDTH), rng.uniform(0.5, 2, WIDTH)).eval()
    for head in network.heads:  # opinions that are worth comparing
        torch.nn.init.normal_(head.weight, 0.0, 0.3)
    n = 160
    x = rng.normal(0, 1, (n, WIDTH + 1)).astype(np.float32)
    start = np.where(np.arange(n) < 70, 0, 55)
    with torch.no_grad():
        expected = network(torch.as_tensor(x[None]), torch.as_tensor(start[None]))[0].numpy()
    tables = build_tables(Weights("t", network.arrays(), {"front_end": DESCRIPTION}))
    memory, scratch = build_rings(tables, 1, 1)
    for i in range(n):
        scratch.x[:] = x[i]
        embed(scratch.x, tables, scratch.hidden, scratch.e)
        add_embedding(memory.sums, i + 1, scratch.e)
        compare_all(memory.sums, i + 1, start[i], tables, scratch.f, scratch.logits)
        known = i + 1 - np.asarray(LAGS) - start[i] >= LEAST
        assert np.array_equal(np.isfinite(expected[i]), known)
        assert np.all(scratch.logits[~known] == NEVER)
        np.testing.assert_allclose(scratch.logits[known], expected[i][known], atol=2e-3)


def test_weights_for_other_features_are_refused() -> None:
    shipped = read_weights("turns")
    foreign = Weights("turns", shipped.arrays, {**shipped.card, "front_end": "other"})
    with pytest.raises(WeightsError, match="front_end"):
        TurnDetector(LAYOUT, weights=foreign)
    torn = Weights("turns", {**shipped.arrays, "limits": np.zeros(2, np.float32)}, shipped.card)
    with pytest.raises(WeightsError, match="limits"):
        TurnDetector(LAYOUT, weights=torn)
    other = FeatureLayout(RATE, 2048, 256, LAYOUT.features, "other")
    with pytest.raises(WeightsError, match="layout"):
        TurnDetector(other)


# ------------------------------------------------------------------------------------- the stream


def test_the_detector_keeps_the_contract() -> None:
    detector: Detector = TurnDetector(LAYOUT)
    assert isinstance(detector, Foresight)
    assert detector.delay > 0


@pytest.mark.parametrize("sizes", [(1,), (16,), (17, 5, 64, 3), (509,)])
def test_any_split_of_the_frames_gives_the_same_segments(sizes: tuple[int, ...]) -> None:
    expected = heard(TurnDetector(LAYOUT), medley())
    found = heard(TurnDetector(LAYOUT), medley(), sizes)
    assert [(s.start, s.stop, s.strength) for s in found] == [
        (s.start, s.stop, s.strength) for s in expected
    ]


def test_after_a_reset_a_used_detector_is_a_new_one() -> None:
    detector = TurnDetector(LAYOUT)
    expected = heard(detector, medley())
    detector.reset()
    heard(detector, medley().part(0, 1003))
    detector.reset()
    assert detector.candidate is None
    assert heard(detector, medley()) == expected


def test_hard_cuts_are_found_at_their_place_and_in_time() -> None:
    found = heard(TurnDetector(LAYOUT), medley())
    stops = np.asarray([segment.stop / RATE for segment in found])
    for cut in (12.0, 23.0, 33.0):
        nearest = int(np.argmin(np.abs(stops - cut)))
        assert abs(stops[nearest] - cut) <= 0.1
        assert found[nearest].decided / RATE - cut <= 5.0


def test_a_silence_is_a_segment_of_its_own() -> None:
    found = heard(TurnDetector(LAYOUT), medley())
    silence = [s for s in found if s.strength == 1.0]
    assert [round(s.stop / RATE, 1) for s in silence] == pytest.approx([42.0, 45.0], abs=0.3)


def test_segments_are_contiguous_and_the_last_one_ends_with_the_stream() -> None:
    detector = TurnDetector(LAYOUT)
    found = heard(detector, medley())
    last = detector.finish()
    assert last is not None
    found.append(last)
    assert found[0].start == 0
    assert [s.start for s in found[1:]] == [s.stop for s in found[:-1]]
    assert last.stop == len(medley()) * LAYOUT.hop_length
    assert detector.finish() is None


def test_a_turn_is_in_the_air_before_it_is_decided() -> None:
    detector = TurnDetector(LAYOUT)
    air: list[tuple[float, float]] = []
    frames = medley().part(0, round(16.0 / HOP_S))
    for at in range(0, len(frames), 16):
        if detector.update(frames.part(at, at + 16)):
            break
        if (maybe := detector.candidate) is not None and maybe.probability > 0.2:
            air.append((maybe.start / RATE, maybe.probability))
    assert any(abs(start_s - 12.0) < 0.5 for start_s, _ in air)


def test_more_sensitivity_never_finds_less_of_a_medley() -> None:
    signal = np.concatenate([calm(10), 0.5 * calm(10, 7) + 0.1 * lively(10), calm(10, 8)])
    counts = [
        len(turns_s(signal, SegmenterSettings(sensitivity=share))) for share in (0.0, 0.5, 1.0)
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_a_detector_that_is_made_readier_finds_what_one_that_is_made_so_finds() -> None:
    usual = heard(TurnDetector(LAYOUT), medley())
    for sensitivity in (0.2, 0.9):
        made = TurnDetector(LAYOUT, SegmenterSettings(sensitivity=sensitivity))
        turned = TurnDetector(LAYOUT)
        turned.adjust(sensitivity)
        assert turned.sensitivity == sensitivity
        assert heard(turned, medley()) == heard(made, medley())
    turned.adjust(0.5)
    turned.reset()
    assert heard(turned, medley()) == usual
    with pytest.raises(ValueError, match="0 to 1"):
        turned.adjust(1.01)


def test_what_was_needed_is_the_sensitivity_from_which_on_a_turn_is_decided() -> None:
    slight = np.concatenate([calm(12), 0.9 * calm(11, 2) + 0.1 * lively(11)])
    frames = frames_of(slight)
    detector = TurnDetector(LAYOUT, SegmenterSettings(sensitivity=1.0))
    assert isinstance(detector, Adjustable)
    (turn,) = heard(detector, frames)
    needed = detector.needed(turn.strength)
    assert 0.6 < needed < 0.9
    for sensitivity, count in ((needed + 0.002, 1), (needed - 0.002, 0)):
        detector.adjust(sensitivity)
        detector.reset()
        in_the_air: list[float] = []
        found = []
        for at in range(0, len(frames), 16):
            found += detector.update(frames.part(at, at + 16))
            if (candidate := detector.candidate) is not None and candidate.needed is not None:
                in_the_air.append(candidate.needed)
        assert len(found) == count
        if not count:
            assert min(in_the_air) == pytest.approx(needed, abs=0.02)


def test_no_segment_is_shorter_than_the_shortest_that_was_asked_for() -> None:
    settings = SegmenterSettings(sensitivity=1.0, min_segment_s=10.5)
    found = heard(TurnDetector(LAYOUT, settings), medley())
    lengths_s = [(s.stop - s.start) / RATE for s in found if s.strength < 1.0]
    assert lengths_s
    assert all(length >= 10.5 for length in lengths_s)


def test_turning_the_volume_of_the_stream_changes_no_turn() -> None:
    signal = np.concatenate([calm(12), lively(12), calm(12, 5)])
    usual, loud = turns_s(signal), turns_s(4.0 * signal)
    assert usual == pytest.approx(loud, abs=0.05)


# --------------------------------------------------------------------- what must not be cut at all


def drone(seconds: float) -> np.ndarray:
    """A low fifth that beats slowly."""
    t = np.arange(int(seconds * RATE)) / RATE
    return 0.1 * np.sin(2 * np.pi * 98.0 * t) + 0.07 * np.sin(2 * np.pi * 147.3 * t)


def metronome(seconds: float) -> np.ndarray:
    """Clicks, two a second."""
    signal = np.zeros(int(seconds * RATE))
    click = 0.5 * np.sin(2 * np.pi * 1500 * np.arange(600) / RATE) * np.exp(-np.arange(600) / 90)
    for start in range(0, len(signal) - 600, RATE // 2):
        signal[start : start + 600] += click
    return signal


def applause(seconds: float) -> np.ndarray:
    """Thousands of claps at random instants."""
    rng = np.random.default_rng(11)
    n = int(seconds * RATE)
    claps = np.zeros(n)
    claps[rng.integers(0, n, int(120 * seconds))] = rng.uniform(0.2, 1.0, int(120 * seconds))
    clap = rng.standard_normal(480) * np.exp(-np.arange(480) / 80.0)
    return 0.05 * np.convolve(claps, clap, "same")


@pytest.mark.parametrize(
    "signal",
    [
        pytest.param(lambda: drone(180), id="drone"),
        pytest.param(lambda: noise(180 * RATE), id="noise"),
        pytest.param(lambda: metronome(180), id="metronome"),
        pytest.param(lambda: applause(180), id="applause"),
        pytest.param(lambda: np.zeros(180 * RATE), id="silence"),
    ],
)
def test_what_stays_as_it_is_is_not_cut(signal) -> None:
    inner = [at for at in turns_s(signal()) if at > 1.0]
    assert inner == []


def test_a_gap_of_lost_blocks_makes_no_turn() -> None:
    music = calm(30)
    silence = np.zeros(int(0.4 * RATE))
    gapped = np.concatenate([music[: 14 * RATE], silence, music[14 * RATE :]])
    assert [at for at in turns_s(gapped) if abs(at - 14.0) < 1.0] == []


def test_settings_that_it_does_not_use_change_nothing() -> None:
    usual = heard(TurnDetector(LAYOUT), medley())
    other = replace(SegmenterSettings(), shape_limit=9.0, rule="energy")
    assert heard(TurnDetector(LAYOUT, other), medley()) == usual
