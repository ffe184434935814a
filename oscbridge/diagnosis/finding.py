"""What a check of the doctor finds.

``broken`` means that the main job (audio in, OSC out) fails, ``limited`` that something optional is
not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "limited", "broken"]

REINSTALL = "pip install --force-reinstall oscbridge"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: a verdict, a sentence, and how to mend it (empty: nothing to mend)."""

    check: str
    verdict: Verdict
    detail: str
    remedy: str = ""


def first_line(error: BaseException) -> str:
    """Take the first line of what an error says."""
    return (str(error).strip().splitlines() or ["no reason given"])[0]
