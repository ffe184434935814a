"""Lines through a pipe: whole ones, halves, and those that are too long for anybody."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from oscbridge.piped_lines import LONGEST, LineReader

DEADLINE_S = 30.0


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)


def taken(reader: LineReader) -> list[bytes]:
    lines: list[bytes] = []
    while (line := reader.take(DEADLINE_S)) is not None:
        lines.append(line)
    return lines


def test_lines_come_whole_and_what_has_no_end_is_the_rest(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    os.write(writing, b"one\n\ntwo\nthr")
    os.close(writing)
    reader = LineReader(reading)
    assert taken(reader) == [b"one", b"", b"two"]
    assert reader.ended
    assert reader.rest == b"thr"


def test_a_line_without_end_takes_no_more_memory_than_a_long_one(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    reader = LineReader(reading)

    def write() -> None:
        with os.fdopen(writing, "wb") as file:
            file.write(b"before\n" + b"x" * (4 * LONGEST) + b"\nafter\n" + b"y" * 10)

    writer = threading.Thread(target=write)
    writer.start()
    lines: list[bytes] = []
    longest = 0
    while (line := reader.take(DEADLINE_S)) is not None:
        lines.append(line)
        longest = max(longest, len(reader.rest))
    writer.join()
    assert lines == [b"before", b"after"]
    assert longest <= LONGEST
    assert reader.rest == b"y" * 10


def test_a_line_of_the_greatest_length_is_taken(pipe: tuple[int, int]) -> None:
    reading, writing = pipe

    def write() -> None:
        with os.fdopen(writing, "wb") as file:
            file.write(b"z" * LONGEST + b"\nnext\n")

    writer = threading.Thread(target=write)
    writer.start()
    assert [len(line) for line in taken(LineReader(reading))] == [LONGEST, 4]
    writer.join()
