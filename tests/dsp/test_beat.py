"""The beat tracker against rhythms whose beats are known, and its filter against a naive twin."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from dsp.beat import Beat, BeatSettings, BeatTracker
from dsp.beat_filter import advance_belief
from dsp.features import FeatureExtractor
from dsp.tempo import build_expectation, build_tempo_grid
from dsp.types import FeatureFrames
from tests import naive_beat

RATE = 24000
HOP = 256
by_whole_tracker = pytest.mark.compiled  # thousands of states a frame; the twin runs interpreted


@pytest.fixture(scope="module")
def extractor() -> FeatureExtractor:
    return FeatureExtractor()


@pytest.fixture(scope="module")
def tracker(extractor: FeatureExtractor) -> BeatTracker:
    return BeatTracker(extractor.layout)


def strokes(at_s: np.ndarray, loud: np.ndarray, low: np.ndarray, duration_s: float) -> np.ndarray:
    """Drum-like strokes: a burst of noise, and a low tone where ``low`` is above 0."""
    rng = np.random.default_rng(3)
    samples = rng.normal(0.0, 1e-4, round(duration_s * RATE))
    n = round(0.12 * RATE)
    t = np.arange(n) / RATE
    for instant, level, deep in zip(at_s, loud, low, strict=True):
        first = round(instant * RATE)
        stroke = level * rng.normal(0.0, 0.3, n) * np.exp(-t / 0.02)
        stroke += deep * 0.5 * np.sin(2.0 * np.pi * 60.0 * t) * np.exp(-t / 0.05)
        part = samples[first : first + n]
        part += stroke[: len(part)]
    return samples.astype(np.float32)


def beat_times(bpm: float, duration_s: float, first_s: float = 0.3) -> np.ndarray:
    return np.arange(first_s, duration_s - 0.2, 60.0 / bpm)


def features(extractor: FeatureExtractor, samples: np.ndarray) -> FeatureFrames:
    extractor.reset()
    parts = [
        extractor.push(samples[at : at + 8192]).values.copy() for at in range(0, len(samples), 8192)
    ]
    values = np.concatenate(parts)
    hops = np.zeros((len(values), HOP), np.float32)
    return FeatureFrames(values, 0, extractor.layout, hops)


def track(tracker: BeatTracker, frames: FeatureFrames) -> list[Beat]:
    tracker.reset()
    return tracker.update(frames)


def rock(bpm: float, duration_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Strokes on beats and, softer, between; low on one and three. Samples and beats, seconds."""
    beats = beat_times(bpm, duration_s)
    both = np.sort(np.concatenate([beats, beats + 30.0 / bpm]))
    loud = np.where(np.arange(len(both)) % 2 == 0, 1.0, 0.2)
    low = np.where(np.arange(len(both)) % 4 == 0, 1.0, 0.0)
    return strokes(both, loud, low, duration_s), beats


@pytest.mark.parametrize("bpm", [72.0, 84.0, 96.0, 120.0, 160.0])
@by_whole_tracker
def test_beats_fall_where_the_strokes_do(extractor, tracker, bpm):
    samples, truth = rock(bpm, 20.0)
    found = track(tracker, features(extractor, samples))
    instants = np.asarray([beat.sample / RATE for beat in found])
    settled = instants[(instants > 8.0) & (instants < truth[-1] + 0.1)]
    heard = truth[truth > 8.2]
    away = np.abs(settled[:, None] - truth[None, :]).min(axis=1)
    missed = np.abs(heard[:, None] - settled[None, :]).min(axis=1)
    assert np.percentile(away, 95) < 0.03
    assert np.mean(missed < 0.03) > 0.9
    assert tracker.tempo_bpm == pytest.approx(bpm, rel=0.02)


@by_whole_tracker
def test_a_beat_is_told_when_it_falls(extractor, tracker):
    frames = features(extractor, rock(120.0, 15.0)[0])
    tracker.reset()
    ages: list[int] = []
    for k in range(len(frames)):
        part = frames.part(k, k + 1)
        ages += [part.stop - beat.sample for beat in tracker.update(part)]
    assert len(ages) > 15
    assert min(ages) >= 0
    # a look between two frames may move the beat back by a little
    assert np.percentile(ages, 90) <= 2 * HOP


@by_whole_tracker
def test_each_beat_foretells_the_next(extractor, tracker):
    found = track(tracker, features(extractor, rock(100.0, 20.0)[0]))[4:]
    for one, other in pairwise(found):
        assert other.index == one.index + 1
        assert one.sample + one.interval == pytest.approx(other.sample, abs=0.03 * RATE)
        assert one.tempo_bpm == pytest.approx(100.0, rel=0.04)


@pytest.mark.parametrize(("before", "after"), [(100.0, 116.0), (140.0, 118.0)])
@by_whole_tracker
def test_a_new_tempo_is_followed_within_seconds(extractor, tracker, before, after):
    first = beat_times(before, 15.2)
    second = np.arange(first[-1] + 60.0 / after, 32.0, 60.0 / after)
    truth = np.concatenate([first, second])
    samples = strokes(truth, np.ones(len(truth)), np.ones(len(truth)), 32.5)
    found = track(tracker, features(extractor, samples))
    heard_s = np.asarray([beat.sample / RATE for beat in found])
    late = heard_s[(heard_s > 23.0) & (heard_s < truth[-1] + 0.1)]
    assert tracker.tempo_bpm == pytest.approx(after, rel=0.02)
    assert len(late) > 0.8 * np.sum(truth > 23.0)
    assert np.abs(late[:, None] - truth[None, :]).min(axis=1).max() < 0.04


@pytest.mark.parametrize("meter", [3, 4])
@by_whole_tracker
def test_bars_are_counted_by_their_accents(extractor, tracker, meter):
    beats = beat_times(130.0, 30.0)
    one = np.arange(len(beats)) % meter == 0
    samples = strokes(beats, np.where(one, 1.0, 0.5), np.where(one, 1.0, 0.0), 30.0)
    found = [
        beat
        for beat in track(tracker, features(extractor, samples))
        if 18 * RATE < beat.sample < (beats[-1] + 0.1) * RATE
    ]
    lines = np.asarray([beat.sample / RATE for beat in found if beat.is_downbeat])
    assert {beat.meter for beat in found} == {meter}
    assert len(lines) >= 4
    assert np.abs(lines[:, None] - beats[None, one]).min(axis=1).max() < 0.04
    counted = [beat.bar for beat in found if beat.is_downbeat]
    assert counted == list(range(counted[0], counted[0] + len(counted)))


def _noise(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.normal(0.0, 0.1, n)


def _drone(rng: np.random.Generator, n: int) -> np.ndarray:
    t = np.arange(n) / RATE
    return 0.2 * np.sin(2 * np.pi * 110.0 * t) + 0.1 * np.sin(2 * np.pi * 164.8 * t)


def _applause(rng: np.random.Generator, n: int) -> np.ndarray:
    claps = (rng.random(n) < 150.0 / RATE).astype(float)
    return 0.1 * rng.normal(0.0, 1.0, n) * np.convolve(claps, np.exp(-np.arange(600) / 100.0))[:n]


def _gusts(rng: np.random.Generator, n: int) -> np.ndarray:
    return 0.1 * rng.normal(0.0, 1.0, n) * np.repeat(rng.random(n // 2400 + 1), 2400)[:n]


def _silence(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.zeros(n)


@pytest.mark.parametrize("sound", [_silence, _noise, _drone, _applause, _gusts])
@by_whole_tracker
def test_what_has_no_beat_gets_none(extractor, tracker, sound):
    samples = sound(np.random.default_rng(5), 30 * RATE).astype(np.float32)
    assert track(tracker, features(extractor, samples)) == []
    assert tracker.tempo_bpm == 0.0
    assert tracker.confidence < 0.4


@by_whole_tracker
def test_a_metronome_has_a_tempo_and_silence_after_it_none(extractor, tracker):
    beats = beat_times(110.0, 12.0)
    ticking = strokes(beats, np.ones(len(beats)), np.zeros(len(beats)), 12.0)
    frames = features(extractor, np.concatenate([ticking, np.zeros(6 * RATE, np.float32)]))
    assert len(track(tracker, frames.part(0, 12 * RATE // HOP))) > 8
    assert tracker.tempo_bpm == pytest.approx(110.0, rel=0.02)
    silent = frames.part(12 * RATE // HOP, len(frames))
    assert all(beat.sample < 15 * RATE for beat in tracker.update(silent))
    assert tracker.tempo_bpm == 0.0
    assert tracker.confidence == 0.0


@pytest.mark.parametrize("chunk", [1, 3, 17, 300])
@by_whole_tracker
def test_any_split_of_the_frames_gives_the_same_beats(extractor, tracker, chunk):
    frames = features(extractor, rock(126.0, 12.0)[0])
    whole = track(tracker, frames)
    tracker.reset()
    parts: list[Beat] = []
    for k in range(0, len(frames), chunk):
        parts += tracker.update(frames.part(k, min(k + chunk, len(frames))))
    assert len(whole) > 10
    assert parts == whole


@by_whole_tracker
def test_after_a_reset_the_stream_is_new(extractor, tracker):
    frames = features(extractor, rock(126.0, 12.0)[0])
    fresh = BeatTracker(extractor.layout).update(frames)
    tracker.update(features(extractor, rock(81.0, 7.0)[0]).part(0, 601))
    assert track(tracker, frames) == fresh


@by_whole_tracker
def test_the_nearest_beat_or_bar_is_found_and_nothing_far_away(extractor, tracker):
    beats = beat_times(120.0, 20.0)
    one = np.arange(len(beats)) % 4 == 0
    samples = strokes(beats, np.where(one, 1.0, 0.5), np.where(one, 1.0, 0.0), 20.0)
    found = track(tracker, features(extractor, samples))
    beat = found[-5]
    assert tracker.nearest(beat.sample + 2000) == beat.sample
    assert tracker.nearest(beat.sample - 2000) == beat.sample
    bar = [beat for beat in found if beat.is_downbeat][-1]
    assert tracker.nearest(bar.sample + 9000, "bar") == bar.sample
    foretold = found[-1].sample + found[-1].interval
    assert tracker.nearest(foretold + 100) == foretold
    assert tracker.nearest(foretold + 10 * RATE) is None
    tracker.reset()
    assert tracker.nearest(beat.sample) is None


def test_the_filter_is_its_naive_twin():
    step_s, slowest, fastest, centre, leak = 0.02, 75.0, 200.0, 120.0, 1e-3
    grid = build_tempo_grid(step_s, slowest, fastest, centre)
    intervals = naive_beat.intervals_of(step_s, slowest, fastest)
    assert grid.intervals.tolist() == intervals
    rest = naive_beat.start(intervals, step_s, centre)
    np.testing.assert_allclose(grid.rest, list(rest.values()), rtol=1e-5)
    moves = naive_beat.moves_of(intervals)
    tables = [
        build_expectation(grid, 1.2, 0.05, places)
        for places in (((0.0, 0.5), (0.5, 0.3)), ((0.0, 0.6),))
    ]
    beliefs = [grid.rest.copy(), np.zeros_like(grid.rest)]
    arriving = np.zeros(len(intervals), np.float32)
    twin, keep = rest, np.float32(1.0)
    rng = np.random.default_rng(0)
    for frame in range(120):
        odds = rng.uniform(-0.7, 6.0, 2).astype(np.float32) * (frame % 25 < 3) - np.float32(0.2)
        likelihood = (1.0 + odds[0] * tables[0]) * (1.0 + odds[1] * tables[1])
        total = advance_belief(
            beliefs[0],
            beliefs[1],
            grid.starts,
            tables[0],
            tables[1],
            grid.rest,
            arriving,
            grid.moves,
            grid.first_move,
            (keep, np.float32(leak), odds[0], odds[1]),
        )
        twin, evidence = naive_beat.advance(
            twin, moves, rest, leak, dict(zip(rest, likelihood.tolist(), strict=True))
        )
        assert total == pytest.approx(evidence, rel=1e-4)
        keep = np.float32(1.0 / total)
        beliefs.reverse()
    np.testing.assert_allclose(beliefs[0] * keep, list(twin.values()), rtol=2e-3, atol=1e-8)


def test_onsets_are_expected_at_their_places():
    grid = build_tempo_grid(0.01, 60.0, 180.0, 120.0)
    table = build_expectation(grid, 1.0, 0.05, ((0.0, 0.6), (0.5, 0.3)))
    row = int(np.flatnonzero(grid.intervals == 50)[0])
    beat = table[grid.starts[row] : grid.starts[row + 1]]
    assert beat[0] == pytest.approx(0.6)
    assert beat[25] == pytest.approx(0.3)
    assert beat[12] == pytest.approx(0.05, abs=1e-3)
    assert beat[1] == pytest.approx(beat[49])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"slowest_bpm": 100.0, "fastest_bpm": 150.0}, "octave"),
        ({"fastest_bpm": 2000.0}, "too fast"),
    ],
)
def test_tempi_that_cannot_be_told_are_refused(extractor, settings, message):
    with pytest.raises(ValueError, match=message):
        BeatTracker(extractor.layout, BeatSettings(**settings))


@pytest.mark.parametrize("name", ["least_confidence", "least_bar_confidence"])
def test_a_confidence_lies_between_none_and_all(name):
    with pytest.raises(ValueError, match=name):
        BeatSettings(**{name: 1.0})
