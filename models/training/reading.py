"""The readers of the music model in torch: small networks that look at the whole so far.

Conventions
-----------
A reader takes a summary of the music since it began (`models.summary`, or of its peakiness alone,
`models.peakiness`) and gives the logits of
arousal and valence; `export_readers` names its weights as `models.readers` expects them. It learns
from summaries at some instants of clips heard alone, each clip in all its versions, in other
colours and from other beginnings in each of `Reading.passes`; an instant counts the less, the less
was heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import torch
from torch import nn
from tqdm import trange

from models.readers import KINDS
from models.training.descent import Descent
from models.training.medleys import colour, narrow
from models.training.recurrent import stack_states

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.training.recurrent import Lessons

    Look: TypeAlias = Callable[[np.ndarray], np.ndarray]

INSTANTS = (6, 12, 18, 29, 47, 70, 117, 187, 375)
"""Pools heard when a summary is looked at: 1 to 64 s."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that decides how readers are fitted.

    Attributes
    ----------
    readers : int
        Networks that vote; they differ in their seed.
    hidden : int
        Width of the hidden layer.
    passes : int
        How often each version of each clip is drawn, the first time as it is.
    share : float
        How much the logits count beside those of the others.
    epochs, batch : int
        Passes over the summaries, summaries a step.
    learning_rate, weight_decay : float
        Of AdamW; the rate falls to zero along a cosine.
    input_dropout, dropout : float
        Share of summary values and of hidden values dropped while training.
    noise : float
        Deviation of the offsets added to standardised values.
    smoothing : float
        Targets are moved this far from 0 and 1.
    colour_db : float
        Strength of the colours, `models.training.medleys.Mixture.colour_db`.
    narrow : float
        Share of coloured versions that come through a small loudspeaker.
    warm : int
        Pools until a summary has full weight.
    seed : int
    """

    readers: int = 2
    hidden: int = 64
    passes: int = 2
    epochs: int = 8
    batch: int = 256
    learning_rate: float = 2e-3
    weight_decay: float = 2e-2
    input_dropout: float = 0.2
    dropout: float = 0.4
    noise: float = 0.2
    smoothing: float = 0.08
    colour_db: float = 4.0
    narrow: float = 0.3
    warm: int = 60
    share: float = 1.0
    seed: int = 0


PEAKS = Reading(input_dropout=0.05, dropout=0.2, noise=0.1, share=1.25)
"""How readers of peakiness are fitted: few values, little to drop."""


class Reader(nn.Module):
    """Standardise, one hidden layer, read out."""

    def __init__(self, mean: np.ndarray, scale: np.ndarray, reading: Reading) -> None:
        super().__init__()
        self.register_buffer("mean", torch.as_tensor(mean, dtype=torch.float32))
        self.register_buffer("scale", torch.as_tensor(scale, dtype=torch.float32))
        self.reading = reading
        self.hidden = nn.Linear(len(mean), reading.hidden)
        self.read = nn.Linear(reading.hidden, 2)
        self.drop = nn.Dropout(reading.dropout)

    def forward(self, summaries: torch.Tensor) -> torch.Tensor:
        """Logits of arousal and valence, shape=(…, 2), of summaries, shape=(…, width)."""
        x = torch.clamp((summaries - self.mean) * self.scale, -4.0, 4.0)
        if self.training:
            x = x + self.reading.noise * torch.randn_like(x)
            x = x * (torch.rand_like(x) >= self.reading.input_dropout)
        return self.read(self.drop(torch.relu(self.hidden(x))))


def draw_summaries(
    lessons: Lessons, reading: Reading, look: Look
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Summaries to learn from, shape=(n, width), their targets (n, 2) and weights (n,).

    ``look`` gives a summary after each pool.
    """
    rng = np.random.default_rng(reading.seed)
    parts, owners, heard = [], [], []
    for turn in range(reading.passes):
        for clip, versions in enumerate(lessons.pools):
            for version in versions:
                pools = version
                if turn:
                    pools = pools[rng.integers(len(pools) // 2 + 1) :]
                    pools = colour(pools, reading.colour_db, rng)
                    pools = narrow(pools, rng) if rng.random() < reading.narrow else pools
                at = sorted({min(instant, len(pools)) for instant in INSTANTS})
                parts.append(look(pools)[np.asarray(at) - 1])
                owners.append(np.full(len(at), clip))
                heard.append(np.asarray(at))
    owner, pools_heard = np.concatenate(owners), np.concatenate(heard)
    copies = np.asarray([len(versions) for versions in lessons.pools])
    weights = lessons.weights[owner] / copies[owner]
    weights = weights * np.minimum(1.0, np.sqrt(pools_heard / reading.warm))
    weights = (weights / weights.mean()).astype(np.float32)
    return np.concatenate(parts), lessons.targets[owner], weights


def fit_readers(lessons: Lessons, reading: Reading, look: Look, told: str = "") -> list[Reader]:
    """Train the readers, each from a seed of its own.

    Parameters
    ----------
    lessons : Lessons
    reading : Reading
    look : callable
        Pools to what a reader looks at after each: `RowMaker.whole` or `RowMaker.peaks`.
    told : str
        What the progress bar says.
    """
    drawn, truth, weights = draw_summaries(lessons, reading, look)
    mean, scale = drawn.mean(axis=0), 1.0 / np.maximum(drawn.std(axis=0), 1e-3)
    x, w = torch.from_numpy(drawn), torch.from_numpy(weights)
    y = torch.from_numpy(truth * (1.0 - 2.0 * reading.smoothing) + reading.smoothing)
    readers = []
    for k in range(reading.readers):
        torch.manual_seed(reading.seed * 1000 + k)
        reader = Reader(mean, scale, reading)
        steps = reading.epochs * -(-len(x) // reading.batch)
        descent = Descent(reader, steps, reading.learning_rate, reading.weight_decay)
        for _ in trange(reading.epochs, desc=f"{told} reader {k + 1}", unit="epoch", leave=False):
            for batch in torch.randperm(len(x)).split(reading.batch):
                loss = nn.functional.binary_cross_entropy_with_logits(
                    reader(x[batch]), y[batch], reduction="none"
                )
                descent.step((loss.mean(dim=1) * w[batch]).mean())
        readers.append(reader.eval())
    return readers


@torch.no_grad()
def read(readers: Sequence[Reader], summaries: np.ndarray) -> np.ndarray:
    """Mean logits (arousal, valence) of summaries, as they count, shape=(n, 2); none say 0."""
    if not readers:
        return np.zeros((len(summaries), 2), dtype=np.float32)
    said = [reader.reading.share * reader(torch.from_numpy(summaries)) for reader in readers]
    return torch.stack(said).mean(dim=0).numpy()


def export_readers(
    readers: Sequence[Reader], temperatures: np.ndarray, kind: str = KINDS[0]
) -> dict[str, np.ndarray]:
    """Weights under the names of `models.readers`; temperatures and share are in the read-out."""
    state = stack_states(readers)
    factor = readers[0].reading.share / np.asarray(temperatures, dtype=np.float32)
    return {
        f"{kind}_mean": state["mean"],
        f"{kind}_scale": state["scale"],
        f"{kind}_w": state["hidden.weight"],
        f"{kind}_b": state["hidden.bias"],
        f"{kind}_v": state["read.weight"] * factor[None, :, None],
        f"{kind}_c": state["read.bias"] * factor[None],
    }
