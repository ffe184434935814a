"""A training in a process of its own: start it, read what it tells, stop it in good order.

Conventions
-----------
The training imports torch, this process does not: it knows ``models.training.own`` only as the name
of a program, and `models.learning_report` as its language. The program ends by itself when its
standard input closes, hence also when this process is killed; what it did up to the last finished
epoch is kept.
"""

from __future__ import annotations

import contextlib
import importlib.util
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from models import learning_report
from oscbridge.errors import MissingExtraError, OscbridgeError
from oscbridge.own_process import environment, module_arguments

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

PROGRAM = "models.training.own"
NEEDED = ("torch", "sklearn", "librosa", "scipy", "soxr", "tqdm", "mido")
"""What the program imports and the extra ``train`` brings."""
_STOP_S = 20.0


class TrainingEndedError(OscbridgeError):
    """A training was ended from outside; what it did so far is kept."""


def require_training() -> None:
    """Check that the program could run here, before anything is started.

    Raises
    ------
    MissingExtraError
        One of its libraries is not installed.
    """
    for package in NEEDED:
        if importlib.util.find_spec(package) is None:
            raise MissingExtraError("training", package, "train")


@contextlib.contextmanager
def training(
    arguments: Sequence[str], *, debug: bool = False
) -> Generator[Iterator[learning_report.AnyMessage]]:
    """Start a training and give what it tells; it has ended when the block is left.

    Parameters
    ----------
    arguments : sequence of str
        Command line of the program.
    debug : bool
        Let it complain on our standard error, tracebacks and all.

    Raises
    ------
    TrainingEndedError
        It was killed.
    OscbridgeError
        It could not be started.
    """
    with tempfile.TemporaryFile() as complaints:
        try:
            child = subprocess.Popen(
                [sys.executable, *module_arguments(PROGRAM), *arguments, "--leash"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if debug else complaints,
                env={"OMP_NUM_THREADS": "1", **environment()},
            )
        except OSError as error:
            raise OscbridgeError(f"the training cannot be started: {error}") from None
        try:
            yield _messages(child)
        finally:
            _end(child)
        complaints.seek(0)
        _check_end(child.returncode, complaints.read().decode(errors="replace"))


def _messages(child: subprocess.Popen[bytes]) -> Iterator[learning_report.AnyMessage]:
    """What the program prints, until it ends."""
    assert child.stdout is not None
    for line in child.stdout:
        yield learning_report.read(line)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Let go of the leash, wait, and if that does not help, kill."""
    assert child.stdin is not None
    assert child.stdout is not None
    with contextlib.suppress(OSError):
        child.stdin.close()
    child.stdout.close()
    try:
        child.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _check_end(status: int, complaints: str) -> None:
    """Say how a program ended that did not say so itself."""
    if status < 0:
        try:
            how = signal.Signals(-status).name
        except ValueError:
            how = f"signal {-status}"
        raise TrainingEndedError(
            f"the training was ended from outside ({how}; is there too little memory?): what was "
            "done up to the last epoch is kept"
        )
    if status not in (0, 2):
        last = complaints.strip().splitlines()[-1:] or [f"exit status {status}"]
        raise RuntimeError(f"the training failed: {last[0]}")
