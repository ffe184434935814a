"""FeatureExtractor: the stages joined; layout, splits, reset and hard input."""

from collections.abc import Callable

import numpy as np
import pytest

from dsp.energy import ShortTermEnergy
from dsp.features import FeatureExtractor, FeatureSettings, build_layout
from dsp.fft import PowerSpectrum
from dsp.harmony import Chroma
from dsp.intake import Intake
from dsp.layout import FeatureLayout
from dsp.logmel import LogMel
from dsp.rhythm import OnsetStrength
from dsp.timbre import SpectralCentroid
from dsp.wavelet import WaveletPyramid
from tests import naive
from tests.dsp.signals import RATE, SPLITS, noise, sine

SIGNAL = noise(256 * 21 + 100)


@pytest.fixture(scope="module")
def extractor() -> FeatureExtractor:
    return FeatureExtractor()


def values(extractor: FeatureExtractor, signal: np.ndarray, sizes: tuple[int, ...]) -> np.ndarray:
    """All frames of a signal that is fed in pieces."""
    extractor.reset()
    return np.concatenate([extractor.push(p).values.copy() for p in naive.pieces(signal, sizes)])


@pytest.mark.parametrize("sizes", SPLITS)
def test_no_split_changes_a_bit(extractor: FeatureExtractor, sizes: tuple[int, ...]) -> None:
    whole = values(extractor, SIGNAL, (len(SIGNAL),))
    assert whole.shape == (21, extractor.layout.width)
    assert np.array_equal(whole, values(extractor, SIGNAL, sizes))


def test_reset_after_ragged_input_is_a_new_stream(extractor: FeatureExtractor) -> None:
    expected = values(extractor, SIGNAL, (len(SIGNAL),))
    extractor.push(noise(777, seed=5))
    assert np.array_equal(expected, values(extractor, SIGNAL, (len(SIGNAL),)))


def _read_only(signal: np.ndarray) -> np.ndarray:
    return np.frombuffer(signal.tobytes(), dtype=np.float32)


def _every_other(signal: np.ndarray) -> np.ndarray:
    return np.repeat(signal, 2)[::2]


def _double(signal: np.ndarray) -> np.ndarray:
    return signal.astype(np.float64)


@pytest.mark.parametrize("held", [_read_only, _every_other, _double])
def test_how_samples_lie_in_memory_changes_nothing(
    extractor: FeatureExtractor, held: Callable[[np.ndarray], np.ndarray]
) -> None:
    expected = values(extractor, SIGNAL, (len(SIGNAL),))
    assert np.array_equal(expected, values(extractor, held(SIGNAL), (4096,)))


def test_each_feature_is_that_of_its_own_stage(extractor: FeatureExtractor) -> None:
    extractor.reset()
    frames = extractor.push(SIGNAL)
    assert np.array_equal(frames["log_mel"], LogMel().push(SIGNAL))
    hops = SIGNAL[: 21 * 256].reshape(21, 256)
    assert np.array_equal(frames["wavelet"], WaveletPyramid().band_power(hops))
    energies = [naive.energy_db(hop) for hop in hops]
    assert np.allclose(frames["energy"][:, 0], energies, atol=1e-4)
    power = PowerSpectrum(2048, 256).push(np.concatenate([np.zeros(1792, np.float32), SIGNAL]))
    energy, zcr = ShortTermEnergy().push(hops)
    alone = {
        "chroma": Chroma(RATE, 2048).push(power),
        "centroid": SpectralCentroid(RATE, 2048).push(power)[:, None],
        "onset": OnsetStrength(64).push(frames["log_mel"].copy())[:, None],
        "energy": energy[:, None],
        "zcr": zcr[:, None],
    }
    for name, expected in alone.items():
        assert np.allclose(frames[name], expected, rtol=1e-6, atol=1e-6), name


def test_frames_know_where_they_stand(extractor: FeatureExtractor) -> None:
    extractor.reset()
    extractor.push(noise(300))
    frames = extractor.push(noise(600))
    assert (frames.first, len(frames), frames.stop) == (1, 2, 3 * 256)
    frame = frames.frame(1)
    assert (frame.start, frame.stop, frame.sample_rate) == (3 * 256 - 2048, 3 * 256, RATE)
    assert np.array_equal(frame.log_mel, frames["log_mel"][1])
    assert frame.wavelet.shape == (8,)
    with pytest.raises(KeyError, match="no feature 'mood'; there are log_mel"):
        frame["mood"]


@pytest.mark.parametrize(
    "signal",
    [
        np.zeros(8000, np.float32),
        np.ones(8000, np.float32),
        -np.ones(8000, np.float32),
        sine(1000, 8000, 1.0),
        np.sign(sine(1000, 8000, 1.0)),
        np.full(8000, 64.0, np.float32),
        noise(8000, level=1e-30),
    ],
    ids=["silence", "dc", "negative dc", "full scale", "square", "limit", "denormal"],
)
def test_hard_input_gives_finite_features(extractor: FeatureExtractor, signal: np.ndarray) -> None:
    assert np.isfinite(values(extractor, signal, (509,))).all()


def test_bad_samples_never_reach_a_feature(extractor: FeatureExtractor) -> None:
    audio = np.stack([noise(4000), noise(4000, seed=1)], axis=1)
    audio[::7, 0], audio[::11, 1] = np.nan, np.inf
    intake = Intake(2)
    assert np.isfinite(values(extractor, intake.push(audio).copy(), (1024,))).all()
    assert intake.nonfinite == len(audio[::7]) + len(audio[::11])


def test_after_silence_only_the_window_is_remembered(extractor: FeatureExtractor) -> None:
    quiet = np.zeros(extractor.delay // 256 * 256 + 512, np.float32)
    after = np.concatenate([SIGNAL, quiet])
    last = values(extractor, after, (4096,))[-1]
    fresh = values(extractor, quiet, (4096,))[-1]
    assert np.array_equal(last, fresh)


def test_the_layout_tells_settings_apart() -> None:
    layouts = [
        build_layout(FeatureSettings()),
        build_layout(FeatureSettings(n_mels=40)),
        build_layout(FeatureSettings(fmax=10000.0)),
        build_layout(FeatureSettings(wavelet="haar")),
    ]
    assert len({layout.digest for layout in layouts}) == 4
    assert layouts[0].digest == build_layout(FeatureSettings()).digest
    assert layouts[0].width == 88


def test_a_layout_refuses_what_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="twice"):
        FeatureLayout(RATE, 2048, 256, (("a", 1), ("a", 2)), "")
    with pytest.raises(ValueError, match="width"):
        FeatureLayout(RATE, 2048, 256, (("a", 0),), "")


def test_hops_that_the_pyramid_cannot_divide_are_refused() -> None:
    with pytest.raises(ValueError, match="no multiple of 128"):
        FeatureExtractor(FeatureSettings(hop_length=200))
