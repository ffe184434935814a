"""The picture of a study: courses of one session of each kind of player, and times to the target.

Conventions
-----------
Drawn with matplotlib's object interface: no window, no global state. Colours are those of the
pictures of ``oscbridge analyze``. The caveat is part of the picture: figures travel without text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from oscbridge.errors import SettingsError
from oscbridge.palette import DIM, FAINT, INK, PICTURE_STYLE, QUADRANT_COLOURS
from oscbridge.simulation.drivers import ADAPTIVE, FIXED, ORACLE
from oscbridge.simulation.run import TICK_S
from oscbridge.simulation.scores import HELD_S, TARGET, estimate
from oscbridge.simulation.study import Cell

if TYPE_CHECKING:
    from pathlib import Path

    from oscbridge.simulation.run import Course
    from oscbridge.simulation.study import Study

FELT_COLOUR = "#b3396f"
MUSIC_COLOUR = "#1f4e79"
SIZE_INCHES = (13.0, 8.2)
DPI = 140
CAVEAT = "Simulated players: this tests control logic, it says nothing about people."


def save_picture(study: Study, path: Path) -> None:
    """Draw a study to ``path``; the suffix chooses the format.

    Raises
    ------
    SettingsError
        The file cannot be written.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    kinds = study.design.kinds
    columns = min(len(kinds), 3)
    rows = -(-len(kinds) // columns)
    with rc_context(PICTURE_STYLE):
        figure = Figure(figsize=SIZE_INCHES, dpi=DPI, facecolor="white")
        outer = figure.add_gridspec(
            1, 2, width_ratios=(2.1, 1.0), left=0.05, right=0.985, top=0.86, bottom=0.08, wspace=0.3
        )
        grid = outer[0].subgridspec(rows, columns, hspace=0.32, wspace=0.1)
        for place, kind in enumerate(kinds):
            axes = figure.add_subplot(grid[place // columns, place % columns])
            course = study.examples[Cell(kind, study.design.judged, "main")]
            _draw_course(axes, course, leftmost=place % columns == 0, legend=place == 0)
            if place + columns >= len(kinds):
                axes.set_xlabel("seconds")
        _draw_times(figure.add_subplot(outer[1]), study)
        _draw_headline(figure, study)
        try:
            figure.savefig(path)
        except OSError as error:
            raise SettingsError(
                f"--plot: {str(path)!r} cannot be written: {error.strerror}."
            ) from None


def _draw_headline(figure: Any, study: Study) -> None:
    design = study.design
    figure.text(
        0.05, 0.95, "The closed loop with simulated players", fontsize=15, fontweight="bold"
    )
    figure.text(0.05, 0.915, CAVEAT, fontsize=10.5, color="#b3001b")
    seeds = f"{design.seeds} seed{'s' if design.seeds > 1 else ''}"
    sessions = f"{seeds}, sessions of {design.seconds:g} s"
    figure.text(0.985, 0.95, f"oscbridge · {sessions}", ha="right", fontsize=8, color=DIM)


def _draw_course(axes: Any, course: Course, *, leftmost: bool, legend: bool) -> None:
    """Valence over time: felt, as seen, of the music; requests below."""
    time_s = np.arange(1, len(course.felt) + 1) * TICK_S
    axes.axhline(TARGET, color=FAINT, lw=0.8, zorder=1)
    axes.plot(time_s, course.seen[:, 0], color=FELT_COLOUR, lw=0.6, alpha=0.45, label="seen")
    axes.plot(time_s, course.music[:, 0], color=MUSIC_COLOUR, lw=1.5, label="music")
    axes.plot(time_s, course.felt[:, 0], color=FELT_COLOUR, lw=1.8, label="felt")
    asked_s = [at_s for at_s, _ in course.asked]
    axes.vlines(asked_s, -1.0, -0.92, color=INK, lw=1.2, label="asked for")
    axes.set(xlim=(0.0, course.plan.seconds), ylim=(-1.02, 1.02), yticks=(-1, -0.5, 0, 0.5, 1))
    axes.set_title(f"{course.plan.kind}, {course.plan.driver}", loc="left", fontsize=10)
    axes.tick_params(length=3, labelleft=leftmost)
    if leftmost:
        axes.set_ylabel("valence")
    if legend:
        axes.legend(loc="upper right", ncols=2, frameon=False, fontsize=8, handlelength=1.4)


def _draw_times(axes: Any, study: Study) -> None:
    """Mean time to the target with its interval; a dot for each kind of player."""
    drivers = list(dict.fromkeys((*study.design.drivers, ORACLE)))
    for place, driver in enumerate(drivers):
        found = estimate(study.of(driver, "time_s"))
        colour = _colour(driver)
        axes.barh(place, found.mean, color=colour, height=0.5, alpha=0.85)
        axes.plot([found.low, found.high], [place, place], color=INK, lw=1.4)
        for kind in study.design.kinds:
            mean_s = study.of(driver, "time_s", kind=kind).mean()
            axes.plot(mean_s, place + 0.36, "o", ms=3.2, color=colour, alpha=0.9, clip_on=False)
    axes.set_yticks(range(len(drivers)), drivers)
    axes.set(xlim=(0.0, study.design.seconds), xlabel="seconds")
    axes.set_title(
        f"until {HELD_S:g} s begin that are not felt as bad\n(bar: mean, line: 95 %, dot: a kind)",
        loc="left", fontsize=10,
    )  # fmt: skip
    axes.invert_yaxis()
    axes.tick_params(length=0)


def _colour(driver: str) -> str:
    if driver in FIXED:
        return QUADRANT_COLOURS[0]
    return QUADRANT_COLOURS[4] if driver in ADAPTIVE else QUADRANT_COLOURS[1]
