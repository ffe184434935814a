"""The music of the game: for each quadrant three layers, all on one beat and one tonic.

Problem
-------
Layers that fade into one another must fit at every moment. So all share a pulse of `BPM` beats a
minute and D; what differs is what makes music happy, tense, sad or relaxed (as in
`oscbridge.sources.demo_music`): how many notes fall on a beat, how loud, bright and detached they
are, and major or minor, consonant or not. The calm places move at half the pulse and slower.

======== ========== ======================================================================
quadrant layers     played as
======== ========== ======================================================================
1 happy  drums      a light beat; stabs: major chords off the beat; fiddle: a quick melody
2 tense  drums      driving drums; guitar: distorted tritones; alarm: restless semitones
3 sad    strings    low minor chords, dark, legato; cello: a slow line; drone: the deep tonic
4 calm   pad        warm major chords and sevenths; bells: broken chords; flute: a gentle line
======== ========== ======================================================================

Conventions
-----------
Mono float32 at `SAMPLE_RATE`; pitches are MIDI numbers; a bar has `BEATS_A_BAR` beats of exactly
`BEAT` samples. The layer that is ``near`` belongs to the heart of a place: it comes nearer with it.
A layer composes beat by beat; the number of the beat decides every note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from oscbridge.sources import demo_sounds as sounds
from oscbridge.sources.demo_sounds import SAMPLE_RATE, Timbre, play

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BPM = 144.0
BEAT = 10_000
"""Samples of a beat."""
BEATS_A_BAR = 4
BAR = BEAT * BEATS_A_BAR
PHRASE_BEATS = 8
"""No note lasts longer, and none goes on from one phrase into the next."""
BEAT_S = BEAT / SAMPLE_RATE

_D = 62

_HAPPY_CHORDS = ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7))
_CALM_CHORDS = ((0, 4, 7, 12), (5, 9, 12, 16), (0, 4, 7, 11), (5, 9, 12, 16))
_SAD_CHORDS = ((0, 3, 7), (2, 5, 8), (0, 3, 6, 9), (-1, 2, 5, 8))
_TENSE_ROOTS = (0, 1, 0, 6)

_REEL = (
    (12, 7, 4, 7, 12, 14, 16, 14),
    (17, 16, 14, 12, 9, 12, 14, 17),
    (19, 14, 11, 14, 19, 17, 16, 14),
    (16, 12, 7, 12, 16, 19, 16, 12),
)
"""A bar of eighths over each happy chord."""
_SIREN = (0, 1, 0, 6, 7, 6, 1, 0, 12, 13, 12, 7, 6, 7, 6, 1)
_SIGHS = (3, 2, 0, -1, 8, 6, 5, 3)
"""A note a bar: pairs that fall."""
_AIR = ((7, 4), (9, 12), (14, 12), (9, 5), (4, 7), (12, 9), (7, 2), (5, 9))
"""Two notes a bar."""

_PAD = Timbre(slope=2.2, harmonics=6, attack_s=0.5, decay_s=0.0, release_s=0.6, detune=0.003)
_FLUTE = Timbre(slope=2.4, harmonics=4, attack_s=0.12, decay_s=0.0, release_s=0.3, detune=0.002)

_DRUMS = sounds.build_drums(0)


class Sounding(NamedTuple):
    """A sound, ``at`` beats after the beat's start."""

    at: float
    samples: np.ndarray


class Layer(NamedTuple):
    """One layer of the music.

    Attributes
    ----------
    name : str
        For people.
    quadrant : int
        What it expresses with the others of its quadrant.
    compose : callable
        Takes the number of a beat, yields what sounds from then on.
    near : bool
        Whether it is heard only near the heart of a place.
    """

    name: str
    quadrant: int
    compose: Callable[[int], Iterator[Sounding]]
    near: bool = False


def _note(
    at: float, pitches: tuple[float, ...], timbre: Timbre, beats: float, level: float
) -> Sounding:
    return Sounding(at, play(pitches, timbre, beats * BEAT_S, level))


def _drum(at: float, name: str, level: float) -> Sounding:
    return Sounding(at, np.float32(level) * _DRUMS[name])


def _chord(chords: tuple[tuple[int, ...], ...], beat: int, beats: int) -> tuple[int, ...]:
    return chords[beat // beats % len(chords)]


def _happy_drums(beat: int) -> Iterator[Sounding]:
    yield _drum(0.0, "kick", 0.55)
    if beat % 2:
        yield _drum(0.0, "snare", 0.5)
    for quarter in (0.0, 0.25, 0.5, 0.75):
        yield _drum(quarter, "hat", 0.4 if quarter in {0.0, 0.5} else 0.22)


def _happy_stabs(beat: int) -> Iterator[Sounding]:
    chord = _chord(_HAPPY_CHORDS, beat, 4)
    pitches = tuple(float(_D + tone) for tone in chord)
    for half in (0.0, 0.5):
        yield _note(half, (pitches[0] - 24.0 + 12.0 * (half > 0.0),), sounds.BASS, 0.35, 0.16)
        yield _note(half, pitches, sounds.STAB, 0.3, 0.12 if half else 0.1)


def _happy_fiddle(beat: int) -> Iterator[Sounding]:
    bar = _REEL[beat // 4 % len(_REEL)]
    for eighth in (0, 1):
        pitch = _D + 12.0 + bar[beat % 4 * 2 + eighth]
        yield _note(eighth / 2.0, (pitch,), sounds.PLUCK, 0.4, 0.14)
        yield _note(eighth / 2.0 + 0.25, (pitch - 12.0,), sounds.PLUCK, 0.2, 0.07)


def _tense_drums(beat: int) -> Iterator[Sounding]:
    if beat % 16 == 0:
        yield _drum(0.0, "crash", 0.35)
    for half in (0.0, 0.5):
        yield _drum(half, "kick", 0.5)
        yield _drum(half + 0.25, "hat", 0.1)
    yield _drum(0.5, "snare", 0.3)


def _tense_guitar(beat: int) -> Iterator[Sounding]:
    root = _D - 24.0 + _TENSE_ROOTS[beat // 4 % 4]
    for half in (0.0, 0.5):
        yield _note(half, (root, root + 6.0, root + 12.0), sounds.GUITAR, 0.45, 0.3)


def _tense_alarm(beat: int) -> Iterator[Sounding]:
    for sixteenth in range(4):
        pitch = _D + 12.0 + _SIREN[beat % 4 * 4 + sixteenth]
        yield _note(sixteenth / 4.0, (pitch,), sounds.PLUCK, 0.24, 0.2)


def _sad_strings(beat: int) -> Iterator[Sounding]:
    if beat % 8 == 0:
        chord = _chord(_SAD_CHORDS, beat, 8)
        yield _note(0.0, tuple(_D - 19.0 + tone for tone in chord), sounds.STRINGS, 8.0, 0.033)


def _sad_cello(beat: int) -> Iterator[Sounding]:
    if beat % 4 == 0:
        pitch = _D - 19.0 + _SIGHS[beat // 4 % len(_SIGHS)]
        yield _note(0.0, (pitch,), sounds.CELLO, 4.0, 0.075)


def _sad_drone(beat: int) -> Iterator[Sounding]:
    if beat % 8 == 0:
        yield _note(0.0, (_D - 31.0, _D - 24.0), sounds.STRINGS, 8.0, 0.024)


def _calm_pad(beat: int) -> Iterator[Sounding]:
    if beat % 4 == 0:
        chord = _chord(_CALM_CHORDS, beat, 4)
        yield _note(0.0, tuple(float(_D + tone) for tone in chord), _PAD, 4.0, 0.042)
        yield _note(0.0, (_D + chord[0] - 24.0,), sounds.BASS, 3.6, 0.05)


def _calm_bells(beat: int) -> Iterator[Sounding]:
    if beat % 2 == 0:
        chord = _chord(_CALM_CHORDS, beat, 4)
        tone = chord[(1, 3, 2, 1)[beat // 2 % 4]]
        yield _note(0.0, (_D + tone,), sounds.BELL, 2.0, 0.06)


def _calm_flute(beat: int) -> Iterator[Sounding]:
    if beat % 2 == 0:
        pitch = _D + 12.0 + _AIR[beat // 4 % len(_AIR)][beat % 4 // 2]
        yield _note(0.0, (pitch,), _FLUTE, 1.8, 0.045)


LAYERS = (
    Layer("drums", 1, _happy_drums),
    Layer("stabs", 1, _happy_stabs),
    Layer("fiddle", 1, _happy_fiddle, near=True),
    Layer("drums", 2, _tense_drums),
    Layer("guitar", 2, _tense_guitar),
    Layer("alarm", 2, _tense_alarm, near=True),
    Layer("strings", 3, _sad_strings),
    Layer("cello", 3, _sad_cello),
    Layer("drone", 3, _sad_drone, near=True),
    Layer("pad", 4, _calm_pad),
    Layer("bells", 4, _calm_bells),
    Layer("flute", 4, _calm_flute, near=True),
)
