"""Would more music help? How right a model becomes with the share of the clips it learned from.

::

    python -m models.training.learning_curve --data DIR --cache DIR

Conventions
-----------
On the folds of `models.training.splits`: of the groups (artists, songs) of the four folds to learn
from a share is taken, always the same ones first, so that what is learned from less is part of what
is learned from more; a model is fitted on their clips and examined on the whole fifth fold, clip by
clip. A curve that still rises from its last step to the full set says that more music would help;
one that is flat, that something else is short.

What is fitted is a `Fit`: it takes lessons (`models.training.recurrent.Lessons`) and returns what
answers. `RECIPES` are one reader of the music model (`models.training.reading`), the part of it
that sums up a clip, and support vectors on statistics of the same pools, which take seconds; the
model's recurrent networks would take an hour a curve.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from models import metrics
from models.intervals import Resampling
from models.training import results
from models.training.splits import FOLDS

if TYPE_CHECKING:
    from models.training.lessons import School
    from models.training.recurrent import Lessons

SHARES = (0.25, 0.5, 0.75, 1.0)
UNITS = {"panda_4q": "artists", "emopia": "songs", "vgmidi": "series", "ym2413_mdb": "games"}

Answer: TypeAlias = Callable[[Sequence[np.ndarray]], np.ndarray]
"""Takes the pools of clips, returns logits of arousal and valence, shape=(n, 2)."""
Fit: TypeAlias = "Callable[[Lessons], Answer]"


@dataclass(frozen=True)
class Point:
    """One place of the curve.

    Attributes
    ----------
    share : float
        Of the groups that were learned from.
    clips : float
        Mean number of clips learned from.
    guesses : np.ndarray, shape=(n,), int
        Quadrants that were said of the held-out clips.
    """

    share: float
    clips: float
    guesses: np.ndarray


def take_share(
    train: np.ndarray, groups: Sequence[str], share: float, rng: np.random.Generator
) -> np.ndarray:
    """Indices of the clips of a share of the groups; a larger share holds every smaller one.

    Parameters
    ----------
    train : np.ndarray, shape=(n,), int
        Indices of the clips to choose from.
    groups : sequence of str
        Of all clips.
    share : float
        0..1.
    rng : np.random.Generator
        Equal generators put groups in equal order.
    """
    names = sorted({groups[i] for i in train.tolist()})
    chosen = {names[k] for k in rng.permutation(len(names))[: round(share * len(names))]}
    return np.asarray([i for i in train.tolist() if groups[i] in chosen], dtype=int)


def draw_curve(
    school: School,
    examined: Sequence[np.ndarray],
    fit: Fit,
    folds: Sequence[int] = tuple(range(FOLDS)),
    shares: Sequence[float] = SHARES,
) -> tuple[np.ndarray, list[Point]]:
    """Fit on each share of each fold.

    Parameters
    ----------
    school : School
        Of clips with quadrants.
    examined : sequence of np.ndarray
        Pools of each clip as it is examined.
    fit : callable
    folds : sequence of int
        Which folds are examined.
    shares : sequence of float

    Returns
    -------
    rows : np.ndarray, shape=(n,), int
        The clips that were examined.
    points : list of Point
        One a share.
    """
    groups = [clip.group for clip in school.clips]
    rows = np.concatenate([np.flatnonzero(school.folds == fold) for fold in folds])
    points = []
    for share in shares:
        sizes, said = [], []
        for fold in folds:
            train = np.flatnonzero(school.folds != fold)
            part = take_share(train, groups, share, np.random.default_rng(fold))
            answer = fit(school.lessons.part(part))
            test = np.flatnonzero(school.folds == fold)
            logits = answer([examined[i] for i in test])
            said.append(metrics.quadrants_of(*(logits >= 0.0).T))
            sizes.append(len(part))
            print(f"{100 * share:.0f} %, fold {fold}: {len(part)} clips", flush=True)
        points.append(Point(share, float(np.mean(sizes)), np.concatenate(said)))
    return rows, points


def examine_curve(truth: np.ndarray, groups: Sequence[str], points: list[Point]) -> dict[str, Any]:
    """Figures of each share with intervals, and what the last step gained, paired."""
    draws = Resampling(groups)
    last, full = points[-2].guesses, points[-1].guesses
    return {
        "n": len(truth),
        "shares": [
            {
                "share": point.share,
                "clips": round(point.clips, 1),
                "figures": {
                    name: draws.estimate(figure, truth, point.guesses).rounded
                    for name, figure in metrics.LABEL_FIGURES.items()
                },
            }
            for point in points
        ],
        "last gain": {
            name: draws.difference(figure, truth, full, last).rounded
            for name, figure in metrics.LABEL_FIGURES.items()
        },
    }


def reader_fit() -> Fit:
    """One reader of the music model, at the end of each clip."""
    from dataclasses import replace

    from models.training.reading import Reading, fit_readers, read
    from models.training.rows import RowMaker

    maker = RowMaker()
    reading = replace(Reading(), readers=1, passes=1)

    def fit(lessons: Lessons) -> Answer:
        """Learn from the lessons."""
        readers = fit_readers(lessons, reading, maker.whole)

        def answer(pools: Sequence[np.ndarray]) -> np.ndarray:
            """Logits of whole clips."""
            ends = [maker.summaries(maker.rows(one))[-1:] for one in pools]
            return read(readers, np.concatenate(ends))

        return answer

    return fit


def statistics_fit() -> Fit:
    """Support vectors on five statistics of the pools of a clip, one machine an axis."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    from models.training.statistics import sum_up

    def fit(lessons: Lessons) -> Answer:
        """Learn from the first version of each clip."""
        rows = np.asarray([sum_up(versions[0]) for versions in lessons.pools])
        machines = [
            make_pipeline(StandardScaler(), SVC(C=3.0)).fit(rows, lessons.targets[:, k] > 0.5)
            for k in range(lessons.targets.shape[1])
        ]

        def answer(pools: Sequence[np.ndarray]) -> np.ndarray:
            """Distances from the border of either axis."""
            heard = np.asarray([sum_up(one) for one in pools])
            return np.stack([machine.decision_function(heard) for machine in machines], axis=1)

        return answer

    return fit


RECIPES: dict[str, tuple[str, Callable[[], Fit]]] = {
    "reader": ("one reader of `music`", reader_fit),
    "statistics": ("SVM on statistics of pools", statistics_fit),
}
"""What can be drawn: what it is called, and what makes it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what was computed")
    parser.add_argument("--recipe", choices=RECIPES, default="reader")
    parser.add_argument("--corpus", choices=sorted(UNITS), default="panda_4q")
    parser.add_argument(
        "--folds", type=int, nargs="+", choices=range(FOLDS), default=list(range(FOLDS))
    )
    parser.add_argument("--out", type=Path, default=results.FOLDER, help="where the results go")
    parser.add_argument("--readme", type=Path, default=results.README, help="page with the tables")
    options = parser.parse_args(arguments)

    import torch

    from models.training.lessons import load_examined, load_school

    torch.set_num_threads(1)
    school = load_school(options.data, options.cache, (options.corpus,))
    examined = load_examined(school, options.cache)
    title, recipe = RECIPES[options.recipe]
    rows, points = draw_curve(school, examined, recipe(), options.folds)
    clips = [school.clips[i] for i in rows]
    truth = np.asarray([clip.quadrant for clip in clips])
    found = {
        "corpus": options.corpus,
        "recipe": title,
        "unit": UNITS[options.corpus],
        "folds": len(options.folds),
        **examine_curve(truth, [clip.group for clip in clips], points),
    }
    results.write(options.out, "learning_curve", found)
    results.write_tables(options.readme, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
