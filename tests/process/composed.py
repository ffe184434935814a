"""A composer whose clock goes as a test lets it: what it is told, and what it says then."""

from __future__ import annotations

from collections.abc import Sequence

from oscbridge.composer import Composer
from oscbridge.config import SendSettings
from oscbridge.events import Beat, Boundary, Event, State, Status
from oscbridge.labels import Labels
from oscbridge.orders import (
    Command,
)
from oscbridge.protocol import Message
from oscbridge.saying.quadrant_tracker import QuadrantSettings

STEP_S = 0.04


class Run:
    """A composer whose clock goes as we let it; what was said is kept with its time."""

    def __init__(self, **send: float) -> None:
        self.now_s = 0.0
        self.said: list[tuple[float, Message]] = []
        self._composer = Composer(
            SendSettings(**send), QuadrantSettings(), Labels(), "cafe", self.now_s
        )

    def tell(self, *news: State | Event) -> list[Message]:
        """Take news now."""
        states = [n for n in news if not isinstance(n, Command | Status | Boundary | Beat)]
        events = [n for n in news if isinstance(n, Command | Status | Boundary | Beat)]
        messages = self._composer.compose(states, events, self.now_s)  # type: ignore[arg-type]
        self.said += [(self.now_s, message) for message in messages]
        return messages

    def go_on(self, seconds: float, *each: State) -> None:
        """Let time pass, with these states again and again, or as the composer wants it."""
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            due_s = self.now_s + STEP_S if each else self._composer.next_due_s()
            self.now_s = min(max(due_s, self.now_s + 1e-4), end_s)
            self.tell(*each)

    def forget(self) -> None:
        self.said.clear()

    def of(self, name: str) -> list[tuple[object, ...]]:
        return [message.args for _, message in self.said if message.signal.name == name]

    def times(self, name: str) -> list[float]:
        return [at_s for at_s, message in self.said if message.signal.name == name]

    def last(self, name: str) -> tuple[object, ...]:
        return self.of(name)[-1]


def rounded(values: Sequence[object]) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)  # type: ignore[arg-type]
