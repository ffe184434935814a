"""BeatTracker: feature frames in, beats out, each foretold and told when it falls.

Conventions
-----------
Samples count from the start of the stream. A beat's ``sample`` is the instant that was foretold;
`BeatTracker.update` returns it with the first frame that ends at or after it, so that it is less
than a frame and a block old. ``delay`` is how far the evidence lags behind the sound, which the
prediction has made up for.

Method
------
A bar-pointer model cut down to the beat (Whiteley, Cemgil & Godsill 2006; state space of Krebs,
Böck & Widmer 2015), filtered forward: the belief over all tempi and phases (`dsp.tempo`) moves on
by a frame, then every state is weighed by how well it explains the rise of the mel bands in that
frame: onsets are likely on beats, less likely on halves and fourths of a beat, unlikely elsewhere.
What is soft beside what sounded just before rises little (`dsp.beat_evidence`).
The most probable beat is followed until another is `SWITCH` times as probable. Its next instant is
the mean over the belief around it: finer than a frame.

Confidence asks whether there is a beat at all: the probability of the evidence under the belief is
compared with that under a belief that knows no beat, and each beat's instant with the one foretold
a beat before. Noise, speech, drones have onsets or none, but none that a beat foretells; there
nothing is announced. Bars are found the same way, beat by beat (`dsp.bars`).
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np

from dsp.bars import BARS, WEIGHTS
from dsp.beat_evidence import CHROMA
from dsp.beat_filter import FOUND, STATE, begin, confidence, follow
from dsp.beat_settings import LAG, LATE_FRAMES, Beat, BeatSettings, Unit, build_plan, build_tables
from dsp.held import hold
from dsp.jit import build_records
from dsp.rhythm import GATE_DB
from dsp.tables import shared
from dsp.tempo import build_tempo_grid

if TYPE_CHECKING:
    from dsp.layout import FeatureLayout
    from dsp.types import FeatureFrames

__all__ = ["Beat", "BeatSettings", "BeatTracker", "Unit"]

REMEMBERED_S = 60.0
"""How far back `BeatTracker.nearest` knows beats."""
_PART = 256
"""Frames that the kernel takes at once."""


class BeatTracker:
    """Follow the beat of a stream.

    Parameters
    ----------
    layout : FeatureLayout
        Layout of the frames; must hold ``log_mel`` and ``chroma``.
    settings : BeatSettings, optional
        What is taken for a beat.

    Attributes
    ----------
    delay : int
        Samples by which the evidence lags behind the sound.

    Raises
    ------
    KeyError
        The layout lacks a feature.
    ValueError
        Settings out of range.
    """

    def __init__(self, layout: FeatureLayout, settings: BeatSettings | None = None) -> None:
        self.layout = layout
        self.settings = given = settings or BeatSettings()
        self._step_s = layout.hop_length / layout.sample_rate
        plan = build_plan(layout)
        grid = build_tempo_grid(
            self._step_s, given.slowest_bpm, given.fastest_bpm, given.centre_bpm
        )
        n_mels, rows = int(plan["n_mels"][0]), len(grid.intervals)
        self._state = build_records(STATE)
        self._records = (self._state, plan, build_records(BARS))
        self._history = np.zeros((LAG + 1, n_mels), dtype=np.float32)
        arrays = (grid.intervals, grid.starts, grid.rest, grid.first_move, grid.moves)
        states = tuple(shared(array) for array in arrays)
        self._rest = states[2]
        self._beliefs = np.zeros((2, grid.n_states), dtype=np.float32)
        self._peaks = np.zeros(5)
        self._sums = np.zeros((2, CHROMA + n_mels))
        self._found = build_records(FOUND, _PART)
        self._held = hold(
            *self._records,
            self._history,
            states,
            tuple(shared(table) for table in build_tables(grid)),
            WEIGHTS,
            self._beliefs,
            np.zeros(rows, dtype=np.float32),
            self._peaks,
            self._sums,
            self._found,
        )
        self._beats: deque[Beat] = deque()
        self.delay = round(LATE_FRAMES * layout.hop_length)
        self.reset()
        self._follow(np.zeros((1, layout.width), dtype=np.float32))
        self.reset()

    def update(self, frames: FeatureFrames) -> list[Beat]:
        """Take frames; return the beats that fall in them, oldest first.

        Parameters
        ----------
        frames : FeatureFrames
            The next frames of the stream.
        """
        beats: list[Beat] = []
        for at in range(0, len(frames), _PART):
            values = frames.values[at : at + _PART] if len(frames) > _PART else frames.values
            for k in range(self._follow(values)):
                beat = self._beat(self._found[k], frames.first + at)
                if beat is not None:
                    beats.append(beat)
        return beats

    def _follow(self, values: np.ndarray) -> int:
        return int(follow(values, self._held))

    def _beat(self, found: Any, first: int) -> Beat | None:
        """Put a beat into the memory and into the world's terms; None if it is not believed."""
        hop = self.layout.hop_length
        limit = self.settings.least_confidence
        self._believed = found["confidence"] >= (0.5 * limit if self._believed else limit)
        if not self._believed:
            self._barred = False
            return None
        limit = self.settings.least_bar_confidence
        self._barred = found["certain"] >= (0.5 * limit if self._barred else limit)
        position, meter = (int(found["position"]), int(found["meter"])) if self._barred else (-1, 0)
        if position == 0:
            self._bar += 1
        beat = Beat(
            index=self._count,
            sample=round((first + found["frame"] + 1 + found["ahead"]) * hop),
            interval=round(found["interval"] * hop),
            tempo_bpm=60.0 / (float(found["interval"]) * self._step_s),
            confidence=float(found["confidence"]),
            position=position,
            meter=meter,
            bar=self._bar if self._barred else -1,
            bar_confidence=float(found["certain"]),
        )
        self._count += 1
        self._beats.append(beat)
        while beat.sample - self._beats[0].sample > REMEMBERED_S * self.layout.sample_rate:
            self._beats.popleft()
        return beat

    @property
    def tempo_bpm(self) -> float:
        """Beats a minute, 0 where unknown."""
        interval = float(self._state["interval"][0])
        believed = self._believed and interval > 0.0
        return 60.0 / (interval * self._step_s) if believed else 0.0

    @property
    def confidence(self) -> float:
        """How well the beat explains the onsets, 0..1."""
        return float(confidence(*self._records[:2]))

    def nearest(self, sample: int, unit: Unit = "beat") -> int | None:
        """Beat or bar line nearest to an instant.

        Parameters
        ----------
        sample : int
            The instant, samples from the start of the stream.
        unit : "beat" or "bar"
            What to look for among the beats of the last `REMEMBERED_S`, and the one foretold.

        Returns
        -------
        int or None
            Sample of the nearest; None where none is within half a beat (half a bar) and a bit.
        """
        near: int | None = None
        for beat in self._beats:
            instants = [(beat.sample, beat.position)]
            if beat is self._beats[-1]:
                instants.append((beat.sample + beat.interval, beat.position + 1))
            steps = 1 if unit == "beat" else beat.meter
            for at, position in instants:
                if unit == "bar" and (beat.meter == 0 or position % beat.meter != 0):
                    continue
                away = abs(at - sample)
                if away <= 0.6 * steps * beat.interval and (
                    near is None or away < abs(near - sample)
                ):
                    near = at
        return near

    def reset(self) -> None:
        """Start a new stream."""
        self._state[:] = np.zeros(1, dtype=STATE)
        self._history[:] = GATE_DB  # the last row: peaks
        self._peaks[:] = 0.0
        self._sums[:] = 0.0
        state, _, bars = self._records
        begin(state, bars, self._beliefs, self._rest)
        self._beats.clear()
        self._count = 0
        self._bar = -1
        self._believed = False
        self._barred = False
