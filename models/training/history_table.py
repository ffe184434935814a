"""Markdown of the replayed recommender, from what `models.training.history_evaluation` found."""

from __future__ import annotations

from typing import Any

from models.training.tables import DASH, cell, table


def write_history(found: dict[str, Any]) -> str:
    """Hit rates of all methods, and what each gains over chance and over popularity."""
    least, median, most = found["answers"]
    gains = ("over random", "over most liked by others")
    rows = []
    for method, figures in found["methods"].items():
        paired = [DASH if gain == f"over {method}" else cell(figures[gain]) for gain in gains]
        rows.append([method, cell(figures["hit rate"]), cell(figures["one of five"]), *paired])
    return "\n\n".join(
        (
            "### Does the listening history recommend? (`models.training.history_evaluation`)",
            f"Emotify, {found['users']} synthetic users of whom one age, gender and mother tongue "
            f"is all that is known, {least} to {most} answers each (median {median:g}), none of "
            "them among those on whom choices were made. Half of what a user liked is her week, "
            f"drawn {found['draws']} times; {found['offers']} tracks are offered one after the "
            "other, each answered as she did. Hit rate: share of the offers that she liked. "
            "Intervals and differences over users.",
            table(
                ["", "hit rate", "a hit among five", "hits over chance", "over popularity"], rows
            ),
        )
    )
