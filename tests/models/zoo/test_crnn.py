"""S1: torch's numbers, the paper's map, the same answers however the sound is cut."""

import numpy as np
import pytest
import pywt
import torch

from models.training.fixture import build_fixture
from models.training.zoo.crnn import Crnn
from models.zoo import crnn
from tests.dsp.signals import RATE, noise

FIXTURE = build_fixture(RATE)[: 8 * RATE]


def network(*, wavelet: bool) -> Crnn:
    """A network with statistics of its own in every norm."""
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    mean = rng.normal(-20, 3, crnn.ROWS).astype(np.float32)
    made = Crnn(mean, np.full(crnn.ROWS, 0.1, np.float32), wavelet=wavelet)
    made.train()
    with torch.no_grad():
        made(torch.from_numpy(images(6)))
    return made.eval()


def images(n: int) -> np.ndarray:
    return np.random.default_rng(1).normal(-25, 10, (n, crnn.ROWS, crnn.FRAMES)).astype(np.float32)


@pytest.mark.parametrize("wavelet", [False, True])
def test_logits_are_torchs_within_the_rounding_of_half_precision(wavelet: bool) -> None:
    made, x = network(wavelet=wavelet), images(3)
    with torch.no_grad():
        theirs = made(torch.from_numpy(x)).numpy()
    assert np.allclose(crnn.logits(made.arrays(), x), theirs, atol=5e-3)
    assert theirs.std() > 0.01


@pytest.mark.parametrize(("wavelet", "channels"), [(False, 48), (True, 64)])
def test_the_map_is_one_frequency_by_fifteen_steps_by_n_channels(
    wavelet: bool, channels: int
) -> None:
    arrays = {k: v.astype(np.float32) for k, v in network(wavelet=wavelet).arrays().items()}
    assert crnn.feature_map(arrays, images(2)).shape == (2, 1, 15, channels)


def test_wavelet_rows_are_the_powers_of_pywavelets_bands() -> None:
    signal = noise(crnn.FRAMES * crnn.HOP_LENGTH)
    ours = 10 ** (crnn.FrontEnd().bands(signal) / 10)
    coefficients = pywt.wavedec(signal, "db4", "zero", crnn.LEVELS)
    theirs = [float(np.sum(c.astype(float) ** 2)) / len(signal) for c in coefficients]
    assert ours.shape == (2 * crnn.FRAMES, crnn.BANDS)
    assert np.allclose(ours.mean(axis=0), theirs, rtol=0.05)  # they end a little later


def test_the_wavelet_branch_reads_hops_in_the_order_of_time() -> None:
    arrays = {k: v.astype(np.float32) for k, v in network(wavelet=True).arrays().items()}
    front_end = crnn.FrontEnd()
    signal = 0.01 * noise(crnn.WINDOW)
    step = crnn.FRAMES // crnn.STEPS * crnn.HOP_LENGTH
    start = crnn.WINDOW - crnn.FRAMES * crnn.HOP_LENGTH + 7 * step
    signal[start : start + step] *= 50.0
    said = crnn.feature_map(arrays, front_end.image(signal)[None])[0, 0, :, 48:]
    unusual = np.abs(said - np.median(said, axis=0)).max(axis=1)
    assert set(np.argsort(unusual)[-3:]) == {6, 7, 8}  # neighbours see it through the padding


def test_an_image_knows_no_volume_and_a_short_window_is_repeated() -> None:
    front_end = crnn.FrontEnd()
    loud = front_end.image(FIXTURE)
    assert np.allclose(loud, front_end.image(FIXTURE * np.float32(0.05)), atol=1e-2)
    assert loud.shape == (crnn.ROWS, crnn.FRAMES)
    again = front_end.image(np.resize(FIXTURE, crnn.WINDOW))
    assert np.array_equal(loud, again)
    assert np.array_equal(front_end.image(FIXTURE, wavelet=False)[: crnn.N_MELS], loud[:64])
