"""The ring against its naive twin, and between two real threads."""

from __future__ import annotations

import threading
from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscbridge.ring import Ring
from oscbridge.sources.shared_ring import SharedMemory, make_ring, open_ring
from tests.sources.reading import read


class NaiveRing:
    """The twin: a ``deque(maxlen=capacity)`` of numbered frames."""

    def __init__(self, capacity: int) -> None:
        self.frames: deque[int] = deque(maxlen=capacity)
        self.next_written = 0
        self.next_read = 0

    def write(self, count: int) -> None:
        for _ in range(count):
            self.frames.append(self.next_written)
            self.next_written += 1

    def read(self, limit: int | None) -> tuple[list[int], int]:
        count = len(self.frames) if limit is None else min(limit, len(self.frames))
        taken = [self.frames.popleft() for _ in range(count)]
        if not taken:
            return [], 0
        gap = taken[0] - self.next_read
        self.next_read = taken[-1] + 1
        return taken, gap


def numbered(start: int, count: int, channels: int) -> np.ndarray:
    """Frames whose samples say where they belong."""
    return (np.arange(start, start + count)[:, None] * channels + np.arange(channels)).astype("f4")


def as_bytes(frames: np.ndarray) -> bytes:
    return frames.tobytes()


operation = st.one_of(
    st.tuples(st.just("write"), st.integers(0, 40)),
    st.tuples(st.just("read"), st.one_of(st.none(), st.integers(0, 40))),
)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 17), st.integers(1, 3), st.lists(operation, max_size=40))
def test_any_order_of_writes_and_reads_gives_what_a_bounded_deque_gives(
    capacity, channels, operations
):
    ring, twin = Ring(capacity, channels), NaiveRing(capacity)
    lost = 0
    for name, count in operations:
        if name == "write":
            ring.write(as_bytes(numbered(ring.written, count, channels)))
            twin.write(count)
        else:
            frames, gap = read(ring, count)
            expected, expected_gap = twin.read(count)
            assert [int(frame[0]) // channels for frame in frames] == expected
            assert all(
                np.array_equal(frame, numbered(at, 1, channels)[0])
                for frame, at in zip(frames, expected, strict=True)
            )
            assert gap == expected_gap
            lost += gap
        assert min(ring.written - ring.position, capacity) == len(twin.frames)
    assert ring.overflow == lost


def test_a_reader_goes_as_far_as_it_was_told_and_no_further():
    ring = Ring(16, 1)
    ring.write(as_bytes(numbered(0, 10, 1)))
    frames, gap = read(ring, until=4)
    assert frames[:, 0].tolist() == [0, 1, 2, 3]
    assert (gap, ring.position, ring.written) == (0, 4, 10)
    assert len(read(ring, until=4)[0]) == 0


def test_what_one_side_writes_into_shared_memory_the_other_side_reads():
    memory = SharedMemory()
    writer = make_ring(memory.key, 8, 2)
    reader = open_ring(memory.key, 8, 2)
    memory.close()  # the ring lives on in both
    assert writer.write(as_bytes(numbered(0, 11, 2))) == 11
    frames, gap = read(reader, until=11)
    assert np.array_equal(frames, numbered(3, 8, 2))
    assert (gap, reader.overflow, writer.position) == (3, 3, 11)


def test_between_two_threads_every_frame_arrives_whole_in_order_or_is_counted_as_lost():
    total, channels = 1_500_000, 2
    ring = Ring(3001, channels)
    source = numbered(0, total, channels)

    def write_all() -> None:
        at, size = 0, 1
        while at < total:
            ring.write(as_bytes(source[at : at + size]))
            at += size
            size = size % 997 + 13

    writer = threading.Thread(target=write_all)
    writer.start()
    position = 0
    while position < total:
        finished = not writer.is_alive()
        frames, gap = read(ring, 1000)
        position += gap
        assert np.array_equal(frames, source[position : position + len(frames)])
        position += len(frames)
        assert not (finished and len(frames) == 0), "frames vanished uncounted"
    writer.join()
    assert position == total
    assert 0 <= ring.overflow < total


def test_a_reader_that_comes_too_late_hears_the_newest_sound_and_how_much_it_lost():
    ring = Ring(8, 1)
    ring.write(as_bytes(numbered(0, 20, 1)))
    frames, gap = read(ring)
    assert gap == 12
    assert frames[:, 0].tolist() == [12, 13, 14, 15, 16, 17, 18, 19]
    assert ring.overflow == 12


def test_frames_that_the_writer_overwrites_during_a_read_are_never_handed_out():
    ring = Ring(8, 1)
    ring.write(as_bytes(numbered(0, 8, 1)))

    def take(at: int, count: int) -> np.ndarray:
        """Copy, while the writer writes again: the copy is torn."""
        ring.write(as_bytes(numbered(8, 5, 1)))
        return ring.rows[at : at + count].copy()

    frames, gap = ring.fetch(take, 8, 8)
    assert gap == 5
    assert frames[:, 0].tolist() == [5, 6, 7]


def test_who_was_overtaken_while_taking_has_taken_nothing_and_hears_of_the_loss_later():
    ring = Ring(8, 1)
    ring.write(as_bytes(numbered(0, 8, 1)))

    def take(at: int, count: int) -> np.ndarray:
        ring.write(as_bytes(numbered(8, 20, 1)))
        return ring.rows[at : at + count].copy()

    taken, gap = ring.fetch(take, 8, 8)
    assert (len(taken), gap) == (0, 0)
    frames, gap = read(ring)
    assert gap == 20
    assert frames[:, 0].tolist() == list(range(20, 28))


@pytest.mark.parametrize(("capacity", "channels"), [(0, 1), (1, 0), (-3, 2)])
def test_a_ring_without_room_is_refused(capacity, channels):
    with pytest.raises(ValueError, match="needs room"):
        Ring(capacity, channels)
