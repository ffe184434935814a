"""The output that goes nowhere: counts messages; for tests, and to watch without sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.outputs.base import ALONE, OutputConfig, Wiring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.orders import Command
    from oscbridge.protocol import Message


class Config(OutputConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing to set."""


class NullOutput:
    """Counts what it is given."""

    prompt = True

    def __init__(self) -> None:
        self.name = "null"
        self.sent = 0
        self.errors = 0
        self.detail = ""

    def send(self, messages: Sequence[Message]) -> None:
        """Count the messages."""
        self.sent += len(messages)

    def obey(self, command: Command) -> None:
        """Nothing concerns this output."""

    def close(self) -> None:
        """Nothing to release."""


def open(config: Config, wiring: Wiring = ALONE) -> NullOutput:
    """Open the output."""
    return NullOutput()
