"""The network that hears a turn: is the music of the last seconds that of the seconds before?

Conventions
-----------
One step a pool (`models.pools`, 171 ms; silent pools are left out). Instants are counted in pools.
A pool becomes a level-free description (`describe`) and this an *embedding* e, the level beside it:

    z = clip((x - mean) scale, ±5)      e = [tanh(w_out max(w_in z + b_in, 0) + b_out), level / 10]

At instant t, for each lag r of ``lags``, the newest r pools are compared with what the present
segment had before, at most `LONG` pools of it, and with only its last ``max(r, SHORT)`` pools. With
μ and v the mean and variance of e in a window, ρ a learned ridge, n numbers of pools:

    long   = |μ_r - μ_long| / sqrt(v pooled + ρ)          short = the same with the short past
    spread = |ln(v_r + ρ) - ln(v_long + ρ)| / 2           past = ln(v_long + ρ) / 2

These, the logarithms of n_long / 30 and n_short / 30 and the root mean square of ``long`` go
through one hidden layer, a head for each lag. Its output is the logit that a turn stands at
``t - r``: for small r soon and unsure, for large r late and surer. Turning the volume of the whole
stream changes nothing.

Windows are differences of running sums in double precision, which after a month of music still
resolve more than the embedding itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dsp.jit import kernel
from dsp.pitch import LOWEST, PITCHES
from dsp.tables import shared
from models.pools import pool_spans

if TYPE_CHECKING:
    from models.weights import Weights

LONG = 90
"""Most pools of the past (15.4 s)."""
SHORT = 8
"""Fewest pools of the short past, where there are so many (1.4 s)."""
LEAST = 6
"""Fewest pools of past with which anything is compared (1.0 s)."""
RANGE_DB = 60.0
"""How far under the strongest mel band a band still counts."""
NEVER = -99.0
"""Logit where there is no past to compare with."""
_SPANS = pool_spans()
_N_MELS = 64
_FLUTTER = _SPANS["flutter"].start
_ONSET = _SPANS["onset"].start
_PITCH = _SPANS["pitch"].start
_ENERGY = _SPANS["energy"].start
_GROUPS = _SPANS["flutter"].stop - _FLUTTER
WIDTH = _N_MELS + _GROUPS + 5 + 12 + PITCHES
"""Values of a description without the level."""
DESCRIPTION = f"1: {RANGE_DB} {LONG} {SHORT} {LEAST} {LOWEST}"
"""Says what the network is told; weights name the one that they were trained on."""


class Tables(NamedTuple):
    """Arrays of the network as the kernels take them; r lags, i inputs, h, d, m layer sizes."""

    mean: np.ndarray
    scale: np.ndarray
    w_in: np.ndarray
    b_in: np.ndarray
    w_out: np.ndarray
    b_out: np.ndarray
    ridge: np.ndarray
    w_head: np.ndarray
    b_head: np.ndarray
    v_head: np.ndarray
    c_head: np.ndarray
    lags: np.ndarray


_DIMENSIONS = {
    "lags": "r",
    "mean": "i",
    "scale": "i",
    "b_in": "h",
    "w_in": "h i",
    "b_out": "d",
    "w_out": "d h",
    "ridge": "d+1",
    "b_head": "r m",
    "w_head": "r m 4d+7",
    "v_head": "r m",
    "c_head": "r",
}


def build_tables(weights: Weights) -> Tables:
    """Take the arrays of a weight file.

    Raises
    ------
    WeightsError
        They are not those of such a network, or were trained on another description.
    """
    weights.require("front_end", DESCRIPTION)
    weights.require_shapes(**_DIMENSIONS)
    arrays = {
        name: shared(weights.arrays[name].astype(np.int64 if name == "lags" else np.float32))
        for name in Tables._fields
    }
    return Tables(**arrays)


@kernel
def describe(pool, x):
    """A pool to its description, shape=(WIDTH + 1,), the level last."""
    top = pool[0]
    for b in range(_N_MELS):
        top = max(top, pool[b])
    mean = np.float32(0.0)
    for b in range(_N_MELS):
        x[b] = max(pool[b], top - RANGE_DB)
        mean += x[b]
    mean /= _N_MELS
    for b in range(_N_MELS):
        x[b] = (x[b] - mean) / 10.0
    for g in range(_GROUPS):
        x[_N_MELS + g] = pool[_FLUTTER + g] / 5.0
    at = _N_MELS + _GROUPS
    for i in range(3):
        x[at + i] = pool[_ONSET + i] / 3.0
    x[at + 3] = pool[_ONSET + 3] * 10.0
    x[at + 4] = np.log2(max(pool[_ONSET + 4], 50.0) / 1000.0)
    at += 5
    x[at : at + 12] = 0.0
    for i in range(PITCHES):
        share = pool[_PITCH + i]
        x[at + (LOWEST + i) % 12] += 6.0 * share
        x[at + 12 + i] = 8.0 * share
    x[WIDTH] = pool[_ENERGY] / 10.0


@kernel
def describe_all(pools, x):
    """Pools to descriptions, shape=(n, WIDTH + 1)."""
    for i in range(pools.shape[0]):
        describe(pools[i], x[i])


@kernel(reorder=True)
def embed(x, tables, hidden, e):
    """A description to its embedding, shape=(d + 1,). Overwrites ``x``; ``hidden`` is scratch."""
    width = tables.mean.shape[0]
    for i in range(width):
        x[i] = min(max((x[i] - tables.mean[i]) * tables.scale[i], -5.0), 5.0)
    for j in range(hidden.shape[0]):
        total = tables.b_in[j]
        row = tables.w_in[j]
        for i in range(width):
            total += row[i] * x[i]
        hidden[j] = max(total, 0.0)
    n = tables.b_out.shape[0]
    for k in range(n):
        total = tables.b_out[k]
        row = tables.w_out[k]
        for j in range(hidden.shape[0]):
            total += row[j] * hidden[j]
        e[k] = np.tanh(total)
    e[n] = x[width]


@kernel
def add_embedding(sums, t, e):
    """Running sums of e and of its squares after pool ``t - 1``, from those before it."""
    before = sums[(t - 1) % sums.shape[0]]
    now = sums[t % sums.shape[0]]
    n = e.shape[0]
    for k in range(n):
        value = np.float64(e[k])
        now[k] = before[k] + value
        now[n + k] = before[n + k] + value * value


@kernel(part=True)
def _compare(sums, t, r, start, ridge, f):
    """Fill ``f`` with the comparison of the newest ``r`` pools and the past since ``start``."""
    size = sums.shape[0]
    n = ridge.shape[0]
    middle = t - r
    long = min(middle - start, LONG)
    short = min(middle - start, max(r, SHORT))
    newest, here = sums[t % size], sums[middle % size]
    far, near = sums[(middle - long) % size], sums[(middle - short) % size]
    square = 0.0
    for k in range(n):
        q = n + k
        m_r, m_l = (newest[k] - here[k]) / r, (here[k] - far[k]) / long
        m_s = (here[k] - near[k]) / short
        v_r = max((newest[q] - here[q]) / r - m_r * m_r, 0.0)
        v_l = max((here[q] - far[q]) / long - m_l * m_l, 0.0)
        v_s = max((here[q] - near[q]) / short - m_s * m_s, 0.0)
        distance = (m_r - m_l) / np.sqrt((v_r * r + v_l * long) / (r + long) + ridge[k])
        square += distance * distance
        f[k] = abs(distance)
        f[q] = abs(m_r - m_s) / np.sqrt((v_r * r + v_s * short) / (r + short) + ridge[k])
        past = np.log(v_l + ridge[k])
        f[2 * n + k] = abs(np.log(v_r + ridge[k]) - past) / 2.0
        f[3 * n + k] = past / 2.0
    f[4 * n] = np.log(long / 30.0)
    f[4 * n + 1] = np.log(short / 30.0)
    f[4 * n + 2] = np.sqrt(square / n + 1e-6)


@kernel(reorder=True)
def _head(f, w, b, v, c):
    """One hidden layer: the logit."""
    for j in range(b.shape[0]):
        total = b[j]
        row = w[j]
        for i in range(f.shape[0]):
            total += row[i] * f[i]
        c += v[j] * max(total, np.float32(0.0))
    return c


@kernel
def compare_all(sums, t, start, tables, f, logits):
    """Logits of a turn at ``t - lags`` after pool ``t - 1``, shape=(r,), of the segment's pools."""
    for j in range(tables.lags.shape[0]):
        r = tables.lags[j]
        logits[j] = NEVER
        if t - r - start >= LEAST:
            _compare(sums, t, r, start, tables.ridge, f)
            logits[j] = _head(
                f, tables.w_head[j], tables.b_head[j], tables.v_head[j], tables.c_head[j]
            )
