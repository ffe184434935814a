"""Files that are heard one after the other and judged together, by networks on a GPU.

Conventions
-----------
A file is heard as `oscbridge.library.listener` does, with a model that writes down what its
networks would have to judge (`models.tape`). When the files of a partition are heard, the networks
judge all of them (`models.batch`), and what was heard is gone through once more with what they
say: segments, their means, the whole. Everything else, sections and tempo and loudness, is bit for
bit that of a worker without a GPU; valence, arousal and what follows from them are within 1e-4.

Files longer than `LONGEST_S` are listened to as usual: what is written down of them would be large.
"""

from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING, NamedTuple

import soundfile

from dsp.types import Segment
from models import batch, catalogue
from models.tape import Record, Tape
from models.types import AffectState
from models.weights import read_weights
from oscbridge.errors import SettingsError
from oscbridge.events import Boundary, SegmentEnded
from oscbridge.hearing.segments import SegmentJournal
from oscbridge.hearing.whole import Whole
from oscbridge.library.far.listening import hear_track
from oscbridge.library.listener import Listener, Loudness
from oscbridge.library.tags import names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.base import AffectModel
    from oscbridge.events import Event, State
    from oscbridge.library.pulse import Beats
    from oscbridge.library.timeline import Timeline
    from oscbridge.library.track import Names, Sound

LONGEST_S = 3600.0


class Waiting(NamedTuple):
    """A file that was heard and waits for the networks."""

    record: Record
    results: list[State | Event]
    timeline: Timeline
    beats: Beats
    loudness: Loudness
    duration_s: float
    sample_rate: int
    model: str


class BatchListener(Listener):
    """Hears files, and has them judged together.

    Parameters
    ----------
    model : str
        Name of the model.
    device : str
        Where the networks compute, as torch calls it.
    """

    def __init__(self, model: str, device: str) -> None:
        super().__init__(model)
        self._weights = read_weights(model, catalogue.find(model).folder)
        self._judge = batch.Judge(self._weights, device)
        self._tape: Tape | None = None
        self._results: list[State | Event] = []

    def hear(self, path: str) -> Waiting:
        """Hear a file.

        Raises
        ------
        InputError
            It cannot be read or is too short.
        """
        self._results = []
        analyzer, loudness, _ = self._hear(path)
        return Waiting(
            self._tape.record if self._tape else Record(),
            self._results,
            self._timeline,
            self._beats,
            loudness,
            analyzer.summary().duration_s,
            analyzer.internal_rate,
            f"{analyzer.model_name}@{analyzer.model_digest}",
        )

    def judge(self, heard: Sequence[Waiting]) -> list[Sound]:
        """What is heard of each file."""
        judged = self._judge.judge([waiting.record for waiting in heard])
        return [
            self._gone_through(waiting, states)
            for waiting, states in zip(heard, judged, strict=True)
        ]

    def _accompany(self, model: AffectModel) -> AffectModel:
        """Write down instead of judging."""
        self._tape = Tape(self._weights)
        return self._tape

    def _take(self, results: Sequence[State | Event]) -> None:
        """Keep what will be gone through again; tempo needs no model."""
        super()._take(results)
        kinds = AffectState | Boundary | SegmentEnded
        self._results += [result for result in results if isinstance(result, kinds)]

    def _gone_through(self, waiting: Waiting, states: Sequence[AffectState]) -> Sound:
        """Go through a file again with what the networks said."""
        self._timeline, self._beats, self._ended = waiting.timeline, waiting.beats, []
        journal, whole = SegmentJournal(waiting.sample_rate), Whole()
        said, end = iter(states), 0
        for result in waiting.results:
            if isinstance(result, AffectState):
                state = next(said)
                journal.update(state)
                whole.update(state)
                super()._take([state])
            elif isinstance(result, Boundary):
                segment = Segment(journal.begun, result.stop, result.strength, result.decided)
                super()._take(journal.close(segment))
            elif isinstance(result, SegmentEnded):
                end = result.stop
        super()._take(journal.finish(end))
        return self._sound(whole.summary(waiting.duration_s), waiting.model, waiting.loudness)


def require_judged(model: str) -> None:
    """Refuse a model whose networks cannot judge many files at once.

    Raises
    ------
    SettingsError
        It is none of the kind of the default model.
    """
    if catalogue.find(model).module != catalogue.DEFAULT:
        raise SettingsError(f"--gpu is for the model 'music' and others of its kind, not {model!r}")


def hear_for_batch(path: str, model: str, device: str = "") -> tuple[Names, Sound | Waiting]:
    """Hear a file; what its networks say comes later, where there is a GPU (or a ``device``).

    Raises
    ------
    OscbridgeError
        Nothing can be heard in it.
    """
    device = device or batch.find_device()
    if not device or _is_long(path):
        return hear_track(path, model)
    return names_of(path), _listener(model, device, threading.get_ident()).hear(path)


def judge_batch(heard: Sequence[Sound | Waiting], model: str, device: str = "") -> list[Sound]:
    """What is heard of each file, in their order."""
    device = device or batch.find_device()
    waiting = [one for one in heard if isinstance(one, Waiting)]
    judged = iter(_listener(model, device, threading.get_ident()).judge(waiting) if waiting else ())
    return [next(judged) if isinstance(one, Waiting) else one for one in heard]


@functools.lru_cache(maxsize=16)
def _listener(model: str, device: str, _thread: int) -> BatchListener:
    """The listener of a thread."""
    return BatchListener(model, device)


def _is_long(path: str) -> bool:
    """Whether a file says that it is longer than `LONGEST_S`; listening says what is wrong."""
    try:
        about = soundfile.info(path)
    except (soundfile.LibsndfileError, OSError):
        return True
    return about.frames > LONGEST_S * about.samplerate
