"""A file's sound brought to frames on a thread of its own, ahead of what is made of them.

Conventions
-----------
Decoding and features take about as long as all that follows; kernels and decoders leave the
interpreter to others, so two threads use two processors. What is handed over are copies, in order,
at most `AHEAD` blocks early: the results are those of one thread.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from dsp.types import AudioBlock, FeatureFrames

AHEAD = 4
"""Blocks that wait at most."""
READ_TIMEOUT_S = 1.0
_LOOK_AGAIN_S = 0.01


class Reading(Protocol):
    """What is needed of a source."""

    @property
    def finished(self) -> bool:
        """True after the last block."""
        ...

    def read(self, timeout_s: float) -> AudioBlock | None:
        """Next block."""
        ...


class Hearing(Protocol):
    """What is needed of an analyzer."""

    def hear(self, block: AudioBlock) -> Sequence[FeatureFrames]:
        """Frames that a block completes, valid until the next call."""
        ...


class Heard(NamedTuple):
    """What was heard of a file.

    Attributes
    ----------
    frames : sequence of FeatureFrames
        The next ones; they stay valid.
    until_s : float
        Where in the file the sound behind them ends, seconds.
    """

    frames: Sequence[FeatureFrames]
    until_s: float


_Queue = queue.Queue[Heard | Exception | None]


def heard_ahead(source: Reading, analyzer: Hearing) -> Generator[Heard]:
    """Yield what is heard of a source up to its end, block by block.

    The analyzer's ear belongs to the thread until this ends, and so does the source. Whatever the
    thread raises is raised here, after what came before it.
    """
    waiting: _Queue = queue.Queue(AHEAD)
    ending = threading.Event()
    thread = threading.Thread(
        target=_hear, args=(source, analyzer, waiting, ending), name="ear", daemon=True
    )
    thread.start()
    try:
        while (heard := waiting.get()) is not None:
            if isinstance(heard, Exception):
                raise heard
            yield heard
    finally:  # also where nobody wants to hear the rest
        ending.set()
        while thread.is_alive():
            with contextlib.suppress(queue.Empty):
                waiting.get(timeout=_LOOK_AGAIN_S)


def _hear(source: Reading, analyzer: Hearing, waiting: _Queue, ending: threading.Event) -> None:
    try:
        while not source.finished and not ending.is_set():
            block = source.read(READ_TIMEOUT_S)
            if block is not None:
                frames = [frames.copy() for frames in analyzer.hear(block)]
                waiting.put(Heard(frames, block.stop / block.sample_rate))
        waiting.put(None)
    except Exception as error:  # noqa: BLE001 - raised where the frames are awaited
        waiting.put(error)
