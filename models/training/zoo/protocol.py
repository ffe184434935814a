"""The protocol of every published system: the same clips, folds, calibration, figures and files.

Conventions
-----------
A system brings a `models.training.zoo.system.System`. The protocol

1. decodes the clips once to 24 kHz and cuts ``windows`` of ``window_s`` evenly out of each;
2. computes the front end's inputs of all windows (and of ``copies`` augmented ones), cached;
3. for each of the five folds (`models.training.splits`, no artist in two of them) sets an *inner*
   part of the training clips aside, again grouped by artist, on which the system may stop or
   select, and fits on the rest; the held-out fold is looked at once, with the epochs so found;
4. fits a temperature on the inner part, which makes probabilities of the logits, and writes the
   fold's weights;
5. fits the final weights on all clips with the median of the folds' epochs, calibrated on the
   held-out logits of all folds, and writes them with their card.

Clip figures take the mean probabilities of the clip's windows and the quadrant that the signs of
valence and arousal name, as the live path does. Intervals resample artists.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold
from tqdm import tqdm

from models import metrics
from models.cards import Data, build_card, training_cost
from models.intervals import Resampling
from models.training.corpora import load_panda
from models.training.splits import FOLDS, assign_folds, split_digest
from models.training.zoo.system import Options, Part, System, load_inputs, parse_options
from models.weights import write_weights
from models.zoo.layers import softmax
from models.zoo.window import STEP_S

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.intervals import Estimate
    from models.training.corpora import Clip

INNER_FOLDS = 6
"""One in so many of the training clips is set aside to stop and to calibrate."""
LICENCE = (
    "weights learned from previews of commercial recordings that were given for research: research "
    "use; no audio is contained"
)


@dataclass(frozen=True)
class Examined:
    """What the fold models say of the clips that they have not heard.

    Attributes
    ----------
    clips : list of Clip
    quadrants, folds : np.ndarray, shape=(n,)
        Truth; fold in which each clip was held out.
    groups : list of str
    logits : np.ndarray, shape=(n, windows, 4)
        Before calibration.
    temperatures : np.ndarray, shape=(folds,)
    epochs : list of int
    """

    clips: list[Clip]
    quadrants: np.ndarray
    folds: np.ndarray
    groups: list[str]
    logits: np.ndarray
    temperatures: np.ndarray
    epochs: list[int]

    @property
    def probabilities(self) -> np.ndarray:
        """Calibrated probabilities of each clip, mean of its windows, shape=(n, 4)."""
        calibrated = self.logits / self.temperatures[self.folds][:, None, None]
        return softmax(calibrated).mean(axis=1)

    @property
    def guesses(self) -> np.ndarray:
        """Quadrant of each clip, shape=(n,)."""
        return metrics.guess(self.probabilities)


def fit_temperature(logits: np.ndarray, quadrants: np.ndarray) -> float:
    """Temperature that makes the windows' probabilities most likely.

    Parameters
    ----------
    logits : np.ndarray, shape=(n, windows, 4)
    quadrants : np.ndarray, shape=(n,)
    """
    truth = quadrants - 1
    grid = np.geomspace(0.2, 20.0, 160)
    losses: list[float] = []
    for temperature in grid:
        p = softmax(logits / temperature)
        losses.append(-float(np.log(p[np.arange(len(truth)), :, truth] + 1e-12).mean()))
    return float(grid[int(np.argmin(losses))])


def logits_of(system: System, arrays: dict[str, np.ndarray], inputs: np.ndarray) -> np.ndarray:
    """Logits of inputs, shape=(n, windows, …) to (n, windows, 4), by the run-time code."""
    return np.stack([system.logits(arrays, clip) for clip in inputs])


def set_aside(part: Part) -> tuple[Part, Part]:
    """Part to fit on, and the inner part: stratified by quadrant, no artist in both."""
    splitter = StratifiedGroupKFold(INNER_FOLDS, shuffle=True, random_state=0)
    train, inner = next(splitter.split(part.quadrants, part.quadrants, part.groups))
    return part.take(train), part.take(inner)


def divide(quadrants: np.ndarray, groups: list[str], count: int) -> np.ndarray:
    """Fold of every clip, shape=(n,): the one division of all models, or one into ``count``."""
    if count == FOLDS:
        return assign_folds(quadrants.tolist(), groups)
    folds = np.zeros(len(quadrants), dtype=int)
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=0)
    for k, (_, test) in enumerate(splitter.split(quadrants, quadrants, groups)):
        folds[test] = k
    return folds


def cross_validate(
    system: System,
    options: Options,
    watch: Callable[[dict[str, np.ndarray], Part], None] | None = None,
) -> Examined:
    """Fit and examine the five folds; write their weights where ``options.folds`` says.

    Parameters
    ----------
    system : System
    options : Options
    watch : callable, optional
        Is shown the arrays of each fold and the clips that it has not heard.
    """
    clips = load_panda(options.panda)
    quadrants = np.asarray([clip.quadrant for clip in clips])
    groups = [clip.group for clip in clips]
    folds = divide(quadrants, groups, options.folds_count)
    inputs = load_inputs(system, clips, options)
    part = Part(inputs, quadrants, np.asarray(groups), np.arange(len(clips)), system.windows)
    held = np.zeros((len(clips), system.windows, 4))
    temperatures, epochs = np.ones(options.folds_count), []
    for k in tqdm(range(options.folds_count), desc=f"folds of {system.name}", unit="fold"):
        train, inner = set_aside(part.take(np.flatnonzero(folds != k)))
        fitted = system.fit(train, inner, options.epochs or system.epochs, options.seed)
        temperatures[k] = fit_temperature(
            logits_of(system, fitted.arrays, inner.clean), inner.quadrants
        )
        test = np.flatnonzero(folds == k)
        held[test] = logits_of(system, fitted.arrays, part.clean[test])
        if watch is not None:
            watch(fitted.arrays, part.take(test))
        epochs.append(fitted.epochs)
        right = float(np.mean(metrics.guess(softmax(held[test]).mean(axis=1)) == quadrants[test]))
        tqdm.write(f"fold {k}: {fitted.epochs} epochs, T {temperatures[k]:.2f}, {right:.3f}")
        if options.folds is not None and options.folds_count == FOLDS:
            arrays = {**fitted.arrays, "temperature": np.asarray([temperatures[k]], np.float32)}
            card = {"model": system.module, "front_end": system.key, "held_out": k}
            write_weights(f"{system.name}-{k}", arrays, card, folder=options.folds)
    return Examined(clips, quadrants, folds, groups, held, temperatures, epochs)


def build_figures(examined: Examined) -> dict[str, Any]:
    """Figures of the card: of whole clips that were held out, with 95 % intervals."""
    truth, p = examined.quadrants, examined.probabilities
    figures: dict[str, Any] = {
        "n": len(truth),
        "artists": len(set(examined.groups)),
        "split": f"panda_4q, {len(examined.temperatures)} folds grouped by artist, mean of the "
        "clip's windows, division " + split_digest(examined.folds, examined.groups),
        "interval": "95 %, bootstrap over artists, 2,000 draws",
    }
    draws = Resampling(examined.groups)
    for name, figure in metrics.LABEL_FIGURES.items():
        figures[name] = str(draws.estimate(figure, truth, examined.guesses))
    figures["calibration error"] = str(draws.estimate(metrics.calibration_error, truth, p))
    table = metrics.confusion(truth, examined.guesses).tolist()
    figures["confusion, rows truth Q1-Q4, columns guess"] = table
    return figures


def compare(one: Examined, other: Examined) -> dict[str, Estimate]:
    """Differences of the figures of two systems on the same clips, one minus other, paired."""
    draws = Resampling(one.groups)
    return {
        name: draws.difference(figure, one.quadrants, one.guesses, other.guesses)
        for name, figure in metrics.LABEL_FIGURES.items()
    }


def train(system: System, options: Options, figures: dict[str, Any] | None = None) -> Examined:
    """Run the whole protocol: examine the folds, fit on all clips, write weights and card.

    Parameters
    ----------
    system : System
    options : Options
    figures : dict, optional
        Further figures for the card.
    """
    examined = cross_validate(system, options)
    write_final(system, options, examined, figures or {})
    return examined


def run(description: str | None, build: Callable[[str], System], modes: Sequence[str]) -> None:
    """The command of a system that needs nothing but the protocol.

    Parameters
    ----------
    description : str or None
        What ``--help`` says: its first line.
    build : callable
        Makes the system of a mode.
    modes : sequence of str
        Known ones, the default first.
    """
    import torch

    options = parse_options((description or "").split("\n", 1)[0], modes)
    torch.set_num_threads(1)
    train(build(options.mode), options)


def write_final(
    system: System, options: Options, examined: Examined, figures: dict[str, Any]
) -> None:
    """Fit on all clips and write the shipped weights with their card."""
    inputs = load_inputs(system, examined.clips, options)
    part = Part(
        inputs,
        examined.quadrants,
        np.asarray(examined.groups),
        np.arange(len(inputs)),
        system.windows,
    )
    began = time.perf_counter()
    fitted = system.fit(part, None, int(np.median(examined.epochs)), options.seed)
    seconds = time.perf_counter() - began
    temperature = fit_temperature(examined.logits, examined.quadrants)
    arrays = {**fitted.arrays, "temperature": np.asarray([temperature], np.float32)}
    all_figures = {**build_figures(examined), **figures}
    for name, value in all_figures.items():
        print(f"{name}: {value}")
    facts = dict(system.facts)
    card = build_card(
        model=system.module,
        task=facts.pop("task"),
        answers_every_s=facts.pop("answers_every_s", STEP_S),
        data=[
            Data(
                name="4Q audio emotion dataset (Panda, Malheiro & Paiva 2018)",
                clips=len(examined.clips),
                licence="no licence stated: previews of commercial recordings, given for research",
                non_commercial=True,
            )
        ],
        licence=LICENCE,
        licence_short="research",
        intended_use="comparison with the published system; for live use take the model music",
        limits=facts.pop("limits"),
        figures=all_figures,
        training=training_cost(seconds, cores=1),
        front_end=system.key,
        epochs=fitted.epochs,
        seed=options.seed,
        **facts,
    )
    write_weights(system.name, arrays, card, options.out)
    print(f"wrote {options.out / system.name}.npz and its card; fitted in {seconds:.0f} s")
