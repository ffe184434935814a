"""Log-mel of a whole file: how many seconds of sound are taken in during one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dsp.logmel import LogMel
from oscbridge.measuring.material import HOP, RATE_HZ, SETTINGS
from tests.bench.suite import OURS, Bench, Case, Suite
from tests.bench.suites.log_mel import BANDS, FLOOR, N_FFT, PEERS

REPEATS = 5
BLOCK = 8192


def repeated(bench: Bench, log_mel: Callable[[np.ndarray], object]) -> Case:
    """Time work on the whole music, with the silence before it that the first frame sees."""
    sound = np.concatenate([np.zeros(N_FFT - HOP, np.float32), bench.material.samples])
    return Case(log_mel, [sound] * REPEATS, warm_up=1, hops=len(bench.material.hops))


def ours(bench: Bench) -> Case:
    """Our log-mel in blocks."""
    stage = LogMel()

    def log_mel(sound: np.ndarray) -> None:
        for start in range(0, len(sound), BLOCK):
            stage.push(sound[start : start + BLOCK])

    return repeated(bench, log_mel)


def with_librosa(bench: Bench) -> Case:
    """``librosa.feature.melspectrogram`` of it all."""
    import librosa

    def log_mel(sound: np.ndarray) -> object:
        power = librosa.feature.melspectrogram(
            y=sound, sr=RATE_HZ, n_fft=N_FFT, hop_length=HOP, center=False, **BANDS
        )
        return librosa.power_to_db(power, ref=1.0, amin=FLOOR, top_db=None)

    return repeated(bench, log_mel)


def with_torch(bench: Bench) -> Case:
    """``torch.stft`` of it all."""
    import torch

    from tests.bench.peers.numpy_features import dense_mel

    mel, window = torch.from_numpy(dense_mel()), torch.hann_window(N_FFT)

    def log_mel(sound: np.ndarray) -> object:
        with torch.inference_mode():
            spectrum = torch.stft(
                torch.from_numpy(sound),
                N_FFT,
                HOP,
                window=window,
                center=False,
                return_complex=True,
            )
            return 10.0 * (mel @ spectrum.abs().square()).clamp_min(FLOOR).log10()

    return repeated(bench, log_mel)


def with_scipy(bench: Bench) -> Case:
    """``scipy.fft.rfft`` of all frames at once."""
    import scipy.fft

    from tests.bench.peers.numpy_features import decibels, dense_mel, hann

    mel, window = dense_mel(), hann()

    def log_mel(sound: np.ndarray) -> object:
        frames = np.lib.stride_tricks.sliding_window_view(sound, N_FFT, writeable=True)[::HOP]
        spectrum = scipy.fft.rfft(frames * window)
        return decibels((spectrum.real**2 + spectrum.imag**2) @ mel.T)

    return repeated(bench, log_mel)


def with_essentia(bench: Bench) -> Case:
    """Essentia's algorithms, frame by frame."""
    log_mel_of = PEERS["essentia"]()

    def log_mel(sound: np.ndarray) -> None:
        for frame in np.lib.stride_tricks.sliding_window_view(sound, N_FFT, writeable=True)[::HOP]:
            log_mel_of(frame)

    return repeated(bench, log_mel)


SUITE = Suite(
    name="log-mel of files",
    what=f"{SETTINGS.n_mels} bands of a whole file, in whatever pieces each likes best",
    contenders={
        OURS: ours,
        "scipy.fft": with_scipy,
        "torch.stft": with_torch,
        "librosa": with_librosa,
        "essentia, frame by frame": with_essentia,
    },
    whole=True,
)
