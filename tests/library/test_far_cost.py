"""The cost of a million tracks, worked out by hand."""

from __future__ import annotations

from oscbridge.library.far.cost import Cost


def test_a_million_tracks_cost_what_the_measured_ones_did_times_their_share() -> None:
    # 1,000 tracks of 4 minutes and 8 MB in 10 minutes on 4 cores: 2.4 core-seconds a track
    cost = Cost(1000, 600.0, 4, 240_000.0, 8_000_000_000, 3_000_000)
    measured, million = cost.sentences(0.05)
    assert "2.40 core-seconds a track, 100 times real time" in measured
    # 2.4e6 s / 3600 = 667 h; 8 MB · 1e6 = 8 TB; 3 kB · 1e6 = 3 GB; 667 · 0.05 = 33 €
    assert "667 core-hours (10.4 h on 64 cores), 8.00 TB to read (3.3 MB/s a core)" in million
    assert "3.0 GB of Parquet, 33 € at 0.05 €" in million


def test_of_no_tracks_nothing_is_said() -> None:
    assert Cost(0, 0.0, 1, 0.0, 0, 0).sentences() == ()
