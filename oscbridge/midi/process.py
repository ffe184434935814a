"""A MIDI process: holds a port, or looks which there are. Started by `oscbridge.midi.child`.

Problem
-------
python-rtmidi holds the interpreter's lock while it calls the MIDI system. A JACK server that is
frozen keeps it waiting, and with it every thread of the process: measured, 15 s in which no sound
was analysed and nothing was sent, for as long as the server stood still. Worse, a server that
waits for its clients (``jackd -S``) and a list of the ports that waits for the server are a
deadlock where a key is pressed meanwhile: its callback needs the lock. A process can be ended at
any moment, so MIDI lives in processes of its own: one for each port, another looks which there are.

Conventions
-----------
`oscbridge.midi.records` has what goes in and out. Every `BEAT_S` comes an `Opened`, every
``watch_s`` the `Ports`: silence means that the process is stuck. It ends with its owner, whatever
ends that, and properly: notes are ended and ports closed, since a JACK server may wait for seconds
for a client that is suddenly no more. Signals to the whole group are the owner's affair.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time

import msgspec

from oscbridge.errors import DeviceError, MissingExtraError, OscbridgeError
from oscbridge.midi import backend
from oscbridge.midi.encoder import MidiEncoder
from oscbridge.midi.records import (
    Hear,
    Heard,
    MidiOrder,
    MidiRecord,
    MidiRequest,
    Opened,
    Ports,
    Refused,
    Say,
    Silent,
    Values,
    Watch,
)
from oscbridge.own_process import private_stdout, silence_stderr
from oscbridge.piped_lines import LineReader

BEAT_S = 0.5
"""Between two words on how things stand."""
_REQUEST_S = 10.0
_SETTLING_S = 0.1
"""A connection takes effect some cycles of the system later; what is sent before is lost."""
_LEAVING_S = 0.05
"""What was sent last has left by then."""


class _Teller:
    """Tells records, and now and then that all is well."""

    def __init__(self, out: int) -> None:
        self._out = out
        self._told_s = 0.0

    def tell(self, record: MidiRecord) -> None:
        """Tell one record."""
        os.write(self._out, msgspec.json.encode(record) + b"\n")

    def beat(self, name: str) -> None:
        """Tell that port ``name`` is open, if that was not said for `BEAT_S`."""
        if time.monotonic() - self._told_s >= BEAT_S:
            self._told_s = time.monotonic()
            self.tell(Opened(name))


def _watch(request: Watch, orders: LineReader, teller: _Teller) -> None:
    """Tell which ports there are."""
    system = None
    while not orders.ended:
        try:
            system = system or backend.open_backend()
            teller.tell(Ports(*backend.ports(system)))
        except MissingExtraError:
            raise
        except DeviceError as error:
            teller.tell(Silent(str(error)))
        except OSError:
            raise  # nobody listens
        except Exception:  # noqa: BLE001 (each system fails with an error of its own)
            system = None  # what is wrong with it is told when it is tried out again
        orders.take(request.watch_s)


def _hear(request: Hear, orders: LineReader, teller: _Teller) -> None:
    """Tell what comes."""
    port = backend.InPort(request.port)
    threading.Thread(target=_wake, args=(orders, port.news), daemon=True).start()
    while not orders.ended:
        teller.beat(port.name)  # first: a key may have been struck since the port was opened
        for age_s, message in port.take():
            teller.tell(Heard(message, age_s))
        port.news.wait(BEAT_S / 4)
        port.news.clear()
    port.close()


def _wake(orders: LineReader, news: threading.Event) -> None:
    """Wait for the end of orders, and say that there is news."""
    while not orders.ended:
        orders.take(_REQUEST_S)
    news.set()


def _say(request: Say, orders: LineReader, teller: _Teller) -> None:
    """Do as is ordered, until there are no more orders."""
    encoder = MidiEncoder(
        request.channel,
        fourteen_bit=request.fourteen_bit,
        program_change=request.program_change,
        leave=request.leave,
    )
    port = backend.OutPort(request.port)
    decode = msgspec.json.Decoder(MidiOrder).decode
    time.sleep(_SETTLING_S)
    out = encoder.open(time.monotonic())
    while True:
        for message in out:
            port.send(message)
        with contextlib.suppress(BrokenPipeError):  # the end of orders tells us too
            teller.beat(port.name)
        line = orders.take(min(encoder.due_s - time.monotonic(), BEAT_S / 4))
        now_s = time.monotonic()
        if line is not None:
            order = decode(line)
            if isinstance(order, Values):
                out = encoder.update(order.said, now_s)
            else:
                out = encoder.learn(order.name, now_s, sweep=order.sweep)
        elif orders.ended:
            break
        else:
            out = encoder.update((), now_s)
    for message in encoder.close(time.monotonic()):
        port.send(message)
    time.sleep(_LEAVING_S)
    port.close()


def _serve(request: MidiRequest, orders: LineReader, teller: _Teller) -> None:
    if isinstance(request, Say):
        _say(request, orders, teller)
    elif isinstance(request, Hear):
        _hear(request, orders, teller)
    else:
        _watch(request, orders, teller)


def main() -> None:
    """Serve one request."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # often of the whole group: the owner says the end
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    teller = _Teller(private_stdout())
    silence_stderr()
    orders = LineReader(0)
    line = orders.take(_REQUEST_S)
    if line is None:
        os._exit(0)
    try:
        _serve(msgspec.json.decode(line, type=MidiRequest), orders, teller)
    except MissingExtraError as error:
        teller.tell(Refused(str(error), error.package))
    except OscbridgeError as error:
        unknown = isinstance(error, backend.UnknownPortError)
        teller.tell(Refused(str(error), unknown=unknown))
    except BrokenPipeError:
        pass
    os._exit(0)  # threads of a MIDI system that is stuck are not waited for


if __name__ == "__main__":
    main()
