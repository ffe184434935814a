"""Speed and pitch of a recording changed apart from each other, and noise at a stated distance.

Conventions
-----------
Mono float32 in and out; all randomness comes from the generator that is passed in. The ranges are
those within which neither tempo nor mode says something else (S2 as resolved): speed ±5 %, pitch
±2 semitones, noise 15 to 40 dB under the music.

Method
------
Phase vocoder (Flanagan & Golden 1966; Laroche & Dolson 1999) for the length, resampling for the
pitch: playing a stretched recording faster restores its length and raises it.
"""

from __future__ import annotations

import numpy as np
import soxr

N_FFT = 2048
HOP_LENGTH = 512
SPEED = 0.05
SEMITONES = 2.0
SNR_DB = (15.0, 40.0)


def stretch(samples: np.ndarray, factor: float) -> np.ndarray:
    """Make a recording ``factor`` times as long, its pitch unchanged, shape=(≈ n · factor,)."""
    window = np.hanning(N_FFT + 1)[:-1].astype(np.float32)
    padded = np.pad(samples, N_FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP_LENGTH]
    spectra = np.fft.rfft(frames * window)
    at = np.arange(0.0, len(spectra) - 1.0, 1.0 / factor)
    index, part = at.astype(int), (at % 1.0)[:, None].astype(np.float32)
    magnitude = np.abs(spectra)
    # analysis and synthesis have the same hop: a bin's phase advances as it did in the recording
    turn = spectra[1:] * spectra[:-1].conj()
    turn /= np.maximum(magnitude[1:] * magnitude[:-1], np.float32(1e-20))
    phasor = np.exp(1j * np.angle(spectra[0])).astype(np.complex64)
    mixed = ((1.0 - part) * magnitude[index] + part * magnitude[index + 1]).astype(np.complex64)
    for row, i in enumerate(index):
        mixed[row] *= phasor
        phasor *= turn[i]
        phasor /= np.maximum(np.abs(phasor), np.float32(1e-6))
    blocks = np.fft.irfft(mixed, N_FFT) * window
    out = np.zeros(len(blocks) * HOP_LENGTH + N_FFT, np.float32)
    for i, block in enumerate(blocks):
        out[i * HOP_LENGTH : i * HOP_LENGTH + N_FFT] += block
    return out[N_FFT // 2 : -N_FFT // 2] / 1.5  # four overlapping squared Hann windows sum to 1.5


def change_pitch_and_speed(samples: np.ndarray, semitones: float, speed: float) -> np.ndarray:
    """Play a recording ``speed`` times as fast and so many semitones higher."""
    ratio = 2.0 ** (semitones / 12.0)
    return soxr.resample(stretch(samples, ratio / speed), ratio, 1.0, quality="MQ")


def add_white_noise(samples: np.ndarray, snr_db: float, rng: np.random.Generator) -> np.ndarray:
    """White noise ``snr_db`` under the power of the recording."""
    level = np.sqrt(np.mean(np.square(samples))) * 10.0 ** (-snr_db / 20.0)
    return samples + (level * rng.standard_normal(len(samples))).astype(np.float32)


def augment(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One other version of a recording: speed, pitch and noise drawn evenly from their ranges."""
    semitones, change = rng.uniform(-SEMITONES, SEMITONES), rng.uniform(-SPEED, SPEED)
    varied = change_pitch_and_speed(samples, semitones, 1.0 + change)
    return add_white_noise(varied, rng.uniform(*SNR_DB), rng)
