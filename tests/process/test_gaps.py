"""Lost blocks never look like a turn of the music, and what is found around them lies right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from dsp.boundary import Candidate
from dsp.features import FeatureExtractor
from dsp.layout import FeatureLayout
from dsp.types import AudioBlock, FeatureFrames, Segment
from oscbridge.analyzer import Analyzer
from oscbridge.events import Boundary
from oscbridge.hearing.gaps import GapGuard
from oscbridge.sources.demo_music import DemoMusic

RATE_HZ = 24_000
HOP = 256
LAYOUT = FeatureExtractor().layout


class Counter:
    """A detector that remembers what it was given and closes a segment at certain frames."""

    delay = 0

    def __init__(self, marks: Sequence[int] = ()) -> None:
        self._marks = set(marks)
        self.reset()

    def update(self, frames: FeatureFrames) -> list[Segment]:
        closed: list[Segment] = []
        for i, row in enumerate(frames.values):
            number = frames.first + i
            assert number == len(self.heard), "frames are contiguous"
            self.heard.append(int(row[0]))
            if number in self._marks:
                stop = (number + 1) * HOP
                closed.append(Segment(0, stop - HOP, 0.5, stop))
        return closed

    @property
    def candidate(self) -> Candidate | None:
        return Candidate((len(self.heard) - 1) * HOP, 0.5) if self.heard else None

    def reset(self) -> None:
        self.heard: list[int] = []


def numbered(first: int, count: int, layout: FeatureLayout = LAYOUT) -> FeatureFrames:
    """Frames that carry their number in the stream."""
    values = np.zeros((count, layout.width), np.float32)
    values[:, 0] = np.arange(first, first + count)
    return FeatureFrames(values, first, layout, np.zeros((count, HOP), np.float32))


def feed(guard: GapGuard, count: int, sizes: tuple[int, ...] = (16,)) -> list[Segment]:
    closed: list[Segment] = []
    first, turn = 0, 0
    while first < count:
        size = min(sizes[turn % len(sizes)], count - first)
        closed += guard.update(numbered(first, size))
        first, turn = first + size, turn + 1
    return closed


def looked_at(number: int) -> tuple[int, int]:
    """Samples that a frame looks at."""
    return (number + 1) * HOP - LAYOUT.n_fft, (number + 1) * HOP


@pytest.mark.parametrize("sizes", [(1,), (16,), (7, 100, 3)])
def test_only_frames_that_touch_the_gap_are_left_out(sizes: tuple[int, ...]) -> None:
    detector = Counter()
    guard = GapGuard(detector)
    start, stop = 100 * HOP + 5, 140 * HOP + 77
    guard.lose(start, stop)
    feed(guard, 300, sizes)
    clean = [n for n in range(300) if looked_at(n)[1] <= start or looked_at(n)[0] >= stop]
    # one more frame is left out: its onset strength compares with a frame in the gap
    assert detector.heard == [n for n in clean if n - 1 in clean or n == 0]


@pytest.mark.parametrize("sizes", [(1,), (16,), (7, 100, 3)])
def test_what_is_found_is_told_in_samples_of_the_stream(sizes: tuple[int, ...]) -> None:
    marks = (50, 120, 200)
    plain, guard = Counter(marks), GapGuard(Counter(marks))
    guard.lose(80 * HOP, 90 * HOP)
    guard.lose(150 * HOP, 220 * HOP)
    closed = feed(guard, 400, sizes)
    reference = GapGuard(plain)
    reference.lose(80 * HOP, 90 * HOP)
    reference.lose(150 * HOP, 220 * HOP)
    feed(reference, 400)
    for mark, segment in zip(marks, closed, strict=True):
        number = plain.heard[mark]  # the frame of the stream that the detector took for ``mark``
        assert (segment.stop, segment.decided) == (number * HOP, (number + 1) * HOP)
    assert guard.candidate == Candidate(399 * HOP, 0.5)


def test_a_detector_that_cannot_tell_early_has_no_candidate() -> None:
    class Late:
        delay = 5

        def update(self, frames: FeatureFrames) -> list[Segment]:
            return []

        def reset(self) -> None: ...

    guard = GapGuard(Late())
    feed(guard, 40)
    assert guard.candidate is None
    assert guard.delay == 5


def test_many_gaps_over_hours_need_no_more_memory_than_the_last_ones() -> None:
    guard = GapGuard(Counter())
    frames = 40_000
    for number in range(100, frames, 200):
        guard.lose(number * HOP, (number + 3) * HOP)
    feed(guard, frames, (500,))
    assert len(guard._since) < 100
    assert guard._lost == []


def music(seconds: int) -> np.ndarray:
    """Music of one expression, seconds long, at `RATE_HZ`."""
    source = DemoMusic(section_s=600.0)
    beats: list[np.ndarray] = []
    while sum(map(len, beats)) < seconds * RATE_HZ:
        beats.append(np.array(source.next_beat()))
    return np.concatenate(beats)[: seconds * RATE_HZ].astype(np.float32)


def boundaries(pieces: list[tuple[np.ndarray, int]]) -> list[Boundary]:
    """Boundaries of pieces of sound, each after a gap of so many samples."""
    analyzer = Analyzer(RATE_HZ)
    results, at = [], 0
    for samples, gap in pieces:
        results += analyzer.push(AudioBlock(samples, at + gap, RATE_HZ, gap=gap))
        at += gap + len(samples)
    return [r for r in [*results, *analyzer.finish()] if isinstance(r, Boundary)]


@pytest.mark.parametrize("gap_s", [0.005, 0.3, 1.5, 10.0, 100.0])
def test_a_gap_in_steady_music_is_no_boundary(gap_s: float) -> None:
    sound = music(24)
    before = boundaries([(sound, 0)])
    cut = 15 * RATE_HZ
    after = boundaries([(sound[:cut], 0), (sound[cut:], round(gap_s * RATE_HZ))])
    assert len(after) == len(before) == 0


def test_a_hundred_gaps_are_no_boundary() -> None:
    pieces = np.array_split(music(40), 100)
    rng = np.random.default_rng(3)
    assert not boundaries([(piece, int(rng.integers(1, RATE_HZ))) for piece in pieces])
