"""The chord vector of S3: which triads a stretch of music uses and how it moves between them.

Conventions
-----------
Chroma of shape (n, 12) in, class 0 is C (`dsp.harmony`). Chords are numbered 0-11 major, 12-23
minor, each from C upwards, and `NONE` where no triad stands out. The vector has `CHORD_WIDTH`
values::

    histogram (25)   share of each chord, `NONE` last; sums to 1
    entropy (1)      of the changes of chord, 0 (none, or always the same one) … 1
    balance (1)      (major − minor) / (major + minor), -1 … 1; 0 without chords

Method
------
Yang (S3) names a "new chord vector feature" and defines none; this definition is ours. A chord is
the triad template with the highest cosine to the chroma. Since a key change should not look like
another emotion, nothing but the histogram depends on the absolute root.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

NONE = 24
"""Number of the chord "no triad"."""
CHORD_WIDTH = 27
CLEAR = 0.6
"""Cosine between chroma and triad under which no chord is heard."""


def build_triads() -> np.ndarray:
    """Build the 24 templates of unit length, shape=(24, 12): major, then minor, from C upwards."""
    rows = []
    for third in (4, 3):
        triad = np.zeros(12)
        triad[[0, third, 7]] = 1.0 / np.sqrt(3.0)
        rows += [np.roll(triad, root) for root in range(12)]
    return np.asarray(rows)


def recognise_chords(chroma: np.ndarray, clear: float = CLEAR) -> np.ndarray:
    """Number of the chord in each row of a chroma, shape=(n,), int."""
    length = np.linalg.norm(chroma, axis=1, keepdims=True)
    fit = chroma @ build_triads().T / np.maximum(length, 1e-9)
    return np.where(fit.max(axis=1, initial=0.0) >= clear, fit.argmax(axis=1), NONE)


def chord_vector(chords: np.ndarray) -> np.ndarray:
    """Histogram, entropy of changes and balance of a sequence of chords, shape=(27,), float64."""
    vector = np.zeros(CHORD_WIDTH)
    if not len(chords):
        vector[NONE] = 1.0
        return vector
    vector[:25] = np.bincount(chords, minlength=25) / len(chords)
    moves = [(a, b) for a, b in pairwise(chords.tolist()) if a != b]
    if len(moves) > 1:
        _, counts = np.unique(np.asarray(moves), axis=0, return_counts=True)
        share = counts / counts.sum()
        vector[25] = float(-(share * np.log(share)).sum() / np.log(len(moves)))
    major, minor = vector[:12].sum(), vector[12:24].sum()
    if major + minor > 0.0:
        vector[26] = (major - minor) / (major + minor)
    return vector
