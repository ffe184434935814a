"""An audio file as a source: paced as in real life, or as fast as it is read.

Conventions
-----------
What libsndfile decodes can be read: WAV, FLAC, OGG (Vorbis, Opus), MP3, AIFF and more. A file that
cannot be used is an `InputError` before anything starts; one that breaks off delivers what it has
and says so in `File.health`. Paced reading gives a block out when its last sample would have been
played, exactly as a device does. It decodes some blocks ahead: libsndfile takes as long for a short
piece as for a tenfold one. Files of one run do that in turn, not all with the same block.
"""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import soundfile

from dsp.types import AudioBlock
from oscbridge.errors import InputError
from oscbridge.sources.base import Awaited, Health
from oscbridge.sources.mixdown import Mixdown
from oscbridge.sources.pace import Pace
from oscbridge.sources.settings import SAMPLE_RATES

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.sources.settings import SourceSettings
    from oscbridge.stats import Stats

FORMATS = "WAV, FLAC, OGG (Vorbis, Opus), MP3 and AIFF"
PACED_BLOCK = 512
FAST_BLOCK = 65536
AHEAD = 8192
"""Frames that are decoded at once, in whole blocks, where paced."""

_DATA_CHUNK = re.compile(r"data : (\d+) \(should be (\d+)\)")
_OPENED = itertools.count()
_UNKNOWN_SIZE = 0x7FFF_F000  # what programs write that do not know the length in advance
_BROKEN_OFF = ("without an End-Of-Stream", "lacks an end-of-stream", "> file length")
_MP3_SLACK = 4 * 1152  # encoders disagree about their own padding


class File:
    """An audio file.

    Parameters
    ----------
    path : str
        Where it is.
    settings : SourceSettings
        ``channels`` (counted from 1, all by default) and ``block_size`` (512 paced, 65536 fast).
    realtime : bool
        Pace as in real life.
    stats : Stats, optional
        Counts ``nonfinite`` and ``clipped``.
    on_frames : callable, optional
        Is shown what was decoded, shape=(n, channels), float32, before it is mixed (a view).

    Attributes
    ----------
    name : str
        The file's name without folders.
    sample_rate, channels : int
        Of the file.
    length : int
        Samples that the file says it has.
    latency_s, block_s : float
        One block where paced, else 0.

    Raises
    ------
    InputError
        Missing, unreadable, empty, a folder or a pipe, not audio, no samples, or without a channel
        that was asked for.
    """

    def __init__(
        self,
        path: str,
        settings: SourceSettings,
        *,
        realtime: bool = True,
        stats: Stats | None = None,
        on_frames: Callable[[np.ndarray], None] | None = None,
    ) -> None:
        self.name = os.fsencode(Path(path).name).decode("utf-8", "replace")
        self._file = _open(path)
        self.sample_rate = int(self._file.samplerate)
        self.channels = int(self._file.channels)
        self.length = int(self._file.frames)
        self._broken_off = _says_broken_off(str(self._file.extra_info))
        self._pace = Pace(self.sample_rate) if realtime else None
        block_size = settings.block_size or (PACED_BLOCK if realtime else FAST_BLOCK)
        self.latency_s = self.block_s = block_size / self.sample_rate if realtime else 0.0
        pieces = max(AHEAD // block_size, 1) if realtime else 1
        try:
            self._mixdown = Mixdown(
                repr(self.name),
                self.channels,
                settings.channels,
                stats,
                max_block=pieces * block_size,
            )
        except InputError:
            self._file.close()
            raise
        self._on_frames = on_frames
        self._block_size = block_size
        self._frames = np.zeros((pieces * block_size, self.channels), dtype=np.float32)
        self._wanted = block_size * (1 + next(_OPENED) % pieces)  # frames to decode next
        self._ready = np.zeros(0, dtype=np.float32)  # decoded, mixed, and not handed out yet
        self._waiting: AudioBlock | None = None
        self._well = Health(True, f"{self.name}, {self.sample_rate} Hz, {self.channels} channel(s)")
        self._position = 0
        self._finished = False

    @property
    def duration_s(self) -> float:
        """Length that the file says it has, seconds."""
        return self.length / self.sample_rate

    @property
    def finished(self) -> bool:
        """True after the last block, or when closed."""
        return self._finished

    @property
    def health(self) -> Health:
        """Whether the file is whole, as far as it has been read."""
        if self._broken_off and self._finished:
            heard_s = self._position / self.sample_rate
            return Health(
                False, f"{self.name!r} breaks off after {heard_s:.1f} s: it is incomplete"
            )
        if self._broken_off:
            return Health(False, f"{self.name!r} is incomplete: its end is missing")
        return self._well

    @property
    def awaited(self) -> Awaited:
        """The end of the next block, where paced."""
        if self._pace is None or self._finished:
            return Awaited(0.0)
        stop = self._position if self._waiting else self._position + self._block_size
        return Awaited(self._pace.due_s(stop))

    def read(self, timeout_s: float) -> AudioBlock | None:
        """Next block; see `oscbridge.sources.base.Source`."""
        if self._waiting is None:
            self._waiting = self._next()
        block = self._waiting
        if block is None:
            return None
        if self._pace is not None and not self._pace.wait(block.stop, timeout_s):
            return None
        self._waiting = None
        return block

    def _next(self) -> AudioBlock | None:
        """Cut the next block from what is decoded."""
        if len(self._ready) == 0 and not self._finished:
            self._ready = self._decode()
        if len(self._ready) == 0:
            return None
        samples = self._ready[: self._block_size]
        self._ready = self._ready[self._block_size :]
        start, self._position = self._position, self._position + len(samples)
        arrived_s = None if self._pace is None else self._pace.due_s(self._position)
        return AudioBlock(samples, start, self.sample_rate, arrived_s=arrived_s)

    def _decode(self) -> np.ndarray:
        """Decode and mix the next blocks; no sample at the end of the file."""
        into, self._wanted = self._frames[: self._wanted], len(self._frames)
        try:
            frames = self._file.read(dtype="float32", always_2d=True, out=into)
        except soundfile.LibsndfileError:
            frames = into[:0]
            self._broken_off = True
        if len(frames) == 0:
            self._broken_off |= self._position < self.length - _MP3_SLACK
            self._finished = True
        if self._on_frames is not None:
            self._on_frames(frames)
        return self._mixdown.push(frames)

    def want(self, count: int) -> None:
        """Blocks come as they are."""

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._finished = True
        self._waiting = None
        self._ready = self._ready[:0]
        self._file.close()


def _open(path: str) -> soundfile.SoundFile:
    """Open a file or say in one sentence why not."""
    where = Path(path)
    try:
        if path and where.is_dir():
            raise InputError(f"{path!r} is a folder, not an audio file.")
        if not path or not where.exists():
            raise InputError(f"there is no file {path!r}.")
        if not where.is_file():  # opening a pipe would wait for its writer, for ever perhaps
            raise InputError(
                f"{path!r} is no file but a pipe or a device: audio files are read from a disk, raw"
                " samples with  oscbridge run --source -"
            )
        with where.open("rb") as stream:
            begin = stream.read(4)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path!r} cannot be read: {reason}.") from error
    if not begin:
        raise InputError(f"{path!r} is empty (0 bytes).")
    try:
        # As bytes: a name in another encoding than the system's cannot be written as UTF-8.
        name: Any = os.fsencode(path) if os.name == "posix" else path
        file = soundfile.SoundFile(name)
    except (soundfile.LibsndfileError, TypeError) as error:
        raise InputError(
            f"{path!r} is not audio that can be read here; readable are {FORMATS}."
        ) from error
    low, high = SAMPLE_RATES
    if file.frames == 0 or not low <= file.samplerate <= high:
        problem = (
            "holds no samples"
            if file.frames == 0
            else f"claims {file.samplerate} samples per second"
        )
        file.close()
        raise InputError(f"{path!r} {problem}: it is damaged or was never finished.")
    return file


def _says_broken_off(report: str) -> bool:
    """True when libsndfile's report of the header says that the end of the file is missing."""
    chunk = _DATA_CHUNK.search(report)
    if chunk is not None:
        declared, present = int(chunk[1]), int(chunk[2])
        return present < declared < _UNKNOWN_SIZE
    return any(words in report for words in _BROKEN_OFF)
