"""Results of the benchmark as one JSON, and the tables of ``dsp/README.md`` that are made from it.

Conventions
-----------
Figures are ``[value, low, high]``. The page is text made from the file and from nothing else,
between two markers; a test holds the page to the file. A dash stands for what is not defined.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from models import detectors
from models.training.boundaries.conditions import MATCHED
from models.training.boundaries.labels import SINCE_S, WAYS
from models.training.results import to_text
from models.training.tables import DASH, number, replace_between, table

FOLDER = Path(__file__).parents[3] / "dsp" / "results"
README = Path(__file__).parents[3] / "dsp" / "README.md"
NAME = "boundaries.json"
BEGIN = "<!-- boundaries: begin -->"
END = "<!-- boundaries: end -->"
TITLES = {
    "paper": "`paper` (either, literal)",
    "kernel": "kernel change points, offline",
    "foote": "Foote novelty, offline",
    "agglomerative": "agglomerative, offline, told how many",
    "periodic": "every 18 s",
}
COLUMNS = {
    "F 3 s": "F within 3 s",
    "precision": "precision within 3 s",
    "recall": "recall within 3 s",
    "F 1 s": "F within 1 s",
    "F 0.5 s": "F within 0.5 s",
    "error": "median error, s",
    "false/min": "false alarms a minute",
    "delay p50": "delay p50, s",
    "delay p95": "delay p95, s",
    "F 3 s as reported": "reported F within 3 s",
}
_SECONDS = {"error", "false/min", "delay p50", "delay p95"}


def read(folder: Path = FOLDER) -> dict[str, Any]:
    """Results that were written; empty where there are none."""
    path = folder / NAME
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def write(folder: Path, results: dict[str, Any]) -> dict[str, Any]:
    """Write results; those of detectors and corpora that were not run now are kept.

    Results of another part of the list are given up: they are not comparable. Returns what stands.
    """
    before = read(folder)
    if before.get("every") != results["every"]:
        before = {}
    kept = {**before, **results}
    known = before.get("detectors", {})
    for name, found in results["detectors"].items():
        known[name] = {**known.get(name, {}), **found}
    kept["detectors"] = known
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_text(to_text(kept), encoding="utf-8")
    return kept


def rank(found: dict[str, Any]) -> tuple[bool, float]:
    """Live before offline, then by F within 3 s on level-matched recordings."""
    figure = found.get("recordings", {}).get(MATCHED, {}).get("F within 3 s", [0.0])
    return not found["live"], -figure[0]


def ranked(results: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Detectors and references, the best first, offline ones last."""
    return sorted(results.get("detectors", {}).items(), key=lambda item: rank(item[1]))


def title(name: str) -> str:
    """How tables name a detector."""
    default = ", default" if name == detectors.DEFAULT else ""
    return TITLES.get(name, f"`{name}`{default}")


def cell(figure: list[float] | None, *, seconds: bool = False, interval: bool = False) -> str:
    """A figure, with its interval where there is room."""
    if figure is None:
        return DASH
    texts = [f"{x:.2f}" if seconds else number(x)[:-1] for x in figure]
    if number(figure[0]) == "1.000" and not seconds:
        texts[0] = "1.0"
    return f"{texts[0]} [{texts[1]}, {texts[2]}]" if interval else texts[0]


def headline(name: str, found: dict[str, Any]) -> str:
    """A line a condition, for the terminal."""
    lines = [f"{name} ({found['step_us']} us a hop)"]
    for sound in ("recordings", "piano", "game"):
        for place, figures in found.get(sound, {}).items():
            told = (
                f"{key} {value[0]:.3f}"
                for key, value in figures.items()
                if isinstance(value, list) and not isinstance(value[0], list)
            )
            lines.append(f"  {sound}, {place} ({figures['streams']}): {'  '.join(told)}")
    return "\n".join(lines)


def build(results: dict[str, Any]) -> str:
    """All tables, and where the picture lies."""
    if not results:
        return "The benchmark has not been run yet."
    rows = ranked(results)
    parts = ["![F against the decision lag, and by condition](results/boundaries.png)"]
    if results["every"] > 1:
        parts.append(f"Of each {results['every']} streams of the list one was heard.")
    for sound, text in (
        ("recordings", "Recordings of all genres (`panda_4q`), every stretch equally loud"),
        ("piano", "One piano throughout (`emopia`, held-out soundfont), equally loud"),
    ):
        parts += [f"**{text}:**", _detectors_table(rows, sound)]
    default = results["detectors"].get(detectors.DEFAULT)
    if default:
        parts += [f"**`{detectors.DEFAULT}` under all conditions:**", _conditions_table(default)]
    if "sensitivity" in results:
        parts += ["**What sensitivity does:**", "![Along the sensitivity](results/sensitivity.png)"]
        parts.append(_sensitivity_table(results["sensitivity"]))
    if "labels" in results:
        parts += ["**With the music model:**", _labels_table(results["labels"])]
    return "\n\n".join(parts)


def _detectors_table(rows: list[tuple[str, dict[str, Any]]], sound: str) -> str:
    lines = []
    for name, found in rows:
        figures = found.get(sound, {}).get(MATCHED)
        if figures:
            cells = [
                cell(figures.get(key), seconds=column in _SECONDS, interval=column == "F 3 s")
                for column, key in COLUMNS.items()
            ]
            lines.append([title(name), *cells])
    return table(["", *COLUMNS], lines)


def _conditions_table(found: dict[str, Any]) -> str:
    """What each condition has, for each sound."""
    lines = []
    for sound in ("recordings", "piano", "game"):
        for place, figures in found.get(sound, {}).items():
            f3 = figures.get("F within 3 s") or figures.get("F within 4 s")
            wide = "" if "F within 3 s" in figures or f3 is None else " (4 s)"
            lines.append(
                [
                    f"{sound}, {place}",
                    str(figures["streams"]),
                    cell(f3, interval=True) + wide,
                    cell(figures.get("F within 0.5 s")),
                    cell(figures.get("median error, s"), seconds=True),
                    cell(figures.get("delay p50, s"), seconds=True),
                    cell(figures.get("delay p95, s"), seconds=True),
                    cell(figures.get("false alarms a minute"), seconds=True),
                    cell(figures.get("announced")),
                ]
            )
    head = ["", "streams", "F 3 s", "F 0.5 s", "error", "delay p50", "p95", "false/min"]
    return table([*head, "announced"], lines)


def _sensitivity_table(found: dict[str, Any]) -> str:
    """A row a step of the control."""
    keys = ("precision", "recall", "F")
    rates = ("false alarms a minute", "unchanged, false alarms a minute", "delay p50, s")
    lines = [
        [
            f"{sound}, {row['sensitivity']:g}",
            *(cell(row[key]) for key in keys),
            *(cell(row.get(key), seconds=True) for key in rates),
        ]
        for sound, rows in found.items()
        for row in rows
    ]
    head = ["", "precision", "recall", "F 3 s", "false/min", "false/min, unchanged", "delay p50"]
    return table(head, lines)


def _labels_table(found: dict[str, Any]) -> str:
    """Quadrants around the boundaries."""
    lines = []
    for sound in ("recordings", "piano"):
        figures = found.get(sound)
        if not figures:
            continue
        label_f = cell(figures["label-aware F within 3 s"], interval=True)
        for way in WAYS:
            curve = figures[f"right after a turn, restarted {way}"]
            lines.append(
                [
                    f"{sound}, restarted {way}",
                    label_f if way == WAYS[0] else DASH,
                    cell(figures[f"time right, restarted {way}"], interval=True),
                    *(cell(figure) for figure in curve),
                ]
            )
    head = ["", "label-aware F 3 s", "time right", *(f"{s:g} s after" for s in SINCE_S)]
    return table(head, lines)


def write_table(page: Path, folder: Path) -> None:
    """Write the tables between the markers of a page; a page without markers stays as it is."""
    text = page.read_text(encoding="utf-8")
    if BEGIN in text and END in text:
        page.write_text(with_table(text, read(folder)), encoding="utf-8")


def with_table(text: str, results: dict[str, Any]) -> str:
    """The page with the tables of these results."""
    return replace_between(text, BEGIN, END, build(results))
