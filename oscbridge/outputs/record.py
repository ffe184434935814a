r"""Record every signal as JSON lines, for analysis later and for `tail -f` now.

Conventions
-----------
One object a line. The first line of a session tells the date and the version::

    {"record": 1, "version": "0.1.0", "started": "2026-05-04T10:11:12.345Z"}
    {"time_s": 0.0532, "signal": "valence", "address": "/oscbridge/valence", "args": [0.21]}

    {"time_s": 7.2104, "mark": "chorus"}

The last one is where a person said that a new section begins (``in/segment/mark``). ``time_s``
counts from the first line by a clock that never jumps. All signals are recorded under
their own names, opt-in ones too, whatever preset the OSC output uses. An existing file is
continued, never overwritten. Lines are flushed with every batch. A pipe is written to as well, and
what its reader does not take in time is lost and counted: a slow reader must not stop the OSC.
"""

from __future__ import annotations

import errno
import os
import time
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec

from oscbridge import __version__
from oscbridge.errors import SettingsError
from oscbridge.orders import Mark
from oscbridge.outputs.base import ALONE, OutputConfig, Wiring

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.orders import Command
    from oscbridge.protocol import Message

FORMAT = 1


class Config(OutputConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where to write."""

    path: Annotated[
        str, msgspec.Meta(min_length=1, description="file to write, JSON lines; it is continued")
    ]


class RecordOutput:
    """A file of JSON lines.

    Raises
    ------
    SettingsError
        When the file cannot be written.
    """

    prompt = False  # a disk may take its time

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = f"record {path}"
        self.sent = 0
        self.errors = 0
        self.detail = ""
        self._clock = clock
        self._torn = False
        self._encode = msgspec.json.Encoder().encode
        try:
            self._file = FileIO(path, "ab", opener=_open_without_waiting)
        except OSError as error:
            if error.errno == errno.ENXIO:
                raise SettingsError(f"cannot record to {path}: nobody reads this pipe.") from None
            raise SettingsError(f"cannot record to {path}: {error.strerror}.") from None
        self._start = clock()
        started = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._write(
            self._encode({"record": FORMAT, "version": __version__, "started": started}) + b"\n", 0
        )
        if self.errors:
            self.close()
            raise SettingsError(f"cannot record to {path}: {self.detail}.")

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
        # Unbuffered, so that a full disk shows here and not at close, and `tail -f` sees it now.
        # A write that failed half way is closed by a line end, so that one line is lost, not two.
        view = memoryview(b"\n" + lines if self._torn else lines)
        try:
            while view:
                written = self._file.write(view)
                if written is None:
                    raise BlockingIOError(errno.EAGAIN, "its reader is too slow")
                view = view[written:]
        except OSError as error:
            self.errors += max(count, 1)
            self.detail = error.strerror or str(error)
            self._torn = True
        else:
            self.sent += count
            self.detail = ""
            self._torn = False

    def obey(self, command: Command) -> None:
        """Write down where a person says that a new section begins."""
        if isinstance(command, Mark) and not self._file.closed:
            time_s = round(self._clock() - self._start, 6)
            self._write(self._encode({"time_s": time_s, "mark": command.label}) + b"\n", 0)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._file.close()


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file as `open` does, but never wait for the reader of a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o666)


def open(config: Config, wiring: Wiring = ALONE) -> RecordOutput:
    """Open the file. Raises `SettingsError` where it cannot be written."""
    output = RecordOutput(Path(config.path).expanduser())
    if wiring.receiver is not None:
        wiring.receiver.keep_marks()
    return output
