"""``BENCHMARKS.md`` says what was measured, judges goals by it, and leaves no peer out."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.bench import report
from tests.bench.results import judge, ratio, streams_a_core, streams_carried, sum_up
from tests.bench.suite import OURS
from tests.bench.suites import load_suites


@pytest.fixture
def kept() -> dict[str, Any]:
    """Give the results that the page shows."""
    return json.loads((report.KEPT / "speed.json").read_text(encoding="utf-8"))


def test_the_page_is_written_from_the_results_that_are_kept(kept: dict[str, Any]) -> None:
    page = report.PAGE.read_text(encoding="utf-8")
    shown = page.partition(report.BEGIN)[2].partition(report.END)[0]
    assert shown.strip() == report.write(kept).strip(), "run  python -m tests.bench.report"


def test_a_peer_that_was_not_measured_is_said_to_be_missing(kept: dict[str, Any]) -> None:
    without = copy.deepcopy(kept)
    del without["suites"]["log-mel"]["essentia"]
    without["missing"] = [{"suite": "log-mel", "contender": "essentia", "reason": "no wheel"}]
    page = report.write(without)
    assert "- **missing**: essentia (no wheel)" in page
    assert "| essentia | missing | missing | missing | missing |" in page
    assert (
        "| log-mel: at least 10 × as fast as essentia | peer missing | **not measured** |" in page
    )


def test_goals_are_judged_by_what_was_measured(kept: dict[str, Any]) -> None:
    results = copy.deepcopy(kept)
    suite = load_suites()["log-mel"]
    figures = results["suites"]["log-mel"]
    figures[OURS] |= {"median_us": 4.0, "mean_us": 5.0}
    figures["essentia"]["mean_us"] = 49.9
    assert ratio(suite, figures, "essentia") == pytest.approx(9.98)
    verdicts = {verdict.goal: verdict.reached for verdict in judge(results)}
    assert verdicts["log-mel: at most 4 µs"] is True
    assert verdicts["log-mel: at least 10 × as fast as essentia"] is False


def test_streams_are_counted_to_where_a_core_is_full() -> None:
    assert streams_a_core({"1": 0.01, "64": 0.5, "128": 1.5}) == 96
    assert streams_a_core({"1": 0.01, "64": 0.8}) == 64


def test_streams_that_are_not_heard_in_time_are_not_carried() -> None:
    runs = {"1": (0.02, 1.0), "8": (0.2, 1.0), "32": (0.7, 0.5)}
    told = {count: {"core_share": share, "kept": kept} for count, (share, kept) in runs.items()}
    assert streams_carried(told) == (8, 32)
    assert streams_carried(told | {"32": {"core_share": 1.2, "kept": 1.0}}) == (8, 32)
    assert streams_carried({"1": told["1"]}) == (1, None)


def test_times_are_summed_up_a_hop() -> None:
    one = {"extra_info": {"suite": "OSC", "contender": OURS, "hops": 1}}
    offline = {"extra_info": {"suite": "beats", "contender": "librosa", "hops": 1000}}
    record = {
        "benchmarks": [
            one | {"stats": {"data": [2e-6] * 200}},
            offline | {"stats": {"data": [0.03, 0.02, 0.04]}},
        ],
        "machine": {},
        "datetime": "2030-01-02T03:04",
        "missing": [],
        "measured": {},
    }
    suites = sum_up(record)["suites"]
    assert suites["OSC"][OURS] == {"median_us": 2.0, "p99_us": 2.0, "mean_us": 2.0}
    assert suites["beats"]["librosa"]["median_us"] == 30.0
