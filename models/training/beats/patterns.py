"""Music made by rule, with beats that are known: MIDI files to render.

Conventions
-----------
A `Pattern` says what is played; `write_pattern` writes it as a MIDI file whose tempo map is the
truth, so that drawn music and real scores are read by one function (`scores.read_beats`). Time
inside a bar counts in beats from 0. Styles in `DEVELOPMENT_STYLES` may be tuned on; the others are
heard for the first time in the examination.

Drums are General MIDI keys on channel 9; a figure is a tuple of ``(beat, key, velocity)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import mido
import numpy as np

from models.training.strokes import DRUMS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TICKS = 480
_KICK, _RIM, _SNARE, _HAT, _OPEN, _RIDE = 36, 37, 38, 42, 46, 51

Figure = tuple[tuple[float, int, int], ...]


def _every(step: float, beats: float, key: int, loud: int, soft: int, start: float = 0.0) -> Figure:
    """Strokes from ``start``, every ``step`` beats, loud on whole beats."""
    at = np.arange(start, beats - 1e-6, step)
    return tuple((float(b), key, loud if float(b).is_integer() else soft) for b in at)


_BACKBEAT: Figure = ((1.0, _SNARE, 108), (3.0, _SNARE, 110))
_STYLES: dict[str, tuple[int, Figure]] = {
    "none": (4, ()),
    "none in three": (3, ()),
    "rock": (4, ((0.0, _KICK, 112), (2.0, _KICK, 105), *_BACKBEAT, *_every(0.5, 4, _HAT, 80, 60))),
    "disco": (4, (*_every(1, 4, _KICK, 112, 112), *_BACKBEAT, *_every(1, 4, _OPEN, 85, 85, 0.5))),
    "waltz": (3, ((0.0, _KICK, 110), (1.0, _SNARE, 70), (2.0, _SNARE, 74))),
    "swing": (4, (*_every(1, 4, _RIDE, 90, 90), (1.5, _RIDE, 70), (3.5, _RIDE, 70),
                  (1.0, _HAT, 80), (3.0, _HAT, 80))),
    "bossa": (4, ((0.0, _KICK, 95), (1.5, _KICK, 80), (2.0, _KICK, 95), (3.5, _KICK, 80),
                  (0.0, _RIM, 90), (1.5, _RIM, 90), (3.0, _RIM, 90),
                  *_every(0.5, 4, _HAT, 60, 55))),
    "funk": (4, ((0.0, _KICK, 115), (0.75, _KICK, 85), (1.5, _KICK, 90), (2.5, _KICK, 105),
                 (1.0, _SNARE, 112), (1.75, _SNARE, 50), (2.25, _SNARE, 50), (3.0, _SNARE, 112),
                 *_every(0.25, 4, _HAT, 75, 55))),
    "half time": (4, ((0.0, _KICK, 114), (1.75, _KICK, 90), (2.0, _SNARE, 115),
                      *_every(0.5, 4, _HAT, 75, 60))),
    "break": (4, ((0.0, _KICK, 114), (0.5, _KICK, 104), (2.5, _KICK, 108), (2.75, _KICK, 92),
                  (1.0, _SNARE, 112), (1.75, _SNARE, 66), (3.0, _SNARE, 112), (3.75, _SNARE, 70),
                  *_every(0.5, 4, _RIDE, 80, 74))),
    "ballad in three": (3, ((0.0, _KICK, 96), (2.5, _KICK, 60), (1.0, _RIM, 72), (2.0, _RIM, 72),
                            *_every(0.5, 3, _HAT, 50, 42))),
}  # fmt: skip
STYLES = tuple(_STYLES)
DEVELOPMENT_STYLES = ("none", "none in three", "rock", "disco", "waltz")
COURSES = ("steady", "ramp", "step", "human")
"""How the tempo runs: unchanged; up or down by up to a third; a sudden change half way; played by
hands (a slow random walk of 3 %, notes off the grid by 8 ms)."""
_CHORDS = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14), (2, 5, 9), (4, 7, 11))
_INSTRUMENTS = (0, 4, 24, 25, 48, 61, 81)
_BASSES = (32, 33, 38)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A piece by rule.

    Attributes
    ----------
    style, course : str
        One of `STYLES` and of `COURSES`.
    bpm : float
        Tempo at the start.
    swing : float
        Where the off-beat falls in a beat: 0.5 is straight, 2/3 a triplet.
    syncopation : float
        Share of the melody's notes that are brought forward by half a beat.
    seed : int
        Of notes, chords, instruments and deviations.
    duration_s : float
        About how long.
    """

    style: str
    course: str
    bpm: float
    swing: float
    syncopation: float
    seed: int
    duration_s: float = 60.0


def draw_pattern(rng: np.random.Generator, styles: tuple[str, ...]) -> Pattern:
    """Draw a pattern: 60-180 BPM, a third swung, three in five of steady tempo."""
    style = str(rng.choice(styles))
    swung = style == "swing" or (style != "funk" and rng.random() < 0.25)
    return Pattern(
        style=style,
        course=str(rng.choice(COURSES, p=(0.4, 0.2, 0.15, 0.25))),
        bpm=float(np.exp(rng.uniform(np.log(60.0), np.log(180.0)))),
        swing=float(rng.uniform(0.58, 0.68)) if swung else 0.5,
        syncopation=float(rng.choice((0.0, 0.2, 0.5))),
        seed=int(rng.integers(1 << 31)),
    )


def _tempi(pattern: Pattern, n_beats: int, rng: np.random.Generator) -> np.ndarray:
    """Tempo of every beat, BPM."""
    where = np.linspace(0.0, 1.0, n_beats)
    change = float(rng.choice((-1.0, 1.0)) * rng.uniform(0.12, 0.28))
    if pattern.course == "ramp":
        factor = (1.0 + change) ** where
    elif pattern.course == "step":
        factor = np.where(where < 0.5, 1.0, 1.0 + change)
    elif pattern.course == "human":
        factor = np.exp(np.cumsum(rng.normal(0.0, 0.006, n_beats)))
        factor = np.clip(factor, 0.9, 1.1)
    else:
        factor = np.ones(n_beats)
    return pattern.bpm * factor


def _swung(beat: float, swing: float) -> float:
    """Where a straight position falls when it is swung."""
    whole, part = divmod(beat, 1.0)
    part = part * 2.0 * swing if part <= 0.5 else swing + (part - 0.5) * 2.0 * (1.0 - swing)
    return whole + part


def _melody(meter: int, syncopation: float, rng: np.random.Generator) -> Iterator[float]:
    """Positions of a bar's melody notes, beats from the bar line."""
    for beat in range(meter):
        if rng.random() < (0.95 if beat == 0 else 0.75):
            yield beat - 0.5 if rng.random() < syncopation else float(beat)
        if rng.random() < 0.45:
            yield beat + 0.5


def _notes(pattern: Pattern, bars: int, rng: np.random.Generator) -> Iterator[tuple]:
    """(beat, length in beats, channel, key, velocity) of everything but drums."""
    meter = _STYLES[pattern.style][0]
    root = int(rng.integers(-5, 6))
    bass, arpeggio = bool(rng.random() < 0.75), bool(rng.random() < 0.5)
    progression = rng.integers(0, len(_CHORDS), 4)
    per_chord = int(rng.choice((1, 1, 2)))
    for bar in range(bars):
        chord = [60 + root + n for n in _CHORDS[progression[bar // per_chord % 4]]]
        start = bar * meter
        if bass:
            for beat in (0.0, 1.5, 2.0)[: 3 if pattern.syncopation and meter == 4 else 1]:
                yield start + beat, 0.9, 1, chord[0] - 24, 96
            if not pattern.syncopation and meter == 4:
                yield start + 2.0, 0.9, 1, chord[2] - 24, 90
        if arpeggio:
            for i in range(2 * meter):
                yield start + i / 2, 0.5, 0, chord[i % 3], 62 + 12 * (i % 2 == 0)
        else:
            for beat in range(meter):
                for key in chord if beat != 0 or not bass else [chord[0] - 12, *chord]:
                    yield start + beat, 0.85, 0, key, 74 if beat else 84
        for at in _melody(meter, pattern.syncopation, rng):
            key = chord[int(rng.integers(3))] + 12 + int(rng.choice((0, 0, 2, -1)))
            yield start + at, 0.45, 2, key, int(rng.integers(78, 104))


def write_pattern(pattern: Pattern, path: Path) -> None:
    """Write a pattern as a MIDI file, tempo map and time signature included."""
    rng = np.random.default_rng(pattern.seed)
    meter, figure = _STYLES[pattern.style]
    bars = int(np.ceil(pattern.duration_s * pattern.bpm / 60.0 / meter)) + 1
    jitter_s = 0.008 if pattern.course == "human" else 0.0
    tempi = _tempi(pattern, bars * meter, rng)
    played = list(_notes(pattern, bars, rng))
    for bar in range(bars):
        fill = bar % 8 == 7 and len(figure) > 0
        for beat, key, velocity in figure:
            if not (fill and beat >= meter - 1):
                played.append((bar * meter + beat, 0.1, DRUMS, key, velocity))
        if fill:
            last = bar * meter + meter - 1
            played += [(last + i / 4, 0.1, DRUMS, _SNARE, 80 + 8 * i) for i in range(4)]
    events: list[tuple[int, int, mido.Message | mido.MetaMessage]] = [
        (0, 0, mido.MetaMessage("time_signature", numerator=meter, denominator=4))
    ]
    for beat, bpm in enumerate(tempi):
        tempo = mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(float(bpm)))
        events.append((beat * _TICKS, 0, tempo))
    for channel, programs in ((0, _INSTRUMENTS), (1, _BASSES), (2, _INSTRUMENTS)):
        program = int(rng.choice(programs))
        events.append((0, 1, mido.Message("program_change", channel=channel, program=program)))
    for beat, length, channel, key, velocity in played:
        bpm = tempi[min(max(int(beat), 0), len(tempi) - 1)]
        late = rng.normal(0.0, jitter_s) * bpm / 60.0 if jitter_s else 0.0
        on = max(round((_swung(beat, pattern.swing) + late) * _TICKS), 0)
        loud = int(np.clip(velocity + rng.normal(0.0, 5.0), 20, 127))
        press = mido.Message("note_on", channel=channel, note=key, velocity=loud)
        let_go = mido.Message("note_off", channel=channel, note=key)
        events += [(on, 3, press), (on + round(length * _TICKS), 2, let_go)]
    track, now = mido.MidiTrack(), 0
    for at, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=at - now))
        now = at
    mido.MidiFile(ticks_per_beat=_TICKS, tracks=[track]).save(path)
