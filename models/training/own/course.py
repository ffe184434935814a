"""The course of a training: check every file, listen, learn until it gets no better, write.

Conventions
-----------
Each phase tells how far it is (`models.learning_report`) and can be left between two steps. What
the user can mend is told as the last message, and the status is 2.
"""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from models.labelled.files import FolderError
from models.labelled.folder import read_folder
from models.learning_report import Begun, Failed, LeftOut, Phase, Refused, Step
from models.training.own.checkpoint import CheckpointError, Folder, Plan, data_digest
from models.training.own.sounds import examine, judge, shortages
from models.weights import WeightsError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from models.labelled.files import Labelled
    from models.training.own.learning import Clips
    from models.training.own.line import Line
    from models.training.own.sounds import Sound
    from models.weights import Weights

T = TypeVar("T")

MOST_PARTS = 5
EPOCHS = {"music": 40, "scratch": 80}
"""Passes at most, unless the user says so."""
_FILES_A_POOL_PAYS_FOR = 64
_SECONDS_A_POOL_PAYS_FOR = 600.0
_MUTE = "is silent in its middle minute, which is what is heard of it"


def run_course(options: argparse.Namespace, line: Line) -> int:
    """Train; return the exit status.

    Parameters
    ----------
    options : argparse.Namespace
        As ``python -m models.training.own`` reads them.
    line : Line
        Where to tell it.

    Raises
    ------
    StoppedError
        We were let go.
    """
    try:
        return _run(options, line)
    except (FolderError, CheckpointError, WeightsError) as error:
        line.tell(Failed(str(error)))
    except OSError as error:  # a full disk, a folder that was taken away
        line.tell(Failed(f"the training cannot go on: {error}"))
    return 2


def _run(options: argparse.Namespace, line: Line) -> int:
    """All phases in turn."""
    files, bad = read_folder(options.data)
    sounds = _spread(
        examine,
        [(file.path,) for file in files],
        "check",
        line,
        pool=len(files) >= _FILES_A_POOL_PAYS_FOR,
    )
    digests = {file.name: sound for file, sound in zip(files, sounds, strict=True)}
    good, unfit = judge(files, sounds)
    named = sorted((one.name, one.reason) for one in [*bad, *unfit])
    lacks = shortages(good)
    if named and options.skip_bad:
        line.tell(LeftOut(named))
    if lacks or (named and not options.skip_bad):
        line.tell(Refused(named, lacks, len(files) + len(bad)))
        return 2
    good.sort(key=lambda file: digests[file.name].digest)
    return _learn(options, line, good, [digests[file.name] for file in good])


def _learn(
    options: argparse.Namespace, line: Line, files: list[Labelled], sounds: list[Sound]
) -> int:
    """Listen to good files and learn from them."""
    # Torch and the kernels only from here on: a bad data set is refused at once.
    from models.training.own.beginning import build_recipe
    from models.training.own.fitting import Fitting, begin
    from models.training.own.listening import audible, front_end, hear

    weights = begin(options.begin)
    labelled = [
        (sound.digest, file.quadrant, file.group) for file, sound in zip(files, sounds, strict=True)
    ]
    place = Folder(options.out / f".{options.name}.training")
    recipe = repr(build_recipe(len(files), options.seed, weights))
    place.agree(Plan(_origin(weights), options.seed, front_end(), recipe, data_digest(labelled)))
    jobs = [
        (file.path, sound.digest, options.seed, place.sounds)
        for file, sound in zip(files, sounds, strict=True)
    ]
    seconds = sum(sound.seconds for sound in sounds)
    pools = _spread(hear, jobs, "listen", line, pool=seconds > _SECONDS_A_POOL_PAYS_FOR)
    mute = [
        (file.name, _MUTE) for file, heard in zip(files, pools, strict=True) if not audible(heard)
    ]
    if mute:
        line.tell(Refused(mute, [], len(files)))
        return 2
    clips = divide(files, pools)
    fitting = Fitting(clips, weights, options.seed, place)
    line.tell(
        Begun(
            files=len(files),
            groups=len({file.group for file in files}),
            quadrants=[sum(file.quadrant == q for file in files) for q in (1, 2, 3, 4)],
            seconds=seconds,
            begins_from=_origin(weights),
            epochs=options.epochs or EPOCHS[options.begin],
            epoch=fitting.epoch,
        )
    )
    fitting.learn(options.epochs or EPOCHS[options.begin], line)
    return fitting.conclude(options, line, [file.group for file in files])


def _origin(weights: Weights | None) -> str:
    return f"{weights.name} {weights.digest}" if weights else "scratch"


def divide(files: Sequence[Labelled], pools: Sequence[list[np.ndarray]]) -> Clips:
    """Cut what was heard into clips, and the clips into parts by group."""
    from models.training.own.learning import Clips
    from models.training.own.listening import cut

    groups = np.asarray([file.group for file in files])
    quadrants = np.asarray([file.quadrant for file in files])
    fewest = min(len(set(groups[quadrants == q])) for q in (1, 2, 3, 4))
    n_parts = min(MOST_PARTS, fewest)
    splitter = StratifiedGroupKFold(n_parts, shuffle=True, random_state=0)
    parts = np.zeros(len(files), dtype=int)
    for part, (_, held) in enumerate(splitter.split(quadrants, quadrants, groups)):
        parts[held] = part
    stretches = [cut(heard) for heard in pools]
    of_file = np.repeat(np.arange(len(files)), [len(its) for its in stretches])
    return Clips(
        pools=[stretch for its in stretches for stretch in its],
        quadrants=quadrants[of_file],
        files=of_file,
        parts=parts[of_file],
    )


def _spread(
    function: Callable[..., T],
    jobs: Sequence[tuple[object, ...]],
    phase: Phase,
    line: Line,
    *,
    pool: bool,
) -> list[T]:
    """Results of all jobs in order, from all cores where that pays, telling how far it is."""
    results: list[T] = []
    line.tell(Step(phase, 0, len(jobs)))
    if not pool:
        for job in jobs:
            line.check()
            results.append(function(*job))
            line.tell(Step(phase, len(results), len(jobs)))
        return results
    spawn = multiprocessing.get_context("spawn")  # a fork would copy locks of threads
    executor = ProcessPoolExecutor(os.cpu_count(), mp_context=spawn)
    try:
        for result in executor.map(function, *zip(*jobs, strict=True), chunksize=4):
            line.check()
            results.append(result)
            line.tell(Step(phase, len(results), len(jobs)))
    finally:
        executor.shutdown(cancel_futures=True)
    return results
