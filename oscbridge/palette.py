"""Colours of the quadrants, the same in the terminal and in pictures.

From the palette of Okabe and Ito, which people with any kind of colour vision can tell apart.
"""

from __future__ import annotations

QUADRANT_COLOURS = ("#8a8f98", "#e69f00", "#d55e00", "#3a8fd0", "#2fae7d")
"""Index 0 (unknown) to 4; blue and green a little lighter, for dark terminals."""

QUADRANT_SIGNS = ("?", "+V+A", "-V+A", "-V-A", "+V-A")
