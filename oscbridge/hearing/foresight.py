"""Early word of a boundary: said when it is likely, confirmed when it is decided, or taken back.

Conventions
-----------
A host may choose between early and sure. `MaybeBoundary` says that segment ``id`` has probably
begun; it is said when the probability passes ``early``, and again when it has risen by another
`STEP`. It is followed by exactly one of two: the `oscbridge.events.Boundary` of the same id, which
confirms it (at the instant that is known by then), or `Withdrawn`, as soon as the probability has
fallen to `RELEASE` of ``early``, and a later candidate may take the id again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.events import MaybeBoundary, Withdrawn

if TYPE_CHECKING:
    from dsp.boundary import Candidate

STEP = 0.2
"""Rise of the probability after which it is said again."""
RELEASE = 0.5
"""Share of ``early`` at which it is taken back: between the two nothing flickers."""


class Forecaster:
    """Turns the candidates of a detector into events.

    Parameters
    ----------
    early : float
        Probability from which a candidate is told, 0..1.
    sample_rate : int
        Of all sample indices, Hz.

    Raises
    ------
    ValueError
        ``early`` is no probability above 0.
    """

    def __init__(self, early: float, sample_rate: int) -> None:
        if not 0.0 < early <= 1.0:
            raise ValueError(f"early must be above 0 and at most 1, not {early!r}")
        self._early = early
        self._sample_rate = sample_rate
        self.reset()

    def update(
        self, candidate: Candidate | None, following: int, now: int
    ) -> list[MaybeBoundary | Withdrawn]:
        """Take what is in the air at sample ``now``; ``following`` is the id of the next segment.

        An id that has moved on since the last call means that its boundary was decided.
        """
        if self._open is not None and self._open != following:
            self._open = None
        probability = candidate.probability if candidate is not None else 0.0
        if self._open is not None and probability <= RELEASE * self._early:
            withdrawn = Withdrawn(self._open, now, self._sample_rate)
            self._open = None
            return [withdrawn]
        least = self._early if self._open is None else self._told + STEP
        if candidate is None or probability < least:
            return []
        self._open, self._told = following, probability
        start = min(candidate.start, now)
        return [MaybeBoundary(following, start, now, probability, self._sample_rate)]

    def reset(self) -> None:
        """Start a new stream."""
        self._open: int | None = None
        self._told = 0.0
