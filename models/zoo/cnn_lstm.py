"""S2, the CNN-LSTM hybrid: convolution finds patterns, an LSTM follows them, a layer decides.

Conventions
-----------
The last `WINDOW_S` seconds of mono float32 samples at 24 kHz in, probabilities of quadrants 1..4
out, every half second (`models.zoo.window`). A frame (`N_FFT` samples, every `HOP_LENGTH`) has
`WIDTH` = 54 values::

    log mel   40   dB re the mean power of the window
    RMS        1   dB re the mean power of the window
    ZCR        1   sign changes a sample
    chroma    12   sum 1 (`dsp.harmony`)

so that the volume does not matter. They are standardised with statistics of the training clips::

    conv 5 → ReLU → pool 4 → conv 3 → ReLU → pool 2 → LSTM → last state → 4 logits / temperature

Method
------
The paper (data EmoMusic, MoodSwings and one of its own) names the order CNN → LSTM → FC, the
features and the recipe of training (`models.training.zoo.cnn_lstm`); the sizes of its layers are
lost, these are ours. Entropy and "rate of jump", which it names without definition, are left to
the network: they are functions of the chroma's and the RMS's course.
"""

from __future__ import annotations

import numpy as np

from models.weights import Weights, read_weights
from models.zoo.descriptors import chroma_of, zero_crossings
from models.zoo.layers import conv1d, dense, lstm, max_pool1d, relu, softmax
from models.zoo.mel import MelSpectrogram, decibels, power_spectra, split_frames
from models.zoo.window import SAMPLE_RATE, Answer, WindowModel, fill

WINDOW_S = 10.0
N_FFT = 2048
HOP_LENGTH = 1024
N_MELS = 40
WIDTH = N_MELS + 1 + 1 + 12
"""Values a frame."""
POOLS = (4, 2)
"""Frames that each pooling layer joins."""
LOWEST_DB = -60.0
"""Levels under the window's mean are cut off here."""
FRONT_END = f"1: {SAMPLE_RATE} {N_FFT} {HOP_LENGTH} {N_MELS} {LOWEST_DB}"
"""Says which frames these are; weights name the one that they were trained on."""


class FrameReader:
    """Samples to frames."""

    def __init__(self) -> None:
        self._mel = MelSpectrogram(SAMPLE_RATE, N_FFT, HOP_LENGTH, N_MELS)

    def read(self, samples: np.ndarray) -> np.ndarray:
        """Frames with absolute levels, shape=(n_frames, WIDTH), float32.

        Raises
        ------
        ValueError
            Fewer samples than a frame has.
        """
        frames = split_frames(samples, N_FFT, HOP_LENGTH)
        power = power_spectra(samples, N_FFT, HOP_LENGTH)
        columns = (
            decibels(self._mel.join(power)),
            decibels(np.mean(np.square(frames), axis=1))[:, None],
            zero_crossings(frames)[:, None],
            chroma_of(power),
        )
        return np.concatenate(columns, axis=1, dtype=np.float32)


def make_relative(frames: np.ndarray) -> np.ndarray:
    """Frames of one window with their levels relative to the window's mean power, a copy."""
    relative = frames.copy()
    power = 10.0 ** (frames[:, N_MELS].astype(np.float64) / 10.0)
    relative[:, : N_MELS + 1] -= 10.0 * np.log10(max(float(power.mean()), 1e-10))
    np.maximum(relative[:, : N_MELS + 1], LOWEST_DB, out=relative[:, : N_MELS + 1])
    return relative


class CnnLstm:
    """The network with its weights.

    Parameters
    ----------
    arrays : dict of str to np.ndarray
        As `models.training.zoo.cnn_lstm` makes them.
    """

    def __init__(self, arrays: dict[str, np.ndarray]) -> None:
        self._arrays = {name: array.astype(np.float32) for name, array in arrays.items()}
        self._reader = FrameReader()

    def logits(self, frames: np.ndarray) -> np.ndarray:
        """Logits of quadrants 1..4 of relative frames, shape=(n, n_frames, WIDTH) to (n, 4)."""
        a = self._arrays
        x = ((frames - a["mean"]) / a["scale"]).transpose(0, 2, 1)
        for i, pool in enumerate(POOLS):
            x = max_pool1d(relu(conv1d(x, a[f"conv{i}_w"], a[f"conv{i}_b"])), pool)
        states = lstm(
            x.transpose(0, 2, 1), a["lstm_w_x"], a["lstm_w_h"], a["lstm_b_x"], a["lstm_b_h"]
        )
        return dense(states[:, -1], a["out_w"], a["out_b"])

    def answer(self, samples: np.ndarray) -> Answer:
        """What the network says of a window of samples, shape=(n,); short ones are repeated."""
        window = fill(samples, round(WINDOW_S * SAMPLE_RATE), "repeat")
        frames = make_relative(self._reader.read(window))
        return Answer(softmax(self.logits(frames[None])[0] / self._arrays["temperature"]))


def load(weights: Weights | None = None) -> WindowModel:
    """Load the shipped model, or the one with these weights.

    Raises
    ------
    WeightsError
        The files are damaged or made for other frames.
    """
    weights = weights or read_weights("cnn_lstm")
    weights.require("front_end", FRONT_END)
    return WindowModel(weights, CnnLstm(weights.arrays).answer, WINDOW_S)
