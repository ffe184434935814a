"""Train the model of played notes, examine it on songs that it has not heard, write its weights.

::

    python -m models.training.train_symbolic --data DIR [--cache FILE] [--folds DIR] [--out DIR]

Protocol
--------
Ten folds of each corpus, no song or series in two of them (`StratifiedGroupKFold`, seed 0). Ten
models are fitted, each on all rows of all corpora outside one fold (random stretches of varied
copies, `models.training.notes`), and each answers for the pieces of that fold as they are. Nothing
stops, selects or tunes on a fold. About twenty recipes were compared on ten such folds before this
one was fixed: logistic regression, two support vector machines, random forest and extra trees, with
and without velocities; kernel regression; networks of 32 to 128 units with more or less dropout;
with and without two more corpora. They differed by less than the interval.

Temperatures that calibrate a fold are fitted on the other folds' held-out answers, those of the
shipped weights on all, and the shipped weights are fitted on all pieces: the figures describe the
recipe. Classical models on the features of whole pieces stand beside, on the same folds in the same
run. Intervals resample songs.

``--folds DIR`` also writes the five models of `models.training.splits.assign_folds`.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from models import metrics
from models.training.calibration import quadrant_probabilities
from models.training.note_card import build_note_card
from models.training.note_corpora import HEARD, WHOLE, Corpus, load_corpora
from models.training.note_figures import TEN, examine, fit_temperature
from models.training.note_kernel import fit_kernel
from models.training.note_networks import Recipe, fit, predict
from models.training.splits import FOLDS
from models.weights import FOLDER, write_weights

SHARES = {"emopia": 1.0, "vgmidi": 0.15}
"""How often each corpus is drawn, relatively."""
WHOLE_SHARE = 3.0
"""How often the row of a whole piece is drawn, relatively to one of a stretch."""


def fit_without(
    corpora: list[Corpus], folds: dict[str, np.ndarray], fold: int | None, recipe: Recipe
) -> dict[str, np.ndarray]:
    """Fit on everything outside a fold (None: on everything); return the model's arrays."""
    rows, targets, weights, whole, truth = [], [], [], [], []
    for corpus in corpora:
        pieces = np.isfinite(corpus.views[WHOLE][:, 0])
        if fold is not None:
            pieces &= folds[corpus.name] != fold
        whole.append(corpus.views[WHOLE][pieces])
        truth.append(corpus.targets[pieces])
        kept = pieces[corpus.owners]
        owners = corpus.owners[kept]
        # quadrants as often as each other, so that no corpus teaches what is common in it
        count = np.bincount(corpus.quadrants[owners], minlength=5)
        weight = 1.0 / count[corpus.quadrants[owners]]
        weight[np.flatnonzero(np.diff(owners, prepend=-1))] *= WHOLE_SHARE
        rows.append(corpus.rows[kept])
        targets.append(corpus.targets[owners])
        weights.append(SHARES[corpus.name] * weight / weight.sum())
    data = np.concatenate(rows), np.concatenate(targets), np.concatenate(weights)
    arrays = fit(*data, recipe)
    landmarks = np.concatenate(whole)
    return arrays | fit_kernel(landmarks, np.concatenate(truth), *data, arrays)


def cross_validate(corpora: list[Corpus], recipe: Recipe) -> dict[str, dict[str, np.ndarray]]:
    """Held-out logits of every corpus and view, shape=(n, 2); zero where nothing can be said."""
    folds = {corpus.name: corpus.folds(TEN) for corpus in corpora}
    held = {
        corpus.name: {view: np.zeros((len(rows), 2)) for view, rows in corpus.views.items()}
        for corpus in corpora
    }
    for fold in range(TEN):
        arrays = fit_without(corpora, folds, fold, recipe)
        for corpus in corpora:
            for view, rows in corpus.views.items():
                known = (folds[corpus.name] == fold) & np.isfinite(rows[:, 0])
                held[corpus.name][view][known] = predict(arrays, rows[known])
        emopia = corpora[0]
        test = folds[emopia.name] == fold
        said = metrics.guess(quadrant_probabilities(held[emopia.name][WHOLE][test], np.ones(2)))
        right = np.mean(said == emopia.quadrants[test])
        print(f"fold {fold + 1}: {test.sum()} pieces, quadrant accuracy {right:.3f}", flush=True)
    return held


def all_temperature(corpora: list[Corpus], held: dict[str, dict[str, np.ndarray]]) -> np.ndarray:
    """Temperatures of the shipped weights: those of all held-out answers of the first corpus."""
    main = corpora[0]
    logits = np.concatenate([held[main.name][view] for view in HEARD])
    return fit_temperature(logits, np.tile(main.targets, (len(HEARD), 1)))


def fixture(arrays: dict[str, np.ndarray]) -> dict[str, object]:
    """A row that anyone can make, and what the networks say of it."""
    row = arrays["mean"] + 0.5 * arrays["scale"] * np.cos(np.arange(len(arrays["mean"])))
    return {"row": "mean + scale cos(i) / 2", "logits": predict(arrays, row[None])[0].tolist()}


def main() -> None:
    """Read, examine, fit, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--cache", type=Path, help="file that keeps the rows (.npz)")
    parser.add_argument("--folds", type=Path, help="write the models of the five common folds here")
    parser.add_argument("--out", type=Path, default=FOLDER)
    args = parser.parse_args()
    torch.set_num_threads(1)  # small networks: one is quickest, and the same everywhere
    recipe = Recipe()
    corpora = load_corpora(args.data, args.cache)
    held = cross_validate(corpora, recipe)
    figures = examine(corpora, held)
    temperature = all_temperature(corpora, held)
    began_s = time.perf_counter()
    arrays = fit_without(corpora, {}, None, recipe)
    took_s = time.perf_counter() - began_s
    sizes = {corpus.name: len(corpus.groups) for corpus in corpora}
    own = {"recipe": asdict(recipe), "fixture": fixture(arrays)}
    card = build_note_card(figures, sizes, took_s, own)
    write_weights("symbolic", arrays | {"temperature": temperature}, card, folder=args.out)
    if args.folds is not None:
        folds = {corpus.name: corpus.folds(FOLDS) for corpus in corpora}
        for k in range(FOLDS):
            arrays = fit_without(corpora, folds, k, recipe) | {"temperature": temperature}
            write_weights(f"symbolic-{k}", arrays, card, folder=args.folds)


if __name__ == "__main__":
    main()
