"""Energy, crossings, centroid, onset strength and chroma against twins, librosa and physics."""

import librosa
import numpy as np
import pytest

from dsp.energy import ShortTermEnergy
from dsp.fft import PowerSpectrum
from dsp.harmony import Chroma
from dsp.mel import FLOOR_DB
from dsp.rhythm import GATE_DB, OnsetStrength
from dsp.timbre import SpectralCentroid
from tests import naive
from tests.dsp.signals import RATE, noise, sine

N_FFT = 2048
by_librosa = pytest.mark.compiled  # librosa itself cannot run without numba's compiler


def power_of(signal: np.ndarray) -> np.ndarray:
    """Power spectrum of the signal's first frame, shape=(1, n_bins)."""
    return PowerSpectrum(N_FFT, N_FFT).push(signal[:N_FFT])


def test_energy_and_crossings_are_the_twins() -> None:
    signal = noise(256 * 5)
    energy, zcr = ShortTermEnergy().push(signal.reshape(5, 256))
    for h in range(5):
        hop = signal[h * 256 : (h + 1) * 256]
        before = signal[h * 256 - 1] if h else 0.0
        assert energy[h] == pytest.approx(naive.energy_db(hop), abs=1e-4)
        assert zcr[h] == pytest.approx(naive.zero_crossing_rate(hop, before), abs=1e-6)


@by_librosa
def test_crossings_are_librosas() -> None:
    signal = noise(256)
    _, zcr = ShortTermEnergy().push(signal.reshape(1, 256))
    crossings = librosa.zero_crossings(np.concatenate([[1e-9], signal]), pad=False, zero_pos=True)
    assert zcr[0] == pytest.approx(crossings.mean() * 257 / 256, abs=1e-6)


@pytest.mark.parametrize(("level", "expected"), [(1.0, -3.01), (0.1, -23.01), (0.0, -120.0)])
def test_energy_of_a_sine_is_known(level: float, expected: float) -> None:
    energy, _ = ShortTermEnergy().push(sine(750, 256, level).reshape(1, 256))
    assert energy[0] == pytest.approx(expected, abs=0.01)


def test_crossings_of_a_sine_are_twice_its_frequency() -> None:
    _, zcr = ShortTermEnergy().push(sine(1500, 2560).reshape(10, 256))
    assert zcr.mean() == pytest.approx(2 * 1500 / RATE, rel=0.01)


def test_the_sign_before_a_hop_is_remembered_and_forgotten() -> None:
    stage = ShortTermEnergy()
    stage.push(np.full((1, 256), -0.5, np.float32))
    up = np.full((1, 256), 0.5, np.float32)
    assert stage.push(up)[1][0] == pytest.approx(1 / 256)
    stage.push(np.full((1, 256), -0.5, np.float32))
    stage.reset()
    assert stage.push(up)[1][0] == 0.0


@by_librosa
@pytest.mark.parametrize("signal", [noise(N_FFT), sine(3000, N_FFT), noise(N_FFT, level=1e-3)])
def test_the_centroid_is_librosas(signal: np.ndarray) -> None:
    power = power_of(signal)
    ours = SpectralCentroid(RATE, N_FFT).push(power)[0]
    expected = librosa.feature.spectral_centroid(
        S=np.sqrt(power.astype(np.float64)).T, sr=RATE, n_fft=N_FFT
    )
    assert ours == pytest.approx(expected[0, 0], rel=1e-4)


def test_the_centroid_is_the_twins() -> None:
    power = power_of(noise(N_FFT))
    twin = naive.centroid_hz(power[0].astype(float), RATE / N_FFT)
    assert SpectralCentroid(RATE, N_FFT).push(power)[0] == pytest.approx(twin, rel=1e-4)


def test_silence_has_no_centroid() -> None:
    assert SpectralCentroid(RATE, N_FFT).push(power_of(np.zeros(N_FFT, np.float32)))[0] == 0.0


@by_librosa
@pytest.mark.parametrize("lag", [1, 2, 3])
def test_onset_strength_is_librosas(lag: int) -> None:
    log_mel = np.random.default_rng(0).uniform(-40, 20, (50, 64)).astype(np.float32)
    theirs = librosa.onset.onset_strength(S=log_mel.T, lag=lag, center=False)
    assert np.allclose(OnsetStrength(64, lag).push(log_mel), theirs, atol=1e-5)


@pytest.mark.parametrize("lag", [1, 2, 3])
def test_onset_strength_is_the_twins(lag: int) -> None:
    log_mel = np.random.default_rng(0).uniform(-90, 20, (50, 64)).astype(np.float32)
    twin = naive.onset_strength(log_mel, lag, GATE_DB)
    assert np.allclose(OnsetStrength(64, lag).push(log_mel), twin, atol=1e-5)


def test_noise_near_silence_is_no_rhythm() -> None:
    log_mel = np.random.default_rng(0).uniform(FLOOR_DB, GATE_DB, (20, 64)).astype(np.float32)
    assert np.all(OnsetStrength(64).push(log_mel) == 0.0)


def test_onset_strength_forgets_at_reset() -> None:
    log_mel = np.random.default_rng(0).uniform(-40, 20, (7, 64)).astype(np.float32)
    stage = OnsetStrength(64, 2)
    first = stage.push(log_mel).copy()
    stage.push(log_mel[:3])
    stage.reset()
    assert np.array_equal(stage.push(log_mel), first)


@pytest.mark.parametrize(("n_mels", "lag"), [(0, 1), (64, 0)])
def test_onset_strength_refuses_nothing_to_compare(n_mels: int, lag: int) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        OnsetStrength(n_mels, lag)


@pytest.mark.parametrize("midi", [52, 57, 60, 66, 71, 76, 83])
def test_a_tone_falls_into_its_pitch_class(midi: int) -> None:
    hz = 440.0 * 2 ** ((midi - 69) / 12)
    chroma = Chroma(RATE, N_FFT).push(power_of(sine(hz, N_FFT)))[0]
    assert chroma.argmax() == midi % 12
    assert chroma[midi % 12] > 0.85
    assert chroma.sum() == pytest.approx(1.0, abs=1e-5)


def test_a_quarter_tone_is_shared_between_its_neighbours() -> None:
    hz = 440.0 * 2 ** (0.5 / 12)
    chroma = Chroma(RATE, N_FFT).push(power_of(sine(hz, N_FFT)))[0]
    assert chroma[9] == pytest.approx(0.5, abs=0.05)
    assert chroma[10] == pytest.approx(0.5, abs=0.05)


CHORDS = pytest.mark.parametrize(
    ("notes", "classes"), [((60, 64, 67), {0, 4, 7}), ((57, 60, 64), {9, 0, 4})]
)


def chord_power(notes: tuple[int, ...]) -> np.ndarray:
    """Power spectrum of a chord of tones with three partials each."""
    tones = [
        sine(440.0 * 2 ** ((n - 69) / 12) * h, N_FFT, 0.2 / h) for n in notes for h in (1, 2, 4)
    ]
    return power_of(np.sum(tones, axis=0, dtype=np.float32))


@CHORDS
def test_a_chord_shows_its_three_classes(notes: tuple[int, ...], classes: set[int]) -> None:
    chroma = Chroma(RATE, N_FFT).push(chord_power(notes))[0]
    assert set(np.argsort(chroma)[-3:]) == classes


@by_librosa
@CHORDS
def test_librosa_hears_the_same_chord(notes: tuple[int, ...], classes: set[int]) -> None:
    power = chord_power(notes)
    theirs = librosa.feature.chroma_stft(S=power.T.astype(float), sr=RATE, n_fft=N_FFT, tuning=0.0)
    ours = Chroma(RATE, N_FFT).push(power)[0]
    assert set(np.argsort(theirs[:, 0])[-3:]) == set(np.argsort(ours)[-3:])


def test_chroma_of_silence_is_nothing_and_level_does_not_matter() -> None:
    stage = Chroma(RATE, N_FFT)
    assert np.all(stage.push(power_of(np.zeros(N_FFT, np.float32))) == 0.0)
    loud = stage.push(power_of(sine(440, N_FFT, 0.9))).copy()
    assert np.allclose(loud, stage.push(power_of(sine(440, N_FFT, 0.009))), atol=1e-3)


def test_chroma_refuses_limits_beyond_the_spectrum() -> None:
    with pytest.raises(ValueError, match="fmin"):
        Chroma(RATE, N_FFT, fmax=12000)
