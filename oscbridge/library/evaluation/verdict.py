"""What becomes of labels and of what was heard: figures, and the mistakes that were surest.

Conventions
-----------
The figures are those of `models.scorecard`, by which our own models are judged, with 95 %
intervals over groups. Beside the model stands who always says the most frequent quadrant of these
very labels; what separates the two is taken draw by draw. A quadrant that is not known is never
right.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from models import metrics, scorecard
from models.intervals import Resampling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.intervals import Estimate
    from models.labelled.files import Labelled
    from oscbridge.library.track import Track

SUREST = 5
FEW_GROUPS = 20
"""Fewer than this make intervals that are too narrow."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A labelled file and what was heard of it.

    Attributes
    ----------
    label : Labelled
        Its label.
    track : Track
        What was heard.
    """

    label: Labelled
    track: Track

    @property
    def group(self) -> str:
        """What belongs together: as the labels say, else the artist, else the file alone."""
        label = self.label
        if label.group.casefold() != label.name.casefold():
            return label.group.casefold()
        return self.track.names.artist.casefold() or label.name


@dataclass(frozen=True, slots=True)
class Verdict:
    """How right a model is on labelled files.

    Attributes
    ----------
    n, groups : int
        Files that were judged, and groups among them.
    with_quadrant, unknown : int
        Files whose label says a quadrant; of these, those of which the model says nothing.
    majority : int
        The most frequent quadrant; 0 where no label says one.
    figures, of_majority, gains : dict of str to Estimate
        Of quadrants: of the model, of who always says ``majority``, and what separates them.
    confusion : np.ndarray, shape=(4, 4)
        Rows truth, columns guess.
    rated : int
        Files that were rated in valence and arousal.
    values : dict of str to dict of str to Estimate
        Figures of ``"valence"`` and ``"arousal"``.
    mistakes : list of Answer
        The surest ones, the surest first.
    """

    n: int
    groups: int
    with_quadrant: int = 0
    unknown: int = 0
    majority: int = 0
    figures: Mapping[str, Estimate] = field(default_factory=dict[str, "Estimate"])
    of_majority: Mapping[str, Estimate] = field(default_factory=dict[str, "Estimate"])
    gains: Mapping[str, Estimate] = field(default_factory=dict[str, "Estimate"])
    confusion: np.ndarray = field(default_factory=lambda: np.zeros((4, 4), dtype=int))
    rated: int = 0
    values: Mapping[str, Mapping[str, Estimate]] = field(
        default_factory=dict[str, "Mapping[str, Estimate]"]
    )
    mistakes: Sequence[Answer] = ()

    def record(self) -> dict[str, Any]:
        """The same, ready for JSON; what a figure cannot tell is null."""
        return {
            "n": self.n,
            "groups": self.groups,
            "interval": "95 %, bootstrap over groups, 2,000 draws",
            "with_quadrant": self.with_quadrant,
            "unknown": self.unknown,
            "majority": self.majority,
            "model": _rounded(self.figures),
            "always_majority": _rounded(self.of_majority),
            "gain": _rounded(self.gains),
            "confusion": self.confusion.tolist(),
            "rated": self.rated,
            **{axis: _rounded(figures) for axis, figures in self.values.items()},
            "surest_mistakes": [
                {
                    "file": one.label.name,
                    "label": one.label.quadrant,
                    "heard": one.track.sound.quadrant,
                    "confidence": round(one.track.sound.confidence, 4),
                }
                for one in self.mistakes
            ],
        }


def judge(answers: Sequence[Answer]) -> Verdict:
    """Judge what was heard of labelled files.

    Raises
    ------
    ValueError
        There are none.
    """
    if not answers:
        raise ValueError("there is nothing to judge")
    groups = [answer.group for answer in answers]
    draws = Resampling(groups)
    truth = np.array([answer.label.quadrant for answer in answers])
    said = np.array([answer.track.sound.quadrant for answer in answers])
    rows: list[int] = np.flatnonzero(truth).tolist()
    verdict: dict[str, Any] = {"n": len(answers), "groups": len(set(groups))}
    if len(rows):
        labelled, its = [answers[i] for i in rows], draws[np.array(rows)]
        verdict |= _judge_quadrants(labelled, truth[rows], said[rows], its)
    verdict |= _judge_values(answers, draws)
    return Verdict(**verdict)


def _judge_quadrants(
    answers: Sequence[Answer], truth: np.ndarray, said: np.ndarray, draws: Resampling
) -> dict[str, Any]:
    probabilities = np.array([answer.track.sound.quadrant_probabilities for answer in answers])
    majority = np.full(len(truth), np.bincount(truth).argmax())
    wrong = (one for one, t, s in zip(answers, truth, said, strict=True) if t != s > 0)
    return {
        "with_quadrant": len(truth),
        "unknown": int(np.sum(said == 0)),
        "majority": int(majority[0]),
        "figures": scorecard.judge_labels(truth, said, draws)
        | scorecard.judge_probabilities(truth, probabilities, draws),
        "of_majority": scorecard.judge_labels(truth, majority, draws),
        "gains": scorecard.gains(truth, said, majority, draws),
        "confusion": metrics.confusion(truth, said),
        "mistakes": heapq.nlargest(SUREST, wrong, key=_sureness),
    }


def _judge_values(answers: Sequence[Answer], draws: Resampling) -> dict[str, Any]:
    rated = [i for i, answer in enumerate(answers) if answer.label.valence is not None]
    if len(rated) < 2:
        return {"rated": len(rated)}
    its = draws[np.array(rated)]
    values: dict[str, Any] = {}
    for axis in ("valence", "arousal"):
        truth = np.array([getattr(answers[i].label, axis) for i in rated])
        said = np.array([getattr(answers[i].track.sound, axis) for i in rated])
        values[axis] = scorecard.judge_values(truth, said, its, same_scale=True)
    return {"rated": len(rated), "values": values}


def _sureness(answer: Answer) -> float:
    return answer.track.sound.confidence


def _rounded(figures: Mapping[str, Estimate]) -> dict[str, list[float | None]]:
    return {
        name: [value if math.isfinite(value) else None for value in estimate.rounded]
        for name, estimate in figures.items()
    }
