"""``oscbridge bench``: figures that hang together, for people and for programs."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from oscbridge.commands import bench
from oscbridge.measuring import figures, material, timing

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = ("resampler", "features", "beats", "boundaries", "music model", "messages")
WHOLE = "whole hop"


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    bench.add_arguments(parser)
    return bench.run(parser.parse_args(arguments))


@pytest.fixture(scope="module")
def measured() -> Iterator[figures.Figures]:
    """Measure once, for less long than users do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "N_HOPS", 400)
        patch.setattr(figures, "PACED_S", 0.5)
        patch.setattr(figures, "RUN_S", 0.5)
        yield figures.measure()


@pytest.fixture
def record(
    measured: figures.Figures, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> dict[str, Any]:
    monkeypatch.setattr(figures, "measure", lambda _on_step: measured)
    assert run("--json") == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.compiled
def test_every_stage_of_the_path_is_told_and_the_whole_hop_is_more_than_its_parts(
    record: dict[str, Any],
) -> None:
    stages = {stage["stage"]: stage for stage in record["stages"]}
    assert [name for name in stages if not stages[name]["within"]] == [*PATH, WHOLE]
    for stage in stages.values():
        assert 0.0 < stage["median_us"] <= stage["p99_us"]
        assert stage["mean_us"] > 0.0
    assert stages["features"]["median_us"] > stages["log-mel"]["median_us"]
    assert stages[WHOLE]["median_us"] > stages["features"]["median_us"]


@pytest.mark.compiled
def test_the_other_figures_are_told_too(record: dict[str, Any]) -> None:
    assert record["hop_ms"] == pytest.approx(1e3 * 256 / 24_000, abs=1e-3)
    assert record["paced"]["p50_us"] <= record["paced"]["p99_us"]
    assert 0.0 < record["core_share"] < 2.0
    assert record["first_packet_s"] > 0.0
    assert record["times_real_time"] > 1.0
    assert {"processor", "python", "numpy", "numba", "oscbridge"} <= record["machine"].keys()


@pytest.mark.compiled
def test_people_get_a_table_that_fits_a_terminal(
    measured: figures.Figures, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(figures, "measure", lambda _on_step: measured)
    monkeypatch.setenv("COLUMNS", "80")
    assert run() == 0
    out, err = capsys.readouterr()
    assert err == ""
    for name in (*PATH, WHOLE, "first packet", "times real time"):
        assert name in out
    assert max(map(len, out.splitlines())) <= 80


def test_the_sustained_time_of_uneven_work_is_its_mean() -> None:
    once_in_sixteen = np.tile([*[1e-6] * 15, 17e-6], 10)
    told = timing.Timing.of(once_in_sixteen)
    assert told.median_s == pytest.approx(1e-6)
    assert told.sustained_s == pytest.approx(2e-6)
    assert told.p99_s == pytest.approx(17e-6)


def test_fewer_calls_than_a_run_are_refused() -> None:
    with pytest.raises(ValueError, match="15 calls are fewer"):
        timing.Timing.of(np.ones(15))


def test_the_music_of_the_bench_is_the_same_at_every_place_of_the_path() -> None:
    music = material.Material(material.render(8))
    assert len(music.blocks) == len(music.hops) == 8
    np.testing.assert_array_equal(music.device_samples[::2], music.samples)
    assert [block.start for block in music.blocks] == [512 * i for i in range(8)]
