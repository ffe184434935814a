"""What a controller says to us, on its way to whoever takes what others say.

Conventions
-----------
`oscbridge.midi.input_map` understands it. ``learn next`` is told by its name: the rest of the
process learns one thing, and does not know the order of ours.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from oscbridge.inbound.sender import Sender
from oscbridge.midi.input_map import InputMap
from oscbridge.midi.table import NEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.inbound.receiver import Receiver
    from oscbridge.midi.input_map import Call


class Remote:
    """Passes on what a MIDI input says; an `oscbridge.midi.keeper.PortUser`.

    Parameters
    ----------
    receiver : Receiver
        Who takes it.
    prefix : str
        What our addresses start with.
    channel : int
        That is listened to, 1..16.
    name : str
        Of the input, for people.
    after : callable
        Name of what ``learn next`` means just now.
    """

    def __init__(
        self, receiver: Receiver, prefix: str, channel: int, name: str, after: Callable[[], str]
    ) -> None:
        self._receiver = receiver
        self._prefix = prefix
        self._map = InputMap(channel)
        self._sender = Sender(f"MIDI {name}")
        self._after = after

    def heard(self, message: bytes, age_s: float) -> None:
        """Understand a message and pass it on."""
        self._pass_on(self._map.update(message, time.monotonic() - age_s))

    def started(self) -> None:
        """An input needs to know nothing."""

    def lost(self) -> None:
        """A controller that is gone changes nothing."""

    def look(self) -> None:
        """Notice a clock that has stopped."""
        self._pass_on(self._map.look(time.monotonic()))

    def _pass_on(self, calls: list[Call]) -> None:
        for name, arguments in calls:
            said = (self._after(),) if arguments == (NEXT,) else arguments
            self._receiver.take(f"{self._prefix}/{name}", said, self._sender)
