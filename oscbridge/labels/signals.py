"""What is said of labels and of what was learned from corrections: rows of `oscbridge.protocol`."""

from __future__ import annotations

from oscbridge.wire.arguments import count, text, unit
from oscbridge.wire.signal import Family, Signal

LABEL = Family(
    "label",
    "continuous",
    (unit("weight"),),
    "how well a label of yours fits, under its slug: …/label/calm; several may at once",
    optional=True,
)
TEACHING = (
    Signal(
        "labels",
        "event",
        (count("number"), text("slug"), text("name"), count("examples")),
        "a label of yours, new or changed; number 0: it is no more, without a slug: a list ends",
    ),
    Signal(
        "personal",
        "state",
        (text("profile"), count("corrections"), count("held_back"), text("words")),
        "what was learned from corrections: how many count, how many contradict each other",
    ),
)
