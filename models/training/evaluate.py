"""Examine models on held-out clips of every corpus; write results, tables and pictures.

::

    python -m models.training.evaluate NAME [NAME ...] --data DIR --folds DIR --cache DIR

Protocol
--------
Every corpus is divided once into five folds, no group (artist, song, series, game, track) in two of
them (`models.training.splits`). Each clip is streamed through the live path (`hearing`) by the one
of five fold models that has learned from no clip of its fold (`cohort`), first as it is, then a
fixed subset under each condition (`conditions`). No fold is kept back as a test part that is
touched once: all figures are of cross-validation, and whoever compares recipes on these folds and
keeps the best flatters it a little. Scores are played through a soundfont that is never used in
training.

Valence and arousal of Emotify are combined from the emotions that listeners felt by a formula that
was fixed before any model was examined (`models.training.corpora.emotify_axes`).

Everything slow is kept in the cache: an interrupted run goes on where it was.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.training import figures, results
from models.training.cohort import Cohort, Contender, Session, enter
from models.training.conditions import CLEAN, CONDITIONS
from models.training.corpora import CORPORA
from models.training.examine import compare, examine, examine_condition
from models.training.reference import References
from models.training.takes import INSTRUMENTS, Corpus, open_corpus
from models.weights import WeightsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.training.examine import Heard

SUBSETS = {"panda_4q": 120, "emopia": 60}
"""Corpora whose clips are heard under conditions, and how many."""


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m models.training.evaluate",
        description=(__doc__ or "").split("\n", 1)[0],
        epilog="Fold models are NAME-0 ... NAME-4 in --folds, as the training scripts write them; "
        "beside them lies the detector of boundaries, as models.training.train_turns writes it.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="models; none: write tables only")
    parser.add_argument(
        "--prepare", action="store_true", help="make sound and frames of all clips, then stop"
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--folds", type=Path, required=True, help="folder of the fold models")
    parser.add_argument(
        "--cache", type=Path, required=True, help="folder for sound, frames and answers (20 GB)"
    )
    parser.add_argument(
        "--corpora", nargs="+", choices=CORPORA, default=list(CORPORA), metavar="CORPUS"
    )
    parser.add_argument(
        "--conditions",
        nargs="*",
        choices=[*CONDITIONS, *INSTRUMENTS],
        default=[*CONDITIONS, *INSTRUMENTS],
        metavar="CONDITION",
        help=f"default: all: {', '.join([*CONDITIONS, *INSTRUMENTS])}; none: only as they are",
    )
    parser.add_argument("--limit", type=int, help="most clips of a corpus, for a trial")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default 1)")
    parser.add_argument("--threads", type=int, default=1, help="threads a process (default 1)")
    parser.add_argument(
        "--out", type=Path, default=results.FOLDER, help="where results and pictures go"
    )
    parser.add_argument(
        "--cards", action="store_true", help="also write the figures into the shipped cards"
    )
    parser.add_argument(
        "--readme", type=Path, default=results.README, help="page whose tables are written"
    )
    return parser


def plan(corpora: Sequence[Corpus], conditions: Sequence[str], limit: int | None) -> list[Session]:
    """What has to be heard: every corpus as it is, then subsets under each condition."""
    sessions = [
        Session(corpus, CLEAN, corpus.subset(limit or len(corpus.clips))) for corpus in corpora
    ]
    for corpus in corpora:
        if corpus.name not in SUBSETS:
            continue
        rows = corpus.subset(min(limit or SUBSETS[corpus.name], SUBSETS[corpus.name]))
        scores = all(clip.is_score for clip in corpus.clips)
        sessions += [
            Session(corpus, condition, rows)
            for condition in conditions
            if scores or condition not in INSTRUMENTS
        ]
    return sessions


def collect(
    cohort: Cohort,
    contender: Contender,
    sessions: Sequence[Session],
    references: References | None,
) -> dict[str, Any]:
    """All results of one model."""
    clean: dict[str, Heard] = {}
    found: dict[str, Any] = {**results.describe(contender), "corpora": {}, "conditions": {}}
    steps: list[np.ndarray] = []
    for session in sessions:
        heard, step_s = cohort.heard(contender, session)
        corpus, rows = session.corpus, session.rows
        if session.condition == CLEAN:
            clean[corpus.name] = heard
            steps.append(step_s)
            part = Corpus(corpus.name, [corpus.clips[i] for i in rows])
            facts = {"split": corpus.split, **examine(part, heard)}
            if references is not None:
                facts["against"] = compare(corpus, heard, references.guesses(corpus))
            found["corpora"][corpus.name] = facts
            continue
        at = np.searchsorted(_clean_rows(sessions, corpus), rows)
        found["conditions"].setdefault(corpus.name, {})[session.condition] = examine_condition(
            corpus, rows, clean[corpus.name].part(at), heard
        )
    found["step_us"] = round(1e6 * float(np.median(np.concatenate(steps))), 2)
    found["first_answer_s"] = round(next(iter(clean.values())).first_answer_s(), 2)
    return found


def _clean_rows(sessions: Sequence[Session], corpus: Corpus) -> np.ndarray:
    return next(s.rows for s in sessions if s.corpus is corpus and s.condition == CLEAN)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    options = build_parser().parse_args(arguments)
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ.setdefault(variable, str(options.threads))
    try:
        contenders = [enter(name, options.folds) for name in options.names]
        corpora = [open_corpus(name, options.data) for name in options.corpora]
        heard_by = [] if options.prepare else contenders
        cohort = Cohort(heard_by, options.cache, options.folds, options.jobs)
    except (WeightsError, FileNotFoundError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    sessions = plan(corpora, options.conditions, options.limit)
    if options.prepare:
        cohort.hear(sessions)
        return 0
    references = References(options.cache) if options.limit is None else None
    if contenders:
        cohort.hear(sessions)
        for contender in contenders:
            found = collect(cohort, contender, sessions, references)
            found = results.write(options.out, contender.name, found)
            print(results.headline(found))
            if options.cards and not results.write_card(found):
                print(f"  no model {contender.name!r} is shipped: no card to write to")
    if contenders and references is not None:
        results.write(options.out, results.BASELINES, references.collect(corpora))
    figures.draw_all(options.out)
    results.write_tables(options.readme, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
