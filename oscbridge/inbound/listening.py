"""The thread that reads what comes in, and never more of it than the music can spare.

Problem
-------
Anybody who can reach the port can fill it. Reading is done by Python, which the analysis needs too,
so a flood must cost little however large it is and whatever is in it.

Conventions
-----------
Datagrams wait in the kernel's buffer, which is small: what does not fit is lost there. They are
read in batches, and each is judged by who sent it (`oscbridge.inbound.gate`) before anything in it
is looked at. After a batch that took long, was not the last, or had too much in it, the thread
sleeps, `REST` times as long as it worked: it never takes more than a share of 1/(1 + REST) of one
core. It has no priority: everything else goes first. Who says too much is told so once a second.

Where a program is listened to that the user has named (a face, say), it may say `NAMED` times as
much: some send each of fifty muscles in a packet of its own.
"""

from __future__ import annotations

import logging
import selectors
import socket
import threading
import time
from typing import TYPE_CHECKING

from oscbridge.inbound.gate import Gate
from oscbridge.inbound.port import EVERYWHERE, THIS_MACHINE
from oscbridge.inbound.sender import Sender
from oscbridge.inbound.udp import LONGEST, Udp

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.inbound.port import Port
    from oscbridge.inbound.receiver import Receiver
    from oscbridge.inbound.sender import Address
    from oscbridge.inbound.settings import PortSettings

_log = logging.getLogger(__name__)

BATCH = 64
LONG_S = 0.001
"""A batch that takes longer has had its share."""
REST = 3.0
SHORTEST_REST_S = 0.002
USUAL = {
    7000: "Resolume",
    9000: "VRChat, REAPER or a game of Unity's",
    9001: "a program beside VRChat",
    12000: "Processing",
    12345: "an example of openFrameworks",
    39539: "another receiver of VMC",
}
"""Who listens at ports that several programs want, for people to look there first."""
REPORT_S = 1.0
NAMED = 8
STOP_S = 1.0


class Listening:
    """Reads sockets and hands what may be heard to the receiver.

    Parameters
    ----------
    port : Port
        Where to listen; elsewhere too, where the receiver wants it (``Receiver.ports``).
    receiver : Receiver
        Takes the packets.
    settings : PortSettings
        Say who may speak, and how much.
    clock : callable
        Seconds, monotonic.

    Attributes
    ----------
    detail : str
        Where nobody can be heard, and why; empty where all is well.
    """

    def __init__(
        self,
        port: Port,
        receiver: Receiver,
        settings: PortSettings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.detail = ""
        self._port = port
        self._others: dict[int, Udp | None] = {}  # None: busy
        self._receiver = receiver
        self._cap_hz = settings.rate_cap_hz
        self._gate = Gate(settings.rate_cap_hz, settings.allow)
        self._named_gate = Gate(NAMED * settings.rate_cap_hz, settings.allow)
        self._loudest: Address | None = None
        self._clock = clock
        self._ending = False
        self._failed = False  # and said so, once
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="port", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._receiver.wake = self._rouse
        self._thread.start()

    def _rouse(self) -> None:
        self._wake.send(b"\0")

    def close(self) -> None:
        """End the thread; a second call does nothing. The port stays open."""
        if self._ending:
            return
        self._ending = True
        self._receiver.wake = _nobody_waits
        self._wake.send(b"\0")
        if self._thread.is_alive():
            self._thread.join(STOP_S)
        for udp in filter(None, self._others.values()):
            udp.close()
        self._wake.close()
        self._woken.close()

    def _run(self) -> None:
        traffic = self._receiver.traffic
        with selectors.DefaultSelector() as selector:
            selector.register(self._woken, selectors.EVENT_READ, None)
            if self._port.address is not None:
                selector.register(self._port.own.socket, selectors.EVENT_READ, self._port.own)
            self._listen_elsewhere(selector)
            while not self._ending:
                # Only while something is wrong does anybody wait for the time to pass.
                ready = selector.select(REPORT_S if traffic.troubled else None)
                began_s = self._clock()
                tired = False
                for key, _ in ready:
                    if key.data is None:
                        self._woken.recv(LONGEST)
                        self._listen_elsewhere(selector)
                    else:
                        tired |= self._read(key.data, began_s)
                now_s = self._clock()
                if traffic.report(now_s):
                    self._tell_trouble()
                if tired or now_s - began_s > LONG_S:
                    time.sleep(max(REST * (now_s - began_s), SHORTEST_REST_S))

    def _tell_trouble(self) -> None:
        """Say in the log what was wrong in the last second, and to who is too loud that it is."""
        _log.info("OSC port: %s", self._receiver.traffic.detail)
        loudest, self._loudest = self._loudest, None
        if loudest is not None:
            sender = Sender(f"{loudest[0]}:{loudest[1]}", loudest)
            self._receiver.refuse(
                sender, f"more than {self._cap_hz:g} packets a second: not all of them are read"
            )

    def _listen_elsewhere(self, selector: selectors.BaseSelector) -> None:
        """Listen at further ports that are wanted since."""
        host = EVERYWHERE if self._port.lan else THIS_MACHINE
        for number in self._receiver.ports:
            if number in self._others or number == self._port.number:
                continue
            try:
                udp = Udp(socket.AF_INET, (host, number))
            except OSError:
                self._others[number] = None
                who = f", perhaps with {USUAL[number]}" if number in USUAL else ""
                _log.warning(
                    "UDP port %d is busy%s: what comes there is not heard. Let the sender use "
                    "another port, and name it as in  --hear PRESET:PORT",
                    number,
                    who,
                )
                continue
            self._others[number] = udp
            selector.register(udp.socket, selectors.EVENT_READ, udp)
        busy = ", ".join(str(number) for number, udp in self._others.items() if udp is None)
        self.detail = f"UDP port {busy} is busy: what comes there is not heard" if busy else ""

    def _read(self, udp: Udp, now_s: float) -> bool:
        """Read a batch; whether more waits, or there was too much in it."""
        traffic = self._receiver.traffic
        gate = self._gate if udp is self._port.own else self._named_gate
        until_s = now_s + LONG_S
        over_cap = traffic.over_cap
        udp.note_refusals()
        for _ in range(BATCH):
            try:
                found = udp.receive()
            except OSError as error:
                self._note_unreadable(error)
                return True
            if found is None:
                return traffic.over_cap > over_cap
            data, source = found
            verdict = gate.judge(source, len(data), now_s)
            if verdict == "welcome" and len(data) <= LONGEST:
                self._hand_on(bytes(data), Sender(f"{source[0]}:{source[1]}", source))
                if self._clock() > until_s:
                    return True
                continue
            traffic.shut_out = source
            if verdict == "stranger":
                traffic.strangers += 1
            elif verdict == "over the cap":
                traffic.over_cap += 1
                self._loudest = source
            else:
                traffic.oversized += 1
        return True

    def _note_unreadable(self, error: OSError) -> None:
        if not self._ending and not self._failed:
            _log.warning("the OSC port cannot be read: %s", error)
        self._failed = True

    def _hand_on(self, data: bytes, sender: Sender) -> None:
        try:
            self._receiver.take_packet(data, sender)
        except Exception:  # noqa: BLE001 - a fault of ours; no packet may end the thread
            if not self._failed:
                _log.exception("a packet from %s could not be taken: %r", sender.name, data[:64])
            self._failed = True


def _nobody_waits() -> None:
    """What `Receiver.wake` does where no thread listens any more."""
