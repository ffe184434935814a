"""The demo: music made on the spot that walks through the four quadrants (`demo_music`).

Conventions
-----------
Mono, 24 kHz, for ever, the same for the same seed on every run and for every block size.
`Demo.truth` says where each section begins and what it expresses, so that what is heard can be
compared with what was played.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsp.types import AudioBlock
from oscbridge.sources.base import Awaited, Health
from oscbridge.sources.demo_music import DemoMusic
from oscbridge.sources.pace import Pace

if TYPE_CHECKING:
    from oscbridge.sources.settings import SourceSettings

DEFAULT_BLOCK = 512


class Demo:
    """The demo music as a source.

    Parameters
    ----------
    settings : SourceSettings
        ``section_s``, ``seed`` and ``block_size``.
    realtime : bool
        Pace as in real life.

    Attributes
    ----------
    name : str
        ``"demo"``.
    sample_rate : int
        24000 Hz.
    latency_s, block_s : float
        One block where paced, else 0.
    """

    name = "demo"

    def __init__(self, settings: SourceSettings, *, realtime: bool = True) -> None:
        self._music = DemoMusic(section_s=settings.section_s, seed=settings.seed)
        self.sample_rate = self._music.sample_rate
        self._block = np.zeros(settings.block_size or DEFAULT_BLOCK, dtype=np.float32)
        self.latency_s = self.block_s = len(self._block) / self.sample_rate if realtime else 0.0
        self._pace = Pace(self.sample_rate) if realtime else None
        self.health = Health(True, f"demo music, {settings.section_s:g} s a section")
        self._beat = np.zeros(0, dtype=np.float32)
        self._position = 0
        self._finished = False

    @property
    def truth(self) -> list[tuple[float, int]]:
        """Sections heard so far: (start in seconds, quadrant)."""
        sections = -(-self._position // self._music.section)
        return [
            (index * self._music.section / self.sample_rate, self._music.quadrant_of(index))
            for index in range(sections)
        ]

    @property
    def finished(self) -> bool:
        """Never, until it is closed."""
        return self._finished

    @property
    def awaited(self) -> Awaited:
        """The end of the next block, where paced."""
        if self._pace is None or self._finished:
            return Awaited(0.0)
        return Awaited(self._pace.due_s(self._position + len(self._block)))

    def read(self, timeout_s: float) -> AudioBlock | None:
        """Next block; see `oscbridge.sources.base.Source`."""
        if self._finished:
            return None
        stop = self._position + len(self._block)
        if self._pace is not None and not self._pace.wait(stop, timeout_s):
            return None
        filled = 0
        while filled < len(self._block):
            if len(self._beat) == 0:
                self._beat = self._music.next_beat()
            count = min(len(self._beat), len(self._block) - filled)
            self._block[filled : filled + count] = self._beat[:count]
            self._beat = self._beat[count:]
            filled += count
        arrived_s = None if self._pace is None else self._pace.due_s(stop)
        block = AudioBlock(self._block, self._position, self.sample_rate, arrived_s=arrived_s)
        self._position = block.stop
        return block

    def want(self, count: int) -> None:
        """Blocks come as they are."""

    def close(self) -> None:
        """Stop; a second call does nothing."""
        self._finished = True
