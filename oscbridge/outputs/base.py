"""The contract of an output: takes clean messages, sends them on, never stands in the way.

An output is opened before anything runs, and there a wrong setting is an error for the user. From
then on the world may misbehave as it likes: a dead peer or a full disk is counted in ``errors``,
described in ``detail``, and the next message is tried again. `send` and `obey` are called by one
thread at a time and must return soon; `close` may be called twice.

What all outputs of a run share (the UDP socket, whoever takes in what others say) reaches them when
they are opened, as `Wiring`; an output that is opened by itself gets `ALONE`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import msgspec

from oscbridge.wire.signal import PREFIX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.beginning import Beginning
    from oscbridge.config import Config
    from oscbridge.events import Event, State
    from oscbridge.inbound.port import Port
    from oscbridge.inbound.receiver import Receiver
    from oscbridge.orders import Command
    from oscbridge.protocol import Message
    from oscbridge.sources.base import Source


class OutputConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every output can be told."""

    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Wiring:
    """What an output shares with the rest of its run.

    Attributes
    ----------
    port : Port, optional
        The UDP socket from which everything leaves, and to which others answer.
    receiver : Receiver, optional
        Takes what others say, whatever way it came: ``receiver.take(address, arguments, sender)``.
    osc_port : int, optional
        Where that socket listens; None where it does not.
    lan : bool
        Whether other machines may talk to us.
    allow : tuple of str
        Addresses and networks of those that may; empty: all.
    session : str
        Id of the run.
    prefix : str
        What addresses of this stream start with.
    stream : str
        Name of the stream, where there are several.
    """

    port: Port | None = None
    receiver: Receiver | None = None
    osc_port: int | None = None
    lan: bool = False
    allow: tuple[str, ...] = ()
    session: str = ""
    prefix: str = PREFIX
    stream: str = ""


ALONE = Wiring()
"""Of an output that shares nothing."""


class Output(Protocol):
    """Somewhere that messages go."""

    name: str
    """What people see."""
    sent: int
    """Messages that left."""
    errors: int
    """Messages that could not be delivered."""
    prompt: bool
    """Whether `send` never waits for anything, so that the analysis itself may call it."""
    detail: str
    """The present trouble in words, empty where there is none."""

    def send(self, messages: Sequence[Message]) -> None:
        """Send ``messages`` in order; trouble is counted, nothing is raised."""
        ...

    def obey(self, command: Command) -> None:
        """Do what somebody asks for, if it concerns this output; trouble is counted, not raised.

        The messages that the command leads to come after it.
        """
        ...

    def close(self) -> None:
        """Release what was opened; a second call does nothing."""
        ...


@runtime_checkable
class Witness(Protocol):
    """An output that also sees what messages are made of, so that they can be had again."""

    def begin(self, config: Config, beginning: Beginning, source: Source) -> Source:
        """Take note of a stream that begins, before anything else of it.

        Returns
        -------
        Source
            What the stream is to listen to: ``source``, or one that hands on what it reads.
        """
        ...

    def attend(self, states: Sequence[State], events: Sequence[Event], now_s: float) -> None:
        """See what came in, and when it is composed; what it leads to is sent after that."""
        ...


class OutputModule(Protocol):
    """What a module in `oscbridge.outputs` has to contain."""

    Config: type[OutputConfig]

    def open(self, config: Any, wiring: Wiring = ALONE) -> Output:
        """Open the output. Raises `OscbridgeError` where the settings cannot work."""
        ...
