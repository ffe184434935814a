"""When something was played, as files of other programs write it."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Any

_EARLIEST_S = 1.0
"""Players without a clock write 0."""
_LATEST_S = 32503680000.0  # the year 3000: what lies beyond is counted in milliseconds
_NUMBER = re.compile(r"-?\d+(\.\d+)?$")
_FORMS = ("%d %b %Y %H:%M", "%d %b %Y, %H:%M", "%d %b %Y %H:%M:%S", "%d %b %Y, %H:%M:%S")


def instant(said: Any) -> float | None:
    """Unix time of what a file says, seconds; None where it says no time.

    Parameters
    ----------
    said : any
        Seconds or milliseconds since 1970 as a number or text, ISO 8601, or ``02 Jan 2024 10:00``;
        without a zone UTC.
    """
    if isinstance(said, bool):
        return None
    if isinstance(said, str):
        said = said.strip()
        if not _NUMBER.match(said):
            return _by_words(said)
        said = float(said)
    if not isinstance(said, int | float) or not math.isfinite(said):
        return None
    seconds = said / 1000.0 if said > _LATEST_S else float(said)
    return seconds if _EARLIEST_S <= seconds <= _LATEST_S else None


def _by_words(said: str) -> float | None:
    """Read a date; None where it is none."""
    for form in _FORMS:
        try:
            return datetime.strptime(said, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
