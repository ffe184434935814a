"""The demo music: the same every time, true to its truth, and never slow."""

from __future__ import annotations

import time

import numpy as np
import pytest

from oscbridge.sources.demo import Demo
from oscbridge.sources.demo_music import ORDER, DemoMusic
from oscbridge.sources.select import open_source
from oscbridge.sources.settings import SourceSettings


def play(source: Demo, seconds: float) -> np.ndarray:
    """The first ``seconds`` of a demo that is not paced."""
    blocks, count = [], 0
    while count < seconds * source.sample_rate:
        block = source.read(0.0)
        assert block is not None
        assert block.start == count
        count = block.stop
        blocks.append(block.samples.copy())
    return np.concatenate(blocks)[: round(seconds * source.sample_rate)]


def demo(**settings) -> Demo:
    return Demo(SourceSettings(**settings), realtime=False)


@pytest.fixture(scope="module")
def sections() -> dict[int, np.ndarray]:
    """One section of 8 s of each quadrant."""
    source = demo()
    music = play(source, 32.0)
    length = 8 * source.sample_rate
    return {
        quadrant: music[round(start_s * source.sample_rate) :][:length]
        for start_s, quadrant in source.truth
    }


def level_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64))))


def centroid_hz(samples: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float(np.fft.rfftfreq(len(samples), 1 / 24000) @ power / power.sum())


def attacks(samples: np.ndarray) -> int:
    """Sudden rises of the level, counted in steps of 20 ms."""
    steps = np.square(samples[: len(samples) // 480 * 480].reshape(-1, 480)).mean(axis=1)
    rises = np.diff(10 * np.log10(steps + 1e-6)) > 6.0
    return int(np.count_nonzero(rises))


@pytest.mark.parametrize("block_size", [17, 509, 4096])
def test_every_block_size_and_every_run_gives_the_same_music(block_size):
    expected = play(demo(section_s=1.5), 7.0)
    assert np.array_equal(play(demo(section_s=1.5, block_size=block_size), 7.0), expected)


def test_another_seed_gives_other_music_with_the_same_boundaries():
    first, second = demo(section_s=1.0), demo(section_s=1.0, seed=1)
    assert not np.array_equal(play(first, 5.0), play(second, 5.0))
    assert first.truth == second.truth


@pytest.mark.parametrize("section_s", [1.0, 2.5, 8.0])
def test_sections_follow_each_other_through_all_quadrants_at_exact_times(section_s):
    source = demo(section_s=section_s)
    play(source, 6 * section_s)
    expected = [(index * section_s, ORDER[index % 4]) for index in range(6)]
    assert source.truth[:6] == expected
    assert {quadrant for _, quadrant in source.truth} == {1, 2, 3, 4}


def test_ten_seconds_with_short_sections_visit_all_four_quadrants():
    source = demo(section_s=2.5)
    play(source, 10.0)
    assert sorted(quadrant for start_s, quadrant in source.truth if start_s < 10.0) == [1, 2, 3, 4]


def test_the_walk_repeats_with_variations():
    source = demo(section_s=2.0)
    music = play(source, 16.0)
    length = 2 * source.sample_rate
    first, again = music[:length], music[4 * length : 5 * length]
    assert source.truth[4] == (8.0, source.truth[0][1])
    assert not np.array_equal(first, again)
    assert level_db(again) == pytest.approx(level_db(first), abs=3.0)


def test_loudness_brightness_and_attacks_tell_aroused_music_from_calm_music(sections):
    for calm in (3, 4):
        for aroused in (1, 2):
            assert level_db(sections[aroused]) > level_db(sections[calm]) + 5.0
        assert attacks(sections[1]) > 2 * attacks(sections[calm])  # the tense ones are a wall
    assert centroid_hz(sections[3]) < min(centroid_hz(sections[q]) for q in (1, 2, 4)) / 2
    assert level_db(sections[2]) > level_db(sections[1]) + 3.0


def test_happy_and_calm_sections_hold_major_chords_and_sad_ones_minor(sections):
    def third(samples: np.ndarray, tonic: int) -> float:
        """Power of the major third above a tonic, in three octaves, over that of the minor."""
        power = np.abs(np.fft.rfft(samples)) ** 2
        hertz = np.fft.rfftfreq(len(samples), 1 / 24000)

        def of(step: int) -> float:
            pitches = [tonic + step + 12 * octave for octave in range(3)]
            bands = [440.0 * 2 ** ((pitch - 69) / 12) for pitch in pitches]
            return sum(power[np.abs(hertz / band - 1) < 0.015].sum() for band in bands)

        return of(4) / of(3)

    c, f = 48, 41
    assert third(sections[1], c) > 3.0
    assert third(sections[4], c) > 3.0
    assert third(sections[3], f) < 1 / 3


def test_the_music_is_finite_within_full_scale_and_without_clicks_at_boundaries():
    music = DemoMusic(section_s=1.0)
    sound = np.concatenate([music.next_beat() for _ in range(200)])
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() < 1.0
    assert abs(sound.mean()) < 0.005
    assert len(sound) > 20 * music.section


def test_a_paced_demo_keeps_to_the_clock():
    source = open_source("demo", SourceSettings(block_size=1200))
    began_s = time.monotonic()
    assert source.read(0.001) is None
    for _ in range(6):
        block = source.read(5.0)
        assert block is not None
        assert time.monotonic() - began_s >= block.stop / 24000 - 0.001
    assert source.latency_s == pytest.approx(0.05)
    assert source.health.ok
    assert not source.finished
    source.close()
    assert source.finished
    assert source.read(0.1) is None


def test_composing_takes_a_small_part_of_the_time_that_playing_takes():
    play(demo(), 4.0)
    source = demo()
    began_s = time.process_time()
    play(source, 32.0)
    share = (time.process_time() - began_s) / 32.0
    assert share < 0.05


def test_sections_shorter_than_a_second_are_refused():
    with pytest.raises(ValueError, match="1 s or more"):
        DemoMusic(section_s=0.5)
