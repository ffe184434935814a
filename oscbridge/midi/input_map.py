"""What others say to us in MIDI: controls and notes of our channel, and the clock of any.

Conventions
-----------
`oscbridge.midi.table` is the map. The result are pairs of an inlet's name and its arguments, as
`oscbridge.inlets` takes them. A switch says something when it changes, not whenever a control that
lies on it moves. What is not in the map, and what is on another channel, says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.midi.clock import MidiClock
from oscbridge.midi.table import (
    CHANNEL,
    HALF,
    KNOBS,
    LEARN_NEXT,
    NEXT,
    SAYING_NOTES,
)
from oscbridge.midi.wire import CONTROL, NOTE_ON

if TYPE_CHECKING:
    from oscbridge.wire.arguments import Value

Call = tuple[str, tuple["Value", ...]]
"""Name of an inlet and its arguments."""


class InputMap:
    """Understands MIDI.

    Parameters
    ----------
    channel : int
        1..16.
    """

    def __init__(self, channel: int = CHANNEL) -> None:
        self._channel = channel - 1
        self._clock = MidiClock()
        self._steps: dict[int, int] = {}

    def update(self, message: bytes, at_s: float) -> list[Call]:
        """Take a whole message that came at ``at_s`` (seconds)."""
        if message[0] >= 0xF0:
            return [(name, (value,)) for name, value in self._clock.update(message, at_s)]
        if message[0] == CONTROL | self._channel:
            return self._turned(message[1], message[2])
        if message[0] == NOTE_ON | self._channel and message[2]:
            return self._struck(message[1])
        return []

    def look(self, now_s: float) -> list[Call]:
        """What is to be said although nothing came; to be called now and then."""
        return [(name, (value,)) for name, value in self._clock.look(now_s)]

    def _turned(self, number: int, position: int) -> list[Call]:
        knob = KNOBS.get(number)
        if number == LEARN_NEXT:
            on = position >= HALF
            return [("in/learn", (NEXT,))] if self._moved(number, int(on)) and on else []
        if knob is None:
            return []
        if knob.steps and not self._moved(number, knob.step(position)):
            return []
        return [(inlet, (knob.value(position),)) for inlet in knob.inlets]

    def _moved(self, number: int, step: int) -> bool:
        """Whether a control with steps is on another one now; on the lowest until it is touched."""
        before, self._steps[number] = self._steps.get(number, 0), step
        return before != step

    def _struck(self, note: int) -> list[Call]:
        said = SAYING_NOTES.get(note)
        return [said[:2]] if said is not None else []
