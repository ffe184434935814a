"""Strokes: the notes of a score as keys that go down and dampers that fall, pedal included.

Conventions
-----------
Times in seconds of the performance. Drums (channel 10 of General MIDI) are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import mido

DRUMS = 9
PEDAL = 64


class Stroke(NamedTuple):
    """A note: MIDI pitch and velocity, when it begins and when it is damped, seconds."""

    pitch: int
    velocity: int
    begin_s: float
    end_s: float


def read_strokes(messages: Iterable[tuple[float, mido.Message]], tempo: float) -> Iterator[Stroke]:
    """Notes in the order in which they end; what still sounds at the end is held 1 s longer.

    Parameters
    ----------
    messages : iterable of (float, mido.Message)
        Times in seconds, in order.
    tempo : float
        Factor of the tempo.
    """
    begun: dict[tuple[int, int], tuple[float, int]] = {}
    pedal: set[int] = set()
    let_go: set[tuple[int, int]] = set()

    def end(key: tuple[int, int], time_s: float) -> Stroke:
        let_go.discard(key)
        begin_s, velocity = begun.pop(key)
        return Stroke(key[1], velocity, begin_s, time_s)

    time_s = 0.0
    for message_s, message in messages:
        time_s = message_s / tempo
        channel = message.channel
        if channel == DRUMS:
            continue
        if message.type == "control_change" and message.control == PEDAL:
            if message.value >= 64:
                pedal.add(channel)
                continue
            pedal.discard(channel)
            yield from [end(key, time_s) for key in sorted(let_go) if key[0] == channel]
        elif message.type in ("note_on", "note_off"):
            key = (channel, message.note)
            struck = message.type == "note_on" and message.velocity > 0
            if key in begun and (struck or channel not in pedal):
                yield end(key, time_s)
            elif key in begun:
                let_go.add(key)
            if struck:
                begun[key] = (time_s, message.velocity)
    yield from [end(key, time_s + 1.0) for key in list(begun)]
