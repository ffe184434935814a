"""Colours of the quadrants, the same in the terminal and in pictures; and how pictures look.

From the palette of Okabe and Ito, which people with any kind of colour vision can tell apart.
"""

from __future__ import annotations

from typing import Any

QUADRANT_COLOURS = ("#8a8f98", "#e69f00", "#d55e00", "#3a8fd0", "#2fae7d")
"""Index 0 (unknown) to 4; blue and green a little lighter, for dark terminals."""

QUADRANT_SIGNS = ("?", "+V+A", "-V+A", "-V-A", "+V-A")

INK, DIM, FAINT = "#2b2f36", "#5b626d", "#c9ced6"
"""Of pictures: lines and words, what matters less, axes."""
PICTURE_STYLE: dict[Any, Any] = {
    "font.size": 9.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
"""For ``matplotlib.rc_context``."""
