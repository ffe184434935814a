"""How readily one listener wants a new section to be told, learned from marks.

Conventions
-----------
A detector of boundaries has one control, the *sensitivity* s in 0..1: it tells a change whose
evidence is good enough for s. Of each change that a listener spoke about, the sensitivity from
which on it would have been told is known, ``needed``. It was *wanted* (marked as a new section) or
not (told, and said to be none). What is learned is the s that costs least::

    cost(s) = Σ_wanted σ((needed - s) / SOFT) + Σ_others σ((s - needed) / SOFT) + ((s - s0) / EASE)²

the changes that this listener would miss, those that would be one too many, and the distance from
the usual sensitivity s0. Without marks it is s0. It never leaves s0 ± `REACH`: who only ever marks
what was missed cannot make the detector tell everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 200
"""Changes that are looked at, the newest."""
REACH = 0.25
SOFT = 0.02
"""How sharply a change is told or not: ``needed`` is known about as well."""
EASE = 0.1
"""So far from the usual sensitivity costs as much as one change that is missed."""
STEP = 0.005


class Weighed(NamedTuple):
    """A change that a listener spoke about."""

    needed: float
    wanted: bool


def learned_sensitivity(weighed: Sequence[Weighed], usual: float) -> float:
    """The sensitivity that suits a listener.

    Parameters
    ----------
    weighed : sequence of Weighed
        Oldest first.
    usual : float
        The one that was set, 0..1.
    """
    if not weighed:
        return usual
    newest = weighed[-MOST:]
    needed = np.asarray([one.needed for one in newest])
    sign = np.asarray([1.0 if one.wanted else -1.0 for one in newest])
    steps = np.arange(-round(REACH / STEP), round(REACH / STEP) + 1)
    shifts = STEP * steps[np.argsort(np.abs(steps), kind="stable")]  # of equals, the nearest
    tried = np.clip(usual + shifts, 0.0, 1.0)
    apart = np.clip(sign * (needed - tried[:, None]) / SOFT, -50.0, 50.0)
    cost = (1.0 / (1.0 + np.exp(-apart))).sum(axis=1) + ((tried - usual) / EASE) ** 2
    return float(tried[np.argmin(cost)])
