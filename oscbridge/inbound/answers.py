"""What senders are told directly: pong, hello, and what was wrong with what they said.

Conventions
-----------
Answers leave from the port, to the address that the question came from, and to no other: who puts
somebody else's address on a packet makes us say one small message to them, and of errors no more
than `MOST` a second. Those may come at once: a program that begins says many things. Of the same
address and sender an error is told at most once a second.
Senders that cannot be answered (a keyboard, say) are answered in the log alone.
"""

from __future__ import annotations

import contextlib
import logging
from collections import deque
from typing import TYPE_CHECKING

from oscbridge.protocol import SIGNALS
from oscbridge.readable import printable
from oscbridge.wire.template import Template

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.inbound.port import Port
    from oscbridge.inbound.sender import Address, Sender
    from oscbridge.protocol import Signal

_log = logging.getLogger(__name__)

AGAIN_S = 1.0
MOST = 10
"""Errors that one sender is told in any `AGAIN_S`."""
REMEMBERED = 256
LONGEST = 200
"""Characters of what somebody said, when it is said back."""


class Answers:
    """Answers senders.

    Parameters
    ----------
    port : Port, optional
        From which answers leave; without one they are logged.
    prefix : str
        What our addresses start with.
    """

    def __init__(self, port: Port | None, prefix: str) -> None:
        self._port = port
        self._templates = {
            signal: Template(f"{prefix}/{signal.name}", signal.types)
            for signal in (SIGNALS[name] for name in ("pong", "hello", "error", "labels"))
        }
        self._told_s: dict[tuple[str, str], float] = {}
        self._last_s: dict[str, deque[float]] = {}  # when each sender was told

    def answer(self, to: Address, signal: Signal, *values: object) -> None:
        """Say something to one peer; what does not leave is lost, as on any network."""
        if self._port is None:
            return
        datagram = self._templates[signal].pack(signal.message(*values).args)
        with contextlib.suppress(OSError):
            self._port.send(datagram, to)

    def reply(self, sender: Sender, signal: Signal, *values: object) -> None:
        """Say something to a sender, the way that it came, if any way leads back."""
        if sender.address is not None:
            self.answer(sender.address, signal, *values)
        elif sender.reply is not None:
            sender.reply(bytes(self._templates[signal].pack(signal.message(*values).args)))

    def complain(
        self, sender: Sender, address: str, find_reason: Callable[[], str], now_s: float
    ) -> None:
        """Tell who said something what was wrong with it, unless that was said just now."""
        if not (sender.waits or self._may(sender.name, address, now_s)):
            return
        address = printable(address)[:LONGEST]
        reason = printable(find_reason())[:LONGEST]
        _log.info("from %s: %s: %s", sender.name, address, reason)
        self.reply(sender, SIGNALS["error"], address, reason)

    def note(self, sender: Sender, reason: str, now_s: float) -> None:
        """Log what is wrong with a packet that is no OSC, and thus has nobody who would read it."""
        if self._may(sender.name, "", now_s):
            _log.info("from %s: %s", sender.name, printable(reason)[:LONGEST])

    def _may(self, name: str, address: str, now_s: float) -> bool:
        key = (name, address)
        if now_s < self._told_s.get(key, -AGAIN_S) + AGAIN_S:
            return False
        _forget_oldest(self._told_s)
        _forget_oldest(self._last_s)
        last_s = self._last_s.setdefault(name, deque(maxlen=MOST))
        if len(last_s) == MOST and now_s < last_s[0] + AGAIN_S:
            return False
        last_s.append(now_s)
        self._told_s.pop(key, None)
        self._told_s[key] = now_s
        return True


def _forget_oldest(memory: dict[str, deque[float]] | dict[tuple[str, str], float]) -> None:
    while len(memory) >= REMEMBERED:
        memory.pop(next(iter(memory)))  # type: ignore[arg-type]
