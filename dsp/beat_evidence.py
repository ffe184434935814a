"""What frames say about beats and bars: rises of the spectrum, and what sets a beat apart.

Conventions
-----------
Kernels of `dsp.beat`. A **strength** is the mean rise of mel bands against the frame ``lag``
earlier, dB (as `dsp.rhythm`), of all bands and of the `LOW_BANDS` lowest, where a band never stands
lower than ``mask`` under its own recent peak.

An **accent** says what is special about one beat, `ACCENTS` numbers: its greatest low and its
greatest whole strength (logarithms), how far the harmony after it is from that before it (one minus
the cosine of the chroma), how far the spectrum is (mean absolute difference of the bands, dB), and
how much louder it is than before (dB). It is complete half a beat after its beat.
"""

from __future__ import annotations

import math

import numpy as np

from dsp.jit import kernel

LOW_BANDS = 5
"""Mel bands that count as low: bass and bass drum."""
ACCENTS = 5
"""Numbers that describe a beat."""
CHROMA = 12
_SMEARED = 4
"""Frames after a beat that still hear much of what was before it."""


@kernel(reorder=True)
def rise_of(bands, p, old, peaks):
    """Strengths (whole, low) of a frame; ``old`` takes its bands in.

    A band stands at least ``mask`` below its recent peak (``peaks`` sink by ``sink`` a frame): soft
    sounds in the wake of loud ones rise less, at any level.
    """
    count = bands.shape[0]
    whole = np.float32(0.0)
    low = np.float32(0.0)
    for b in range(count):
        peaks[b] = max(bands[b], peaks[b] - p.sink)
        now = max(bands[b], p.gate, peaks[b] - p.mask)
        rise = max(now - old[b], np.float32(0.0))
        old[b] = now
        whole += rise
        if b < LOW_BANDS:
            low += rise
    return whole / np.float32(count), low / np.float32(min(LOW_BANDS, count))


@kernel
def odds_of(strength, mean, p):
    """How much likelier a strength is where an onset falls than elsewhere, less 1."""
    relative = strength / (mean + p.quiet)
    return np.float32(min(max(math.exp(p.steep * (relative - p.middle)), p.least), p.most) - 1.0)


@kernel(reorder=True)
def collect(bands, chroma, strength, low_strength, gate, peaks, sums):
    """Take a frame into what is known since the last beat.

    ``peaks`` is (whole, low, frames since the beat, frames summed, frames summed before it);
    ``sums`` (2, 12 + n_mels) holds chroma and bands since the beat and before it.
    """
    peaks[0] = max(peaks[0], strength)
    peaks[1] = max(peaks[1], low_strength)
    peaks[2] += 1.0
    if peaks[2] <= _SMEARED:
        return
    peaks[3] += 1.0
    now = sums[0]
    for c in range(CHROMA):
        now[c] += chroma[c]
    for b in range(bands.shape[0]):
        now[CHROMA + b] += max(bands[b], gate)


@kernel
def turn_over(peaks, sums):
    """A beat falls: what was since the last one is now before this one."""
    now, before = sums[0], sums[1]
    for i in range(now.shape[0]):  # a slice's assignment would compile for two seconds
        before[i] = now[i]
        now[i] = 0.0
    peaks[4] = peaks[3]
    peaks[:4] = 0.0


@kernel
def accent_of(peaks, sums, out):
    """Accent of the last beat into ``out``, shape=(ACCENTS,)."""
    now, before = sums[0], sums[1]
    n, m = max(peaks[3], 1.0), max(peaks[4], 1.0)
    product, here, there = 0.0, 1e-9, 1e-9
    for c in range(CHROMA):
        product += now[c] * before[c]
        here += now[c] * now[c]
        there += before[c] * before[c]
    apart, louder = 0.0, 0.0
    count = now.shape[0] - CHROMA
    for b in range(CHROMA, now.shape[0]):
        difference = now[b] / n - before[b] / m
        apart += abs(difference)
        louder += difference
    out[0] = math.log(peaks[1] + 0.25)
    out[1] = math.log(peaks[0] + 0.25)
    out[2] = 1.0 - product / math.sqrt(here * there)
    out[3] = apart / count
    out[4] = louder / count
