"""One entry of the latency ledger (`oscbridge.ledger`), as whoever causes it tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LatencyShare:
    """What one stage adds.

    Attributes
    ----------
    stage, owner : str
        What causes it, and the module that owns the number.
    seconds : float
        How much.
    """

    stage: str
    owner: str
    seconds: float
