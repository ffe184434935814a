"""Music for the demo: a section for each quadrant, composed and played on the spot.

Problem
-------
A first run needs music whose expression is known. Each quadrant gets what music psychology agrees
on (Juslin & Laukka 2004; Gabrielsson & Lindström 2010): tempo, loudness, articulation and
brightness carry arousal, mode and dissonance carry valence.

======== ======================== ===========================================================
quadrant expresses                played as
======== ======================== ===========================================================
1 +V +A  happy                    fast, major, bright, staccato, high, a steady light beat
2 −V +A  tense, angry             very fast, loud, distorted, minor seconds and tritones, drums
3 −V −A  sad                      slow, soft, minor sixths, low, legato, dark, no drums
4 +V −A  relaxed                  slow, gentle, broken major chords, warm, no drums
======== ======================== ===========================================================

Conventions
-----------
Pitches are MIDI numbers. A section is a whole number of beats, so its tempo bends a little to fit;
one call of `DemoMusic.next_beat` composes and plays one beat. The section number and the seed
decide every note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from oscbridge.sources import demo_sounds as sounds
from oscbridge.sources.demo_sounds import SAMPLE_RATE, Timbre, play
from oscbridge.sources.settings import SECTION_S

if TYPE_CHECKING:
    from collections.abc import Callable

ORDER = (1, 3, 2, 4)
"""Quadrants in the order in which they are played: neighbours differ as much as they can."""

TEMPO_BPM = {1: 138.0, 2: 168.0, 3: 54.0, 4: 72.0}
_TONICS = (0, 5, -2, 3, -4, 2)
_LONGEST_TAIL_S = 1.0

_MAJOR = (0, 4, 7)
_MINOR_SIXTH, _DIMINISHED = (0, 3, 7, 9), (0, 3, 6, 9)
_HAPPY_ROOTS = ((0, 5, 7, 0), (0, 7, 5, 7), (0, 5, 0, 7), (5, 7, 0, 0))
_TENSE_ROOTS = ((0, 1, 0, 6), (0, 6, 5, 1), (0, 1, 3, 1), (0, 0, 6, 1))
_SAD_ROOTS = ((0, 5, 0, 7), (0, 7, 5, 0), (0, 5, 7, 0))
_CALM_CHORDS = (
    ((0, 4, 7, 12), (5, 9, 12, 16)),
    ((0, 4, 7, 12), (-3, 4, 7, 12)),
    ((0, 4, 7, 12), (5, 9, 12, 17)),
)
_MAJOR_PENTATONIC = (0, 2, 4, 7, 9, 12, 14, 16, 19)
_MINOR_STEPS = (0, 2, 3, 5, 7, 8, 12)


class DemoMusic:
    """An endless walk through the four quadrants.

    Parameters
    ----------
    section_s : float
        Length of a section, seconds, 1 or more.
    seed : int
        Another number, other melodies and keys.

    Attributes
    ----------
    sample_rate : int
        24000 Hz.
    section : int
        Samples of a section.

    Raises
    ------
    ValueError
        Sections shorter than 1 s.
    """

    sample_rate = SAMPLE_RATE

    def __init__(self, section_s: float = SECTION_S, seed: int = 0) -> None:
        if section_s < 1.0:
            raise ValueError(f"a section needs 1 s or more, not {section_s:g} s")
        self.section = round(section_s * SAMPLE_RATE)
        self._seed = abs(seed)
        self._drums = sounds.build_drums(self._seed)
        self._bands: dict[int, Callable[[int], None]] = {
            1: self._happy,
            2: self._tense,
            3: self._sad,
            4: self._calm,
        }
        self._index = -1
        self._beat = 0
        self._beats = 0
        self._mix = np.zeros(self.section + round(2 * SAMPLE_RATE), dtype=np.float32)
        self._begin_section()

    @staticmethod
    def quadrant_of(index: int) -> int:
        """Quadrant of section ``index``, counted from 0."""
        return ORDER[index % len(ORDER)]

    def next_beat(self) -> np.ndarray:
        """Play the next beat.

        Returns
        -------
        np.ndarray, shape=(n,), float32
            Its samples, |x| < 1; sections begin exactly at multiples of `section`.
        """
        if self._beat == self._beats:
            self._begin_section()
        start, stop = self._beat_span(self._beat)
        self._bands[self.quadrant_of(self._index)](self._beat)
        self._beat += 1
        count = stop - start
        out = np.tanh(self._mix[:count])
        self._mix[:-count] = self._mix[count:]
        self._mix[-count:] = 0.0
        return out

    def _begin_section(self) -> None:
        self._index += 1
        quadrant = self.quadrant_of(self._index)
        section_s = self.section / SAMPLE_RATE
        self._beats = max(2, round(section_s * TEMPO_BPM[quadrant] / 60.0))
        self._beat = 0
        self._beat_s = section_s / self._beats
        self._random = np.random.default_rng((self._seed, self._index))
        self._tonic = 60 + _TONICS[(self._index // len(ORDER) + self._seed) % len(_TONICS)]
        self._form = int(self._random.integers(0, 1 << 16))
        self._degree = 2

    def _beat_span(self, beat: int) -> tuple[int, int]:
        return beat * self.section // self._beats, (beat + 1) * self.section // self._beats

    def _add(self, at_beats: float, sound: np.ndarray, level: float = 1.0) -> None:
        """Mix a sound in, ``at_beats`` after the start of this beat."""
        start = round(at_beats * self._beat_s * SAMPLE_RATE)
        count = min(len(sound), len(self._mix) - start)
        self._mix[start : start + count] += np.float32(level) * sound[:count]

    def _note(
        self,
        at_beats: float,
        pitches: tuple[float, ...],
        timbre: Timbre,
        beats: float,
        level: float,
    ) -> None:
        """Play notes that end with the section at the latest: a boundary has no smear."""
        left = self._beats - self._beat - at_beats
        self._add(at_beats, play(pitches, timbre, min(beats, left) * self._beat_s, level))

    def _drum(self, at_beats: float, name: str, level: float) -> None:
        left_s = (self._beats - self._beat - at_beats) * self._beat_s
        sound = self._drums[name]
        self._add(at_beats, sound[: max(1, round(left_s * SAMPLE_RATE))], level)

    def _step(self, scale: tuple[int, ...], reach: int = 2) -> int:
        """Next note of a melody: a small step up or down the scale."""
        moved = self._degree + int(self._random.integers(-reach, reach + 1))
        self._degree = min(max(moved, 0), len(scale) - 1)
        return scale[self._degree]

    def _happy(self, beat: int) -> None:
        roots = _HAPPY_ROOTS[self._form % len(_HAPPY_ROOTS)]
        root = self._tonic + roots[(beat // 2) % 4]
        chord = tuple(float(root + tone) for tone in _MAJOR)
        self._drum(0.0, "kick", 0.55)
        if beat % 2:
            self._drum(0.0, "snare", 0.55)
        for half in (0.0, 0.5):
            self._note(half, (root - 24.0 + 12.0 * (half > 0.0),), sounds.BASS, 0.35, 0.16)
            self._note(half, chord, sounds.STAB, 0.3, 0.12 if half else 0.1)
        for quarter in (0.0, 0.25, 0.5, 0.75):
            self._drum(quarter, "hat", 0.45 if quarter in {0.0, 0.5} else 0.27)
            if quarter in {0.0, 0.5} or self._random.random() < 0.5:
                pitch = self._tonic + 12.0 + self._step(_MAJOR_PENTATONIC)
                self._note(quarter, (pitch,), sounds.PLUCK, 0.2, 0.14)

    def _tense(self, beat: int) -> None:
        roots = _TENSE_ROOTS[self._form % len(_TENSE_ROOTS)]
        root = self._tonic - 24.0 + roots[(beat // 4) % 4]
        if beat == 0:
            self._drum(0.0, "crash", 0.35)
        tritone = (root, root + 6.0, root + 12.0)
        for half in (0.0, 0.5):
            self._note(half, tritone, sounds.GUITAR, 0.45, 0.3)
            self._drum(half, "kick", 0.5)
            self._drum(half + 0.25, "hat", 0.1)
        self._drum(0.5, "snare", 0.3)
        for quarter in (0.0, 0.25, 0.5, 0.75):
            pitch = self._tonic + 12.0 + self._step(_MINOR_STEPS)
            self._note(quarter, (pitch,), sounds.PLUCK, 0.24, 0.2)

    def _sad(self, beat: int) -> None:
        roots = _SAD_ROOTS[self._form % len(_SAD_ROOTS)]
        root = self._tonic - 19 + roots[(beat // 2) % 4]
        if beat % 2 == 0:
            tones = _DIMINISHED if (beat // 2) % 2 else _MINOR_SIXTH
            chord = tuple(float(root - 12 * (tone == 0) + tone) for tone in tones)
            self._note(0.0, chord, sounds.STRINGS, 2.0, 0.022)
        if beat % 2 == 0 or self._random.random() < 0.4:
            pitch = self._tonic - 19.0 + self._step(_MINOR_STEPS, 1)
            self._note(0.0, (pitch,), sounds.CELLO, 1.0 + (beat % 2 == 0), 0.05)

    def _calm(self, beat: int) -> None:
        chords = _CALM_CHORDS[self._form % len(_CALM_CHORDS)]
        chord = tuple(float(self._tonic + tone) for tone in chords[(beat // 2) % 2])
        if beat % 2 == 0:
            self._note(0.0, chord, sounds.WARM_PAD, 2.0, 0.045)
            self._note(0.0, (chord[0] - 24.0,), sounds.BASS, 1.8, 0.03)
        for half, tone in ((0.0, 1), (0.5, 2)):
            self._note(half, (chord[(tone + beat) % 4] + 12.0,), sounds.BELL, 1.0, 0.05)
        if beat % 2 and self._random.random() < 0.7:
            pitch = self._tonic + 12.0 + self._step(_MAJOR_PENTATONIC, 1)
            self._note(0.5, (pitch,), sounds.BELL, 1.5, 0.06)
