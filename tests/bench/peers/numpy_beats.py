"""The forward filter of `dsp.beat` as a good engineer would write it with numpy.

Conventions
-----------
The same states, moves and expectations (`dsp.tempo`), the same evidence: one belief over all tempi
and phases, moved on by a frame and weighed. Bars are left out, which flatters this peer.
"""

from __future__ import annotations

import numpy as np

from dsp.tempo import build_expectation, build_tempo_grid
from oscbridge.measuring.material import HOP_S, SETTINGS

LOW_BANDS = 5
LAG = 2
LOOK_EVERY = 4
LEAK = np.float32(3e-5)
GATE_DB, MASK_DB = np.float32(-60.0), np.float32(18.0)
SINK_DB = np.float32(10.0 * HOP_S)
ONSETS = ((0.0, 0.45), (0.5, 0.4), (0.25, 0.08), (0.75, 0.08))
LOW_ONSETS = ((0.0, 0.5), (0.5, 0.15))


class NumpyBeats:
    """Log-mel frames in, interval and phase of the likeliest beat out."""

    def __init__(self) -> None:
        grid = build_tempo_grid(HOP_S, 54.0, 216.0, 120.0)
        self._first, self._last = grid.starts[:-1], grid.starts[1:] - 1
        self._intervals, self._rest = grid.intervals, LEAK * grid.rest
        width = grid.moves.shape[1]
        self._moves = np.zeros((len(grid.intervals),) * 2, dtype=np.float32)
        for row, first in enumerate(grid.first_move):
            self._moves[row, first : first + width] = grid.moves[row]
        self._expected = build_expectation(grid, 1.2, 0.04, ONSETS)
        self._low = build_expectation(grid, 1.2, 0.04, LOW_ONSETS)
        self._belief, self._moved = grid.rest.copy(), grid.rest.copy()
        self._peaks = np.full(SETTINGS.n_mels, GATE_DB)
        self._history = [np.full(SETTINGS.n_mels, GATE_DB)] * LAG
        self._usual = np.zeros(2)
        self._seen = 0
        self.interval, self.ahead = 0.0, 0.0

    def push(self, log_mel: np.ndarray) -> None:
        """Take the bands of a frame."""
        odds, low_odds = self._odds(log_mel)
        self._seen += 1
        self._moved[1:] = self._belief[:-1]
        self._moved[self._first] = self._moves @ self._belief[self._last]
        self._moved += self._rest
        self._moved *= (1.0 + odds * self._expected) * (1.0 + low_odds * self._low)
        self._moved /= self._moved.sum()
        self._belief, self._moved = self._moved, self._belief
        self.ahead -= 1.0
        if self._seen % LOOK_EVERY == 0:
            self._look()
        if self.ahead <= 0.0:
            self.ahead += self.interval

    def _odds(self, log_mel: np.ndarray) -> tuple[np.float32, np.float32]:
        """How much likelier the frame is where an onset falls, of all bands and of the low ones."""
        np.maximum(self._peaks - SINK_DB, log_mel, out=self._peaks)
        now = np.maximum(np.maximum(log_mel, GATE_DB), self._peaks - MASK_DB)
        rise = np.maximum(now - self._history[0], 0.0)
        self._history = [*self._history[1:], now]
        strengths = np.asarray([rise.mean(), rise[:LOW_BANDS].mean()])
        self._usual += max(HOP_S / 3.0, 1.0 / (self._seen + 1)) * (strengths - self._usual)
        relative = strengths / (self._usual + 0.25)
        odds = np.clip(np.exp(0.5 * (relative - 1.5)), 0.6, 12.0) - 1.0
        return np.float32(odds[0]), np.float32(0.5 * odds[1])

    def _look(self) -> None:
        """Mean over the belief around its likeliest state."""
        state = int(self._belief.argmax())
        row = int(np.searchsorted(self._last, state))
        interval = int(self._intervals[row])
        middle = state - self._first[row]
        reach = int(0.15 * interval)
        near = np.flatnonzero(np.abs(self._intervals - interval) <= 0.08 * interval)
        phase = np.arange(middle - reach, middle + reach + 1)
        lengths = self._intervals[near][:, None]
        weights = self._belief[self._first[near][:, None] + phase % lengths]
        mass = weights.sum()
        self.interval = float((weights * lengths).sum() / mass)
        self.ahead = float((weights * (lengths - phase)).sum() / mass)
