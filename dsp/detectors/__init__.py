"""Detectors of boundaries by name: one file each, one contract (`dsp.boundary.Detector`).

Conventions
-----------
A detector is a module with a function ``build(layout, settings)`` that returns a
`dsp.boundary.Detector`; it enters by one line of `MODULES`. The rules of `dsp.segmentation` are
detectors by their own names, and ``paper`` is the rule of Chen 2024 as printed. All take
`dsp.segmenter_settings.SegmenterSettings`: the shortest segment, the silence floor and, where it
has one, the sensitivity; what else a detector has to be told stands in its own file.

Modules are imported when a detector is built: a name costs nothing.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from dsp.segmenter_settings import PAPER, RULES, SegmenterSettings

if TYPE_CHECKING:
    from dsp.boundary import Detector
    from dsp.layout import FeatureLayout

MODULES: dict[str, str] = {
    "cusum": "dsp.detectors.cusum",
    "bayes": "dsp.detectors.bayes",
    "windows": "dsp.detectors.windows",
}
"""Detectors that are not rules of the `dsp.segmentation.Segmenter`, and the modules that hold
them."""


def names() -> tuple[str, ...]:
    """Names of all detectors, the rules first."""
    return (*RULES, "paper", *MODULES)


def build(name: str, layout: FeatureLayout, settings: SegmenterSettings | None = None) -> Detector:
    """Make a detector.

    Parameters
    ----------
    name : str
        One of `names`; wins over ``settings.rule``.
    layout : FeatureLayout
        Layout of the frames that it will be fed.
    settings : SegmenterSettings, optional
        What all detectors share; those of the paper's rule are printed and stay as they are.

    Raises
    ------
    KeyError
        No such detector, or the layout lacks a feature that it needs.
    """
    from dsp.segmentation import Segmenter

    settings = settings or SegmenterSettings()
    if name == "paper":
        return Segmenter(layout, PAPER)
    if name in RULES:
        return Segmenter(layout, replace(settings, rule=name))
    if name not in MODULES:
        raise KeyError(f"no detector {name!r}; there are {', '.join(names())}")
    detector: Detector = import_module(MODULES[name]).build(layout, settings)
    return detector
