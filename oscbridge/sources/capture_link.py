"""Our end of the capture process: start it, take its records, end it within a moment.

Conventions
-----------
A reader thread moves records from the pipe into a `Handover`. When nobody takes them, that fills,
then the pipe, then the ring in the capture process, which counts what it loses.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, BinaryIO, cast

import msgspec

from oscbridge.errors import DeviceError
from oscbridge.own_process import environment, module_arguments
from oscbridge.sources.handover import Handover
from oscbridge.sources.records import DeviceList, Failed, Record, Request, read_record

if TYPE_CHECKING:
    from oscbridge.sources.devices import InputDevice

PROGRAM = module_arguments("oscbridge.sources.capture")
"""``-P``: a ``numpy.py`` in the user's folder is none of ours."""
_QUEUED_RECORDS = 256
_STOP_S = 0.2


class CaptureLink:
    """A running capture process.

    Parameters
    ----------
    request : Request
        What it shall do.
    """

    def __init__(self, request: Request) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._records: Handover[Record] = Handover(_QUEUED_RECORDS)
        self._reader = threading.Thread(target=self._run, name="capture-reader", daemon=True)
        self._reader.start()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it died at once: the reader says so
            self._process.stdin.write(msgspec.json.encode(request) + b"\n")
            self._process.stdin.flush()

    @property
    def pid(self) -> int:
        """Number of the capture process."""
        return self._process.pid

    def next(self, timeout_s: float) -> Record | None:
        """Next record, or None when none came within ``timeout_s`` seconds.

        A process that ended, for whatever reason, is a `Failed` record.
        """
        return self._records.take(timeout_s)

    def close(self) -> None:
        """End the process: politely first, then at once. A second call does nothing."""
        if self._records.closed:
            return
        self._records.close()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(_STOP_S)

    def _run(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            while not self._records.closed:
                record = read_record(cast("BinaryIO", stream))
                if record is None:
                    self._records.put(Failed("device", self._last_words()))
                    return
                self._records.put(record)

    def _last_words(self) -> str:
        """Say how the process ended that did not say so itself: a driver may crash."""
        try:
            status = self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            status = 0
        try:
            how = f" ({signal.Signals(-status).name})" if status < 0 else ""
        except ValueError:
            how = f" (status {status})"
        return f"the audio system crashed{how}; OSCBRIDGE_AUDIO_DEBUG=1 shows what it said"


def list_devices(timeout_s: float = 10.0) -> list[InputDevice]:
    """Ask the audio system for its inputs.

    Parameters
    ----------
    timeout_s : float
        Longest wait, seconds: a half-dead sound server can block for minutes.

    Returns
    -------
    list of InputDevice
        By number; empty where there is none.

    Raises
    ------
    MissingExtraError
        PyAudio is not installed.
    DeviceError
        The audio system failed or did not answer.
    """
    link = CaptureLink(Request(list=True))
    try:
        record = link.next(timeout_s)
    finally:
        link.close()
    if isinstance(record, Failed):
        raise record.error()
    if not isinstance(record, DeviceList):
        raise DeviceError(f"the audio system did not answer within {timeout_s:g} s.")
    return record.devices
