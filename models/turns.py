"""Turns: where the music turns, by a network that learned from thousands of junctions.

Conventions
-----------
A `dsp.boundary.Detector` on feature frames. Detection and place are two questions. A small network
(`models.turn_network`) answers the first: every 171 ms it compares the newest 0.7, 1.4, 2.6 and 4.1
seconds with the present segment before them. A clear turn is decided on the shortest of these, an
unclear one later. `dsp.novelty.split` answers the second, to the hop (10.7 ms); of a cross-fade it
finds the middle. What lies before a turn is then forgotten.

``sensitivity`` moves all limits together along the curve of precision and recall; 0.5 is where F is
best. `TurnDetector.candidate` tells what may be decided soon.

A silence of ``min_silence_s`` is a segment of its own. Level alone, however it moves slowly, counts
for little: half of what the network learned from was of one loudness.

Training: `models.training.train_turns`. The network's card: ``weights/turns.json``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dsp.boundary import Candidate
from dsp.held import hold
from dsp.hop_detector import HopDetector, build_plan
from dsp.novelty import build_cepstrum
from dsp.segmenter_settings import SegmenterSettings
from dsp.types import FeatureFrames
from models.pools import POOL, Pooling
from models.turn_decision import (
    N_COEFFICIENTS,
    PLAN,
    STATE,
    WAIT,
    advance,
    build_rings,
    clear,
    longest_of,
)
from models.turn_network import NEVER, build_tables
from models.weights import FOLDER, Weights, read_weights

if TYPE_CHECKING:
    from pathlib import Path

    from dsp.layout import FeatureLayout
    from dsp.types import Segment

NAME = "turns"
"""Of the shipped weights."""
SPAN = 5.0
"""By how much sensitivity moves the limits from 0 to 1, logit."""
AROUND_S = 1.2
"""How far from a candidate its place is sought."""
PULL = 0.01
"""How firmly a place is held near its candidate, likelihood a squared hop."""
_ENERGY_RIDGE, _SHAPE_RIDGE = 1.0, 30.0
"""Variance granted to level and cepstrum in the split, dB²."""
STEP = 4
"""Frames that are best taken at a time (43 ms): only silence is decided between pools."""
_MOST_FRAMES = 64
_LEAST_SURE = 1e-6


class TurnDetector(HopDetector):
    """Find the instants at which the music turns.

    Parameters
    ----------
    layout : FeatureLayout
        Layout of the frames.
    settings : SegmenterSettings, optional
        ``sensitivity``, ``min_segment_s``, ``silence_db`` and ``min_silence_s`` count here.
    weights : Weights, optional
        Other weights than the shipped ones.

    Attributes
    ----------
    delay : int
        Samples from a sudden change to its earliest decision.
    digest : str
        Hash of the weights.

    Raises
    ------
    WeightsError
        The files are damaged or were made for other features.
    KeyError
        The layout lacks a feature.
    """

    def __init__(
        self,
        layout: FeatureLayout,
        settings: SegmenterSettings | None = None,
        weights: Weights | None = None,
    ) -> None:
        weights = weights or read_weights(NAME)
        weights.require("layout", layout.digest)
        super().__init__(layout, STATE)
        self.step = STEP
        self.settings = settings = settings or SegmenterSettings()
        self.digest = weights.digest
        tables = build_tables(weights)
        weights.require_shapes(lags="r", limits="r", confirm="2")
        self._usual_limits = weights.arrays["limits"].astype(np.float64)
        self._limits = np.empty_like(self._usual_limits)
        self.adjust(settings.sensitivity)
        self._slope, self._offset = (float(value) for value in weights.arrays["confirm"])
        self._pooling = Pooling(layout)
        self._plan = _build_plan(layout, settings, longest_of(tables))
        plan = self._plan[0]
        self._memory, scratch = build_rings(tables, int(plan["n_mels"]), int(plan["around"]))
        basis = build_cepstrum(int(plan["n_mels"]), N_COEFFICIENTS)
        ridges = np.asarray([_ENERGY_RIDGE] + [_SHAPE_RIDGE] * N_COEFFICIENTS)
        fixed = (self._state, self._plan, tables, self._limits)
        self._held = hold(*fixed, basis, ridges, self._memory, scratch)
        shortest = (int(tables.lags.min()) + WAIT) * POOL
        self.delay = (shortest + int(plan["shift"])) * layout.hop_length
        self.reset()
        silence = np.zeros((POOL, layout.hop_length), np.float32)
        self.update(FeatureFrames(np.zeros((POOL, layout.width), np.float32), 0, layout, silence))
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
        for start in range(0, len(frames), _MOST_FRAMES):
            part = frames.part(start, start + _MOST_FRAMES)
            pools, _ = self._pooling.push(part)
            at = 0
            while at < len(part):
                at = advance(part.values, at, part.first, pools, self._held)
                if self._state[0]["found"]:
                    closed.append(self._found())
        return closed

    @property
    def candidate(self) -> Candidate | None:
        """The turn that may be decided soon; None if there is none.

        Its probability is that of a decision, as often as tuning medleys confirmed it.
        """
        state = self._state[0]
        above = float(state["maybe"])
        if above <= NEVER:
            return None
        probability = 1.0 / (1.0 + math.exp(-self._slope * above - self._offset))
        start = int(state["maybe_hop"]) * self.layout.hop_length
        return Candidate(start, probability, self.sensitivity - above / SPAN)

    @property
    def sensitivity(self) -> float:
        """How readily a turn is decided, 0..1."""
        return self._sensitivity

    def adjust(self, sensitivity: float) -> None:
        """Decide more or less readily from now on. Raises ``ValueError`` outside 0..1."""
        if not 0.0 <= sensitivity <= 1.0:
            raise ValueError(f"a sensitivity is 0 to 1, not {sensitivity}")
        self._sensitivity = sensitivity
        # In place: the kernel holds the array.
        self._limits[:] = self._usual_limits + SPAN * (0.5 - sensitivity)

    def needed(self, strength: float) -> float:
        """The sensitivity from which on a turn is decided that was decided with ``strength``."""
        sure = min(max(strength, _LEAST_SURE), 1.0 - _LEAST_SURE)
        return self._sensitivity - math.log(sure / (1.0 - sure)) / SPAN

    def reset(self) -> None:
        """Start a new stream; keep tables and buffers."""
        self._pooling.reset()
        clear(self._memory, self._state)


def _build_plan(layout: FeatureLayout, settings: SegmenterSettings, longest: int) -> np.ndarray:
    """Settings in the units of the kernels, shape=(1,), dtype `PLAN`."""
    hops_a_second = layout.sample_rate / layout.hop_length
    values: dict[str, float] = {
        "min_segment": round(settings.min_segment_s * hops_a_second),
        "wait": WAIT,
        "around": round(AROUND_S * hops_a_second),
        "longest": longest,
        "quiet": 10.0 ** (settings.silence_db / 10.0),
        "pull": PULL,
    }
    return build_plan(PLAN, layout, settings, values)


def build(
    layout: FeatureLayout, settings: SegmenterSettings | None = None, folder: Path = FOLDER
) -> TurnDetector:
    """Make the detector, as the modules of `dsp.detectors` do, from weights in ``folder``."""
    return TurnDetector(layout, settings, read_weights(NAME, folder))
