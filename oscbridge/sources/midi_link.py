"""Our end of the MIDI processes: take what was played, notice what is gone, take it up again.

Conventions
-----------
One process holds the port and tells what is played, another tells every `WATCH_S` which ports there
are: MIDI tells nobody when a cable is pulled. A thread reads both and queues messages with the
instant at which they were played. When the port is gone, or a process says nothing for `QUIET_S`,
every key is let go, so that no note hangs, ``health`` says what is waited for, and the port is
opened again as soon as it is there.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import threading
import time
from collections import deque

import msgspec

from oscbridge.errors import DeviceError, MissingExtraError
from oscbridge.own_process import module_arguments, open_child
from oscbridge.sources.base import Health
from oscbridge.sources.byte_pipe import open_pipe
from oscbridge.sources.midi_capture import Heard, MidiRecord, MidiRequest, Opened, Ports, Refused
from oscbridge.sources.midi_port import MOST_WAITING, all_keys_up, steady

PROGRAM = module_arguments("oscbridge.sources.midi_capture")
OPEN_S = 10.0
"""Longest wait for a MIDI system to answer."""
WATCH_S = 1.0
"""How often to look which ports there are, seconds."""
QUIET_S = 4.0
"""A process that says nothing for so long is stuck."""
_LOOK_UP_S = 0.05
_MOST_BYTES = 4096


class _MidiProcess:
    """A running MIDI process, read line by line."""

    def __init__(self, request: MidiRequest) -> None:
        self._process = open_child(PROGRAM)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._pipe = open_pipe(self._process.stdout.fileno(), _MOST_BYTES)
        self._lines: deque[bytes] = deque()
        self._rest = b""
        self._ended = False
        self._spoken, self._spoke_s = False, time.monotonic()
        with contextlib.suppress(OSError):  # it died at once: its silence says so
            self._process.stdin.write(msgspec.json.encode(request) + b"\n")

    def next(self, timeout_s: float) -> MidiRecord | None:
        """Next record; None when none came in time, `Refused` when the process has ended."""
        deadline_s = time.monotonic() + timeout_s
        while not self._lines and not self._ended:
            data = self._pipe.take(deadline_s - time.monotonic())
            if data is None:
                return None
            self._ended = not data
            self._spoken, self._spoke_s = True, time.monotonic()
            *whole, self._rest = (self._rest + data).split(b"\n")
            self._lines += whole
        if self._lines:
            return msgspec.json.decode(self._lines.popleft(), type=MidiRecord)
        return Refused(f"the MIDI system crashed{self._how_it_ended()}.")

    @property
    def stuck(self) -> bool:
        """Whether it has said nothing for too long; the first word takes longer."""
        return time.monotonic() - self._spoke_s > (QUIET_S if self._spoken else OPEN_S)

    def _how_it_ended(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired, ValueError):
            status = self._process.wait(_LOOK_UP_S)
            return f" ({signal.Signals(-status).name})" if status < 0 else ""
        return ""

    def end(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()
        self._pipe.close()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with contextlib.suppress(OSError):
                stream.close()


def _error_of(refused: Refused) -> DeviceError | MissingExtraError:
    if refused.package:
        return MissingExtraError("a MIDI input", refused.package, "midi")
    return DeviceError(refused.detail)


def list_midi_inputs() -> list[str]:
    """Names of the MIDI inputs.

    Raises
    ------
    MissingExtraError
        mido or python-rtmidi is not installed.
    DeviceError
        MIDI does not answer.
    """
    process = _MidiProcess(MidiRequest())
    try:
        record = process.next(OPEN_S)
    finally:
        process.end()
    if isinstance(record, Refused):
        raise _error_of(record)
    if not isinstance(record, Ports):
        raise DeviceError(f"MIDI did not answer within {OPEN_S:g} s.")
    return record.names


class MidiLink:
    """An open MIDI input, whatever the MIDI system does; an `oscbridge.keyboard.KeyInput`.

    Parameters
    ----------
    wanted : str
        Name of the port or a part of it.
    watch_s : float
        How often to look whether the port is there, seconds.

    Raises
    ------
    DeviceError
        No such port, or it cannot be opened, or MIDI does not answer.
    MissingExtraError
        mido or python-rtmidi is not installed.
    """

    def __init__(self, wanted: str, watch_s: float = WATCH_S) -> None:
        self._received: deque[tuple[float, bytes]] = deque(maxlen=MOST_WAITING)
        player = _MidiProcess(MidiRequest(wanted=wanted))
        record = player.next(OPEN_S)
        if not isinstance(record, Opened):
            player.end()
            if isinstance(record, Refused):
                raise _error_of(record)
            raise DeviceError(f"MIDI did not answer within {OPEN_S:g} s.")
        self.name = record.name
        self._trouble = ""
        self._player: _MidiProcess | None = player
        self._watching = MidiRequest(watch_s=watch_s)
        self._watcher = _MidiProcess(self._watching)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="midi-link", daemon=True)
        self._thread.start()

    @property
    def health(self) -> Health:
        """Whether the port is there."""
        return Health(not self._trouble, self._trouble or f"keyboard {self.name}")

    def take(self) -> list[tuple[float, bytes]]:
        """Messages since the last call, oldest first, each with its age in seconds."""
        now_s = time.monotonic()
        taken: list[tuple[float, bytes]] = []
        while self._received:
            at_s, message = self._received.popleft()
            taken.append((max(now_s - at_s, 0.0), message))
        return taken

    def close(self) -> None:
        """Let the port go; a second call does nothing."""
        self._closing.set()
        self._thread.join()
        self._watcher.end()
        if self._player is not None:
            self._player.end()

    def _run(self) -> None:
        while not self._closing.is_set():
            if self._player is None:
                self._closing.wait(_LOOK_UP_S)
            else:
                self._hear(self._player)
            record = self._watcher.next(0.0)
            if isinstance(record, Ports):
                self._look(record.names)
            elif isinstance(record, Refused) or self._watcher.stuck:
                self._lose("does not answer")
                self._watcher.end()
                self._closing.wait(WATCH_S)
                self._watcher = _MidiProcess(self._watching)

    def _hear(self, player: _MidiProcess) -> None:
        """Take the next message, waiting a little."""
        record = player.next(_LOOK_UP_S)
        if isinstance(record, Heard):
            self._received.append((time.monotonic() - record.age_s, record.message))
        elif isinstance(record, Opened):  # of a process that was started anew
            self.name, self._trouble = record.name, ""
        elif isinstance(record, Refused):
            self._lose("is gone")
        elif player.stuck:
            self._lose("does not answer")

    def _look(self, names: list[str]) -> None:
        """Note whether our port is among those there are; open it again if it has come back."""
        there = steady(self.name) in map(steady, names)
        if not there:
            self._lose("is gone")
        elif self._player is None:
            self._player = _MidiProcess(MidiRequest(wanted=steady(self.name)))

    def _lose(self, what: str) -> None:
        """Let go of the port, and note the loss once: every key is let go."""
        player, self._player = self._player, None
        if player is not None:
            player.end()
        if not self._trouble:
            now_s = time.monotonic()
            self._received.extend((now_s, message) for message in all_keys_up())
            self._trouble = f"keyboard {self.name} {what}; waiting for it to come back"
