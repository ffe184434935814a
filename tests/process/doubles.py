"""Stand-ins for what lies before and behind the process: a source, an analyzer, an output.

They are as small as the contracts allow and real where it matters: the source blocks like a device,
the analyzer answers each block with one state.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from dsp.types import AudioBlock
from models.types import AffectState
from oscbridge.events import Event, State
from oscbridge.orders import Command
from oscbridge.protocol import Message
from oscbridge.sources.base import Awaited, Health
from oscbridge.stats import Stats

RATE_HZ = 24_000
HOP = 256


def affect(
    valence: float = 0.0,
    arousal: float = 0.0,
    confidence: float = 0.8,
    time_s: float = 0.0,
    music: float = 1.0,
) -> AffectState:
    """Build a state whose time is exact to a sample."""
    return AffectState(
        valence=valence,
        arousal=arousal,
        confidence=confidence,
        source="music",
        stop=round(time_s * RATE_HZ),
        sample_rate=RATE_HZ,
        music=music,
    )


class PacedSource:
    """Delivers a block of silence every ``period_s`` until closed, or ``count`` were given."""

    name = "a paced test source"
    sample_rate = RATE_HZ
    awaited = Awaited(0.0)
    latency_s = block_s = 0.01

    def __init__(self, period_s: float = HOP / RATE_HZ, count: int | None = None) -> None:
        self.health = Health(True, "plays")
        self._period_s = period_s
        self._left = count
        self._closed = threading.Event()
        self._start = 0

    @property
    def finished(self) -> bool:
        return self._closed.is_set() or self._left == 0

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def read(self, timeout_s: float) -> AudioBlock | None:
        if self.finished or self._closed.wait(min(self._period_s, timeout_s)):
            return None
        if self._left is not None:
            self._left -= 1
        block = AudioBlock(np.zeros(HOP, np.float32), self._start, RATE_HZ)
        self._start = block.stop
        return block

    def want(self, count: int) -> None:
        """Blocks come as they are."""

    def close(self) -> None:
        self._closed.set()


class Share(NamedTuple):
    """Stands for a `LatencyShare`, which would bring the kernels along."""

    stage: str
    owner: str
    seconds: float


class ScriptedAnalyzer:
    """Answers block number ``i`` with ``script(i, block)``."""

    missing = 1

    def __init__(
        self,
        script: Callable[[int, AudioBlock], Sequence[State | Event]],
        last: Sequence[State | Event] = (),
    ) -> None:
        self.stats = Stats()
        self.finished = 0
        self._script = script
        self._last = last
        self._count = 0

    def push(self, block: AudioBlock) -> Sequence[State | Event]:
        self._count += 1
        return self._script(self._count - 1, block)

    def finish(self) -> Sequence[State | Event]:
        self.finished += 1
        return self._last

    def latency(self) -> Sequence[Share]:
        return [Share("window", "dsp.fft", 0.04)]


class Collector:
    """An output that keeps what it is given."""

    name = "collector"
    prompt = True

    def __init__(self) -> None:
        self.sent = 0
        self.errors = 0
        self.detail = ""
        self.closed = 0
        self.messages: list[Message] = []
        self.obeyed: list[Command] = []

    def send(self, messages: Sequence[Message]) -> None:
        self.messages += messages
        self.sent += len(messages)

    def obey(self, command: Command) -> None:
        self.obeyed.append(command)

    def close(self) -> None:
        self.closed += 1

    def names(self) -> list[str]:
        return [signal.name for signal, _ in self.messages]

    def of(self, name: str) -> list[tuple[int | float | str, ...]]:
        return [args for signal, args in self.messages if signal.name == name]
