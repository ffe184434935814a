"""What ``oscbridge analyze`` says about a MIDI file: the records of a sound file, from its notes.

Conventions
-----------
The records are those of `oscbridge.offline.records`. The notes alone are analysed
(`oscbridge.hearing.note_analyzer`), in steps of `STEP_S`, as if they were being played: no sound is
made and no soundfont is needed. There are no ``boundary`` records; the one segment is the whole
file.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from models import catalogue
from models.catalogue import DEFAULT_NOTES
from models.midi_file import MidiFileError, Performance, read_midi
from models.notes import play
from oscbridge.errors import InputError
from oscbridge.hearing.note_analyzer import NoteAnalyzer
from oscbridge.offline.records import SHORTEST_S, Record, Records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from models.notes import Notes
    from oscbridge.labels import Labels
    from oscbridge.profile import Profile

SUFFIXES = (".mid", ".midi", ".kar", ".rmi")
STEP_S = 1.0
LARGEST_BYTES = 64 * 2**20
"""A larger file is not a score."""


def is_score(path: str) -> bool:
    """Whether a path names a MIDI file."""
    return path.lower().endswith(SUFFIXES)


def note_model_for(model: str) -> str:
    """Name of the model of notes: the one that is named, or the usual one where it hears sound."""
    return model if model in catalogue.names("notes") else DEFAULT_NOTES


def _read(path: str, sample_rate: int) -> Performance:
    try:
        with Path(path).open("rb") as stream:
            blob = stream.read(LARGEST_BYTES + 1)
        if len(blob) > LARGEST_BYTES:
            raise InputError(f"{path!r} is too large for a MIDI file.")
        performance = read_midi(blob, sample_rate)
    except OSError as error:
        raise InputError(f"{path!r} cannot be read: {error.strerror}.") from None
    except MidiFileError as error:
        raise InputError(f"{path!r} cannot be analysed: {error}.") from None
    if performance.stop < SHORTEST_S * sample_rate:
        raise InputError(
            f"{path!r} is too short to analyse: {performance.stop / sample_rate:.2f} s, "
            f"and {SHORTEST_S} s are needed."
        )
    return performance


def analyse_score(
    path: str,
    labels: Labels,
    *,
    model: str = DEFAULT_NOTES,
    profile: Profile | None = None,
    on_notes: Callable[[Notes], None] | None = None,
    on_progress: Callable[[float, float], None] | None = None,
) -> Iterator[Record]:
    """Analyse one MIDI file and yield its records; the summary comes last.

    Parameters
    ----------
    path : str
        The file.
    labels : Labels
        Words for the quadrants.
    model : str
        Name of a model (`note_model_for`).
    profile : Profile, optional
        Whose ear it is heard with.
    on_notes : callable, optional
        Gets all notes of the file, before the first record.
    on_progress : callable, optional
        Gets the seconds analysed and the seconds that there are, after each step.

    Raises
    ------
    InputError
        The file is missing, not MIDI, damaged, too short or without notes.
    """
    analyzer = NoteAnalyzer(note_model_for(model))
    sample_rate = analyzer.sample_rate
    performance = _read(path, sample_rate)
    notes = play(performance.events, performance.stop, sample_rate)
    if not len(notes):
        raise InputError(f"{path!r} holds no notes (percussion does not count).")
    if on_notes is not None:
        on_notes(notes)
    began = time.perf_counter()
    records = Records(path, labels, profile)
    events, taken = performance.events, 0
    step = round(STEP_S * sample_rate)
    for start in range(0, performance.stop, step):
        stop = min(start + step, performance.stop)
        first = taken
        while taken < len(events) and events[taken].at <= stop:
            taken += 1
        yield from records.of(analyzer.update(events[first:taken], stop))
        if on_progress is not None:
            on_progress(stop / sample_rate, performance.stop / sample_rate)
    yield from records.of(analyzer.finish())
    yield records.summary(analyzer, time.perf_counter() - began)
