"""The map as a picture: all tracks in the plane of valence and arousal, and how they are spread.

Conventions
-----------
Drawn with matplotlib's object interface in the colours of `oscbridge.palette`; shapes tell the
quadrants as well. A point is the paler the less sure its quadrant is. Where there is room, tracks
have their names, the surest first.
"""

from __future__ import annotations

import textwrap
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from oscbridge.errors import SettingsError
from oscbridge.palette import DIM, FAINT, INK, PICTURE_STYLE, QUADRANT_COLOURS
from oscbridge.readable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from oscbridge.labels import Labels
    from oscbridge.library.track import Track

SIZE_INCHES = (9.0, 9.4)
DPI = 150
MARKERS = {0: "x", 1: "o", 2: "^", 3: "s", 4: "D"}
_CORNERS = {1: (1, 1), 2: (-1, 1), 3: (-1, -1), 4: (1, -1)}
NAMED = 400
"""Larger libraries are shown without names."""
MOST_NAMES = 80
"""That are tried."""
_BINS = np.linspace(-1.0, 1.0, 41)


def draw_map(tracks: Sequence[Track], labels: Labels, path: Path) -> None:
    """Draw a library to ``path``; the suffix chooses the format.

    Parameters
    ----------
    tracks : sequence of Track
    labels : Labels
        The user's words for the quadrants.
    path : Path

    Raises
    ------
    SettingsError
        The file cannot be written.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with rc_context(PICTURE_STYLE), warnings.catch_warnings():
        # A letter that the font lacks becomes a box: no reason to alarm anyone.
        warnings.filterwarnings("ignore", message="Glyph")
        figure = Figure(figsize=SIZE_INCHES, dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)  # names are measured before they are drawn
        grid = figure.add_gridspec(
            2, 2, width_ratios=(1, 0.13), height_ratios=(0.13, 1), left=0.06, right=0.98,
            top=0.9, bottom=0.05, hspace=0.02, wspace=0.02,
        )  # fmt: skip
        plane = figure.add_subplot(grid[1, 0])
        _draw_plane(plane, tracks, labels)
        _draw_spread(figure.add_subplot(grid[0, 0], sharex=plane), tracks, upright=False)
        _draw_spread(figure.add_subplot(grid[1, 1], sharey=plane), tracks, upright=True)
        _draw_headline(figure, tracks, labels)
        if len(tracks) <= NAMED:
            _draw_names(figure, plane, tracks)
        try:
            figure.savefig(path)
        except OSError as error:
            raise SettingsError(f"{str(path)!r} cannot be written: {error.strerror}.") from None


def _points(tracks: Sequence[Track]) -> np.ndarray:
    """Valence and arousal, shape=(n, 2)."""
    found = [(track.sound.valence, track.sound.arousal) for track in tracks]
    return np.array(found).reshape(-1, 2)


def _draw_headline(figure: Any, tracks: Sequence[Track], labels: Labels) -> None:
    title = f"{len(tracks):,} track{'s' * (len(tracks) != 1)} by what they express"
    figure.text(0.06, 0.957, title, fontsize=15, fontweight="bold")
    counts = np.bincount([track.sound.quadrant for track in tracks], minlength=5)
    words = [f"{counts[q]:,} {printable(labels.of(q))}" for q in (1, 2, 3, 4, 0) if counts[q]]
    figure.text(0.06, 0.932, "  ·  ".join(words), fontsize=10.5, color=DIM, parse_math=False)
    figure.text(0.98, 0.957, "oscbridge", ha="right", fontsize=8, color=DIM)


def _draw_plane(axes: Any, tracks: Sequence[Track], labels: Labels) -> None:
    from matplotlib.colors import to_rgba
    from matplotlib.patches import Rectangle

    points = _points(tracks)
    area = float(np.clip(30_000.0 / max(len(tracks), 1), 6.0, 90.0))
    for quadrant, colour in enumerate(QUADRANT_COLOURS):
        its = [i for i, track in enumerate(tracks) if track.sound.quadrant == quadrant]
        shades = [to_rgba(colour, 0.25 + 0.7 * tracks[i].sound.confidence) for i in its]
        axes.scatter(*points[its].T, s=area, c=shades, marker=MARKERS[quadrant], linewidths=0.8)
    for quadrant, (x, y) in _CORNERS.items():
        colour = QUADRANT_COLOURS[quadrant]
        axes.add_patch(Rectangle((min(x, 0), min(y, 0)), 1, 1, facecolor=colour, alpha=0.06, lw=0))
        axes.text(
            x, 1.015 * y, printable(labels.of(quadrant)), color=INK, fontsize=12,
            ha="right" if x > 0 else "left", va="bottom" if y > 0 else "top",
            fontweight="bold", parse_math=False,
        )  # fmt: skip
    axes.axhline(0.0, color=FAINT, lw=0.8, zorder=0)
    axes.axvline(0.0, color=FAINT, lw=0.8, zorder=0)
    axes.set(
        xlim=(-1.03, 1.03), ylim=(-1.08, 1.08), xticks=(-1, 0, 1), yticks=(-1, 0, 1),
        xlabel="valence: unpleasant to pleasant", ylabel="arousal: calm to excited",
    )  # fmt: skip
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _draw_spread(axes: Any, tracks: Sequence[Track], *, upright: bool) -> None:
    """How many tracks there are along an axis of the plane."""
    direction = "horizontal" if upright else "vertical"
    axes.hist(
        np.clip(_points(tracks)[:, int(upright)], -1.0, 1.0), _BINS, orientation=direction,
        color=FAINT, rwidth=0.9,
    )  # fmt: skip
    axes.axis("off")


def _draw_names(figure: Any, axes: Any, tracks: Sequence[Track]) -> None:
    """Name as many tracks as have room, the surest first."""
    taken = _dots(axes, tracks)
    surest = sorted(tracks, key=lambda track: -track.sound.confidence)
    for track in surest[:MOST_NAMES]:
        for side in (1, -1):
            text = axes.annotate(
                textwrap.shorten(printable(track.called), 36, placeholder="…"),
                (track.sound.valence, track.sound.arousal), (7 * side, 0),
                textcoords="offset points", fontsize=7.5, color=INK, va="center",
                ha="left" if side > 0 else "right", parse_math=False,
            )  # fmt: skip
            box = text.get_window_extent(figure.canvas.get_renderer())
            around = axes.get_window_extent()
            inside = around.x0 < box.x0 and box.x1 < around.x1
            if inside and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                break
            text.remove()


def _dots(axes: Any, tracks: Sequence[Track]) -> list[Any]:
    """The places of all points, which no name may cover."""
    from matplotlib.transforms import Bbox

    half = 3.0 * DPI / 72.0
    places = axes.transData.transform(_points(tracks))
    return [Bbox.from_bounds(x - half, y - half, 2 * half, 2 * half) for x, y in places]
