"""What waits to be sent: positions of controls, notes that last, notes that only trigger.

Conventions
-----------
Each is one of a kind (`Sender`): it holds the newest of what it was told, says from when on that
may be sent, and says it. The encoder decides whether there is room. Notes remember that they sound:
none begins again before it has ended.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from oscbridge.midi.budget import SPACING_S
from oscbridge.midi.table import LOUDEST
from oscbridge.midi.wire import control_change, note_off, note_on, program_change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.midi.table import Control

TRIGGER_S = 0.1
"""How long a note lasts that only triggers."""
_UNKNOWN = -1
_FINE_STEPS = (1 << 14) - 1


class Sender(Protocol):
    """Something that may have something to send."""

    cost: int
    """How many messages that takes at most."""

    @property
    def due_s(self) -> float:
        """Instant from which it may be sent; never, where there is nothing new."""
        ...

    def say(self, now_s: float) -> list[bytes]:
        """Send it."""
        ...


class Position:
    """A control: where it has to go, and where it was last sent to.

    Parameters
    ----------
    control : Control
        Its row in the table.
    channel : int
        From 0.
    fine : bool
        Send the lower bits too, where there is a control for them.
    """

    def __init__(self, control: Control, channel: int, *, fine: bool) -> None:
        self._control = control
        self._channel = channel
        self._lsb = control.lsb if fine else None
        self._wanted: int | None = None
        self._sent: int | None = None
        self._free_s = -math.inf
        self.cost = 1 if self._lsb is None else 2

    def move(self, value: float) -> None:
        """Go to ``value``, a number as of the signal."""
        steps = self._control.top if self._lsb is None else _FINE_STEPS
        self._wanted = self._control.position(value, steps)

    def leave(self) -> None:
        """Go to neutral, if it was ever sent anywhere."""
        if self._sent is not None:
            neutral = self._control.neutral
            self._wanted = neutral if self._lsb is None else neutral << 7

    def forget(self) -> None:
        """Send it again, if it was ever sent."""
        if self._sent is not None:
            self._sent = _UNKNOWN

    def moved(self, now_s: float) -> None:
        """It was moved without us: send it again; where nothing is known, to neutral."""
        self._sent, self._free_s = _UNKNOWN, now_s + SPACING_S
        if self._wanted is None:
            self.leave()

    @property
    def due_s(self) -> float:
        """Instant from which it may be sent; never, where there is nothing new."""
        return math.inf if self._wanted == self._sent else self._free_s

    def say(self, now_s: float) -> list[bytes]:
        """Send where it has to go, the upper bits first."""
        assert self._wanted is not None
        self._sent, self._free_s = self._wanted, now_s + SPACING_S
        if self._lsb is None:
            return [control_change(self._channel, self._control.number, self._wanted)]
        return [
            control_change(self._channel, self._control.number, self._wanted >> 7),
            control_change(self._channel, self._lsb, self._wanted & LOUDEST),
        ]


class Gate:
    """Notes of which one sounds while its state lasts.

    Parameters
    ----------
    numbers : sequence of int
        Their numbers; state 1 is the first.
    channel : int
        From 0.
    program : bool
        Each new state is a program change too.
    """

    def __init__(self, numbers: Sequence[int], channel: int, *, program: bool) -> None:
        self._numbers = tuple(numbers)
        self._channel = channel
        self._program = program
        self._wanted = 0
        self._sounding = 0
        self._free_s = -math.inf
        self.velocity = LOUDEST
        self.cost = 3 if program else 2

    def move(self, state: int) -> None:
        """Let the note of ``state`` sound; 0: none."""
        self._wanted = state

    @property
    def due_s(self) -> float:
        """Instant from which it may be sent; never, where there is nothing new."""
        return math.inf if self._wanted == self._sounding else self._free_s

    def say(self, now_s: float) -> list[bytes]:
        """End the note that sounds and begin the one that has to."""
        out = self.end()
        self._sounding, self._free_s = self._wanted, now_s + SPACING_S
        if self._sounding:
            if self._program:
                out.append(program_change(self._channel, self._sounding - 1))
            out.append(note_on(self._channel, self._numbers[self._sounding - 1], self.velocity))
        return out

    def end(self) -> list[bytes]:
        """End the note that sounds; it begins again with the next `say`."""
        before, self._sounding = self._sounding, 0
        return [note_off(self._channel, self._numbers[before - 1])] if before else []


class Trigger:
    """A note that begins when something happens and ends soon after.

    Parameters
    ----------
    number : int
        Of the note.
    channel : int
        From 0.
    """

    cost = 2

    def __init__(self, number: int, channel: int) -> None:
        self._number = number
        self._channel = channel
        self._velocity = 0  # of the note that waits; 0: none does
        self._free_s = -math.inf
        self.end_s = math.inf
        """When the note that sounds has to end; never, while none does."""

    def pull(self, velocity: int) -> None:
        """Let it sound, as loud as ``velocity``, 1..127; 0: no more."""
        self._velocity = velocity

    @property
    def due_s(self) -> float:
        """Instant from which it may be sent; never, where there is nothing new."""
        return self._free_s if self._velocity else math.inf

    def say(self, now_s: float) -> list[bytes]:
        """Begin the note, after ending it where it sounds."""
        out = self.end()
        out.append(note_on(self._channel, self._number, self._velocity))
        self._velocity = 0
        self._free_s, self.end_s = now_s + SPACING_S, now_s + TRIGGER_S
        return out

    def end(self) -> list[bytes]:
        """End the note, if it sounds."""
        sounding, self.end_s = self.end_s < math.inf, math.inf
        return [note_off(self._channel, self._number)] if sounding else []
