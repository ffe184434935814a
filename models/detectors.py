"""All detectors of boundaries by name: those of `dsp.detectors`, and those that learned.

Conventions
-----------
As in `dsp.detectors`: a detector is a module with ``build(layout, settings)``; modules are imported
when a detector is built.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import dsp.detectors
from models.weights import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from dsp.boundary import Detector
    from dsp.layout import FeatureLayout
    from dsp.segmenter_settings import SegmenterSettings

DEFAULT = "turns"
MODULES: dict[str, str] = {"turns": "models.turns"}
"""Detectors that learned, and the modules that hold them."""


def names() -> tuple[str, ...]:
    """Names of all detectors, those that learned first."""
    return (*MODULES, *dsp.detectors.names())


def build(
    name: str,
    layout: FeatureLayout,
    settings: SegmenterSettings | None = None,
    folder: Path = FOLDER,
) -> Detector:
    """Make a detector.

    Parameters
    ----------
    name : str
        One of `names`.
    layout : FeatureLayout
        Layout of the frames that it will be fed.
    settings : SegmenterSettings, optional
        What all detectors share.
    folder : Path
        Where a detector that learned has its weights.

    Raises
    ------
    KeyError
        No such detector, or the layout lacks a feature that it needs.
    WeightsError
        The files of a detector that learned are damaged.
    """
    if name not in MODULES:
        if name not in dsp.detectors.names():
            raise KeyError(f"no detector {name!r}; there are {', '.join(names())}")
        return dsp.detectors.build(name, layout, settings)
    detector: Detector = import_module(MODULES[name]).build(layout, settings, folder)
    return detector
