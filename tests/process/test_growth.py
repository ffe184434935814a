"""Nothing grows with the length of the music, and no sample index drifts.

`make soak` does the same for hours; here it is as long as one waits for.
"""

from __future__ import annotations

import pytest

from tests.soak.growth import build_loop, drift, hear, measure_growth

HOPS = 5_000
TRACED_BYTES = 32_000
"""Less than seven bytes a hop: no object is that small, and caches of libraries waver by less."""
RESIDENT_BYTES = 2_000_000


@pytest.mark.compiled
def test_a_minute_of_hops_leaves_nothing_behind() -> None:
    growth = measure_growth(HOPS)
    assert growth.traced < TRACED_BYTES, "\n".join(growth.culprits)
    assert growth.resident < RESIDENT_BYTES


@pytest.mark.compiled
@pytest.mark.parametrize(("block_size", "minutes"), [(509, 3), (4096, 8)])
def test_sample_indices_are_true_after_minutes(block_size: int, minutes: int) -> None:
    music = build_loop()
    stream = hear(music, 0, minutes * len(music), block_size)
    assert drift(music, stream, block_size) == ""


@pytest.mark.compiled
def test_a_sample_that_is_lost_would_be_noticed() -> None:
    music = build_loop()
    stream = hear(music, 1, 2 * len(music) + 1, 4096)
    assert "differ" in drift(music, stream, 4096)
