"""From pictures to what a face expresses: one face is followed, a model looks at it, all smoothed.

Conventions
-----------
Pictures are as of `oscbridge.camera.capture`; time is in seconds of one clock. What is said is a
mean that forgets with `SMOOTH_S`, weighted by the confidence of each picture: a blurred one counts
little. Another face begins anew.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from models.face_finder import FaceTracker, to_grey
from oscbridge.camera.records import Seen, Unseen

if TYPE_CHECKING:
    from models.face import FaceModel
    from models.face_finder import Choice

SMOOTH_S = 0.7
"""Time constant of what is said."""
DARK = 6
"""Brightness of 255 that hardly any pixel of a covered lens exceeds."""


class Observer:
    """Looks at the player.

    Parameters
    ----------
    model : FaceModel
    face : {"largest", "left", "right"}
        Which face to choose; it is kept.
    """

    def __init__(self, model: FaceModel, face: Choice = "largest") -> None:
        self.model = model
        self._tracker = FaceTracker(face)
        self._choices = 0
        self._sums = np.zeros(4)  # valence, arousal and confidence by weight, and the weights
        self._seen_s = 0.0

    def update(self, picture: np.ndarray, time_s: float) -> Seen | Unseen:
        """Look at the next picture, uint8, shape=(height, width, 3)."""
        grey = to_grey(picture)
        box = self._tracker.update(grey, time_s)
        if box is None:
            return Unseen(dark=bool(np.percentile(grey, 99) <= DARK))
        if self._tracker.changes != self._choices:
            self._choices = self._tracker.changes
            self.reset()
        expression = self.model.update(picture, box, time_s)
        self._sums *= math.exp(-max(time_s - self._seen_s, 0.0) / SMOOTH_S)
        self._seen_s = time_s
        weight = expression.confidence + 1e-3
        point = np.array([expression.valence, expression.arousal, expression.confidence, 1.0])
        self._sums += weight * point
        valence, arousal, confidence = (float(v) for v in self._sums[:3] / self._sums[3])
        return Seen(valence, arousal, confidence)

    def reset(self) -> None:
        """Forget the face; what was learned of the player stays."""
        self.model.reset()
        self._sums[:] = 0.0
