"""What the benchmarks measured, summed up: the numbers behind ``BENCHMARKS.md`` and its picture.

Conventions
-----------
`sum_up` makes of pytest-benchmark's record, which holds the time of every call, a small one that is
kept. Microseconds a hop: ``median_us`` and ``p99_us`` of single calls, ``mean_us`` sustained (the
median over runs of 16 calls of their mean, since some work is due once in 16 hops). Whole files
have ``times`` real time instead. Ratios are of sustained means: how many times as long as ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from oscbridge.measuring.material import HOP_S
from oscbridge.measuring.timing import Timing
from tests.bench.suite import Goal, Suite
from tests.bench.suites import load_suites

Results = dict[str, Any]

KEPT = 0.97
"""Share of the sound that a run has to have heard when it ends; the rest is on its way."""


def sum_up(record: Results) -> Results:
    """Sum up what pytest-benchmark wrote (``--benchmark-json``)."""
    known = load_suites()
    suites: dict[str, dict[str, dict[str, float]]] = {name: {} for name in known}
    for one in record["benchmarks"]:
        info, seconds = one["extra_info"], np.asarray(one["stats"]["data"])
        figures = _whole(seconds, info) if known[info["suite"]].whole else _hop(seconds, info)
        suites[info["suite"]][info["contender"]] = figures
    return {
        "machine": record["machine"],
        "measured_on": record["datetime"][:10],
        "missing": record["missing"],
        "suites": suites,
        **record["measured"],
    }


def _whole(seconds: np.ndarray, info: Results) -> dict[str, float]:
    return {"times": round(info["hops"] * HOP_S / float(np.median(seconds)), 1)}


def _hop(seconds: np.ndarray, info: Results) -> dict[str, float]:
    if len(seconds) < 100:  # too few to know more than their middle
        middle = 1e6 * float(np.median(seconds)) / info["hops"]
        return {name: round(middle, 2) for name in ("median_us", "p99_us", "mean_us")}
    timing = Timing.of(seconds)
    return {
        "median_us": round(1e6 * timing.median_s, 2),
        "p99_us": round(1e6 * timing.p99_s, 2),
        "mean_us": round(1e6 * timing.sustained_s, 2),
    }


def ours_of(suite: Suite, figures: dict[str, dict[str, float]]) -> dict[str, float]:
    """Figures of ours, the first contender."""
    return figures[next(iter(suite.contenders))]


def ratio(suite: Suite, figures: dict[str, dict[str, float]], contender: str) -> float:
    """How many times as long as ours a contender takes."""
    ours, theirs = ours_of(suite, figures), figures[contender]
    if suite.whole:
        return ours["times"] / theirs["times"]
    return theirs["mean_us"] / ours["mean_us"]


@dataclass(frozen=True)
class Verdict:
    """A goal, what was measured, and whether that reaches it (None: not measured)."""

    goal: str
    measured: str
    reached: bool | None


def judge(results: Results) -> list[Verdict]:
    """Hold the results against all goals."""
    verdicts: list[Verdict] = []
    for suite in load_suites().values():
        figures = results["suites"][suite.name]
        verdicts += [_judge_goal(suite, goal, figures) for goal in suite.goals]
    return verdicts + _judge_process(results)


def _judge_goal(suite: Suite, goal: Goal, figures: dict[str, dict[str, float]]) -> Verdict:
    ours = ours_of(suite, figures)
    if goal.most_us is not None:
        measured = ours["mean_us" if goal.sustained else "median_us"]
        said = f"{suite.name}: at most {goal.most_us:g} µs{' sustained' if goal.sustained else ''}"
        return Verdict(said, f"{measured:.1f} µs", measured <= goal.most_us)
    if goal.least_times is not None:
        said = f"{suite.name}: at least {goal.least_times:,.0f} × real time"
        return Verdict(said, f"{ours['times']:,.0f} ×", ours["times"] >= goal.least_times)
    assert goal.least_ratio is not None
    said = f"{suite.name}: at least {goal.least_ratio:g} × as fast as {goal.peer}"
    if goal.peer not in figures:
        return Verdict(said, "peer missing", None)
    times = ratio(suite, figures, goal.peer)
    return Verdict(said, f"{times:.1f} ×", times >= goal.least_ratio)


def _judge_process(results: Results) -> list[Verdict]:
    process = results["process"]
    share, start_s = 100.0 * process["core_share"], process["first_packet_s"]
    carried, too_many = streams_carried(results["runs"])
    said = f"{carried}, not {too_many}" if too_many else f"{carried} and more"
    return [
        Verdict("a live run: at most 1.5 % of a core", f"{share:.1f} %", share <= 1.5),
        Verdict("first packet: at most 1.5 s after the start", f"{start_s:.2f} s", start_s <= 1.5),
        Verdict("live streams a core: at least 100", said, carried >= 100),
    ]


def streams_carried(runs: dict[str, dict[str, float]]) -> tuple[int, int | None]:
    """Most streams that were heard in time by one core, and the first number that was not."""
    most = 0
    for count, run in sorted((int(count), run) for count, run in runs.items()):
        if run["kept"] < KEPT or run["core_share"] > 1.0:
            return most, count
        most = count
    return most, None


def saturated(shares: dict[str, float]) -> bool:
    """Whether streams were added until a core was full."""
    return max(shares.values()) > 1.0


def streams_a_core(shares: dict[str, float]) -> int:
    """Streams that fill a core: on the line between the last number below and the first above."""
    below, at_below = 0, 0.0
    for count, share in sorted((int(count), share) for count, share in shares.items()):
        if share > 1.0:
            return below + int((count - below) * (1.0 - at_below) / (share - at_below))
        below, at_below = count, share
    return below
