"""The Mallat pyramid: PyWavelets' coefficients, on a stream."""

import numpy as np
import pytest
import pywt

from dsp.filters import SCALING_TAPS, taps
from dsp.wavelet import SILENCE_DB, WaveletPyramid
from tests import naive
from tests.dsp.signals import SPLITS, noise, sine


def foreign(wavelet: str) -> pywt.Wavelet:
    """PyWavelets' wavelet with analysis and synthesis filters exchanged, as we use it."""
    w = pywt.Wavelet(wavelet)
    return pywt.Wavelet(wavelet, filter_bank=[w.rec_lo, w.rec_hi, w.dec_lo, w.dec_hi])


def stream(pyramid: WaveletPyramid, signal: np.ndarray, sizes: tuple[int, ...]) -> list[np.ndarray]:
    """All coefficients of a signal that is fed in pieces."""
    parts = [[c.copy() for c in pyramid.push(p)] for p in naive.pieces(signal, sizes)]
    return [np.concatenate(band) for band in zip(*parts, strict=True)]


@pytest.mark.parametrize("wavelet", sorted(SCALING_TAPS))
def test_the_taps_are_pywavelets(wavelet: str) -> None:
    low, high = taps(wavelet)
    reference = pywt.Wavelet(wavelet)
    assert np.allclose(low, reference.rec_lo, atol=1e-11)
    assert np.allclose(high, reference.rec_hi, atol=1e-11)


@pytest.mark.parametrize("wavelet", sorted(SCALING_TAPS))
@pytest.mark.parametrize("levels", [1, 5, 7])
def test_coefficients_are_pywavelets(wavelet: str, levels: int) -> None:
    signal = noise(2048).astype(np.float64)
    ours = WaveletPyramid(wavelet, levels, dtype=np.float64).push(signal)
    # one level at a time, as many coefficients as do not look beyond the end
    approx = signal
    details = []
    for _ in range(levels):
        approx, detail = pywt.dwt(approx, foreign(wavelet), mode="zero")
        details.append(detail)
        count = len(signal) >> len(details)
        approx, details[-1] = approx[:count], detail[:count]
    for mine, theirs in zip(ours, [approx, *details[::-1]], strict=True):
        assert len(mine) == len(theirs)
        assert np.abs(mine - theirs).max() < 1e-9


@pytest.mark.parametrize("wavelet", sorted(SCALING_TAPS))
def test_coefficients_are_the_sums_of_the_definition(wavelet: str) -> None:
    signal = noise(301)
    low, high = taps(wavelet)
    ours = WaveletPyramid(wavelet, 4, dtype=np.float64).push(signal.astype(np.float64))
    for mine, twin in zip(ours, naive.wavelet(signal, low, high, 4), strict=True):
        assert np.abs(mine - twin).max() < 1e-12


@pytest.mark.parametrize("sizes", SPLITS)
@pytest.mark.parametrize("wavelet", ["db4", "sym8"])
def test_no_split_changes_a_bit(wavelet: str, sizes: tuple[int, ...]) -> None:
    signal = noise(3001)
    whole = [c.copy() for c in WaveletPyramid(wavelet, 7).push(signal)]
    for one, other in zip(whole, stream(WaveletPyramid(wavelet, 7), signal, sizes), strict=True):
        assert np.array_equal(one, other)


def test_reset_after_ragged_input_is_a_new_stream() -> None:
    pyramid = WaveletPyramid()
    pyramid.push(noise(1237, seed=3))
    pyramid.reset()
    for one, other in zip(pyramid.push(noise(700)), WaveletPyramid().push(noise(700)), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("wavelet", sorted(SCALING_TAPS))
def test_pywavelets_reconstructs_the_signal_from_our_coefficients(wavelet: str) -> None:
    signal = np.concatenate([noise(1024).astype(np.float64), np.zeros(64)])
    approx, detail = WaveletPyramid(wavelet, 1, dtype=np.float64).push(signal)
    back = pywt.idwt(approx, detail, foreign(wavelet), mode="zero")
    assert np.abs(back[:1024] - signal[:1024]).max() < 1e-8


def test_the_declared_delay_holds_all_that_the_deepest_band_looks_at() -> None:
    levels = 5
    pyramid = WaveletPyramid("db4", levels, dtype=np.float64)
    impulse = np.zeros(4096)
    impulse[0] = 1.0
    approx = pyramid.push(impulse)[0]
    last = (np.flatnonzero(np.abs(approx) > 1e-15)[-1] + 1) * 2**levels - 1
    assert last <= pyramid.delay
    assert last > pyramid.delay - 2**levels


def test_band_powers_add_up_to_the_power_of_the_signal() -> None:
    signal = noise(256 * 40)
    bands = WaveletPyramid("db4", 7).band_power(signal.reshape(-1, 256))
    power = 10 ** (bands.astype(np.float64) / 10)
    assert power.sum(axis=1).mean() == pytest.approx(np.mean(signal**2), rel=0.02)


@pytest.mark.parametrize(("hz", "band"), [(60, 0), (130, 1), (6000 * 1.4, 7), (4200, 6)])
def test_a_tone_is_loudest_in_its_own_band(hz: float, band: int) -> None:
    bands = WaveletPyramid("sym8", 7).band_power(sine(hz, 256 * 16).reshape(-1, 256))
    assert bands[8:].mean(axis=0).argmax() == band


def test_silence_stands_at_the_floor() -> None:
    assert np.all(WaveletPyramid().band_power(np.zeros((3, 256), np.float32)) == SILENCE_DB)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="there are haar, db2, db4, sym8"):
        WaveletPyramid("db3")
    with pytest.raises(ValueError, match="levels"):
        WaveletPyramid(levels=0)
    with pytest.raises(ValueError, match="multiple of 128"):
        WaveletPyramid().band_power(np.zeros((2, 200), np.float32))
    with pytest.raises(ValueError, match="max_block"):
        WaveletPyramid(max_block=16).push(np.zeros(17, np.float32))
