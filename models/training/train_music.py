"""Train the music model: one for each fold, to be examined, and the one that is shipped.

::

    python -m models.training.train_music --data DIR --cache DIR --folds DIR
    python -m models.training.evaluate music --data DIR --folds DIR --cache DIR

Protocol
--------
All corpora of `models.training.corpora` are one training set (`models.training.lessons`): one
expert learns from recordings, one from played scores, and a line between them tells which is heard.
(One network for both was worse on both.) For each of five folds, all of it is fitted on the clips
of all corpora outside the fold and written to ``--folds``; the evaluation streams the clips of the
fold through them. Nothing is selected or stopped on a fold: epochs and sizes are fixed in `Recipe`
and `Reading`. The temperatures of a fold's model are fitted on what the other folds' models said of
their own held-out clips; those of the shipped weights on all of it. The shipped model is the vote
of one network and one reader of each fold and expert, so that each clip was heard by four of five:
the figures describe its parts on music that they have not heard, not the very file.

Steps that are done are kept in ``--cache``, so that an interrupted run goes on.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from dsp.features import FeatureSettings, build_layout
from models.cards import Data, build_card, training_cost
from models.frontend import FRONT_END
from models.metrics import guess
from models.training.calibration import clip_probabilities, fit_temperatures
from models.training.course import KINDS, Course, Learned, vote
from models.training.fixture import build_fixture
from models.training.reading import PEAKS
from models.training.rows import PoolReader, RowMaker
from models.training.splits import FOLDS
from models.weights import FOLDER, write_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.training.lessons import School
    from models.training.recurrent import Lessons

DATA = (
    Data(
        "4Q audio emotion dataset (Panda, Malheiro & Paiva 2018)",
        720,
        "previews of commercial recordings, given for research; no licence stated",
        non_commercial=True,
    ),
    Data("EMOPIA (Hung et al. 2021), rendered", 990, "CC BY-NC-SA 4.0", non_commercial=True),
    Data("VGMIDI (Ferreira & Whitehead 2019), rendered", 165, "none stated", non_commercial=True),
    Data("YM2413-MDB (Choi et al. 2022), rendered", 595, "none stated", non_commercial=True),
    Data("Emotify (Aljanaki et al. 2015)", 320, "CC BY-NC-SA", non_commercial=True),
)
LICENCE = (
    "learned from data given for research and non-commercial use, some of it without a stated "
    "licence; no audio is contained: use it for research and trials"
)
INTENDED_USE = (
    "live control of games, lights and shows by what music expresses, and research on it; not for "
    "decisions about people, and no statement about what a listener feels"
)
LIMITS = (
    "Sad and relaxed are told apart poorly: valence at low arousal needs 15-20 s and stays unsure.",
    "Mostly Western popular music, piano and game music in excerpts chosen for clear emotion.",
    "Labels are quadrants: valence and arousal say how sure their sign is, not how strong it is.",
    "Scores are heard through soundfonts: recordings of a real solo piano were not examined.",
)


def answers_to_fixture(learned: Learned, temperatures: np.ndarray, maker: RowMaker) -> list[float]:
    """What the torch networks say of the fixture: valence, arousal at every row that is heard."""
    reader = PoolReader()
    pools = reader.read(build_fixture(reader.extractor.layout.sample_rate))
    p = 1.0 / (1.0 + np.exp(-learned.answer([pools], maker)[0] / temperatures))
    return [round(float(2.0 * value - 1.0), 5) for value in p[:, ::-1].ravel()]


def _temperatures(
    lessons: Lessons, heard: Sequence[tuple[np.ndarray, list[np.ndarray]]]
) -> np.ndarray:
    """Temperatures of what fold models said of their held-out clips (`Course.held_out`)."""
    indices = np.concatenate([own for own, _ in heard])
    logits = [answer for _, answers in heard for answer in answers]
    return fit_temperatures(logits, lessons.targets[indices], lessons.weights[indices])


def _tell(school: School, fold: int, indices: np.ndarray, logits: Sequence[np.ndarray]) -> None:
    """Print how a fold went; the evaluation does it properly."""
    for corpus in dict.fromkeys(clip.corpus for clip in school.clips):
        own = [j for j, i in enumerate(indices) if school.clips[i].corpus == corpus]
        truth = np.asarray([school.clips[indices[j]].quadrant for j in own])
        if truth.any():
            said = clip_probabilities([logits[j] for j in own], np.ones(2))
            right = np.mean(guess(said) == truth)
            print(f"fold {fold}: {corpus}, {len(own)} clips, accuracy {right:.3f}", flush=True)


def describe(
    learned: Learned,
    temperatures: np.ndarray,
    course: Course,
    figures: dict[str, Any],
) -> dict[str, Any]:
    """Build the card that travels with the weights."""
    row_s = PoolReader().pooling.delay / build_layout(FeatureSettings()).sample_rate
    return build_card(
        model="music",
        task="expressed valence and arousal of music, causal, recurrent, no look-ahead",
        answers_every_s=round(row_s, 4),
        data=DATA,
        licence=LICENCE,
        licence_short="non-commercial",
        intended_use=INTENDED_USE,
        limits=LIMITS,
        figures=figures,
        training=training_cost(learned.seconds, cores=1),
        layout=build_layout(FeatureSettings()).digest,
        front_end=FRONT_END,
        recipe=asdict(course.recipe) | {"reading": asdict(course.reading), "peaks": asdict(PEAKS)},
        temperatures=[round(float(t), 4) for t in temperatures],
        fixture=answers_to_fixture(learned, temperatures, course.maker),
    )


def main() -> None:
    """Run the whole protocol."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what was computed")
    parser.add_argument("--folds", type=Path, required=True, help="where the fold models go")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where weights and card go")
    parser.add_argument("--only", choices=[*map(str, range(FOLDS))], nargs="*")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    course = Course(options)
    if options.only:
        for kind in KINDS:
            for fold in options.only:
                course.expert(kind, int(fold))
        return
    write_all(course, options)


def write_all(course: Course, options: argparse.Namespace) -> None:
    """Calibrate and write the fold models and the shipped one."""
    folds = [course.fold(fold) for fold in range(FOLDS)]
    heard = [course.held_out(fold, learned) for fold, learned in enumerate(folds)]
    lessons = course.school.lessons
    figures = {"n": 0, "split": "-", "interval": "-", "quadrant accuracy": "-"}
    for fold, learned in enumerate(folds):
        _tell(course.school, fold, *heard[fold])
        t = _temperatures(lessons, heard[:fold] + heard[fold + 1 :])
        card = describe(learned, t, course, figures)
        write_weights(f"music-{fold}", learned.arrays(t), card, options.folds)
    learned, t = vote(folds), _temperatures(lessons, heard)
    card = describe(learned, t, course, figures)
    write_weights("music", learned.arrays(t), card, options.out)
    print(f"wrote {options.out / 'music.npz'} and its card; next: models.training.evaluate")


if __name__ == "__main__":
    main()
