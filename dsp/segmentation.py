"""Segmenter: feature frames in, segments out, each closed by a back-dated boundary.

Conventions
-----------
Samples count from the start of the stream. A segment's ``stop`` is the instant of the change, its
``decided`` the end of the frame at which the change was known: ``decided - stop`` is the honest
delay. The first segment starts at 0; segments are contiguous.

Method
------
The rule of Chen 2024, 3.1-3.2, in its resolved form, and a third test (`dsp.novelty`): hops below
the silence floor are taken out; what remains is grouped into cells and the excursion ``u`` of the
recent window from the past one is evaluated at each cell. Values outside (``u > 1``) form a run, a
run is one transition, its place is the largest ``u`` of the run, and a likelihood split moves it to
the hop. The decision falls when ``u`` has left its peak (literal segments: when the run is over),
at the latest after `LONGEST_WAIT_S`. The shape test then forgets what lies before the boundary, the
paper's tests keep comparing adjacent windows and stay quiet until the run is over.

A silence of some length is a segment; its boundaries have strength 1. The other strengths are
``1 - 2**-u``: 0.5 at the tolerance, 0.75 at twice the tolerance.

Frames look at ``n_fft`` samples and are placed at their middle, energies at their hop, so that all
features of a hop speak of the same instant; this costs ``n_fft / 2`` samples of delay.

How right each rule is, beside other detectors, stands in ``dsp/README.md``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dsp.hop_detector import HopDetector, build_plan
from dsp.novelty import CELL, build_cepstrum
from dsp.segmenter_settings import PAPER, RULES, Rule, SegmenterSettings
from dsp.transitions import ENERGY, ONSET, PLAN, SHAPE, STATE, advance
from dsp.types import FeatureFrames, Segment

if TYPE_CHECKING:
    from dsp.layout import FeatureLayout

__all__ = ["PAPER", "RULES", "Rule", "Segmenter", "SegmenterSettings"]

N_COEFFICIENTS = 12
SHAPE_RIDGE = 30.0
"""Variance that every cepstral coefficient is granted, dB²: what no listener calls a change."""
LONGEST_WAIT_S = {"shape": 0.5, "energy": 5.0, "rhythm": 5.0, "either": 5.0, "both": 5.0}
"""Longest time from the peak of novelty to the decision."""
ONSET_DISTANCE_S = 0.05
"""Onsets closer than this are one."""
ONSET_MEMORY_S = 1.0
"""Time constant of the mean that onset strength is compared with."""
_RIDGES = {ENERGY: 1.0, ONSET: 0.05}
"""Variance granted to energy (dB²) and to onsets in the likelihood split."""
_REFINED_BY = {
    "shape": (ENERGY, SHAPE),
    "energy": (ENERGY,),
    "rhythm": (ONSET,),
    "either": (ENERGY, ONSET),
    "both": (ENERGY, ONSET),
}


class Segmenter(HopDetector):
    """Find the instants at which the expression of the music changes.

    Parameters
    ----------
    layout : FeatureLayout
        Layout of the frames; must hold ``log_mel``, ``energy`` and ``onset``.
    settings : SegmenterSettings, optional
        What counts as a change.

    Attributes
    ----------
    delay : int
        Samples from a sudden change to its earliest decision: the recent window and half a frame.

    Raises
    ------
    KeyError
        The layout lacks a feature.
    """

    def __init__(self, layout: FeatureLayout, settings: SegmenterSettings | None = None) -> None:
        super().__init__(layout, STATE)
        self.settings = settings or SegmenterSettings()
        self._plan = _build_plan(layout, self.settings)
        plan = self._plan[0]
        recent, wait = int(plan["recent"]), int(plan["wait"])
        width = SHAPE + N_COEFFICIENTS
        rows = (2 * recent + wait + 2) * CELL
        self._basis = build_cepstrum(int(plan["n_mels"]), N_COEFFICIENTS)
        self._ridges = _build_ridges(self.settings.rule, width)
        self._pending = np.zeros(int(plan["shift"]) + 1)
        self._entries = np.zeros((rows, width))
        self._hops = np.zeros(rows, dtype=np.int64)
        self._cells = np.zeros((int(plan["past"]) + recent + 2, width))
        self._scratch = np.zeros((3 + N_COEFFICIENTS, width))
        self.delay = recent * CELL * layout.hop_length + int(plan["shift"]) * layout.hop_length
        self.reset()
        silence = np.zeros((1, layout.hop_length), np.float32)
        self.update(FeatureFrames(np.zeros((1, layout.width), np.float32), 0, layout, silence))
        self.reset()

    def update(self, frames: FeatureFrames) -> list[Segment]:
        """Take the next frames; return the segments that they close, oldest first.

        Raises
        ------
        ValueError
            The frames have another layout.
        """
        self._check(frames)
        closed: list[Segment] = []
        at = 0
        while at < len(frames):
            at = advance(
                frames.values,
                at,
                frames.first,
                self._state,
                self._plan,
                self._pending,
                self._entries,
                self._cells,
                self._hops,
                self._basis,
                self._ridges,
                self._scratch,
            )
            if self._state[0]["found"]:
                closed.append(self._found())
        return closed

    def reset(self) -> None:
        """Start a new stream; keep tables and buffers."""
        self._clear()
        self._state[0]["last_onset"] = -self.layout.sample_rate


def _build_ridges(rule: Rule, width: int) -> np.ndarray:
    """Ridge of each column of an entry in the split; 0 leaves it out."""
    ridges = np.zeros(width)
    for column in _REFINED_BY[rule]:
        if column == SHAPE:
            ridges[SHAPE:] = SHAPE_RIDGE
        else:
            ridges[column] = _RIDGES[column]
    return ridges


def _build_plan(layout: FeatureLayout, settings: SegmenterSettings) -> np.ndarray:
    """Settings in the units of the kernels, shape=(1,), dtype `PLAN`."""
    hops_a_second = layout.sample_rate / layout.hop_length
    shape = settings.rule == "shape"
    recent = _cells(settings.recent_s, layout)
    past = max(_cells(settings.past_s, layout), recent) if shape else recent
    energy_low, energy_high = settings.log_limits(settings.energy_low, settings.energy_high)
    rhythm_low, rhythm_high = settings.log_limits(settings.rhythm_low, settings.rhythm_high)
    values: dict[str, float] = {
        "rule": RULES.index(settings.rule),
        "block": settings.block,
        "onset": layout.span("onset").start,
        "recent": recent,
        "past": past,
        "least_past": max(1, recent // 2) if shape else recent,
        "wait": _cells(LONGEST_WAIT_S[settings.rule], layout),
        "min_segment": round(settings.min_segment_s * hops_a_second),
        "onset_distance": max(1, round(ONSET_DISTANCE_S * hops_a_second)),
        "energy_low": energy_low,
        "energy_high": energy_high,
        "rhythm_low": rhythm_low,
        "rhythm_high": rhythm_high,
        "shape_limit": settings.present_shape_limit,
        "ridge": SHAPE_RIDGE,
        "hysteresis": settings.hysteresis,
        "min_onsets": settings.min_onset_rate / hops_a_second,
        "onset_pull": 1.0 - math.exp(-1.0 / (ONSET_MEMORY_S * hops_a_second)),
    }
    return build_plan(PLAN, layout, settings, values)


def _cells(seconds: float, layout: FeatureLayout) -> int:
    """A time as a number of cells, one at least."""
    return max(1, round(seconds * layout.sample_rate / layout.hop_length / CELL))
