"""Novelty: how different the music of the last moments is from the music before it.

Conventions
-----------
The stream is cut into **cells** of `CELL` hops. Two windows of cells are compared, *recent* (the
newest ``recent`` cells) and *past* (the cells before it); an excursion ``u`` says how far they are
apart in units of the tolerance, so that ``u > 1`` means "another region". Three tests:

* energy, Chen 2024 (3.5): ``z = E_recent / E_past``, E the mean square (3.1, squares and M of
  them);
* rhythm, Chen 2024 (3.7)-(3.8): ``z = gamma_recent / gamma_past``, gamma in onsets a second;
* shape: the Mahalanobis distance of the mean mel cepstra under their pooled covariance plus a ridge
  (Hotelling's T² of two samples without the factor that assumes independent ones). The covariance
  is that of the music itself: lively music has to change more than calm music.

`split` then places the change on the grid of hops: it maximises the likelihood gain of two constant
means over one (generalised likelihood ratio, Gaussian, unknown variance), summed over features.

All windows are summed anew at each cell: no running sum, no drift over hours.
"""

from __future__ import annotations

import math

import numpy as np

from dsp.jit import kernel

CELL = 8
"""Hops in a cell: 85 ms at 24 kHz, the stride at which novelty is evaluated."""
MEL_FLOOR_DB = -40.0
"""Mel bands below count as standing here: noise floors and codec holes carry no shape."""


def build_cepstrum(n_mels: int, n_coefficients: int) -> np.ndarray:
    """Build the orthonormal DCT-II that turns log-mel bands into a cepstrum.

    Parameters
    ----------
    n_mels, n_coefficients : int
        Bands in, coefficients out (the lowest, loudness included).

    Returns
    -------
    np.ndarray, shape=(n_coefficients, n_mels), float64

    Raises
    ------
    ValueError
        Not ``1 <= n_coefficients <= n_mels``.
    """
    if not 1 <= n_coefficients <= n_mels:
        raise ValueError(f"n_coefficients must be 1..{n_mels}, not {n_coefficients}")
    k = np.arange(n_coefficients)[:, None]
    basis = np.cos(math.pi * k * (np.arange(n_mels) + 0.5) / n_mels) * math.sqrt(2.0 / n_mels)
    basis[0] /= math.sqrt(2.0)
    return basis


@kernel
def excursion(past, recent, low, high):
    """Log ratio of two positive means in units of the side of the tolerance that it is on.

    ``low < 0 < high`` are natural logarithms of the limits; the result is positive on both sides.
    """
    z = math.log(recent / past)
    return z / high if z >= 0.0 else z / low


@kernel
def mean_of(ring, column, first, stop):
    """Mean of ``ring[:, column]`` over cells ``first .. stop - 1`` (cells wrap around)."""
    total = 0.0
    for c in range(first, stop):
        total += ring[c % ring.shape[0], column]
    return total / (stop - first)


@kernel
def _means(ring, column, first, stop, out):
    out[:] = 0.0
    for c in range(first, stop):
        row = ring[c % ring.shape[0]]
        for k in range(out.shape[0]):
            out[k] += row[column + k]
    for k in range(out.shape[0]):
        out[k] /= stop - first


@kernel
def _add_scatter(ring, column, first, stop, mean, scatter):
    n = mean.shape[0]
    for c in range(first, stop):
        row = ring[c % ring.shape[0]]
        for j in range(n):
            d = row[column + j] - mean[j]
            for k in range(j + 1):
                scatter[j, k] += d * (row[column + k] - mean[k])


@kernel
def _mahalanobis(scatter, difference):
    """Squared length of ``difference`` under ``scatter`` (lower triangle): Cholesky in place.

    Positive definite by its ridge. ``difference`` is overwritten by the whitened one.
    """
    n = difference.shape[0]
    total = 0.0
    for j in range(n):
        for k in range(j + 1):
            s = scatter[j, k]
            for i in range(k):
                s -= scatter[j, i] * scatter[k, i]
            scatter[j, k] = math.sqrt(s) if j == k else s / scatter[k, k]
        s = difference[j]
        for i in range(j):
            s -= scatter[j, i] * difference[i]
        difference[j] = s / scatter[j, j]
        total += difference[j] * difference[j]
    return total


@kernel
def shape_distance(ring, column, first, middle, stop, ridge, means, scatter):
    """Distance of the mean shapes of cells [first, middle) and [middle, stop).

    ``sqrt(p / (p + r) * d' (S + ridge I)^-1 d)``, d the difference of means, S the pooled
    covariance, p and r the cells on either side: a short past knows its mean less well and counts
    less. ``means`` (2, n) and ``scatter`` (n, n) are scratch.
    """
    n = means.shape[1]
    _means(ring, column, first, middle, means[0])
    _means(ring, column, middle, stop, means[1])
    scatter[:] = 0.0
    _add_scatter(ring, column, first, middle, means[0], scatter)
    _add_scatter(ring, column, middle, stop, means[1], scatter)
    for j in range(n):
        for k in range(j + 1):
            scatter[j, k] /= stop - first
        scatter[j, j] += ridge
        means[0, j] -= means[1, j]
    return math.sqrt(_mahalanobis(scatter, means[0]) * (middle - first) / (stop - first))


@kernel
def split(ring, ridges, first, stop, least, scratch, centre=0.0, pull=0.0):
    """Entry in [first + least, stop - least] at which two means explain the entries best.

    Gain of feature f at split k: ``-N log((RSS_f(k) + N ridge_f) / (RSS_f + N ridge_f))``; a
    feature whose ridge is 0 does not take part. Of equal gains the earliest wins. Where it is known
    by other means that the split is near entry ``centre``, ``pull`` times the squared distance is
    taken from the gain. ``scratch`` is (3, features).
    """
    n = stop - first
    count = ring.shape[1]
    scratch[:] = 0.0
    sums = scratch[:2]
    squares = scratch[2]
    for e in range(first, stop):
        row = ring[e % ring.shape[0]]
        for f in range(count):
            sums[1, f] += row[f]
            squares[f] += row[f] * row[f]
    best = -math.inf
    at = first + least
    for e in range(first, stop - least):
        row = ring[e % ring.shape[0]]
        k = e - first + 1
        gain = -pull * (e + 1 - centre) ** 2
        for f in range(count):
            sums[0, f] += row[f]
            if ridges[f] <= 0.0 or k < least:
                continue
            left = sums[0, f]
            right = sums[1, f] - left
            whole = squares[f] - sums[1, f] * sums[1, f] / n + n * ridges[f]
            parts = squares[f] - left * left / k - right * right / (n - k) + n * ridges[f]
            gain -= math.log(parts / whole)
        if k >= least and gain > best:
            best = gain
            at = e + 1
    return at
