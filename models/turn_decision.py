"""When the network's opinions are a turn: limits, peaks, and the instant to the hop.

Conventions
-----------
Kernels of `models.turns`. Hops are frames moved to the middle of what they look at; pools count
from the start of the stream, silent ones left out; a *candidate* is the number of the first pool of
a segment that may have begun. All that changes lives in one record of dtype `STATE` and the arrays
of a `Memory`; all that does not in one record of dtype `PLAN` and the `Tables` of the network.

Of each candidate the network has one opinion after another, one a lag, each later and surer. The
first that is above the limit of its lag and that no candidate within ``wait`` pools exceeds,
decides. Then the place is refined: of all hops around it, the one at which two mean mel cepstra
and levels explain the sound best (`dsp.novelty.split`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from dsp.held import opened
from dsp.jit import kernel
from dsp.novelty import CELL, MEL_FLOOR_DB, split
from dsp.silence import SILENCE_PLAN, SILENCE_STATE, hear, report
from models.pools import POOL
from models.turn_network import (
    LEAST,
    LONG,
    NEVER,
    WIDTH,
    Tables,
    add_embedding,
    compare_all,
    describe,
    embed,
)

WAIT = 1
"""Pools on either side of a candidate that must not be better ones."""
N_COEFFICIENTS = 12
"""Of the mel cepstra that place a turn."""

PLAN = np.dtype(
    [(name, "i8") for name in ("log_mel", "n_mels", "energy", "shift", "min_segment")]
    + [(name, "i8") for name in ("wait", "around", "longest")]
    + [("quiet", "f8"), ("pull", "f8")]
    + SILENCE_PLAN
)
"""``around``: hops on either side of a candidate between which its place is refined; ``longest``:
pools that the latest opinion takes; ``quiet``: power of a pool that is silent; ``pull``: how firmly
the place is held near the candidate (`dsp.novelty.split`)."""
STATE = np.dtype(
    [(name, "i8") for name in ("frame", "pools", "first_pool", "maybe_hop")]
    + [("maybe", "f8")]
    + SILENCE_STATE
)
"""``pools``: heard so far; ``first_pool``: of the present segment; ``maybe``: by how much the best
candidate exceeds its limit, NEVER if there is none, and where it stands."""


class Memory(NamedTuple):
    """What is kept of the stream, as rings."""

    log_mel: np.ndarray
    """Of each hop, shape=(hops, n_mels)."""
    energy: np.ndarray
    """Of each hop, dB; NaN where it does not count as music."""
    sums: np.ndarray
    """Running sums of embeddings and their squares, shape=(pools, 2 (d + 1))."""
    opinions: np.ndarray
    """Logits of each candidate, shape=(pools, lags)."""
    begins: np.ndarray
    """Hop at which each pool begins."""


class Scratch(NamedTuple):
    """Room to compute in."""

    x: np.ndarray
    hidden: np.ndarray
    e: np.ndarray
    f: np.ndarray
    logits: np.ndarray
    entries: np.ndarray
    """Level and cepstrum of the hops around a candidate."""
    hops: np.ndarray
    gains: np.ndarray


def build_rings(tables: Tables, n_mels: int, around: int) -> tuple[Memory, Scratch]:
    """Empty memory and scratch for a network and a width of refinement (hops on either side)."""
    n, d, longest = len(tables.lags), len(tables.ridge), longest_of(tables)
    hops = 2 * around + (longest + 2) * POOL
    pools = LONG + 2 * longest
    memory = Memory(
        log_mel=np.zeros((hops, n_mels), np.float32),
        energy=np.zeros(hops),
        sums=np.zeros((pools, 2 * d)),
        opinions=np.zeros((pools, n)),
        begins=np.zeros(pools, np.int64),
    )
    scratch = Scratch(
        x=np.zeros(WIDTH + 1, np.float32),
        hidden=np.zeros(len(tables.b_in), np.float32),
        e=np.zeros(d, np.float32),
        f=np.zeros(4 * d + 3, np.float32),
        logits=np.zeros(n),
        entries=np.zeros((2 * around + CELL, 1 + N_COEFFICIENTS)),
        hops=np.zeros(2 * around + CELL, np.int64),
        gains=np.zeros((3, 1 + N_COEFFICIENTS)),
    )
    return memory, scratch


def longest_of(tables: Tables) -> int:
    """Pools after which no more is thought of a candidate."""
    return int(tables.lags.max()) + WAIT + 1


def clear(memory: Memory, state: np.ndarray) -> None:
    """Start a new stream."""
    state[:] = np.zeros(1, dtype=STATE)
    state["frame"] = -1
    state["silent"] = 1
    state["maybe"] = NEVER
    memory.sums[:] = 0.0
    memory.opinions[:] = NEVER


@kernel(part=True)
def _take_pool(pool, held):
    """Add a pool; write what the network now thinks of the candidates that it has reached."""
    state, plan, tables, _, _, _, memory, scratch = opened(held)
    s, p = state[0], plan[0]
    size = memory.opinions.shape[0]
    s.pools += 1
    now = memory.opinions[s.pools % size]
    now[:] = NEVER
    memory.begins[(s.pools - 1) % size] = s.frame + 1 - POOL - p.shift
    describe(pool, scratch.x)
    embed(scratch.x, tables, scratch.hidden, scratch.e)
    add_embedding(memory.sums, s.pools, scratch.e)
    n = tables.lags.shape[0]
    logits = scratch.logits
    compare_all(memory.sums, s.pools, s.first_pool, tables, scratch.f, logits)
    for j in range(n):
        candidate = s.pools - tables.lags[j]
        if candidate >= 0:
            memory.opinions[candidate % size, j] = logits[j]


@kernel(part=True)
def _is_peak(memory, candidate, j, wait):
    """Whether no neighbour within ``wait`` pools is the better candidate."""
    size = memory.opinions.shape[0]
    here = memory.opinions[candidate % size, j]
    for d in range(1, wait + 1):
        if memory.opinions[(candidate + d) % size, j] > here:
            return False
        if memory.opinions[(candidate - d) % size, j] >= here:
            return False
    return True


@kernel
def choose(s, p, tables, limits, memory):
    """Candidate that is decided now, or -1; keeps what is in the air."""
    size = memory.opinions.shape[0]
    s.maybe = NEVER
    chosen = -1
    for j in range(tables.lags.shape[0]):
        candidate = s.pools - tables.lags[j] - p.wait
        if candidate - s.first_pool < LEAST:
            continue
        above = memory.opinions[candidate % size, j] - limits[j]
        if above >= 0.0 and chosen < 0 and _is_peak(memory, candidate, j, p.wait):
            chosen = candidate
            s.maybe = above
    if chosen >= 0:
        return chosen
    first = max(s.first_pool + LEAST, s.pools - p.longest)
    for candidate in range(first, s.pools):
        for j in range(tables.lags.shape[0]):
            above = memory.opinions[candidate % size, j] - limits[j]
            if above > s.maybe:
                s.maybe = above
                s.maybe_hop = memory.begins[candidate % size]
    return -1


@kernel(part=True)
def _refine(candidate, held):
    """Hop at which the music around a candidate changes most."""
    state, plan, _, _, basis, ridges, memory, scratch = opened(held)
    s, p = state[0], plan[0]
    size = memory.energy.shape[0]
    middle = memory.begins[candidate % memory.begins.shape[0]]
    first = max(middle - p.around, s.start_hop, s.frame - p.shift + 1 - size)
    stop = min(middle + p.around, s.frame - p.shift + 1)
    n, centre = np.int64(0), np.int64(0)  # no literals, for which `split` would be compiled anew
    for hop in range(first, stop):
        energy_db = memory.energy[hop % size]
        if math.isnan(energy_db):
            continue
        entry = scratch.entries[n]
        entry[0] = energy_db
        row = memory.log_mel[hop % size]
        for k in range(basis.shape[0]):
            total = 0.0
            for b in range(basis.shape[1]):
                total += basis[k, b] * max(row[b], MEL_FLOOR_DB)
            entry[1 + k] = total
        scratch.hops[n] = hop
        n += 1
        if hop < middle:
            centre = n
    if n < 4 * CELL:
        return middle
    return scratch.hops[
        split(scratch.entries, ridges, 0, n, CELL, scratch.gains, float(centre), p.pull)
    ]


@kernel(part=True)
def _decide(candidate, held):
    """Place the turn and report it, unless the segment would be too short."""
    state, plan, _, _, _, _, memory, _ = opened(held)
    s, p = state[0], plan[0]
    hop = _refine(candidate, held)
    if hop - s.start_hop < p.min_segment:
        return
    report(s, hop, 1.0 / (1.0 + math.exp(-s.maybe)))
    size = memory.begins.shape[0]
    first = s.pools
    while first - 1 > s.first_pool and memory.begins[(first - 1) % size] >= hop:
        first -= 1
    s.first_pool = first
    s.maybe = NEVER
    # opinions so far compare with the segment that is over
    for later in range(first, s.pools + 1):
        memory.opinions[later % size] = NEVER


@kernel
def advance(values, at, first, pools, held):
    """Take in frames from row ``at`` on until a boundary is found; return the next row.

    ``first`` is the stream's index of row 0, ``pools`` are those that these frames complete.
    ``state.found`` says whether there is a boundary.
    """
    state, plan, tables, limits, _, _, memory, _ = opened(held)
    s, p = state[0], plan[0]
    s.found = 0
    size = memory.energy.shape[0]
    while at < values.shape[0] and not s.found:
        row = values[at]
        s.frame = first + at
        at += 1
        # what a hop sounds like is known when the frame around it is: later by ``shift``
        memory.energy[s.frame % size] = row[p.energy]
        hop = s.frame - p.shift
        if hop >= 0:
            log_mel = memory.log_mel[hop % size]
            for b in range(p.n_mels):
                log_mel[b] = row[p.log_mel + b]
            sounds = hear(s, p, hop, memory.energy[hop % size])
            if not sounds:
                memory.energy[hop % size] = np.nan
            if s.fresh:
                s.fresh = 0
                s.first_pool = s.pools
                s.maybe = NEVER
        if (s.frame + 1) % POOL:
            continue
        pool = pools[(s.frame + 1) // POOL - 1 - first // POOL]
        if s.silent or pool[pool.shape[0] - 1] < p.quiet:
            continue
        _take_pool(pool, held)
        candidate = choose(s, p, tables, limits, memory)
        if candidate >= 0 and not s.found:
            _decide(candidate, held)
    return at
