"""Our end of the capture process: start it, take its records, end it within a moment.

Conventions
-----------
Whoever asks for the next record waits for the pipe itself (`oscbridge.sources.byte_pipe`). When
nobody asks, the pipe fills and the capture process says no more; the shared ring goes on turning,
and its reader counts what it lost.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from oscbridge.errors import DeviceError
from oscbridge.own_process import module_arguments, open_child
from oscbridge.sources.byte_pipe import open_pipe
from oscbridge.sources.records import DeviceList, Failed, Opened, Record, RecordReader, Request
from oscbridge.sources.shared_ring import SharedMemory, open_ring

if TYPE_CHECKING:
    from oscbridge.ring import Ring
    from oscbridge.sources.devices import InputDevice

PROGRAM = module_arguments("oscbridge.sources.capture")
"""``-P``: a ``numpy.py`` in the user's folder is none of ours."""
_MOST_BYTES = 4096
_STOP_S = 0.2


class CaptureLink:
    """A running capture process.

    Parameters
    ----------
    request : Request
        What it shall do.
    """

    def __init__(self, request: Request) -> None:
        self._memory = SharedMemory()
        self._process = open_child(PROGRAM, self._memory.inherited)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._pipe = open_pipe(self._process.stdout.fileno(), _MOST_BYTES)
        self._records = RecordReader()
        self._reading = threading.Lock()
        self._closed = False
        with contextlib.suppress(OSError):  # it died at once: the reader says so
            self._process.stdin.write(
                msgspec.json.encode(replace(request, memory=self._memory.key)) + b"\n"
            )
            self._process.stdin.flush()

    @property
    def fd(self) -> int | None:
        """File descriptor that can be read when there is a record; None where there is none."""
        return self._pipe.fd

    @property
    def pid(self) -> int:
        """Number of the capture process."""
        return self._process.pid

    def next(self, timeout_s: float) -> Record | None:
        """Next record, or None when nothing came for ``timeout_s`` seconds.

        A process that ended, for whatever reason, is a `Failed` record.
        """
        records = self._records
        with self._reading:
            record = records.next() if records.waiting else None
            while record is None and not self._closed:
                data = self._pipe.take(timeout_s)
                if data:
                    record = records.push(data)
                elif data is None:
                    return None
                elif not self._closed:
                    return self._last_words()
        return record

    def open_ring(self, opened: Opened) -> Ring:
        """Open the ring of the stream that the process has opened.

        Raises
        ------
        DeviceError
            The memory cannot be shared.
        """
        try:
            return open_ring(self._memory.key, opened.capacity, opened.channels)
        except (OSError, ValueError) as error:
            raise DeviceError(f"cannot share memory with the audio system: {error}.") from None

    def close(self) -> None:
        """End the process: politely first, then at once. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self._pipe.close()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._memory.close()
        if self._reading.acquire(timeout=_STOP_S):  # its end has woken whoever waited
            self._process.stdout.close()
            self._reading.release()

    def _last_words(self) -> Failed:
        """Say how the process ended that did not say so itself: a driver may crash."""
        try:
            status = self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            status = 0
        try:
            how = f" ({signal.Signals(-status).name})" if status < 0 else ""
        except ValueError:
            how = f" (status {status})"
        return Failed(
            "device", f"the audio system crashed{how}; OSCBRIDGE_AUDIO_DEBUG=1 shows what it said"
        )


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
