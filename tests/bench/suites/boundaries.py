"""The detector of boundaries, hop by hop."""

from __future__ import annotations

from dsp.features import build_layout
from oscbridge.hearing.detection import SegmentSettings, build_detector
from oscbridge.measuring.material import SETTINGS
from tests.bench.suite import OURS, Bench, Case, Suite


def ours(bench: Bench) -> Case:
    """The default rule."""
    detector = build_detector(SegmentSettings(), build_layout(SETTINGS))
    return Case(detector.update, bench.material.frames)


SUITE = Suite(
    name="boundaries",
    what="frames to new sections, the default rule; mean of 16 hops",
    contenders={OURS: ours},
    note="No library finds boundaries causally; all that is offered hears the whole piece first.",
)
