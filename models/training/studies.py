"""Markdown of the studies beside the evaluation: ceilings, growth, duets, listeners, history.

Conventions
-----------
Takes what `models.training.ceilings`, `models.training.learning_curve` and `models.training.duets`
have written, each a JSON of its name in the folder of the results, and what
`models.training.personal_evidence`, `models.training.section_marks` and
`models.training.history_evaluation` have. Figures read as in `models.training.tables`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.training.history_table import write_history
from models.training.personal_picture import write_personal
from models.training.section_marks_table import write_section_marks
from models.training.tables import DASH, cell, table

if TYPE_CHECKING:
    from collections.abc import Callable

LABELS = ("quadrant accuracy", "arousal accuracy", "valence accuracy")
RATINGS = ("arousal Pearson r", "valence Pearson r")


def build(found: dict[str, dict[str, Any]]) -> str:
    """All studies that were made, in the order of `TABLES`; empty where there are none."""
    parts = [write(found[name]) for name, write in TABLES.items() if name in found]
    return "".join(f"\n{part}\n" for part in parts)


def write_ceilings(found: dict[str, Any]) -> str:
    """How well people agree with each other, and what that leaves for a model."""
    rows = []
    for corpus, facts in found.items():
        if "listeners" not in facts:
            continue
        least, median, most = facts["listeners"]
        asked = f"`{corpus}`, n = {facts['n']}, {least}-{most} listeners (median {median})"
        for who in ("one listener", "other listeners"):
            cells = [cell(facts[who].get(name)) for name in (*LABELS, *RATINGS)]
            rows.append([f"{asked}: {who}", *cells])
    head = ["against the mean of the listeners", *LABELS, *RATINGS]
    pairs = found.get("emopia", {})
    said = [
        f"two clips of one song have one label in {cell(facts['same'])} of the {facts['pairs']} "
        f"pairs of {who} ({facts['songs']} songs)"
        for who, facts in pairs.items()
    ]
    return "\n\n".join(
        (
            "### How right could anyone be? (`models.training.ceilings`)",
            "*One listener*: each person against the mean of the others. *Other listeners*: what "
            "is right when as many others are asked, the highest that can be expected of a model "
            "that knows what people feel in general (correlations: √ of the reliability, from "
            "random halves stepped up by Spearman and Brown).",
            table(head, rows),
            f"`emopia`: one annotator a clip; {'; '.join(said)}. Each annotator was given "
            "quadrants of her own to look for, so that agreement cannot be estimated. The labels "
            "of `panda_4q` were made from mood tags: there is nobody to ask again.",
        )
    )


def write_growth(found: dict[str, Any]) -> str:
    """Accuracy over the share of the music that was learned from."""
    shares = found["shares"]
    names = ("quadrant accuracy", "macro F1", "arousal accuracy", "valence accuracy")
    rows = [[name, *(cell(share["figures"][name]) for share in shares)] for name in names]
    rows.insert(0, ["clips learned from, mean", *(f"{share['clips']:.0f}" for share in shares)])
    head = [
        f"`{found['corpus']}`, {found['recipe']}",
        *(f"{100 * share['share']:.0f} %" for share in shares),
    ]
    gains = "; ".join(f"{name} {cell(found['last gain'][name])}" for name in names)
    return "\n\n".join(
        (
            "### Would more music help? (`models.training.learning_curve`)",
            f"Learned from a share of the {found['unit']} of four folds, examined on the fifth; n "
            f"= {found['n']}, {found['folds']} of five folds. What was learned from less is part "
            "of what was learned from more.",
            table(head, rows),
            f"Gained by the last step, paired: {gains}.",
        )
    )


def write_duets(found: dict[str, Any]) -> str:
    """Sound alone, notes alone and both, on the same clips."""
    voices = found["voices"]
    names = ("quadrant accuracy", "macro F1", "arousal accuracy", "valence accuracy")
    rows = [
        [
            voice,
            *(cell(facts["clip"].get(name)) for name in (*names, "calibration error")),
            cell(facts.get("gain of both", {}).get("quadrant accuracy")),
        ]
        for voice, facts in voices.items()
    ]
    head = ["", *names, "calibration error", "4Q gained by both, paired"]
    at = [second for second in ("3", "10", "20") if second in voices["both"].get("seconds", {})]
    spoken = [
        f"{voice} " + ", ".join(_at(facts.get("seconds", {}).get(second), second) for second in at)
        for voice, facts in voices.items()
    ]
    return "\n\n".join(
        (
            "### Sound and notes together (`models.training.duets`)",
            f"`{found['corpus']}`, n = {voices['both']['n']}, division {found['split']}: the sound "
            "through the held-out soundfont by `music`, the notes by `symbolic`, fold models of "
            "both, pooled live (`fusion.py`).",
            table(head, rows),
            f"Quadrant accuracy at one instant: {'; '.join(spoken)}.",
        )
    )


def _at(facts: dict[str, Any] | None, second: str) -> str:
    value = DASH if facts is None else cell(facts["quadrant accuracy"][:1])
    return f"{value} ({second} s)"


TABLES: dict[str, Callable[[dict[str, Any]], str]] = {
    "ceilings": write_ceilings,
    "learning_curve": write_growth,
    "duets": write_duets,
    "personal": write_personal,
    "section_marks": write_section_marks,
    "history": write_history,
}
"""What writes each study, by the name of its file."""
