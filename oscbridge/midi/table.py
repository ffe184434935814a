"""Our MIDI map as one table: which control and note says what, and which are understood.

Conventions
-----------
The MIDI counterpart of `oscbridge.protocol` and `oscbridge.inlets`: the encoder, the input map,
learning, the README's tables and the tests are derived from it. Rows name our signals and inlets,
never an address. Channels are counted from 1 here and on every screen, from 0 on the wire. A
control's value is 0..127; of two-sided quantities 64 is neutral. Where ``fourteen_bit`` is on, a
control with an ``lsb`` is followed by that one, with the lower seven bits.

The names of controls and notes are what ``learn`` takes, and there are no two of one name: a
control is called as its signal, a note is called ``note/…``.

``python -m oscbridge.midi.table`` prints the tables as Markdown.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from oscbridge.asking.settings import ADJUSTABLE, STRATEGIES

if TYPE_CHECKING:
    from collections.abc import Mapping

CHANNEL = 16
"""Seldom used by anything else."""
LOUDEST = 127
HALF = 64
"""The middle of a two-sided control; a switch is on from here up."""
LABELS = 8
"""Labels of the user's own that have a control and a note, the first ones."""
NEXT, STOP = "next", "stop"
"""What ``learn`` takes beside names."""


@dataclass(frozen=True, slots=True)
class Control:
    """A control change that follows a signal of one number.

    Attributes
    ----------
    name : str
        The signal.
    number : int
        Of the control, 0..127.
    low, high : float
        Range of the signal.
    neutral : int
        Where the control is left when oscbridge ends.
    lsb : int, optional
        Number of the control with the lower seven bits.
    top : int
        The control's value at ``high``.
    meaning : str
        One line for people.
    """

    name: str
    number: int
    low: float
    high: float
    neutral: int
    meaning: str
    lsb: int | None = None
    top: int = LOUDEST

    def position(self, value: float, steps: int) -> int:
        """Where ``value`` lies in its range, 0..``steps``; the middle is rounded up."""
        share = (value - self.low) / (self.high - self.low)
        return round(min(max(share, 0.0), 1.0) * steps)


@dataclass(frozen=True, slots=True)
class Note:
    """A note that we play; ``number`` 0..127."""

    name: str
    number: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Knob:
    """A control that we understand: its position is said to ``inlets``.

    Attributes
    ----------
    number : int
        Of the control, 0..127.
    inlets : tuple of str
        Who is told.
    high, low : float
        What is said at 127 and at 0.
    meaning : str
        One line for people.
    middle : float, optional
        What is said at 64, where the control has a middle.
    switch : bool
        There is nothing between: ``high`` from 64 up.
    words : tuple of str
        What is said instead of numbers, each on an equal share of the positions.
    """

    number: int
    inlets: tuple[str, ...]
    low: float
    high: float
    meaning: str
    middle: float | None = None
    switch: bool = False
    words: tuple[str, ...] = ()

    @property
    def steps(self) -> int:
        """Number of different things that it says; 0 where it moves without steps."""
        return 2 if self.switch else len(self.words)

    def step(self, position: int) -> int:
        """On which of its steps it is at ``position``, 0..127."""
        return position * self.steps // (LOUDEST + 1)

    def value(self, position: int) -> float | str:
        """What is said at ``position``, 0..127."""
        if self.words:
            return self.words[self.step(position)]
        if self.switch:
            return self.high if position >= HALF else self.low
        if self.middle is None:
            return self.low + (self.high - self.low) * position / LOUDEST
        if position >= HALF:
            share = (position - HALF) / (LOUDEST - HALF)
            return self.middle + (self.high - self.middle) * share
        return self.low + (self.middle - self.low) * position / HALF


def _two_sided(name: str, number: int, meaning: str, lsb: int | None = None) -> Control:
    return Control(name, number, -1.0, 1.0, 64, meaning, lsb)


def _one_sided(name: str, number: int, neutral: int, meaning: str) -> Control:
    return Control(name, number, 0.0, 1.0, neutral, meaning)


_CONTROLS = (
    _two_sided("valence", 20, "valence, 64 neutral", 52),
    _two_sided("arousal", 21, "arousal, 64 neutral", 53),
    _one_sided("intensity", 22, 64, "one knob for the whole"),
    _one_sided("confidence", 23, 0, "how surely the quadrant is right"),
    *(
        _one_sided(f"quadrant/{n}", 23 + n, 32, f"membership of quadrant {n}, {which}")
        for n, which in enumerate(("+V+A", "-V+A", "-V-A", "+V-A"), start=1)
    ),
    Control("energy", 28, 1, 10, 56, "energy level 1 to 10 as 0, 14, 28 … 126", top=126),
    _two_sided("player/valence", 29, "the player's valence, 64 neutral"),
    _two_sided("player/arousal", 30, "the player's arousal, 64 neutral"),
    _one_sided("request/urgency", 31, 0, "urgency of a request, 0 without one"),
    *(
        _one_sided(f"label/{n}", 101 + n, 0, f"how well label {n} of your own fits")
        for n in range(1, LABELS + 1)
    ),
)
CONTROLS: Mapping[str, Control] = MappingProxyType({row.name: row for row in _CONTROLS})

QUADRANT_NOTES = tuple(
    Note(f"note/quadrant/{n}", 59 + n, f"quadrant {n}, while it lasts; velocity: confidence")
    for n in range(1, 5)
)
BOUNDARY = Note("note/boundary", 64, "a new section; velocity: strength")
REQUEST = Note("note/request", 65, "other music is asked for; velocity: urgency")
STINGER = Note("note/stinger", 66, "a stinger is asked for; velocity: urgency")
SWITCHED = Note("note/switched", 67, "frozen, calibrating, or no longer")
TRIGGERS = (BOUNDARY, REQUEST, STINGER, SWITCHED)
LABEL_NOTES = tuple(
    Note(f"note/label/{n}", 71 + n, f"label {n} of your own, while it fits; velocity: how well")
    for n in range(1, LABELS + 1)
)
NOTES: Mapping[str, Note] = MappingProxyType(
    {row.name: row for row in (*QUADRANT_NOTES, *TRIGGERS, *LABEL_NOTES)}
)

LEARNABLE: tuple[str, ...] = (*CONTROLS, *NOTES)
"""Names that ``learn`` takes, in the order of ``next``."""

_SHARES = ", ".join(STRATEGIES) + ", a fifth of the way each"
_POLICY_CONTROLS = (14, 15, *range(70, 84), *range(85, 88), 89, 90, 9, 3)
"""Controls of the parameters of the policy, in their order; 84 and 88 mean something already."""

KNOBS: Mapping[int, Knob] = MappingProxyType(
    {
        row.number: row
        for row in (
            Knob(110, ("in/freeze",), 0, 1, "hold all values: from 64 up", switch=True),
            Knob(111, ("in/set/smoothing_s",), 0.0, 10.0, "smoothing, 0 to 10 s"),
            Knob(
                112,
                ("in/set/sensitivity_v", "in/set/sensitivity_a"),
                0.0,
                2.0,
                "sensitivity, 64 as it is",
                middle=1.0,
            ),
            Knob(113, ("in/set/dwell_s",), 0.0, 30.0, "shortest stay in a quadrant, 0 to 30 s"),
            Knob(114, ("in/affect/valence",), -1.0, 1.0, "the player's valence", middle=0.0),
            Knob(115, ("in/affect/arousal",), -1.0, 1.0, "the player's arousal", middle=0.0),
            Knob(116, ("in/set/intensity_bias",), -1.0, 1.0, "intensity, 64 as it is", middle=0.0),
            Knob(118, ("in/policy/strategy",), 0, 0, "strategy: " + _SHARES, words=STRATEGIES),
            Knob(
                119, ("in/policy/opt_out",), 0, 1, "no requests for the player's sake", switch=True
            ),
            *(
                Knob(number, (f"in/set/policy/{name}",), *ADJUSTABLE[name][:2], ADJUSTABLE[name][2])
                for number, name in zip(_POLICY_CONTROLS, ADJUSTABLE, strict=True)
            ),
        )
    }
)
LEARN_NEXT = 117
"""Control that moves ``learn`` on, from 64 up."""
TRAIN_NOTES = MappingProxyType({36 + n: n + 1 for n in range(4)})
"""Notes that say "what plays now is quadrant n"."""
MARK_NOTE = 40
"""Note that says "a new section begins now"."""
SAYING_NOTES: Mapping[int, tuple[str, tuple[str, ...], str]] = MappingProxyType(
    {
        **{
            note: ("in/label/train", (str(n),), f"what plays now is quadrant {n}")
            for note, n in TRAIN_NOTES.items()
        },
        MARK_NOTE: ("in/segment/mark", (), "a new section begins now"),
        41: ("in/label/wrong", (), "what is said of the music is wrong"),
        42: ("in/label/train/undo", (), "take back what was taught last"),
        43: ("in/segment/wrong", (), "the section that was told last is none"),
        **{
            43 + n: ("in/label/train", (f"#{n}",), f"what plays now is label {n} of your own")
            for n in range(1, LABELS + 1)
        },
    }
)
"""Notes that are understood: the inlet, its arguments, and what that means."""


def learnable_after(name: str) -> str:
    """Name that ``next`` means after ``name``; after none the first, after the last none."""
    place = LEARNABLE.index(name) + 1 if name in LEARNABLE else 0
    return LEARNABLE[place] if place < len(LEARNABLE) else ""


def where(name: str, channel: int) -> str:
    """What a name of `LEARNABLE` is in MIDI, for people."""
    row = CONTROLS.get(name)
    number = f"CC {row.number}" if row is not None else f"note {NOTES[name].number}"
    return f"{number} on channel {channel}"


def _numbered(rows: list[tuple[str, str]], head: str) -> str:
    lines = [f"| {head} | meaning |", "|---|---|"]
    return "\n".join(lines + [f"| {number} | {meaning} |" for number, meaning in rows])


def markdown() -> str:
    """What is sent and what is understood as Markdown, a table of two columns each."""
    sent = [(_control_text(row), row.meaning) for row in CONTROLS.values()]
    sent += [(f"note {row.number}", row.meaning) for row in NOTES.values()]
    sent.append(("program 0–3", "quadrant 1 to 4, where `program_change` is on"))
    taken = [(f"CC {row.number}", row.meaning) for row in KNOBS.values()]
    taken.append((f"CC {LEARN_NEXT}", "learn the next control: from 64 up"))
    taken += [(f"note {note}", meaning) for note, (_, _, meaning) in SAYING_NOTES.items()]
    taken.append(("clock, start, stop, song position", "the host's tempo, beat, bar, playing"))
    return f"{_numbered(sent, 'sent')}\n\n{_numbered(taken, 'understood')}"


def _control_text(row: Control) -> str:
    return f"CC {row.number}" + (f" (lower bits: {row.lsb})" if row.lsb is not None else "")


if __name__ == "__main__":
    sys.stdout.write(markdown() + "\n")
