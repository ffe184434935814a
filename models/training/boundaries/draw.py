"""Draw the lists of medleys, once, with a fixed seed.

::

    python -m models.training.boundaries.draw --data DIR

Conventions
-----------
A medley takes the clips of its fold that were used least, so that all are heard about equally
often. A clip is used up to `TAIL_S` before its end, a score up to its last note: the tail is no
music. Nothing is decoded or played. Running this again on the same data writes the same lists.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from models.training.boundaries import TEST_FOLDS, TUNING_FOLD
from models.training.boundaries.build import CORPORA
from models.training.boundaries.consensus import find_turns, read_curves
from models.training.boundaries.medleys import FOLDER, Medley, MedleyList, Piece, write_list
from models.training.render import read_messages
from models.training.takes import open_corpus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.training.boundaries.medleys import Kind
    from models.training.corpora import Clip
    from models.training.takes import Corpus

FEWEST, MOST = 8, 12
SHORTEST_S, LONGEST_S = 8.0, 30.0
FADES_S = (0.0, 0.5, 1.0, 2.0)
TAIL_S = 0.75
STEADY_S = 25.0
"""Shortest piece that counts as steady music."""
TITLES = {"panda_4q": "recordings", "emopia": "piano", "vgmidi": "game"}
_SEEDS = {"test": 2026, "tuning": 4}


class Drawer:
    """Draws medleys of one fold of one corpus.

    Parameters
    ----------
    corpus : Corpus
    fold : int
    rng : np.random.Generator
    """

    def __init__(self, corpus: Corpus, fold: int, rng: np.random.Generator) -> None:
        self.corpus, self.fold = corpus.name, fold
        self.clips = [corpus.clips[i] for i in np.flatnonzero(corpus.folds == fold)]
        self._rng = rng
        self._used: Counter[str] = Counter()
        self._lengths: dict[str, float] = {}

    def length_s(self, clip: Clip) -> float:
        """Seconds of a clip that may be used."""
        if clip.path.name not in self._lengths:
            self._lengths[clip.path.name] = _length_s(clip) - TAIL_S
        return self._lengths[clip.path.name]

    def _pick(self, before: Clip | None, kind: Kind) -> Clip:
        """One of the clips that were used least, of another group than the one before."""
        fitting = [
            clip
            for clip in self.clips
            if self.length_s(clip) >= SHORTEST_S + 2.0 * max(FADES_S)
            and (
                before is None
                or (
                    clip.group != before.group
                    and (clip.quadrant == before.quadrant) == (kind == "kin")
                )
            )
        ]
        least = min(self._used[clip.path.name] for clip in fitting)
        fresh = [clip for clip in fitting if self._used[clip.path.name] == least]
        clip = fresh[int(self._rng.integers(len(fresh)))]
        self._used[clip.path.name] += 1
        return clip

    def cut(self, clip: Clip, fade_s: float) -> Piece:
        """A stretch of a clip: between junctions it lasts what the list promises."""
        longest_s = min(LONGEST_S + fade_s, self.length_s(clip))
        length_s = round(float(self._rng.uniform(SHORTEST_S + fade_s, longest_s)), 2)
        start_s = round(float(self._rng.uniform(0.0, self.length_s(clip) - length_s)), 2)
        return Piece(clip.path.name, start_s, length_s)

    def medley(self, name: str, kind: Kind, fade_s: float) -> Medley:
        """Stretches of different artists or songs."""
        clips: list[Clip] = []
        for _ in range(int(self._rng.integers(FEWEST, MOST + 1))):
            clips.append(self._pick(clips[-1] if clips else None, kind))
        pieces = tuple(self.cut(clip, fade_s) for clip in clips)
        return Medley(name, kind, self.corpus, self.fold, fade_s, pieces)

    def songs(self, fade_s: float) -> list[Medley]:
        """Each song that was given several quadrants, its clips in order, turns only."""
        by_song: dict[str, list[Clip]] = defaultdict(list)
        for clip in sorted(self.clips, key=_place):
            known = by_song[clip.group]
            if not known or known[-1].quadrant != clip.quadrant:
                known.append(clip)
        return [
            Medley(
                f"song-{song}",
                "song",
                self.corpus,
                self.fold,
                fade_s,
                tuple(self.cut(clip, fade_s) for clip in clips),
            )
            for song, clips in sorted(by_song.items())
            if len(clips) > 1
        ]

    def steady(self, most: int) -> list[Medley]:
        """Clips as they are, the same number of each quadrant where there are enough."""
        order = self._rng.permutation(len(self.clips))
        per_quadrant: Counter[int] = Counter()
        found = []
        for clip in (self.clips[i] for i in order):
            if self.length_s(clip) < STEADY_S or per_quadrant[clip.quadrant] >= most // 4:
                continue
            per_quadrant[clip.quadrant] += 1
            found.append(_whole(clip, "steady", self.fold))
        return found


def _length_s(clip: Clip) -> float:
    """Length of a recording; of a score from its first note to its last event."""
    if not clip.is_score:
        return float(soundfile.info(clip.path).duration)
    times_s = [(time_s, message) for time_s, message in read_messages(clip.path, float("inf"))]
    first_s = next(time_s for time_s, message in times_s if message.type == "note_on")
    return times_s[-1][0] - first_s


def _place(clip: Clip) -> int:
    """Where a clip of emopia stands in its song."""
    return int(clip.path.stem.rsplit("_", 1)[1])


def _whole(clip: Clip, kind: Kind, fold: int) -> Medley:
    name = f"{kind}-{clip.corpus}-{clip.path.stem}"
    return Medley(name, kind, clip.corpus, fold, 0.0, (Piece(clip.path.name),))


def _of_listeners(corpus: Corpus, data: Path) -> list[Medley]:
    """Whole pieces of vgmidi: all that turn, and of the test folds long ones that do not."""
    curves = read_curves(data)
    found = []
    for clip, fold in zip(corpus.clips, corpus.folds.tolist(), strict=True):
        if curves[clip.path.name][1] < STEADY_S:
            continue
        times_s, _ = find_turns(*curves[clip.path.name])
        if len(times_s):
            found.append(_whole(clip, "consensus", fold))
        elif fold in TEST_FOLDS:
            found.append(_whole(clip, "steady", fold))
    return sorted(found, key=lambda medley: medley.name)


def draw_list(
    corpora: dict[str, Corpus], folds: Sequence[int], each: int, steady: int, seed: int
) -> list[Medley]:
    """Medleys of recordings and of piano.

    Parameters
    ----------
    each : int
        Medleys of each corpus and condition: every fade, and same quadrants.
    steady : int
        Unchanged clips of each corpus.
    """
    rng = np.random.default_rng(seed)
    medleys: list[Medley] = []
    for corpus in ("panda_4q", "emopia"):
        drawers = [Drawer(corpora[corpus], fold, rng) for fold in folds]
        turn = 0
        for kind, fade_s in [("turns", fade_s) for fade_s in FADES_S] + [("kin", 0.0)]:
            title = f"{TITLES[corpus]}-{kind}-{fade_s:g}s"
            for i in range(each):
                drawer = drawers[turn % len(drawers)]
                medleys.append(drawer.medley(f"{title}-{i:02}", kind, fade_s))
                turn += 1
        for drawer in drawers:
            medleys += drawer.songs(1.0) if corpus == "emopia" else []
            medleys += drawer.steady(steady // len(drawers))
    return medleys


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m models.training.boundaries.draw", description="Draw the lists of medleys."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the lists go")
    options = parser.parse_args(arguments)
    corpora = {name: open_corpus(name, options.data) for name in CORPORA}
    divisions = {name: corpus.split for name, corpus in corpora.items()}
    test = draw_list(corpora, TEST_FOLDS, 20, 60, _SEEDS["test"])
    test += _of_listeners(corpora["vgmidi"], options.data)
    tuning = draw_list(corpora, (TUNING_FOLD,), 4, 20, _SEEDS["tuning"])
    for name, found in (("test", test), ("tuning", tuning)):
        write_list(name, MedleyList(divisions, tuple(found)), options.out)
        counts = Counter(f"{medley.corpus} {medley.kind}" for medley in found)
        print(name, len(found), dict(counts))


if __name__ == "__main__":
    main()
