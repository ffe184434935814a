"""Counters of trouble and of work: shown in the status message, never logged per frame.

Each counter has exactly one writing thread, so plain integer additions need no lock; readers may
see a value that is one addition old.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from oscbridge.reaction import ReactionMeter


@dataclass(slots=True)
class Stats:
    """What happened since the start.

    Attributes
    ----------
    blocks, frames : int
        Audio blocks taken in, feature frames computed.
    overflows : int
        Samples (of each channel) that were overwritten in the ring before anyone fetched them.
    device_overflows : int
        Times the audio API itself reported lost input.
    reconnects : int
        Times the device came back.
    nonfinite : int
        NaN or infinite samples, replaced by 0.
    clipped : int
        Samples beyond the accepted range, limited.
    states, events, messages : int
        States and events produced by analysis, messages sent.
    dropped_events : int
        Events that found the outbox full.
    send_errors : int
        Messages that the network refused.
    reaction : ReactionMeter
        Time from the last sample of a block to the packet that it led to.
    """

    blocks: int = 0
    frames: int = 0
    overflows: int = 0
    device_overflows: int = 0
    reconnects: int = 0
    nonfinite: int = 0
    clipped: int = 0
    states: int = 0
    events: int = 0
    messages: int = 0
    dropped_events: int = 0
    send_errors: int = 0
    reaction: ReactionMeter = field(default_factory=ReactionMeter)

    def snapshot(self) -> dict[str, int]:
        """All counters by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "reaction"}
