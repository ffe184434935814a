"""The words for the quadrants, which users may choose themselves (``[labels]`` in the settings).

Conventions
-----------
Quadrants are 1 +V+A, 2 -V+A, 3 -V-A, 4 +V-A and 0 where nothing is known. A label is 1 to 64
characters of any script without control characters; it travels as an argument, never in an address.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from models.types import QUADRANTS

Label = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=64,
        pattern=r"^[^\x00-\x1f\x7f]*\Z",
        description="any text of one line",
    ),
]


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One word a quadrant; in TOML the keys are the numbers 0 to 4."""

    unknown: Label = msgspec.field(default="unknown", name="0")
    q1: Label = msgspec.field(default="happy", name="1")
    q2: Label = msgspec.field(default="tense", name="2")
    q3: Label = msgspec.field(default="sad", name="3")
    q4: Label = msgspec.field(default="relaxed", name="4")

    def of(self, quadrant: int) -> str:
        """Label of ``quadrant``. Raises ``ValueError`` outside 0..4."""
        words = (self.unknown, self.q1, self.q2, self.q3, self.q4)
        if not 0 <= quadrant < len(words):
            raise ValueError(f"a quadrant is 0 to 4, not {quadrant}")
        return words[quadrant]

    def find(self, word: str) -> int:
        """The quadrant that a word or a number means, 0 where it means none."""
        said = {str(q): q for q in QUADRANTS} | {self.of(q).casefold(): q for q in QUADRANTS}
        return said.get(word.strip().casefold(), 0)

    def renamed(self, quadrant: int, label: str) -> Labels:
        """Return the labels with another word for ``quadrant``. Raises ``ValueError``."""
        if not 0 <= quadrant <= 4:
            raise ValueError(f"a quadrant is 0 to 4, not {quadrant}")
        return msgspec.structs.replace(
            self, **{("unknown", "q1", "q2", "q3", "q4")[quadrant]: label}
        )
