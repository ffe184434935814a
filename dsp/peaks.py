"""Peaks of a spectrum, located between its bins: what chroma and pitch are made of.

Conventions
-----------
A peak is a bin that stands above its left and not under its right neighbour. Places are counted in
bins, fractions included; magnitudes are the roots of the peaks' powers. Peaks more than a range
under the strongest one are noise, and so is what lies under a sine at -90 dB re full scale. NaN is
no peak.

Method
------
A parabola through the logarithms of a peak and its two neighbours: of a windowed sine it finds the
place within a few hundredths of a bin.
"""

from __future__ import annotations

import numpy as np

from dsp.decibels import log2
from dsp.jit import kernel


def build_peaks(low: int, high: int, n_fft: int, range_db: float) -> tuple[np.ndarray, ...]:
    """Build the tables and buffers of `find_peaks`.

    Parameters
    ----------
    low, high : int
        Bins among which peaks are sought; ``high`` is the first one beyond.
    n_fft : int
        Frame length of the spectrum, samples.
    range_db : float
        How far under the strongest peak a peak still counts, dB.

    Returns
    -------
    span, limits, found, places, magnitudes : np.ndarray
        Bins; ratio and least power; and room for the peaks: bins, places, magnitudes.
    """
    # a sine at -90 dB re full scale peaks at (n_fft / 4)² · 10⁻⁹
    limits = [10.0 ** (-range_db / 10.0), (n_fft / 4) ** 2 * 1e-9]
    most = high - low + 1
    return (
        np.asarray([low, high], dtype=np.int64),
        np.asarray(limits, dtype=np.float32),
        np.zeros(most, dtype=np.int64),
        np.zeros(most, dtype=np.float32),
        np.zeros(most, dtype=np.float32),
    )


@kernel
def strongest(power):
    """Largest of some powers: as integers, bits of positive floats are in the same order."""
    bits = power.view(np.int32)
    largest = np.int32(0)
    for i in range(bits.shape[0]):
        largest = max(largest, bits[i])
    return np.int32(largest).view(np.float32)


@kernel(reorder=True)
def find_peaks(power, state):
    """Locate the peaks of one spectrum, shape=(n_bins,), float32. Returns how many."""
    span, limits, found, places, magnitudes = state
    low, high = span[0], span[1]
    ratio, floor = limits[0], limits[1]
    here, left, right = power[low:high], power[low - 1 : high - 1], power[low + 1 : high + 1]
    threshold = max(strongest(here) * ratio, floor)
    count = 0
    for i in range(here.shape[0]):  # no branch: whether a bin is a peak cannot be foretold
        found[count] = low + i
        count += int((here[i] >= threshold) & (here[i] > left[i]) & (here[i] >= right[i]))
    for j in range(count):
        k = found[j]
        a = log2(max(power[k - 1], floor) / power[k])
        c = log2(max(power[k + 1], floor) / power[k])
        curvature = a + c
        shift = np.float32(0.5) * (a - c) / curvature if curvature < 0.0 else np.float32(0.0)
        places[j] = np.float32(k) + shift
        magnitudes[j] = np.sqrt(power[k])
    return count
