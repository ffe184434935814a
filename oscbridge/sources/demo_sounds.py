"""The sounds of the demo: single-cycle tables, envelopes and drums, all made with numpy.

Conventions
-----------
Everything is mono float32 at `SAMPLE_RATE`. A `Timbre` is a list of harmonic amplitudes; it is read
from a table of one cycle that holds only the harmonics that fit below `TOP_HZ`, so nothing aliases.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

SAMPLE_RATE = 24_000
TOP_HZ = 11_000.0
_TABLE = 4096
_LONGEST = 30 * SAMPLE_RATE
_HARMONICS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)


@dataclass(frozen=True)
class Timbre:
    """How a note sounds.

    Attributes
    ----------
    slope : float
        Amplitude of harmonic h is ``h ** -slope``: large is dark, small is bright.
    harmonics : int
        Most harmonics.
    attack_s, decay_s, release_s : float
        Rise, time constant of the fall (0: none), and end, seconds.
    drive : float
        Above 0: pushed through ``tanh`` so hard that it distorts.
    detune : float
        Above 0: a second voice this far away (relative frequency) makes it wide and slow.
    """

    slope: float
    harmonics: int
    attack_s: float
    decay_s: float
    release_s: float = 0.05
    drive: float = 0.0
    detune: float = 0.0


PLUCK = Timbre(slope=0.9, harmonics=32, attack_s=0.003, decay_s=0.11)
STAB = Timbre(slope=1.0, harmonics=24, attack_s=0.004, decay_s=0.16)
BASS = Timbre(slope=1.3, harmonics=12, attack_s=0.005, decay_s=0.35)
GUITAR = Timbre(slope=1.0, harmonics=24, attack_s=0.002, decay_s=0.6, drive=3.0)
STRINGS = Timbre(slope=2.0, harmonics=8, attack_s=0.4, decay_s=0.0, release_s=0.3, detune=0.01)
CELLO = Timbre(slope=2.2, harmonics=12, attack_s=0.12, decay_s=2.5, release_s=0.15, detune=0.004)
WARM_PAD = Timbre(slope=2.0, harmonics=6, attack_s=0.15, decay_s=0.0, release_s=0.2, detune=0.003)
BELL = Timbre(slope=1.9, harmonics=6, attack_s=0.006, decay_s=0.9, release_s=0.15)


def note_hz(pitch: float) -> float:
    """Frequency of a MIDI pitch, Hz; 69 is 440 Hz."""
    return 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)


@lru_cache(maxsize=256)
def _cycle(slope: float, harmonics: int) -> np.ndarray:
    """One cycle, shape=(4096,), float32, mean power as a sine of amplitude 1."""
    numbers = np.arange(1, harmonics + 1, dtype=np.float64)
    amplitudes = numbers**-slope
    spectrum = np.zeros(_TABLE // 2 + 1, dtype=np.complex128)
    # Phases by Schroeder's rule keep the peak low.
    spectrum[1 : harmonics + 1] = amplitudes * np.exp(-1j * np.pi * numbers**2 / harmonics)
    cycle = np.fft.irfft(spectrum)
    cycle *= np.sqrt(0.5) / np.sqrt(np.mean(cycle**2))
    return cycle.astype(np.float32)


_RAMP = np.arange(_LONGEST, dtype=np.float64)


def _oscillate(hertz: float, timbre: Timbre, count: int) -> np.ndarray:
    fitting = min(timbre.harmonics, max(1, int(TOP_HZ / hertz)))
    harmonics = max(number for number in _HARMONICS if number <= fitting)
    cycle = _cycle(timbre.slope, harmonics)
    positions = (_RAMP[:count] * (hertz * _TABLE / SAMPLE_RATE)).astype(np.int64)
    return cycle[positions & (_TABLE - 1)]


def play(pitches: tuple[float, ...], timbre: Timbre, duration_s: float, level: float) -> np.ndarray:
    """A note or chord with its envelope.

    Parameters
    ----------
    pitches : tuple of float
        MIDI pitches that sound together.
    timbre : Timbre
        How it sounds.
    duration_s : float
        Until the release begins, seconds.
    level : float
        Amplitude of one voice.

    Returns
    -------
    np.ndarray, shape=(n,), float32
    """
    held = max(1, round(duration_s * SAMPLE_RATE))
    count = min(held + round(timbre.release_s * SAMPLE_RATE), _LONGEST)
    sound = np.zeros(count, dtype=np.float32)
    for pitch in pitches:
        hertz = note_hz(pitch)
        sound += _oscillate(hertz, timbre, count)
        if timbre.detune:
            sound += _oscillate(hertz * (1.0 + timbre.detune), timbre, count)
    if timbre.detune:
        sound *= np.float32(0.7)
    if timbre.drive:
        sound = np.tanh(np.float32(timbre.drive) * sound)
        sound -= sound.mean()  # a wave that is not symmetric leaves an offset behind
    envelope = np.full(count, level, dtype=np.float32)
    if timbre.decay_s:
        envelope *= np.exp(_RAMP[:count] / (-timbre.decay_s * SAMPLE_RATE)).astype(np.float32)
    rise = min(max(1, round(timbre.attack_s * SAMPLE_RATE)), count)
    envelope[:rise] *= np.linspace(0.0, 1.0, rise, endpoint=False, dtype=np.float32)
    envelope[held:] *= np.linspace(1.0, 0.0, count - held, dtype=np.float32)
    return sound * envelope


def build_drums(seed: int) -> dict[str, np.ndarray]:
    """Kick, snare, hat and crash by name, each shape=(n,), float32, peak about 1."""
    random = np.random.default_rng(seed)

    def fall(count: int, decay_s: float) -> np.ndarray:
        return np.exp(-_RAMP[:count] / (decay_s * SAMPLE_RATE))

    def noise(count: int, differences: int) -> np.ndarray:
        """White noise, made brighter by each difference."""
        sound = random.standard_normal(count + differences)
        return np.diff(sound, differences) / 2.0**differences / 1.5

    length = round(0.25 * SAMPLE_RATE)
    sweep_hz = 48.0 + 110.0 * fall(length, 0.03)
    kick = np.sin(2.0 * np.pi * np.cumsum(sweep_hz) / SAMPLE_RATE) * fall(length, 0.09)
    length = round(0.22 * SAMPLE_RATE)
    body = np.sin(2.0 * np.pi * 190.0 * _RAMP[:length] / SAMPLE_RATE)
    snare = 0.5 * body * fall(length, 0.04) + 0.7 * noise(length, 0) * fall(length, 0.06)
    length = round(0.06 * SAMPLE_RATE)
    hat = noise(length, 2) * fall(length, 0.015)
    length = round(0.9 * SAMPLE_RATE)
    crash = noise(length, 1) * fall(length, 0.3)
    drums = {"kick": kick, "snare": snare, "hat": hat, "crash": crash}
    return {name: sound.astype(np.float32) for name, sound in drums.items()}
