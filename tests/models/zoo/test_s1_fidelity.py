"""S1 against its paper: Mallat's pyramid, the boundary rules, the table by its own counts.

The map 1 x 15 x N is in ``test_crnn``; the rule for a run of outside values and the exact limits of
both ratios are in ``tests/dsp/test_segmentation``.
"""

import numpy as np
import pytest
import pywt

from dsp.layout import FeatureLayout
from dsp.segmentation import Segmenter, SegmenterSettings
from dsp.types import FeatureFrames
from dsp.wavelet import WaveletPyramid
from models.intervals import Resampling
from models.metrics import accuracy, confusion, macro_f1
from tests import naive
from tests.dsp.signals import noise

LAYOUT = FeatureLayout(24000, 2048, 256, (("log_mel", 16), ("energy", 1), ("onset", 1)), "test")

# rows: fierce = quadrant 2, cheerful = 1, gentle = 4, low = 3 (table 4.1; the paper prints no
# confusions, these are one set that has its counts)
DOMAINS = {"cheerful": 1, "fierce": 2, "low": 3, "gentle": 4}
CORRECT = {"fierce": 19, "cheerful": 18, "gentle": 15, "low": 16}
ASSIGNED = {"fierce": 23, "cheerful": 25, "gentle": 19, "low": 17}
MISTAKEN = {
    ("fierce", "cheerful"): 2,
    ("cheerful", "fierce"): 3,
    ("gentle", "cheerful"): 5,
    ("gentle", "low"): 1,
    ("low", "fierce"): 1,
    ("low", "gentle"): 4,
}


def table_4_1() -> tuple[np.ndarray, np.ndarray]:
    """True and assigned quadrant of each of the 84 fragments."""
    cells = {**{(name, name): n for name, n in CORRECT.items()}, **MISTAKEN}
    pairs = [(DOMAINS[true], DOMAINS[said]) for (true, said), n in cells.items() for _ in range(n)]
    truth, guess = np.asarray(pairs).T
    return truth, guess


def test_table_4_1_has_other_precision_and_recall_than_it_prints() -> None:
    table = confusion(*table_4_1())
    precision = {n: table[q - 1, q - 1] / table[:, q - 1].sum() for n, q in DOMAINS.items()}
    recall = {n: table[q - 1, q - 1] / table[q - 1].sum() for n, q in DOMAINS.items()}
    assert {n: int(table[:, q - 1].sum()) for n, q in DOMAINS.items()} == ASSIGNED
    assert set(table.sum(axis=1).tolist()) == {21}
    assert [round(precision[n], 3) for n in CORRECT] == [0.826, 0.720, 0.789, 0.941]
    assert [round(recall[n], 3) for n in CORRECT] == [0.905, 0.857, 0.714, 0.762]
    printed = {"fierce": 0.8521, "cheerful": 0.7375, "gentle": 0.8104, "low": 0.9771}
    assert all(printed[n] - precision[n] > 0.015 for n in CORRECT)


def test_the_honest_reading_of_table_4_1_is_81_percent_of_84_fragments() -> None:
    truth, guess = table_4_1()
    right = Resampling([str(i) for i in range(len(truth))]).estimate(accuracy, truth, guess)
    assert len(truth) == 84
    assert right.value == pytest.approx(0.8095, abs=1e-4)
    assert macro_f1(truth, guess) == pytest.approx(0.810, abs=5e-4)
    assert (right.low, right.high) == pytest.approx((0.71, 0.88), abs=0.025)


@pytest.mark.parametrize("sizes", [(4096,), (1, 17, 509), (333, 2)])
def test_seven_levels_taken_apart_on_a_stream_are_put_together_without_loss(
    sizes: tuple[int, ...],
) -> None:
    signal = noise(4096).astype(np.float64)
    pyramid = WaveletPyramid("db4", 7, dtype=np.float64)
    silence = np.zeros(2 * pyramid.delay)  # until the deepest band has looked at all
    parts: list[list[np.ndarray]] = [[] for _ in range(8)]
    for piece in naive.pieces(np.concatenate([signal, silence]), sizes):
        for band, coefficients in zip(parts, pyramid.push(piece), strict=True):
            band.append(coefficients.copy())
    # PyWavelets wants each level as long as its own analysis makes it; ours stops earlier in zeros
    w = pywt.Wavelet("db4")
    exchanged = pywt.Wavelet("db4", filter_bank=[w.rec_lo, w.rec_hi, w.dec_lo, w.dec_hi])
    whole = pywt.wavedec(np.concatenate([signal, silence]), exchanged, "zero", 7)
    bands = [np.concatenate(band) for band in parts]
    padded = [
        np.pad(ours, (0, len(theirs) - len(ours)))
        for ours, theirs in zip(bands, whole, strict=True)
    ]
    back = pywt.waverec(padded, exchanged, "zero")[: len(signal)]
    assert np.abs(back - signal).max() < 1e-8


@pytest.mark.parametrize(
    ("period", "literal", "symmetric"),
    [
        (22, True, True),  # γ falls to 0.73
        (18, False, False),  # to 0.89
        (15, False, False),  # rises to 1.07
        (13, True, False),  # to 1.23
        (12, True, True),  # to 1.33
    ],
)
def test_rhythm_is_the_same_from_0_8_to_1_2_as_printed_and_to_1_25_when_symmetric(
    period: int, literal: bool, symmetric: bool
) -> None:
    segment = 416  # hops: holds whole numbers of both 16 and 13
    half = 6 * segment
    values = np.zeros((2 * half, LAYOUT.width), dtype=np.float32)
    values[:, LAYOUT.span("energy")] = -20.0
    onset = LAYOUT.span("onset").start
    values[:half:16, onset] = 10.0
    values[half::period, onset] = 10.0
    frames = FeatureFrames(values, 0, LAYOUT, np.zeros((len(values), 256), np.float32))
    for even, expected in ((False, literal), (True, symmetric)):
        settings = SegmenterSettings(rule="rhythm", recent_s=segment * 256 / 24000, symmetric=even)
        assert bool(Segmenter(LAYOUT, settings).update(frames)) == expected
