"""The segmenter's inner loop: windows, runs of outside values, the decision.

Conventions
-----------
Kernels of `dsp.segmentation`, where the method is told. Integer times are frames, hops (``hop =
frame - shift``: features are placed at the middle of their frame), entries (hops that sound,
counted since the last silence) or cells (`CELL` entries). All that changes lives in one record of
dtype `STATE` and three rings: ``entries`` (n, features) and ``hops`` (n,) one row an entry,
``cells`` (n, features) their means, energy there as a linear mean square. All that does not lives
in one record of dtype `PLAN`.
"""

from __future__ import annotations

import numpy as np

from dsp.jit import kernel
from dsp.novelty import CELL, MEL_FLOOR_DB, excursion, mean_of, shape_distance, split
from dsp.silence import SILENCE_PLAN, SILENCE_STATE, hear, report

ONSET_DB = 1.0
"""Onsets are peaks of onset strength above this and above 1.5 times the recent mean."""

ENERGY, ONSET, SHAPE = 0, 1, 2
"""Columns of an entry and of a cell; the cepstrum starts at ``SHAPE``."""
_BY_SHAPE, _BY_ENERGY, _BY_RHYTHM, _BY_EITHER = 0, 1, 2, 3
"""Codes of the rules, in the order of `dsp.segmenter_settings.RULES`; the rest is "both"."""

PLAN = np.dtype(
    [(name, "i8") for name in ("rule", "block", "log_mel", "n_mels", "energy", "onset", "shift")]
    + [(name, "i8") for name in ("recent", "past", "least_past", "wait", "min_segment")]
    + [("onset_distance", "i8")]
    + [(name, "f8") for name in ("energy_low", "energy_high", "rhythm_low", "rhythm_high")]
    + [(name, "f8") for name in ("shape_limit", "ridge", "hysteresis")]
    + [(name, "f8") for name in ("min_onsets", "onset_pull")]
    + SILENCE_PLAN
)
STATE = np.dtype(
    [(name, "i8") for name in ("frame", "entries", "first_cell")]
    + [(name, "i8") for name in ("in_run", "settled", "peak_cell", "last_onset")]
    + [(name, "f8") for name in ("peak", "onset_now", "onset_before", "onset_mean")]
    + SILENCE_STATE
)


@kernel
def _is_onset(s, p, strength):
    """Whether the previous frame was a peak of onset strength; takes in the newest."""
    peak = s.onset_now > s.onset_before and s.onset_now >= strength
    high = s.onset_now > max(ONSET_DB, 1.5 * s.onset_mean)
    fresh = s.frame - s.last_onset >= p.onset_distance
    s.onset_before = s.onset_now
    s.onset_now = strength
    s.onset_mean += p.onset_pull * (strength - s.onset_mean)
    if peak and high and fresh:
        s.last_onset = s.frame
        return 1.0
    return 0.0


@kernel
def _forget(s):
    """Start the windows anew: what was heard belongs to another segment."""
    s.entries = 0
    s.first_cell = 0
    s.in_run = 0
    s.settled = 0


@kernel
def _append(s, entries, cells, hops, hop, energy_db, onset, frame, basis):
    """Add a hop to the entries, and to the cell that it belongs to."""
    slot = s.entries % entries.shape[0]
    entry = entries[slot]
    hops[slot] = hop
    entry[ENERGY] = energy_db
    entry[ONSET] = onset
    for k in range(basis.shape[0]):
        total = 0.0
        for b in range(basis.shape[1]):
            total += basis[k, b] * max(float(frame[b]), MEL_FLOOR_DB)
        entry[SHAPE + k] = total
    cell = cells[(s.entries // CELL) % cells.shape[0]]
    if s.entries % CELL == 0:
        cell[:] = 0.0
    cell[ENERGY] += 10.0 ** (0.1 * energy_db) / CELL
    cell[ONSET] += onset / CELL
    for k in range(basis.shape[0]):
        cell[SHAPE + k] += entry[SHAPE + k] / CELL
    s.entries += 1
    return s.entries % CELL == 0


@kernel
def _excursion(s, p, cells, stop, means, scatter):
    """Excursion ``u`` of the windows that end at cell ``stop``; below 0 where there is no past."""
    middle = stop - p.recent
    first = max(s.first_cell, middle - p.past)
    if middle - first < p.least_past or (p.block and stop % p.recent):
        return -1.0
    if p.rule == _BY_SHAPE:
        distance = shape_distance(cells, SHAPE, first, middle, stop, p.ridge, means, scatter)
        return distance / p.shape_limit
    energy = excursion(
        mean_of(cells, ENERGY, first, middle),
        mean_of(cells, ENERGY, middle, stop),
        p.energy_low,
        p.energy_high,
    )
    rhythm = excursion(
        max(mean_of(cells, ONSET, first, middle), p.min_onsets),
        max(mean_of(cells, ONSET, middle, stop), p.min_onsets),
        p.rhythm_low,
        p.rhythm_high,
    )
    if p.rule == _BY_ENERGY:
        return energy
    if p.rule == _BY_RHYTHM:
        return rhythm
    return max(energy, rhythm) if p.rule == _BY_EITHER else min(energy, rhythm)


@kernel
def _decide(s, p, entries, hops, ridges, scratch):
    """Place the boundary of the run and report it, unless the segment would be too short."""
    middle = s.peak_cell - p.recent
    first = max(s.first_cell, middle - p.recent) * CELL
    stop = min(s.entries, (middle + p.recent) * CELL)
    at = split(entries, ridges, first, stop, CELL, scratch)
    hop = hops[at % hops.shape[0]]
    if hop - s.start_hop < p.min_segment:
        return
    report(s, hop, 1.0 - 2.0**-s.peak)
    if p.rule == _BY_SHAPE:
        s.first_cell = (at + CELL - 1) // CELL


@kernel
def _follow(s, p, u):
    """Take in the excursion of a cell; return whether a run is ready to be decided."""
    if not s.in_run:
        if u > 1.0:
            s.in_run = 1
            s.settled = 0
            s.peak = u
            s.peak_cell = s.entries // CELL
        return False
    over = u < p.hysteresis
    ready = False
    if not s.settled:
        if u > s.peak:
            s.peak = u
            s.peak_cell = s.entries // CELL
        left = over if p.block else u < p.hysteresis * s.peak
        ready = left or over or s.entries // CELL - s.peak_cell >= p.wait
        s.settled = ready
    if over or (ready and p.rule == _BY_SHAPE):
        s.in_run = 0
    return ready


@kernel
def advance(values, at, first, state, plan, pending, entries, cells, hops, basis, ridges, scratch):
    """Take in frames from row ``at`` on until a boundary is found; return the next row.

    ``first`` is the stream's index of row 0. ``state.found`` says whether there is a boundary.
    """
    s = state[0]
    p = plan[0]
    s.found = 0
    n = basis.shape[0]
    while at < values.shape[0] and not s.found:
        row = values[at]
        s.frame = first + at
        at += 1
        onset = _is_onset(s, p, float(row[p.onset]))
        pending[s.frame % pending.shape[0]] = row[p.energy]
        hop = s.frame - p.shift
        if hop < 0:
            continue
        energy_db = pending[hop % pending.shape[0]]
        sounds = hear(s, p, hop, energy_db)
        if s.fresh:
            s.fresh = 0
            _forget(s)
        if not sounds:
            continue
        log_mel = row[p.log_mel : p.log_mel + p.n_mels]
        full = _append(s, entries, cells, hops, hop, energy_db, onset, log_mel, basis)
        if not full or s.silent:
            continue
        u = _excursion(s, p, cells, s.entries // CELL, scratch[:2, :n], scratch[2 : 2 + n, :n])
        if u >= 0.0 and _follow(s, p, u):
            _decide(s, p, entries, hops, ridges, scratch[:3])
    return at
