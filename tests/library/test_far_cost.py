"""The cost of a million tracks, worked out by hand."""

from __future__ import annotations

from oscbridge.library.far.cost import Cost


def test_a_million_tracks_cost_what_the_measured_ones_did_times_their_share() -> None:
    # 1,000 tracks of 4 minutes and 8 MB: 4 cores worked 1,200 s of 10 minutes, 1.2 s a track
    cost = Cost(1000, 600.0, 4, 1200.0, 240_000.0, 8_000_000_000, 3_000_000)
    measured, million = cost.sentences(0.05)
    assert "on 4 cores, which worked 50 % of the time: 1.20 core-seconds a track" in measured
    assert "200 times real time on a core" in measured
    # 1.2e6 s / 3600 = 333 h; 8 MB · 1e6 = 8 TB; 3 kB · 1e6 = 3 GB; 333 · 0.05 = 17 €
    assert "333 core-hours (5.2 h on 64 cores), 8.00 TB to read (6.7 MB/s a core)" in million
    assert "3.0 GB of Parquet, 17 € at 0.05 €" in million


def test_of_no_tracks_nothing_is_said() -> None:
    assert Cost(0, 0.0, 1, 0.0, 0.0, 0, 0).sentences() == ()
