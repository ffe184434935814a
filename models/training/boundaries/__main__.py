"""Run the benchmark: every stream through every detector; write results, table and picture.

::

    python -m models.training.boundaries --data DIR --cache DIR --folds DIR [DETECTOR ...]

Streams are made once and kept in the cache; results of detectors that are not named are kept.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from models import detectors
from models.training.boundaries import labels, picture, report, sensitivity
from models.training.boundaries.build import Studio
from models.training.boundaries.conditions import CONDITIONS, MATCHED, SOUNDS, examine, forms
from models.training.boundaries.medleys import read_list
from models.training.boundaries.references import REFERENCES
from models.training.boundaries.scores import Judged
from models.training.boundaries.streams import Decisions, StreamStore, decide
from models.training.cohort import enter
from models.weights import WeightsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from models.base import AffectModel
    from models.training.boundaries.medleys import Medley
    from models.training.boundaries.streams import Stream

_Verdicts = dict[tuple[str, str], list[Judged]]
"""What was said, by sound and condition."""


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of the command line."""
    known = [*detectors.names(), *REFERENCES]
    parser = argparse.ArgumentParser(
        prog="python -m models.training.boundaries",
        description=(__doc__ or "").split("\n", 1)[0],
        epilog=f"Detectors: {', '.join(detectors.names())}. Offline: {', '.join(REFERENCES)}.",
    )
    parser.add_argument(
        "detectors", nargs="*", metavar="DETECTOR", choices=[*known, []], help="default: all"
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument(
        "--cache", type=Path, required=True, help="folder for sound and frames (14 GB)"
    )
    parser.add_argument(
        "--list", choices=("test", "tuning"), default="test", help="tuning: to choose settings by"
    )
    parser.add_argument(
        "--folds",
        type=Path,
        required=True,
        help="folder of the fold models: music-0 ... tell quadrants, and detectors that learned "
        "are examined as they were when they had not heard these pieces",
    )
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="each N-th medley only, for a trial"
    )
    parser.add_argument(
        "--corpora", nargs="+", choices=[*SOUNDS], default=[*SOUNDS], metavar="CORPUS"
    )
    parser.add_argument("--prepare", action="store_true", help="make the streams, then stop")
    parser.add_argument(
        "--out", type=Path, default=report.FOLDER, help="where results and picture go"
    )
    parser.add_argument(
        "--readme", type=Path, default=report.README, help="page whose table is written"
    )
    return parser


def streams(medleys: Sequence[Medley], store: StreamStore) -> Iterator[Stream]:
    """All streams of a list, with a bar that says how far it is."""
    wanted = [(medley, matched) for medley in medleys for matched in forms(medley)]
    with tqdm(wanted, unit="stream", dynamic_ncols=True) as bar:
        for medley, matched in bar:
            bar.set_postfix_str(medley.name, refresh=False)
            yield store.stream(medley, matched=matched)


def _look_back(name: str, stream: Stream) -> Decisions:
    """What an offline method finds: known when all of the music is there."""
    stops_s = REFERENCES[name](stream.values, stream.layout, stream.truth)
    return Decisions(stops_s, np.full(len(stops_s), np.inf))


def _judge(name: str, store: StreamStore, folds: Path) -> Callable[[Stream], Decisions]:
    """A detector or an offline method as a function of a stream."""
    if name in REFERENCES:
        return partial(_look_back, name)
    return partial(decide, detectors.build(name, store.layout, folder=folds))


def judge(
    names: Sequence[str], medleys: Sequence[Medley], store: StreamStore, folds: Path
) -> dict[str, dict[str, Any]]:
    """Results of each detector by sound and condition, and what it costs."""
    judges = {name: _judge(name, store, folds) for name in names}
    verdicts: dict[str, _Verdicts] = {name: defaultdict(list) for name in names}
    spent_s = dict.fromkeys(names, 0.0)
    hops = 0
    for stream in streams(medleys, store):
        sound = SOUNDS[stream.medley.corpus]
        places = [c.name for c in CONDITIONS if c.holds(stream.medley, stream.matched)]
        hops += len(stream.values)
        for name, find in judges.items():
            began_s = time.thread_time()
            said = find(stream)
            spent_s[name] += time.thread_time() - began_s
            for place in places:
                verdicts[name][sound, place].append(Judged(stream.truth, said))
    results: dict[str, dict[str, Any]] = {}
    for name in names:
        found: dict[str, Any] = {"live": name not in REFERENCES}
        found["step_us"] = round(1e6 * spent_s[name] / max(hops, 1), 2)
        for condition in CONDITIONS:
            for sound in SOUNDS.values():
                judged = verdicts[name].get((sound, condition.name))
                if judged:
                    found.setdefault(sound, {})[condition.name] = examine(condition, judged)
        results[name] = found
    return results


def load_folds(folder: Path) -> dict[int, AffectModel]:
    """Load the fold models of the music model by their fold.

    Raises
    ------
    WeightsError
        One is missing, damaged or made for other features.
    """
    contender = enter("music", folder)
    return {fold: contender.load(fold) for fold in range(len(contender.folds))}


def judge_labels(medleys: Sequence[Medley], store: StreamStore, folds: Path) -> dict[str, Any]:
    """What the fold models of the music model say around the boundaries of the default detector."""
    models = load_folds(folds)
    detector = detectors.build(detectors.DEFAULT, store.layout, folder=folds)
    counted: dict[str, list[labels.Labelled]] = defaultdict(list)
    chosen = [medley for medley in medleys if medley.kind == "turns"]
    for medley in tqdm(chosen, unit="stream", dynamic_ncols=True, desc="quadrants"):
        stream = store.stream(medley, matched=True)
        decisions = decide(detector, stream)
        sound = SOUNDS[medley.corpus]
        counted[sound].append(labels.count(models[medley.fold], stream, decisions))
    return {
        "detector": detectors.DEFAULT,
        "condition": MATCHED,
        **{sound: labels.collect(rows) for sound, rows in counted.items()},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    options = build_parser().parse_args(arguments)
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    studio = Studio(options.data, options.cache)
    found = read_list(options.list)
    try:
        studio.check(found)
        store = StreamStore(studio, options.cache)
        medleys = [
            medley for medley in found.medleys[:: options.every] if medley.corpus in options.corpora
        ]
        if options.prepare:
            for _ in streams(medleys, store):
                pass
            return 0
        load_folds(options.folds)  # a model that does not fit is known before the long part
        names = options.detectors or [*detectors.names(), *REFERENCES]
        results: dict[str, Any] = {
            "every": options.every,
            "detectors": judge(names, medleys, store, options.folds),
            "labels": judge_labels(medleys, store, options.folds),
            "sensitivity": sensitivity.measure(medleys, store, options.folds),
        }
    except (FileNotFoundError, ValueError, WeightsError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for name, one in results["detectors"].items():
        print(report.headline(name, one))
    if options.list == "test":
        kept = report.write(options.out, results)
        picture.draw(kept, options.out)
        sensitivity.draw(kept["sensitivity"], options.out)
        report.write_table(options.readme, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
