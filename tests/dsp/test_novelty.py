"""What novelty rests on, against scipy."""

import math

import numpy as np
import pytest
from scipy.fft import dct
from scipy.spatial.distance import mahalanobis

from dsp.novelty import build_cepstrum, shape_distance


def test_the_cepstrum_equals_scipys_orthonormal_dct() -> None:
    mel = np.random.default_rng(1).normal(0, 10, 64)
    assert build_cepstrum(64, 12) @ mel == pytest.approx(dct(mel, norm="ortho")[:12], abs=1e-10)


def test_the_shape_distance_equals_scipys_mahalanobis_distance() -> None:
    rng = np.random.default_rng(2)
    cells = rng.normal(0, 5, (50, 6)) @ rng.normal(0, 1, (6, 6))
    past, recent = cells[:30], cells[30:]
    pooled = (30 * np.cov(past.T, bias=True) + 20 * np.cov(recent.T, bias=True)) / 50
    inverse = np.linalg.inv(pooled + 3.0 * np.eye(6))
    expected = math.sqrt(30 / 50) * mahalanobis(past.mean(0), recent.mean(0), inverse)
    scratch = np.zeros((2, 6)), np.zeros((6, 6))
    assert shape_distance(cells, 0, 0, 30, 50, 3.0, *scratch) == pytest.approx(expected, rel=1e-12)
