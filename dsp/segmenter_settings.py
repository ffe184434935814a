"""How the segmenter is set: which rule finds a boundary, over what time, and what it tolerates.

Conventions
-----------
Times in seconds (``_s``), levels in dB re full scale (``_db``), limits as plain ratios as the paper
prints them. Frozen; every value is checked when the object is made.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Literal

Rule = Literal["shape", "energy", "rhythm", "either", "both"]
RULES: tuple[Rule, ...] = ("shape", "energy", "rhythm", "either", "both")

SENSITIVITY_SPAN = 1.4
"""Factor of ``shape_limit`` from sensitivity 0.5 to 0."""
_RANGES = {
    "recent_s": (0.25, 5.0),
    "past_s": (1.0, 30.0),
    "energy_low": (0.01, 0.99),
    "energy_high": (1.01, 100.0),
    "rhythm_low": (0.01, 0.99),
    "rhythm_high": (1.01, 100.0),
    "shape_limit": (0.1, 100.0),
    "sensitivity": (0.0, 1.0),
    "hysteresis": (0.1, 1.0),
    "min_segment_s": (0.0, 60.0),
    "silence_db": (-110.0, -20.0),
    "min_silence_s": (0.1, 30.0),
    "min_onset_rate": (0.01, 10.0),
}


@dataclass(frozen=True, slots=True)
class SegmenterSettings:
    """Settings of `dsp.segmentation.Segmenter`.

    Attributes
    ----------
    rule : {"shape", "energy", "rhythm", "either", "both"}
        ``shape``: change of the mel cepstrum. The paper's own: ``energy`` (3.5), ``rhythm`` (3.8),
        ``either`` (energy first, rhythm splits regions of equal energy), ``both``.
    block : bool
        Literal paper segments: adjacent segments of ``recent_s`` that do not overlap, and a run of
        outside values waits for its end. Otherwise windows slide by `dsp.novelty.CELL` hops. Not
        for ``shape``.
    symmetric : bool
        Tolerance of the ratios: False as printed, where [0.6, 1.4] lets a fall to 0.6 pass but not
        a rise to 1/0.6; True widens the narrower side until both are equal in the logarithm.
    recent_s : float
        Length M of the recent window, 0.25..5 s. The paper's tests compare it with the M before it.
    past_s : float
        ``shape`` only: how much of the present segment the recent window is compared with, at most.
    energy_low, energy_high : float
        Energy ratios within are the same region (paper: 0.6, 1.4).
    rhythm_low, rhythm_high : float
        Ratios of onset rates within are the same region (paper: 0.8, 1.2).
    shape_limit : float
        Distance (`dsp.novelty.shape_distance`) up to which it is the same region.
    sensitivity : float
        How readily a change is believed, 0..1, where the detector can tell: 0 only the clearest, 1
        whatever might be one, 0.5 as it was tuned. Moves the limit of ``shape`` by
        `SENSITIVITY_SPAN` either way; the paper's tests have printed limits and keep them.
    hysteresis : float
        A peak of novelty is over when it falls below this share of the peak, a run of outside
        values when it falls below this share of the tolerance, 0.1..1.
    min_segment_s : float
        A boundary this close to the one before is not reported; silences are exempt.
    silence_db : float
        Hops below are silent: they count for nothing, and energy ratios never go below it (0/0).
    min_silence_s : float
        A silence this long is a segment of its own; shorter ones are skipped over.
    min_onset_rate : float
        Onsets a second below which music counts as without rhythm (the 0/0 of the rhythm test).

    Raises
    ------
    ValueError
        A value is out of range: names the field and the range.
    """

    rule: Rule = "shape"
    block: bool = False
    symmetric: bool = True
    recent_s: float = 2.5
    past_s: float = 12.0
    energy_low: float = 0.6
    energy_high: float = 1.4
    rhythm_low: float = 0.8
    rhythm_high: float = 1.2
    shape_limit: float = 3.3
    sensitivity: float = 0.5
    hysteresis: float = 0.9
    min_segment_s: float = 4.0
    silence_db: float = -60.0
    min_silence_s: float = 1.0
    min_onset_rate: float = 0.5

    def __post_init__(self) -> None:
        """Check every field."""
        if self.rule not in RULES:
            raise ValueError(f"rule must be one of {', '.join(RULES)}, not {self.rule!r}")
        for field in fields(self):
            if field.name not in _RANGES:
                continue
            low, high = _RANGES[field.name]
            value = getattr(self, field.name)
            if not low <= value <= high:
                raise ValueError(f"{field.name} must be {low:g}..{high:g}, not {value!r}")
        if self.rule == "shape" and self.block:
            raise ValueError("block must be False for rule 'shape', which has no literal form")
        if self.rule == "shape" and self.past_s < self.recent_s:
            raise ValueError(f"past_s must be recent_s ({self.recent_s:g}) or more")

    @classmethod
    def for_sections(cls, section_s: float) -> SegmenterSettings:
        """Build settings for music that keeps its expression for ``section_s`` seconds at a time.

        From 8 s on these are the defaults. Below, the windows shrink with the sections: decisions
        come sooner, and music that is not made of such sections is cut too often.

        Raises
        ------
        ValueError
            Not a positive time.
        """
        if not section_s > 0.0:
            raise ValueError(f"section_s must be above 0, not {section_s!r}")
        usual = cls()
        share = min(section_s / 8.0, 1.0)
        recent_s = max(usual.recent_s * share, 0.5)
        return cls(
            recent_s=recent_s,
            past_s=max(usual.past_s * share, 2.0),
            shape_limit=usual.shape_limit * (usual.recent_s / recent_s) ** 0.15,
            min_segment_s=max(usual.min_segment_s * share, 0.6),
            min_silence_s=max(usual.min_silence_s * share, 0.25),
        )

    @property
    def present_shape_limit(self) -> float:
        """``shape_limit`` at this sensitivity."""
        return self.shape_limit * SENSITIVITY_SPAN ** (1.0 - 2.0 * self.sensitivity)

    def log_limits(self, low: float, high: float) -> tuple[float, float]:
        """Natural logarithms of a tolerance, made symmetric if the settings say so."""
        below, above = math.log(low), math.log(high)
        if self.symmetric:
            above = max(-below, above)
            below = -above
        return below, above


PAPER = SegmenterSettings(rule="either", block=True, symmetric=False, min_segment_s=0.0)
"""The rule as the paper prints it, in literal segments of 2 s (the paper gives no length)."""
