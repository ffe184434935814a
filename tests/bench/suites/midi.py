"""One MIDI control change that follows a signal: from the value to the bytes."""

from __future__ import annotations

from itertools import count

from oscbridge.midi.budget import SPACING_S
from oscbridge.midi.encoder import MidiEncoder
from oscbridge.midi.table import CHANNEL, CONTROLS
from tests.bench.suite import OURS, Bench, Case, Suite

COUNT = 3000
CONTROL = CONTROLS["valence"]
VALUES = [step * 37 % 128 / 63.5 - 1.0 for step in range(COUNT)]


def ours(bench: Bench) -> Case:
    """Our encoder: the map, what changed, what the limits of rate allow."""
    encoder = MidiEncoder()
    clock = count()
    return Case(
        lambda value: encoder.update([(CONTROL.name, (value,))], next(clock) * 2.0 * SPACING_S),
        VALUES,
    )


def mido_message(bench: Bench) -> Case:
    """A message of mido, without map, change or limits."""
    import mido

    def encode(value: float) -> list[int]:
        position = round(63.5 * (value + 1.0))
        return mido.Message(
            "control_change", channel=CHANNEL - 1, control=CONTROL.number, value=position
        ).bytes()

    return Case(encode, VALUES)


SUITE = Suite(
    name="MIDI",
    what="one control change from a signal's value, encoded",
    contenders={OURS: ours, "mido": mido_message},
    note="Ours also looks what has changed and what the limits of rate allow. The bytes go to the "
    "port from a process of their own.",
)
