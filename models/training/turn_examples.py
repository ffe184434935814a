"""Junctions to learn from: medleys of pools whose turns are known.

Conventions
-----------
Recordings and scores as pools (`models.pools`) are cut into stretches of 8 to 30 s of different
groups (artists, songs) and joined by hard cuts, which may fall inside a pool, and by equal-power
cross-fades of up to 2 s. Powers are what adds up, so bands are mixed as powers; everything else is
mixed by its share. The same instrument may play all stretches of a medley, as a pianist would.

Stretches are brought to one level, give or take; some medleys keep the levels that they have, and
all are coloured now and then. A junction at which the quadrant stays counts less than one at which
it changes: it is new music, but no turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.pools import pool_spans
from models.training.medleys import change_level, colour
from models.turn_network import WIDTH, describe_all

if TYPE_CHECKING:
    from collections.abc import Sequence

SHORTEST, LONGEST = 47, 176
"""Pools of a stretch: 8 to 30 s."""
FADES = (0, 0, 3, 6, 12)
"""Lengths of cross-fades, pools; 0 is a hard cut."""
LEVEL_DB = -26.0
LOOSE_DB = 1.5
"""Deviation of a stretch's power from `LEVEL_DB` where loudness was made equal."""
WILD_DB = 5.0
"""The same where it was not."""
_SPANS = pool_spans()
_BANDS = slice(0, _SPANS["energy"].stop)


@dataclass(frozen=True, slots=True)
class Source:
    """One clip as it was heard in one version.

    Attributes
    ----------
    pools : np.ndarray, shape=(n, width), float16 or float32
    quadrant : int
        1..4, or 0 where there is none.
    group : str
        Artist, song, game or piece.
    fold : int
    voice : str
        Sources of one voice may stand in one medley.
    clip : str
        Which clip it is.
    """

    pools: np.ndarray
    quadrant: int
    group: str
    fold: int
    voice: str
    clip: str = ""


@dataclass(frozen=True, slots=True)
class Medley:
    """A stream of pools with its junctions.

    Attributes
    ----------
    x : np.ndarray, shape=(n, WIDTH + 1), float32
        Descriptions (`models.turn_network`).
    turns : np.ndarray, shape=(m,), float64
        Where the junctions are, pools; the middle of a cross-fade.
    kin : np.ndarray, shape=(m,), bool
        Whether the quadrant stays.
    """

    x: np.ndarray
    turns: np.ndarray
    kin: np.ndarray


def mix(before: np.ndarray, after: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Pools of two streams that sound together; ``share`` of the second one's power, shape=(n,)."""
    share = share[:, None].astype(np.float32)
    mixed = (1.0 - share) * before + share * after
    power = (1.0 - share) * 10.0 ** (before[:, _BANDS] / 10.0)
    power += share * 10.0 ** (after[:, _BANDS] / 10.0)
    mixed[:, _BANDS] = 10.0 * np.log10(np.maximum(power, 1e-12))
    return mixed


def _stretch(source: Source, rng: np.random.Generator, wild: bool) -> np.ndarray:
    """Part of a clip at the level of the medley."""
    longest = min(LONGEST, len(source.pools))
    n = int(rng.integers(min(SHORTEST, longest), longest + 1))
    start = int(rng.integers(len(source.pools) - n + 1))
    pools = source.pools[start : start + n].astype(np.float32)
    level_db = 10.0 * np.log10(max(float(pools[:, _SPANS["power"]].mean()), 1e-9))
    spread_db = WILD_DB if wild else LOOSE_DB
    return change_level(pools, float(LEVEL_DB - level_db + rng.normal(0.0, spread_db)))


def draw_medley(
    sources: Sequence[Source], length: int, rng: np.random.Generator, kin: float = 0.2
) -> Medley:
    """Draw a medley of ``length`` pools or a little more.

    Parameters
    ----------
    sources : sequence of Source
        Of one voice, of two groups at least.
    length : int
    rng : np.random.Generator
        The only source of randomness.
    kin : float
        Share of junctions at which the quadrant may stay.
    """
    wild = bool(rng.random() < 0.3)
    last = sources[rng.integers(len(sources))]
    stream = _stretch(last, rng, wild)
    stream = stream[int(rng.integers(len(stream) // 2)) :]
    turns: list[float] = []
    same: list[bool] = []
    while len(stream) < length:
        source = sources[rng.integers(len(sources))]
        stays = source.quadrant == last.quadrant
        if source.group == last.group or (stays and rng.random() >= kin):
            continue
        after = _stretch(source, rng, wild)
        fade = min(int(rng.choice(FADES)), len(stream) // 3, len(after) // 3)
        if fade:
            phase = (np.arange(fade) + 0.5) / fade
            share = np.sin(0.5 * np.pi * phase) ** 2
            turns.append(len(stream) - 0.5 * fade)
        else:
            fade, share = 1, rng.random(1)
            turns.append(len(stream) - float(share[0]))
        joint = mix(stream[-fade:], after[:fade], share)
        stream = np.concatenate([stream[:-fade], joint, after[fade:]])
        same.append(stays)
        last = source
    if rng.random() < 0.4:
        stream = colour(stream, 3.0, rng)
    x = np.zeros((len(stream), WIDTH + 1), np.float32)
    describe_all(np.ascontiguousarray(stream), x)
    return Medley(x, np.asarray(turns), np.asarray(same, bool))
