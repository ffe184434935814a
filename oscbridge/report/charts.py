"""The pictures of a report: SVG that takes its colours from the page, so that it is good in dark.

Conventions
-----------
Drawn with matplotlib's object interface in *placeholder* colours, which become variables of the
page's style sheet (`TOKENS`): one picture, light and dark. Texts stay texts, in the page's font.
Times are in minutes and seconds from the start of the session.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from oscbridge.offline.plot import tick_step_s
from oscbridge.readable import minutes

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.report.comparison import Comparison
    from oscbridge.report.course import Course, Track

TOKENS = {
    "ink": "#010203",
    "dim": "#010204",
    "grid": "#010205",
    "felt": "#010206",
    "music": "#010207",
    "asked": "#010208",
    "good": "#010209",
    "bad": "#01020a",
    "panel": "#01020b",
    "pulse": "#01020c",
}
"""Names of the page's colours, and what stands for them while a picture is drawn."""
END_COLOURS = {"done": "good", "started": "good", "rejected": "bad", "expired": "bad"}
POINTS = 1500
"""Points of a line at most: a long session is thinned."""
WIDTH_INCHES = 10.0
STEP_S = 10.0
MOST_STEPS = 240
"""Of the paths through the plane."""


def draw_course(course: Course) -> str:
    """Valence, arousal, requests and heart over time."""
    lanes = [1.0, 1.0, 0.5, *([0.6] if course.pulses else [])]
    return _svg(lambda figure: _draw_course(figure, course, lanes), 2.0 + 1.9 * sum(lanes))


def draw_plane(course: Course) -> str:
    """The paths of player and music through the plane, and what was asked for."""
    return _svg(lambda figure: _draw_plane(figure, course), 4.6, width=4.8)


def draw_comparison(found: Comparison) -> str:
    """The changes with and without other music, and their difference."""
    return _svg(lambda figure: _draw_comparison(figure, found), 1.9, width=6.4)


def _svg(draw: Callable[[Any], None], height: float, width: float = WIDTH_INCHES) -> str:
    """A figure as an ``svg`` element."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    style: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": f"{height}x{width}",
        "font.size": 9.5,
        "text.color": TOKENS["ink"],
        "axes.labelcolor": TOKENS["dim"],
        "axes.edgecolor": TOKENS["grid"],
        "xtick.color": TOKENS["dim"],
        "ytick.color": TOKENS["dim"],
        "axes.facecolor": "none",
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    with rc_context(style):
        figure = Figure(figsize=(width, height), facecolor="none", layout="constrained")
        draw(figure)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' width="[\d.]+pt" height="[\d.]+pt"', "", svg, count=1)  # as wide as it may be
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font: \1px var(--font)", svg)
    for name, colour in TOKENS.items():
        svg = svg.replace(colour, f"var(--{name})")
    return svg


def _draw_course(figure: Any, course: Course, lanes: list[float]) -> None:
    axes = figure.subplots(len(lanes), 1, sharex=True, height_ratios=lanes)
    grid_s = np.linspace(0.0, max(course.length_s, 1.0), POINTS)
    for axis, name in enumerate(("valence", "arousal")):
        _draw_axis(axes[axis], course, grid_s, axis, name)
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper right", ncols=3, frameon=False)
    _draw_requests(axes[2], course)
    if course.pulses:
        times_s, rates = zip(*_thinned(course.pulses), strict=True)
        axes[3].plot(times_s, rates, color=TOKENS["pulse"], lw=1.4)
        if course.resting is not None:
            axes[3].axhline(course.resting, color=TOKENS["grid"], lw=0.9)
            axes[3].text(0.0, course.resting, " at rest", va="bottom", color=TOKENS["dim"])
        axes[3].set_ylabel("heart, a minute")
    last = axes[-1]
    last.set_xlim(0.0, max(course.length_s, 1.0))
    last.set_xticks(np.arange(0.0, max(course.length_s, 1.0), tick_step_s(course.length_s)))
    last.xaxis.set_major_formatter(_tick_words)
    for one in axes:
        one.tick_params(length=0)


def _draw_axis(axes: Any, course: Course, grid_s: np.ndarray, axis: int, name: str) -> None:
    axes.axhline(0.0, color=TOKENS["grid"], lw=0.9, zorder=1)
    for mark_s, _ in course.marks:
        axes.axvline(mark_s, color=TOKENS["grid"], lw=0.9, ls=":")
    axes.plot(grid_s, course.music[axis].at(grid_s), color=TOKENS["music"], lw=1.5, label="music")
    axes.plot(grid_s, course.felt[axis].at(grid_s), color=TOKENS["felt"], lw=1.8, label="felt")
    targets = [(one.at_s, (one.valence, one.arousal)[axis]) for one in course.requests]
    if targets:
        axes.plot(
            *zip(*targets, strict=True), "D", ms=5.5, color=TOKENS["asked"],
            mec=TOKENS["panel"], mew=1.0, label="asked for", zorder=5, clip_on=False,
        )  # fmt: skip
    axes.set(ylim=(-1.05, 1.05), yticks=(-1, 0, 1))
    axes.set_ylabel(name)


def _draw_requests(axes: Any, course: Course) -> None:
    """A line until the music of a request began, a bar for as long as it was the newest."""
    starts_s = [one.started_s for one in course.requests if one.started_s is not None]
    for one in course.requests:
        colour = TOKENS[END_COLOURS.get(one.end, "dim")]
        begun_s = one.started_s
        waited_s = one.waits_until_s(course.length_s)
        axes.plot([one.at_s, waited_s], [0.5, 0.5], color=colour, lw=2.0)
        if begun_s is not None:
            until_s = next((at_s for at_s in starts_s if at_s > begun_s), course.length_s)
            axes.barh(
                0.5, until_s - begun_s, left=begun_s, height=0.4, color=colour, alpha=0.75,
                edgecolor=TOKENS["panel"], lw=1.5,
            )  # fmt: skip
        axes.text(one.at_s, 0.82, f"{one.id}", fontsize=8, color=TOKENS["dim"], clip_on=True)
    axes.set(ylim=(0.1, 1.1), yticks=[])
    axes.set_ylabel("requests")


def _draw_plane(figure: Any, course: Course) -> None:
    axes = figure.subplots()
    axes.axhline(0.0, color=TOKENS["grid"], lw=0.9)
    axes.axvline(0.0, color=TOKENS["grid"], lw=0.9)
    for tracks, name in ((course.music, "music"), (course.felt, "felt")):
        valence, arousal = (_means(track, course.length_s) for track in tracks)
        axes.plot(valence, arousal, color=TOKENS[name], lw=1.4, alpha=0.75, label=name)
        known = np.flatnonzero(np.isfinite(valence) & np.isfinite(arousal))
        for place, marker in ((known[:1], "o"), (known[-1:], "s")):
            axes.plot(
                valence[place], arousal[place], marker, ms=8, color=TOKENS[name],
                mec=TOKENS["panel"], mew=1.2, zorder=6,
            )  # fmt: skip
    for one in course.requests:
        axes.plot(
            one.valence, one.arousal, "D", ms=6, color=TOKENS["asked"], mec=TOKENS["panel"],
            mew=1.0, zorder=5,
        )  # fmt: skip
    axes.set(xlim=(-1.04, 1.04), ylim=(-1.04, 1.04), aspect="equal", xticks=(-1, 0, 1))
    axes.set(yticks=(-1, 0, 1), xlabel="valence", ylabel="arousal")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _draw_comparison(figure: Any, found: Comparison) -> None:
    axes = figure.subplots()
    mean, low, high = found.difference
    axes.axvline(0.0, color=TOKENS["grid"], lw=0.9)
    axes.plot(found.without, 2, "o", ms=8, color=TOKENS["dim"])
    axes.plot(found.with_music, 1, "o", ms=8, color=TOKENS["felt"])
    axes.plot([low, high], [0, 0], color=TOKENS["asked"], lw=2.5, solid_capstyle="round")
    axes.plot(mean, 0, "D", ms=8, color=TOKENS["asked"], mec=TOKENS["panel"], mew=1.0)
    axes.set_yticks((2, 1, 0), ("no other music", "after it began", "difference, 95 %"))
    axes.set(ylim=(-0.5, 2.5), xlabel="change of valence")
    axes.tick_params(length=0)
    axes.spines["left"].set_visible(False)


def _means(track: Track, length_s: float) -> np.ndarray:
    """Means of a track over `STEP_S`, or more where there would be too many points to see."""
    step_s = max(STEP_S, length_s / MOST_STEPS)
    starts_s = np.arange(0.0, max(length_s, step_s), step_s)
    parts = [track.at(start_s + step_s * np.arange(0.05, 1.0, 0.1)) for start_s in starts_s]
    return np.array([np.mean(part) for part in parts])


def _thinned(pairs: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return pairs[:: max(len(pairs) // POINTS, 1)]


def _tick_words(seconds: float, _position: int) -> str:
    return minutes(seconds).split(".")[0]


def mean_of(track: Track, course: Course) -> float:
    """Mean of a track over a session, by time; NaN where nothing was known."""
    grid_s = np.arange(0.0, max(course.length_s, 1.0))
    values = track.at(grid_s)
    known = np.isfinite(values)
    return float(values[known].mean()) if known.any() else float("nan")
