"""Clips summed up in a few hundred numbers: what the classical baselines see.

Conventions
-----------
Mono float32 at ``sample_rate`` (Hz) in, one vector a clip out. Two sets:

``librosa``
    39 librosa features a frame (13 MFCC, 12 chroma, 7 bands of spectral contrast, 7 scalars) times
    five statistics over the clip = 195 values. They look at the clip as a whole: the dynamic range
    of the mel bands counts from its loudest moment, as offline systems do it.
``frames``
    the same five statistics of the feature frames that our own models hear (`dsp.features`).

Statistics: mean, standard deviation, 10th and 90th percentile, mean absolute change from frame to
frame, each over all frames, in this order.
"""

from __future__ import annotations

import numpy as np

N_FFT = 2048
HOP_LENGTH = 512
N_MFCC = 13


def sum_up(frames: np.ndarray) -> np.ndarray:
    """Five statistics of each column.

    Parameters
    ----------
    frames : np.ndarray, shape=(n_frames, n), n_frames >= 2

    Returns
    -------
    np.ndarray, shape=(5 * n,), float32
        Means, deviations, 10th percentiles, 90th percentiles, mean absolute changes.
    """
    low, high = np.percentile(frames, (10, 90), axis=0)
    change = np.abs(np.diff(frames, axis=0)).mean(axis=0)
    parts = (frames.mean(axis=0), frames.std(axis=0), low, high, change)
    return np.concatenate(parts).astype(np.float32)


def _zero_crossing_rate(samples: np.ndarray) -> np.ndarray:
    """Librosa's ``zero_crossing_rate``, whose compiled loop crashes when it comes from a cache."""
    half = N_FFT // 2
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(samples, half, mode="edge"), N_FFT)
    negative = np.signbit(frames[::HOP_LENGTH])
    return (negative[:, 1:] != negative[:, :-1]).sum(axis=1)[None] / N_FFT


def librosa_frames(samples: np.ndarray, sample_rate: int) -> np.ndarray:
    """Librosa's features of every frame, shape=(n_frames, 39)."""
    import librosa

    magnitude = np.abs(librosa.stft(samples, n_fft=N_FFT, hop_length=HOP_LENGTH))
    mel = librosa.feature.melspectrogram(S=magnitude**2, sr=sample_rate)
    mel_db = librosa.power_to_db(mel)
    spectral = {"S": magnitude, "sr": sample_rate}
    rows = (
        librosa.feature.mfcc(S=mel_db, n_mfcc=N_MFCC),
        librosa.feature.chroma_stft(S=magnitude**2, sr=sample_rate, tuning=0.0),
        librosa.feature.spectral_contrast(**spectral),
        librosa.feature.spectral_centroid(**spectral),
        librosa.feature.spectral_bandwidth(**spectral),
        librosa.feature.spectral_rolloff(**spectral),
        librosa.feature.spectral_flatness(S=magnitude),
        _zero_crossing_rate(samples),
        librosa.feature.rms(S=magnitude, frame_length=N_FFT),
        librosa.onset.onset_strength(S=mel_db, sr=sample_rate)[None],
    )
    return np.concatenate(rows).T


def librosa_statistics(samples: np.ndarray, sample_rate: int) -> np.ndarray:
    """The 195 values of the set ``librosa``, shape=(195,), float32."""
    return sum_up(librosa_frames(samples, sample_rate))
