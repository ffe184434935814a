"""The main job, as ``make demo SECONDS=10`` starts it: real packets, music whose truth is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from tests.conftest import OscEar

    Start = Callable[..., subprocess.Popen[str]]

SECONDS = 10
SECTION_S = 2.5
TOLERANCE_S = 2.0


@pytest.fixture
def heard(started: Start, osc_ear: OscEar) -> OscEar:
    """Everything that a demo of ten seconds sends, until its process has ended."""
    process = started("demo", "--seconds", str(SECONDS), "--to", osc_ear.target, "--no-view")
    osc_ear.wait_for("/oscbridge/valence", deadline_s=90.0)
    while process.poll() is None:
        osc_ear.listen(0.2)
    osc_ear.listen(0.2)
    out, complaints = process.communicate()
    assert (process.returncode, out, complaints) == (0, "", "")
    return osc_ear


def test_ten_seconds_visit_all_four_quadrants_with_boundaries_where_they_are(
    heard: OscEar,
) -> None:
    entered = [message.args[0] for message in heard.of("/oscbridge/quadrant/enter")]
    assert {1, 2, 3, 4} <= set(entered), f"entered {entered}"

    began_s = heard.of("/oscbridge/valence")[0].at_s
    boundaries = heard.of("/oscbridge/segment/boundary")
    instants_s = [b.at_s - began_s - b.args[1] / 1000.0 for b in boundaries]
    for cut_s in (SECTION_S, 2 * SECTION_S, 3 * SECTION_S):
        nearest_s = min(instants_s, key=lambda at_s: abs(at_s - cut_s))
        assert abs(nearest_s - cut_s) < TOLERANCE_S, f"cut at {cut_s} s, boundaries {instants_s}"
        told_s = boundaries[instants_s.index(nearest_s)].at_s - began_s
        assert told_s - cut_s < TOLERANCE_S, f"the cut at {cut_s} s was told at {told_s:.1f} s"
    assert len(boundaries) <= 5
