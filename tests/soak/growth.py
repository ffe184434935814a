"""Does anything grow, and do the sample indices stay true? Music as fast as it goes, for hours.

Conventions
-----------
*Traced* is what Python's allocator holds (tracemalloc), *resident* what the system counts for the
process. Both are read at moments when all that a minute of beats and a piece of music keep has been
replaced once: from then on nothing may grow. The music is the demo's, over and over; its seam is a
turn like any other.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

import numpy as np
import psutil

from dsp.types import AudioBlock, FeatureFrames
from oscbridge.analyzer import Analyzer
from oscbridge.measuring.material import HOP, RATE_HZ, Material, render
from oscbridge.measuring.sink import Sink
from oscbridge.measuring.stages import WholeHop
from oscbridge.outputs import osc

SETTLED_HOPS = 6_000
"""A minute and some: what is remembered has been replaced once."""
LOOP_HOPS = 3_000
FILE_RATE_HZ = 44_100
GRID = 2_352
"""Input samples at 44.1 kHz that are a whole number of hops (5)."""
PROOF_S = 20
"""How much of the end of a stream is compared."""
SETTLED_FRAMES = 16
"""Frames after which no feature sees what was before."""


@dataclass(frozen=True)
class Growth:
    """What was added in so many hops, bytes; and by whom, the worst first."""

    hops: int
    traced: int
    resident: int
    culprits: tuple[str, ...]


def measure_growth(hops: int) -> Growth:
    """Push hops through the whole path and say what is held at the end that was not before."""
    me = psutil.Process()
    with Sink() as sink:
        output = osc.open(osc.Config(to=(sink.target,)))
        whole = WholeHop([output])
        blocks = cycle(Material(render(LOOP_HOPS)).blocks)
        tracemalloc.start()
        try:
            _push(whole, islice(blocks, SETTLED_HOPS), sink)
            before, resident = tracemalloc.take_snapshot(), me.memory_info().rss
            _push(whole, islice(blocks, hops), sink)
            after, grown = tracemalloc.take_snapshot(), me.memory_info().rss - resident
        finally:
            tracemalloc.stop()
            output.close()
    ours = [tracemalloc.Filter(inclusive=False, filename_pattern=tracemalloc.__file__)]
    changes = after.filter_traces(ours).compare_to(before.filter_traces(ours), "lineno")
    worst = sorted(changes, key=lambda change: -change.size_diff)[:5]
    return Growth(
        hops=hops,
        traced=sum(change.size_diff for change in changes),
        resident=grown,
        culprits=tuple(str(change) for change in worst if change.size_diff > 0),
    )


def _push(whole: WholeHop, blocks: Iterator[AudioBlock], sink: Sink) -> None:
    for number, block in enumerate(blocks):
        whole.update(block)
        if number % 1000 == 0:
            sink.drain()
    sink.drain()
    gc.collect()


@dataclass(frozen=True)
class Stream:
    """What a stream of music led to.

    Attributes
    ----------
    samples : int
        Input samples that were pushed.
    frames : int
        Frames that came of them.
    first : int
        Index of the first of the last frames.
    last : np.ndarray, shape=(n, width)
        The features of the last frames.
    resident : tuple of int
        Bytes, after each tenth of the stream.
    """

    samples: int
    frames: int
    first: int
    last: np.ndarray
    resident: tuple[int, ...]


def hear(music: np.ndarray, start: int, stop: int, block_size: int) -> Stream:
    """Analyse samples ``start`` to ``stop`` of music that goes on in a loop, 44.1 kHz."""
    me = psutil.Process()
    kept: deque[tuple[int, np.ndarray]] = deque(maxlen=PROOF_S * RATE_HZ // HOP)

    def keep(frames: FeatureFrames) -> None:
        for row, values in enumerate(frames.values):
            kept.append((frames.first + row, values.copy()))

    analyzer = Analyzer(FILE_RATE_HZ, on_frames=keep)
    resident: list[int] = []
    at = start
    while at < stop:
        place = at % len(music)
        block = music[place : place + min(block_size, stop - at)]
        analyzer.push(AudioBlock(block, at - start, FILE_RATE_HZ))
        at += len(block)
        if (at - start) * 10 // (stop - start) > len(resident):
            resident.append(me.memory_info().rss)
    analyzer.finish()
    return Stream(
        samples=stop - start,
        frames=analyzer.stats.frames,
        first=kept[0][0],
        last=np.asarray([values for _, values in kept]),
        resident=tuple(resident),
    )


def frames_due(samples: int) -> int:
    """Frames that so many input samples make, by arithmetic."""
    internal = -(-samples * RATE_HZ // FILE_RATE_HZ)
    return internal // HOP


def build_loop(seconds: int = 60) -> np.ndarray:
    """Music to go round in, a whole number of `GRID`, at 44.1 kHz, float32."""
    music = render(seconds * RATE_HZ // HOP + 1)
    count = seconds * FILE_RATE_HZ // GRID * GRID
    at = np.arange(count) * (RATE_HZ / FILE_RATE_HZ)
    return np.interp(at, np.arange(len(music)), music).astype(np.float32)


def drift(music: np.ndarray, stream: Stream, block_size: int) -> str:
    """Compare the end of a long stream with the same sound heard by itself; empty if they agree.

    Raises
    ------
    ValueError
        The stream is no whole number of loops.
    """
    if stream.samples % len(music):
        raise ValueError("a stream to be compared ends with the loop")
    before = stream.samples - len(music)
    alone = hear(music, 0, len(music), block_size)
    if stream.frames != frames_due(stream.samples):
        return f"{stream.frames} frames came, {frames_due(stream.samples)} were due"
    shift = stream.first - alone.first
    if shift != frames_due(before):
        return f"the last frames are {shift - frames_due(before)} hops beside their places"
    if not np.array_equal(stream.last, alone.last):
        return f"features differ by {np.abs(stream.last - alone.last).max():g} at the end"
    return ""
