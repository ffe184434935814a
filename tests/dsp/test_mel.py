"""Mel filterbank and log-mel stage: librosa's numbers."""

import librosa
import numpy as np
import pytest
import scipy.fft

from dsp.fft import build_hann
from dsp.logmel import LogMel
from dsp.mel import FLOOR_DB, build_mel, hz_to_mel, mel_to_hz
from tests.dsp.signals import RATE, noise, sine


@pytest.mark.parametrize(
    ("rate", "n_fft", "n_mels", "fmin", "fmax"),
    [(24000, 2048, 64, 30, 11000), (24000, 2048, 40, 0, 12000), (48000, 4096, 128, 20, 20000)],
)
def test_the_filters_are_librosas(
    rate: int, n_fft: int, n_mels: int, fmin: float, fmax: float
) -> None:
    bank = build_mel(rate, n_fft, n_mels, fmin, fmax)
    dense = np.zeros((n_mels, n_fft // 2 + 1))
    at = 0
    for b, (start, count) in enumerate(zip(bank.starts, bank.counts, strict=True)):
        dense[b, start : start + count] = bank.weights[at : at + count]
        at += count
    expected = librosa.filters.mel(sr=rate, n_fft=n_fft, n_mels=n_mels, fmin=fmin, fmax=fmax)
    assert np.abs(dense - expected).max() < 1e-7


def test_the_scale_is_librosas_and_back() -> None:
    hz = np.asarray([0.0, 60.0, 999.0, 1000.0, 1001.0, 5000.0, 11999.0])
    assert np.allclose(hz_to_mel(hz), librosa.hz_to_mel(hz))
    assert np.allclose(mel_to_hz(hz_to_mel(hz)), hz)


@pytest.mark.compiled  # librosa itself cannot run without numba's compiler
@pytest.mark.parametrize("signal", [noise(9000), sine(440, 9000), noise(9000, level=1e-4)])
def test_the_stage_is_librosas_melspectrogram(signal: np.ndarray) -> None:
    padded = np.concatenate([np.zeros(2048 - 256, dtype=np.float32), signal])
    mel = librosa.feature.melspectrogram(
        y=padded.astype(np.float64),
        sr=RATE,
        n_fft=2048,
        hop_length=256,
        n_mels=64,
        fmin=30,
        fmax=11000,
        center=False,
    )
    expected = librosa.power_to_db(mel, ref=1.0, amin=1e-10, top_db=None).T
    ours = LogMel().push(signal)
    assert ours.shape == expected.shape
    # float32 cannot tell bands 100 dB under the loudest one apart from rounding
    audible = expected > expected.max() - 90
    assert np.abs(ours - expected)[audible].max() < (1e-3 if signal.std() > 0.2 else 1e-4)


def test_silence_stands_at_the_floor() -> None:
    assert np.allclose(LogMel().push(np.zeros(1024, dtype=np.float32)), FLOOR_DB, atol=1e-4)


def test_bands_are_librosas_filters_on_scipys_spectrum() -> None:
    signal = noise(2048)
    spectrum = np.abs(scipy.fft.rfft(signal.astype(np.float64) * build_hann(2048))) ** 2
    filters = librosa.filters.mel(sr=RATE, n_fft=2048, n_mels=64, fmin=30, fmax=11000)
    expected = 10 * np.log10(filters @ spectrum)
    assert np.abs(LogMel().push(signal)[-1] - expected).max() < 1e-4


def test_ten_decibels_more_are_ten_decibels_more_in_every_band() -> None:
    quiet, loud = LogMel(), LogMel()
    signal = noise(2048)
    difference = loud.push(signal * np.float32(np.sqrt(10))) - quiet.push(signal)
    assert np.allclose(difference, 10.0, atol=1e-3)


@pytest.mark.parametrize(("fmin", "fmax"), [(-1, 8000), (8000, 8000), (30, 12001)])
def test_impossible_edges_are_refused(fmin: float, fmax: float) -> None:
    with pytest.raises(ValueError, match="fmin"):
        build_mel(RATE, 2048, 64, fmin, fmax)


def test_bands_narrower_than_a_bin_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer bands"):
        build_mel(RATE, 256, 128, 30, 11000)
