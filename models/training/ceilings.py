"""How right could anyone be? Agreement of the people whose labels models are examined on.

::

    python -m models.training.ceilings --data DIR

Conventions
-----------
Two questions are answered where several people judged one piece (`vgmidi`, about 30 each, and
`emotify`, `LEAST` or more, who said what they *felt*):

``one listener``
    Each listener against the mean of all others: what a person who is as good as they are reaches.
``other listeners``
    The truth against itself: the listeners of each piece are divided into two random halves,
    `HALVINGS` times. Correlations r of the halves are stepped up to the full number of listeners by
    the formula of Spearman and Brown, R = 2 r / (1 + r); no model can expect a higher correlation
    than √R with the mean of the listeners (attenuation, C. Spearman 1904). For signs and quadrants
    as many listeners are drawn again with replacement: how often their mean has the same label is
    about what a model would reach that knew what people feel in general, but not whom was asked.

Where one person judged (`emopia`) that cannot be had. How often two clips of one song have one
label is told for clips of one and of two annotators: the latter is 0, because each annotator was
given quadrants of her own to look for. Whoever judged is told by the label, and no agreement can be
estimated. Labels of `panda_4q` were made from mood tags: there is nobody to ask again.

Figures are ``[value, low, high]``: 95 % over groups (series, tracks, songs).
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models import metrics
from models.intervals import Resampling
from models.training import results
from models.training.corpora import emotify_axes, emotify_listeners, load_corpus

if TYPE_CHECKING:
    from collections.abc import Sequence

HALVINGS = 200
LEAST = 10
"""Pieces of fewer listeners are left out."""
AXES = ("arousal", "valence")


_LABELS = {
    "quadrant accuracy": np.asarray,
    "arousal accuracy": metrics.positive_arousal,
    "valence accuracy": metrics.positive_valence,
}


@dataclass(frozen=True)
class Panel:
    """Pieces and everyone who judged them.

    Attributes
    ----------
    judgements : list of np.ndarray, shape=(n_listeners, 2)
        Arousal and valence that each listener gave a piece, centred where that is no scale of
        signs.
    groups : list of str
        Of the pieces.
    """

    judgements: list[np.ndarray]
    groups: list[str]

    def means(self) -> np.ndarray:
        """Mean of all listeners of each piece, shape=(n, 2)."""
        return np.asarray([piece.mean(axis=0) for piece in self.judgements])


def read_vgmidi(folder: Path) -> Panel:
    """Means of each listener over each piece, on the scale -1..1."""
    pieces = json.loads((folder / "annotations.json").read_text(encoding="utf-8"))
    judgements = [
        np.asarray([[np.mean(one[axis]) for axis in AXES] for one in piece["listeners"]])
        for piece in pieces
    ]
    return Panel(judgements, [clip.group for clip in load_corpus("vgmidi", folder.parent)])


def read_emotify(folder: Path) -> Panel:
    """Arousal and valence of each listener by `emotify_axes`, around the median track."""
    felt = emotify_listeners(folder)
    names = sorted(name for name, rows in felt.items() if len(rows) >= LEAST)
    axes = [np.stack(emotify_axes(felt[name]), axis=1) for name in names]
    middle = np.median([piece.mean(axis=0) for piece in axes], axis=0)
    return Panel([piece - middle for piece in axes], names)


def _quadrants(values: np.ndarray) -> np.ndarray:
    """Quadrants 1..4 of arousal and valence, shape=(n, 2)."""
    return metrics.quadrants_of(*(values >= 0.0).T)


def one_listener(panel: Panel) -> dict[str, Any]:
    """Each listener against the mean of the others."""
    own, others, groups = [], [], []
    for piece, group in zip(panel.judgements, panel.groups, strict=True):
        n = len(piece)
        own.append(piece)
        others.append((piece.sum(axis=0) - piece) / (n - 1))
        groups += [group] * n
    said, truth = np.concatenate(own), np.concatenate(others)
    draws = Resampling(groups)
    labels = _quadrants(truth), _quadrants(said)
    found = {
        name: draws.estimate(metrics.accuracy, *(sign(label) for label in labels)).rounded
        for name, sign in _LABELS.items()
    }
    for k, axis in enumerate(AXES):
        correlation = draws.estimate(metrics.pearson, truth[:, k], said[:, k])
        found[f"{axis} Pearson r"] = correlation.rounded
    return found


def other_listeners(panel: Panel, rng: np.random.Generator) -> dict[str, Any]:
    """As many other listeners against those who were asked."""
    truth = _quadrants(panel.means())
    draws = Resampling(panel.groups)
    right = np.zeros((len(_LABELS), len(truth)))
    for _ in range(HALVINGS):
        again = [piece[rng.integers(len(piece), size=len(piece))] for piece in panel.judgements]
        said = _quadrants(np.asarray([piece.mean(axis=0) for piece in again]))
        right += [sign(said) == sign(truth) for sign in _LABELS.values()]
    found = {
        name: draws.estimate(metrics.mean, row).rounded
        for name, row in zip(_LABELS, right / HALVINGS, strict=True)
    }
    for k, axis in enumerate(AXES):
        found[f"{axis} Pearson r"] = _highest_correlation(panel, k, rng)
    return found


def _highest_correlation(panel: Panel, axis: int, rng: np.random.Generator) -> list[float]:
    """√R of the mean of all listeners, from random halves, with its interval over groups."""
    draws = Resampling(panel.groups)
    drawn = np.zeros((HALVINGS, len(draws.weights)))
    values = np.zeros(HALVINGS)
    for turn in range(HALVINGS):
        halves = np.asarray([_halves(piece[:, axis], rng) for piece in panel.judgements])
        values[turn] = metrics.pearson(halves[:, 0], halves[:, 1])
        drawn[turn] = metrics.pearson.weighted(draws.weights, halves[:, 0], halves[:, 1])

    low, high = np.nanpercentile(_step_up(drawn.mean(axis=0)), (2.5, 97.5))
    return [round(float(x), 4) for x in (_step_up(values.mean()), low, high)]


def _step_up(r: np.ndarray) -> np.ndarray:
    """√R of both halves together from the correlation of one with the other."""
    return np.sqrt(np.maximum(2.0 * r / (1.0 + r), 0.0))


def _halves(listeners: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    """Means of two random halves."""
    order = rng.permutation(len(listeners))
    half = len(order) // 2
    return float(listeners[order[:half]].mean()), float(listeners[order[half:]].mean())


def songs_in_common(folder: Path) -> dict[str, Any]:
    """How often two clips of one song have one quadrant, by who judged them."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    songs: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        songs[row["song"]].append(row)
    same: dict[str, list[tuple[bool, str]]] = {"one annotator": [], "two annotators": []}
    for song, clips in songs.items():
        for a, b in itertools.combinations(clips, 2):
            who = "one annotator" if a["annotator"] == b["annotator"] else "two annotators"
            same[who].append((a["quadrant"] == b["quadrant"], song))
    return {who: _share_of(pairs) for who, pairs in same.items() if pairs}


def _share_of(pairs: Sequence[tuple[bool, str]]) -> dict[str, Any]:
    equal = np.asarray([pair[0] for pair in pairs], dtype=int)
    draws = Resampling([pair[1] for pair in pairs])
    estimate = draws.estimate(metrics.accuracy, np.ones(len(equal), dtype=int), equal)
    return {"pairs": len(pairs), "songs": len({p[1] for p in pairs}), "same": estimate.rounded}


def measure(data: Path) -> dict[str, Any]:
    """All that the labels say of themselves."""
    found: dict[str, Any] = {}
    for name, read in (("vgmidi", read_vgmidi), ("emotify", read_emotify)):
        panel = read(data / name)
        counts = [len(piece) for piece in panel.judgements]
        found[name] = {
            "n": len(counts),
            "listeners": [min(counts), int(np.median(counts)), max(counts)],
            "one listener": one_listener(panel),
            "other listeners": other_listeners(panel, np.random.default_rng(0)),
        }
    found["emopia"] = songs_in_common(data / "emopia")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--out", type=Path, default=results.FOLDER, help="where the results go")
    parser.add_argument("--readme", type=Path, default=results.README, help="page with the tables")
    options = parser.parse_args(arguments)
    results.write(options.out, "ceilings", measure(options.data))
    results.write_tables(options.readme, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
