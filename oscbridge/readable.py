"""Numbers and texts for people's eyes: minutes, signs, plain letters, no moves of the cursor."""

from __future__ import annotations

import math
import unicodedata


def minutes(seconds: float) -> str:
    """Write a time as ``m:ss.t`` (``h:mm:ss.t`` from one hour on), as players show it."""
    tenths = math.floor(max(seconds, 0.0) * 10.0 + 0.5)
    hours, rest = divmod(tenths, 36_000)
    whole_minutes, rest = divmod(rest, 600)
    text = f"{rest // 10:02d}.{rest % 10}"
    return f"{hours}:{whole_minutes:02d}:{text}" if hours else f"{whole_minutes}:{text}"


def signed(value: float) -> str:
    """Write a value of -1..1 with its sign and two digits; zero has no minus."""
    return f"{round(value, 2) + 0.0:+.2f}"


def printable(text: str) -> str:
    """Escape what could move the cursor or ring the bell: texts from outside are not ours."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def ascii_of(text: str, unknown: str = "?") -> str:
    """Write a text in ASCII: letters without their accents, ``unknown`` for what has no letter."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(
        char if char.isascii() else unknown for char in plain if not unicodedata.combining(char)
    )
