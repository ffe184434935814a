"""The workers of a Dask cluster: our own on this machine, or those of a scheduler elsewhere.

Conventions
-----------
Tasks are handed out in a window of a few for each thread, so that a million of them neither fill
the scheduler nor wait on a worker that dies. A result that was lost with its worker or with the
scheduler is worked out again. A task that was running on several workers when they died comes back
as `KilledError`, one whose code failed as `FailedError`: the caller decides. A cluster without any
worker is waited for, `PATIENCE_S` at most.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any, TypeVar

from oscbridge.errors import DeviceError, MissingExtraError, SettingsError
from oscbridge.own_process import silence_stderr

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from oscbridge.library.far.listening import Identity

    P = TypeVar("P")
    R = TypeVar("R")

PER_THREAD = 2
"""Tasks handed out for each thread of the cluster."""
PATIENCE_S = 300.0
"""How long a cluster may be without any worker."""
LOOK_S = 1.0
"""How often is looked whether it has some."""
CONNECT_S = 10.0
GONE = "the Dask scheduler is gone; what was heard is kept: start again to go on."

LOST: Any = object()
"""Instead of a result: the task has to be done again."""


class FailedError(Exception):
    """A task failed on its worker: the sentence says how."""


class KilledError(FailedError):
    """Workers died over a task, again and again."""


@contextlib.contextmanager
def opened(scheduler: str | None, workers: int) -> Generator[Any]:
    """A client of a cluster (`distributed.Client`), closed in the end.

    Parameters
    ----------
    scheduler : str or None
        ``tcp://HOST:PORT`` (or ``tls://…``); None: processes of our own on this machine.
    workers : int
        How many of these.

    Raises
    ------
    DeviceError
        No scheduler answers there.
    MissingExtraError
        Dask is not installed.
    """
    try:
        import distributed
    except ImportError:
        raise MissingExtraError("an index of a catalogue", "distributed", "cluster") from None
    # What becomes of workers is told by us; each worker that dies would be a page of traceback.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with contextlib.ExitStack() as stack:
        if scheduler is None:
            cluster = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,
            )
            address: Any = stack.enter_context(cluster)
        else:
            address = scheduler
        try:
            client = distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise DeviceError(
                f"no Dask scheduler answers at {scheduler!r} ({error}): start one with "
                "'dask scheduler' and name the address that it prints."
            ) from None
        stack.enter_context(client)
        if scheduler is None:  # decoders that complain about a file would write into the bar
            client.register_worker_callbacks(silence_stderr)
        yield client


def require_alike(client: Any, identity: Callable[[str], Identity], model: str) -> Identity:
    """Ask all workers who they are; return who we are.

    Raises
    ------
    DeviceError
        The scheduler is gone.
    SettingsError
        A worker runs another oscbridge, another model, or none.
    """
    ours = identity(model)
    answers: dict[str, Identity | Exception]
    try:
        answers = client.run(identity, model, on_error="return")
    except OSError as error:
        raise DeviceError(f"the Dask scheduler does not answer: {error}.") from None
    for worker, answer in answers.items():
        if isinstance(answer, Exception):
            raise SettingsError(
                f"the worker {worker} cannot run oscbridge ({type(answer).__name__}: {answer}): "
                "install the same oscbridge on all machines."
            )
        if answer != ours:
            raise SettingsError(
                f"the worker {worker} has oscbridge {answer.version} with model {answer.model}, "
                f"here it is {ours.version} with {ours.model}: install the same on all machines."
            )
    return ours


def threads(client: Any) -> int:
    """How many tasks the cluster runs at once, now.

    Raises
    ------
    DeviceError
        The scheduler is gone.
    """
    try:
        return sum(client.nthreads().values())
    except OSError:
        raise DeviceError(GONE) from None


def each(
    client: Any, task: Callable[..., R], partitions: Iterable[P], *shared: Any, window: int = 0
) -> Iterator[tuple[P, R | FailedError]]:
    """Yield each partition with what a task makes of it, in the order in which they are done.

    Parameters
    ----------
    client : distributed.Client
    task : callable
        Takes a partition and ``shared``; anything that travels.
    partitions : iterable
    shared
        The same for all.
    window : int
        Tasks at once; 0: as many as the cluster has room for.

    Raises
    ------
    DeviceError
        The scheduler is gone, or no worker came for a long time.
    """
    rest = iter(partitions)
    waiting: dict[Any, P] = {}
    try:
        while True:
            room = window or PER_THREAD * max(threads(client), 1)
            for partition in itertools.islice(rest, max(room - len(waiting), 0)):
                waiting[client.submit(task, partition, *shared, pure=False)] = partition
            if not waiting:
                return
            for future in _done(client, waiting):
                partition = waiting.pop(future)
                outcome = _outcome(client, future)
                if outcome is LOST:
                    rest = itertools.chain([partition], rest)
                else:
                    yield partition, outcome
    finally:
        if client.status == "running":
            client.cancel(list(waiting))


def _done(client: Any, waiting: dict[Any, Any]) -> list[Any]:
    """Futures that are done; at least one."""
    from distributed import wait

    alone_s = 0.0
    while alone_s < PATIENCE_S:
        try:
            with client.as_current():
                found: Any = wait(list(waiting), LOOK_S, "FIRST_COMPLETED")
            return list(found.done)
        except TimeoutError:
            alone_s = 0.0 if threads(client) else alone_s + LOOK_S
        except CancelledError:
            return [future for future in waiting if future.status != "pending"]
    raise DeviceError(f"the cluster had no worker for {PATIENCE_S:.0f} s; what was heard is kept.")


def _outcome(client: Any, future: Any) -> Any:
    """What a task gave, how it failed, or `LOST`: its result died with the worker that held it."""
    from distributed import KilledWorker

    error: Any = None
    try:
        if future.status == "finished":
            return future.result()
        if future.status == "error":
            error = future.exception()
    except CancelledError:
        pass
    if error is None:
        if client.status == "closed":
            raise DeviceError(GONE)
        return LOST
    if isinstance(error, KilledWorker):
        return KilledError("its workers died over it")
    return FailedError(f"{type(error).__name__}: {error}")
