"""The contract of an output: takes clean messages, sends them on, never stands in the way.

An output is opened before anything runs, and there a wrong setting is an error for the user. From
then on the world may misbehave as it likes: a dead peer or a full disk is counted in ``errors``,
described in ``detail``, and the next message is tried again. `send` is called by one thread at a
time and must return soon; `close` may be called twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.protocol import Message


class OutputConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every output can be told."""

    enabled: bool = True


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

    def close(self) -> None:
        """Release what was opened; a second call does nothing."""
        ...


class OutputModule(Protocol):
    """What a module in `oscbridge.outputs` has to contain."""

    Config: type[OutputConfig]

    def open(self, config: Any) -> Output:
        """Open the output. Raises `OscbridgeError` where the settings cannot work."""
        ...
