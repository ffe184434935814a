"""A published system as the training protocol sees it: input, fitting, answers, facts.

Conventions
-----------
Quadrants are 1..4. A system says how a window of samples becomes the input of its network, how the
network is fitted, and with which numpy function of the run-time module it says its logits,
shape=(n, 4). `Part` is what it learns from: inputs of the windows of some clips.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.training.splits import FOLDS
from models.training.zoo.windows import load_windows
from models.weights import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    from models.training.corpora import Clip


@dataclass(frozen=True, slots=True)
class Part:
    """Clips to learn from or to be examined on.

    Attributes
    ----------
    inputs : np.ndarray, shape=(n, windows · (1 + copies), …)
        Of every window; the recordings as they are come first, then augmented copies.
    quadrants : np.ndarray, shape=(n,)
        1..4.
    groups : np.ndarray of str, shape=(n,)
        Artist of each clip.
    rows : np.ndarray, shape=(n,)
        Number of each clip in its corpus, for targets that are looked up.
    windows : int
        Windows of each recording as it is.
    """

    inputs: np.ndarray
    quadrants: np.ndarray
    groups: np.ndarray
    rows: np.ndarray
    windows: int

    def take(self, rows: np.ndarray) -> Part:
        """Some of the clips."""
        return Part(
            self.inputs[rows],
            self.quadrants[rows],
            self.groups[rows],
            self.rows[rows],
            self.windows,
        )

    @property
    def clean(self) -> np.ndarray:
        """Inputs of the recordings as they are, shape=(n, windows, …)."""
        return self.inputs[:, : self.windows]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What fitting gave: arrays of the run-time model, and for how many epochs it took them."""

    arrays: dict[str, np.ndarray]
    epochs: int


@dataclass(frozen=True)
class System:
    """A published system as the protocol sees it.

    Attributes
    ----------
    name : str
        Of the weights.
    module : str
        ``models.zoo.<module>`` runs them.
    front_end : callable
        Samples of one window, shape=(window_s · 24000,), to the input, shape=(…).
    fit : callable
        ``(train, inner, epochs, seed)`` to `Fitted`. Without ``inner`` (None) it runs exactly
        ``epochs``; with it, at most so many.
    logits : callable
        ``(arrays, inputs)`` to logits, shape=(n, 4), by the run-time code; inputs shape=(n, …).
    key : str
        Says which inputs the front end makes: names the cache and goes into the card.
    window_s : float
        Length of the windows, seconds.
    windows : int
        Windows cut out of each clip.
    epochs : int
        Most epochs.
    augment : callable, optional
        ``(samples, rng)`` to an augmented recording; ``copies`` times a clip.
    facts : dict
        Further facts for the card: ``task``, ``limits``, ``published``, ``recipe``, …
    """

    name: str
    module: str
    front_end: Callable[[np.ndarray], np.ndarray]
    fit: Callable[[Part, Part | None, int, int], Fitted]
    logits: Callable[[dict[str, np.ndarray], np.ndarray], np.ndarray]
    key: str
    window_s: float
    windows: int
    epochs: int
    augment: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None = None
    copies: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """Command line of a training script."""

    panda: Path
    cache: Path
    folds: Path | None
    out: Path
    epochs: int | None
    seed: int
    folds_count: int = FOLDS
    mode: str = "default"


def parse_options(description: str, modes: Sequence[str] = ("default",)) -> Options:
    """Read the command line of a training script; ``modes``: in which forms it can be trained."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("panda", type=Path, help="folder of the 4Q dataset: labels.csv and audio")
    parser.add_argument("--cache", type=Path, required=True, help="folder for decoded windows")
    parser.add_argument("--folds", type=Path, help="where the weights of each fold go")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where weights and card go")
    parser.add_argument("--epochs", type=int, help="most epochs (default: the system's own)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--folds-count",
        type=int,
        default=FOLDS,
        help="folds of the examination; with another number no weights of folds are written",
    )
    if len(modes) > 1:
        parser.add_argument("--mode", choices=modes, default=modes[0], help="which form to train")
    return Options(**vars(parser.parse_args()))


def load_inputs(system: System, clips: list[Clip], options: Options) -> np.ndarray:
    """Inputs of all windows of a system, shape=(n, windows · (1 + copies), …), float32."""
    return load_windows(
        clips,
        options.cache,
        key=system.key,
        front_end=system.front_end,
        window_s=system.window_s,
        windows=system.windows,
        augment=system.augment,
        copies=system.copies,
        seed=options.seed,
    )
