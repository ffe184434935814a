"""A MIDI process: a keyboard in, lines of JSON out. Started by `MidiLink`, not by people.

Problem
-------
python-rtmidi holds the interpreter's lock while it calls the MIDI system. A JACK server that is
frozen keeps it waiting, and with it every thread of the process: measured, 15 s in which no sound
was analysed and nothing was sent, for as long as the server stood still. Worse, a server that
waits for its clients (``jackd -S``) and a list of the ports that waits for the server are a
deadlock where a key is pressed meanwhile: its callback needs the lock. A process can be ended at
any moment, so MIDI lives in processes of its own: one plays, another looks which ports there are.

Conventions
-----------
Standard input: one line, a `MidiRequest`; afterwards its end means "stop". Standard output: a line
for each `MidiRecord`. Every `BEAT_S` comes an `Opened`, every ``watch_s`` the `Ports`: silence
means that the process is stuck.
"""

from __future__ import annotations

import os
import sys
import threading
import time

import msgspec

from oscbridge.errors import MissingExtraError, OscbridgeError
from oscbridge.own_process import private_stdout
from oscbridge.sources.midi_port import MidiPort, list_ports, open_backend
from oscbridge.sources.portaudio import silence_stderr

BEAT_S = 0.5
"""Between two words on how things stand."""


class MidiRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What to do: open the port that is ``wanted``, or list the ports every ``watch_s`` seconds."""

    wanted: str | None = None
    watch_s: float = 1.0


class Ports(msgspec.Struct, frozen=True, tag=True):
    """The MIDI inputs that there are."""

    names: list[str]


class Opened(msgspec.Struct, frozen=True, tag=True):
    """The port is open; said again and again."""

    name: str


class Heard(msgspec.Struct, frozen=True, tag=True):
    """A message, and its age when it was told, seconds."""

    message: bytes
    age_s: float


class Refused(msgspec.Struct, frozen=True, tag=True):
    """It cannot be done: a sentence for people, or the ``package`` that is not installed."""

    detail: str
    package: str = ""


MidiRecord = Ports | Opened | Heard | Refused


def _tell(out: int, record: MidiRecord) -> None:
    os.write(out, msgspec.json.encode(record) + b"\n")


def _serve(request: MidiRequest, out: int) -> None:
    if request.wanted is None:
        backend = open_backend()
        while True:
            _tell(out, Ports(list_ports(backend)))
            time.sleep(request.watch_s)
    port = MidiPort(request.wanted)
    told_s = 0.0
    while True:
        for age_s, message in port.take():
            _tell(out, Heard(message, age_s))
        if time.monotonic() - told_s >= BEAT_S:
            told_s = time.monotonic()
            _tell(out, Opened(port.name))
        port.news.wait(BEAT_S / 4)
        port.news.clear()


def _end_with_owner() -> None:
    """Leave when the owner closes its end, even if the main thread is stuck."""
    while os.read(0, 1):
        pass
    os._exit(0)


def main() -> None:
    """Serve one request."""
    out = private_stdout()
    silence_stderr()
    request = msgspec.json.decode(sys.stdin.buffer.readline(), type=MidiRequest)
    threading.Thread(target=_end_with_owner, daemon=True).start()
    try:
        _serve(request, out)
    except MissingExtraError as error:
        _tell(out, Refused(str(error), error.package))
    except OscbridgeError as error:
        _tell(out, Refused(str(error)))
    except BrokenPipeError:
        pass
    os._exit(0)  # a MIDI system that is stuck is not waited for


if __name__ == "__main__":
    main()
