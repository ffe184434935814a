"""What the music model sees of the sound: slow, level-free statistics.

Conventions
-----------
`Statistics` turns each pool (`models.pools`, 171 ms) into a *row*: how the music sounds now, how it
has sounded lately and for longer, how much it varies, in which key and in which rhythm it is, all
relative to its own running level, so that a turn of the volume knob changes nothing but silence.
Training and run time share this code, and pools may be spliced: rows depend on the pools since the
last `Statistics.reset` only. `n_texture` = n_bands + 22:

=========  =========  ============================================================================
part       width      meaning
=========  =========  ============================================================================
now        n_texture  the pool's bands and energy relative to the running level in decades, onset,
                      crossings, log2 of the centroid in kHz, flutter
lately     n_texture  leaky mean, `FAST_S`
average    n_texture  leaky mean, `SLOW_S`
variation  n_texture  leaky standard deviation, `SLOW_S`
harmony    51         `models.harmony`
rhythm     26         `models.pulse`
=========  =========  ============================================================================

A leaky mean starts as the plain mean of all pools so far and forgets with its time constant from
then on, so that the first seconds count at once.
"""

from __future__ import annotations

import numpy as np

from dsp.held import hold, opened
from dsp.jit import kernel
from dsp.pitch import PITCHES
from models.harmony import Harmony, push_harmony
from models.pools import POOL, SILENCE_DB, pool_spans
from models.pulse import Pulse, push_pulse

LEVEL_S = 4.0
"""Time constant of the running level, seconds."""
FAST_S = 2.0
"""Time constant of what is heard lately, seconds."""
SLOW_S = 10.0
"""Time constant of average and variation, seconds."""
FRONT_END = (
    f"3: {POOL} {SILENCE_DB} {LEVEL_S} {FAST_S} {SLOW_S} {Harmony.SETTINGS} {Pulse.SETTINGS}"
)
"""Says which rows these are; weights name the one that they were trained on."""


@kernel(part=True)
def _texture(pool, n, groups, state, row):
    """One pool into the running statistics of texture, these into the head of a row.

    ``leaky`` rows: lately, average, mean square; behind the last row's texture the level's power.
    ``rates``: of level, lately, slow statistics.
    """
    rates, seen, leaky = state
    width = n + 6 + groups
    seen[0] += 1
    share = 1.0 / seen[0]
    leaky[0, width] += max(share, rates[0]) * (pool[pool.shape[0] - 1] - leaky[0, width])
    level_db = 10.0 * np.log10(max(leaky[0, width], 1e-12))
    for b in range(n + 1):
        row[b] = min(max((pool[b] - level_db) / 10.0, -8.0), 8.0)
    row[n + 1] = pool[n + 1]
    row[n + 2] = pool[n + 2] / 2.0
    row[n + 3] = pool[n + 3]
    row[n + 4] = pool[n + 4] * 10.0
    row[n + 5] = np.log2(max(pool[n + 5], 50.0) / 1000.0)
    for g in range(groups):
        row[n + 6 + g] = pool[n + 6 + g] / 5.0
    fast, slow = max(share, rates[1]), max(share, rates[2])
    for i in range(width):
        now = row[i]
        leaky[0, i] += fast * (now - leaky[0, i])
        leaky[1, i] += slow * (now - leaky[1, i])
        leaky[2, i] += slow * (now * now - leaky[2, i])
        row[width + i] = leaky[0, i]
        row[2 * width + i] = leaky[1, i]
        row[3 * width + i] = np.sqrt(max(leaky[2, i] - leaky[1, i] * leaky[1, i], 0.0))


@kernel
def _rows(pools, held, rows):
    """Pools to rows, one after the other.

    ``plan``: number of bands, groups, where onsets and pitch begin, width of texture and of
    harmony in a row. ``texture``, ``harmony``, ``pulse``: the state of each part.
    """
    plan, texture, harmony, pulse = opened(held)
    n, groups, onsets, pitch = plan[0], plan[1], plan[2], plan[3]
    tail = plan[4] + plan[5]
    for i in range(pools.shape[0]):
        pool, row = pools[i], rows[i]
        _texture(pool, n, groups, texture, row)
        push_harmony(pool[pitch : pitch + PITCHES], harmony, row[plan[4] : tail])
        push_pulse(pool[onsets : onsets + POOL], pulse, row[tail:])


class Statistics:
    """Pools to rows.

    Parameters
    ----------
    pool_width : int
        Values a pool (`Pooling.width`).
    pool_s : float
        Seconds that a pool spans.

    Attributes
    ----------
    width : int
        Values a row.
    texture : int
        How many of them, from the first on, say how it sounds now.

    Raises
    ------
    ValueError
        Pools of another width than `models.pools` makes.
    """

    delay = 0

    def __init__(self, pool_width: int, pool_s: float) -> None:
        spans = pool_spans()
        if spans["power"].stop != pool_width:
            raise ValueError(f"a pool has {spans['power'].stop} values, not {pool_width}")
        bands = spans["bands"].stop
        groups = spans["flutter"].stop - spans["flutter"].start
        width = bands + 6 + groups
        self._harmony = Harmony(pool_s)
        self._pulse = Pulse(pool_s / POOL)
        parts = (bands, groups, spans["onsets"].start, spans["pitch"].start)
        self._plan = np.asarray((*parts, 4 * width, self._harmony.width), dtype=np.int64)
        self.texture = width
        self.width = 4 * width + self._harmony.width + self._pulse.width
        rates = np.asarray([pool_s / s for s in (LEVEL_S, FAST_S, SLOW_S)])
        self._texture = (rates, np.zeros(1, dtype=np.int64), np.zeros((3, width + 1)))
        self._held = hold(self._plan, self._texture, self._harmony.state, self._pulse.state)
        self._row = np.zeros((1, self.width), dtype=np.float32)
        self.push(np.zeros(pool_width, dtype=np.float32))
        self.reset()

    def push(self, pool: np.ndarray) -> np.ndarray:
        """Take one pool, shape=(pool_width,), float32; return its row, shape=(width,), a view."""
        self.push_all(pool[None], self._row)
        return self._row[0]

    def push_all(self, pools: np.ndarray, rows: np.ndarray) -> None:
        """Take pools, shape=(n, pool_width); write their rows, shape=(n, width), float32."""
        _rows(pools, self._held, rows)

    def reset(self) -> None:
        """Forget what was heard."""
        self._texture[1][:] = 0
        self._texture[2][:] = 0.0
        self._harmony.reset()
        self._pulse.reset()
