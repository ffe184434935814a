"""How right a user's model is on music that it has not heard, and after which epoch it is best.

Conventions
-----------
After every epoch the members of `models.training.own.learning` answer at some instants of the clips
that they have not learned from. The loss of a file is the mean cross-entropy over its instants, and
the best epoch is that of the smallest mean over files; epoch 0 is where the training began.

No part is judged by a choice that it took part in: the epoch and the temperatures by which the
answers about a part are taken are chosen on the other parts. A file is summed up as `oscbridge
analyze` does it: the mean of the quadrant probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from models import metrics
from models.training.calibration import fit_temperatures, quadrant_probabilities
from models.training.medleys import signs

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Answers about held-out instants, epoch by epoch.

    Attributes
    ----------
    files : np.ndarray, shape=(n,), int
        File of each instant.
    parts : np.ndarray, shape=(n,), int
        Part in which it was held out.
    truth : np.ndarray, shape=(n,), int
        Its quadrant.
    epochs : list of np.ndarray, shape=(n, 2)
        Logits of arousal and valence; the first are those of the beginning.
    """

    files: np.ndarray
    parts: np.ndarray
    truth: np.ndarray
    epochs: list[np.ndarray] = field(default_factory=list)

    def losses(self) -> np.ndarray:
        """Loss of every file after every epoch, shape=(n_epochs, n_files)."""
        sign = 2.0 * signs(self.truth) - 1.0
        count = np.bincount(self.files)
        losses = []
        for logits in self.epochs:
            instants = np.logaddexp(0.0, -logits * sign).mean(axis=1)
            losses.append(np.bincount(self.files, instants) / count)
        return np.asarray(losses)

    def best(self) -> int:
        """The epoch with the smallest loss."""
        return int(np.argmin(self.losses().mean(axis=1)))

    def temperatures(self, epoch: int, leave_out: int | None = None) -> np.ndarray:
        """Temperatures of arousal and valence that make the answers most likely, shape=(2,)."""
        chosen = [f for f in np.unique(self.files) if self._part_of[f] != leave_out]
        logits = [self.epochs[epoch][self.files == f] for f in chosen]
        return fit_temperatures(logits, signs(self.quadrants[chosen]))

    @property
    def quadrants(self) -> np.ndarray:
        """Quadrant of every file."""
        return self._of_files(self.truth)

    @property
    def _part_of(self) -> np.ndarray:
        return self._of_files(self.parts)

    def _of_files(self, values: np.ndarray) -> np.ndarray:
        """What instants share with their file, file by file."""
        result = np.zeros(int(self.files.max()) + 1, dtype=int)
        result[self.files] = values
        return result

    def honest(self) -> np.ndarray:
        """Quadrant probabilities of every file by choices it had no part in, shape=(n_files, 4)."""
        losses = self.losses()
        logits = np.zeros((len(self.files), 2))
        for part in np.unique(self.parts):
            epoch = int(np.argmin(losses[:, self._part_of != part].mean(axis=1)))
            its = self.parts == part
            logits[its] = self.epochs[epoch][its] / self.temperatures(epoch, part)
        return self.summary(logits)

    def summary(self, logits: np.ndarray) -> np.ndarray:
        """Mean quadrant probabilities of every file, shape=(n_files, 4)."""
        every = quadrant_probabilities(logits, np.ones(2))
        count = np.bincount(self.files)
        return np.stack([np.bincount(self.files, q) / count for q in every.T], axis=1)


def figures(held: HeldOut, groups: Sequence[str], compared: bool) -> dict[str, object]:
    """All figures of the card.

    Parameters
    ----------
    held : HeldOut
        What was answered.
    groups : sequence of str
        Of each file.
    compared : bool
        Whether the beginning was a model that is worth comparing with.
    """
    truth = held.quadrants
    probabilities = held.honest()
    judges = {"model": metrics.guess(probabilities)}
    if compared:
        judges["where it began"] = metrics.guess(held.summary(held.epochs[0]))
    judges["majority"] = np.full(len(truth), np.bincount(truth).argmax())
    found: dict[str, object] = {
        "n": len(truth),
        "groups": len(set(groups)),
        "split": f"{int(held.parts.max()) + 1} parts, no group in two, each held out once",
        "interval": "95 %, bootstrap over groups, 2,000 draws",
    }
    for name, figure in (
        ("quadrant accuracy", metrics.accuracy),
        ("macro F1", metrics.macro_f1),
        ("arousal accuracy", metrics.arousal_accuracy),
        ("valence accuracy", metrics.valence_accuracy),
    ):
        found[name] = {
            judge: str(metrics.bootstrap(figure, groups, truth, labels))
            for judge, labels in judges.items()
        }
    found["calibration error"] = str(
        metrics.bootstrap(metrics.calibration_error, groups, truth, probabilities)
    )
    found["confusion, rows truth Q1-Q4, columns guess"] = metrics.confusion(
        truth, judges["model"]
    ).tolist()
    return found
