"""The picture of ``BENCHMARKS.md``: every stage beside its peers on one logarithmic axis.

Conventions
-----------
Drawn from the results alone (`tests.bench.results`). Bars are sustained means, thin lines reach to
the 99th percentile; ours is coloured, peers are grey; behind each bar its time and how many times
as long as ours it takes. A floor, what nobody can leave out, is an empty bar.
"""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from oscbridge.palette import QUADRANT_COLOURS
from tests.bench.results import Results, ratio
from tests.bench.suite import FLOOR, Suite
from tests.bench.suites import load_suites

OURS_COLOUR, PEER_COLOUR = QUADRANT_COLOURS[2], "#b9bec7"
INK, DIM, FAINT = "#2b2f36", "#5b626d", "#e3e6eb"
BAR, ROW_INCHES, GAP_ROWS = 0.66, 0.23, 1.5
WIDTH_INCHES, DPI = 10.0, 120
FIRST_US, LAST_US = 1.0, 30_000.0


def draw(results: Results, path: Path) -> None:
    """Write the picture of these results."""
    suites = [suite for suite in load_suites().values() if results["suites"][suite.name]]
    hops, files = [s for s in suites if not s.whole], [s for s in suites if s.whole]
    heights = [_rows(hops, results), _rows(files, results) + 1.0]
    figure = Figure(figsize=(WIDTH_INCHES, ROW_INCHES * sum(heights) + 1.2), layout="constrained")
    figure.set_facecolor("white")
    machine = results["machine"]
    figure.suptitle(
        f"oscbridge beside its peers: one run, one thread, {machine['processor']}",
        x=0.01,
        ha="left",
        fontsize=12,
        color=INK,
        weight="bold",
    )
    above, below = figure.subplots(2, 1, height_ratios=heights)
    _panel(above, hops, results)
    above.set_xlim(FIRST_US, LAST_US)
    above.set_xlabel(
        "µs a call, logarithmic: less is better; × ours: how many times as long",
        color=DIM,
        fontsize=9,
    )
    _panel(below, files, results)
    below.set_xlim(10.0, 100_000.0)
    below.set_xlabel("times real time, logarithmic: more is better", color=DIM, fontsize=9)
    figure.savefig(path, dpi=DPI, metadata={"Software": None})


def _rows(suites: list[Suite], results: Results) -> float:
    return sum(len(results["suites"][suite.name]) + GAP_ROWS for suite in suites)


def _panel(axes: Axes, suites: list[Suite], results: Results) -> None:
    """Draw suites below each other, each with its name above its bars."""
    axes.set_xscale("log")
    at = 0.0
    for suite in suites:
        axes.text(
            *(0.0, at, suite.name),
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            fontsize=10,
            color=INK,
            weight="bold",
        )
        axes.text(
            *(0.006, at, suite.what),
            transform=axes.get_yaxis_transform(),
            ha="left",
            va="center",
            fontsize=8,
            color=DIM,
        )
        for name in suite.contenders:
            if name in results["suites"][suite.name]:
                at += 1.0
                _bar(axes, at, suite, name, results)
        at += GAP_ROWS
    axes.set_ylim(at - GAP_ROWS + 0.8, -0.8)
    axes.set_yticks([])
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
    axes.tick_params(axis="x", which="both", colors=DIM, labelsize=8, length=0)
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")


def _bar(axes: Axes, at: float, suite: Suite, name: str, results: Results) -> None:
    figures = results["suites"][suite.name]
    one, first = figures[name], next(iter(suite.contenders))
    ours = name.startswith("oscbridge")
    colour = OURS_COLOUR if ours else PEER_COLOUR
    value = one["times"] if suite.whole else one["mean_us"]
    end = value if suite.whole else max(one["p99_us"], value)
    if name.startswith(FLOOR):
        axes.barh(at, value, height=BAR, facecolor="none", edgecolor=colour, zorder=2)
    else:
        axes.barh(at, value, height=BAR, color=colour, zorder=2)
    axes.hlines(at, value, end, color=colour, linewidth=1.4, zorder=2)
    axes.text(
        *(-0.006, at, name),
        transform=axes.get_yaxis_transform(),
        ha="right",
        va="center",
        fontsize=8.5,
        color=INK if ours else DIM,
    )
    said = f"{value:,.0f} ×" if suite.whole else _microseconds(value)
    if name != first:
        times = ratio(suite, figures, name)
        said += f"   {1.0 / times:.2g} × ours" if suite.whole else f"   {_times(times)} × ours"
    axes.annotate(
        said,
        (end, at),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        color=INK if ours else DIM,
    )


def _times(value: float) -> str:
    return f"{value:.1f}" if value < 100.0 else f"{value:,.0f}"


def _microseconds(value: float) -> str:
    return f"{value:.1f} µs" if value < 100.0 else f"{value:,.0f} µs"
