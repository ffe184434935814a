"""The capture process: PortAudio in, a shared ring out. Started by `Live`, not by people.

Problem
-------
PortAudio can block for minutes: when a JACK server dies, ``Pa_CloseStream`` and ``Pa_Terminate``
wait ten minutes for a callback that never comes, and without ``Pa_Terminate`` it never finds the
new server. A process can be ended at any moment, so PortAudio lives in its own. It also gives the
callback an interpreter lock of its own, which no analysis can hold.

Conventions
-----------
Standard input: one line of JSON, the request; afterwards its end means "stop". Standard output:
records (`oscbridge.sources.records`). Sound goes straight from PortAudio's callback to the process
that listens, through a ring that both share; the main thread here only watches that it goes on. The
process never waits for PortAudio at its end: it leaves by ``os._exit``.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from functools import partial

import msgspec

from oscbridge.errors import DeviceError, MissingExtraError, OscbridgeError
from oscbridge.own_process import private_stdout, silence_stderr
from oscbridge.priority import Urgency, keep_in_memory, raise_priority
from oscbridge.sources.devices import choose_device
from oscbridge.sources.portaudio import Stream, input_devices, load_pyaudio
from oscbridge.sources.records import (
    DeviceList,
    Failed,
    Opened,
    Request,
    write_audio,
    write_record,
)
from oscbridge.sources.shared_ring import make_ring

PROBE_S = 0.05
"""How long a fresh stream is watched before it is called open."""
FIRST_BLOCK_S = 4.0
"""Longest wait for a first block: a PulseAudio source may take 1.7 s to wake."""
STALL_S = 1.0
"""A stream that delivered nothing for so long is dead."""
CLOSE_S = 0.1
"""Longest wait for PortAudio to close in good order."""
WATCH_S = 0.2
"""How often to look whether the stream still lives."""


class Bell:
    """Tells the listening process of each block, from PortAudio's thread, and never waits.

    Parameters
    ----------
    fd : int
        The pipe; where writing would wait, what is told is left out: the next bell tells more.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._rung = False

    def __call__(self, position: int, overflows: int, arrived_s: float) -> None:
        """Tell of a block."""
        if not self._rung:
            self._rung = True
            raise_priority(Urgency.CAPTURE)  # not every audio system gives its thread that
        try:
            write_audio(self._fd, position, overflows, arrived_s)
        except OSError:
            return


def main() -> None:
    """Serve one request and leave."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then stops us
    out = private_stdout()
    if hasattr(os, "set_blocking"):
        os.set_blocking(out, False)
    silence_stderr()
    keep_in_memory()
    request = msgspec.json.decode(sys.stdin.buffer.readline(), type=Request)
    stop = threading.Event()
    threading.Thread(target=_watch_stdin, args=(stop,), daemon=True).start()
    try:
        _serve(request, out, stop)
    except MissingExtraError as error:
        _tell(out, Failed("extra", str(error)))
    except OscbridgeError as error:
        _tell(out, Failed("device", str(error)))
    except BrokenPipeError:
        pass
    except Exception as error:  # noqa: BLE001 - a bug in a driver or here: the parent must hear of it
        _tell(out, Failed("device", f"the audio system failed: {type(error).__name__}: {error}."))
    os._exit(0)


def _serve(request: Request, out: int, stop: threading.Event) -> None:
    pyaudio = load_pyaudio()
    audio = pyaudio.PyAudio()
    devices = input_devices(audio)
    if request.list:
        write_record(out, DeviceList(devices))
        return
    assert request.memory is not None
    device = choose_device(devices, request.device, request.host_api)
    stream = Stream(
        pyaudio,
        audio,
        device,
        sample_rate=request.sample_rate,
        channels=request.channels,
        block_size=request.block_size,
        make_ring=partial(make_ring, request.memory),
    )
    stop.wait(PROBE_S)
    if stream.runs_away:
        raise _not_real(stream)
    write_record(out, _opened(stream))
    stream.bell = Bell(out)
    failure = _watch(stream, stop)
    if failure:
        write_record(out, Failed("device", failure))
        return  # a dead stream is not closed: that is where PortAudio blocks
    closing = threading.Thread(target=stream.close, daemon=True)
    closing.start()
    closing.join(CLOSE_S)


def _opened(stream: Stream) -> Opened:
    return Opened(
        device=stream.device,
        sample_rate=stream.sample_rate,
        channels=stream.channels,
        block_size=stream.block_size,
        latency_s=stream.latency_s,
        capacity=stream.ring.capacity,
    )


def _watch(stream: Stream, stop: threading.Event) -> str:
    """Watch the stream until told to stop; return why it died."""
    while not stop.wait(WATCH_S):
        if stream.runs_away:
            return str(_not_real(stream))
        if not stream.active:
            return f"{stream.device.name!r} is gone: {stream.device.host_api} ended the stream"
        if not stream.device.loopback and _stalled(stream):
            return f"{stream.device.name!r} went quiet: {stream.device.host_api} sends no samples"
    return ""


def _stalled(stream: Stream) -> bool:
    """True when nothing came for too long (a loop-back input that nobody plays to may do that)."""
    if stream.last_s:
        return time.perf_counter() - stream.last_s > STALL_S
    return time.perf_counter() - stream.started_s > FIRST_BLOCK_S


def _not_real(stream: Stream) -> OscbridgeError:
    return DeviceError(
        f"input device {stream.device.name!r} is no real device: it delivers sound much faster than"
        " it can be played (the sound server behind it is missing). 'oscbridge devices' lists what"
        " exists."
    )


def _watch_stdin(stop: threading.Event) -> None:
    """Leave when the parent closes its end, even if the main thread is stuck in PortAudio."""
    while os.read(0, 1):
        pass
    stop.set()
    time.sleep(2 * CLOSE_S)
    os._exit(0)


def _tell(out: int, record: Failed) -> None:
    with contextlib.suppress(OSError):  # nobody listens any more
        write_record(out, record)


if __name__ == "__main__":
    main()
