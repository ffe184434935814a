"""No ear: for runs that only follow the player, where the music is nobody's business or unheard.

Conventions
-----------
What `oscbridge.app.App` needs of an analyzer. It takes blocks, which keep time, and
says that it hears nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.events import SignalLevel
from oscbridge.stats import Stats

if TYPE_CHECKING:
    from dsp.types import AudioBlock
    from oscbridge.events import Event, State
    from oscbridge.latency_share import LatencyShare


class DeafAnalyzer:
    """Hears nothing.

    Parameters
    ----------
    stats : Stats, optional
        Where blocks are counted.
    """

    missing = 1
    """Blocks are taken as they come."""
    detector = None
    """There is nothing to be cut."""

    def __init__(self, stats: Stats | None = None) -> None:
        self.stats = stats or Stats()

    def push(self, block: AudioBlock) -> list[State | Event]:
        """Take a block for what it is, time that has passed; once a second, that it was silent."""
        self.stats.blocks += 1
        rate = block.sample_rate
        if block.start // rate == block.stop // rate:
            return []
        return [SignalLevel(0.0, 0.0, block.stop, rate)]

    def finish(self) -> list[State | Event]:
        """Nothing is under way."""
        return []

    def begin_anew(self, back_s: float) -> None:
        """Nothing was heard that could be forgotten."""

    def latency(self) -> list[LatencyShare]:
        """Nothing is waited for."""
        return []
