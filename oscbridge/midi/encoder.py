"""What our messages are in MIDI: controls that follow signals, notes that always end.

Conventions
-----------
`oscbridge.midi.table` is the map. A signal comes as its name and its arguments, of which the first
`NEEDED` suffice; what is not in the map says nothing. No port and no clock: the caller says what
time it is (seconds, monotonic), sends the bytes that are returned, whole messages in order, and
calls `update` again at `due_s`. Of what `oscbridge.midi.budget` holds back only the newest value is
kept; what has waited longest goes first. The end of a note is never held back: a note that sounds
is ended before it is played again, when it has lasted, and when learning begins. All notes of ours
are ended when the port is opened and before it is closed.

While something is learned, only that leaves; afterwards everything is sent anew.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from oscbridge.midi.budget import Budget
from oscbridge.midi.sounding import Gate, Position, Trigger
from oscbridge.midi.sweep import build_sweep
from oscbridge.midi.table import (
    BOUNDARY,
    CHANNEL,
    CONTROLS,
    LABEL_NOTES,
    LEARNABLE,
    LOUDEST,
    NEXT,
    NOTES,
    QUADRANT_NOTES,
    REQUEST,
    STINGER,
    SWITCHED,
    TRIGGERS,
    Note,
    learnable_after,
)
from oscbridge.midi.wire import note_off

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from oscbridge.midi.sounding import Sender
    from oscbridge.midi.sweep import Sweep
    from oscbridge.wire.arguments import Value

    Said = tuple[str, Sequence[Value]]

NEEDED = {
    **dict.fromkeys(CONTROLS, 1),
    "quadrant": 1,
    "segment/boundary": 3,
    "request": 6,
    "request/state": 2,
    "status": 1,
}
"""Signals that say something here, and how many of their arguments."""
EVENTS = frozenset({"segment/boundary", "request", "request/state"})
"""Those of them that happen, and are not said again when a port comes back."""
FITS, FITS_NO_MORE = 0.5, 0.4
"""Weights from which on the note of a label sounds, and under which it ends."""
SWITCHED_STATES = frozenset({"frozen", "calibrating"})
ENDED = frozenset({"done", "rejected", "expired", "cancelled"})
"""States of a request in which nothing is asked for any more."""


class MidiEncoder:
    """Turns messages of ours into MIDI.

    Parameters
    ----------
    channel : int
        1..16.
    fourteen_bit : bool
        Controls that have a second one for the lower bits send both.
    program_change : bool
        Each new quadrant is a program change too.
    leave : bool
        Controls stay where they are when the port is closed; else they go to neutral.

    Raises
    ------
    ValueError
        There is no such channel.
    """

    def __init__(
        self,
        channel: int = CHANNEL,
        *,
        fourteen_bit: bool = False,
        program_change: bool = False,
        leave: bool = False,
    ) -> None:
        if not 1 <= channel <= 16:
            raise ValueError(f"a MIDI channel is 1 to 16, not {channel}")
        self._channel = channel - 1
        self._leave = leave
        self._budget = Budget()
        self._positions = {
            name: Position(control, self._channel, fine=fourteen_bit)
            for name, control in CONTROLS.items()
        }
        numbers = [note.number for note in QUADRANT_NOTES]
        self._gate = Gate(numbers, self._channel, program=program_change)
        self._label_gates = {
            f"label/{n}": Gate([note.number], self._channel, program=False)
            for n, note in enumerate(LABEL_NOTES, start=1)
        }
        self._triggers = {note.name: Trigger(note.number, self._channel) for note in TRIGGERS}
        self._senders: tuple[Sender, ...] = (
            *self._gates,
            *self._triggers.values(),
            *self._positions.values(),
        )
        self._waiting: dict[Sender, None] = {}  # those that may have something to send
        self._state = ""
        self._sweep: Sweep | None = None
        self.learned = ""
        """Name of the only control or note that leaves; empty where all do."""

    @property
    def _gates(self) -> tuple[Gate, ...]:
        return (self._gate, *self._label_gates.values())

    @property
    def due_s(self) -> float:
        """Instant at which `update` has something to send although nothing new has come."""
        if self._sweep is not None:
            return self._sweep.due_s
        ends_s = (trigger.end_s for trigger in self._triggers.values())
        return min(*ends_s, *map(self._due_s, self._waiting))

    def open(self, now_s: float) -> list[bytes]:
        """The port is open, perhaps anew: end all notes; what is known follows with `update`."""
        self._forget()
        return self._spent(self._all_notes_off(), now_s)

    def update(self, said: Iterable[Said], now_s: float) -> list[bytes]:
        """Take signals by name with their arguments; return what has to leave now."""
        for name, args in said:
            self._take(name, args)
        if self._sweep is not None:
            return self._spent(self._sweep.update(now_s), now_s)
        out: list[bytes] = []
        for trigger in self._triggers.values():
            if now_s >= trigger.end_s:
                out += self._spent(trigger.end(), now_s)
        for sender in sorted(self._waiting, key=_due_s_of):
            if now_s >= self._due_s(sender):
                out += self._spent(sender.say(now_s), now_s)
        self._waiting = {sender: None for sender in self._waiting if sender.due_s < math.inf}
        return out

    def learn(self, name: str, now_s: float, *, sweep: bool = True) -> list[bytes]:
        """Let one control or note leave alone.

        Parameters
        ----------
        name : str
            One of `oscbridge.midi.table.LEARNABLE`, or ``next``; anything else ends learning.
        now_s : float
            The present.
        sweep : bool
            A control moves up and down; else it is switched on and off, as notes are.
        """
        if name == NEXT:
            name = learnable_after(self.learned)
        if self._sweep is None:
            if name not in LEARNABLE:
                return []
            out = self._silence()
        else:
            out = self._sweep.end()
            self._forget()
            if self.learned in self._positions:
                self._positions[self.learned].moved(now_s)
        self.learned, self._sweep = "", None
        if name in LEARNABLE:
            self.learned = name
            self._sweep = build_sweep(name, self._channel, now_s, whole=sweep)
        return self._spent(out, now_s)

    def close(self, now_s: float) -> list[bytes]:
        """The port will be closed: end all notes, and leave the controls neutral."""
        out = self._all_notes_off()
        if not self._leave:
            for position in self._positions.values():
                position.leave()
                if position.due_s < math.inf:
                    out += position.say(now_s)
        return self._spent(out, now_s)

    def _take(self, name: str, args: Sequence[Value]) -> None:
        position = self._positions.get(name)
        if position is not None:
            position.move(float(args[0]))
            self._waiting[position] = None
        if name in self._label_gates:
            self._fit(self._label_gates[name], float(args[0]))
        if name == "confidence":
            self._gate.velocity = _velocity(args[0])
        elif name == "quadrant":
            self._gate.move(int(args[0]))
            self._waiting[self._gate] = None
        elif name == "segment/boundary":
            self._pull(BOUNDARY, args[2])
        elif name == "request":
            self._pull(STINGER if args[5] == "stinger" else REQUEST, args[4])
        elif name == "request/state" and args[1] in ENDED:
            self._take("request/urgency", (0.0,))
        elif name == "status":
            before, self._state = self._state, str(args[0])
            changed = before not in ("", self._state)
            if changed and {before, self._state} & SWITCHED_STATES:
                self._pull(SWITCHED, 1.0)

    def _fit(self, gate: Gate, weight: float) -> None:
        """Let the note of a label sound while it fits; between the limits it goes on as it was."""
        if weight >= FITS:
            gate.velocity = _velocity(weight)
            gate.move(1)
        elif weight < FITS_NO_MORE:
            gate.move(0)
        self._waiting[gate] = None

    def _pull(self, note: Note, strength: object) -> None:
        if self._sweep is None:  # else it would sound when learning has ended
            self._triggers[note.name].pull(_velocity(strength))
            self._waiting[self._triggers[note.name]] = None

    def _due_s(self, sender: Sender) -> float:
        due_s = sender.due_s
        return due_s if due_s == math.inf else max(due_s, self._budget.due_s(sender.cost))

    def _silence(self) -> list[bytes]:
        """End the notes that sound."""
        out = [message for gate in self._gates for message in gate.end()]
        for trigger in self._triggers.values():
            out += trigger.end()
            trigger.pull(0)
        return out

    def _all_notes_off(self) -> list[bytes]:
        self._silence()
        return [note_off(self._channel, note.number) for note in NOTES.values()]

    def _forget(self) -> None:
        """What the host has is unknown: send everything again."""
        for gate in self._gates:
            gate.end()
        for position in self._positions.values():
            position.forget()
        self._waiting = dict.fromkeys(self._senders)

    def _spent(self, messages: list[bytes], now_s: float) -> list[bytes]:
        self._budget.spend(len(messages), now_s)
        return messages


def _due_s_of(sender: Sender) -> float:
    return sender.due_s


def _velocity(strength: object) -> int:
    """Velocity of a note, 1..127: 0 would end it."""
    return max(round(float(strength) * LOUDEST), 1)  # type: ignore[arg-type]
