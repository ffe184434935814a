"""McNemar's test: are two classifiers equally often right on the same clips?"""

from __future__ import annotations

import numpy as np


def mcnemar(truth: np.ndarray, one: np.ndarray, other: np.ndarray) -> float:
    """Two-sided exact p-value that two classifiers are equally often right on the same clips.

    Clips of one group count as independent here: read it beside the paired interval.
    """
    from scipy.stats import binomtest

    gains = int(np.sum((one == truth) & (other != truth)))
    losses = int(np.sum((one != truth) & (other == truth)))
    if gains + losses == 0:
        return 1.0
    return float(binomtest(gains, gains + losses).pvalue)
