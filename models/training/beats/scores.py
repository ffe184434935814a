"""Beats and bars of a score from its own tempo map, and which scores can be believed.

Conventions
-----------
Beats are quarter notes; seconds count from the first note, where `models.training.render.render`
starts. A tempo map is *credible* where the notes stand on its grid: transcriptions have one too, at
a constant 120, and mean nothing by it. Signatures other than quarters (6/8, 2/2 without quarters)
have no agreed beat and are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import mido
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

_LEAST_ON_GRID = 0.9
_LEAST_ON_BEATS = 0.3


@dataclass(frozen=True, slots=True)
class Grid:
    """Truth of one score.

    Attributes
    ----------
    beats, bars : np.ndarray, float64
        Instants, seconds from the first note.
    meters : tuple of int
        Beats a bar, each that occurs.
    on_beats, on_grid : float
        Share of the notes on beats, and on their fourths or thirds.
    """

    beats: np.ndarray
    bars: np.ndarray
    meters: tuple[int, ...]
    on_beats: float
    on_grid: float

    @property
    def bpm(self) -> float:
        """Median tempo."""
        return 60.0 / float(np.median(np.diff(self.beats)))

    @property
    def credible(self) -> bool:
        """Whether the notes agree with the tempo map."""
        return self.on_grid >= _LEAST_ON_GRID and self.on_beats >= _LEAST_ON_BEATS


def _on(ticks: np.ndarray, step: float, slack: float) -> np.ndarray:
    return np.abs(ticks - np.round(ticks / step) * step) <= slack


def _seconds(ticks: np.ndarray, changes: list[tuple[int, int]], per_beat: int) -> np.ndarray:
    """Instants of ticks under a tempo map of (tick, microseconds a beat)."""
    at = np.asarray([tick for tick, _ in changes], dtype=float)
    slope = np.asarray([tempo for _, tempo in changes]) / 1e6 / per_beat
    start = np.concatenate([[0.0], np.cumsum(np.diff(at) * slope[:-1])])
    which = np.searchsorted(at, ticks, side="right") - 1
    return start[which] + (ticks - at[which]) * slope[which]


def read_grid(path: Path) -> Grid | None:
    """Beats and bars of a MIDI file; None where its signature has no agreed beat or it is empty."""
    score = mido.MidiFile(path, clip=True)
    changes: dict[int, int] = {0: 500_000}
    signatures: dict[int, tuple[int, int]] = {0: (4, 4)}
    notes: list[int] = []
    for track in score.tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type == "set_tempo":
                changes[now] = message.tempo
            elif message.type == "time_signature":
                signatures[now] = (message.numerator, message.denominator)
            elif message.type == "note_on" and message.velocity > 0:
                notes.append(now)
    per_beat = score.ticks_per_beat
    if not notes or any(lower != 4 for _, lower in signatures.values()):
        return None
    last = max(notes)
    ticks = np.asarray(notes, dtype=float)
    beats: list[int] = []
    bars: list[int] = []
    starts = [*sorted(signatures), last + 1]
    for start, stop in pairwise(starts):
        if start <= last:
            here = list(range(start, min(stop, last + 1), per_beat))
            beats += here
            bars += here[:: signatures[start][0]]
    times = sorted(changes.items())
    origin = _seconds(ticks.min(keepdims=True), times, per_beat)[0]
    slack = 0.03 * per_beat
    near = [_on(ticks, per_beat / part, slack) for part in (4, 3)]
    beats_s = _seconds(np.asarray(beats, dtype=float), times, per_beat) - origin
    bars_s = _seconds(np.asarray(bars, dtype=float), times, per_beat) - origin
    if np.sum(beats_s >= 0) < 8:
        return None
    return Grid(
        beats=beats_s[beats_s > -0.02],
        bars=bars_s[bars_s > -0.02],
        meters=tuple(sorted({upper for upper, _ in signatures.values()})),
        on_beats=float(np.mean(_on(ticks, per_beat, slack))),
        on_grid=float(np.mean(near[0] | near[1])),
    )
