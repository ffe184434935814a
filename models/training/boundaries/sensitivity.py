"""What the one control of the user does: precision, recall and false alarms at each sensitivity.

Conventions
-----------
Sensitivity runs from 0 to 1 (`dsp.segmenter_settings`); 0.5 is the default. Level-matched medleys
give precision and recall within 3 s and the delay; unchanged music gives what is said in vain.
Figures are ``[value, low, high]`` as everywhere in this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from tqdm import tqdm

from dsp.segmenter_settings import SegmenterSettings
from models import detectors
from models.training.boundaries.conditions import CONDITIONS, MATCHED, SOUNDS
from models.training.boundaries.scores import Bench, Judged
from models.training.boundaries.streams import decide
from models.training.figures import BEST, COLOURS, DPI, INK, tidy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from models.training.boundaries.medleys import Medley
    from models.training.boundaries.streams import StreamStore

NAME = "sensitivity.png"
STEPS = tuple(step / 10.0 for step in range(11))
UNCHANGED = "unchanged"
_EXAMINED = tuple(c for c in CONDITIONS if c.name in (MATCHED, UNCHANGED))


def measure(medleys: Sequence[Medley], store: StreamStore, folds: Path) -> dict[str, Any]:
    """Hear level-matched medleys and unchanged music with the default detector at each step."""
    judged: dict[tuple[str, str, float], list[Judged]] = {}
    built = {
        step: detectors.build(
            detectors.DEFAULT, store.layout, SegmenterSettings(sensitivity=step), folds
        )
        for step in STEPS
    }
    wanted = [(m, c.name) for m in medleys for c in _EXAMINED if c.holds(m, True)]
    for medley, place in tqdm(wanted, unit="stream", dynamic_ncols=True, desc="sensitivity"):
        stream = store.stream(medley, matched=True)
        for step, detector in built.items():
            key = SOUNDS[medley.corpus], place, step
            judged.setdefault(key, []).append(Judged(stream.truth, decide(detector, stream)))
    found: dict[str, Any] = {}
    for sound in SOUNDS.values():
        rows = [_row(judged, sound, step) for step in STEPS if (sound, MATCHED, step) in judged]
        if rows:
            found[sound] = rows
    return found


def _row(
    judged: dict[tuple[str, str, float], list[Judged]], sound: str, step: float
) -> dict[str, Any]:
    """The figures of one sound at one sensitivity."""
    bench = Bench(judged[sound, MATCHED, step])
    row: dict[str, Any] = {"sensitivity": step, **bench.hit_rate(3.0)}
    row["false alarms a minute"] = bench.false_alarms()
    row["delay p50, s"] = bench.quantile("delay", 0.5)
    if still := judged.get((sound, UNCHANGED, step)):
        row["unchanged, false alarms a minute"] = Bench(still).false_alarms()
    return row


def draw(found: dict[str, Any], folder: Path) -> None:
    """Write the picture: recall and precision on the left, false alarms on the right."""
    figure = Figure(figsize=(11.0, 4.2), layout="constrained")
    figure.set_facecolor("white")
    curve, vain = figure.subplots(1, 2)
    for (sound, rows), colour in zip(found.items(), (BEST, COLOURS[1]), strict=False):
        recall = [row["recall"][0] for row in rows]
        precision = [row["precision"][0] for row in rows]
        curve.plot(recall, precision, "o-", color=colour, markersize=4, label=sound)
        for row, x, y in zip(rows, recall, precision, strict=True):
            if row["sensitivity"] in (0.0, 0.3, 0.5, 0.7, 1.0):
                text = f"{row['sensitivity']:g}"
                curve.annotate(text, (x, y), (4, 5), textcoords="offset points", fontsize=8)
        steps = [row["sensitivity"] for row in rows]
        for key, line in (
            ("false alarms a minute", "-"),
            (f"{UNCHANGED}, false alarms a minute", ":"),
        ):
            rate = [row[key][0] for row in rows]
            name = f"{sound}, {'medleys' if line == '-' else 'unchanged music'}"
            vain.plot(steps, rate, line, color=colour, linewidth=1.8, label=name)
    curve.set_xlabel("recall within 3 s", fontsize=9, color=INK)
    curve.set_ylabel("precision within 3 s", fontsize=9, color=INK)
    curve.set_title("along the sensitivity (numbers)", fontsize=10, color=INK)
    vain.set_xlabel("sensitivity", fontsize=9, color=INK)
    vain.set_ylabel("false alarms a minute", fontsize=9, color=INK)
    vain.set(xlim=(0.0, 1.0))
    vain.set_ylim(bottom=0.0)
    for axes in (curve, vain):
        tidy(axes)
        axes.legend(frameon=False, fontsize=9, labelcolor=INK)
    figure.savefig(folder / NAME, dpi=DPI, metadata={"Software": None})
