"""Where the detector of turns learns from: all clips as they were heard, by one voice or another.

Conventions
-----------
Sources of one *voice* may stand in one medley (`models.training.turn_examples`): all recordings;
scores by one piano, so that a junction is not given away by another instrument; scores by voices
that were drawn one by one; scores with their own instruments. Five pianos, lest the network learns
how one of them sounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.training.corpora import CORPORA, load_corpus
from models.training.lessons import HEARINGS
from models.training.render import TRAINING_FONTS, Voice
from models.training.rows import Hearing, load_pools
from models.training.sampled import INSTRUMENTS
from models.training.splits import assign_folds
from models.training.turn_examples import Source

if TYPE_CHECKING:
    from pathlib import Path

PIANOS = (
    Voice(font=TRAINING_FONTS[1], pedal=True, fluid=True),
    Voice(font=TRAINING_FONTS[2], pedal=True, fluid=True),
    *(Voice(font=name, pedal=True) for name in INSTRUMENTS),
)
"""Pianos by which all stretches of a medley are played, beside the first training font's."""
PIANO_CORPUS = "emopia"
"""The scores that all of them play."""


def read_sources(data: Path, cache: Path) -> dict[str, list[Source]]:
    """All clips of all corpora as they were heard, by corpus.

    Recordings are one voice; scores are played by one piano in their first version, by drawn voices
    in the others; those of `PIANO_CORPUS` also by each of `PIANOS`.
    """
    found: dict[str, list[Source]] = {}
    for name in CORPORA:
        clips = load_corpus(name, data)
        folds = assign_folds([clip.quadrant for clip in clips], [clip.group for clip in clips])
        heard = load_pools(clips, HEARINGS[name], cache)
        found[name] = [
            Source(
                pools, clip.quadrant, clip.group, int(fold), _voice(name, version), clip.path.name
            )
            for clip, fold, versions in zip(clips, folds, heard, strict=True)
            for version, pools in enumerate(versions)
        ]
        for number, voice in enumerate(PIANOS) if name == PIANO_CORPUS else ():
            played = load_pools(clips, Hearing(voice=voice), cache, workers=1)
            found[name] += [
                Source(one, clip.quadrant, clip.group, int(fold), f"piano {number}", clip.path.name)
                for clip, fold, (one,) in zip(clips, folds, played, strict=True)
            ]
    return found


def _voice(corpus: str, version: int) -> str:
    """Name of those with whom a version of a clip may stand in one medley."""
    if corpus in ("panda_4q", "emotify"):
        return "recordings"
    if corpus == "ym2413_mdb":
        return "chip"
    return "drawn" if version else "piano"
