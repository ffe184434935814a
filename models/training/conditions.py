"""Conditions under which models are examined: levels, codecs, loudspeakers, noise, rooms.

Conventions
-----------
A condition changes the sound and keeps the truth. Mono float32 at ``sample_rate`` (Hz) in and out,
same length. All are fixed: the same clip sounds the same in every run (the noise is seeded by the
clip), and none is drawn from the ranges that training augments with: these are other filters, other
rooms, other noise. Levels are peak levels, dB re full scale; ratios of signal and noise are of
mean powers.

Instruments are conditions too, but made where scores become sound (`models.training.takes`).
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import numpy as np
import soundfile
from scipy.signal import butter, iirpeak, lfilter, sosfilt

Change: TypeAlias = Callable[[np.ndarray, int, np.random.Generator], np.ndarray]

CLEAN = "clean"


def _level(
    samples: np.ndarray, sample_rate: int, rng: np.random.Generator, peak_db: float
) -> np.ndarray:
    peak = max(float(np.max(np.abs(samples), initial=0.0)), 1e-9)
    return samples * np.float32(10.0 ** (peak_db / 20.0) / peak)


def _gain(
    samples: np.ndarray, sample_rate: int, rng: np.random.Generator, gain_db: float
) -> np.ndarray:
    return samples * np.float32(10.0 ** (gain_db / 20.0))


def _turn(
    samples: np.ndarray, sample_rate: int, rng: np.random.Generator, gain_db: float
) -> np.ndarray:
    """Someone turns the volume knob within half a second, ten seconds into the clip."""
    t = np.arange(len(samples)) / sample_rate
    curve_db = np.interp(t, (10.0, 10.5), (0.0, gain_db))
    return samples * (10.0 ** (curve_db / 20.0)).astype(np.float32)


def code(
    samples: np.ndarray, sample_rate: int, container: str, subtype: str, level: float
) -> tuple[np.ndarray, float]:
    """Through a codec and back; also the bit rate that it took, kbit/s."""
    constant = {"bitrate_mode": "CONSTANT"} if container == "MP3" else {}
    peak = max(float(np.max(np.abs(samples), initial=0.0)), 1.0)  # a file holds full scale, no more
    memory = io.BytesIO()
    with soundfile.SoundFile(
        memory, "w", sample_rate, 1, subtype, format=container, compression_level=level, **constant
    ) as file:
        file.write(samples / peak)
    kbit_s = len(memory.getvalue()) * 8e-3 * sample_rate / max(len(samples), 1)
    memory.seek(0)
    decoded, _ = soundfile.read(memory, dtype="float32")
    decoded = np.pad(decoded, (0, max(len(samples) - len(decoded), 0)))[: len(samples)]
    return decoded * np.float32(peak), kbit_s


def _mp3(samples: np.ndarray, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """MP3, constant 64 kbit/s, mono."""
    return code(samples, sample_rate, "MP3", "MPEG_LAYER_III", 0.62)[0]


def _opus(samples: np.ndarray, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Opus, about 32 kbit/s, mono."""
    return code(samples, sample_rate, "OGG", "OPUS", 0.9)[0]


def _phone(samples: np.ndarray, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """The loudspeaker of a telephone: nothing below 450 Hz, little above 7 kHz, a bump at 2.5."""
    bands = butter(4, (450.0, 7000.0), "bandpass", fs=sample_rate, output="sos")
    peak_b, peak_a = iirpeak(2500.0, 2.0, fs=sample_rate)
    narrow = sosfilt(bands, samples)
    return (narrow + 0.6 * lfilter(peak_b, peak_a, narrow)).astype(np.float32)


def _add(samples: np.ndarray, noise: np.ndarray, snr_db: float) -> np.ndarray:
    power = float(np.mean(samples.astype(float) ** 2))
    scale = np.sqrt(power * 10.0 ** (-snr_db / 10.0) / max(float(np.mean(noise**2)), 1e-20))
    return samples + (noise * scale).astype(np.float32)


def _noise(
    samples: np.ndarray, sample_rate: int, rng: np.random.Generator, snr_db: float
) -> np.ndarray:
    """Pink noise, 1/f in power, from 20 Hz on."""
    n = len(samples)
    spectrum = rng.standard_normal(n // 2 + 1) + 1j * rng.standard_normal(n // 2 + 1)
    hz = np.fft.rfftfreq(n, 1.0 / sample_rate)
    return _add(samples, np.fft.irfft(spectrum / np.sqrt(np.maximum(hz, 20.0)), n), snr_db)


def _babble(
    samples: np.ndarray, sample_rate: int, rng: np.random.Generator, snr_db: float
) -> np.ndarray:
    """Many voices at once: eight synthetic talkers of voiced, formant-shaped syllables."""
    n = len(samples)
    t = np.arange(n) / sample_rate
    total = np.zeros(n)
    for _ in range(8):
        knots = np.arange(0.0, n / sample_rate + 0.4, 0.2)  # five syllables a second
        pitch_hz = rng.uniform(90.0, 240.0) * 2.0 ** np.interp(
            t, knots, rng.normal(0.0, 0.15, len(knots))
        )
        pulses = np.diff(np.floor(np.cumsum(pitch_hz) / sample_rate), prepend=0.0)
        voice = np.zeros(n)
        for centre_hz, width_hz in ((500.0, 90.0), (1500.0, 140.0), (2500.0, 200.0)):
            b, a = iirpeak(
                centre_hz * rng.uniform(0.7, 1.4), centre_hz / width_hz / 2, fs=sample_rate
            )
            voice += lfilter(b, a, pulses) * 500.0 / centre_hz
        loudness = np.maximum(np.interp(t, knots, rng.normal(0.3, 0.6, len(knots))), 0.0)
        total += voice * loudness
    return _add(samples, total, snr_db)


def _room(samples: np.ndarray, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """A hall, 1.0 s at low and 0.4 s at high frequencies, as powerful as the direct sound."""
    own = np.random.default_rng(5)  # one hall for all clips
    n = int(1.2 * sample_rate)
    t = np.arange(n) / sample_rate
    bright = own.standard_normal(n)
    dull = lfilter([0.12], [1.0, -0.88], bright)
    tail = dull / dull.std() * 10.0 ** (-3.0 * t) + 0.5 * bright * 10.0 ** (-7.5 * t)
    tail[: int(0.012 * sample_rate)] = 0.0  # nothing comes back at once
    size = 1 << int(np.ceil(np.log2(len(samples) + n)))
    wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(tail, size), size)
    return _add(samples, wet[: len(samples)], 0.0)


CONDITIONS: dict[str, Change] = {
    "level-40": partial(_level, peak_db=-40.0),
    "level-30": partial(_level, peak_db=-30.0),
    "level-20": partial(_level, peak_db=-20.0),
    "level-10": partial(_level, peak_db=-10.0),
    "level-0": partial(_level, peak_db=0.0),
    "gain-24": partial(_gain, gain_db=-24.0),
    "turn-24": partial(_turn, gain_db=-24.0),
    "mp3-64": _mp3,
    "opus-32": _opus,
    "phone": _phone,
    "noise-20": partial(_noise, snr_db=20.0),
    "noise-10": partial(_noise, snr_db=10.0),
    "babble-20": partial(_babble, snr_db=20.0),
    "babble-10": partial(_babble, snr_db=10.0),
    "room": _room,
}
"""What changes a recording, by name; `LABELS` says each in words."""

LABELS = {
    CLEAN: "as it is",
    "level-40": "peak at −40 dBFS",
    "level-30": "peak at −30 dBFS",
    "level-20": "peak at −20 dBFS",
    "level-10": "peak at −10 dBFS",
    "level-0": "peak at 0 dBFS",
    "gain-24": "24 dB quieter",
    "turn-24": "turned down by 24 dB at 10 s",
    "mp3-64": "MP3, 64 kbit/s",
    "opus-32": "Opus, 32 kbit/s",
    "phone": "telephone loudspeaker",
    "noise-20": "pink noise, 20 dB SNR",
    "noise-10": "pink noise, 10 dB SNR",
    "babble-20": "babble, 20 dB SNR",
    "babble-10": "babble, 10 dB SNR",
    "room": "hall, direct-to-reverberant 0 dB",
}


def change(samples: np.ndarray, sample_rate: int, condition: str, seed: str) -> np.ndarray:
    """A recording under a condition.

    Parameters
    ----------
    samples : np.ndarray, shape=(n,), float32
    sample_rate : int
        Hz.
    condition : str
        A key of `CONDITIONS`, or `CLEAN`.
    seed : str
        Says which clip this is.

    Raises
    ------
    KeyError
        No such condition.
    """
    if condition == CLEAN:
        return samples
    rng = np.random.default_rng(list(seed.encode()))
    return CONDITIONS[condition](samples, sample_rate, rng).astype(np.float32)
