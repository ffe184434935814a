"""S1: a convolutional recurrent network on the mel spectrogram, also with wavelets (Chen 2024).

Conventions
-----------
A window of `WINDOW` samples at 24 kHz, brought to unit power, becomes an image: `N_MELS` mel bands
times `FRAMES` frames in dB, and below it, two halves of a frame under each other, the power of
the `BANDS` bands of Mallat's pyramid (`dsp.wavelet`) in dB. Convolution and pooling reduce the
frequency axis to 1 and time to 15 steps: the paper's map **1 x 15 x N**, about a second a step. A
gated recurrent unit reads the steps; four logits are read from the mean of its states.

The paper's abstract credits the wavelets with the gain and reports no number for the network. So
there are two models of this module: ``crnn`` sees the mel bands alone, ``crnn_wavelet`` has a
second branch of convolutions over the wavelet bands, whose channels join the map; their weights
tell them apart. Layer sizes are ours: the paper prints none. The other half of the paper, the rules
by which regions of one emotion are told apart, is `dsp.segmentation`.

J. Chen, The interactive system of music emotion recognition based on deep learning (2024).
"""

from __future__ import annotations

from functools import cache

import numpy as np

from dsp.wavelet import WaveletPyramid
from models.weights import Weights, read_weights
from models.zoo.layers import conv1d, conv2d, dense, gru, max_pool1d, max_pool2d, relu, softmax
from models.zoo.mel import MelSpectrogram
from models.zoo.window import SAMPLE_RATE, Answer, WindowModel, fill, unit_power

NAME = "crnn"
STEPS = 15
"""Time steps of the map."""
FRAMES = 240
HOP_LENGTH = 1536
N_FFT = 2048
N_MELS = 64
LEVELS = 7
BANDS = LEVELS + 1
WAVELET_HOP = HOP_LENGTH // 2
ROWS = N_MELS + 2 * BANDS
"""Rows of the image."""
WINDOW = (FRAMES - 1) * HOP_LENGTH + N_FFT
WINDOW_S = WINDOW / SAMPLE_RATE
RANGE_DB = 60.0
"""Bands are heard down to so far under a power of 1."""
FRONT_END = f"mel and Mallat 1: {N_MELS} {N_FFT} {HOP_LENGTH} {FRAMES} {LEVELS} {RANGE_DB}"
"""Says which image this is; weights name the one that they were trained on."""
STRIDES = ((2, 2), (1, 1), (1, 1), (1, 1))
"""Strides (frequency, time) of the convolutions of the mel branch."""
POOLS = ((2, 1), (4, 2), (2, 2), (2, 2))
"""Pooling (frequency, time) after each of them."""
WAVELET_POOLS = (4, 4, 2)
"""Pooling after each convolution of the wavelet branch."""

Arrays = dict[str, np.ndarray]


@cache
def _mel() -> MelSpectrogram:
    return MelSpectrogram(SAMPLE_RATE, N_FFT, HOP_LENGTH, N_MELS, 30.0, 11000.0)


class FrontEnd:
    """Windows to images; holds the buffers of the pyramid."""

    def __init__(self) -> None:
        self._hops = 16384 // WAVELET_HOP
        self._pyramid = WaveletPyramid("db4", LEVELS, self._hops * WAVELET_HOP)

    def image(self, samples: np.ndarray, *, wavelet: bool = True) -> np.ndarray:
        """Image of a window, shape=(ROWS, FRAMES), float32, dB re the window's power.

        Parameters
        ----------
        samples : np.ndarray, shape=(n,), float32
            A window shorter than `WINDOW` is repeated.
        wavelet : bool
            False leaves the wavelet's rows at zero: not every network looks at them.
        """
        samples = unit_power(fill(samples, WINDOW, "repeat"))
        image = np.zeros((ROWS, FRAMES), dtype=np.float32)
        image[:N_MELS] = np.maximum(_mel().log_power(samples).T, -RANGE_DB)
        if wavelet:
            bands = np.maximum(self.bands(samples[-FRAMES * HOP_LENGTH :]), -RANGE_DB)
            # two hops a frame: the earlier ones, then the later ones
            image[N_MELS:] = np.concatenate([bands[0::2], bands[1::2]], axis=1).T
        return image

    def bands(self, samples: np.ndarray) -> np.ndarray:
        """Power of Mallat's bands in each `WAVELET_HOP`, shape=(n, BANDS), dB."""
        self._pyramid.reset()
        hops = samples.reshape(-1, WAVELET_HOP)
        return np.concatenate(
            [
                self._pyramid.band_power(hops[start : start + self._hops]).copy()
                for start in range(0, len(hops), self._hops)
            ]
        )


def feature_map(arrays: Arrays, images: np.ndarray) -> np.ndarray:
    """The paper's map, frequency by time by channels, shape=(n, 1, 15, N).

    Parameters
    ----------
    arrays : dict of str to np.ndarray, float32
        As `models.training.zoo.crnn` writes them: ``v_1`` … only where there is a wavelet branch.
    images : np.ndarray, shape=(n, ROWS, FRAMES)
    """
    x = (images - arrays["mean"][:, None]) * arrays["scale"][:, None]
    mel = x[:, None, :N_MELS]
    for i, (stride, pool) in enumerate(zip(STRIDES, POOLS, strict=True), 1):
        w, b = arrays[f"w_{i}"], arrays[f"b_{i}"]
        around = (w.shape[2] // 2, w.shape[3] // 2)
        mel = max_pool2d(relu(conv2d(mel, w, b, stride=stride, padding=around)), pool)
    if "v_1" not in arrays:
        return mel.transpose(0, 2, 3, 1)
    # back to one row a band, two columns a frame
    bands = x[:, N_MELS:].reshape(len(x), 2, BANDS, FRAMES).transpose(0, 2, 3, 1)
    bands = bands.reshape(len(x), BANDS, 2 * FRAMES)
    for i, size in enumerate(WAVELET_POOLS, 1):
        bands = max_pool1d(relu(conv1d(bands, arrays[f"v_{i}"], arrays[f"c_{i}"], padding=2)), size)
    return np.concatenate([mel, bands[:, :, None]], axis=1).transpose(0, 2, 3, 1)


def logits(arrays: Arrays, images: np.ndarray) -> np.ndarray:
    """Logits of quadrants 1..4 of images, shape=(n, 4), before calibration."""
    a = {key: array.astype(np.float32, copy=False) for key, array in arrays.items()}
    steps = feature_map(a, images)[:, 0]
    states = gru(steps, a["w_x"], a["w_h"], a["b_x"], a["b_h"])
    return dense(states.mean(axis=1), a["w_out"], a["b_out"])


def load(weights: Weights | None = None) -> WindowModel:
    """Load the shipped model without wavelets, or the one with these weights.

    Raises
    ------
    WeightsError
        The files are damaged or made for other features.
    """
    weights = weights or read_weights(NAME)
    weights.require("front_end", FRONT_END)
    arrays = weights.in_float32()
    front_end = FrontEnd()

    def answer(samples: np.ndarray) -> Answer:
        """What the window expresses, shape=(n,) at 24 kHz."""
        image = front_end.image(samples, wavelet="v_1" in arrays)
        return Answer(softmax(logits(arrays, image[None]) / arrays["temperature"])[0])

    return WindowModel(weights, answer, WINDOW_S)
