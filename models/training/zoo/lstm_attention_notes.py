"""Train S4 on MIDI (`models.zoo.lstm_attention_notes`): score, performance, or both.

::

    python -m models.training.zoo.lstm_attention_notes DATA_FOLDER [--mode both] [--folds FOLDER]

Data: EMOPIA (Hung et al. 2021), piano, CC BY-NC-SA 4.0; folds grouped by song. Each clip is one
sequence of segments, and three varied copies of it (velocity gain and curve, speed ±5 %, up to two
semitones). Fitting, calibration and figures are those of the other systems; the card of mode
``both`` also tells what score and performance say alone.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models import metrics
from models.cards import Data, build_card, training_cost
from models.intervals import Resampling
from models.training.corpora import load_corpus
from models.training.notes import Score, read_score, vary
from models.training.splits import FOLDS, assign_folds, split_digest
from models.training.zoo.lstm_attention import MODES as RECIPES
from models.training.zoo.lstm_attention import fit, run_logits
from models.training.zoo.protocol import fit_temperature, set_aside
from models.training.zoo.system import Part
from models.weights import FOLDER, write_weights
from models.zoo.layers import softmax
from models.zoo.lstm_attention import STEP_S
from models.zoo.lstm_attention_notes import FRONT_END
from models.zoo.note_segments import MODES, SEGMENT_S, describe_notes

NAME = "lstm_attention_notes"
LENGTH = 29
"""Segments of a training sequence; shorter pieces are heard again from their start."""
COPIES = 3
EPOCHS = 80


def read_segments(score: Score) -> np.ndarray:
    """Segments of a piece as the live path cuts them, shape=(LENGTH, WIDTH), float32."""
    stops = np.arange(STEP_S, max(score.stop_s, STEP_S) + 1e-6, STEP_S)[:LENGTH]
    rows = [describe_notes(score.notes.heard(max(stop - SEGMENT_S, 0.0), stop)) for stop in stops]
    return np.resize(np.stack(rows), (LENGTH, len(rows[0])))


def load_part(data: Path, seed: int) -> tuple[Part, np.ndarray, list[str]]:
    """All clips of EMOPIA with their varied copies; the fold and the song of each."""
    clips = load_corpus("emopia", data)
    rng = np.random.default_rng(seed)
    scores = [read_score(clip) for clip in clips]
    versions = [[score, *(vary(score, rng) for _ in range(COPIES))] for score in scores]
    inputs = np.asarray([[read_segments(version) for version in of_one] for of_one in versions])
    quadrants = np.asarray([clip.quadrant for clip in clips])
    songs = [clip.group for clip in clips]
    part = Part(inputs, quadrants, np.asarray(songs), np.arange(len(clips)), 1)
    return part, assign_folds(quadrants.tolist(), songs), songs


def of_mode(part: Part, mode: str) -> Part:
    """The values that a mode hears."""
    inputs = np.ascontiguousarray(part.inputs[..., MODES[mode]])
    return Part(inputs, part.quadrants, part.groups, part.rows, part.windows)


def cross_validate(
    part: Part, folds: np.ndarray, mode: str, seed: int, out: Path | None
) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Examine the five folds; write their weights where ``out`` says.

    Returns
    -------
    logits : np.ndarray, shape=(n, 1, 4)
        Of the clips by the model that has not heard them, before calibration.
    temperatures : np.ndarray, shape=(FOLDS,)
    epochs : list of int
    """
    held, temperatures = np.zeros((len(part.quadrants), 1, 4)), np.ones(FOLDS)
    epochs: list[int] = []
    for k in range(FOLDS):
        train, inner = set_aside(part.take(np.flatnonzero(folds != k)))
        fitted = fit(RECIPES["default"], train, inner, EPOCHS, seed)
        said = run_logits(fitted.arrays, inner.clean[:, 0])[:, None]
        temperatures[k] = fit_temperature(said, inner.quadrants)
        test = np.flatnonzero(folds == k)
        held[test] = run_logits(fitted.arrays, part.clean[test, 0])[:, None]
        epochs.append(fitted.epochs)
        print(f"{mode}, fold {k}: {fitted.epochs} epochs", flush=True)
        if out is not None:
            arrays = {**fitted.arrays, "temperature": np.asarray([temperatures[k]], np.float32)}
            card = {"model": NAME, "front_end": FRONT_END, "mode": mode, "held_out": k}
            write_weights(f"{NAME}-{k}", arrays, card, folder=out)
    return held, temperatures, epochs


def build_figures(
    part: Part, folds: np.ndarray, songs: list[str], said: dict[str, np.ndarray], mode: str
) -> dict[str, Any]:
    """Figures of the card; ``said`` are the probabilities of the modes, shape=(n, 4)."""
    draws, truth = Resampling(songs), part.quadrants
    figures: dict[str, Any] = {
        "n": len(truth),
        "songs": len(set(songs)),
        "split": f"emopia, {FOLDS} folds grouped by song, answer at the end of the clip, division "
        + split_digest(folds, songs),
        "interval": "95 %, bootstrap over songs, 2,000 draws",
    }
    for name, figure in metrics.LABEL_FIGURES.items():
        figures[name] = str(draws.estimate(figure, truth, metrics.guess(said[mode])))
    error = draws.estimate(metrics.calibration_error, truth, said[mode])
    figures["calibration error"] = str(error)
    figures["confusion, rows truth Q1-Q4, columns guess"] = metrics.confusion(
        truth, metrics.guess(said[mode])
    ).tolist()
    figures["quadrant accuracy by mode"] = {
        other: str(draws.estimate(metrics.accuracy, truth, metrics.guess(p)))
        for other, p in said.items()
    }
    return figures


def write_final(part: Part, mode: str, figures: dict[str, Any], cost: dict[str, Any]) -> None:
    """Fit on all clips and write the shipped weights with their card."""
    began = time.perf_counter()
    fitted = fit(RECIPES["default"], part, None, cost["epochs"], cost["seed"])
    card = build_card(
        model=NAME,
        kind="notes",
        task=f"S4 on MIDI, mode {mode}: three LSTMs with causal attention over 3 s segments",
        answers_every_s=STEP_S,
        data=[
            Data("EMOPIA (Hung et al. 2021)", len(part.quadrants), "CC BY-NC-SA 4.0", True),
        ],
        licence="CC BY-NC-SA 4.0, as the data",
        licence_short="non-commercial",
        intended_use="comparison with the published system; for live use take the model symbolic",
        limits=["pop piano only", "one annotator a clip", "rests on 30 s at most"],
        figures=figures,
        training=training_cost(time.perf_counter() - began, cores=1),
        published="none: the paper promises score and performance and reports audio alone",
        front_end=FRONT_END,
        mode=mode,
        epochs=fitted.epochs,
        seed=cost["seed"],
    )
    arrays = {**fitted.arrays, "temperature": np.asarray([cost["temperature"]], np.float32)}
    write_weights(NAME, arrays, card, cost["out"])
    print(f"wrote {cost['out'] / NAME}.npz and its card")


def main() -> None:
    """Run the whole protocol."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("data", type=Path, help="folder that holds the folder emopia")
    parser.add_argument("--mode", choices=list(MODES), default="both")
    parser.add_argument("--folds", type=Path, help="where the weights of each fold go")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where weights and card go")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    part, folds, songs = load_part(options.data, options.seed)
    said: dict[str, np.ndarray] = {}
    cost: dict[str, Any] = {"seed": options.seed, "out": options.out}
    others = [mode for mode in MODES if options.mode == "both" and mode != "both"]
    for mode in [*others, options.mode]:
        out = options.folds if mode == options.mode else None
        logits, temperatures, epochs = cross_validate(
            of_mode(part, mode), folds, mode, options.seed, out
        )
        said[mode] = softmax(logits[:, 0] / temperatures[folds][:, None])
        cost |= {
            "epochs": int(np.median(epochs)),
            "temperature": fit_temperature(logits, part.quadrants),
        }
    figures = build_figures(part, folds, songs, said, options.mode)
    for name, value in figures.items():
        print(f"{name}: {value}")
    write_final(of_mode(part, options.mode), options.mode, figures, cost)


if __name__ == "__main__":
    main()
