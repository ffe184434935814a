"""Beat, bar and tempo as the process tells them, and boundaries that wait for one.

Conventions
-----------
Samples count from the start of the stream. A beat is told when it falls (`dsp.beat`). A boundary
moves to the nearest beat, or first beat of a bar, if the user asks; nothing is moved past the
instant at which it was decided, to or before the boundary before it, or where no beat is near:
without a pulse, boundaries stay where they are. The model's evidence begins where the music really
changed; only what is told moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsp.beat import BeatTracker
from oscbridge.events import Beat, Tempo

if TYPE_CHECKING:
    from dsp.layout import FeatureLayout
    from dsp.types import FeatureFrames
    from oscbridge.hearing.detection import Snap


class Pulse:
    """What is known of the beat.

    Parameters
    ----------
    layout : FeatureLayout
        Layout of the frames.
    snap : {"off", "beat", "bar"}
        What boundaries move to.
    """

    def __init__(self, layout: FeatureLayout, snap: Snap = "off") -> None:
        self._tracker = BeatTracker(layout)
        self._sample_rate = layout.sample_rate
        self._snap: Snap = snap

    def update(self, frames: FeatureFrames) -> list[Beat]:
        """Take the next frames; return the beats that fell in them."""
        return [
            Beat(
                index=beat.index,
                stop=beat.sample,
                confidence=beat.confidence,
                bar=beat.bar if beat.is_downbeat else -1,
                tempo_bpm=beat.tempo_bpm,
                sample_rate=self._sample_rate,
            )
            for beat in self._tracker.update(frames)
        ]

    def tempo(self, stop: int) -> Tempo:
        """Tempo after the newest frame, which ends at ``stop``."""
        return Tempo(self._tracker.tempo_bpm, stop, self._sample_rate)

    def moved(self, stop: int, after: int, decided: int) -> int:
        """Where to tell the boundary at ``stop``: later than ``after``, by ``decided``."""
        if self._snap == "off":
            return stop
        near = self._tracker.nearest(stop, self._snap)
        return near if near is not None and after < near <= decided else stop

    def reset(self) -> None:
        """Start a new stream."""
        self._tracker.reset()
