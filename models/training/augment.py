"""Augmentation: the same music through other rooms, loudspeakers, levels and codecs.

Conventions
-----------
Mono float32 in and out, any length; the length may change. Every change keeps the expressed emotion
by design: levels ±18 dB, tilts and band limits of small loudspeakers, rooms that we synthesise
(decaying noise), background noise, a murmuring crowd, effects of a game over the music, lossy
codecs, speed ±5 % (pitch moves less than a semitone with it), pitch ±2 semitones. All randomness
comes from the generator that is passed in.
"""

from __future__ import annotations

import io

import librosa
import numpy as np
import soundfile
import soxr
from scipy import fft


def _shape_spectrum(samples: np.ndarray, sample_rate: int, curve_db: np.ndarray) -> np.ndarray:
    """Apply gains given at octave-spaced corner frequencies from 31.25 Hz upwards."""
    size = fft.next_fast_len(len(samples), real=True)
    spectrum = fft.rfft(samples, size)
    hz = fft.rfftfreq(size, 1.0 / sample_rate)
    octave = np.log2(np.maximum(hz, 20.0) / 31.25)
    gain_db = np.interp(octave, np.arange(len(curve_db)), curve_db)
    shaped = fft.irfft(spectrum * 10.0 ** (gain_db / 20.0), size)[: len(samples)]
    return shaped.astype(np.float32)


def equalise(samples: np.ndarray, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Random smooth equaliser: tilt up to ±6 dB over the range, ±4 dB a band."""
    bands = 9
    tilt = rng.uniform(-6.0, 6.0) * np.linspace(-0.5, 0.5, bands)
    return _shape_spectrum(samples, sample_rate, tilt + rng.uniform(-4.0, 4.0, bands))


def small_speaker(samples: np.ndarray, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Roll off below 100-350 Hz and above 4-9 kHz, 12 to 24 dB an octave."""
    octaves = np.arange(9)
    low = np.log2(rng.uniform(100.0, 350.0) / 31.25)
    high = np.log2(rng.uniform(4000.0, 9000.0) / 31.25)
    slope = rng.uniform(12.0, 24.0)
    curve = -slope * (np.maximum(low - octaves, 0.0) + np.maximum(octaves - high, 0.0))
    return _shape_spectrum(samples, sample_rate, curve)


def room(samples: np.ndarray, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Convolve with a synthetic room: direct sound, then noise that decays in 0.15 to 0.9 s."""
    rt60_s = rng.uniform(0.15, 0.9)
    n = int(rt60_s * sample_rate)
    t = np.arange(n) / sample_rate
    tail = rng.standard_normal(n) * 10.0 ** (-3.0 * t / rt60_s)
    tail *= rng.uniform(0.2, 0.8) / np.sqrt(np.sum(tail**2))
    tail[0] += 1.0
    size = 1 << int(np.ceil(np.log2(len(samples) + n)))
    wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(tail, size), size)
    return wet[: len(samples)].astype(np.float32)


def mix_under(samples: np.ndarray, other: np.ndarray, below_db: float) -> np.ndarray:
    """Add another sound of the same length, so many dB under the music."""
    level = np.sqrt(np.mean(samples**2)) * 10.0 ** (-below_db / 20.0)
    power = np.sqrt(np.mean(np.square(other)))
    return (samples + other * (level / max(power, 1e-9))).astype(np.float32)


def add_noise(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Add noise, white to brown, 12 to 40 dB under the music."""
    n = len(samples)
    spectrum = rng.standard_normal(n // 2 + 1) + 1j * rng.standard_normal(n // 2 + 1)
    spectrum /= np.maximum(np.arange(n // 2 + 1), 10.0) ** rng.uniform(0.0, 1.0)
    return mix_under(samples, np.fft.irfft(spectrum, n), rng.uniform(12.0, 40.0))


def babble(n: int, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Murmur of a crowd, shape=(n,): voices of noise in formants, at the pace of syllables."""
    out = np.zeros(n)
    hz = np.fft.rfftfreq(n, 1.0 / sample_rate)
    frames = max(int(n / sample_rate * 8.0), 2)
    for _ in range(int(rng.integers(6, 14))):
        syllables = np.repeat(rng.random(frames) ** 2, -(-n // frames))[:n]
        spectrum = rng.standard_normal(len(hz)) + 1j * rng.standard_normal(len(hz))
        shape = 1.0 / (1.0 + (hz / 500.0) ** 2)
        for low, high, width in ((300, 800, 120), (900, 2300, 200), (2300, 3200, 300)):
            shape = shape + np.exp(-(((hz - rng.uniform(low, high)) / width) ** 2))
        out += np.fft.irfft(spectrum * shape * (hz > 80.0), n) * syllables
    return out


def add_effects(samples: np.ndarray, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Game effects over the music: a few bursts of noise and sweeps, 6 to 20 dB under it."""
    n = len(samples)
    effects = np.zeros(n)
    for _ in range(int(rng.integers(1, 2 + n // (4 * sample_rate)))):
        length = int(rng.uniform(0.05, 0.6) * sample_rate)
        start = int(rng.integers(0, max(n - length, 1)))
        t = np.arange(min(length, n - start)) / sample_rate
        fade = np.exp(-t * rng.uniform(4.0, 20.0))
        if rng.random() < 0.5:
            effect = rng.standard_normal(len(t)) * fade
        else:
            sweep = rng.uniform(200.0, 2000.0) * (1.0 + rng.uniform(-0.8, 2.0) * t)
            effect = np.sin(2.0 * np.pi * np.cumsum(sweep) / sample_rate) * fade
        effects[start : start + len(t)] += effect
    return mix_under(samples, effects, rng.uniform(6.0, 20.0))


def change_pitch(samples: np.ndarray, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Up to two semitones higher or lower at the same tempo."""
    steps = float(rng.choice((-2, -1, 1, 2)))
    return librosa.effects.pitch_shift(samples, sr=sample_rate, n_steps=steps, res_type="soxr_mq")


def lossy(samples: np.ndarray, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Through a lossy codec and back (MP3, Vorbis or Opus at a random quality)."""
    codecs = (("MP3", "MPEG_LAYER_III"), ("OGG", "VORBIS"), ("OGG", "OPUS"))
    container, subtype = codecs[rng.integers(len(codecs))]
    peak = float(np.max(np.abs(samples), initial=1e-9))
    memory = io.BytesIO()
    with soundfile.SoundFile(
        memory,
        "w",
        sample_rate,
        1,
        format=container,
        subtype=subtype,
        compression_level=float(rng.uniform(0.3, 0.95)),
    ) as file:
        file.write(samples / peak * 0.9)
    memory.seek(0)
    decoded, _ = soundfile.read(memory, dtype="float32")
    return (decoded * (peak / 0.9)).astype(np.float32)


def change_speed(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Play up to 5 % faster or slower, pitch moving along."""
    return soxr.resample(samples, rng.uniform(0.95, 1.05), 1.0, quality="MQ")


def augment(samples: np.ndarray, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """One random other version of a recording.

    Parameters
    ----------
    samples : np.ndarray, shape=(n,), float32
    sample_rate : int
        Hz.
    rng : np.random.Generator
        The only source of randomness.
    """
    samples = samples[rng.integers(0, 6 * sample_rate) :] if rng.random() < 0.5 else samples
    if rng.random() < 0.5:
        samples = change_speed(samples, rng)
    elif rng.random() < 0.15:
        samples = change_pitch(samples, sample_rate, rng)
    if rng.random() < 0.12:
        samples = add_effects(samples, sample_rate, rng)
    if rng.random() < 0.6:
        samples = equalise(samples, sample_rate, rng)
    if rng.random() < 0.2:
        samples = small_speaker(samples, sample_rate, rng)
    if rng.random() < 0.35:
        samples = room(samples, sample_rate, rng)
    if rng.random() < 0.3:
        samples = add_noise(samples, rng)
    if rng.random() < 0.12:
        crowd = babble(len(samples), sample_rate, rng)
        samples = mix_under(samples, crowd, rng.uniform(8.0, 25.0))
    if rng.random() < 0.18:
        samples = lossy(samples, sample_rate, rng)
    return (samples * 10.0 ** (rng.uniform(-18.0, 18.0) / 20.0)).astype(np.float32)
