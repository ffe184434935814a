"""Frames to cells: what the detectors of this package see, and the silences between.

Conventions
-----------
A hop that sounds is an **entry**: energy (dB) and `N_COEFFICIENTS` coefficients of the mel cepstrum
(`dsp.novelty.build_cepstrum`). A **cell** is the mean cepstrum of `CELL` entries. Both are counted
since the last silence and kept in rings. Hops below the silence floor are no entries; a silence
that lasts is a segment of its own, and what was heard before it is forgotten. Frames are placed at
their middle, ``shift`` hops back, energies at their hop.

All that changes lives in one record of dtype `STATE`, all that does not in one of dtype `PLAN`.
"""

from __future__ import annotations

import numpy as np

from dsp.jit import kernel
from dsp.novelty import CELL, MEL_FLOOR_DB
from dsp.silence import SILENCE_PLAN, SILENCE_STATE, hear

N_COEFFICIENTS = 12
ENERGY = 0
"""Column of the energy in an entry; the cepstrum follows."""
NOTHING, FULL, SILENCE = 0, 1, 2
"""What `gather` came upon: the end of the frames, a full cell, the begin or end of a silence."""

PLAN = np.dtype([(name, "i8") for name in ("log_mel", "n_mels", "energy", "shift")] + SILENCE_PLAN)
STATE = np.dtype([(name, "i8") for name in ("frame", "entries", "event")] + SILENCE_STATE)


@kernel
def _append(s, entries, cells, hops, hop, energy_db, log_mel, basis):
    """Add a hop to the entries and to its cell; return whether the cell is full."""
    slot = s.entries % entries.shape[0]
    entry = entries[slot]
    hops[slot] = hop
    entry[ENERGY] = energy_db
    cell = cells[(s.entries // CELL) % cells.shape[0]]
    if s.entries % CELL == 0:
        cell[:] = 0.0
    for k in range(basis.shape[0]):
        total = 0.0
        for b in range(basis.shape[1]):
            total += basis[k, b] * max(float(log_mel[b]), MEL_FLOOR_DB)
        entry[1 + k] = total
        cell[k] += total / CELL
    s.entries += 1
    return s.entries % CELL == 0


@kernel
def gather(values, at, first, state, plan, pending, entries, cells, hops, basis):
    """Take in frames from row ``at`` on until something has come about; return the next row.

    ``first`` is the stream's index of row 0; ``state.event`` says what came about. A sound that
    ends a silence counts from its first hop: its entries are there when the silence is announced.
    """
    s = state[0]
    p = plan[0]
    s.event = NOTHING
    while at < values.shape[0] and s.event == NOTHING:
        row = values[at]
        s.frame = first + at
        at += 1
        pending[s.frame % pending.shape[0]] = row[p.energy]
        hop = s.frame - p.shift
        if hop < 0:
            continue
        energy_db = pending[hop % pending.shape[0]]
        s.found = 0
        sounds = hear(s, p, hop, energy_db)
        if s.fresh:
            s.fresh = 0
            s.entries = 0
        if s.found:
            s.event = SILENCE
        if not sounds:
            continue
        log_mel = row[p.log_mel : p.log_mel + p.n_mels]
        full = _append(s, entries, cells, hops, hop, energy_db, log_mel, basis)
        if full and not s.silent and s.event == NOTHING:
            s.event = FULL
    return at
