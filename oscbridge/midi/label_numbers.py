"""Which label of the user's own is which number in MIDI, as ``labels`` tells it.

Conventions
-----------
In OSC a label stands under its slug, ``label/calm``, in MIDI under its number, ``label/1``
(`oscbridge.midi.table`). When a label is no more, or another one has its number, it fits no longer:
a note that sounds has to end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.labels.signals import LABEL
from oscbridge.protocol import SIGNALS

if TYPE_CHECKING:
    from oscbridge.protocol import Signal, Value

_LABELS = SIGNALS["labels"]


class LabelNumbers:
    """Follows the labels."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def translate(self, signal: Signal, args: tuple[Value, ...]) -> tuple[str, tuple[Value, ...]]:
        """Name of a signal in MIDI, and its arguments."""
        if signal.family == LABEL.name:
            slug = signal.name.removeprefix(f"{LABEL.name}/")
            return _name(self._numbers.get(slug, 0)), args
        if signal is not _LABELS:
            return signal.name, args
        number, slug = int(args[0]), str(args[1])
        before = self._numbers.pop(slug, 0)
        if number:
            self._numbers[slug] = number
        return (_name(before), (0.0,)) if not number else (signal.name, args)


def _name(number: int) -> str:
    return f"{LABEL.name}/{number}"
