"""From answers to figures: how right a model is on one corpus, at every second, and how sure.

Conventions
-----------
Answers are those of held-out clips, one `Answers` a clip, in the order of the corpus. Results are
plain dicts, ready for JSON: a figure is ``[value, low, high]`` with its 95 % interval over groups
(`models.intervals`), rounded to four decimals.

``clip``
    the clip summed up as the product sums up a file.
``seconds``
    the answer at that instant, as the product sends it; before the first one it is unknown, which
    is never right. Clips that are shorter are left out, ``n`` says how many remain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models import metrics, scorecard
from models.intervals import Resampling
from models.training.baselines import Guesses, strongest
from models.training.hearing import quadrants_of
from models.training.mcnemar import mcnemar
from models.training.render import RATE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.intervals import Estimate
    from models.training.hearing import Answers
    from models.training.takes import Corpus

SECONDS = tuple(range(1, 31))
"""Instants at which answers are examined."""
TABLED_SECONDS = (1, 3, 5, 10, 20, 30)
_SLACK_S = 0.5
"""A clip of 29.6 s still counts at 30 s."""
SAME_SCALE = ("vgmidi",)
"""Corpora rated on our scale, -1..1: elsewhere only correlations mean something."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one model says of clips of one corpus.

    Attributes
    ----------
    answers : sequence of Answers
        One a clip.
    durations : np.ndarray, shape=(n,)
        Of the clips, samples.
    """

    answers: Sequence[Answers]
    durations: np.ndarray

    def summaries(self) -> np.ndarray:
        """Each clip in one row, shape=(n, 8), columns as in `Answers.rows`."""
        return np.asarray([answers.summary() for answers in self.answers], dtype=float)

    def part(self, rows: np.ndarray) -> Heard:
        """The same of some of the clips."""
        return Heard([self.answers[i] for i in rows], self.durations[rows])

    def first_answer_s(self) -> float:
        """Seconds until something is known, at the median clip; infinite where nothing ever is."""
        firsts = []
        for answers in self.answers:
            known = np.flatnonzero(answers.rows[:, 4] > 0.0)
            firsts.append(answers.stops[known[0]] / RATE if len(known) else np.inf)
        return float(np.median(firsts))

    def instants(self, second: int) -> tuple[np.ndarray, np.ndarray]:
        """The clips that are long enough, and their rows at that second."""
        long = np.flatnonzero(self.durations >= (second - _SLACK_S) * RATE)
        rows = [self.answers[i].at(second * RATE) for i in long]
        return long, np.asarray(rows, dtype=float).reshape(-1, 8)


def examine(corpus: Corpus, heard: Heard) -> dict[str, Any]:
    """All figures of a model on one corpus."""
    draws = Resampling(corpus.groups)
    rows = heard.summaries()
    said = quadrants_of(rows)
    result: dict[str, Any] = {
        "n": len(corpus.clips),
        "groups": len(set(corpus.groups)),
        "unknown": int(np.sum(said == 0)),
        "clip": {},
    }
    if corpus.quadrants.all():
        result["clip"] = examine_labels(corpus.quadrants, said, draws)
        sure = scorecard.judge_probabilities(corpus.quadrants, rows[:, :4], draws)
        result["clip"] |= _rounded(sure)
        result["confusion"] = metrics.confusion(corpus.quadrants, said).tolist()
        result["seconds"] = examine_seconds(corpus, heard, draws)
        result["calibration"] = _calibration(corpus, heard)
    result["clip"] |= examine_values(corpus, rows[:, 6], rows[:, 5], draws)
    return result


def examine_labels(truth: np.ndarray, said: np.ndarray, draws: Resampling) -> dict[str, Any]:
    """Figures that need only a quadrant a clip, as models and baselines both say it."""
    return _rounded(scorecard.judge_labels(truth, said, draws))


def examine_values(
    corpus: Corpus, arousal: np.ndarray, valence: np.ndarray, draws: Resampling
) -> dict[str, Any]:
    """Figures against mean ratings; none where nobody rated."""
    ratings = corpus.ratings()
    if ratings is None:
        return {}
    same_scale = corpus.name in SAME_SCALE
    return {
        f"{axis} {name}": estimate.rounded
        for axis, truth, said in zip(
            ("arousal", "valence"), ratings, (arousal, valence), strict=True
        )
        for name, estimate in scorecard.judge_values(
            truth, said, draws, same_scale=same_scale
        ).items()
    }


def _rounded(estimates: Mapping[str, Estimate]) -> dict[str, list[float]]:
    return {name: estimate.rounded for name, estimate in estimates.items()}


def examine_seconds(corpus: Corpus, heard: Heard, draws: Resampling) -> dict[str, Any]:
    """The answer at every second; intervals at `TABLED_SECONDS`, values alone between."""
    result: dict[str, Any] = {}
    for second in SECONDS:
        long, rows = heard.instants(second)
        if len(long) < len(corpus.clips) / 2:
            break
        truth, said = corpus.quadrants[long], quadrants_of(rows)
        figures = {name: (figure, (truth, said)) for name, figure in metrics.LABEL_FIGURES.items()}
        confidence = rows[:, 4]
        figures["calibration error"] = (metrics.confidence_error, (said == truth, confidence))
        here = draws[long]
        result[str(second)] = {
            "n": len(long),
            "unknown": int(np.sum(said == 0)),
            **{
                name: here.estimate(figure, *arrays).rounded
                if second in TABLED_SECONDS
                else [round(figure(*arrays), 4)]
                for name, (figure, arrays) in figures.items()
            },
        }
    return result


def _calibration(corpus: Corpus, heard: Heard) -> dict[str, list[float]]:
    """Stated confidence and share that is right in each bin, answers of every second pooled."""
    right, stated = [], []
    for second in SECONDS:
        long, rows = heard.instants(second)
        if not len(long):
            break
        known = rows[:, 4] > 0.0
        right.append((quadrants_of(rows) == corpus.quadrants[long])[known])
        stated.append(rows[known, 4])
    hits, confidence = np.concatenate(right).astype(float), np.concatenate(stated)
    bins = np.clip((confidence * metrics.BINS).astype(int), 0, metrics.BINS - 1)
    count = np.bincount(bins, minlength=metrics.BINS)
    used = np.maximum(count, 1)
    return {
        "count": count.tolist(),
        "confidence": (np.bincount(bins, confidence, metrics.BINS) / used).round(4).tolist(),
        "right": (np.bincount(bins, hits, metrics.BINS) / used).round(4).tolist(),
    }


def compare(corpus: Corpus, heard: Heard, guesses: Mapping[str, Guesses]) -> dict[str, Any]:
    """The model against the strongest baseline (by macro F1), on the same clips."""
    truth = corpus.quadrants
    if not truth.all() or not guesses:
        return {}
    said = quadrants_of(heard.summaries())
    best = strongest(corpus, guesses)
    other = guesses[best].quadrants
    draws = Resampling(corpus.groups)
    return {
        "baseline": best,
        "gain": _rounded(scorecard.gains(truth, said, other, draws)),
        "McNemar p": float(f"{mcnemar(truth, said, other):.2g}"),
    }


def examine_condition(
    corpus: Corpus, rows: np.ndarray, clean: Heard, changed: Heard
) -> dict[str, Any]:
    """Figures under a condition and how far they lie from those of the same clips as they are.

    Parameters
    ----------
    rows : np.ndarray, shape=(m,), int
        Which clips of the corpus were heard.
    clean, changed : Heard
        Of these clips.
    """
    truth = corpus.quadrants[rows]
    draws = Resampling([corpus.groups[i] for i in rows])
    before, after = (quadrants_of(heard.summaries()) for heard in (clean, changed))
    return {
        "n": len(rows),
        "same": round(metrics.accuracy(before, after), 4),
        **{
            name: {
                "value": draws.estimate(figure, truth, after).rounded,
                "change": draws.difference(figure, truth, after, before).rounded,
            }
            for name, figure in scorecard.LABEL_FIGURES.items()
            if "within" not in name
        },
    }
