"""The picture of an analysed file: valence and arousal over time, segments, spectrogram, V-A plane.

Conventions
-----------
`Picture` collects the records (`oscbridge.offline.records`) and feature frames of a file while it
is analysed, and draws once, at the end, with matplotlib's object interface: no window, no global
state. Colours of quadrants are those of `oscbridge.palette`.
"""

from __future__ import annotations

import textwrap
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from oscbridge.errors import SettingsError
from oscbridge.offline.piano_roll import draw_notes
from oscbridge.offline.spectrogram import Spectrogram, draw_spectrogram
from oscbridge.palette import DIM, FAINT, INK, PICTURE_STYLE, QUADRANT_COLOURS
from oscbridge.readable import minutes, printable, signed

if TYPE_CHECKING:
    from dsp.layout import FeatureLayout
    from dsp.types import FeatureFrames
    from models.notes import Notes
    from oscbridge.labels import Labels
    from oscbridge.offline.records import Record

VALENCE_COLOUR = "#b3396f"
AROUSAL_COLOUR = "#1f4e79"
PALE = "#8a8f98"
SIZE_INCHES = (13.0, 7.4)
DPI = 150
TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
TRAIL_POINTS = 1500
"""Points of the path through the plane; long files are thinned to this."""
CORNERS = {1: (1, 1), 2: (-1, 1), 3: (-1, -1), 4: (1, -1)}


class Picture:
    """Collects what a file shows, then draws it.

    Parameters
    ----------
    labels : Labels
        The user's words for the quadrants.
    """

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._records: dict[str, list[Record]] = {
            kind: [] for kind in ("affect", "boundary", "segment", "summary")
        }
        self._layout: FeatureLayout | None = None
        self._spectrogram: Spectrogram | None = None
        self._notes: Notes | None = None

    def add(self, record: Record) -> None:
        """Take the next record of the file."""
        if record["type"] in self._records:
            self._records[record["type"]].append(record)

    def add_frames(self, frames: FeatureFrames) -> None:
        """Take the next feature frames of the file."""
        log_mel = frames["log_mel"]
        if self._spectrogram is None:
            self._layout = frames.layout
            self._spectrogram = Spectrogram(log_mel.shape[1])
        self._spectrogram.push(log_mel)

    def add_notes(self, notes: Notes) -> None:
        """Take the notes of a MIDI file: a piano roll stands where a spectrogram would."""
        self._notes = notes

    def save(self, path: Path) -> None:
        """Draw everything to ``path``; the suffix chooses the format.

        Raises
        ------
        SettingsError
            The file cannot be written.
        """
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        with rc_context(PICTURE_STYLE):
            figure = Figure(figsize=SIZE_INCHES, dpi=DPI, facecolor="white")
            grid = figure.add_gridspec(
                3, 2, width_ratios=(2.5, 1.0), height_ratios=(1.0, 0.07, 0.82),
                left=0.06, right=0.985, top=0.865, bottom=0.07, hspace=0.09, wspace=0.13,
            )  # fmt: skip
            course = figure.add_subplot(grid[0, 0])
            ribbon = figure.add_subplot(grid[1, 0], sharex=course)
            spectrum = figure.add_subplot(grid[2, 0], sharex=course)
            self._draw_headline(figure)
            self._draw_course(course)
            self._draw_ribbon(ribbon)
            self._draw_sound(spectrum)
            self._draw_plane(figure.add_subplot(grid[0, 1]))
            self._draw_probabilities(figure.add_subplot(grid[2, 1]))
            try:
                with warnings.catch_warnings():
                    # A letter that the font lacks becomes a box: no reason to alarm anyone.
                    warnings.filterwarnings("ignore", message="Glyph")
                    figure.savefig(path)
            except OSError as error:
                raise SettingsError(
                    f"--plot: {str(path)!r} cannot be written: {error.strerror}."
                ) from None

    @property
    def _summary(self) -> Record:
        return self._records["summary"][-1]

    @property
    def _end_s(self) -> float:
        return max(float(self._summary["duration_s"]), 1e-3)

    def _series(self, *keys: str) -> list[np.ndarray]:
        """Columns of the affect records, each shape=(n,)."""
        return [np.array([record[key] for record in self._records["affect"]]) for key in keys]

    def _draw_headline(self, figure: Any) -> None:
        summary = self._summary
        name = textwrap.shorten(printable(Path(summary["file"]).name), 80, placeholder="…")
        figure.text(0.06, 0.945, name, fontsize=15, fontweight="bold", parse_math=False)
        count = len(self._records["segment"])
        details = (
            f"{minutes(summary['duration_s'])}  ·  mostly {printable(summary['label'])}  ·  "
            f"valence {signed(summary['valence'])}  ·  "
            f"arousal {signed(summary['arousal'])}  ·  {count} segment{'s' * (count != 1)}"
        )
        figure.text(0.06, 0.91, details, fontsize=10.5, color=DIM, parse_math=False)
        figure.text(
            0.985, 0.945, f"oscbridge · model {summary['model']}", ha="right", fontsize=8,
            color=PALE, parse_math=False,
        )  # fmt: skip

    def _draw_course(self, axes: Any) -> None:
        for segment in self._records["segment"]:
            colour = QUADRANT_COLOURS[segment["quadrant"]]
            axes.axvspan(segment["start_s"], segment["end_s"], color=colour, alpha=0.13, lw=0)
            self._name_segment(axes, segment, colour)
        boundaries = self._records["boundary"]
        weight = min(1.0, 20.0 / max(len(boundaries), 1))
        for boundary in boundaries:
            width = (0.8 + 1.4 * boundary["strength"]) * max(weight, 0.4)
            axes.axvline(boundary["time_s"], color=INK, lw=width, alpha=0.75)
        axes.axhline(0.0, color=FAINT, lw=0.8, zorder=1)
        time_s, valence, arousal = self._series("time_s", "valence", "arousal")
        axes.plot(time_s, valence, color=VALENCE_COLOUR, lw=1.7, label="valence")
        axes.plot(time_s, arousal, color=AROUSAL_COLOUR, lw=1.7, label="arousal")
        axes.set(xlim=(0.0, self._end_s), ylim=(-1.05, 1.05), yticks=(-1, -0.5, 0, 0.5, 1))
        axes.legend(
            loc="lower right", bbox_to_anchor=(1.005, 1.075), ncols=2, frameon=False, fontsize=9.5
        )
        axes.tick_params(labelbottom=False, length=3)

    def _name_segment(self, axes: Any, segment: Record, colour: str) -> None:
        """Write the label above a segment, where it is wide enough."""
        width = (segment["end_s"] - segment["start_s"]) / self._end_s
        label = printable(segment["label"])
        if width * 100 > len(label) * 1.15:
            axes.text(
                (segment["start_s"] + segment["end_s"]) / 2, 1.09, label, ha="center", va="bottom",
                color=colour, fontsize=9.5, fontweight="bold", parse_math=False,
            )  # fmt: skip

    def _draw_ribbon(self, axes: Any) -> None:
        """The quadrant of each moment, the paler the less sure."""
        from matplotlib.colors import to_rgba

        time_s, quadrant, confidence = self._series("time_s", "quadrant", "confidence")
        if len(time_s):
            starts = np.concatenate([[0.0], time_s[:-1]])
            colours = [
                to_rgba(QUADRANT_COLOURS[int(q)], alpha=0.15 + 0.85 * c)
                for q, c in zip(quadrant, confidence, strict=True)
            ]
            axes.bar(
                starts, np.ones(len(starts)), time_s - starts, align="edge", color=colours, lw=0
            )
        axes.set(ylim=(0, 1), yticks=[])
        axes.set_ylabel("quadrant", rotation=0, ha="right", va="center", fontsize=8.5, labelpad=6)
        axes.spines[:].set_visible(False)
        axes.tick_params(labelbottom=False, length=0)

    def _draw_sound(self, axes: Any) -> None:
        """The spectrogram, or the piano roll of a MIDI file."""
        axes.set_xlabel("time (m:ss)")
        axes.set_xticks(np.arange(0.0, self._end_s, tick_step_s(self._end_s)))
        axes.xaxis.set_major_formatter(_tick_words)
        if self._notes is not None:
            draw_notes(axes, self._notes)
        elif self._spectrogram is not None and self._layout is not None:
            draw_spectrogram(axes, self._spectrogram, self._layout)
        for boundary in self._records["boundary"]:
            axes.axvline(boundary["time_s"], color="white", lw=0.8, alpha=0.6)
        axes.set_xlim(0.0, self._end_s)
        axes.tick_params(length=3)

    def _draw_plane(self, axes: Any) -> None:
        """The path of the music through the V-A plane, from pale to dark."""
        from matplotlib.collections import LineCollection
        from matplotlib.patches import Rectangle
        from matplotlib.patheffects import withStroke

        for quadrant, (x, y) in CORNERS.items():
            colour = QUADRANT_COLOURS[quadrant]
            axes.add_patch(
                Rectangle((min(x, 0), min(y, 0)), 1, 1, facecolor=colour, alpha=0.10, lw=0)
            )
            axes.text(
                0.96 * x, 0.94 * y, printable(self._labels.of(quadrant)), color=colour,
                ha="right" if x > 0 else "left", va="top" if y > 0 else "bottom",
                fontweight="bold", parse_math=False, zorder=6,
                path_effects=[withStroke(linewidth=3.0, foreground="white")],
            )  # fmt: skip
        axes.axhline(0.0, color=FAINT, lw=0.8)
        axes.axvline(0.0, color=FAINT, lw=0.8)
        valence, arousal = self._series("valence", "arousal")
        step = max(1, len(valence) // TRAIL_POINTS)
        points = np.column_stack([valence[::step], arousal[::step]])
        if len(points) > 1:
            steps = np.stack([points[:-1], points[1:]], axis=1)
            path = LineCollection(
                list(steps), cmap="Greys", lw=1.2 if len(steps) < 600 else 0.8, capstyle="round"
            )
            path.set_array(np.linspace(0.3, 1.0, len(steps)))
            path.set_clim(0.0, 1.0)
            axes.add_collection(path)
        summary = self._summary
        axes.plot(
            summary["valence"], summary["arousal"], "o", ms=11, mec="white", mew=1.6,
            color=QUADRANT_COLOURS[summary["quadrant"]], zorder=5, clip_on=False,
        )  # fmt: skip
        axes.set(
            xlim=(-1, 1), ylim=(-1, 1), aspect="equal", anchor="N", xticks=(-1, 1),
            yticks=(-1, 1), xlabel="valence", ylabel="arousal",
        )  # fmt: skip
        axes.xaxis.labelpad = axes.yaxis.labelpad = -8
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)

    def _draw_probabilities(self, axes: Any) -> None:
        summary = self._summary
        names = [printable(self._labels.of(quadrant)) for quadrant in CORNERS]
        values = summary["quadrant_probabilities"]
        bars = axes.barh(names, values, color=QUADRANT_COLOURS[1:], height=0.55)
        axes.bar_label(bars, [f"{100 * value:.0f} %" for value in values], padding=5)
        axes.set(xlim=(0, 1.18), xticks=[])
        axes.set_title("the whole file", loc="left", fontsize=10, color=DIM)
        axes.invert_yaxis()
        axes.tick_params(length=0)
        axes.spines[["bottom", "top", "right"]].set_visible(False)


def _tick_words(seconds: float, _position: int) -> str:
    return minutes(seconds).split(".")[0]


def tick_step_s(length_s: float) -> int:
    """Distance of marks on the time axis that people like, seconds; at most 12 marks."""
    return next((step for step in TICK_STEPS_S if length_s / step <= 12), TICK_STEPS_S[-1])
