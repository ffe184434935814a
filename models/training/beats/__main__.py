"""The command: render what is examined, run every tracker, write the table.

``python -m models.training.beats --data DIR --cache DIR [--page dsp/README.md]``
"""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from models.training.beats.pieces import draw_pieces, read_scores
from models.training.beats.report import BEGIN, END, build_table, measure
from models.training.beats.trackers import TRACKERS
from models.training.tables import replace_between

_PAGE = Path(__file__).parents[3] / "dsp" / "README.md"


def main() -> None:
    """Examine the trackers. Only what is not in the cache is rendered."""
    parser = argparse.ArgumentParser(prog="models.training.beats", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds vgmidi")
    parser.add_argument("--cache", type=Path, required=True, help="where rendered sound is kept")
    parser.add_argument("--page", type=Path, default=_PAGE, help="page with the markers")
    parser.add_argument("--trackers", nargs="+", choices=TRACKERS, default=list(TRACKERS))
    given = parser.parse_args()
    given.cache.mkdir(parents=True, exist_ok=True)
    pieces = [*read_scores(given.data, given.cache), *draw_pieces(given.cache)]
    if find_spec("essentia") is None:
        print("essentia is not installed (pip install essentia): its rows are left out")
        given.trackers = [name for name in given.trackers if "essentia" not in name]
    values: dict[str, np.ndarray] = {}
    late: list[np.ndarray] = []
    for name in given.trackers:
        answers = [TRACKERS[name](piece.samples) for piece in pieces]
        rows = zip(pieces, answers, strict=True)
        values[name] = np.asarray([measure(piece, answer) for piece, answer in rows])
        late += [answer.late_s for answer in answers if len(answer.late_s)]
    lines = build_table(pieces, values)
    if late:
        p50, p95 = 1000.0 * np.percentile(np.concatenate(late), (50, 95))
        lines += ["", f"Announced {p50:.0f} ms after the beat's instant at the median, "
                      f"{p95:.0f} ms at the 95th percentile (blocks of 21 ms)."]  # fmt: skip
    table = "\n".join(lines)
    print(table)
    page = replace_between(given.page.read_text(encoding="utf-8"), BEGIN, END, table)
    given.page.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
