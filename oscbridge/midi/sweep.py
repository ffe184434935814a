"""The movement of a control that is learned: up and down in two seconds, over and over.

Conventions
-----------
A host learns the first message that it hears, so nothing else moves meanwhile. Steps follow one
another by at least `SPACING_S` however late the caller is, and none is left out: the control
reaches both ends. A note, and a control that is only switched, is on in the first half of each
cycle. Of controls of 14 bits only the upper one moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.midi.budget import SPACING_S
from oscbridge.midi.table import CONTROLS, LOUDEST, NOTES
from oscbridge.midi.wire import control_change, note_off, note_on

if TYPE_CHECKING:
    from collections.abc import Sequence

CYCLE_S = 2.0
PAUSE_S = 0.25
"""Of silence before it begins: what sounded has just been ended."""
_STEPS = round(CYCLE_S / SPACING_S)


class Sweep:
    """Sends one control or note, in cycles.

    Parameters
    ----------
    messages : sequence of bytes or None
        What to send at each step of a cycle; None: nothing.
    last : bytes
        What to send at the end; empty: nothing.
    now_s : float
        When it begins.
    """

    def __init__(self, messages: Sequence[bytes | None], last: bytes, now_s: float) -> None:
        self._messages = tuple(messages)
        self._last = last
        self._step = 0
        self._begun = False
        self.due_s = now_s
        """Instant of the next step."""

    def update(self, now_s: float) -> list[bytes]:
        """Take a step, if it is time."""
        if now_s < self.due_s:
            return []
        self._begun = True
        message = self._messages[self._step]
        self._step = (self._step + 1) % len(self._messages)
        self.due_s = now_s + SPACING_S
        return [] if message is None else [message]

    def end(self) -> list[bytes]:
        """What ends it, if it has begun."""
        return [self._last] if self._begun and self._last else []


def build_sweep(name: str, channel: int, now_s: float, *, whole: bool = True) -> Sweep:
    """Build the sweep of a control or a note.

    Parameters
    ----------
    name : str
        One of `oscbridge.midi.table.LEARNABLE`.
    channel : int
        From 0.
    now_s : float
        The present; it begins `PAUSE_S` later.
    whole : bool
        A control goes through all values; else it is only switched on and off.
    """
    messages: list[bytes | None] = [None] * _STEPS
    if name in NOTES:
        number = NOTES[name].number
        messages[0] = note_on(channel, number, LOUDEST)
        messages[_STEPS // 2] = last = note_off(channel, number)
        return Sweep(messages, last, now_s + PAUSE_S)
    number = CONTROLS[name].number
    for step in range(_STEPS):
        height = 1.0 - abs(2.0 * step / _STEPS - 1.0)
        if whole:
            messages[step] = control_change(channel, number, round(height * LOUDEST))
    if not whole:
        messages[0] = control_change(channel, number, LOUDEST)
        messages[_STEPS // 2] = control_change(channel, number, 0)
    return Sweep(messages, b"", now_s + PAUSE_S)
