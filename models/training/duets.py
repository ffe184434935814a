"""Sound and notes together: is their pool more right than either alone?

::

    python -m models.training.duets --data DIR --folds DIR --cache DIR

Conventions
-----------
The scores of `CORPUS` are heard twice at once, as by someone who plays a keyboard into `oscbridge
run --midi-in`: their sound through the held-out soundfont (`models.training.takes`) by fold models
of `SOUND`, their key events by fold models of `NOTES`, both of the fold in which the song is held
out, pooled by `models.fusion.Duet`. All three stream through the live path; boundaries of the sound
restart the pool and its two voices. The notes alone are not cut, as in the product. The sound's
clock begins with the first note, and so does that of the key events. What was heard is kept in the
cache: an interrupted run goes on where it was.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from models import catalogue
from models.fusion import Duet
from models.intervals import Resampling
from models.midi_file import read_midi
from models.scorecard import LABEL_FIGURES
from models.training import results
from models.training.cohort import enter
from models.training.conditions import CLEAN
from models.training.examine import Heard, examine
from models.training.hearing import Answers, listen, quadrants_of
from models.training.keeping import write_arrays
from models.training.takes import Corpus, TakeStore, open_corpus
from models.weights import WeightsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dsp.types import FeatureFrames
    from models.base import AffectModel, NoteModel
    from models.notes import KeyEvent
    from models.training.cohort import Contender
    from models.training.corpora import Clip
    from models.training.hearing import Take
    from models.types import AffectState

CORPUS = "emopia"
SOUND = "music"
NOTES = "symbolic"
VOICES = ("sound", "notes", "both")


class KeysAlone:
    """A model of notes where a model of sound is expected: frames only tell the time.

    Parameters
    ----------
    notes : NoteModel
    played : callable
        Gives the key events up to a sample that it has not given yet.
    """

    def __init__(self, notes: NoteModel, played: Callable[[int], Sequence[KeyEvent]]) -> None:
        self.name, self.digest, self.delay = notes.name, notes.digest, notes.delay
        self._notes = notes
        self._played = played

    def update(self, frames: FeatureFrames) -> Sequence[AffectState]:
        """Take what was played until these frames end."""
        return self._notes.update(self._played(frames.stop), frames.stop)

    def restart(self, stop: int) -> None:
        """Notes alone are not cut into sections."""

    def reset(self) -> None:
        """Forget all input."""
        self._notes.reset()


def events_of(clip: Clip, sample_rate: int) -> list[KeyEvent]:
    """Key events of a score, from its first note on."""
    events = read_midi(clip.path.read_bytes(), sample_rate).events
    begin = next((event.at for event in events if event.kind == "press"), 0)
    return [replace(event, at=max(event.at - begin, 0)) for event in events]


def player(events: Sequence[KeyEvent]) -> Callable[[int], list[KeyEvent]]:
    """Something to ask for the events up to a sample, each of which it gives once."""
    given = 0

    def played(stop: int) -> list[KeyEvent]:
        """The events up to ``stop`` that were not given yet."""
        nonlocal given
        first = given
        while given < len(events) and events[given].at <= stop:
            given += 1
        return list(events[first:given])

    return played


def hear(clip: Clip, take: Take, store: TakeStore, models: tuple[Any, Any]) -> list[Answers]:
    """What the voices, in the order of `VOICES`, say of one clip."""
    sound, notes = models
    events = events_of(clip, notes.sample_rate)
    voices: list[AffectModel] = [
        sound,
        KeysAlone(notes, player(events)),
        Duet(sound, notes, player(events)),
    ]
    return [listen(voice, take, store.ear.layout)[0] for voice in voices]


def hear_all(
    corpus: Corpus, rows: np.ndarray, cache: Path, folds: Path, sound: Contender, notes: Contender
) -> dict[str, Heard]:
    """Stream clips through all voices of their folds; what was heard before is read."""
    store = TakeStore(cache, folds)
    text = f"{sound.digest} {notes.digest} {store.digest}"
    folder = cache / "duets" / hashlib.sha256(text.encode()).hexdigest()[:12]
    models: dict[int, tuple[Any, Any]] = {}
    for row in tqdm(rows.tolist(), unit="clip"):
        clip, fold = corpus.clips[row], int(corpus.folds[row])
        path = folder / f"{clip.path.stem}.npz"
        if path.is_file():
            continue
        if fold not in models:
            weights = notes.folds[fold]
            models[fold] = sound.load(fold), catalogue.load_weights(notes.module, weights)
        take = store.take(clip, CLEAN)
        said = hear(clip, take, store, models[fold])
        arrays = {f"{voice}-rows": one.rows for voice, one in zip(VOICES, said, strict=True)}
        arrays |= {f"{voice}-stops": one.stops for voice, one in zip(VOICES, said, strict=True)}
        write_arrays(path, duration=np.asarray(len(take.samples)), **arrays)
    return _read(folder, [corpus.clips[row] for row in rows.tolist()])


def _read(folder: Path, clips: Sequence[Clip]) -> dict[str, Heard]:
    """What the voices said of clips, from the cache."""
    said: dict[str, list[Answers]] = {voice: [] for voice in VOICES}
    durations: list[int] = []
    for clip in clips:
        with np.load(folder / f"{clip.path.stem}.npz") as stored:
            durations.append(int(stored["duration"]))
            for voice in VOICES:
                said[voice].append(Answers(stored[f"{voice}-stops"], stored[f"{voice}-rows"]))
    return {voice: Heard(answers, np.asarray(durations)) for voice, answers in said.items()}


def compare(part: Corpus, heard: dict[str, Heard]) -> dict[str, Any]:
    """Figures of each voice, and what the pool gains over each, paired on the same clips."""
    draws = Resampling(part.groups)
    said = {voice: quadrants_of(one.summaries()) for voice, one in heard.items()}
    found: dict[str, Any] = {voice: examine(part, one) for voice, one in heard.items()}
    for voice in VOICES[:-1]:
        found[voice]["gain of both"] = {
            name: draws.difference(figure, part.quadrants, said[VOICES[-1]], said[voice]).rounded
            for name, figure in LABEL_FIGURES.items()
        }
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--folds", type=Path, required=True, help="folder of the fold models")
    parser.add_argument("--cache", type=Path, required=True, help="folder for sound and frames")
    parser.add_argument("--limit", type=int, help="most clips, the same share of each quadrant")
    parser.add_argument("--out", type=Path, default=results.FOLDER, help="where the results go")
    parser.add_argument("--readme", type=Path, default=results.README, help="page with the tables")
    options = parser.parse_args(arguments)
    try:
        sound, notes = (enter(name, options.folds) for name in (SOUND, NOTES))
        corpus = open_corpus(CORPUS, options.data)
        rows = corpus.subset(options.limit or len(corpus.clips))
        heard = hear_all(corpus, rows, options.cache, options.folds, sound, notes)
    except (WeightsError, FileNotFoundError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    part = Corpus(corpus.name, [corpus.clips[i] for i in rows])
    found = {
        "corpus": CORPUS,
        "split": corpus.split,
        "folds": [weights.digest for one in (sound, notes) for weights in one.folds],
        "voices": compare(part, heard),
    }
    results.write(options.out, "duets", found)
    results.write_tables(options.readme, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
