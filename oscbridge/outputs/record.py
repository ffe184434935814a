"""Record everything that comes in and goes out as JSON lines: to replay, to report, to `tail -f`.

Conventions
-----------
The lines are those of `oscbridge.recorded.lines`: one object each, a head first, then what came in
and what was said, in order. All signals are recorded under their own names, opt-in ones too,
whatever preset the OSC output uses. An existing file is continued, never overwritten. Lines are
flushed with every batch. A pipe is written to as well, and what its reader does not take in time is
lost and counted: a slow reader must not stop the OSC.

With ``audio`` the sound is kept beside it (`oscbridge.recorded.tape`).

When a disk fills while a session is recorded, a warning says so once; what cannot be written is
counted, and when there is room again the record goes on.
"""

from __future__ import annotations

import errno
import logging
import math
import os
import stat
import time
from dataclasses import asdict
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec

from oscbridge import __version__
from oscbridge.beginning import kept_settings
from oscbridge.errors import SettingsError
from oscbridge.orders import Mark
from oscbridge.outputs.base import ALONE, OutputConfig, Wiring
from oscbridge.recorded.lines import FORMAT, as_plain
from oscbridge.recorded.tape import Tape, Taped, free_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.beginning import Beginning
    from oscbridge.config import Config as Settings
    from oscbridge.events import Event, State
    from oscbridge.orders import Command
    from oscbridge.protocol import Message
    from oscbridge.sources.base import Source

_log = logging.getLogger(__name__)

QUIET_S = 60.0
"""Trouble that was not there for so long is worth another warning."""


class Config(OutputConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where to write."""

    path: Annotated[
        str, msgspec.Meta(min_length=1, description="file to write, JSON lines; it is continued")
    ]
    audio: Annotated[
        bool, msgspec.Meta(description="keep the sound, too: a .w64 file beside it, 32-bit float")
    ] = False


class RecordOutput:
    """A file of JSON lines.

    Parameters
    ----------
    path : Path
        Where to write.
    audio : bool
        Whether the sound is kept beside it.
    clock : callable
        Seconds, monotonic; the one by which everything is said.

    Raises
    ------
    SettingsError
        When the file cannot be written.
    """

    prompt = False  # a disk may take its time

    def __init__(
        self, path: Path, *, audio: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = f"record {path}"
        self._path = path
        self._audio = audio
        self._tape: Tape | None = None
        self.sent = 0
        self.errors = 0
        self._detail = self._sound_detail = ""
        self._warned_s = -math.inf
        self._clock = clock
        self._encode = msgspec.json.Encoder().encode
        try:
            self._file = FileIO(path, "ab", opener=_open_without_waiting)
        except OSError as error:
            if error.errno == errno.ENXIO:
                raise SettingsError(f"cannot record to {path}: nobody reads this pipe.") from None
            raise SettingsError(f"cannot record to {path}: {error.strerror}.") from None
        self._torn = _breaks_off(path, self._file)
        self._start = clock()
        started = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        head = {"record": FORMAT, "version": __version__, "started": started}
        try:
            self._append(self._encode(head) + b"\n")
        except OSError as error:
            self.close()
            raise SettingsError(f"cannot record to {path}: {error.strerror}.") from None

    @property
    def detail(self) -> str:
        """What is wrong now, empty where nothing is; sound that was lost stays lost."""
        return self._detail or self._sound_detail

    def begin(self, config: Settings, beginning: Beginning, source: Source) -> Source:
        """Write down where it all begins, and keep the sound where that is wanted."""
        kept = {**asdict(beginning), "input": source.name, "settings": kept_settings(config)}
        if self._audio:
            path = free_name(self._path)
            self._tape = Tape(path, source.sample_rate, self._complain)
            source = Taped(source, self._tape, self._note_gap)
            kept["audio"] = path.name
        self._put("begin", kept)
        return source

    def attend(self, states: Sequence[State], events: Sequence[Event], now_s: float) -> None:
        """Write down what came in."""
        came = [as_plain(result) for result in (*states, *events)]
        self._put("turn", {"now_s": now_s, "states": len(states), "in": came})

    def send(self, messages: Sequence[Message]) -> None:
        """Append one line a message; what cannot be written is counted."""
        if self._file.closed or not messages:
            return
        time_s = round(self._clock() - self._start, 6)
        lines = bytearray()
        for signal, args in messages:
            lines += self._encode(
                {
                    "time_s": time_s,
                    "signal": signal.name,
                    "address": signal.address,
                    "args": args,
                }
            )
            lines += b"\n"
        self._write(bytes(lines), len(messages))

    def _write(self, lines: bytes, count: int) -> None:
        try:
            self._append(lines)
        except OSError as error:
            self.errors += max(count, 1)
            self._detail = error.strerror or str(error)
            if not isinstance(error, BlockingIOError):  # a slow reader of a pipe does so often
                self._warn(self._detail)
        else:
            self.sent += count
            self._detail = ""

    def _append(self, lines: bytes) -> None:
        # Unbuffered, so that a full disk shows here and not at close, and `tail -f` sees it now.
        # A write that failed half way is closed by a line end, so that one line is lost, not two.
        view = memoryview(b"\n" + lines if self._torn else lines)
        self._torn = True
        while view:
            written = self._file.write(view)
            if written is None:
                raise BlockingIOError(errno.EAGAIN, "its reader is too slow")
            view = view[written:]
        self._torn = False

    def obey(self, command: Command) -> None:
        """Write down where a person says that a new section begins."""
        if isinstance(command, Mark):
            self._put("mark", command.label)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        if self._tape is not None:
            self._tape.close()
            self._tape = None
        self._file.close()

    def _put(self, key: str, value: object) -> None:
        """Append a line that is no message."""
        if not self._file.closed:
            time_s = round(self._clock() - self._start, 6)
            self._write(self._encode({"time_s": time_s, key: value}) + b"\n", 0)

    def _note_gap(self, at: int, samples: int) -> None:
        self._put("gap", {"at": at, "samples": samples})

    def _complain(self, detail: str) -> None:
        self.errors += 1
        self._sound_detail = detail
        self._warn(detail)

    def _warn(self, detail: str) -> None:
        """Log what cannot be recorded: when it begins, not at every line."""
        now_s = self._clock()
        if now_s - self._warned_s > QUIET_S:
            _log.warning("not all is recorded to %s: %s; it is tried again", self._path, detail)
        self._warned_s = now_s


def _breaks_off(path: Path, file: FileIO) -> bool:
    """Whether a file that is continued ends within a line, as a crash leaves it."""
    about = os.fstat(file.fileno())
    if not stat.S_ISREG(about.st_mode) or not about.st_size:
        return False
    try:
        with FileIO(path, "rb") as reader:
            reader.seek(-1, os.SEEK_END)
            return reader.read(1) != b"\n"
    except OSError:  # may be written, not read: an empty line more does no harm
        return True


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file as `open` does, but never wait for the reader of a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o666)


def open(config: Config, wiring: Wiring = ALONE) -> RecordOutput:
    """Open the file. Raises `SettingsError` where it cannot be written."""
    return RecordOutput(Path(config.path).expanduser(), audio=config.audio)
