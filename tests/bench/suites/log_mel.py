"""Log-mel of one frame: window, real FFT, power, 64 bands, decibels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dsp.logmel import LogMel
from oscbridge.measuring.material import HOP, RATE_HZ, SETTINGS
from tests.bench.suite import OURS, Bench, Case, Goal, Suite

N_FFT, N_MELS = SETTINGS.n_fft, SETTINGS.n_mels
BANDS = {"n_mels": N_MELS, "fmin": SETTINGS.fmin, "fmax": SETTINGS.fmax}
FLOOR = 1e-10
SLOW = 600
"""Calls of a contender that takes a millisecond."""


def frames_of(bench: Bench) -> list[np.ndarray]:
    """Each frame of the music, shape=(n_fft,), a view: peers need not keep any sound."""
    sound = np.concatenate([np.zeros(N_FFT - HOP, np.float32), bench.material.samples])
    return list(np.lib.stride_tricks.sliding_window_view(sound, N_FFT, writeable=True)[::HOP])


def peer(
    build: Callable[[], Callable[[np.ndarray], object]], count: int | None = None
) -> Callable[[Bench], Case]:
    """Turn a function that builds a frame's work into a contender, timed over ``count`` frames."""
    return lambda bench: Case(build(), frames_of(bench)[:count])


def librosa_feature() -> Callable[[np.ndarray], np.ndarray]:
    """``librosa.feature.melspectrogram`` on the frame: builds its filterbank anew each time."""
    import librosa

    def log_mel(frame: np.ndarray) -> np.ndarray:
        power = librosa.feature.melspectrogram(
            y=frame, sr=RATE_HZ, n_fft=N_FFT, hop_length=N_FFT, center=False, **BANDS
        )
        return librosa.power_to_db(power, ref=1.0, amin=FLOOR, top_db=None)[:, 0]

    return log_mel


def librosa_stft() -> Callable[[np.ndarray], np.ndarray]:
    """``librosa.stft`` and a filterbank that was built once."""
    import librosa

    mel = librosa.filters.mel(sr=RATE_HZ, n_fft=N_FFT, **BANDS)

    def log_mel(frame: np.ndarray) -> np.ndarray:
        spectrum = librosa.stft(frame, n_fft=N_FFT, hop_length=N_FFT, center=False)
        power = mel @ np.abs(spectrum) ** 2
        return librosa.power_to_db(power, ref=1.0, amin=FLOOR, top_db=None)[:, 0]

    return log_mel


def torch_stft() -> Callable[[np.ndarray], np.ndarray]:
    """``torch.stft`` and a dense filterbank."""
    import torch

    from tests.bench.peers.numpy_features import dense_mel

    mel, window = torch.from_numpy(dense_mel()), torch.hann_window(N_FFT)

    def log_mel(frame: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            sound = torch.from_numpy(frame)
            spectrum = torch.stft(
                sound, N_FFT, N_FFT, window=window, center=False, return_complex=True
            )
            power = mel @ spectrum.abs().square()
            return (10.0 * power.clamp_min(FLOOR).log10())[:, 0].numpy()

    return log_mel


def essentia_standard() -> Callable[[np.ndarray], np.ndarray]:
    """Essentia's Windowing, Spectrum and MelBands, set to the same window and bands."""
    import essentia.standard as es

    window = es.Windowing(type="hann", normalized=False, zeroPhase=False, size=N_FFT)
    spectrum = es.PowerSpectrum(size=N_FFT)
    bands = es.MelBands(
        inputSize=N_FFT // 2 + 1,
        numberBands=N_MELS,
        sampleRate=RATE_HZ,
        lowFrequencyBound=SETTINGS.fmin,
        highFrequencyBound=SETTINGS.fmax,
        warpingFormula="slaneyMel",
        weighting="linear",
        normalize="unit_tri",
        type="magnitude",  # of what it is given: power already
    )

    def log_mel(frame: np.ndarray) -> np.ndarray:
        power = bands(spectrum(window(frame)))
        return 10.0 * np.log10(np.maximum(power, FLOOR))

    return log_mel


def audioflux_bft() -> Callable[[np.ndarray], np.ndarray]:
    """Audioflux's BFT with mel bands."""
    import audioflux
    from audioflux.type import (
        SpectralDataType,
        SpectralFilterBankNormalType,
        SpectralFilterBankScaleType,
        SpectralFilterBankStyleType,
        WindowType,
    )

    bft = audioflux.BFT(
        num=N_MELS,
        radix2_exp=11,
        samplate=RATE_HZ,
        low_fre=SETTINGS.fmin,
        high_fre=SETTINGS.fmax,
        slide_length=N_FFT,
        window_type=WindowType.HANN,
        scale_type=SpectralFilterBankScaleType.MEL,
        style_type=SpectralFilterBankStyleType.SLANEY,
        normal_type=SpectralFilterBankNormalType.AREA,
        data_type=SpectralDataType.POWER,
    )

    def log_mel(frame: np.ndarray) -> np.ndarray:
        power = bft.bft(frame, result_type=1)[:, 0]
        return 10.0 * np.log10(np.maximum(power, FLOOR))

    return log_mel


def scipy_dense() -> Callable[[np.ndarray], np.ndarray]:
    """``scipy.fft.rfft`` in single precision and a dense filterbank."""
    import scipy.fft

    from tests.bench.peers.numpy_features import decibels, dense_mel, hann

    mel, window = dense_mel(), hann()

    def log_mel(frame: np.ndarray) -> np.ndarray:
        spectrum = scipy.fft.rfft(frame * window)
        return decibels(mel @ (spectrum.real**2 + spectrum.imag**2))

    return log_mel


def numpy_dense() -> Callable[[np.ndarray], np.ndarray]:
    """``numpy.fft.rfft`` and a dense filterbank."""
    from tests.bench.peers.numpy_features import decibels, dense_mel, hann

    mel, window = dense_mel(), hann()

    def log_mel(frame: np.ndarray) -> np.ndarray:
        spectrum = np.fft.rfft(frame * window)
        return decibels(mel @ (spectrum.real**2 + spectrum.imag**2).astype(np.float32))

    return log_mel


PEERS: dict[str, Callable[[], Callable[[np.ndarray], np.ndarray]]] = {
    "scipy.fft + dense mel": scipy_dense,
    "numpy.fft + dense mel": numpy_dense,
    "audioflux BFT": audioflux_bft,
    "essentia": essentia_standard,
    "torch.stft + dense mel": torch_stft,
    "librosa.stft + dense mel": librosa_stft,
    "librosa.feature.melspectrogram": librosa_feature,
}

SUITE = Suite(
    name="log-mel",
    what="frame of 2048, hop of 256 new samples, 64 bands, dB",
    contenders={
        OURS: lambda bench: Case(LogMel().push, bench.material.hops),
        **{
            name: peer(build, SLOW if name.startswith("librosa") else None)
            for name, build in PEERS.items()
        },
    },
    goals=(
        Goal(most_us=4.0),
        Goal(peer="essentia", least_ratio=10.0),
        Goal(peer="librosa.stft + dense mel", least_ratio=80.0),
    ),
    note=(
        "Ours keeps the stream too; peers are given each frame ready made. All agree with each "
        "other to 0.05 dB, but for audioflux, whose bands lie elsewhere."
    ),
)
