"""What is played on a keyboard, analysed: key events in; states, one segment and a summary out.

Conventions
-----------
The sibling of `oscbridge.analyzer` for notes: no threads, no clock, no I/O; the same events give
the same results however they are batched. Sample indices count at `NoteAnalyzer.sample_rate`. Notes
alone are not cut into segments: there is one, closed by `finish`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models import symbolic
from models.types import UNKNOWN, quadrant_of
from models.weights import WeightsError
from oscbridge.analyzer import Summary
from oscbridge.errors import OscbridgeError
from oscbridge.segments import SegmentJournal, point_of
from oscbridge.snapshot import EVEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.base import NoteModel
    from models.notes import KeyEvent
    from oscbridge.events import Event, State


def load_note_model() -> NoteModel:
    """Load the model of played notes.

    Raises
    ------
    OscbridgeError
        Its files are damaged.
    """
    try:
        return symbolic.load()
    except WeightsError as error:
        raise OscbridgeError(str(error)) from None


class NoteAnalyzer:
    """The analysis of one stream of key events.

    Attributes
    ----------
    sample_rate : int
        Of all sample indices, Hz.
    model_name, model_digest : str
        Which model speaks.

    Raises
    ------
    OscbridgeError
        The model's files are damaged.
    """

    def __init__(self) -> None:
        self._model = load_note_model()
        self.sample_rate = self._model.sample_rate
        self.model_name = self._model.name
        self.model_digest = self._model.digest
        self._journal = SegmentJournal(self.sample_rate)
        self.reset()

    def update(self, events: Sequence[KeyEvent], stop: int) -> list[State | Event]:
        """Take all events up to sample ``stop``; return what they reveal, in order."""
        states = self._model.update(events, stop)
        for state in states:
            self._journal.update(state)
            if state.quadrant:
                self._probabilities += np.multiply(state.music, state.quadrant_probabilities)
                self._heard += state.music
        self._stop = stop
        return list(states)

    def finish(self) -> list[State | Event]:
        """Close the segment, at the end of the stream."""
        return list(self._journal.finish(self._stop))

    def summary(self) -> Summary:
        """What the stream expressed so far: quadrant probabilities, weighted by music present."""
        duration_s = self._stop / self.sample_rate
        if not self._heard:
            return Summary(duration_s, 0.0, 0.0, UNKNOWN, EVEN)
        q = (self._probabilities / self._heard).tolist()
        valence, arousal = point_of(q)
        return Summary(
            duration_s, valence, arousal, quadrant_of(valence, arousal), (q[0], q[1], q[2], q[3])
        )

    @property
    def wait_s(self) -> float:
        """Longest wait for an answer, seconds."""
        return self._model.delay / self.sample_rate

    def reset(self) -> None:
        """Start a new stream."""
        self._model.reset()
        self._journal.reset()
        self._stop = 0
        self._heard = 0.0
        self._probabilities = np.zeros(4)
