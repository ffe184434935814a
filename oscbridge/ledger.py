"""The latency ledger: every share of the way from sound to message, with its owner.

Conventions
-----------
Seconds. A share is what its stage adds at most in ordinary running; their sum is what a listener
should expect between a change in the sound and the packet that tells it. Boundaries take longer,
because a change has to last before it is believed: `boundary_s` says how long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oscbridge.analyzer import Analyzer, LatencyShare
from oscbridge.errors import OscbridgeError
from oscbridge.sources.select import LIVE, open_source
from oscbridge.warmup import USUAL_RATE

if TYPE_CHECKING:
    from oscbridge.config import Config


@dataclass(frozen=True, slots=True)
class Ledger:
    """All shares in the order of the path.

    Attributes
    ----------
    source : str
        The input that was asked, or would be.
    shares : tuple of LatencyShare
        In the order of the path.
    boundary_s : float
        Look-back before a new section can be decided, seconds.
    note : str
        What is missing and why; empty if nothing is.
    """

    source: str
    shares: tuple[LatencyShare, ...]
    boundary_s: float
    note: str = ""

    @property
    def total_s(self) -> float:
        """Sum of all shares, seconds."""
        return sum(share.seconds for share in self.shares)


def build_ledger(config: Config) -> Ledger:
    """Open the input for a moment, ask every stage for its share.

    A live input that cannot be opened leaves its share out and says so in the note.

    Raises
    ------
    OscbridgeError
        A source other than live that cannot be opened, or an unknown model.
    """
    name, sample_rate, note = config.input, USUAL_RATE, ""
    shares: list[LatencyShare] = []
    try:
        source = open_source(config.input, config.source, realtime=True)
    except OscbridgeError as error:
        if config.input != LIVE or config.source.device is not None:
            raise
        note = f"the share of the input is missing: {error}"
    else:
        name, sample_rate = source.name, source.sample_rate
        shares.append(LatencyShare("input", type(source).__module__, source.latency_s))
        source.close()
    analyzer = Analyzer(sample_rate, model=config.analysis.model, segments=config.segments)
    shares += analyzer.latency()
    shares.append(LatencyShare("output rate", "oscbridge.rates", 1.0 / config.send.rate_hz))
    return Ledger(name, tuple(shares), analyzer.segmenter_delay_s, note)
