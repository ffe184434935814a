"""Our end of a MIDI process: start it, order, read, end it."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time

import msgspec

from oscbridge.errors import DeviceError, MissingExtraError
from oscbridge.midi.lines import LineReader, LineWriter
from oscbridge.midi.records import (
    MidiOrder,
    MidiRecord,
    MidiRequest,
    Ports,
    Refused,
    Silent,
    Watch,
)
from oscbridge.own_process import module_arguments, open_child

PROGRAM = module_arguments("oscbridge.midi.process")
OPEN_S = 10.0
"""Longest wait for a MIDI system to answer."""
QUIET_S = 6.0
"""A process that says nothing for so long is stuck. JACK may wait 5 s for a client that died."""
HOPELESS_S = 15.0
"""One that says nothing for so long is ended; no sooner, since then JACK may wait for that one."""
LEAVE_S = 0.5
"""How long a process may take to leave."""
_ENDING_S = 0.05


class MidiProcess:
    """A running MIDI process.

    Parameters
    ----------
    request : MidiRequest
        What it has to do.

    Attributes
    ----------
    prompt : bool
        Whether `order` never waits.
    """

    def __init__(self, request: MidiRequest) -> None:
        self._process = open_child(PROGRAM)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._orders = LineWriter(self._process.stdin)
        self._records = LineReader(self._process.stdout.fileno())
        self._spoken, self._spoke_s = False, time.monotonic()
        self.prompt = self._orders.prompt
        self._orders.put(msgspec.json.encode(request))

    def order(self, order: MidiOrder) -> bool:
        """Order something; False where it takes no more, because it is stuck or gone."""
        return self._orders.put(msgspec.json.encode(order))

    def next(self, timeout_s: float) -> MidiRecord | None:
        """Next record; None when none came in time, `Refused` when the process has ended."""
        line = self._records.take(timeout_s)
        if line is not None:
            self._spoken, self._spoke_s = True, time.monotonic()
            return msgspec.json.decode(line, type=MidiRecord)
        if self._records.ended:
            return Refused(f"the MIDI system crashed{self._how_it_ended()}.")
        return None

    @property
    def stuck(self) -> bool:
        """Whether it has said nothing for too long; the first word takes longer."""
        return time.monotonic() - self._spoke_s > (QUIET_S if self._spoken else OPEN_S)

    @property
    def hopeless(self) -> bool:
        """Whether there is nothing to be hoped for from it."""
        return time.monotonic() - self._spoke_s > HOPELESS_S

    def _how_it_ended(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired, ValueError):
            status = self._process.wait(_ENDING_S)
            return f" ({signal.Signals(-status).name})" if status < 0 else ""
        return ""

    def leave(self) -> None:
        """Ask it to leave."""
        self._orders.close()

    def end(self) -> None:
        """Let it leave, or, if it does not within `LEAVE_S`, kill it."""
        assert self._process.stdout is not None
        self.leave()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(LEAVE_S)
        self._process.kill()
        self._process.wait()
        self._records.close()
        self._process.stdout.close()


def error_of(refused: Refused) -> DeviceError | MissingExtraError:
    """The error that a refusal is for people."""
    if refused.package:
        return MissingExtraError("MIDI", refused.package, "midi")
    return DeviceError(refused.detail)


def list_ports() -> Ports:
    """Names of all MIDI ports.

    Raises
    ------
    MissingExtraError
        mido or python-rtmidi is not installed.
    DeviceError
        MIDI does not answer.
    """
    process = MidiProcess(Watch())
    try:
        record = process.next(OPEN_S)
    finally:
        process.end()
    if isinstance(record, Refused):
        raise error_of(record)
    if isinstance(record, Silent):
        raise DeviceError(record.detail)
    if not isinstance(record, Ports):
        raise DeviceError(f"MIDI did not answer within {OPEN_S:g} s.")
    return record
