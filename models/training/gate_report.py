"""How often the gate is right, and how soon.

Conventions
-----------
A `Hearing` is what the gate said of one sound, pool by pool, as smoothed logits of the run-time
code. Shares are shares of time, from the first pool on or from `SETTLED_S` on; their intervals are
95 % bootstraps over sounds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.gate import THRESHOLD
from models.gate_features import POOL_S
from models.intervals import Estimate, Resampling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.gate import MusicGate
    from models.training.gate_corpus import Sound

SETTLED_S = 2.0
"""Seconds after which a sound that is no music ought to be known as such."""
RECORDINGS = ("panda_4q", "emotify")
"""Corpora of real recordings of music: the offset is set on them."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the gate said of a sound.

    Attributes
    ----------
    kind : str
    music, plain : bool
        Of the sound.
    logits : np.ndarray, shape=(n_pools,)
        Smoothed.
    """

    kind: str
    music: bool
    plain: bool
    logits: np.ndarray


def examine(gate: MusicGate, sounds: Sequence[Sound]) -> list[Heard]:
    """Stream sounds through a gate."""
    heard = []
    for sound in sounds:
        gate.reset()
        p = np.asarray([gate.update(pool) for pool in sound.pools])
        heard.append(Heard(sound.kind, sound.music, sound.plain, np.log(p) - np.log1p(-p)))
    return heard


def required_offset(heard: Sequence[Heard], share: float) -> float:
    """What to add to the logit so that this share of the time of real music is rejected."""
    real = np.concatenate([h.logits for h in heard if h.kind in RECORDINGS and h.plain])
    return math.log(THRESHOLD / (1.0 - THRESHOLD)) - float(np.quantile(real, share))


def share_of_time(
    heard: Sequence[Heard], offset: float, music: bool, from_s: float = 0.0
) -> Estimate:
    """Share of the time, from ``from_s`` on, in which sounds are taken for music (or are not)."""
    edge = math.log(THRESHOLD / (1.0 - THRESHOLD)) - offset
    first = round(from_s / POOL_S)
    counts = np.asarray([np.sum((h.logits[first:] >= edge) == music) for h in heard], float)
    totals = np.asarray([len(h.logits[first:]) for h in heard], float)
    weights = Resampling([str(i) for i in range(len(heard))]).weights
    drawn = (weights @ counts) / np.maximum(weights @ totals, 1.0)
    low, high = np.percentile(drawn, (2.5, 97.5))
    return Estimate(float(counts.sum() / totals.sum()), float(low), float(high))


def decided_after_s(heard: Sequence[Heard], offset: float) -> float:
    """Median time after which what is no music is first known as such, seconds; inf if not."""
    edge = math.log(THRESHOLD / (1.0 - THRESHOLD)) - offset
    known = [np.flatnonzero(h.logits < edge) for h in heard]
    return float(np.median([(k[0] + 1) * POOL_S if len(k) else np.inf for k in known]))


def report(heard: Sequence[Heard], offset: float) -> dict[str, object]:
    """Figures for the card: music rejected and other sounds accepted, by kind."""
    kinds = sorted({(h.music, h.kind) for h in heard}, reverse=True)
    rejected: dict[str, str] = {}
    accepted: dict[str, str] = {}
    decided: dict[str, str] = {}
    for music, kind in kinds:
        some = [h for h in heard if h.kind == kind]
        if not music:
            accepted[kind] = f"{share_of_time(some, offset, True, SETTLED_S)}, n = {len(some)}"
            decided[kind] = f"{decided_after_s(some, offset):.2f}"
            continue
        plain = [h for h in some if h.plain]
        for name, part in ((kind, plain), (f"{kind}, altered", [h for h in some if not h.plain])):
            if part:
                rejected[name] = f"{share_of_time(part, offset, False)}, n = {len(part)}"
    return {
        "n": str(len(heard)),
        "split": "five folds: artists, songs, series, games, tracks; talkers; the rest at random",
        "interval": "95 %, 2,000 bootstrap draws of sounds",
        "music rejected, share of its time": rejected,
        f"taken for music, share of the time after {SETTLED_S:g} s": accepted,
        "median seconds until first known as no music": decided,
    }
