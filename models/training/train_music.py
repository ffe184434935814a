"""Train the music model, examine it on artists that it has not heard, write weights and card.

::

    python -m models.training.train_music PANDA_FOLDER --cache FOLDER [--out models/weights]

Protocol
--------
Five folds of clips, no artist in two of them (`StratifiedGroupKFold`, seed 0). For each fold a
network is fitted on the other four (clips and their augmented copies) and examined on the
recordings as they are, read by the streaming front end. No fold chooses anything: epochs and sizes
are fixed in `Recipe`. Figures pool the five folds; intervals resample artists. Extra trees on clip
statistics and the majority stand beside, on the same folds in the same run. The temperatures that
calibrate each fold are fitted on the other folds' held-out logits; those of the shipped weights on
all held-out logits, and the weights themselves are fitted on all clips, so the figures describe the
recipe, not the very file.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.model_selection import StratifiedGroupKFold

from dsp.features import FeatureSettings, build_layout
from models.training import metrics
from models.training.clips import Clip, load_panda
from models.training.recurrent import Recipe, export_arrays, fit, predict, signs
from models.training.rows import load_rows
from models.weights import FOLDER, write_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDS = 5
VERSIONS = 5
SECONDS_HEARD = (1, 3, 5, 10, 20, 30)
ROW_S = 16 * 256 / 24000

FIGURES = {
    "quadrant accuracy": metrics.accuracy,
    "macro F1": metrics.macro_f1,
    "arousal accuracy": metrics.arousal_accuracy,
    "valence accuracy": metrics.valence_accuracy,
}


def quadrant_probabilities(logits: np.ndarray, temperatures: np.ndarray) -> np.ndarray:
    """Probabilities of quadrants 1..4, shape=(…, 4), of logits (arousal, valence), shape=(…, 2)."""
    p = 1.0 / (1.0 + np.exp(-logits / temperatures))
    a, v = p[..., 0], p[..., 1]
    return np.stack([v * a, (1 - v) * a, (1 - v) * (1 - a), v * (1 - a)], axis=-1)


def clip_probabilities(logits: Sequence[np.ndarray], temperatures: np.ndarray) -> np.ndarray:
    """Mean over each clip, as `oscbridge.analyzer.Analyzer.summary` does, shape=(n, 4)."""
    return np.asarray([quadrant_probabilities(l_, temperatures).mean(axis=0) for l_ in logits])


def guess(probabilities: np.ndarray) -> np.ndarray:
    """Quadrant by the signs of valence and arousal, shape=(n,)."""
    q = probabilities
    arousal = q[:, 0] + q[:, 1] - q[:, 2] - q[:, 3]
    valence = q[:, 0] + q[:, 3] - q[:, 1] - q[:, 2]
    return np.where(arousal >= 0, np.where(valence >= 0, 1, 2), np.where(valence >= 0, 4, 3))


def fit_temperatures(logits: Sequence[np.ndarray], quadrants: np.ndarray) -> np.ndarray:
    """Temperatures that make every instant's probabilities most likely, shape=(2,)."""
    every = np.concatenate(logits)
    truth = np.repeat(signs(quadrants), [len(l_) for l_ in logits], axis=0)
    grid = np.geomspace(0.3, 6.0, 80)
    best = []
    for axis in range(2):
        signed = every[:, axis] * (2.0 * truth[:, axis] - 1.0)
        losses = [np.mean(np.logaddexp(0.0, -signed / t)) for t in grid]
        best.append(grid[int(np.argmin(losses))])
    return np.asarray(best)


def cross_validate(
    rows: Sequence[Sequence[np.ndarray]], quadrants: np.ndarray, groups: list[str], recipe: Recipe
) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Held-out logits of every clip, its fold, and the baseline's guesses."""
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    logits: list[np.ndarray] = [np.zeros((0, 2))] * len(rows)
    fold_of = np.zeros(len(rows), dtype=int)
    trees = np.zeros(len(rows), dtype=int)
    statistics = np.asarray(
        [np.concatenate([clip[0].astype(np.float32).mean(axis=0), clip[0][-1]]) for clip in rows]
    )
    for fold, (train, test) in enumerate(splitter.split(quadrants, quadrants, groups)):
        network = fit([rows[i] for i in train], quadrants[train], recipe)
        for i, values in zip(test, predict(network, [rows[i][0] for i in test]), strict=True):
            logits[i] = values
        fold_of[test] = fold
        forest = ExtraTreesClassifier(500, min_samples_leaf=2, random_state=0)
        trees[test] = forest.fit(statistics[train], quadrants[train]).predict(statistics[test])
        right = guess(clip_probabilities([logits[i] for i in test], np.ones(2))) == quadrants[test]
        print(f"fold {fold + 1}: {len(test)} clips, quadrant accuracy {right.mean():.3f}")
    return logits, fold_of, trees


def calibrated(
    logits: list[np.ndarray], fold_of: np.ndarray, quadrants: np.ndarray
) -> list[np.ndarray]:
    """Each clip's logits divided by temperatures fitted on the other folds."""
    result = list(logits)
    for fold in range(FOLDS):
        others = np.flatnonzero(fold_of != fold)
        t = fit_temperatures([logits[i] for i in others], quadrants[others])
        for i in np.flatnonzero(fold_of == fold):
            result[i] = logits[i] / t
    return result


def examine(
    logits: list[np.ndarray], trees: np.ndarray, quadrants: np.ndarray, groups: list[str]
) -> dict[str, object]:
    """All figures of the card."""
    one = np.ones(2)
    probabilities = clip_probabilities(logits, one)
    guesses = guess(probabilities)
    majority = np.full(len(quadrants), np.bincount(quadrants).argmax())
    figures: dict[str, object] = {
        "n": len(quadrants),
        "artists": len(set(groups)),
        "split": f"{FOLDS}-fold, grouped by artist, stratified, seed 0",
        "interval": "95 %, bootstrap over artists, 2,000 draws",
    }
    for name, figure in FIGURES.items():
        figures[name] = {
            who: str(metrics.bootstrap(figure, groups, quadrants, labels))
            for who, labels in (
                ("model", guesses),
                ("extra trees, whole clip", trees),
                ("majority", majority),
            )
        }
    figures["calibration error"] = str(
        metrics.bootstrap(metrics.calibration_error, groups, quadrants, probabilities)
    )
    figures["confusion (rows truth Q1-Q4, columns guess)"] = metrics.confusion(
        quadrants, guesses
    ).tolist()
    heard = {}
    for seconds in SECONDS_HEARD:
        row = max(int(seconds / ROW_S), 1) - 1
        instants = np.asarray([l_[min(row, len(l_) - 1)] for l_ in logits])
        now = guess(quadrant_probabilities(instants, one))
        heard[f"{seconds} s"] = str(metrics.bootstrap(metrics.accuracy, groups, quadrants, now))
    figures["quadrant accuracy at the instant, by seconds heard"] = heard
    return figures


def build_card(
    recipe: Recipe, figures: dict[str, object], clips: Sequence[Clip]
) -> dict[str, object]:
    """Build the card that travels with the weights."""
    return {
        "task": "expressed valence and arousal of music, causal, one answer every 171 ms",
        "layout": build_layout(FeatureSettings()).digest,
        "trained_on": "4Q audio emotion dataset (Panda, Malheiro & Paiva 2018), "
        f"{len(clips)} clips of 30 s, each with {VERSIONS} augmented copies",
        "licence": "weights learned from previews of commercial recordings that were given for "
        "research: research use; no audio is contained",
        "recipe": asdict(recipe),
        "figures": figures,
        "limits": "one corpus of mostly Western popular music, 30 s excerpts chosen for clear "
        "emotion; speech and noise are answered as if they were music; the labels are quadrants, "
        "so valence and arousal say how sure their sign is, not how strong the emotion is",
    }


def main() -> None:
    """Run the whole protocol."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("panda", type=Path, help="folder of the 4Q dataset: labels.csv and audio")
    parser.add_argument("--cache", type=Path, required=True, help="folder for computed rows")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where weights and card go")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    recipe = Recipe(seed=options.seed)
    clips = load_panda(options.panda)
    rows = load_rows(clips, VERSIONS, options.seed, options.cache)
    quadrants = np.asarray([clip.quadrant for clip in clips])
    groups = [clip.group for clip in clips]
    logits, fold_of, trees = cross_validate(rows, quadrants, groups, recipe)
    figures = examine(calibrated(logits, fold_of, quadrants), trees, quadrants, groups)
    for name, value in figures.items():
        print(f"{name}: {value}")
    network = fit(rows, quadrants, recipe)
    arrays = export_arrays(network, fit_temperatures(logits, quadrants))
    write_weights("music", arrays, build_card(recipe, figures, clips), options.out)
    print(f"wrote {options.out / 'music.npz'} and its card")


if __name__ == "__main__":
    main()
