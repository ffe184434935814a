"""What the beat tracker is told: settings of the user, constants of the method, what it returns.

Conventions
-----------
Samples count from the start of the stream, tempi in beats a minute. The constants were chosen on
rendered scores and drawn patterns that no figure in ``README.md`` was measured on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from dsp.beat_filter import PLAN
from dsp.jit import build_records
from dsp.rhythm import GATE_DB
from dsp.tempo import TempoGrid, build_expectation

if TYPE_CHECKING:
    from dsp.layout import FeatureLayout

Unit = Literal["beat", "bar"]

LAG = 2
"""Frames between the two that a rise compares."""
LATE_FRAMES = 3.3
"""How long after an onset its rise is steepest, frames."""
SWITCH = 2.0
"""A beat is left for another that is this many times as probable."""
MEMORY_S = 4.0
"""Time constant of the confidence."""
_PATIENCE_S = 1.0
"""So long the first evidence counts as none."""
_MEAN_S = 3.0
"""Time constant of the mean that a strength is compared with."""
_SILENCE_S = 2.5
"""So long without any rise, and the beat is forgotten."""
_QUIET_DB = 0.25
"""Mean strength that counts as music at the least: noise floors stay below."""
_MASK_DB, _SINK_DB_A_SECOND = 18.0, 10.0
"""Sounds this far under a band's recent peak do not rise; how fast that peak is forgotten."""
_LEAK = 3e-5
"""Share of the belief that starts anew each frame."""
_CHANCE, _DOUBT = 0.6, 1.2
"""What beats explain of noise, and how much more is worth a confidence of 0.63; nats a second."""
_STEEP, _MIDDLE = 0.5, 1.5
_LEAST, _MOST = 0.6, 12.0
"""An onset makes a strength ``exp(steep · (relative - middle))`` times as likely, least to most."""
_LOW_POWER = 0.5
"""What low onsets count beside all onsets."""
_SPREAD = 1.2
"""Standard deviation of onsets around their places, frames."""
_FLOOR = 0.04
"""Probability of an onset anywhere."""
_ONSETS = ((0.0, 0.45), (0.5, 0.4), (0.25, 0.08), (0.75, 0.08))
"""Where in a beat onsets fall, and how likely."""
_LOW_ONSETS = ((0.0, 0.5), (0.5, 0.15))
"""The same for low onsets."""


@dataclass(frozen=True, slots=True)
class BeatSettings:
    """What is taken for a beat and for a bar.

    Attributes
    ----------
    slowest_bpm, fastest_bpm : float
        Range of tempi, at least an octave.
    centre_bpm : float
        The tempo that is preferred among multiples that explain the onsets equally well.
    least_confidence : float
        Beats are announced from this confidence on, and no longer below half of it.
    least_bar_confidence : float
        The same for bars.

    Raises
    ------
    ValueError
        A confidence that is not between 0 and 1.
    """

    slowest_bpm: float = 54.0
    fastest_bpm: float = 216.0
    centre_bpm: float = 120.0
    least_confidence: float = 0.4
    least_bar_confidence: float = 0.6

    def __post_init__(self) -> None:
        for name in ("least_confidence", "least_bar_confidence"):
            if not 0.0 < getattr(self, name) < 1.0:
                raise ValueError(f"{name} must be between 0 and 1, not {getattr(self, name)}")


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
        How well the beat explains the onsets, 0..1.
    position : int
        Beats since the bar line, 0 on the bar line itself; -1 where bars are not known.
    meter : int
        Beats a bar, 3 or 4; 0 where bars are not known.
    bar : int
        Counts the bar lines that were announced, from 0; -1 where bars are not known.
    bar_confidence : float
        Probability of meter and position, 0..1.
    """

    index: int
    sample: int
    interval: int
    tempo_bpm: float
    confidence: float
    position: int = -1
    meter: int = 0
    bar: int = -1
    bar_confidence: float = 0.0

    @property
    def is_downbeat(self) -> bool:
        """Whether a bar begins here."""
        return self.position == 0


def build_tables(grid: TempoGrid) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Onsets and low onsets expected in every state, and their means where no beat is known."""
    whole = build_expectation(grid, _SPREAD, _FLOOR, _ONSETS)
    low = build_expectation(grid, _SPREAD, _FLOOR, _LOW_ONSETS)
    blind = [np.sum(grid.rest * whole), np.sum(grid.rest * low)]
    return whole, low, np.asarray(blind, dtype=np.float32)


def build_plan(layout: FeatureLayout) -> np.ndarray:
    """Fill the record of what does not change, shape=(1,), dtype `PLAN`.

    Raises
    ------
    KeyError
        The layout lacks ``log_mel`` or ``chroma``.
    """
    step_s = layout.hop_length / layout.sample_rate
    bands = layout.span("log_mel")
    plan = build_records(PLAN)
    plan["log_mel"], plan["n_mels"] = bands.start, bands.stop - bands.start
    plan["chroma"] = layout.span("chroma").start
    plan["quiet_frames"] = round(_SILENCE_S / step_s)
    plan["gate"] = GATE_DB
    plan["quiet"] = _QUIET_DB
    plan["mask"], plan["sink"] = _MASK_DB, _SINK_DB_A_SECOND * step_s
    plan["leak"] = _LEAK
    plan["pull"] = step_s / _MEAN_S
    plan["memory"] = step_s / MEMORY_S
    plan["patience"] = _PATIENCE_S / step_s
    plan["switch"] = SWITCH
    plan["late"] = LATE_FRAMES
    plan["steep"], plan["middle"] = _STEEP, _MIDDLE
    plan["least"], plan["most"] = _LEAST, _MOST
    plan["low_power"] = _LOW_POWER
    plan["chance"], plan["doubt"] = _CHANCE * step_s, _DOUBT * step_s
    return plan
