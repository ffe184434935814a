"""The picture of the benchmark: F against the allowed decision lag, and F under each condition.

Conventions
-----------
Drawn from the results alone (`models.training.boundaries.report`), as all pictures of this package:
the default detector strong, the others thin; bands are 95 % intervals; no window, no date. Offline
methods are levels without a lag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from models import detectors
from models.training.boundaries import report
from models.training.boundaries.conditions import MATCHED
from models.training.boundaries.scores import LAGS_S
from models.training.figures import BEST, COLOURS, DIM, DPI, INK, tidy

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

NAME = "boundaries.png"
_SHOWN = ("hard cuts", "0.5 s fades", "1 s fades", "2 s fades", "as they are")
_OFFLINE = "kernel"
_DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)))
"""Three, where colours are ten: lines of like colours are dashed otherwise."""
_STYLE: dict[str, Any] = {"fontsize": 9, "color": INK}


def draw(results: dict[str, Any], folder: Path) -> None:
    """Write the picture of these results into a folder."""
    live = [(name, one) for name, one in report.ranked(results) if one["live"]]
    if not live:
        return
    figure = Figure(figsize=(11.0, 7.4), layout="constrained")
    figure.set_facecolor("white")
    panels = figure.subplots(2, 2, sharey="row")
    for column, sound in enumerate(("recordings", "piano")):
        _lags(panels[0, column], live, results, sound)
        _places(panels[1, column], live, sound)
    panels[0, 0].set_ylabel("F within 3 s", **_STYLE)
    panels[1, 0].set_ylabel("F within 3 s", **_STYLE)
    handles, names = panels[0, 0].get_legend_handles_labels()
    figure.legend(
        handles,
        names,
        loc="outside lower center",
        ncols=min(len(names), 6) or 1,
        frameon=False,
        fontsize=9,
        labelcolor=INK,
    )
    figure.savefig(folder / NAME, dpi=DPI, metadata={"Software": None})


def _look(name: str, place: int) -> dict[str, Any]:
    """Colour, dashes and weight of a detector, its own and the same in every panel."""
    strong = name == detectors.DEFAULT
    return {
        "color": BEST if strong else COLOURS[place % len(COLOURS)],
        "linestyle": "-" if strong else _DASHES[place % len(_DASHES)],
        "linewidth": 2.6 if strong else 1.3,
        "zorder": 3 if strong else 2,
        "label": name,
    }


def _lags(
    axes: Axes, live: list[tuple[str, dict[str, Any]]], results: dict[str, Any], sound: str
) -> None:
    """F of the decisions that come within a lag; the level of the best offline method."""
    for place, (name, one) in enumerate(live):
        curve = one.get(sound, {}).get(MATCHED, {}).get("F within 3 s by lag")
        if curve is None:
            continue
        f, low, high = np.asarray(curve).T
        axes.plot(LAGS_S, f, **_look(name, place))
        if name == detectors.DEFAULT:
            axes.fill_between(LAGS_S, low, high, color=BEST, alpha=0.12, linewidth=0.0)
    offline = results["detectors"].get(_OFFLINE, {}).get(sound, {}).get(MATCHED)
    if offline:
        axes.axhline(
            offline["F within 3 s"][0],
            color=DIM,
            linewidth=1.0,
            linestyle=(0, (4, 4)),
            label="kernel change points, offline",
        )
    axes.set_title(f"{sound}, level-matched", fontsize=10, color=INK)
    axes.set_xlabel("longest time from the turn it marks to the decision, s", **_STYLE)
    axes.set(xlim=(LAGS_S[0], LAGS_S[-1]), ylim=(0.0, 1.0))
    tidy(axes)


def _places(axes: Axes, live: list[tuple[str, dict[str, Any]]], sound: str) -> None:
    """A row of points a condition."""
    for place, (name, one) in enumerate(live):
        found = one.get(sound, {})
        at = [k for k, shown in enumerate(_SHOWN) if shown in found]
        figures = np.asarray([found[_SHOWN[k]]["F within 3 s"] for k in at]).reshape(-1, 3)
        look = _look(name, place)
        if name == detectors.DEFAULT:
            axes.vlines(at, figures[:, 1], figures[:, 2], color=BEST, linewidth=1.6)
        axes.plot(
            at,
            figures[:, 0],
            "o",
            color=look["color"],
            zorder=look["zorder"],
            markersize=7 if name == detectors.DEFAULT else 4,
        )
    axes.set_xticks(range(len(_SHOWN)), _SHOWN)
    axes.set(xlim=(-0.5, len(_SHOWN) - 0.5), ylim=(0.0, 1.0))
    tidy(axes)
