"""The key of a stretch of music, from the pitch classes that sound in it.

Conventions
-----------
Keys are counted as in `oscbridge.library.track.KEYS`: 0..11 major from C upwards, 12..23 minor.
The key is the one whose profile (`models.harmony.build_keys`) correlates best with the sum of
pitch-class profiles; where none does by `LEAST_FIT`, there is no key to tell.
"""

from __future__ import annotations

import numpy as np

from models.harmony import build_keys

LEAST_FIT = 0.3
"""Correlation below which no key is told: noise and drums."""
_KEYS = build_keys()


def key_of(chroma: np.ndarray) -> int | None:
    """Key of a sum of pitch-class profiles, shape=(12,), C first."""
    centred = chroma - chroma.mean()
    size = float(np.linalg.norm(centred))
    if size <= 1e-9:
        return None
    fits = _KEYS @ (centred / size)
    best = int(np.argmax(fits))
    return best if fits[best] >= LEAST_FIT else None
