"""Both ways to wait for a pipe: the reader itself, and a thread where a system cannot."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator

import pytest

from oscbridge.sources.byte_pipe import BytePipe, PolledPipe, ThreadedPipe

DEADLINE_S = 30.0

Opener = Callable[[int, int], BytePipe]


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)


@pytest.fixture(params=[PolledPipe, ThreadedPipe])
def opener(request: pytest.FixtureRequest) -> Opener:
    return request.param


def test_what_is_written_is_taken_in_order_and_then_the_end(
    opener: Opener, pipe: tuple[int, int]
) -> None:
    reading, writing = pipe
    taken = opener(reading, 3)
    os.write(writing, b"abcdefg")
    os.close(writing)
    parts: list[bytes | None] = []
    while not parts or parts[-1]:
        parts.append(taken.take(DEADLINE_S))
    assert parts == [b"abc", b"def", b"g", b""]
    taken.close()


def test_where_nothing_comes_the_reader_goes_on_after_its_time(
    opener: Opener, pipe: tuple[int, int]
) -> None:
    reading, writing = pipe
    taken = opener(reading, 10)
    assert taken.take(0.0) is None
    assert taken.take(0.01) is None
    os.close(writing)
    assert taken.take(DEADLINE_S) == b""


def test_a_waiting_reader_is_woken(opener: Opener, pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    taken = opener(reading, 10)
    writer = threading.Timer(0.05, lambda: os.write(writing, b"x"))
    writer.start()
    assert taken.take(DEADLINE_S) == b"x"
    writer.join()
    os.close(writing)
    assert taken.take(DEADLINE_S) == b""
