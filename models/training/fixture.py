"""A few seconds of synthetic music on which code, weights and card must agree.

Conventions
-----------
Deterministic and made by arithmetic alone, so that it need not be stored: a slow minor pad, then
fast major arpeggios with a beat, then silence. The card of a model holds what the *torch* network
says of it, computed when it was trained; a test holds the run-time code to that.
"""

from __future__ import annotations

import numpy as np

FIXTURE_S = 9


def build_fixture(sample_rate: int) -> np.ndarray:
    """Build the fixture, shape=(FIXTURE_S * sample_rate,), float32."""
    t = np.arange(FIXTURE_S * sample_rate) / sample_rate
    pad = sum(np.sin(2 * np.pi * hz * t) / (i + 1) for i, hz in enumerate((220.0, 261.63, 329.63)))
    steps = 440.0 * 2.0 ** (np.asarray([3, 7, 10, 15, 10, 7])[(t * 8).astype(int) % 6] / 12)
    phase = 2 * np.pi * np.cumsum(steps) / sample_rate
    decay = np.exp(-12.0 * ((t * 8) % 1.0) / 8)
    arpeggio = decay * sum(np.sin(k * phase) / k for k in (1, 2, 3, 4))
    beat = np.exp(-30.0 * ((t * 2) % 1.0) / 2) * np.sin(2 * np.pi * 60.0 * t)
    music = np.where(t < 4.0, 0.15 * pad, 0.2 * arpeggio + 0.4 * beat)
    return np.where(t < 8.0, music, 0.0).astype(np.float32)
