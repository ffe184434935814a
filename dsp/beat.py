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
The most probable beat is followed until another is `SWITCH` times as probable. Its next instant is
the mean over the belief around it: finer than a frame.

Confidence asks whether the beat explains the onsets at all: the probability of the evidence under
the belief is compared with that under a belief that knows no beat. Noise, speech, drones have
onsets or none, but none that a beat foretells; there nothing is announced.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from dsp.beat_filter import PLAN, STATE, follow, forget
from dsp.rhythm import GATE_DB
from dsp.tempo import build_expectation, build_tempo_grid

if TYPE_CHECKING:
    from dsp.layout import FeatureLayout
    from dsp.types import FeatureFrames

Unit = Literal["beat", "bar"]

LAG = 2
"""Frames between the two that a rise compares."""
LATE_FRAMES = 3.3
"""How long after an onset its rise is steepest, frames."""
SWITCH = 2.0
"""A beat is left for another that is this many times as probable."""
MEMORY_S = 4.0
"""Time constant of the confidence."""
REMEMBERED_S = 60.0
"""How far back `BeatTracker.nearest` knows beats."""
_ONSETS = ((0.0, 0.6), (0.5, 0.3), (0.25, 0.12), (0.75, 0.12))
_LOW_ONSETS = ((0.0, 0.5), (0.5, 0.15))


@dataclass(frozen=True, slots=True)
class BeatSettings:
    """What is taken for a beat.

    Attributes
    ----------
    slowest_bpm, fastest_bpm : float
        Range of tempi, beats a minute; at least an octave.
    centre_bpm : float
        The tempo that is preferred among multiples that explain the onsets equally well.
    least_confidence : float
        Beats are announced from this confidence on; they stop at half of it.
    """

    slowest_bpm: float = 54.0
    fastest_bpm: float = 216.0
    centre_bpm: float = 120.0
    least_confidence: float = 0.4


@dataclass(frozen=True, slots=True)
class Beat:
    """One beat.

    Attributes
    ----------
    index : int
        Counts the beats of a stream from 0.
    sample : int
        The instant, samples from the start of the stream.
    interval : int
        Samples to the next beat as foretold now.
    tempo_bpm : float
        Beats a minute.
    confidence : float
        0..1.
    position : int
        Beats since the bar line, 0 on the bar line itself; -1 where bars are not known.
    meter : int
        Beats a bar, 3 or 4; 0 where bars are not known.
    bar : int
        Counts the bars that were announced, from 0; -1 before the first.
    """

    index: int
    sample: int
    interval: int
    tempo_bpm: float
    confidence: float
    position: int = -1
    meter: int = 0
    bar: int = -1

    @property
    def is_downbeat(self) -> bool:
        """Whether a bar begins here."""
        return self.position == 0


class BeatTracker:
    """Follow the beat of a stream.

    Parameters
    ----------
    layout : FeatureLayout
        Layout of the frames; must hold ``log_mel``.
    settings : BeatSettings, optional
        What is taken for a beat.

    Attributes
    ----------
    delay : int
        Samples by which the evidence lags behind the sound.
    tempo_bpm : float
        Beats a minute, 0 where unknown.
    confidence : float
        How well the beat explains the onsets, 0..1.

    Raises
    ------
    KeyError
        The layout lacks ``log_mel``.
    ValueError
        Settings out of range.
    """

    def __init__(self, layout: FeatureLayout, settings: BeatSettings | None = None) -> None:
        self.layout = layout
        self.settings = given = settings or BeatSettings()
        if not 0.0 < given.least_confidence < 1.0:
            raise ValueError(f"least_confidence must be 0..1, not {given.least_confidence}")
        self._step_s = layout.hop_length / layout.sample_rate
        grid = build_tempo_grid(
            self._step_s, given.slowest_bpm, given.fastest_bpm, given.centre_bpm, stiffness=80.0
        )
        self._grid = (grid.intervals, grid.starts, grid.rest, grid.first_move, grid.moves)
        expected = build_expectation(grid, 1.5, 0.03, _ONSETS)
        low = build_expectation(grid, 1.5, 0.03, _LOW_ONSETS)
        blind = [np.float32(np.sum(grid.rest * table)) for table in (expected, low)]
        self._tables = (expected, low, *blind)
        span = layout.span("log_mel")
        self._plan = _build_plan(span.start, span.stop - span.start, self._step_s)[0]
        self._state = np.zeros(1, dtype=STATE).view(np.recarray)[0]
        self._history = np.zeros((LAG, span.stop - span.start), dtype=np.float32)
        self._beliefs = np.zeros((2, grid.n_states), dtype=np.float32)
        self._arriving = np.zeros(len(grid.intervals), dtype=np.float32)
        self._beats: deque[Beat] = deque()
        self.delay = round(LATE_FRAMES * layout.hop_length)
        self.reset()
        self._follow(np.zeros(layout.width, dtype=np.float32))
        self.reset()

    def update(self, frames: FeatureFrames) -> list[Beat]:
        """Take frames; return the beats that fall in them.

        Parameters
        ----------
        frames : FeatureFrames
            The next frames of the stream.

        Raises
        ------
        ValueError
            Frames of another layout.
        """
        if frames.layout is not self.layout and frames.layout != self.layout:
            raise ValueError("frames of another layout than the tracker was built for")
        hop = self.layout.hop_length
        found: list[Beat] = []
        for k in range(len(frames)):
            if self._follow(frames.values[k]):
                stop = (frames.first + k + 1) * hop
                beat = self._fall(stop)
                if beat is not None:
                    found.append(beat)
        return found

    def _follow(self, row: np.ndarray) -> bool:
        return follow(
            self._state,
            self._plan,
            row,
            self._history,
            self._grid,
            self._tables,
            self._beliefs,
            self._arriving,
        )

    def _fall(self, stop: int) -> Beat | None:
        """The beat that falls before ``stop``, if one does and it is believed."""
        state = self._state
        if state.ahead > LATE_FRAMES:
            return None
        hop = self.layout.hop_length
        sample = stop + round((float(state.ahead) - LATE_FRAMES) * hop)
        state.ahead += state.interval
        interval = round(float(state.interval) * hop)
        if self._last is not None and sample - self._last < interval // 2:
            return None
        self._last = sample
        confidence = self.confidence
        limit = self.settings.least_confidence * (0.5 if self._believed else 1.0)
        self._believed = confidence >= limit
        if not self._believed:
            return None
        beat = Beat(self._count, sample, interval, self._bpm(), confidence)
        self._count += 1
        self._beats.append(beat)
        while sample - self._beats[0].sample > REMEMBERED_S * self.layout.sample_rate:
            self._beats.popleft()
        return beat

    def _bpm(self) -> float:
        interval = float(self._state.interval)
        return 60.0 / (interval * self._step_s) if interval > 0.0 else 0.0

    @property
    def tempo_bpm(self) -> float:
        """Beats a minute, 0 where unknown."""
        return self._bpm() if self._believed and self._state.interval > 0.0 else 0.0

    @property
    def confidence(self) -> float:
        """How well the beat explains the onsets, 0..1."""
        gain = max(float(self._state.gain), 0.0) / self._step_s
        return float(self._state.mass) * (1.0 - math.exp(-gain))

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
            Sample of the nearest; None where none is known within one beat (or one bar).
        """
        near: int | None = None
        for beat in self._beats:
            for at in (beat.sample, beat.sample + beat.interval):
                far = at != beat.sample
                on_bar = beat.position == (beat.meter - 1 if far else 0) and beat.meter > 0
                if unit == "bar" and not on_bar:
                    continue
                reach = beat.interval * (beat.meter if unit == "bar" else 1)
                if abs(at - sample) <= reach and (
                    near is None or abs(at - sample) < abs(near - sample)
                ):
                    near = at
        return near

    def reset(self) -> None:
        """Start a new stream."""
        self._state["seen"] = 0
        self._state["now"] = 0
        for name in ("silent", "row", "mean", "low_mean", "since"):
            self._state[name] = 0
        self._history[:] = GATE_DB
        forget(self._state, self._beliefs, self._grid[2])
        self._beats.clear()
        self._count = 0
        self._last: int | None = None
        self._believed = False


def _build_plan(log_mel: int, n_mels: int, step_s: float) -> np.ndarray:
    """Fill the record of what does not change."""
    plan = np.zeros(1, dtype=PLAN).view(np.recarray)
    plan["log_mel"], plan["n_mels"] = log_mel, n_mels
    plan["quiet_frames"] = round(2.5 / step_s)
    plan["gate"] = GATE_DB
    plan["quiet"] = 0.25
    plan["leak"] = 1e-4
    plan["pull"] = step_s / 3.0
    plan["memory"] = step_s / MEMORY_S
    plan["switch"] = SWITCH
    plan["steep"], plan["middle"] = 0.5, 1.5
    plan["least"], plan["most"] = 0.3, 12.0
    plan["low_power"] = 0.5
    return plan
