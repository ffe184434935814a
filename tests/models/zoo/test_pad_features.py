"""The 194 features: librosa's numbers, the paper's count, no trace of the volume."""

import librosa
import numpy as np
import pytest

from models.training.fixture import build_fixture
from models.zoo import pad_features as features
from models.zoo.mel import power_spectra
from tests.dsp.signals import RATE, noise

FIXTURE = build_fixture(RATE)[: 6 * RATE] + noise(6 * RATE, level=0.001)
MAGNITUDE = np.sqrt(power_spectra(FIXTURE, features.N_FFT, features.HOP_LENGTH))


def part(name: str, vector: np.ndarray) -> np.ndarray:
    names = [known for known, _ in features.PARTS]
    starts = np.cumsum([0, *(width for _, width in features.PARTS)])
    at = names.index(name)
    return vector[starts[at] : starts[at + 1]]


def tone(hz: float) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * hz * np.arange(3 * RATE) / RATE)).astype(np.float32)


def test_there_are_194_values_of_14_kinds() -> None:
    scalars = sum(width for name, width in features.PARTS if name in (
        "pitch", "tuning", "flatness", "zcr", "rms", "centroid"
    ))  # fmt: skip
    assert features.describe(FIXTURE).shape == (features.WIDTH,) == (194,)
    assert scalars + len([name for name, width in features.PARTS if width > 3]) == 14
    assert scalars == 8


def test_contrast_is_librosas() -> None:
    theirs = librosa.feature.spectral_contrast(S=MAGNITUDE.T, sr=RATE)
    assert np.allclose(features.contrast(MAGNITUDE), theirs.T, atol=1e-3)


def test_flatness_and_centroid_are_librosas() -> None:
    theirs = librosa.feature.spectral_flatness(S=MAGNITUDE.T)
    assert features.flatness(MAGNITUDE**2) == pytest.approx(theirs.mean(), rel=1e-3)
    vector = features.describe(FIXTURE)
    centroid = librosa.feature.spectral_centroid(S=MAGNITUDE.T, sr=RATE).mean() / 1000
    assert part("centroid", vector)[0] == pytest.approx(centroid, rel=1e-3)


def test_the_strongest_peak_is_that_of_librosas_piptrack() -> None:
    pitches, magnitudes = librosa.piptrack(S=MAGNITUDE.T, sr=RATE, fmin=150.0, fmax=4000.0)
    frames = np.flatnonzero(magnitudes.max(axis=0) > 0)
    theirs = pitches[magnitudes.argmax(axis=0)[frames], frames]
    ours = features.strongest_peaks(MAGNITUDE)
    assert len(ours) == len(theirs)
    assert np.mean(np.isclose(ours, theirs, rtol=1e-3)) > 0.97  # they rank interpolated heights


@pytest.mark.parametrize("hz", [220.0, 440.0, 1000.0])
def test_a_tone_is_its_pitch_and_its_pitch_class(hz: float) -> None:
    vector = features.describe(tone(hz))
    highest, mean, deviation = part("pitch", vector)
    assert highest == pytest.approx(np.log2(hz / 440), abs=0.01)
    assert mean == pytest.approx(np.log2(hz / 440), abs=0.01)
    assert deviation < 0.01
    assert part("chroma", vector).argmax() == round(12 * np.log2(hz / 440) + 9) % 12
    assert part("chroma", vector).sum() == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("semitones", [-0.3, 0.0, 0.25])
def test_the_tuning_of_a_detuned_tone_is_read_as_librosa_reads_it(semitones: float) -> None:
    signal = tone(440.0 * 2 ** (semitones / 12))
    theirs = librosa.estimate_tuning(y=signal, sr=RATE)
    assert part("tuning", features.describe(signal))[0] == pytest.approx(theirs, abs=0.03)
    assert theirs == pytest.approx(semitones, abs=0.03)


def test_a_turn_of_the_volume_knob_changes_no_feature() -> None:
    quiet = features.describe(FIXTURE * np.float32(0.03))
    assert np.allclose(features.describe(FIXTURE), quiet, atol=1e-2)


def test_silence_has_finite_features_and_a_window_shorter_than_a_frame_is_refused() -> None:
    assert np.isfinite(features.describe(np.zeros(RATE, np.float32))).all()
    with pytest.raises(ValueError, match="less than one frame"):
        features.describe(np.zeros(1000, np.float32))
