"""Naive twin of `dsp.segmentation`: the whole stream at once, in plain numpy, from the equations.

It shares no code with the segmenter. Instead of following the stream it first cuts it into sounding
stretches, then compares windows of each stretch, then reads off the runs. All times are hops.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.fft import dct
from scipy.spatial.distance import mahalanobis

from dsp.segmenter_settings import SegmenterSettings

HOPS_A_SECOND = 24000 / 256
SHIFT = 4
"""Half a frame of 2048 samples, hops."""
CELL = 8
RIDGE = 30.0
COEFFICIENTS = 12


@dataclass(frozen=True)
class Found:
    """A boundary: hop of the change, frame at whose end it was known, strength."""

    hop: int
    decided: int
    strength: float


@dataclass(frozen=True)
class Stretch:
    """Sound between two silences: its hops, the hop that confirmed it, and the silence's end."""

    hops: np.ndarray
    confirmed: int
    silent_at: int | None


def hops_of(seconds: float) -> int:
    return max(1, round(seconds * HOPS_A_SECOND))


def cells_of(seconds: float) -> int:
    return max(1, round(seconds * HOPS_A_SECOND / CELL))


def onsets(strength: np.ndarray) -> np.ndarray:
    """1 in each frame that reveals the frame before as a peak."""
    pull = 1.0 - math.exp(-1.0 / HOPS_A_SECOND)
    means = np.zeros(len(strength) + 1)
    for i, value in enumerate(strength):
        means[i + 1] = means[i] + pull * (value - means[i])
    padded = np.concatenate([[0.0, 0.0], strength])
    flags = np.zeros(len(strength))
    last = -10_000
    for i in range(len(strength)):
        before, peak, after = padded[i : i + 3]
        high = before < peak >= after and peak > 1.0 and peak > 1.5 * means[i]
        if high and i - last >= hops_of(0.05):
            flags[i] = 1.0
            last = i
    return flags


def stretches(energy_db: np.ndarray, settings: SegmenterSettings) -> list[Stretch]:
    """Where there is sound."""
    loud = np.flatnonzero(energy_db > settings.silence_db)
    awake = np.flatnonzero(energy_db > settings.silence_db + 6.0)
    silence, enough, pause = hops_of(settings.min_silence_s), hops_of(0.5), hops_of(0.25)
    found: list[Stretch] = []
    at = 0
    while True:
        rest = awake[awake >= at]
        groups = np.split(rest, np.flatnonzero(np.diff(rest) > pause + 1) + 1)
        group = next((g for g in groups if len(g) >= enough), None)
        if group is None:
            return found
        confirmed = int(group[enough - 1])
        later = loud[loud > confirmed]
        run = np.concatenate([[confirmed], later])
        gaps = np.flatnonzero(np.diff(np.append(run, len(energy_db) + silence)) > silence)
        last = int(run[gaps[0]])
        hops = np.concatenate([group[:enough], later[later <= last]])
        if last + silence >= len(energy_db):
            return [*found, Stretch(hops, confirmed, None)]
        found.append(Stretch(hops, confirmed, last + silence))
        at = last + silence + 1


def log_ratio(z: float, low: float, high: float, symmetric: bool) -> float:
    """|log z| in units of the tolerance."""
    if symmetric:
        widest = max(math.log(high), -math.log(low))
        return abs(math.log(z)) / widest
    return math.log(z) / math.log(high) if z >= 1.0 else math.log(z) / math.log(low)


def shape_distance(past: np.ndarray, recent: np.ndarray) -> float:
    """Mahalanobis distance of two clouds under their pooled covariance and a ridge."""
    p, r = len(past), len(recent)
    pooled = (p * np.cov(past.T, bias=True) + r * np.cov(recent.T, bias=True)) / (p + r)
    inverse = np.linalg.inv(pooled + RIDGE * np.eye(past.shape[1]))
    return math.sqrt(p / (p + r)) * mahalanobis(past.mean(0), recent.mean(0), inverse)


def novelty(cells: np.ndarray, settings: SegmenterSettings, first: int, stop: int) -> float | None:
    """Return u at cell ``stop``, the segment having begun at cell ``first``."""
    recent = cells_of(settings.recent_s)
    middle = stop - recent
    if settings.rule == "shape":
        past = cells[
            max(first, middle - max(recent, cells_of(settings.past_s)), 0) : max(middle, 0)
        ]
        if len(past) < max(1, recent // 2):
            return None
        return shape_distance(past[:, 2:], cells[middle:stop, 2:]) / settings.shape_limit
    if middle - recent < 0 or (settings.block and stop % recent):
        return None
    past, now = cells[middle - recent : middle], cells[middle:stop]
    least = settings.min_onset_rate / HOPS_A_SECOND
    energy = log_ratio(
        now[:, 0].mean() / past[:, 0].mean(),
        settings.energy_low,
        settings.energy_high,
        settings.symmetric,
    )
    rhythm = log_ratio(
        max(now[:, 1].mean(), least) / max(past[:, 1].mean(), least),
        settings.rhythm_low,
        settings.rhythm_high,
        settings.symmetric,
    )
    both = {"energy": [energy], "rhythm": [rhythm]}.get(settings.rule, [energy, rhythm])
    return min(both) if settings.rule == "both" else max(both)


def best_split(entries: np.ndarray, ridges: np.ndarray, first: int, stop: int) -> int:
    """Entry at which two constant means explain the entries best."""
    window = entries[first:stop, ridges > 0]
    ridge = ridges[ridges > 0]
    gains = []
    for k in range(CELL, len(window) - CELL + 1):
        parts = k * window[:k].var(0) + (len(window) - k) * window[k:].var(0)
        whole = len(window) * window.var(0)
        n = len(window)
        gains.append(-np.log((parts + n * ridge) / (whole + n * ridge)).sum())
    return first + CELL + int(np.argmax(gains))


def transitions(
    entries: np.ndarray, stretch: Stretch, settings: SegmenterSettings, begins: int
) -> list[Found]:
    """Boundaries within a stretch; ``begins`` is the hop of the last boundary before it."""
    recent = cells_of(settings.recent_s)
    shape = settings.rule == "shape"
    longest = cells_of(0.5 if shape else 5.0)
    columns = {"shape": (0, *range(2, 14)), "energy": (0,), "rhythm": (1,)}.get(
        settings.rule, (0, 1)
    )
    ridges = np.zeros(entries.shape[1])
    ridges[list(columns)] = [{0: 1.0, 1: 0.05}.get(c, RIDGE) for c in columns]
    linear = entries.copy()
    linear[:, 0] = 10.0 ** (entries[:, 0] / 10.0)
    n_cells = len(entries) // CELL
    cells = linear[: n_cells * CELL].reshape(n_cells, CELL, -1).mean(1)
    found: list[Found] = []
    first_cell, run, settled = 0, [], False
    for stop in range(1, n_cells + 1):
        known_at = int(stretch.hops[stop * CELL - 1])
        if known_at < stretch.confirmed:
            continue
        u = novelty(cells, settings, first_cell, stop)
        if u is None:
            continue
        if not run:
            if u > 1.0:
                run, settled = [(u, stop)], False
            continue
        run.append((u, stop))
        peak, where = max(run, key=lambda pair: (pair[0], -pair[1]))
        over = u < settings.hysteresis
        left = over or (not settings.block and u < settings.hysteresis * peak)
        if not settled and (left or stop - where >= longest):
            settled = True
            middle = where - recent
            at = best_split(
                entries,
                ridges,
                CELL * max(first_cell, middle - recent),
                min(stop, middle + recent) * CELL,
            )
            hop = int(stretch.hops[at])
            if hop - begins >= round(settings.min_segment_s * HOPS_A_SECOND):
                found.append(Found(hop, known_at + SHIFT, 1.0 - 2.0**-peak))
                begins = hop
                if shape:
                    first_cell = math.ceil(at / CELL)
            if shape:
                run = []
        if over:
            run = []
    return found


def boundaries(
    log_mel: np.ndarray, energy_db: np.ndarray, onset: np.ndarray, settings: SegmenterSettings
) -> list[Found]:
    """All boundaries of a stream of frames, in order."""
    flags = onsets(onset.astype(np.float64))[SHIFT:]
    energy = energy_db.astype(np.float64)[: len(flags)]
    mel = np.maximum(log_mel.astype(np.float64)[SHIFT:], -40.0)
    entries = np.column_stack(
        [energy, flags, dct(mel, axis=1, norm="ortho")[:, :COEFFICIENTS]],
    )
    found: list[Found] = []
    silent_from = 0
    for stretch in stretches(energy, settings):
        begins = int(stretch.hops[0])
        if begins - silent_from >= hops_of(settings.min_silence_s):
            found.append(Found(begins, stretch.confirmed + SHIFT, 1.0))
        last = found[-1].hop if found else 0
        found += transitions(entries[stretch.hops], stretch, settings, last)
        if stretch.silent_at is not None:
            silent_from = int(stretch.hops[-1]) + 1
            found.append(Found(silent_from, stretch.silent_at + SHIFT, 1.0))
    return found
