"""How boundaries are found: what a user may choose, and the detector that follows from it.

Conventions
-----------
One control says how readily a boundary is believed, ``sensitivity``: 0 only the clearest changes, 1
every change that might be one. Detectors are known by their names (`models.detectors`); what each
looks at and what it costs in false alarms and delay stands in ``dsp/README.md``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from dsp.segmenter_settings import SegmenterSettings
from models.detectors import DEFAULT, build, names
from models.weights import WeightsError
from oscbridge.errors import OscbridgeError, unknown_name

if TYPE_CHECKING:
    from dsp.boundary import Detector
    from dsp.layout import FeatureLayout

Snap = Literal["off", "beat", "bar"]

USUAL_SEGMENT_S = 4.0
"""Shortest segment for which detectors are made; for shorter ones they look at less."""
SHORTEST_SEGMENT_S = 0.5
"""Detectors look at no less than what suits segments of this length."""


class SegmentSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[segments]``: when a new section has begun."""

    rule: Annotated[
        str, msgspec.Meta(min_length=1, description="what finds boundaries; see dsp/README.md")
    ] = DEFAULT
    sensitivity: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=1.0, description="0: only the clearest changes, 1: every change"),
    ] = 0.5
    min_segment_s: Annotated[
        float, msgspec.Meta(ge=0.0, le=60.0, description="shortest section, seconds")
    ] = USUAL_SEGMENT_S
    snap: Annotated[
        Snap, msgspec.Meta(description="move boundaries to the nearest: off, beat or bar")
    ] = "off"
    early: Annotated[
        float,
        msgspec.Meta(ge=0.05, le=1.0, description="probability from which segment/maybe is said"),
    ] = 0.2


def check_rule(name: str) -> None:
    """Refuse an unknown rule before anything opens.

    Raises
    ------
    SettingsError
        There is none of that name: lists what exists.
    """
    if name not in names():
        raise unknown_name("rule for boundaries", name, names())


def build_detector(settings: SegmentSettings, layout: FeatureLayout) -> Detector:
    """Make the detector that a user has chosen.

    Raises
    ------
    SettingsError
        There is none of that name: lists what exists.
    OscbridgeError
        The files of a detector that learned are damaged.
    """
    check_rule(settings.rule)
    section_s = 2.0 * max(settings.min_segment_s, SHORTEST_SEGMENT_S)
    usual = SegmenterSettings.for_sections(section_s)
    wanted = replace(usual, min_segment_s=settings.min_segment_s, sensitivity=settings.sensitivity)
    try:
        return build(settings.rule, layout, wanted)
    except WeightsError as error:
        raise OscbridgeError(str(error)) from None
