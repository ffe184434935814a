"""Pictures of results: confusion, calibration, evidence over time, conditions; one of each kind.

Conventions
-----------
Drawn from the dicts that `models.training.results` reads, with matplotlib's object interface: no
window, no global state. The best model is drawn strong, the others thin; bands and whiskers are 95
% intervals. A model has the same colour in every picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from models.training import results
from models.training.conditions import LABELS
from models.training.examine import TABLED_SECONDS
from models.training.takes import INSTRUMENTS

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

INK = "#2b2f36"
DIM = "#5b626d"
FAINT = "#d5d9df"
BEST = "#b3396f"
COLOURS = (
    *("#1f4e79", "#3b8f6b", "#c98a1b", "#7a5ba6", "#4aa3c7", "#8a8f98", "#a0522d", "#556b2f"),
    *("#d9534f", "#0f2537"),
)
NAMES = {
    "panda_4q": "recordings (panda_4q)",
    "emopia": "piano (emopia)",
    "vgmidi": "game piano (vgmidi)",
    "ym2413_mdb": "game music (ym2413_mdb)",
}
QUADRANTS = ("happy", "tense", "sad", "relaxed")
DPI = 120
_STYLE: dict[str, Any] = {"fontsize": 9, "color": INK}


def draw_all(folder: Path) -> None:
    """Draw what there is to draw into the folder of the results."""
    models, _ = results.read_all(folder)
    for name, draw in (
        ("confusion", draw_confusion),
        ("calibration", draw_calibration),
        ("evidence", draw_evidence),
        ("conditions", draw_conditions),
    ):
        figure = draw(models)
        if figure is not None:
            # no date, no version: equal results, equal files
            figure.savefig(folder / f"{name}.png", dpi=DPI, metadata={"Software": None})


def colour_of(i: int) -> str:
    """Colour of the model at a place of the ranking."""
    return BEST if i == 0 else COLOURS[(i - 1) % len(COLOURS)]


def _corpora(models: list[dict[str, Any]], part: str) -> list[str]:
    """Corpora of which some model has this part of the results."""
    return [name for name in NAMES if any(part in m["corpora"].get(name, {}) for m in models)]


def _panels(rows: int, columns: int, width: float, height: float) -> tuple[Figure, np.ndarray]:
    figure = Figure(figsize=(columns * width, rows * height), layout="constrained")
    figure.set_facecolor("white")
    return figure, figure.subplots(rows, columns, squeeze=False)


def tidy(axes: Axes) -> None:
    """Leave out of a panel what says nothing: two spines, ticks, strong lines."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(FAINT)
    axes.tick_params(colors=DIM, labelsize=8, length=0)
    axes.grid(color=FAINT, linewidth=0.6, alpha=0.7)
    axes.set_axisbelow(True)


def draw_confusion(models: list[dict[str, Any]]) -> Figure | None:
    """A row a model, a column a corpus; shares of each true quadrant."""
    corpora = _corpora(models, "confusion")
    if not corpora:
        return None
    shades = LinearSegmentedColormap.from_list("shades", ["#ffffff", "#2a6099", "#123a5e"])
    figure, panels = _panels(len(models), len(corpora), 2.4, 2.1)
    for i, model in enumerate(models):
        for axes, corpus in zip(panels[i], corpora, strict=True):
            if i == 0:
                axes.set_title(NAMES[corpus], fontsize=10, color=INK)
            facts = model["corpora"].get(corpus, {})
            if "confusion" not in facts:
                axes.set_axis_off()
                continue
            counts = np.asarray(facts["confusion"], dtype=float)
            share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
            axes.imshow(share, cmap=shades, vmin=0.0, vmax=1.0)
            for (true, said), value in np.ndenumerate(share):
                text = f"{100 * value:.0f}"
                shade = "white" if value > 0.38 else INK
                axes.text(said, true, text, ha="center", va="center", color=shade, fontsize=9)
            below, beside = i == len(models) - 1, axes is panels[i, 0]
            axes.set_xticks(range(4), QUADRANTS if below else [""] * 4)
            axes.set_yticks(range(4), QUADRANTS if beside else [""] * 4)
            axes.tick_params(colors=DIM, labelsize=7.5, length=0)
            for spine in axes.spines.values():
                spine.set_visible(False)
            if beside:
                axes.set_ylabel(model["name"], fontsize=10, color=INK, fontweight="bold")
    figure.suptitle("rows: truth, columns: answer; per cent of the true quadrant", **_STYLE)
    return figure


def draw_calibration(models: list[dict[str, Any]]) -> Figure | None:
    """Stated confidence against what came true, answers of every second of every clip."""
    corpora = _corpora(models, "calibration")
    if not corpora:
        return None
    figure, panels = _panels(1, len(corpora), 3.0, 3.9)
    for axes, corpus in zip(panels[0], corpora, strict=True):
        axes.plot((0, 1), (0, 1), color=DIM, linewidth=0.8, linestyle=(0, (4, 4)))
        for i, model in reversed(list(enumerate(models))):
            facts = model["corpora"].get(corpus, {}).get("calibration")
            if not facts:
                continue
            count = np.asarray(facts["count"])
            used = count >= max(0.002 * count.sum(), 20)
            x, y = (np.asarray(facts[key])[used] for key in ("confidence", "right"))
            axes.plot(
                x,
                y,
                color=colour_of(i),
                linewidth=2.4 if i == 0 else 1.2,
                alpha=1.0 if i == 0 else 0.75,
                marker="o",
                markersize=4.5 if i == 0 else 2.5,
                label=model["name"],
            )
        axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
        axes.set_title(NAMES[corpus], fontsize=10, color=INK)
        axes.set_xlabel("confidence stated", **_STYLE)
        tidy(axes)
    panels[0, 0].set_ylabel("share that was right", **_STYLE)
    _legend(figure, panels[0, 0])
    return figure


def _legend(figure: Figure, axes: Axes) -> None:
    """Names of the models below the panels; drawn last is named first."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(
        handles[::-1],
        labels[::-1],
        loc="outside lower center",
        ncols=min(len(labels), 6) or 1,
        frameon=False,
        fontsize=9,
        labelcolor=INK,
    )


def draw_evidence(models: list[dict[str, Any]]) -> Figure | None:
    """Accuracy of the answer at an instant over the seconds heard."""
    corpora = _corpora(models, "seconds")
    if not corpora:
        return None
    rows = ("quadrant accuracy", "arousal accuracy", "valence accuracy", "calibration error")
    figure, panels = _panels(len(rows), len(corpora), 3.1, 2.2)
    for row, name in enumerate(rows):
        for axes, corpus in zip(panels[row], corpora, strict=True):
            for i, model in reversed(list(enumerate(models))):
                seconds = model["corpora"].get(corpus, {}).get("seconds")
                if seconds:
                    _curve(axes, seconds, name, model["name"], i)
            error = name == "calibration error"
            chance = 0.25 if name == "quadrant accuracy" else 0.5
            axes.axhline(0.05 if error else chance, color=DIM, linewidth=0.8, linestyle=(0, (4, 4)))
            axes.set(xlim=(0.5, 30.5), ylim=(0.0, 0.3) if error else (chance - 0.1, 1.0))
            axes.set_xticks(TABLED_SECONDS)
            tidy(axes)
            if row == 0:
                axes.set_title(NAMES[corpus], fontsize=10, color=INK)
            if row == len(rows) - 1:
                axes.set_xlabel("seconds heard", **_STYLE)
            if axes is panels[row, 0]:
                axes.set_ylabel(name, **_STYLE)
    _legend(figure, panels[0, 0])
    return figure


def _curve(axes: Axes, seconds: dict[str, Any], name: str, label: str, place: int) -> None:
    x = [int(s) for s in seconds]
    axes.plot(
        x,
        [one[name][0] for one in seconds.values()],
        color=colour_of(place),
        linewidth=2.4 if place == 0 else 1.2,
        alpha=1.0 if place == 0 else 0.75,
        label=label,
    )
    if place == 0:
        known = [s for s in TABLED_SECONDS if len(seconds.get(str(s), {}).get(name, ())) == 3]
        low, high = ([seconds[str(s)][name][k] for s in known] for k in (1, 2))
        axes.fill_between(known, low, high, color=BEST, alpha=0.12, linewidth=0.0)


def draw_conditions(models: list[dict[str, Any]]) -> Figure | None:
    """Change of quadrant accuracy against the same clips as they are."""
    corpora = [name for name in NAMES if any(m["conditions"].get(name) for m in models)]
    if not corpora:
        return None
    labels = {**LABELS, **{name: title for name, (title, _) in INSTRUMENTS.items()}}
    asked = [
        name
        for name in labels
        if any(name in m["conditions"].get(corpus, {}) for m in models for corpus in corpora)
    ]
    figure, panels = _panels(1, len(corpora), 4.6, 1.2 + 0.27 * len(asked))
    for axes, corpus in zip(panels[0], corpora, strict=True):
        axes.axvspan(-5.0, 5.0, color=FAINT, alpha=0.35, linewidth=0.0)
        axes.axvline(0.0, color=DIM, linewidth=0.8)
        for i, model in reversed(list(enumerate(models))):
            found = model["conditions"].get(corpus)
            if not found:
                continue
            at = [k for k, name in enumerate(asked) if name in found]
            change = np.asarray(
                [found[asked[k]]["quadrant accuracy"]["change"] for k in at]
            ).reshape(-1, 3)
            if i == 0:
                axes.hlines(at, 100 * change[:, 1], 100 * change[:, 2], color=BEST, linewidth=1.6)
            axes.plot(
                100 * change[:, 0],
                at,
                "o",
                color=colour_of(i),
                markersize=7 if i == 0 else 4,
                alpha=1.0 if i == 0 else 0.7,
                label=model["name"],
            )
        axes.set_yticks(range(len(asked)), [labels[name] for name in asked])
        axes.set_ylim(len(asked) - 0.5, -0.5)
        axes.set_title(NAMES[corpus], fontsize=10, color=INK)
        axes.set_xlabel("change of quadrant accuracy, points", **_STYLE)
        tidy(axes)
        axes.tick_params(labelleft=axes is panels[0, 0])
    _legend(figure, panels[0, 0])
    return figure
