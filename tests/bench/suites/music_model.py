"""The whole music model, from frames to valence and arousal, hop by hop."""

from __future__ import annotations

from models import catalogue
from tests.bench.suite import OURS, Bench, Case, Goal, Suite


def ours(bench: Bench) -> Case:
    """The shipped model."""
    return Case(catalogue.load(catalogue.DEFAULT).update, bench.material.frames)


SUITE = Suite(
    name="music model",
    what="pools, pitch, gate, harmony, pulse, networks and readers; mean of 16 hops",
    contenders={OURS: ours},
    goals=(Goal(most_us=10.0, sustained=True),),
    note="No peer does the same; its networks are compared above, all of it in the whole hop.",
)
