"""The map: packed, drawn, and as a page."""
