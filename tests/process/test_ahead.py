"""Hearing ahead on a second thread: the same frames in order, errors in their place, an end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from dsp.types import AudioBlock, FeatureFrames
from oscbridge.errors import InputError
from oscbridge.hearing.ear import Ear
from oscbridge.offline.ahead import AHEAD, heard_ahead

RATE = 24_000
BLOCK = 4096
SOUND = np.random.default_rng(2).uniform(-0.3, 0.3, 40 * BLOCK).astype(np.float32)


class Blocks:
    """A source of so many blocks, after which it may break."""

    def __init__(self, count: int, error: Exception | None = None) -> None:
        self.given = 0
        self._count = count
        self._error = error

    @property
    def finished(self) -> bool:
        """True after the last block."""
        return self.given == self._count and self._error is None

    def read(self, timeout_s: float) -> AudioBlock | None:
        """Next block, in memory that is used again."""
        if self.given == self._count and self._error is not None:
            raise self._error
        start = self.given * BLOCK
        self.given += 1
        return AudioBlock(SOUND[start : start + BLOCK], start, RATE)


class Listener:
    """An ear as analyzers have it."""

    def __init__(self) -> None:
        self._ear = Ear(RATE)

    def hear(self, block: AudioBlock) -> list[FeatureFrames]:
        """Frames of a block."""
        return self._ear.push(block.samples)


def ears() -> list[threading.Thread]:
    """Threads that still hear."""
    return [thread for thread in threading.enumerate() if thread.name == "ear"]


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    """Whoever heard ahead has stopped when the test is over."""
    yield
    assert not ears()


def test_all_of_a_source_is_heard_in_order() -> None:
    heard = list(heard_ahead(Blocks(40), Listener()))
    assert [some.until_s for some in heard] == [(i + 1) * BLOCK / RATE for i in range(40)]
    ear = Ear(RATE)
    for i, some in enumerate(heard):  # all of them are still valid
        expected = ear.push(SOUND[i * BLOCK : (i + 1) * BLOCK])
        assert [frames.first for frames in some.frames] == [frames.first for frames in expected]
        for frames, other in zip(some.frames, expected, strict=True):
            np.testing.assert_array_equal(frames.values, other.values)
            np.testing.assert_array_equal(frames.hops, other.hops)


def test_a_source_that_breaks_is_heard_up_to_there() -> None:
    heard = heard_ahead(Blocks(7, InputError("it breaks off")), Listener())
    assert [next(heard).until_s for _ in range(7)][-1] == 7 * BLOCK / RATE
    with pytest.raises(InputError, match="breaks off"):
        next(heard)


def test_nobody_hears_far_ahead_or_on_when_nobody_listens() -> None:
    source = Blocks(40)
    heard = heard_ahead(source, Listener())
    next(heard)
    heard.close()
    assert not ears()
    assert source.given <= AHEAD + 3
