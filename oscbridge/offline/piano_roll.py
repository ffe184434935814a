"""The notes of a MIDI file as a picture: time to the right, pitch upwards, louder notes darker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from models.notes import Notes

LEAST_OCTAVES = 3
SHORTEST_SHARE = 0.001
"""A note is drawn at least this share of the width long, so that it can be seen."""
_NOTE_WIDTH = 2.2


def draw_notes(axes: Any, notes: Notes) -> None:
    """Draw ``notes`` on matplotlib axes."""
    from matplotlib.collections import LineCollection

    stop_s = np.maximum(notes.release_s, notes.onset_s + SHORTEST_SHARE * notes.end_s.max())
    lines = np.stack(
        [np.stack([notes.onset_s, notes.pitch], 1), np.stack([stop_s, notes.pitch], 1)], axis=1
    )
    drawn = LineCollection(list(lines), cmap="magma_r", lw=_NOTE_WIDTH, capstyle="butt")
    drawn.set_array(notes.velocity)
    drawn.set_clim(-40.0, 127.0)  # so that the softest notes are not white
    axes.add_collection(drawn)
    low, high = 12 * (int(notes.pitch.min()) // 12), 12 * (int(notes.pitch.max()) // 12 + 1)
    high = max(high, low + 12 * LEAST_OCTAVES)
    octaves = range(low, high + 1, 12)
    axes.set_yticks(list(octaves), [f"C{pitch // 12 - 1}" for pitch in octaves])
    axes.set(ylim=(low - 1, high + 1), ylabel="pitch")
    axes.grid(axis="y", lw=0.5, alpha=0.4)
