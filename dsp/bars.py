"""Where the bar lines are: a filter over meter and position that hears one beat at a time.

Conventions
-----------
A state is (meter, position): three or four beats a bar, ``position`` 0 on the bar line; states 0-2
are the bar of three, 3-6 the bar of four. Per beat the position moves on by one, then the states
are weighed by the beat's accent (`dsp.beat_evidence`), taken relative to the accents of the last
bars. A bar of three and a bar of four also foretell which earlier beats this one resembles.
"""

from __future__ import annotations

import math

import numpy as np

from dsp.beat_evidence import ACCENTS
from dsp.jit import kernel

METERS = (3, 4)
BAR_STATES = 7
_LEAK = 0.005
_RECENT = 12.0
"""Beats over which an accent's own mean and spread are taken."""
_KEPT = 8
_ALIKE = 0.15
WEIGHTS = np.asarray(
    [
        (0.50, -0.15, 0.30, 0.30, 0.10),
        (-0.50, 0.25, 0.00, -0.10, -0.15),
        (0.00, -0.10, -0.30, -0.20, 0.05),
        (0.35, -0.15, 0.40, 0.30, 0.30),
        (-0.10, 0.25, -0.20, -0.15, -0.15),
        (-0.20, -0.05, -0.05, -0.20, -0.15),
        (-0.05, -0.05, -0.15, 0.05, 0.00),
    ]
)
"""What each number of an accent says for each state: low, whole, harmony, spectrum, louder."""

BARS = np.dtype(
    [
        ("belief", "f8", (BAR_STATES,)),
        ("likelihood", "f8", (BAR_STATES,)),
        ("heard", "i8"),
        ("alike", "f8", (2,)),
        ("usual", "f8", (ACCENTS,)),
        ("square", "f8", (ACCENTS,)),
        ("kept", "f8", (_KEPT, ACCENTS)),
        ("accent", "f8", (ACCENTS,)),
    ]
)
"""All that the filter remembers."""


@kernel
def reset_bars(bars):
    """Know nothing of bars."""
    bars.belief[:3] = 0.25 / 3.0
    bars.belief[3:] = 0.75 / 4.0
    bars.heard = 0
    bars.alike[:] = 0.0
    bars.usual[:] = 0.0
    bars.square[:] = 0.0
    bars.kept[:] = 0.0


@kernel
def step_bars(bars):
    """A beat falls: every position moves on by one."""
    belief = bars.belief
    last3, last4 = belief[2], belief[6]
    for k in (2, 1):
        belief[k] = belief[k - 1]
    for k in (6, 5, 4):
        belief[k] = belief[k - 1]
    belief[0] = last3
    belief[3] = last4
    three = 0.25 * _LEAK / 3.0
    four = 0.75 * _LEAK / 4.0
    for k in range(BAR_STATES):
        belief[k] = (1.0 - _LEAK) * belief[k] + (three if k < 3 else four)


@kernel
def weigh_bars(bars, weights):
    """Weigh the states by ``bars.accent``, the accent of the beat that fell last."""
    bars.heard += 1
    rate = max(1.0 / bars.heard, 1.0 / _RECENT)
    now = bars.kept[bars.heard % _KEPT]
    for a in range(ACCENTS):
        difference = bars.accent[a] - bars.usual[a]
        bars.usual[a] += rate * difference
        bars.square[a] += rate * (difference * difference * (1.0 - rate) - bars.square[a])
        spread = math.sqrt(bars.square[a] + 1e-4)
        now[a] = min(max((bars.accent[a] - bars.usual[a]) / spread, -2.5), 2.5)
    for m in range(2):
        other = bars.kept[(bars.heard - 3 - m) % _KEPT]
        apart = 0.0
        for a in range(ACCENTS):
            apart += abs(now[a] - other[a])
        bars.alike[m] = -apart
    if bars.heard < 5:
        return
    total = 0.0
    for m in range(2):
        first, stop = 3 * m, 3 + 4 * m
        sum_of_meter = 0.0
        for k in range(first, stop):
            score = 0.0
            for a in range(ACCENTS):
                score += weights[k, a] * now[a]
            bars.likelihood[k] = math.exp(score)
            sum_of_meter += bars.likelihood[k]
        # positions compete within a meter; meters by how well they foretell what is alike
        scale = (stop - first) / sum_of_meter * math.exp(_ALIKE * bars.alike[m])
        for k in range(first, stop):
            bars.belief[k] *= bars.likelihood[k] * scale
            total += bars.belief[k]
    for k in range(BAR_STATES):
        bars.belief[k] /= total


@kernel
def likeliest_bar(bars):
    """(probability, meter, position) of the likeliest state."""
    best = 0
    for k in range(1, BAR_STATES):
        if bars.belief[k] > bars.belief[best]:
            best = k
    if best < 3:
        return bars.belief[best], 3, best
    return bars.belief[best], 4, best - 3
