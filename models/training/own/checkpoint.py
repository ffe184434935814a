"""What a training keeps, so that nothing but the epoch in which it was stopped is lost.

Conventions
-----------
A training lives in a folder ``.<name>.training`` beside the models: ``plan.json`` says what is
learned from what, ``sounds/`` holds what was heard of each file, ``epoch.pt`` the state after the
last epoch. Each file is written beside its place and moved there (`models.weights.write_whole`): a
process that is killed leaves the old one or the new one, never half of one. ``epoch.pt`` holds
tensors and plain numbers only and is read as such, without pickle's powers.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import shutil
import sys
import time
from typing import IO, TYPE_CHECKING, Any

import msgspec
import torch

from models.weights import write_whole

if TYPE_CHECKING:
    from pathlib import Path

LOCK_S = 10.0
"""How long a training that is just being ended may hold its folder, seconds."""


class CheckpointError(ValueError):
    """A training cannot be taken up: one sentence that says why."""


class Plan(msgspec.Struct, frozen=True):
    """What must be the same for a training to be taken up.

    Attributes
    ----------
    begins_from : str
        Name and digest of the weights that it begins from.
    seed : int
        Of all that is drawn.
    front_end : str
        Which features.
    recipe : str
        How it is learned.
    data : str
        `data_digest` of files, labels and groups.
    """

    begins_from: str
    seed: int
    front_end: str
    recipe: str
    data: str


_WORDS = {
    "begins_from": "--from, or the shipped model itself",
    "seed": "--seed",
    "front_end": "the version of oscbridge",
    "recipe": "the version of oscbridge",
    "data": "the music or its labels",
}


def data_digest(files: list[tuple[str, int, str]]) -> str:
    """Digest of a data set: (digest of the sound, quadrant, group) of each file, in any order."""
    return hashlib.sha256(msgspec.json.encode(sorted(files))).hexdigest()[:16]


class Folder:
    """The folder of one training; only one process at a time works in it.

    Parameters
    ----------
    path : Path
        Made if it is not there.

    Raises
    ------
    CheckpointError
        Another process works in it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sounds = path / "sounds"
        self.sounds.mkdir(parents=True, exist_ok=True)
        self._lock = (path / "lock").open("w")
        deadline = time.monotonic() + LOCK_S
        while not _try_lock(self._lock):
            if time.monotonic() > deadline:
                raise CheckpointError("this training runs in another process already")
            time.sleep(0.1)

    def agree(self, plan: Plan) -> None:
        """Keep the plan, or check that it is the one that was kept.

        Raises
        ------
        CheckpointError
            Something has changed since: names what.
        """
        path = self.path / "plan.json"
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            kept = msgspec.json.decode(path.read_bytes(), type=Plan)
            changed = list(
                dict.fromkeys(
                    words
                    for key, words in _WORDS.items()
                    if getattr(kept, key) != getattr(plan, key)
                )
            )
            if changed and (self.path / "epoch.pt").exists():
                raise CheckpointError(
                    f"this training cannot go on, since {' and '.join(changed)} changed: undo "
                    f"that, or remove {self.path} and begin again"
                )
        write_whole(path, msgspec.json.encode(plan))

    def save(self, state: dict[str, Any]) -> None:
        """Keep the state after an epoch."""
        memory = io.BytesIO()
        torch.save(state, memory)
        write_whole(self.path / "epoch.pt", memory.getvalue())

    def load(self) -> dict[str, Any] | None:
        """State after the last epoch; None where there is none.

        Raises
        ------
        CheckpointError
            The file is damaged.
        """
        path = self.path / "epoch.pt"
        if not path.exists():
            return None
        try:
            state: dict[str, Any] = torch.load(path, weights_only=True)
        except Exception as error:  # noqa: BLE001 - torch says in many ways that bytes are wrong
            raise CheckpointError(
                f"{path} is damaged ({type(error).__name__}): remove {self.path} and begin again"
            ) from None
        return state

    def remove(self) -> None:
        """Remove all of it: the model is there."""
        self._lock.close()
        shutil.rmtree(self.path, ignore_errors=True)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[str]) -> bool:
        """Lock a file until this process ends; False where another one has."""
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: IO[str]) -> bool:
        """Lock a file until this process ends; False where another one has."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
