"""How loud it is right now, told some twenty times a second.

Conventions
-----------
Reports lie on a fixed grid of the stream, one each `LEVEL_FRAMES` frames, and hold the loudest
energy and the sharpest onset of those frames: no split of the input shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.events import SignalLevel

if TYPE_CHECKING:
    from dsp.types import FeatureFrames

LEVEL_FRAMES = 4
"""Frames between two reports of the signal level (43 ms)."""
LEVEL_FLOOR_DB = -60.0
"""Energy that is level 0; 0 dB re full scale is level 1."""
ONSET_FULL_DB = 10.0
"""Onset strength that is onset 1."""


class LevelMeter:
    """Turns feature frames into `SignalLevel` s."""

    def __init__(self) -> None:
        self.reset()

    def update(self, frames: FeatureFrames) -> list[SignalLevel]:
        """Take the next frames; return the reports that they complete."""
        reports: list[SignalLevel] = []
        energy, onset = frames["energy"][:, 0].tolist(), frames["onset"][:, 0].tolist()
        hop = frames.layout.hop_length
        for i, (e, o) in enumerate(zip(energy, onset, strict=True)):
            self._loudest, self._sharpest = max(self._loudest, e), max(self._sharpest, o)
            number = frames.first + i + 1
            if number % LEVEL_FRAMES == 0:
                level = min(max(1.0 - self._loudest / LEVEL_FLOOR_DB, 0.0), 1.0)
                sharp = min(self._sharpest / ONSET_FULL_DB, 1.0)
                reports.append(SignalLevel(level, sharp, number * hop, frames.sample_rate))
                self._loudest, self._sharpest = LEVEL_FLOOR_DB, 0.0
        return reports

    def reset(self) -> None:
        """Start a new stream."""
        self._loudest, self._sharpest = LEVEL_FLOOR_DB, 0.0
