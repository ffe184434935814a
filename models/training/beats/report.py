"""From answers to a table: measures of beat tracking with intervals, as Markdown.

Conventions
-----------
Measures of Davies, Degara & Plumbley (2009) by ``mir_eval``, from `SETTLED_S` on: F within 70 ms;
CMLt, the share of beats followed at the right level; AMLt, the same with half, double and off-beat
allowed. *Tempo* is within 4 % of the score's median; *tempo ×* allows half, double, third, triple.
Bars: F within 70 ms against the score's bar lines. Intervals: 95 %, bootstrap over groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mir_eval
import numpy as np

from models import metrics
from models.intervals import Resampling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.intervals import Estimate
    from models.training.beats.pieces import Piece
    from models.training.beats.trackers import Tracking

SETTLED_S = 5.0
BEGIN, END = "<!-- beats: begin -->", "<!-- beats: end -->"
MEASURES = ("F", "CMLt", "AMLt", "tempo", "tempo ×", "bars F")
_MULTIPLES = (1.0, 2.0, 0.5, 3.0, 1.0 / 3.0)


def _f(truth: np.ndarray, found: np.ndarray) -> float:
    return float(mir_eval.beat.f_measure(truth, found)) if len(truth) and len(found) else 0.0


def measure(piece: Piece, tracking: Tracking) -> list[float]:
    """`MEASURES` of one answer; NaN where a tracker does not say."""
    truth = mir_eval.beat.trim_beats(piece.beats, SETTLED_S)
    found = mir_eval.beat.trim_beats(tracking.beats, SETTLED_S)
    cmlt = amlt = 0.0
    if len(found) > 1:
        _, cmlt, _, amlt = mir_eval.beat.continuity(truth, found)
    ratio = tracking.bpm / (60.0 / float(np.median(np.diff(truth))))
    near = [abs(ratio / multiple - 1.0) < 0.04 for multiple in _MULTIPLES]
    bars = np.nan
    if tracking.bars is not None:
        lines = mir_eval.beat.trim_beats(tracking.bars, SETTLED_S)
        bars = _f(mir_eval.beat.trim_beats(piece.bars, SETTLED_S), lines)
    return [_f(truth, found), float(cmlt), float(amlt), float(near[0]), float(any(near)), bars]


def _cell(estimate: Estimate) -> str:
    if not np.isfinite(estimate.value):
        return "–"
    return f"{estimate.value:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]"


def build_table(pieces: Sequence[Piece], values: dict[str, np.ndarray]) -> list[str]:
    """Rows of Markdown, one a corpus and tracker; ``values``: (n_pieces, measures) by tracker."""
    lines = [
        f"| music | tracker | {' | '.join(MEASURES)} |",
        "|" + "---|" * (len(MEASURES) + 2),
    ]
    for corpus in sorted({piece.corpus for piece in pieces}, reverse=True):
        rows = np.asarray([piece.corpus == corpus for piece in pieces])
        groups = [piece.group for piece in pieces if piece.corpus == corpus]
        draws = Resampling(groups)
        for name, measured in values.items():
            cells = [
                _cell(draws.estimate(metrics.mean, measured[rows, m])) for m in range(len(MEASURES))
            ]
            lines.append(f"| {corpus} (n {rows.sum()}) | {name} | {' | '.join(cells)} |")
    return lines
