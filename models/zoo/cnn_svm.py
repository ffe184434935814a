"""S3, the CNN-SVM: a small network describes the cepstrum, a linear SVM decides.

Conventions
-----------
The last `Mode.window_s` seconds of mono float32 samples at 24 kHz in, probabilities of quadrants
1..4 out, every half second (`models.zoo.window`). A frame (`N_FFT` samples, every `HOP_LENGTH`) has
60 cepstral values (`models.zoo.cepstrum`: 20 coefficients of the pre-emphasised sound, their slopes
and the slopes of these) and 12 of chroma (`dsp.harmony`)::

    60 → standardise → conv 5/2 → ReLU → pool 2 → conv 5 → ReLU → mean and maximum over time
       → 128, ReLU: the embedding
    12 → mean of CHORD_FRAMES frames → triads → chord vector, 27 (`models.zoo.chords`)
    [128, 27] → standardise → linear SVM, one quadrant against the rest → / temperature → softmax

Where lyrics were given (`SvmModel.read_lyrics`, `models.zoo.lyrics`), the answer is a mean of what
the music and the words say, which count `LYRICS_WEIGHT`. That weight was not fitted: there
are no labelled songs with lyrics at hand. What is said in the cards and tables is of music alone.

Method
------
Yang names MFCC, CNN, the linear SVM on its last layer, a "new chord vector feature" and a text
modality, and gives neither sizes nor definitions: they are ours. *Paper mode* hears the first 40 s,
filled up with zeros; the default hears the last 15 s and repeats them where there is less, since a
live stream has no first 40 s.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from models.weights import Weights, read_weights
from models.zoo.cepstrum import (
    PRE_EMPHASIS,
    build_mel_bands,
    cepstrum,
    deltas,
    log_mel,
    pre_emphasise,
)
from models.zoo.chords import chord_vector, recognise_chords
from models.zoo.descriptors import chroma_of
from models.zoo.layers import conv1d, dense, max_pool1d, relu, softmax
from models.zoo.lyrics import LyricsReader
from models.zoo.mel import power_spectra
from models.zoo.window import SAMPLE_RATE, Answer, WindowModel, fill

N_FFT = 2048
HOP_LENGTH = 2048
N_MELS = 40
ORDER = 20
"""Cepstral coefficients."""
CEPSTRA = 3 * ORDER
WIDTH = CEPSTRA + 12
"""Values a frame."""
CHORD_FRAMES = 4
"""Frames (0.34 s) whose mean chroma makes one chord."""
EMBEDDING = 128
"""Width of the network's penultimate layer."""
STRIDE, POOL = 2, 2
LYRICS_WEIGHT = 0.3
"""How much the words count beside the music, 0..1."""


@dataclass(frozen=True, slots=True)
class Mode:
    """What the model hears.

    Attributes
    ----------
    window_s : float
        Seconds of sound that one answer rests on.
    filling : {"repeat", "zeros"}
        What comes where there is less.
    """

    window_s: float
    filling: Literal["repeat", "zeros"]

    @property
    def front_end(self) -> str:
        """Says which frames these are; weights name the one that they were trained on."""
        return (
            f"1: {SAMPLE_RATE} {N_FFT} {HOP_LENGTH} {N_MELS} {ORDER} {PRE_EMPHASIS} "
            f"{self.window_s} {self.filling}"
        )

    def fit_length(self, samples: np.ndarray) -> np.ndarray:
        """Bring samples to the mode's length, shape=(window_s · 24000,).

        Paper mode takes the *first* seconds of a recording; live there is no more than that.
        """
        length = round(self.window_s * SAMPLE_RATE)
        if self.filling == "zeros":
            samples = samples[:length]
        return fill(samples, length, self.filling)


MODES = {"default": Mode(15.0, "repeat"), "paper": Mode(40.0, "zeros")}


@cache
def _bands() -> np.ndarray:
    return build_mel_bands(SAMPLE_RATE, N_FFT, N_MELS, 30.0, 11000.0)


def read_frames(samples: np.ndarray) -> np.ndarray:
    """Cepstra and chroma of samples, shape=(n_frames, WIDTH), float32.

    Raises
    ------
    ValueError
        Fewer samples than a frame has.
    """
    raised = pre_emphasise(samples)
    first = cepstrum(log_mel(power_spectra(raised, N_FFT, HOP_LENGTH), _bands()), ORDER)
    slopes = deltas(first)
    chroma = chroma_of(power_spectra(samples, N_FFT, HOP_LENGTH))
    return np.concatenate([first, slopes, deltas(slopes), chroma], axis=1, dtype=np.float32)


def chords_of(frames: np.ndarray) -> np.ndarray:
    """Chord vector of the frames of one window, shape=(27,)."""
    chroma = frames[:, CEPSTRA:]
    steps = len(chroma) // CHORD_FRAMES
    smooth = chroma[: steps * CHORD_FRAMES].reshape(steps, CHORD_FRAMES, 12).mean(axis=1)
    return chord_vector(recognise_chords(smooth))


class CnnSvm:
    """Network and SVM with their weights.

    Parameters
    ----------
    arrays : dict of str to np.ndarray
        As `models.training.zoo.cnn_svm` makes them.
    mode : Mode
    """

    def __init__(self, arrays: dict[str, np.ndarray], mode: Mode = MODES["default"]) -> None:
        self._arrays = {name: array.astype(np.float32) for name, array in arrays.items()}
        self._mode = mode
        self._words: np.ndarray | None = None

    def embed(self, frames: np.ndarray) -> np.ndarray:
        """What the network makes of frames, shape=(n, n_frames, WIDTH) to (n, EMBEDDING)."""
        a = self._arrays
        x = ((frames[:, :, :CEPSTRA] - a["mean"]) / a["scale"]).transpose(0, 2, 1)
        x = max_pool1d(relu(conv1d(x, a["conv0_w"], a["conv0_b"], stride=STRIDE)), POOL)
        x = relu(conv1d(x, a["conv1_w"], a["conv1_b"]))
        summary = np.concatenate([x.mean(axis=2), x.max(axis=2)], axis=1)
        return relu(dense(summary, a["embed_w"], a["embed_b"]))

    def logits(self, frames: np.ndarray) -> np.ndarray:
        """Decision values of the SVM, shape=(n, n_frames, WIDTH) to (n, 4)."""
        chords = np.stack([chords_of(window) for window in frames])
        both = np.concatenate([self.embed(frames), chords], axis=1, dtype=np.float32)
        return dense(both, self._arrays["svm_w"], self._arrays["svm_b"])

    def read_lyrics(self, text: str) -> None:
        """Let what a text says join every answer from now on; an empty text says nothing."""
        reader = LyricsReader(*(self._arrays[f"lyrics_{name}"] for name in ("rarity", "w", "b")))
        self._words = reader.quadrants(text) if text.strip() else None

    def answer(self, samples: np.ndarray) -> Answer:
        """What the model says of a window of samples, shape=(n,)."""
        frames = read_frames(self._mode.fit_length(samples))
        heard = softmax(self.logits(frames[None])[0] / self._arrays["temperature"])
        if self._words is None:
            return Answer(heard)
        return Answer((1.0 - LYRICS_WEIGHT) * heard + LYRICS_WEIGHT * self._words)


class SvmModel(WindowModel):
    """The model on a stream, which can be told the words of the song.

    Parameters
    ----------
    weights : Weights
        As `models.training.zoo.cnn_svm` writes them.
    mode : Mode
    """

    def __init__(self, weights: Weights, mode: Mode) -> None:
        system = CnnSvm(weights.arrays, mode)
        super().__init__(weights, system.answer, mode.window_s)
        if "lyrics_w" in weights.arrays:  # models of folds have not learned to read
            self.read_lyrics = system.read_lyrics


def load(weights: Weights | None = None) -> SvmModel:
    """Load the shipped model, or the one with these weights, in the mode that they were made for.

    Raises
    ------
    WeightsError
        The files are damaged or made for other frames.
    """
    weights = weights or read_weights("cnn_svm")
    known = {mode.front_end: mode for mode in MODES.values()}
    mode = known.get(str(weights.card.get("front_end")), MODES["default"])
    weights.require("front_end", mode.front_end)
    return SvmModel(weights, mode)
