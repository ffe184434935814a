"""What a detector of boundaries is, and what it may say before it is sure.

Conventions
-----------
A detector is a stage that is fed feature frames, contiguous and in order, and closes a `Segment` at
each boundary that it decides: late, and dated back to the instant of the change. Some also tell
what is in the air: a `Candidate` is a boundary that is not decided yet. It may still move, become
more or less probable, be decided, or come to nothing.

A detector may have an attribute ``step``: frames that it likes to take at a time, 1, 4 or 16. It is
then called for so many at once; ``Segment.decided`` is still told to the frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from dsp.types import FeatureFrames, Segment


@dataclass(frozen=True, slots=True)
class Candidate:
    """A boundary that is not decided yet.

    Attributes
    ----------
    start : int
        The sample at which the new segment would begin, as far as is known by now.
    probability : float
        That it will be decided, 0..1.
    needed : float, optional
        The sensitivity from which on it would be decided now; may lie outside 0..1. None where the
        detector cannot tell.
    """

    start: int
    probability: float
    needed: float | None = None


class Detector(Protocol):
    """Finds the instants at which the expression of the music changes."""

    delay: int
    """Samples from a sudden change to its earliest decision."""

    def update(self, frames: FeatureFrames) -> list[Segment]:
        """Take the next frames; return the segments that they close, oldest first."""
        ...

    def reset(self) -> None:
        """Start a new stream."""
        ...


@runtime_checkable
class Adjustable(Protocol):
    """What a detector has besides if its sensitivity can be changed while it listens."""

    @property
    def sensitivity(self) -> float:
        """How readily it decides, 0..1."""
        ...

    def adjust(self, sensitivity: float) -> None:
        """Decide more or less readily from now on."""
        ...

    def needed(self, strength: float) -> float:
        """The sensitivity from which on a boundary of this strength is decided.

        Holds for one that was decided at the present sensitivity.
        """
        ...


@runtime_checkable
class Foresight(Protocol):
    """What a detector has besides if it can tell early."""

    @property
    def candidate(self) -> Candidate | None:
        """What is in the air after the newest frame; None if nothing is."""
        ...
