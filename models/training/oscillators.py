"""Scores played by a drawn synthesiser: tones from plain oscillators, drums from noise.

Conventions
-----------
Mono float32, peak 0.5. Every call is another synthesiser: spectrum, envelope, vibrato and detuning
are drawn from ``rng`` once for a part. Soundfonts hold recordings of instruments; games, chips and
synthesisers sound like this.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from models.training.strokes import DRUMS

if TYPE_CHECKING:
    import mido

_MOST_PARTIALS = 24


def oscillate(
    score: mido.MidiFile, seconds: float, sample_rate: int, rng: np.random.Generator
) -> np.ndarray:
    """Play the head of a score.

    Parameters
    ----------
    score : mido.MidiFile
    seconds : float
        How much of it.
    sample_rate : int
        Hz.
    rng : np.random.Generator

    Returns
    -------
    np.ndarray, shape=(n,), float32
    """
    mix = np.zeros(int(seconds * sample_rate))
    for channel, notes in _read_notes(score, seconds).items():
        part = np.zeros_like(mix)
        tone = _Drum(rng) if channel == DRUMS else _Tone(rng)
        for start_s, length_s, pitch, velocity in notes:
            sound = tone.play(pitch, length_s, sample_rate) * (velocity / 127.0) ** 1.5
            start = int(start_s * sample_rate)
            part[start : start + len(sound)] += sound[: len(mix) - start]
        mix += rng.uniform(0.4, 1.0) * part / max(float(np.max(np.abs(part))), 1e-9)
    return (0.5 * mix / max(float(np.max(np.abs(mix))), 1e-9)).astype(np.float32)


def _read_notes(
    score: mido.MidiFile, seconds: float
) -> dict[int, list[tuple[float, float, int, int]]]:
    """Start, length (seconds), pitch and velocity of the notes of each channel."""
    notes: dict[int, list[tuple[float, float, int, int]]] = defaultdict(list)
    sounding: dict[tuple[int, int], tuple[float, int]] = {}
    now_s = 0.0
    for message in score:
        now_s += message.time
        if message.type not in ("note_on", "note_off"):
            continue
        key = (message.channel, message.note)
        if key in sounding:
            start_s, velocity = sounding.pop(key)
            length_s = min(now_s, seconds) - start_s
            if length_s > 0.0:
                notes[message.channel].append((start_s, length_s, message.note, velocity))
        if message.type == "note_on" and message.velocity and now_s < seconds:
            sounding[key] = (now_s, message.velocity)
    return notes


class _Tone:
    """A tone of partials or of two modulated oscillators with an envelope."""

    def __init__(self, rng: np.random.Generator) -> None:
        n = int(rng.integers(1, _MOST_PARTIALS))
        k = np.arange(1, n + 1)
        self._partials = k ** -rng.uniform(0.5, 2.5) * rng.uniform(0.3, 1.0, n)
        if rng.random() < 0.4:  # odd ones alone: square, clarinet
            self._partials[1::2] = 0.0
        self._modulation = rng.uniform(0.5, 4.0) if rng.random() < 0.25 else 0.0
        self._ratio = float(rng.choice([0.5, 1.0, 2.0, 3.0]))
        self._attack_s = 10.0 ** rng.uniform(-3.0, -0.5)
        self._decay_s = 10.0 ** rng.uniform(-0.8, 1.0)
        self._release_s = 10.0 ** rng.uniform(-2.0, -0.2)
        self._vibrato = rng.uniform(0.0, 0.008) if rng.random() < 0.5 else 0.0
        self._rate_hz = rng.uniform(4.0, 7.0)
        self._detune = rng.uniform(0.0, 0.006) if rng.random() < 0.4 else 0.0

    def play(self, pitch: int, length_s: float, sample_rate: int) -> np.ndarray:
        """One note with its release."""
        t = np.arange(int((length_s + self._release_s) * sample_rate)) / sample_rate
        base_hz = 440.0 * 2.0 ** ((pitch - 69) / 12.0)
        swing = self._vibrato * np.sin(2.0 * np.pi * self._rate_hz * t) / self._rate_hz
        phase = 2.0 * np.pi * base_hz * (t + swing)
        wave = self._wave(phase, base_hz, sample_rate)
        if self._detune:
            wave = wave + self._wave(phase * (1.0 + self._detune), base_hz, sample_rate)
        fade = np.minimum(1.0, t / self._attack_s) * np.exp(-t / self._decay_s)
        return wave * fade * np.clip((length_s + self._release_s - t) / self._release_s, 0.0, 1.0)

    def _wave(self, phase: np.ndarray, base_hz: float, sample_rate: int) -> np.ndarray:
        if self._modulation:
            return np.sin(phase + self._modulation * np.sin(self._ratio * phase))
        wave = np.zeros_like(phase)
        for k, level in enumerate(self._partials, 1):
            if k * base_hz < 0.45 * sample_rate and level > 0.0:
                wave += level * np.sin(k * phase)
        return wave


class _Drum:
    """Drums of noise and of falling sines."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._length = float(rng.uniform(0.5, 2.0))

    def play(self, pitch: int, _length_s: float, sample_rate: int) -> np.ndarray:
        """One stroke; low General MIDI numbers are deep and long."""
        deep = pitch < 38 or 41 <= pitch <= 50
        decay_s = self._length * (0.12 if deep else 0.08 if pitch <= 41 else 0.03)
        t = np.arange(int(5.0 * decay_s * sample_rate)) / sample_rate
        stroke = np.sin(2.0 * np.pi * (60.0 * t + 3.0 * (1.0 - np.exp(-30.0 * t))))
        noise = np.diff(self._rng.standard_normal(len(t) + 1))
        return (stroke + 0.05 * noise if deep else noise) * np.exp(-t / decay_s)
