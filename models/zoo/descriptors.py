"""The 50 low-level descriptors of S4: what a segment of a few seconds sounds like.

Conventions
-----------
Mono float32 samples of one segment in (`SEGMENT_S` seconds at 24 kHz; 2 s in the recommender), 50
values out, in the paper's order::

    MFCC       18   means of coefficients 1 … 18
    formants    8   four frequencies, kHz, and the levels of the envelope there, dB re its mean
    energy     10   of short-term energy, dB re the segment's mean: 5 quantiles of the level, 5 of
                    its rises from frame to frame
    pitch       6   of the predominant pitch: median and deviation in octaves re 1 kHz, share of
                    clear frames, how often it moves; of the chroma: major − minor, entropy
    ZCR         8   of the zero-crossing rate: 4 quantiles of its value, 4 of its changes

No value depends on the volume. `fit_scaling` and `scale` are the min-max of the paper, learned from
training segments alone.

Method
------
Yu & Lin (S4) print the five counts and no definition; the definitions are ours. Formants and pitch
are ill-defined where many instruments sound, so they are taken for what they still measure: the
formants are the peaks of an all-pole envelope of order 8 (autocorrelation method, Levinson-Durbin;
Makhoul 1975) of the pre-emphasised sound, at most four; the predominant pitch is the best lag of
the autocorrelation, normalised by the window's own (Boersma 1993). Frames of 2048 samples, hop
1024.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from dsp.harmony import Chroma
from models.zoo.cepstrum import PRE_EMPHASIS, build_mel_bands, cepstrum, log_mel
from models.zoo.mel import power_spectra, split_frames

SAMPLE_RATE = 24000
SEGMENT_S = 3.0
WIDTHS = {"mfcc": 18, "formant": 8, "energy": 10, "pitch": 6, "zcr": 8}
"""How many values each kind has, in order."""
WIDTH = sum(WIDTHS.values())
N_FFT = 2048
HOP_LENGTH = 1024
LPC_ORDER = 8
CLEAR_PITCH = 0.5
"""Normalised autocorrelation above which a frame has a clear pitch."""

_PITCH_HZ = (60.0, 1000.0)
_MAX_FRAMES = 96  # room in the chroma's buffer; longer segments are taken in parts


@cache
def _mel_bands() -> np.ndarray:
    return build_mel_bands(SAMPLE_RATE, N_FFT, 32, 30.0, 11000.0)


@cache
def _chroma() -> Chroma:
    return Chroma(SAMPLE_RATE, N_FFT, max_frames=_MAX_FRAMES)


@cache
def _window_correlation() -> np.ndarray:
    """Autocorrelation of the window, 1 at lag 0, shape=(N_FFT // 2,)."""
    window = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(N_FFT) / N_FFT)
    full = np.fft.irfft(np.abs(np.fft.rfft(window, 2 * N_FFT)) ** 2)
    return full[: N_FFT // 2] / full[0]


@cache
def _pre_emphasis_gain() -> np.ndarray:
    """``|1 − μ exp(−jω)|²`` at every bin: what pre-emphasis does to a power spectrum."""
    angle = np.linspace(0.0, np.pi, N_FFT // 2 + 1)
    return 1.0 + PRE_EMPHASIS**2 - 2.0 * PRE_EMPHASIS * np.cos(angle)


def chroma_of(power: np.ndarray) -> np.ndarray:
    """Pitch-class profile of every power spectrum, shape=(n_frames, 12)."""
    parts = [
        _chroma().push(np.ascontiguousarray(power[i : i + _MAX_FRAMES])).copy()
        for i in range(0, len(power), _MAX_FRAMES)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, 12), np.float32)


def zero_crossings(frames: np.ndarray) -> np.ndarray:
    """Sign changes a sample of each frame, shape=(n_frames,)."""
    return np.mean(np.signbit(frames[:, 1:]) != np.signbit(frames[:, :-1]), axis=1)


def predict_linear(correlation: np.ndarray, order: int) -> np.ndarray:
    """Coefficients ``1, a₁ … a_p`` of the all-pole model with this autocorrelation.

    Parameters
    ----------
    correlation : np.ndarray, shape=(>= order + 1,)
        At lags 0, 1, ….

    Notes
    -----
    Levinson-Durbin; a faint white noise (1e-9 of the power) keeps it stable for pure tones.
    """
    r = correlation[: order + 1].astype(np.float64)
    r[0] = r[0] * (1.0 + 1e-9) + 1e-20
    a = np.zeros(order + 1)
    a[0], error = 1.0, r[0]
    for i in range(1, order + 1):
        reflection = -np.dot(a[:i], r[i:0:-1]) / error
        a[1 : i + 1] = a[1 : i + 1] + reflection * a[i - 1 :: -1][:i]
        error *= 1.0 - reflection * reflection
    return a


def find_formants(a: np.ndarray, sample_rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies in Hz, ascending, of the ``order // 2`` sharpest poles, and the envelope there.

    Returns
    -------
    hz, level_db : np.ndarray, shape=(order // 2,)
        The level is relative to the envelope's mean over all frequencies, dB.
    """
    poles = np.roots(a)
    poles = poles[poles.imag >= 0.0]
    count = (len(a) - 1) // 2
    sharp = poles[np.argsort(-np.abs(poles), kind="stable")[:count]]
    angle = np.sort(np.angle(sharp))

    def envelope_db(at: np.ndarray) -> np.ndarray:
        """Level of the all-pole envelope at angles, shape=(n,), dB."""
        response = np.exp(-1j * np.outer(at, np.arange(len(a)))) @ a
        return -20.0 * np.log10(np.maximum(np.abs(response), 1e-9))

    mean = envelope_db(np.linspace(0.0, np.pi, 128)).mean()
    return angle * sample_rate / (2.0 * np.pi), envelope_db(angle) - mean


def track_pitch(power: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Predominant pitch of each spectrum in Hz and its clearness 0..1, shapes=(n_frames,)."""
    correlation = np.fft.irfft(power, axis=-1)[:, : N_FFT // 2] / _window_correlation()
    correlation = correlation / np.maximum(correlation[:, :1], 1e-20)
    shortest, longest = (round(SAMPLE_RATE / hz) for hz in _PITCH_HZ[::-1])
    # a slight preference for short lags settles which octave is meant
    weight = 1.0 - 0.05 * np.arange(longest - shortest) / (longest - shortest)
    best = shortest + np.argmax(correlation[:, shortest:longest] * weight, axis=1)
    clear = np.take_along_axis(correlation, best[:, None], axis=1)[:, 0]
    return SAMPLE_RATE / best, np.clip(clear, 0.0, 1.0)


def _pitch_values(power: np.ndarray) -> np.ndarray:
    """Six values of pitch and chroma."""
    hz, clear = track_pitch(power)
    octave = np.log2(hz / 1000.0)
    heard = octave[clear >= CLEAR_PITCH]
    centre, spread = (float(np.median(heard)), float(heard.std())) if len(heard) else (-2.0, 0.0)
    moves = float(np.mean(np.abs(np.diff(octave)) > 0.5 / 12.0)) if len(octave) > 1 else 0.0
    profile = chroma_of(power).mean(axis=0)
    thirds = [
        max(profile[r] + profile[(r + third) % 12] + profile[(r + 7) % 12] for r in range(12))
        for third in (4, 3)
    ]
    share = profile / max(float(profile.sum()), 1e-9)
    entropy = float(-(share * np.log(share + 1e-12)).sum() / np.log(12.0))
    return np.asarray(
        [centre, spread, np.mean(clear >= CLEAR_PITCH), moves, thirds[0] - thirds[1], entropy]
    )


def describe(samples: np.ndarray) -> np.ndarray:
    """The descriptors of a segment, shape=(50,), float32.

    Parameters
    ----------
    samples : np.ndarray, shape=(n,), float32
        `SAMPLE_RATE` Hz, more than two frames long.

    Raises
    ------
    ValueError
        The segment is shorter than one frame.
    """
    frames = split_frames(samples, N_FFT, HOP_LENGTH)
    power = power_spectra(samples, N_FFT, HOP_LENGTH)
    mfcc = cepstrum(log_mel(power, _mel_bands()), WIDTHS["mfcc"]).mean(axis=0)
    emphasised = power.mean(axis=0) * _pre_emphasis_gain()
    hz, level_db = find_formants(predict_linear(np.fft.irfft(emphasised), LPC_ORDER), SAMPLE_RATE)
    energy = np.mean(np.square(frames), axis=1, dtype=np.float64) + 1e-12
    energy_db = 10.0 * np.log10(energy / energy.mean())
    crossings = zero_crossings(frames)
    fifths, quarters = (np.arange(n) / n + 0.5 / n for n in (5, 4))
    rises = np.maximum(np.diff(energy_db), 0.0) if len(energy_db) > 1 else np.zeros(1)
    changes = np.abs(np.diff(crossings)) if len(crossings) > 1 else np.zeros(1)
    parts = (
        mfcc,
        hz / 1000.0,
        level_db,
        np.quantile(np.maximum(energy_db, -60.0), fifths),
        np.quantile(np.minimum(rises, 60.0), fifths),
        _pitch_values(power),
        np.quantile(crossings, quarters),
        np.quantile(changes, quarters),
    )
    return np.concatenate(parts).astype(np.float32)


def fit_scaling(rows: np.ndarray) -> np.ndarray:
    """Smallest and largest value of each descriptor of the training segments, shape=(2, 50)."""
    return np.stack([rows.min(axis=0), rows.max(axis=0)])


def scale(rows: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Min-max to [0, 1] with the limits of the training segments; what lies outside is clipped."""
    low, high = limits
    return np.clip((rows - low) / np.maximum(high - low, 1e-9), 0.0, 1.0)
