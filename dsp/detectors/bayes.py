"""Online Bayesian change points: how probable is it that the present run is ``r`` steps old?

Conventions
-----------
A **step** is the mean of `STEP_CELLS` cells (`dsp.detectors.cells`). Run lengths 0..`LONGEST` count
steps that belong to the present run; the last slot stands for all longer ones.

Method
------
Adams & MacKay (2007): each run length predicts the next step by what it has seen, here by the
product of Student-t densities of the coefficients (normal-inverse-gamma, their 3.1 per
coefficient). With ``pi_r`` the density, tempered by an exponent because steps of music are not
independent, and hazard ``h``::

    P(r + 1) ~ P(r) pi_r^t (1 - h);   P(0) ~ sum_r P(r) pi_r^t h

Runs longer than `LONGEST` are merged with it: an exact posterior would grow for ever. A change is
believed when the most probable run began after the present segment, has `CONFIRM_STEPS` steps, and
the share ``1 - sensitivity`` of the probability stands beside it. The prior of a coefficient is
centred where the music of this stream has been so far, with the variance `PRIOR_VARIANCE`.

References
----------
Adams & MacKay (2007), "Bayesian online changepoint detection", arXiv:0710.3742.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dsp.detectors.cells import N_COEFFICIENTS
from dsp.detectors.streaming import CellDetector, Change
from dsp.jit import kernel
from dsp.novelty import CELL

if TYPE_CHECKING:
    from dsp.layout import FeatureLayout
    from dsp.segmenter_settings import SegmenterSettings

STEP_CELLS = 6
LONGEST = 80
"""Longest run that is told apart, steps: 41 s."""
EXPECTED_S = 20.0
"""Mean length of a segment, the inverse of the hazard."""
TEMPER = 0.25
CONFIRM_STEPS = 4
SUREST = 0.95
PRIOR_WEIGHT = 0.05
PRIOR_SHAPE = 4.0
PRIOR_VARIANCE = 60.0
REACH_CELLS = 12
"""How far from the most probable beginning the boundary may lie."""


def build_constants(longest: int, prior_shape: float, prior_weight: float) -> np.ndarray:
    """Build what the Student-t densities of each run length have in common.

    Returns
    -------
    np.ndarray, shape=(longest + 1, 4)
        Log normaliser without the scale, degrees of freedom, factor from the posterior's
        ``beta`` to the squared scale, weight ``kappa``.
    """
    rows = []
    for r in range(longest + 1):
        shape, weight = prior_shape + 0.5 * r, prior_weight + r
        degrees = 2.0 * shape
        normaliser = (
            math.lgamma(0.5 * (degrees + 1.0))
            - math.lgamma(0.5 * degrees)
            - 0.5 * math.log(math.pi * degrees)
        )
        rows.append((normaliser, degrees, (weight + 1.0) / (shape * weight), weight))
    return np.asarray(rows)


@kernel
def observe(x, log_p, means, betas, constants, centre, prior, temper, hazard):
    """Take in a step: posterior of the run lengths, and what each run knows of its coefficients.

    ``log_p`` (runs,), ``means`` and ``betas`` (runs, n) are changed in place; ``centre`` (n,) is
    the prior's mean, ``prior`` its beta.
    """
    runs, n = means.shape
    best = -np.inf
    for r in range(runs):
        total = n * constants[r, 0]
        degrees = constants[r, 1]
        for k in range(n):
            square = betas[r, k] * constants[r, 2]
            apart = x[k] - means[r, k]
            total -= 0.5 * np.log(square)
            total -= 0.5 * (degrees + 1.0) * np.log1p(apart * apart / (degrees * square))
        log_p[r] += temper * total
        best = max(best, log_p[r])
    everything = 0.0
    for r in range(runs):
        everything += np.exp(log_p[r] - best)
    norm = best + np.log(everything)
    stay = np.log1p(-hazard) - norm
    # the two longest merge: the one that is longer already knows more
    longest = np.logaddexp(log_p[runs - 1], log_p[runs - 2]) + stay
    keep = log_p[runs - 1] > log_p[runs - 2]
    for r in range(runs - 1, -1, -1):
        source = r if r == runs - 1 and keep else r - 1
        if source < 0:
            continue
        weight = constants[source, 3]
        for k in range(n):
            apart = x[k] - means[source, k]
            means[r, k] = means[source, k] + apart / (weight + 1.0)
            betas[r, k] = betas[source, k] + 0.5 * weight * apart * apart / (weight + 1.0)
        log_p[r] = log_p[source] + stay
    log_p[runs - 1] = longest
    if keep:
        # the slot stands for runs of its own length: evidence grows no further
        for k in range(n):
            betas[runs - 1, k] *= constants[runs - 1, 1] / (constants[runs - 1, 1] + 1.0)
    for k in range(n):
        means[0, k] = centre[k]
        betas[0, k] = prior
    log_p[0] = np.log(hazard)


class Bayes(CellDetector):
    """Posterior of the age of the present run."""

    def __init__(self, layout: FeatureLayout, settings: SegmenterSettings) -> None:
        super().__init__(layout, settings)
        steps_a_second = layout.sample_rate / (layout.hop_length * CELL * STEP_CELLS)
        self._hazard = 1.0 / (EXPECTED_S * steps_a_second)
        self._sure = min(max(1.0 - settings.sensitivity, 1.0 - SUREST), SUREST)
        self._prior = PRIOR_SHAPE * PRIOR_VARIANCE
        self._constants = build_constants(LONGEST, PRIOR_SHAPE, PRIOR_WEIGHT)
        runs = LONGEST + 1
        self._log_p = np.zeros(runs)
        self._means = np.zeros((runs, N_COEFFICIENTS))
        self._betas = np.zeros((runs, N_COEFFICIENTS))
        self._centre = np.zeros(N_COEFFICIENTS)
        self.delay = CONFIRM_STEPS * STEP_CELLS * CELL * layout.hop_length + self._lead
        self._began = False
        self._observe(np.zeros(N_COEFFICIENTS))
        self._warm()

    def _judge(self, stop: int) -> Change | None:
        change = None
        while (self._steps + 1) * STEP_CELLS <= stop and change is None:
            first = self._steps * STEP_CELLS
            rows = np.arange(first, first + STEP_CELLS) % len(self._cells)
            self._steps += 1
            self._observe(self._cells[rows].mean(axis=0))
            change = self._believe()
        return change

    def _observe(self, x: np.ndarray) -> None:
        """Take in a step; the prior's centre follows the mean of the stream."""
        if not self._began:
            self._begin(x)
        self._heard += 1
        self._centre += (x - self._centre) / self._heard
        observe(
            x,
            self._log_p,
            self._means,
            self._betas,
            self._constants,
            self._centre,
            self._prior,
            TEMPER,
            self._hazard,
        )

    def _begin(self, x: np.ndarray) -> None:
        """Start with a run of no steps."""
        self._began = True
        self._heard = 0
        self._centre[:] = x
        self._log_p[:] = -np.inf
        self._log_p[0] = 0.0
        self._means[:] = x
        self._betas[:] = self._prior

    def _believe(self) -> Change | None:
        """The change that the posterior tells of, if it is sure."""
        age = int(self._log_p.argmax())
        start = self._steps - age
        if age < CONFIRM_STEPS or age == LONGEST or start * STEP_CELLS <= self._first + STEP_CELLS:
            return None
        sure = float(np.exp(self._log_p[max(age - 1, 0) : age + 2]).sum())
        return Change(start * STEP_CELLS, REACH_CELLS, sure) if sure >= self._sure else None

    def _forget(self, cell: int) -> None:
        # the posterior knows by itself what belongs to the new run
        self._first = cell
        if not cell:
            self._began = False
            self._steps = 0


def build(layout: FeatureLayout, settings: SegmenterSettings) -> Bayes:
    """Make the detector. Raises ``KeyError`` if the layout lacks a feature."""
    return Bayes(layout, settings)
