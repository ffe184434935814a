"""The sound that was heard, kept sample for sample beside a record.

Conventions
-----------
`Taped` is a source that hands on another one's blocks and keeps a copy of each. The file is Wave64
(``.w64``: WAV without its limit of four gigabytes, which is six hours) in 32-bit floating point,
mono, at the source's own rate: what the analysis got, to the bit, without what was lost. Where
samples were lost is noted by their place in the file. What was flushed can be read after a crash,
too.

The analysis thread only copies a block into a queue; a thread of the tape writes it. What a full
disk does not take is counted, told, and the session goes on.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

from oscbridge.errors import SettingsError
from oscbridge.sources.relay import Relay

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np

    from dsp.types import AudioBlock
    from oscbridge.sources.base import Source

SUBTYPE = "FLOAT"
FORMAT = "W64"
SUFFIX = ".w64"
FLUSH_S = 1.0
"""How much sound a process that is killed may lose, seconds."""
ENDING_S = 5.0


def free_name(record: Path) -> Path:
    """A file beside a record that does not exist: ``evening.w64``, ``evening-2.w64`` …"""
    path, number = record.with_suffix(SUFFIX), 2
    while path.exists():
        path = record.with_name(f"{record.stem}-{number}{SUFFIX}")
        number += 1
    return path


class Tape:
    """Writes blocks to a file, in a thread of its own.

    Parameters
    ----------
    path : Path
        A file that does not exist yet.
    sample_rate : int
        Of the blocks, Hz.
    on_trouble : callable
        Called with a sentence when something cannot be written; by the thread of the tape.

    Raises
    ------
    SettingsError
        When the file cannot be written.
    """

    def __init__(self, path: Path, sample_rate: int, on_trouble: Callable[[str], None]) -> None:
        import soundfile

        try:
            self._file = soundfile.SoundFile(
                path, "x", sample_rate, 1, subtype=SUBTYPE, format=FORMAT
            )
        except (OSError, soundfile.LibsndfileError) as error:
            raise SettingsError(f"cannot record the sound to {path}: {error}.") from None
        self._sample_rate = sample_rate
        self._on_trouble = on_trouble
        self._blocks: queue.SimpleQueue[np.ndarray | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="tape", daemon=True)
        self._thread.start()

    def put(self, samples: np.ndarray) -> None:
        """Take samples, which are copied."""
        self._blocks.put(samples.copy())

    def close(self) -> None:
        """Write what waits and close the file; a second call does nothing."""
        self._blocks.put(None)
        self._thread.join(ENDING_S)

    def _run(self) -> None:
        unsaved = 0
        while (samples := self._blocks.get()) is not None:
            try:
                self._file.write(samples)
                unsaved += len(samples)
                if unsaved >= FLUSH_S * self._sample_rate:
                    self._file.flush()
                    unsaved = 0
            except (OSError, RuntimeError) as error:
                self._on_trouble(f"the sound cannot be recorded: {error}")
        self._file.close()


class Taped(Relay):
    """A source whose blocks are kept.

    Parameters
    ----------
    source : Source
        Delivers them.
    tape : Tape
        Keeps them.
    on_gap : callable
        Called with the place in the file and the samples that are missing there.
    """

    def __init__(self, source: Source, tape: Tape, on_gap: Callable[[int, int], None]) -> None:
        super().__init__(source)
        self._tape = tape
        self._on_gap = on_gap
        self._written = 0

    def read(self, timeout_s: float) -> AudioBlock | None:
        """Next block; None when none came within ``timeout_s`` seconds or the source finished."""
        block = super().read(timeout_s)
        if block is not None:
            if block.gap:
                self._on_gap(self._written, block.gap)
            self._tape.put(block.samples)
            self._written += len(block.samples)
        return block
