"""Music that corpora of songs lack, as scores drawn at random: lone drums, lone voices, slow pads.

Conventions
-----------
A score is a `mido.MidiFile` for `models.training.render`. It is no good music; it is what a gate
must not turn away: a drum kit by itself, one instrument or choir playing a tune by itself, chords
that hardly move.
"""

from __future__ import annotations

import mido
import numpy as np

_TICKS = 480
_KICKS, _SNARES, _HATS = (35, 36), (37, 38, 39, 40), (42, 44, 46, 51, 54, 56, 70, 75)
_TOMS = (41, 43, 45, 47, 48, 50, 60, 61, 62, 63, 64)
_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 3, 5, 7, 10))
_SOLO = (*range(8), 9, 11, 12, 19, 21, 22, 24, 25, 26, 32, 33, 40, 41, 42, 46, *range(56, 83))
_VOICES = (52, 53, 54, 85)
_PADS = (16, 18, 19, 48, 49, 50, 51, 52, *range(88, 96))

Note = tuple[int, int, int, int]
"""Start and length in ticks, MIDI pitch, velocity."""


def draw_drums(seconds: float, rng: np.random.Generator) -> mido.MidiFile:
    """A pattern of a bar over and over with small changes, sometimes swung or in three."""
    steps = int(rng.choice([8, 12, 16, 16]))
    step = _TICKS * 4 // steps
    strength = np.zeros((4, steps))
    strength[0, :: steps // int(rng.choice([2, 4]))] = 0.95
    strength[1, steps // 4 :: steps // 2] = 0.9
    strength[2, :: int(rng.choice([1, 2]))] = 0.9
    strength = np.maximum(strength, rng.random((4, steps)) * rng.uniform(0.0, 0.6))
    strength[rng.random(4) > (0.9, 0.8, 0.8, 0.3)] = 0.0
    strength[int(rng.integers(3)), 0] = 1.0
    drums = [int(rng.choice(kind)) for kind in (_KICKS, _SNARES, _HATS, _TOMS)]
    swing = int(step * rng.choice([0.0, 0.0, 0.3]))
    bpm = float(rng.uniform(60.0, 180.0))
    notes: list[Note] = []
    for at in range(int(seconds * bpm / 60.0 * _TICKS / step)):
        for voice, drum in enumerate(drums):
            if rng.random() < strength[voice, at % steps]:
                late = swing if at % 2 else 0
                notes.append((at * step + late, step // 2, drum, int(rng.integers(60, 120))))
    return _score(notes, bpm, channel=9, program=0)


def draw_solo(seconds: float, rng: np.random.Generator) -> mido.MidiFile:
    """A tune for one instrument or choir: steps and leaps in a scale, a few rhythms that return."""
    scale = np.asarray(_SCALES[rng.integers(len(_SCALES))])
    rhythms = [rng.choice([1, 2, 2, 4, 4, 6, 8], 6) for _ in range(3)]
    base = int(rng.integers(36, 66))
    bpm = float(rng.uniform(50.0, 160.0))
    legato = rng.uniform(0.4, 1.1)
    notes: list[Note] = []
    at, degree = 0, int(rng.integers(0, 8))
    while at < seconds * bpm / 60.0 * _TICKS:
        for length in rhythms[rng.integers(3)]:
            ticks = int(length) * _TICKS // 4
            degree += int(rng.choice([-4, -2, -1, -1, 0, 1, 1, 2, 4]))
            degree = int(np.clip(degree, -3, 14))
            pitch = base + 12 * (degree // len(scale)) + int(scale[degree % len(scale)])
            if rng.random() < 0.92:
                velocity = int(rng.integers(50, 110))
                notes.append((at, max(int(ticks * legato), 20), pitch, velocity))
            at += ticks
    program = rng.choice(_VOICES if rng.random() < 0.35 else _SOLO)
    return _score(notes, bpm, channel=0, program=int(program))


def draw_pad(seconds: float, rng: np.random.Generator) -> mido.MidiFile:
    """Chords of three to six tones that last 2 to 12 seconds."""
    base = int(rng.integers(36, 56))
    scale = np.asarray(_SCALES[rng.integers(len(_SCALES))])
    notes: list[Note] = []
    at = 0
    while at < seconds * 2 * _TICKS:  # 120 beats a minute
        ticks = int(rng.uniform(2.0, 12.0) * 2 * _TICKS)
        root = int(rng.integers(len(scale)))
        for k in range(int(rng.integers(2, 6))):
            degree = root + 2 * k
            pitch = base + 12 * (degree // len(scale)) + int(scale[degree % len(scale)])
            notes.append((at, ticks + _TICKS // 2, pitch, int(rng.integers(50, 100))))
        at += ticks
    return _score(notes, 120.0, channel=0, program=int(rng.choice(_PADS)))


def draw_ensemble(seconds: float, rng: np.random.Generator) -> mido.MidiFile:
    """Tune over slow chords, now and then with drums."""
    parts = [draw_pad(seconds, rng), draw_solo(seconds, rng)]
    if rng.random() < 0.4:
        parts.append(draw_drums(seconds, rng))
    bpm = float(rng.uniform(60.0, 150.0))
    tempo = mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm))
    score = mido.MidiFile(ticks_per_beat=_TICKS, tracks=[mido.MidiTrack([tempo])])
    for channel, part in zip((1, 0, 9), parts, strict=False):
        voices = [m for m in part.tracks[0] if not m.is_meta]
        score.tracks.append(mido.MidiTrack([m.copy(channel=channel) for m in voices]))
    return score


SCORES = {"drums": draw_drums, "solo": draw_solo, "pad": draw_pad, "ensemble": draw_ensemble}
"""Every kind of score, by name."""


def _score(notes: list[Note], bpm: float, channel: int, program: int) -> mido.MidiFile:
    """A file of one part."""
    events = [(start, "note_on", pitch, velocity) for start, _, pitch, velocity in notes]
    events += [(start + length, "note_off", pitch, 0) for start, length, pitch, _ in notes]
    track = mido.MidiTrack(
        [
            mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm)),
            mido.Message("program_change", channel=channel, program=program),
        ]
    )
    now = 0
    for tick, kind, pitch, velocity in sorted(events):
        note = min(max(pitch, 0), 127)
        track.append(
            mido.Message(kind, channel=channel, note=note, velocity=velocity, time=tick - now)
        )
        now = tick
    return mido.MidiFile(ticks_per_beat=_TICKS, tracks=[track])
