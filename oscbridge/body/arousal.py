"""From a level and what is rest to arousal.

Conventions
-----------
`arousal_of` draws two straight lines through the level at rest: a rise of ``full`` is arousal 1, a
fall of as much is -1. A rise is relative: 0.1 is a tenth more than at rest. Heart rate says nothing
about valence: anger, joy and stairs look the same.

Sources of the numbers
----------------------
`FULL_RATE`: the study of Jiang et al. (2023) tells 20 to 50 % more beats of angry people, so that
40 % is full arousal of somebody who sits. It is a best guess too: where a heart goes up and down by
a tenth (one standard deviation) and tells arousal with a correlation of 0.5, a regression has this
slope. `FULL_LOG`: conductance of the skin that doubles, or
RMSSD that halves, is full; our choice. Heart and skin follow what people say they feel "only
modestly" (I. B. Mauss et al., "The tie that binds?", Emotion 5(2), 2005): how far a body is to be
believed at all stands in `oscbridge.feeling.kinds`, and the confidence that is said here is only
how sure the reading and the rest behind it are.
"""

from __future__ import annotations

import math

FULL_RATE = 0.4
FULL_LOG = math.log(2.0)


def arousal_of(rise: float, at_rest: float, full: float) -> float:
    """Arousal -1..1 of a ``rise`` over rest, where ``at_rest`` is the arousal at rest."""
    share = min(max(rise / full, -1.0), 1.0)
    return at_rest + share * ((1.0 - at_rest) if share > 0.0 else (1.0 + at_rest))
