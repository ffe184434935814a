"""Train the network that hears turns, set its limits, write the weights.

::

    python -m models.training.train_turns --data DIR --cache DIR --folds DIR [--out DIR]

Half an hour of one core once the corpora are in the cache. Two networks are trained alike. The
first is examined: it learns from `LEARNING_FOLDS` of the benchmark (`models.training.boundaries`),
its limits are set on medleys of `TUNING_FOLD`, nothing of the test folds is heard; it goes to the
folder of fold models. The second ships: it learns from all folds and takes the limits of the first.

Method
------
Medleys are drawn anew for each step (`models.training.turn_examples`). At each pool and for each
lag the truth is whether a junction lies within `NEAR` pools of the instant that far back; a little
further away nothing is asked. The network forgets what lies before a junction soon after it, as at
run time, now and then too late or in vain, so that it learns to live with its own errors.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn
from tqdm import trange

from dsp.features import FeatureSettings, build_layout
from models.cards import Data, build_card, training_cost
from models.gate_features import POOL_S
from models.training.boundaries import LEARNING_FOLDS, TUNING_FOLD
from models.training.corpora import LICENCE, SOURCES
from models.training.descent import Descent
from models.training.turn_examples import Medley, Source, draw_medley
from models.training.turn_limits import Trial, choose_limits, fit_confirmation
from models.training.turn_sources import PIANOS, read_sources
from models.training.turn_torch import LAGS, Network
from models.turn_network import DESCRIPTION, WIDTH, build_tables
from models.turns import NAME
from models.weights import FOLDER, Weights, write_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

STEPS = 10_000
BATCH = 8
LENGTH = 400
"""Pools of an example (68 s)."""
NEAR, FAR = 1, 3
"""Pools around a junction that are true, and those beyond which are false."""
LEARNING_RATE, WEIGHT_DECAY = 5e-3, 1e-3
POSITIVE = 3.0
"""Weight of what is true; there is little of it."""
KIN = 0.3
"""Weight of a junction at which the quadrant stays."""
MISSED, IN_VAIN = 0.12, 0.3
"""Share of junctions after which nothing is forgotten; of examples that forget without one."""
TRIALS = 40
"""Medleys a voice on which limits are set, each of `TRIAL_LENGTH` pools."""
TRIAL_LENGTH = 900
TRIAL_VOICES = ("recordings", "piano")
FIRST_LIMITS = (1.0, 0.0, -1.0, -1.0)
VOICES = {
    "recordings": 0.45,
    "piano": 0.15,
    **{f"piano {n}": 0.075 for n in range(len(PIANOS))},
    "drawn": 0.05,
    "chip": 0.05,
}
"""How often the medleys of a voice are drawn."""


def ask(turns: np.ndarray, kin: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Truth and weight at each pool for each lag, shape=(n, lags)."""
    truth = np.zeros((n, len(LAGS)), np.float32)
    weight = np.ones_like(truth)
    instants = np.arange(1, n + 1)[:, None] - np.asarray(LAGS)[None]
    for turn, stays in zip(turns, kin, strict=True):
        distance = np.abs(instants - turn)
        truth[distance <= NEAR] = 1.0
        weight[distance <= NEAR] = POSITIVE * (KIN if stays else 1.0)
        weight[(distance > NEAR) & (distance <= FAR)] = 0.0
    return truth, weight


def forget(turns: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """First pool of the present segment as each instant has it, shape=(n,)."""
    events = [
        (round(turn) + int(rng.choice(LAGS)) + 2, round(turn) + int(rng.integers(-1, 3)))
        for turn in turns
        if rng.random() >= MISSED
    ]
    if rng.random() < IN_VAIN:
        at = int(rng.integers(n))
        events.append((at + 12, at))
    start = np.zeros(n, np.int64)
    for known, first in sorted(events):
        start[known:] = np.maximum(start[known:], first)
    return start


class Examples:
    """Draws batches.

    Parameters
    ----------
    sources : sequence of Source
    rng : np.random.Generator
    """

    def __init__(self, sources: Sequence[Source], rng: np.random.Generator) -> None:
        self._rng = rng
        self._banks = {
            voice: [source for source in sources if source.voice == voice] for voice in VOICES
        }
        shares = np.asarray([VOICES[voice] * bool(bank) for voice, bank in self._banks.items()])
        self._shares = shares / shares.sum()

    def batch(self, size: int = BATCH) -> tuple[torch.Tensor, ...]:
        """Descriptions, present segments, truth, weight."""
        rng = self._rng
        rows: list[tuple[np.ndarray, ...]] = []
        for _ in range(size):
            voice = list(self._banks)[rng.choice(len(self._shares), p=self._shares)]
            medley = draw_medley(self._banks[voice], LENGTH, rng)
            turns, kin = medley.turns, medley.kin
            truth, weight = ask(turns, kin, LENGTH)
            rows.append((medley.x[:LENGTH], forget(turns, LENGTH, rng), truth, weight))
        return tuple(torch.as_tensor(np.stack(part)) for part in zip(*rows, strict=True))


def fit(sources: Sequence[Source], steps: int = STEPS, seed: int = 0) -> Network:
    """Fit a network on sources; the learning rate rises and falls once."""
    torch.manual_seed(seed)
    examples = Examples(sources, np.random.default_rng(seed))
    sample = examples.batch(4 * BATCH)[0][..., :-1].reshape(-1, WIDTH).numpy()
    network = Network(sample.mean(axis=0), 1.0 / np.maximum(sample.std(axis=0), 0.05))
    descent = Descent(network, steps, LEARNING_RATE, WEIGHT_DECAY, rise=0.3, longest=1.0)
    progress = trange(steps, unit="step")
    for _ in progress:
        x, start, truth, weight = examples.batch()
        logits = network(x, start)
        weight = weight * torch.isfinite(logits)
        loss = nn.functional.binary_cross_entropy_with_logits(
            torch.nan_to_num(logits), truth, weight, reduction="sum"
        )
        loss = loss / weight.sum()
        descent.step(loss)
        progress.set_postfix(loss=f"{loss.item():.3f}")
    return network.eval()


def draw_trials(sources: Sequence[Source], seed: int = 0) -> dict[str, list[Medley]]:
    """Medleys whose quadrant turns at every junction, by voice."""
    rng = np.random.default_rng(seed)
    trials: dict[str, list[Medley]] = {}
    for voice in TRIAL_VOICES:
        bank = [source for source in sources if source.voice == voice and source.quadrant]
        trials[voice] = [draw_medley(bank, TRIAL_LENGTH, rng, kin=0.0) for _ in range(TRIALS)]
    return trials


def examine(arrays: dict[str, np.ndarray], trials: dict[str, list[Medley]]) -> dict[str, str]:
    """Set the limits of the lags and what a candidate promises; both join the arrays.

    Returns
    -------
    dict of str to str
        What the network does on the trials with them, for the card.
    """
    trial = Trial(
        build_tables(Weights(NAME, arrays, {"front_end": DESCRIPTION})),
        trials,
    )
    limits = choose_limits(trial, FIRST_LIMITS)
    confirm, error = fit_confirmation(*trial.hopes(limits))
    arrays["limits"] = limits.astype(np.float32)
    arrays["confirm"] = confirm.astype(np.float32)
    figures: dict[str, str] = {}
    for voice, score in trial.score(limits).items():
        figures[f"F within 3 s, {voice}, tuning medleys"] = f"{score.f:.3f}"
        figures[f"false a minute, {voice}, tuning medleys"] = f"{score.false_a_minute:.2f}"
        figures[f"mean delay in seconds, {voice}, tuning medleys"] = f"{score.delay_s:.2f}"
    figures["calibration error of early word, tuning medleys"] = f"{error:.3f}"
    return figures


def main() -> None:
    """Train, set limits, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--cache", type=Path, required=True, help="folder for cached pools")
    parser.add_argument("--folds", type=Path, required=True, help="where the examined one goes")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the weights go")
    parser.add_argument("--steps", type=int, default=STEPS)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    found = read_sources(arguments.data, arguments.cache)
    sources = [source for bank in found.values() for source in bank]
    began_s = time.monotonic()
    examined = fit([s for s in sources if s.fold in LEARNING_FOLDS], arguments.steps).arrays()
    figures = examine(examined, draw_trials([s for s in sources if s.fold == TUNING_FOLD]))
    learned = set(LEARNING_FOLDS)
    card = describe(found, learned, figures, time.monotonic() - began_s)
    write_weights(NAME, examined, card, arguments.folds)
    for name, value in figures.items():
        print(f"{name}: {value}")
    shipped = fit(sources, arguments.steps).arrays()
    shipped |= {name: examined[name] for name in ("limits", "confirm")}
    learned = {source.fold for source in sources}
    card = describe(found, learned, figures, time.monotonic() - began_s)
    write_weights(NAME, shipped, card, arguments.out)


def describe(
    found: dict[str, list[Source]], folds: set[int], figures: dict[str, str], seconds: float
) -> dict[str, Any]:
    """Card of a network that has learned from ``folds``."""
    return build_card(
        kind="turns",
        model=NAME,
        task="Finds the instants at which music turns to another expression, while it plays.",
        answers_every_s=POOL_S,
        data=tuple(
            Data(f"{name} ({source})", _used(found[name], folds), licence, True)
            for name, (source, licence) in SOURCES.items()
        ),
        licence=LICENCE,
        licence_short="non-commercial",
        intended_use="Boundaries for `segment` messages. Finds junctions of different pieces and "
        "sudden changes within one; no analysis of musical form.",
        limits=(
            "It learned from junctions that were made: gradual turns within a piece are found "
            "late or not at all.",
            "A new section in the same expression is often announced as well.",
            "Figures of this card are of a network that learned from two of the five folds, on the "
            "medleys on which its limits were set; dsp/README.md has those of medleys that nothing "
            "was set on.",
        ),
        figures=figures,
        training=training_cost(seconds, cores=1),
        front_end=DESCRIPTION,
        layout=build_layout(FeatureSettings()).digest,
        folds=sorted(folds),
    )


def _used(sources: Sequence[Source], folds: set[int]) -> int:
    """How many clips were learned from, each in some versions."""
    return len({source.clip for source in sources if source.fold in folds})


if __name__ == "__main__":
    main()
