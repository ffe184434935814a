"""Markdown of what marks of sections teach (`models.training.section_marks`)."""

from __future__ import annotations

from typing import Any

from models.training.tables import table

KINDS = {
    "wants every change": "marks 90 % of the junctions, refuses 10 % of the false ones; a miss "
    "costs 3, a false one 1",
    "wants few": "marks 10 %, refuses 90 %; a miss costs 1, a false one 3",
    "minds both": "70 %, 70 %; 1, 1",
    "minds both, slips": "as before, and a quarter as many marks at random",
    "only ever marks": "50 %, 0 %; 1, 1",
}
"""Listeners, and what they do."""


def write_section_marks(found: dict[str, Any]) -> str:
    """The table, and what it is about."""
    steps = found["steps"][1:]
    rows = [
        [
            f"{name}: {KINDS[name]}",
            f"{facts['cost'][0][0]:.2f}",
            *(_saved(facts["saved"][found["steps"].index(step)]) for step in steps),
            f"{facts['at best']:+.2f}",
            f"{facts['sensitivity'][-1]:.2f}",
            f"{100 * facts['worse'][-1]:.0f} %",
        ]
        for name, facts in found["kinds"].items()
    ]
    last = f"after {steps[-1]}"
    head = ["listener", "cost a minute", *(f"saved after {step}" for step in steps)]
    return "\n\n".join(
        (
            "### Do marks of sections help? (`models.training.section_marks`)",
            f"Simulated listeners, {found['listeners']} of each kind, comment on what `turns` says "
            f"of medleys of recordings ({found['medleys']} of the test list, {found['minutes']:g} "
            "minutes; half of them commented on, the other half examined), at sensitivity 0.5 at "
            "first. Cost: junctions missed and sections that are none, a minute, weighed by taste. "
            "Saved: cost before minus after so many comments, 95 % over listeners. At best: saved "
            "by who knows which sensitivity suits these medleys.",
            table([*head, "at best", f"sensitivity {last}", f"worse off {last}"], rows),
        )
    )


def _saved(figure: list[float]) -> str:
    value, low, high = figure
    return f"{value:+.2f} [{low:+.2f}, {high:+.2f}]"
