"""S4 on MIDI: the LSTM with attention hears score and performance instead of sound.

Conventions
-----------
Key events in (`models.notes`), one `AffectState` every second out: a `models.base.NoteModel`. The
notes that began in the last 3 s are described by `models.zoo.note_segments`; the segments heard so
far go through the network of `models.zoo.lstm_attention`. The weights say in which mode: ``score``,
``performance`` or ``both``. Where no note began for a segment, the answer fades to neutral with
`FADE_S`, and `FORGET_S` later the next note begins a new piece.
"""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from models.notes import Keyboard
from models.weights import Weights, read_weights
from models.zoo.lstm_attention import MEMORY, STEP_S, LstmAttention
from models.zoo.note_segments import MODES, PERFORMANCE, SCORE, SEGMENT_S, describe_notes
from models.zoo.window import FADE_S, FORGET_S, SAMPLE_RATE, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.notes import KeyEvent
    from models.types import AffectState

FRONT_END = f"1: {SEGMENT_S} {STEP_S} {' '.join(SCORE + PERFORMANCE)}"
"""Says which values these are; weights name those that they were trained on."""
FEWEST = 4
"""Fewer notes than this say nothing."""


class NoteSegmentModel:
    """The sequence model on key events.

    Parameters
    ----------
    weights : Weights
        As `models.training.zoo.lstm_attention_notes` writes them.

    Raises
    ------
    WeightsError
        The weights were trained on other values.
    """

    def __init__(self, weights: Weights) -> None:
        weights.require("front_end", FRONT_END)
        self.name = weights.name
        self.digest = weights.digest
        self.sample_rate = SAMPLE_RATE
        self.delay = round(STEP_S * SAMPLE_RATE)
        self._columns = MODES[str(weights.card["mode"])]
        self._network = LstmAttention(weights.arrays)
        self._keyboard = Keyboard(SAMPLE_RATE)
        self._rows: deque[tuple[int, np.ndarray]] = deque(maxlen=MEMORY)
        self._fade = math.exp(-STEP_S / FADE_S)
        self._forget = round(FORGET_S / STEP_S)
        self.reset()

    def update(self, events: Sequence[KeyEvent], stop: int) -> list[AffectState]:
        """Take all events up to sample ``stop``; return the states that this completes."""
        self._waiting.extend(events)
        states: list[AffectState] = []
        while self._next <= stop:
            while self._waiting and self._waiting[0].at < self._next:
                event = self._waiting.popleft()
                self._keyboard.update(event)
                self._played += event.kind == "press"
            states.append(self._step(self._next))
            self._next += self.delay
        return states

    def _step(self, now: int) -> AffectState:
        """Describe the segment that ends at sample ``now``, and say what the sequence expresses."""
        start = max(now - round(SEGMENT_S * SAMPLE_RATE), self._since)
        notes = self._keyboard.notes(start, now)
        if len(notes):
            self._silence, self._presence = 0, 1.0
            self._rows.append((now, describe_notes(notes)))
            rows = np.stack([row for _, row in self._rows])[:, self._columns]
            self._said = self._network.answer(rows).quadrants
        else:
            self._silence += 1
            self._presence *= self._fade
            if self._silence == self._forget:
                self._begin(now)
        self._keyboard.forget(start)
        return state_of(self._said if self._played >= FEWEST else None, self._presence, now)

    def _begin(self, start: int) -> None:
        """Let the piece begin at sample ``start``."""
        self._since = start
        self._rows.clear()
        self._played = 0
        self._said = np.full(4, 0.25)

    def restart(self, stop: int) -> None:
        """Forget the segments that began before sample ``stop``; hear those since then again."""
        length = round(SEGMENT_S * SAMPLE_RATE)
        kept = [(end, row) for end, row in self._rows if end - length >= stop]
        played = self._played if kept else len(self._keyboard.notes(stop, self._next))
        self._begin(stop)
        self._played = played
        self._rows.extend(kept)
        if kept:
            rows = np.stack([row for _, row in kept])[:, self._columns]
            self._said = self._network.answer(rows).quadrants

    def reset(self) -> None:
        """Forget everything that was played; a new stream begins at sample 0."""
        self._keyboard.reset()
        self._waiting: deque[KeyEvent] = deque()
        self._next = self.delay
        self._silence = 0
        self._presence = 0.0
        self._begin(0)


def load(weights: Weights | None = None) -> NoteSegmentModel:
    """Load the shipped model, or the one with these weights.

    Raises
    ------
    WeightsError
        The files are damaged or made for other values.
    """
    return NoteSegmentModel(weights or read_weights("lstm_attention_notes"))
