"""Train the music gate, examine it on music and talkers that it has not heard, write the weights.

::

    python -m models.training.train_gate --data DIR --cache DIR [--folds DIR] [--out DIR]

Minutes on one core once the corpora are in the cache. Needs espeak-ng and the soundfonts of
`models.training.render`; flite and festival with its voices are used where they are installed.

Protocol
--------
Five folds; the corpora are divided as everywhere (`models.training.splits`), speech by talker, the
rest at random. A network fitted on four folds streams the fifth through the run-time code. One
number is chosen on these answers: the offset of the logit, so that `REJECTED` of the time of real
recordings of music is rejected at the threshold. The shipped weights are fitted on everything with
this offset; no folder of recordings outside the corpora is used, so any is a fair test.
"""

from __future__ import annotations

import argparse
import math
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from tqdm import trange

from models.cards import Data, build_card, training_cost
from models.gate import MusicGate
from models.gate_features import FEATURES, POOL_S, GateFeatures
from models.training.corpora import CORPORA, LICENCE, SOURCES
from models.training.gate_corpus import Sound, load_music, load_synthetic
from models.training.gate_report import Heard, examine, report, required_offset
from models.training.medleys import change_level
from models.training.splits import FOLDS
from models.weights import FOLDER, Weights, write_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

HIDDEN = 32
STEPS = 700
BATCH = 32
LENGTH = 128
"""Pools of an example (22 s)."""
WARM = 8
"""Pools after the start and after each turn in which an answer gains its full weight."""
LEARNING_RATE = 3e-3
LEVEL_DB = 6.0
REJECTED = 0.008
"""Share of the time of real music that may be rejected."""
SHARES = {
    "panda_4q": 4.0,
    "emotify": 2.5,
    "emopia": 1.0,
    "vgmidi": 1.0,
    "ym2413_mdb": 1.0,
    "solo": 1.0,
    "synth": 1.8,
    "mixed": 1.8,
    "espeak-ng": 2.5,
    "flite": 2.0,
    "festival": 2.5,
    "babble": 1.0,
    "over": 1.2,
    "tones": 0.4,
}
"""How often a kind is drawn among those of its truth; the kinds that are not named: 0.7."""


class Network(nn.Module):
    """Standardise, recur, read out: the torch twin of `models.gate`."""

    def __init__(self, offset: np.ndarray, scale: np.ndarray) -> None:
        super().__init__()
        self.register_buffer("offset", torch.as_tensor(offset, dtype=torch.float32))
        self.register_buffer("scale", torch.as_tensor(scale, dtype=torch.float32))
        self.recur = nn.GRU(len(offset), HIDDEN, batch_first=True)
        self.read = nn.Linear(HIDDEN, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits, shape=(batch, time), of descriptions (batch, time, width)."""
        z = torch.clamp((x - self.offset) * self.scale, -5.0, 5.0)
        if self.training:  # one colour and a few missing features throughout an example
            z = z + 0.25 * torch.randn_like(z[:, :1])
            z = nn.functional.dropout(torch.ones_like(z[:, :1]), 0.15) * z
        h, _ = self.recur(z)
        return self.read(nn.functional.dropout(h, 0.2, self.training))[..., 0]

    def arrays(self) -> dict[str, np.ndarray]:
        """Weights as the run-time kernel names them."""
        named = {
            "offset": self.offset,
            "scale": self.scale,
            "w_x": self.recur.weight_ih_l0,
            "w_h": self.recur.weight_hh_l0,
            "b_x": self.recur.bias_ih_l0,
            "b_h": self.recur.bias_hh_l0,
            "out": torch.cat([self.read.weight[0], self.read.bias]),
        }
        return {key: a.detach().numpy().astype(np.float32) for key, a in named.items()}


class Examples:
    """Draws what the network hears: one sound, or several that follow one another.

    Parameters
    ----------
    sounds : sequence of Sound
    rng : np.random.Generator
    """

    def __init__(self, sounds: Sequence[Sound], rng: np.random.Generator) -> None:
        self._rng = rng
        self._features = GateFeatures(sounds[0].pools.shape[1])
        self._kinds: list[dict[str, list[np.ndarray]]] = [{}, {}]
        for sound in sounds:
            self._kinds[sound.music].setdefault(sound.kind, []).append(sound.pools)
        self._shares = [
            np.asarray([SHARES.get(kind, 0.7) for kind in kinds]) for kinds in self._kinds
        ]

    def draw(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Descriptions, shape=(LENGTH, width), truth and weight, each shape=(LENGTH,)."""
        rng = self._rng
        x = np.zeros((LENGTH, self._features.width), np.float32)
        truth = np.zeros(LENGTH, np.float32)
        weight = np.zeros(LENGTH, np.float32)
        longest = LENGTH if rng.random() < 0.4 else 60
        self._features.reset()
        at, music = 0, bool(rng.random() < 0.5)
        while at < LENGTH:
            kind = self._draw_kind(music)
            pools = kind[rng.integers(len(kind))]
            n = int(min(rng.integers(12, longest + 1), LENGTH - at, len(pools)))
            first = int(rng.integers(len(pools) - n + 1))
            stretch = self._levelled(pools[first : first + n])
            for i in range(n):
                x[at + i] = self._features.push(stretch[i])
            truth[at : at + n] = music
            weight[at : at + n] = np.clip((np.arange(n) + 1.0) / WARM, 0.0, 1.0)
            at += n
            music = not music if rng.random() < 0.7 else music
        return x, truth, weight

    def batch(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """`BATCH` examples."""
        drawn = [self.draw() for _ in range(BATCH)]
        x, truth, weight = (torch.as_tensor(np.stack(part)) for part in zip(*drawn, strict=True))
        return x, truth, weight

    def _draw_kind(self, music: bool) -> list[np.ndarray]:
        shares = self._shares[music]
        names = list(self._kinds[music])
        return self._kinds[music][names[self._rng.choice(len(names), p=shares / shares.sum())]]

    def _levelled(self, pools: np.ndarray) -> np.ndarray:
        """Bring a stretch near -28 dB, so that level tells nothing."""
        power = max(float(pools[:, -1].mean()), 1e-9)
        gain_db = -28.0 + self._rng.normal(0.0, LEVEL_DB) - 10.0 * math.log10(power)
        return change_level(pools, gain_db)


def fit(sounds: Sequence[Sound], seed: int, steps: int = STEPS) -> Network:
    """Fit a network on sounds; the learning rate falls to zero along a cosine."""
    torch.manual_seed(seed)
    examples = Examples(sounds, np.random.default_rng(seed))
    sample = np.concatenate([examples.draw()[0] for _ in range(200)])
    network = Network(sample.mean(axis=0), 1.0 / np.maximum(sample.std(axis=0), 1e-3))
    optimizer = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    network.train()
    for _ in trange(steps, unit="step", desc=f"fit {seed}", position=seed):
        x, truth, weight = examples.batch()
        loss = nn.functional.binary_cross_entropy_with_logits(
            network(x), 0.02 + 0.96 * truth, weight, reduction="sum"
        )
        optimizer.zero_grad()
        (loss / weight.sum()).backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    return network.eval()


def build_gate(arrays: dict[str, np.ndarray], width: int) -> MusicGate:
    """Run-time gate with these weights, for pools of this width."""
    return MusicGate(width, Weights("gate", arrays, {"front_end": FEATURES, "sha256": "0" * 64}))


_sounds: list[Sound] = []


def _load(data: Path, cache: Path, corpora: tuple[str, ...]) -> None:
    """Give a process the sounds, unless it has inherited them."""
    torch.set_num_threads(1)
    if not _sounds:
        _sounds.extend(load_music(data, cache, corpora) + load_synthetic(data, cache))


def _fit_fold(job: tuple[int, int]) -> tuple[dict[str, np.ndarray], list[Heard]]:
    """Weights fitted on all but fold ``k``, and what that gate says of fold ``k``."""
    k, steps = job
    arrays = fit([s for s in _sounds if s.fold != k], k, steps).arrays()
    held_out = [s for s in _sounds if s.fold == k]
    if not held_out:  # the last fit, on everything
        return arrays, []
    return arrays, examine(build_gate(arrays, held_out[0].pools.shape[1]), held_out)


def main() -> None:
    """Train, examine, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--cache", type=Path, required=True, help="folder for cached pools")
    parser.add_argument("--folds", type=Path, help="where the models of the folds go")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the weights go")
    parser.add_argument("--corpora", nargs="+", choices=CORPORA, default=CORPORA)
    parser.add_argument("--steps", type=int, default=STEPS, help="steps of each fit")
    parser.add_argument("--workers", type=int, default=2, help="fits at a time")
    arguments = parser.parse_args()
    setup = (arguments.data, arguments.cache, tuple(arguments.corpora))
    _load(*setup)
    began_s = time.monotonic()
    with ProcessPoolExecutor(arguments.workers, initializer=_load, initargs=setup) as pool:
        jobs = [(k, arguments.steps) for k in range(FOLDS + 1)]
        *folds, (final, _) = pool.map(_fit_fold, jobs)
    seconds = (time.monotonic() - began_s) / (FOLDS + 1)
    if arguments.folds:
        for k, (arrays, _) in enumerate(folds):
            fold_card = {"front_end": FEATURES, "kind": "gate", "fold": k}
            write_weights(f"gate-{k}", arrays, fold_card, arguments.folds)
    heard = [hearing for _, hearings in folds for hearing in hearings]
    offset = required_offset(heard, REJECTED)
    figures = report(heard, offset)
    final["out"][-1] += offset
    card = build_card(
        kind="gate",
        model="gate",
        task="Tells music from speech, noise and other sounds, from streaming features.",
        answers_every_s=POOL_S,
        data=_data(_sounds),
        licence=LICENCE,
        licence_short="non-commercial",
        intended_use="Keeps an emotion model silent where there is no music. No content detection.",
        limits=(
            "All speech that it learned from is synthetic: lively readers may pass for seconds.",
            "Steady tones, beepers and hums with strong harmonics are often let through.",
            "Sparse synthetic music under a voice, and drums alone, may be rejected.",
        ),
        figures=figures,
        training=training_cost(seconds, cores=1),
        front_end=FEATURES,
    )
    write_weights("gate", final, card, arguments.out)
    for name, value in figures.items():
        print(f"{name}: {value}")


def _data(sounds: Sequence[Sound]) -> tuple[Data, ...]:
    """What the gate learned from, for the card: clips, not their versions."""
    rows = [
        Data(f"{name} ({source})", sum(s.kind == name and s.plain for s in sounds), licence, True)
        for name, (source, licence) in SOURCES.items()
    ]
    made = sum(s.kind not in SOURCES for s in sounds)
    return (*rows, Data("synthetic speech, noises and scores", made, "made by us", False))


if __name__ == "__main__":
    main()
