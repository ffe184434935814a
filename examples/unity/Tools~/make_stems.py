"""Makes the music of the sample "Combat and Explore": four sections, two layers, a stinger.

Conventions
-----------
Run it from the root of the repository: ``python examples/unity/Tools~/make_stems.py``. Everything
is synthesised here: 120 BPM, 4/4, four bars (8 s) at 24 kHz, mono, Ogg Vorbis. Notes ring over the
end into the beginning, so that every stem is a seamless loop; all of them fit over each other,
since all keep to A minor. Levels leave room for two sections and both layers at once.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import soundfile

SAMPLE_RATE = 24_000
BEATS_PER_MINUTE = 120.0
BEATS = 16
BEAT = int(SAMPLE_RATE * 60.0 / BEATS_PER_MINUTE)
LENGTH = BEATS * BEAT
QUALITY = 0.8
"""Of libsndfile's scale 0 (best) to 1 (smallest)."""
FOLDER = (
    Path(__file__).resolve().parents[1]
    / "Samples~"
    / "CombatAndExplore"
    / "Resources"
    / "oscbridge"
)

AM, F, C, G = (57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62)


def hertz(pitch: float) -> float:
    """Frequency of a MIDI pitch."""
    return 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)


def tone(pitch: float, beats: float, attack_s: float, decay_s: float, bright: int) -> np.ndarray:
    """A note of ``bright`` harmonics, float64, shape=(samples,)."""
    time_s = np.arange(int(beats * BEAT) + int(4.0 * decay_s * SAMPLE_RATE)) / SAMPLE_RATE
    wave = sum(
        np.sin(2.0 * np.pi * hertz(pitch) * n * time_s) / n**1.6 for n in range(1, bright + 1)
    )
    held_s = beats * BEAT / SAMPLE_RATE
    envelope = np.minimum(1.0, time_s / attack_s)
    envelope *= np.exp(-np.maximum(0.0, time_s - held_s) / decay_s)
    return wave * envelope


def noise(rng: np.random.Generator, decay_s: float, smooth: int) -> np.ndarray:
    """A burst of noise; ``smooth`` samples are averaged, which makes it darker."""
    time_s = np.arange(int(6.0 * decay_s * SAMPLE_RATE)) / SAMPLE_RATE
    burst = np.convolve(rng.standard_normal(len(time_s)), np.ones(smooth) / smooth, "same")
    return burst * np.exp(-time_s / decay_s)


def kick() -> np.ndarray:
    """A drum whose pitch falls."""
    time_s = np.arange(int(0.3 * SAMPLE_RATE)) / SAMPLE_RATE
    phase = 2.0 * np.pi * (45.0 * time_s + 4.0 * (1.0 - np.exp(-time_s / 0.03)))
    return np.sin(phase) * np.exp(-time_s / 0.08)


def add(loop: np.ndarray, beat: float, sound: np.ndarray, gain: float) -> None:
    """Mix ``sound`` in at a beat; what rings over the end goes on at the beginning."""
    start = int(beat * BEAT)
    for offset in range(0, len(sound), len(loop)):
        piece = sound[offset : offset + len(loop)]
        np.add.at(loop, (start + offset + np.arange(len(piece))) % len(loop), gain * piece)


def chords(order: tuple[tuple[int, ...], ...], bright: int, shift: int = 0) -> np.ndarray:
    """One chord a bar, softly."""
    loop = np.zeros(LENGTH)
    for bar, chord in enumerate(order):
        for pitch in chord:
            add(loop, 4.0 * bar, tone(pitch + shift, 3.6, 0.3, 0.4, bright), 0.12)
    return loop


def explore() -> np.ndarray:
    """Pleasant and calm: wide chords, a few bells."""
    loop = chords((C, G, AM, F), 3)
    for beat, pitch in ((0, 76), (3, 79), (6, 74), (9, 72), (11, 76), (14, 77)):
        add(loop, beat, tone(pitch, 0.1, 0.005, 0.5, 2), 0.2)
    return loop


def combat() -> np.ndarray:
    """Unpleasant and excited: eighths in the bass, semitones above."""
    loop = chords((AM, AM, F, G), 9, -12)
    for eighth in range(2 * BEATS):
        pitch = 33 + (1 if eighth % 8 == 7 else 0)
        add(loop, eighth / 2.0, tone(pitch, 0.25, 0.004, 0.05, 14), 0.28)
    for beat, pitch in ((1.5, 69), (3.5, 70), (7.5, 69), (11.5, 70), (13.5, 68)):
        add(loop, beat, tone(pitch, 0.3, 0.004, 0.1, 12), 0.16)
    return loop


def ruin() -> np.ndarray:
    """Unpleasant and calm: low, dark, one slow line."""
    loop = chords((AM, F, AM, AM), 2, -12)
    for beat, pitch in ((0, 64), (5, 62), (8, 60), (13, 59)):
        add(loop, beat, tone(pitch, 2.0, 0.2, 0.8, 3), 0.16)
    return loop


def village() -> np.ndarray:
    """Pleasant and excited: major chords, plucked eighths."""
    loop = chords((C, F, C, G), 4)
    for eighth in range(2 * BEATS):
        chord = (C, F, C, G)[eighth // 8]
        add(loop, eighth / 2.0, tone(chord[eighth % 3] + 24, 0.1, 0.003, 0.15, 5), 0.17)
    return loop


def drums() -> np.ndarray:
    """A layer for excitement: kick, snare, hats."""
    rng = np.random.default_rng(7)
    loop = np.zeros(LENGTH)
    for beat in range(BEATS):
        if beat % 2 == 0:
            add(loop, beat, kick(), 0.6)
        else:
            add(loop, beat, noise(rng, 0.06, 3), 0.25)
        for half in (0.0, 0.5):
            add(loop, beat + half, noise(rng, 0.015, 1), 0.08)
    return loop


def shimmer() -> np.ndarray:
    """A layer for calm: high fifths, slowly."""
    loop = np.zeros(LENGTH)
    for bar, pitch in enumerate((88, 83, 81, 88)):
        add(loop, 4.0 * bar, tone(pitch, 3.0, 0.8, 0.8, 2), 0.06)
        add(loop, 4.0 * bar + 2.0, tone(pitch + 7, 1.5, 0.6, 0.8, 1), 0.04)
    return loop


def stinger() -> np.ndarray:
    """A blow, two beats long, that ends in silence."""
    sound = np.zeros(2 * BEAT)
    for pitch in (45, 52, 57, 64, 69):
        note = tone(pitch, 0.2, 0.004, 0.15, 8)[: len(sound)]
        sound[: len(note)] += 0.14 * note
    sound[: len(kick())] += 0.4 * kick()
    return sound * np.minimum(1.0, (len(sound) - np.arange(len(sound))) / (0.1 * SAMPLE_RATE))


STEMS = {made.__name__: made for made in (explore, combat, ruin, village, drums, shimmer, stinger)}


def main() -> None:
    """Write all stems, into the folder of the sample or the one named."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for name, made in STEMS.items():
        soundfile.write(
            folder / f"{name}.ogg",
            np.clip(made(), -1.0, 1.0),
            SAMPLE_RATE,
            format="OGG",
            subtype="VORBIS",
            compression_level=QUALITY,
        )


if __name__ == "__main__":
    main()
