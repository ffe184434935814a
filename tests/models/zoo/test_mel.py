"""The window spectra of the zoo are librosa's and scipy's."""

import librosa
import numpy as np
import pytest
import scipy.fft

from models.zoo.mel import MelSpectrogram, cepstrum, cosines, decibels, power_spectra
from tests.dsp.signals import RATE, noise


@pytest.mark.parametrize(("n_fft", "hop_length", "n_mels"), [(1024, 512, 64), (2048, 480, 128)])
def test_mel_power_is_librosas(n_fft: int, hop_length: int, n_mels: int) -> None:
    mel = MelSpectrogram(RATE, n_fft, hop_length, n_mels, 30.0, 11000.0)
    signal = noise(RATE + 77)
    ours = mel.power(signal)
    theirs = librosa.feature.melspectrogram(
        y=signal, sr=RATE, n_fft=n_fft, hop_length=hop_length, center=False,
        n_mels=n_mels, fmin=30.0, fmax=11000.0,
    )  # fmt: skip
    assert ours.shape == theirs.T.shape == (mel.n_frames(len(signal)), n_mels)
    assert np.allclose(ours, theirs.T, rtol=1e-4, atol=1e-7)
    assert np.allclose(mel.log_power(signal), librosa.power_to_db(theirs.T, top_db=None), atol=1e-3)


def test_the_cepstrum_is_scipys_orthonormal_cosine_transform() -> None:
    log_mel = decibels(power_spectra(noise(RATE), 1024, 512))[:, :64]
    expected = scipy.fft.dct(log_mel, axis=-1, norm="ortho")[:, :20]
    assert np.allclose(cepstrum(log_mel, 20), expected, atol=1e-3)
    assert np.allclose(cosines(64, 64) @ cosines(64, 64).T, np.eye(64), atol=1e-5)


def test_silence_stands_at_the_floor_and_a_window_shorter_than_a_frame_is_refused() -> None:
    mel = MelSpectrogram()
    assert np.allclose(mel.log_power(np.zeros(4096, dtype=np.float32)), -100.0)
    with pytest.raises(ValueError, match="1000 samples are less than one frame of 1024"):
        mel.power(np.zeros(1000, dtype=np.float32))
