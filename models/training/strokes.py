"""Strokes: the notes of a score as keys that go down and dampers that fall, pedal included.

Conventions
-----------
Times in seconds of the performance. Drums (channel 10 of General MIDI) are left out. An
`Instrument` adds one stroke to a sound, `perform` all of a score.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
        """Take a note that sounds out of those that do."""
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


class Instrument(Protocol):
    """Something that is played note by note."""

    def add_note(
        self, out: np.ndarray, start: int, held: int, pitch: int, velocity: int, sample_rate: int
    ) -> None:
        """Add a note to a sound in place.

        Parameters
        ----------
        out : np.ndarray, shape=(n,), float64
        start, held : int
            First sample, and samples until the note is damped.
        pitch, velocity : int
            Of MIDI.
        sample_rate : int
            Hz.
        """
        ...


def perform(
    messages: Sequence[tuple[float, mido.Message]],
    instrument: Instrument,
    tempo: float,
    transpose: int,
    sample_rate: int,
) -> np.ndarray:
    """Play the notes of a score; drums are left out, the pedal holds.

    Parameters
    ----------
    messages : sequence of (float, mido.Message)
        Times in seconds, in order.
    instrument : Instrument
    tempo : float
        Factor of the tempo.
    transpose : int
        Semitones.
    sample_rate : int
        Hz.

    Returns
    -------
    np.ndarray, shape=(n,), float32
    """
    stop_s = (messages[-1][0] if messages else 0.0) / tempo + 1.0
    out = np.zeros(int(stop_s * sample_rate))
    for pitch, velocity, begin_s, end_s in read_strokes(messages, tempo):
        held = max(int((end_s - begin_s) * sample_rate), 1)
        start = int(begin_s * sample_rate)
        instrument.add_note(out, start, held, pitch + transpose, velocity, sample_rate)
    return out.astype(np.float32)
