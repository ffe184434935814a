"""Our end of a MIDI process: start it, order, read, end it."""

from __future__ import annotations

from oscbridge.errors import DeviceError, MissingExtraError
from oscbridge.line_process import LineProcess
from oscbridge.midi.records import MidiRecord, MidiRequest, Ports, Refused, Silent, Watch
from oscbridge.own_process import module_arguments

PROGRAM = module_arguments("oscbridge.midi.process")
OPEN_S = 10.0
"""Longest wait for a MIDI system to answer."""
QUIET_S = 6.0
"""A process that says nothing for so long is stuck. JACK may wait 5 s for a client that died."""
HOPELESS_S = 15.0
"""One that says nothing for so long is ended; no sooner, since then JACK may wait for that one."""


class MidiProcess(LineProcess[MidiRecord]):
    """A running MIDI process.

    Parameters
    ----------
    request : MidiRequest
        What it has to do.
    """

    def __init__(self, request: MidiRequest) -> None:
        super().__init__(PROGRAM, request, MidiRecord, _crashed, open_s=OPEN_S, quiet_s=QUIET_S)

    @property
    def hopeless(self) -> bool:
        """Whether there is nothing to be hoped for from it."""
        return self.quiet_for_s > HOPELESS_S


def _crashed(how: str) -> Refused:
    return Refused(f"the MIDI system crashed{how}.")


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
