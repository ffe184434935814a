"""What is played on a keyboard, analysed: key events in; states, one segment and a summary out.

Conventions
-----------
The sibling of `oscbridge.analyzer` for notes: no threads, no clock, no I/O; the same events give
the same results however they are batched. Sample indices count at `NoteAnalyzer.sample_rate`. Notes
alone are not cut into segments: there is one, closed by `finish`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models import catalogue
from models.weights import WeightsError
from oscbridge.errors import OscbridgeError, unknown_name
from oscbridge.hearing.segments import SegmentJournal
from oscbridge.hearing.whole import Summary, Whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.base import NoteModel
    from models.notes import KeyEvent
    from oscbridge.events import Event, State


def load_note_model(name: str = catalogue.DEFAULT_NOTES) -> NoteModel:
    """Load a model of played notes.

    Raises
    ------
    SettingsError
        No such model: lists what exists.
    OscbridgeError
        Its files are damaged.
    """
    try:
        return catalogue.load_notes(name)
    except KeyError:
        raise unknown_name("model of notes", name, catalogue.names("notes")) from None
    except WeightsError as error:
        raise OscbridgeError(str(error)) from None


class NoteAnalyzer:
    """The analysis of one stream of key events.

    Parameters
    ----------
    model : str
        Name of a model of kind ``notes``.

    Attributes
    ----------
    sample_rate : int
        Of all sample indices, Hz.
    model_name, model_digest : str
        Which model speaks.

    Raises
    ------
    SettingsError
        No such model.
    OscbridgeError
        The model's files are damaged.
    """

    def __init__(self, model: str = catalogue.DEFAULT_NOTES) -> None:
        self._model = load_note_model(model)
        self.sample_rate = self._model.sample_rate
        self.model_name = self._model.name
        self.model_digest = self._model.digest
        self._journal = SegmentJournal(self.sample_rate)
        self._whole = Whole()
        self.reset()

    def update(self, events: Sequence[KeyEvent], stop: int) -> list[State | Event]:
        """Take all events up to sample ``stop``; return what they reveal, in order."""
        states = self._model.update(events, stop)
        for state in states:
            self._journal.update(state)
            self._whole.update(state)
        self._stop = stop
        return list(states)

    def begin_anew(self, back_s: float) -> None:
        """Forget what the notes expressed longer than ``back_s`` seconds ago."""
        self._model.restart(max(self._stop - round(back_s * self.sample_rate), 0))

    def finish(self) -> list[State | Event]:
        """Close the segment, at the end of the stream."""
        return list(self._journal.finish(self._stop))

    def summary(self) -> Summary:
        """What the stream expressed so far."""
        return self._whole.summary(self._stop / self.sample_rate)

    @property
    def wait_s(self) -> float:
        """Longest wait for an answer, seconds."""
        return self._model.delay / self.sample_rate

    def reset(self) -> None:
        """Start a new stream."""
        self._model.reset()
        self._journal.reset()
        self._whole.reset()
        self._stop = 0
