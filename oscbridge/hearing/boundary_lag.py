"""How long after a turn of the music its boundary is decided, as measured.

Conventions
-----------
Seconds from the turn to the decision, of turns that were found: recordings of all genres, every
stretch equally loud. The figures are those of ``dsp/README.md`` (*What they reach*, ``delay p50``
and ``delay p95``), which ``python -m models.training.boundaries`` writes; a test compares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = "dsp/README.md"


class BoundaryLag(NamedTuple):
    """Time from a turn to its decision: the median, and the 95th percentile."""

    p50_s: float
    p95_s: float


BOUNDARY_LAGS: Mapping[str, BoundaryLag] = {
    "turns": BoundaryLag(1.11, 4.22),
    "bayes": BoundaryLag(2.31, 7.35),
    "windows": BoundaryLag(4.56, 5.39),
    "shape": BoundaryLag(2.83, 3.75),
    "cusum": BoundaryLag(1.15, 5.56),
    "both": BoundaryLag(1.86, 4.39),
    "energy": BoundaryLag(2.44, 4.81),
    "either": BoundaryLag(1.10, 5.59),
    "rhythm": BoundaryLag(0.64, 4.37),
    "paper": BoundaryLag(6.02, 10.62),
}
"""By the name of the rule (``[segments] rule``), at the usual sensitivity."""
