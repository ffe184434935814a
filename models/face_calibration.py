"""Learning how a person looks when nothing is felt: numbers, and their median over a while.

Conventions
-----------
Faces differ when they rest: mouths that curve up, wide eyes, beards. What a model measures, shape=
(n,), is therefore compared with what it measures of the same person at rest. Steps are those of
`models.face.Step`: *neutral* learns from the next `NEUTRAL_S` seconds, *start* and *stop* from all
between them, *reset* forgets. Medians, so that a blink or a word does not count.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.face import Step

NEUTRAL_S = 2.0
"""How long a face is looked at that was said to be neutral."""
_LEAST = 3
_MOST = 600


class Calibration:
    """Learns what is neutral.

    Attributes
    ----------
    learned : np.ndarray or None, shape=(n,)
        What is measured of this person at rest; None until that is known.
    """

    def __init__(self) -> None:
        self.learned: np.ndarray | None = None
        self._seen: deque[np.ndarray] | None = None
        self._lasting = False
        self._until_s: float | None = None

    def calibrate(self, step: Step) -> None:
        """Take a step."""
        if step == "reset":
            self.learned = self._seen = None
        elif step == "stop":
            self._finish()
        else:
            self._seen = deque(maxlen=_MOST)
            self._lasting, self._until_s = step == "start", None

    def update(self, measured: np.ndarray, time_s: float) -> None:
        """Take what was measured, shape=(n,)."""
        if self._seen is None:
            return
        self._seen.append(measured)
        if self._until_s is None:
            self._until_s = time_s + NEUTRAL_S
        if not self._lasting and time_s >= self._until_s:
            self._finish()

    def restore(self, learned: Sequence[float]) -> None:
        """Go on with what was learned before; nothing where it is empty."""
        self.learned = np.asarray(learned, dtype=float) if learned else None

    @property
    def kept(self) -> list[float]:
        """What was learned, for `restore`."""
        return [] if self.learned is None else [float(value) for value in self.learned]

    def _finish(self) -> None:
        seen, self._seen = self._seen, None
        if seen is not None and len(seen) >= _LEAST:
            self.learned = np.median(np.stack(seen), axis=0)


class Calibrated:
    """A model of faces that learns what is neutral; each picture stands for itself.

    Parameters
    ----------
    measures : int
        How many numbers it compares with those of a face at rest.
    """

    def __init__(self, measures: int) -> None:
        self._calibration = Calibration()
        self._measures = measures

    def calibrate(self, step: Step) -> None:
        """Take a step in learning how this person looks when nothing is felt."""
        self._calibration.calibrate(step)

    @property
    def neutral(self) -> list[float]:
        """What was learned of the person, to be given back to `restore`; empty where nothing."""
        return self._calibration.kept

    def restore(self, neutral: Sequence[float]) -> None:
        """Go on with what was learned of the person before; what another model learned is not."""
        self._calibration.restore(neutral if len(neutral) == self._measures else ())

    def reset(self) -> None:
        """Another face, or a cut: there is nothing to forget."""

    def _from_rest(self, measured: np.ndarray, time_s: float) -> np.ndarray:
        """How far from those of the face at rest these measures lie, shape=(measures,)."""
        self._calibration.update(measured, time_s)
        learned = self._calibration.learned
        return measured if learned is None else measured - learned
