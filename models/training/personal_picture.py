"""What the personal model gains over what was taught, as a picture and as tables.

Conventions
-----------
Takes what `models.training.personal_evidence` has written. Gains are in points of quadrant
accuracy, with 95 % intervals over listeners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.training.tables import cell, table

if TYPE_CHECKING:
    from pathlib import Path

SHOWN = ("unbiased", "bias", "gain", "bias and gain", "genre", "swapped words")
NAMES = (
    *("points", "points, bias only", "points, least sure first"),
    *("words", "words, bias only", "words, least sure first"),
)
_DPI = 110


def write_personal(found: dict[str, Any]) -> str:
    """Tables of the gains, and what they do not say."""
    at = found["steps"].index(15)
    rows = []
    for corpus, facts in found["simulated"].items():
        for kind, courses in facts["kinds"].items():
            gained = [
                _points(courses[name]["gain"][at]) if name in courses else "" for name in NAMES
            ]
            removed = courses.get("points", {}).get("bias removed")
            base = courses["words"]["accuracy"][0][:1]
            share = cell(removed[at]) if removed else ""
            ceiling = _points(facts["ceilings"][kind])
            rows.append([f"`{corpus}`: {kind}", cell(base), *gained, share, ceiling])
    head = ["listener", "4Q of the base", *NAMES, "bias removed by points", "ceiling"]
    felt = found["emotify"]
    steps = [found["steps"].index(step) for step in (5, 10, 20, 30)]
    people = [
        [
            name,
            cell(own["accuracy"][0][:1]),
            *(_points(own["gain"][step]) for step in steps),
            f"{100 * own['harmed'][steps[2]]:.0f} %",
        ]
        for name, own in felt["courses"].items()
    ]
    numbers = {corpus: facts["listeners"] for corpus, facts in found["simulated"].items()}
    most, least = max(felt["ratings"]), min(felt["ratings"])
    return "\n\n".join(
        (
            "### Does the personal model help? (`models.training.personal_evidence`)",
            "![Gained by teaching](results/personal.png)",
            f"Simulated listeners, {min(numbers.values())} of each kind: points of quadrant "
            "accuracy gained after 15 corrections, on clips of groups that were not taught. Taught "
            "with points of the plane or with words for quadrants, 15 % of which are slips. "
            "Ceiling: gained by who knows the listener's mean offset exactly.",
            table(head, rows),
            f"`emotify`, {felt['listeners']} pseudo-listeners (rows of one age, gender and mother "
            f"tongue with {least} to {most} ratings), what was *felt*, on tracks that were not "
            "taught; 20 orders each, intervals over pseudo-listeners.",
            table(
                [
                    *("taught with", "4Q of the base", "gained after 5", "after 10", "after 20"),
                    *("after 30", "harmed after 20"),
                ],
                people,
            ),
        )
    )


def draw(found: dict[str, Any], path: Path) -> None:
    """Draw gains over corrections: simulated listeners, and pseudo-listeners of emotify."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=False)
    kinds = next(iter(found["simulated"].values()))["kinds"]
    for place, kind in enumerate(SHOWN):
        name = "words" if kind == "swapped words" else "points"
        _curve(left, found["steps"], kinds[kind][name]["gain"], f"C{place}", kind)
    corpus = next(iter(found["simulated"]))
    left.set_title(f"simulated listeners, {corpus}", fontsize=9)
    for place, (name, own) in enumerate(found["emotify"]["courses"].items()):
        _curve(right, found["steps"], own["gain"], f"C{place}", name)
    right.set_title("pseudo-listeners, emotify", fontsize=9)
    for axes in (left, right):
        axes.axhline(0.0, color="0.6", linewidth=0.8)
        axes.set_xlabel("corrections")
        axes.legend(fontsize=7, frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
    left.set_ylabel("gained, points of 4Q accuracy")
    figure.savefig(path, dpi=_DPI, metadata={"Software": None})


def _curve(axes: Any, steps: list[int], gains: list[list[float]], colour: str, label: str) -> None:
    values, lows, highs = ([100.0 * gain[i] for gain in gains] for i in range(3))
    axes.plot(steps, values, color=colour, label=label, linewidth=1.4)
    axes.fill_between(steps, lows, highs, color=colour, alpha=0.12, linewidth=0)


def _points(gain: list[float]) -> str:
    value, low, high = (100.0 * x for x in gain)
    return f"{value:+.1f} [{low:+.1f}, {high:+.1f}]"
