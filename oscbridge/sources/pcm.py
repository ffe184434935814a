"""Raw samples on standard input: the source ``-``, for whatever else can make sound.

For example ``ffmpeg -i URL -f s16le -ac 2 -ar 44100 - | oscbridge run --source -``.

Conventions
-----------
Interleaved samples, little endian, no header: 16 bit integers (``s16le``) or floats (``f32le``).
The writer sets the pace; nothing is dropped. The end of the input ends the source; bytes of an
incomplete last frame are left out and named in `StandardInput.health`. An input without a sample,
or one that is a file with a header, is an `InputError` as soon as that is known.
"""

from __future__ import annotations

import math
import os
import sys
from typing import TYPE_CHECKING

import numpy as np

from dsp.types import AudioBlock
from oscbridge.errors import InputError
from oscbridge.sources.base import Awaited, Health
from oscbridge.sources.byte_pipe import open_pipe
from oscbridge.sources.mixdown import Mixdown

if TYPE_CHECKING:
    from oscbridge.sources.settings import SourceSettings
    from oscbridge.stats import Stats

DEFAULT_RATE = 44_100
DEFAULT_BLOCK = 1024
_FULL_SCALE_S16 = np.float32(32768.0)
_CONTAINERS = {
    b"RIFF": "a WAV file",
    b"fLaC": "a FLAC file",
    b"OggS": "an OGG file",
    b"ID3\x03": "an MP3 file",
    b"ID3\x04": "an MP3 file",
}


class StandardInput:
    """Raw PCM from a pipe.

    Parameters
    ----------
    settings : SourceSettings
        ``pcm_format``, ``pcm_channels``, ``sample_rate``, ``channels`` and ``block_size``.
    stats : Stats, optional
        Counts ``nonfinite`` and ``clipped``.
    fd : int, optional
        File descriptor to read; that of standard input by default.

    Attributes
    ----------
    name : str
        ``"standard input"``.
    sample_rate : int
        As told, Hz.
    latency_s, block_s : float
        One block, seconds.

    Raises
    ------
    InputError
        Standard input is a terminal or closed, or has not the channel that was asked for.
    """

    name = "standard input"

    def __init__(
        self, settings: SourceSettings, stats: Stats | None = None, fd: int | None = None
    ) -> None:
        self._fd = _standard_input() if fd is None else fd
        self.sample_rate = settings.sample_rate or DEFAULT_RATE
        self._dtype = np.dtype("<i2" if settings.pcm_format == "s16le" else "<f4")
        self._channels = settings.pcm_channels
        block_size = settings.block_size or DEFAULT_BLOCK
        self.latency_s = self.block_s = block_size / self.sample_rate
        self._mixdown = Mixdown(
            self.name, self._channels, settings.channels, stats, max_block=block_size
        )
        self._block_bytes = block_size * self._frame_bytes
        self._pending = b""
        self._position = 0
        self._trailing = 0
        self._finished = False
        self._reads = open_pipe(self._fd, self._block_bytes)

    @property
    def _frame_bytes(self) -> int:
        return self._dtype.itemsize * self._channels

    @property
    def finished(self) -> bool:
        """True when the input has ended and all of it was read, or when closed."""
        return self._finished

    @property
    def health(self) -> Health:
        """Whether the input looks like what it should be."""
        if self._trailing:
            return Health(
                True,
                f"standard input ended; {self._trailing} byte(s) of an incomplete frame left out",
            )
        words = "ended" if self._finished else f"{self.sample_rate} Hz, {self._channels} channel(s)"
        return Health(True, f"standard input, {words}")

    @property
    def awaited(self) -> Awaited:
        """Bytes in the pipe, unless a frame is here already."""
        if self._finished or len(self._pending) >= self._frame_bytes:
            return Awaited(0.0)
        return Awaited(0.0 if self._reads.fd is None else math.inf, self._reads.fd)

    def read(self, timeout_s: float) -> AudioBlock | None:
        """Next block; see `oscbridge.sources.base.Source`.

        Raises
        ------
        InputError
            The input ends without a sample, or begins like a file with a header.
        """
        while not self._finished and len(self._pending) < self._frame_bytes:
            data = self._reads.take(timeout_s)
            if data is None:
                return None
            if not data:
                self._trailing = len(self._pending)
                self._finished = True
                if self._position == 0:
                    raise InputError("standard input ended without a sample: its writer failed?")
                return None
            self._pending += data
            if self._position == 0:
                _refuse_containers(self._pending)
        if self._finished:
            return None
        usable = min(len(self._pending), self._block_bytes)
        usable -= usable % self._frame_bytes
        block = self._block_of(self._pending[:usable])
        self._pending = self._pending[usable:]
        return block

    def _block_of(self, data: bytes) -> AudioBlock:
        frames = np.frombuffer(data, dtype=self._dtype).astype(np.float32)
        if self._dtype.kind == "i":
            frames /= _FULL_SCALE_S16
        samples = self._mixdown.push(frames.reshape(-1, self._channels))
        block = AudioBlock(samples, self._position, self.sample_rate)
        self._position = block.stop
        return block

    def want(self, count: int) -> None:
        """Blocks come as they are."""

    def close(self) -> None:
        """Stop reading; a second call does nothing. Standard input itself stays open."""
        self._finished = True
        self._reads.close()


def _refuse_containers(begin: bytes) -> None:
    """Raise `InputError` where the input begins like a file with a header."""
    for magic, what in _CONTAINERS.items():
        if begin.startswith(magic):
            raise InputError(
                f"standard input begins like {what}, but raw samples are expected: give the file's"
                " name as the source."
            )


def _standard_input() -> int:
    if sys.stdin is None or sys.stdin.closed:
        raise InputError("there is no standard input to read samples from.")
    fd = sys.stdin.fileno()
    if os.isatty(fd):
        raise InputError(
            "standard input is a terminal: pipe raw samples into it, for example"
            f" ffmpeg -i song.mp3 -f s16le -ac 2 -ar {DEFAULT_RATE} - | oscbridge run --source -"
        )
    return fd
