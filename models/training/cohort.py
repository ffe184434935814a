"""The fold models of a run, and a crew that streams clips through them.

Conventions
-----------
Fold model ``k`` of ``name`` is ``name-k.npz`` with its card; the card names the module that runs it
(``model``), else it is ``name``. Clips of fold ``k`` of *every* corpus are heard by fold model
``k``: it has learned from no clip of fold ``k``, and from no clip at all of a corpus that it was
not trained on.

What was heard is kept in one file for each model, corpus and condition, keyed by the weights of all
five folds, by the feature layout and by the clips, so that an interrupted run goes on where it was
and new weights are heard anew.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from tqdm import tqdm

from models import catalogue
from models.training.examine import Heard
from models.training.hearing import COLUMNS, Answers, listen
from models.training.keeping import write_arrays
from models.training.splits import FOLDS
from models.training.takes import TakeStore
from models.weights import read_weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from models.base import AffectModel
    from models.training.corpora import Clip
    from models.training.takes import Corpus
    from models.weights import Weights


@dataclass(frozen=True)
class Contender:
    """A model that is examined: five fold models of one name.

    Attributes
    ----------
    name : str
        Of the fold files and of the results.
    folds : tuple of Weights
        Fold model ``k`` at place ``k``.
    """

    name: str
    folds: tuple[Weights, ...]

    @property
    def module(self) -> str:
        """Module that runs it."""
        return str(self.folds[0].card.get("model", self.name))

    @property
    def digest(self) -> str:
        """Hash of all folds' weights, 12 hex digits."""
        text = "".join(f"{w.digest} {w.card.get('front_end')}" for w in self.folds)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def load(self, fold: int) -> AffectModel:
        """Load the fold model ``fold``."""
        return catalogue.load_weights(self.module, self.folds[fold])


def enter(name: str, folder: Path) -> Contender:
    """Read the fold models of a name.

    Raises
    ------
    WeightsError
        One is missing or damaged.
    """
    return Contender(name, tuple(read_weights(f"{name}-{k}", folder) for k in range(FOLDS)))


@dataclass(frozen=True)
class Session:
    """Clips of one corpus under one condition.

    Attributes
    ----------
    corpus : Corpus
    condition : str
    rows : np.ndarray, shape=(m,), int
        Which clips of the corpus.
    """

    corpus: Corpus
    condition: str
    rows: np.ndarray

    @property
    def key(self) -> str:
        """Hash of the clips and their folds, 12 hex digits."""
        corpus = self.corpus
        text = f"{corpus.split} {corpus.name} {self.condition} {self.rows.tolist()}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]


_Said: TypeAlias = "dict[int, tuple[int, list[tuple[Answers, float]]]]"
"""Samples of each clip of a session, and what each model says of it, by its place."""


@dataclass(frozen=True)
class _Job:
    """One clip for some models."""

    session: int
    place: int
    clip: Clip
    condition: str
    fold: int
    names: tuple[str, ...]


class _Worker:
    """Store and models of one process; models are loaded when they are first needed."""

    def __init__(self, cache: Path, folds: Path, contenders: Sequence[Contender]) -> None:
        self._store = TakeStore(cache, folds)
        self._contenders = {contender.name: contender for contender in contenders}
        self._models: dict[tuple[str, int], AffectModel] = {}

    def hear(self, job: _Job) -> tuple[_Job, int, list[tuple[Answers, float]]]:
        """The answers of each of the job's models; also the samples that the clip has."""
        take = self._store.take(job.clip, job.condition)
        results = []
        for name in job.names:
            key = (name, job.fold)
            if key not in self._models:
                self._models[key] = self._contenders[name].load(job.fold)
            results.append(listen(self._models[key], take, self._store.ear.layout))
        return job, len(take.samples), results


_worker: _Worker | None = None


def _start(cache: Path, folds: Path, contenders: Sequence[Contender]) -> None:
    global _worker  # one a process
    _worker = _Worker(cache, folds, contenders)


def _hear(job: _Job) -> tuple[_Job, int, list[tuple[Answers, float]]]:
    assert _worker is not None
    return _worker.hear(job)


class Cohort:
    """Contenders and what they have said so far.

    Parameters
    ----------
    contenders : sequence of Contender
    cache : Path
        Folder outside the project for takes and answers.
    folds : Path
        Folder of the fold models.
    jobs : int
        Processes.
    """

    def __init__(
        self, contenders: Sequence[Contender], cache: Path, folds: Path, jobs: int = 1
    ) -> None:
        self.contenders = contenders
        self._cache = cache
        self._folds = folds
        self._jobs = jobs
        self._made = TakeStore(cache, folds).digest

    def hear(self, sessions: Sequence[Session]) -> None:
        """Stream whatever has not been heard yet, with a progress bar; keep each session.

        Without contenders only the takes are made, for those who come later.
        """
        missing = [
            tuple(c.name for c in self.contenders if not self._path(c, session).is_file())
            for session in sessions
        ]
        jobs = [
            _Job(
                session=i,
                place=place,
                clip=session.corpus.clips[row],
                condition=session.condition,
                fold=int(session.corpus.folds[row]),
                names=names,
            )
            for i, (session, names) in enumerate(zip(sessions, missing, strict=True))
            if names or not self.contenders
            for place, row in enumerate(session.rows.tolist())
        ]
        said: dict[int, _Said] = defaultdict(dict)
        with tqdm(total=len(jobs), unit="clip", disable=not jobs) as bar:
            for job, length, results in self._run(jobs):
                session = sessions[job.session]
                bar.set_postfix_str(f"{session.corpus.name} {session.condition}", refresh=False)
                bar.update()
                said[job.session][job.place] = (length, results)
                if len(said[job.session]) == len(session.rows):
                    self._keep(session, job.names, said.pop(job.session))

    def _run(self, jobs: Sequence[_Job]) -> Iterator[tuple[_Job, int, list[tuple[Answers, float]]]]:
        """Results of jobs, as they come."""
        if self._jobs == 1 or len(jobs) < 2:
            worker = _Worker(self._cache, self._folds, self.contenders)
            yield from map(worker.hear, jobs)
            return
        with ProcessPoolExecutor(
            self._jobs, get_context("spawn"), _start, (self._cache, self._folds, self.contenders)
        ) as pool:
            yield from pool.map(_hear, jobs, chunksize=4)

    def _path(self, contender: Contender, session: Session) -> Path:
        key = hashlib.sha256(f"{session.key} {self._made}".encode()).hexdigest()[:12]
        name = f"{contender.name}-{contender.digest}"
        return (
            self._cache
            / "answers"
            / name
            / f"{session.corpus.name}-{session.condition}-{len(session.rows)}-{key}.npz"
        )

    def _keep(
        self,
        session: Session,
        names: Iterable[str],
        said: _Said,
    ) -> None:
        """Write what the models said of a session."""
        by = {contender.name: contender for contender in self.contenders}
        order = sorted(said)
        for j, name in enumerate(names):
            answers = [said[i][1][j][0] for i in order]
            write_arrays(
                self._path(by[name], session),
                durations=np.asarray([said[i][0] for i in order]),
                counts=np.asarray([len(a.stops) for a in answers]),
                stops=np.concatenate([a.stops for a in answers]),
                rows=np.concatenate([a.rows for a in answers]).reshape(-1, COLUMNS),
                step_s=np.asarray([said[i][1][j][1] for i in order]),
            )

    def heard(self, contender: Contender, session: Session) -> tuple[Heard, np.ndarray]:
        """What a model said of a session; also its processor time a frame at each clip, seconds."""
        with np.load(self._path(contender, session)) as stored:
            cuts = np.cumsum(stored["counts"])[:-1]
            pieces = zip(
                np.split(stored["stops"], cuts), np.split(stored["rows"], cuts), strict=True
            )
            return Heard([Answers(*piece) for piece in pieces], stored["durations"]), stored[
                "step_s"
            ]
