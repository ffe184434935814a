"""The key with which tokens of paired machines are signed: a file that only its user can read.

Conventions
-----------
It lies where settings lie. Deleting it makes every machine ask for a code again. Where it cannot be
kept, there is another one in each run.
"""

from __future__ import annotations

import contextlib
import os
import secrets

from presets import files

NAME = "dashboard.key"
BYTES = 32


def signing_key() -> bytes:
    """The key, made where there is none yet."""
    path = files.settings_folder() / NAME
    with contextlib.suppress(OSError):
        if len(key := path.read_bytes()) == BYTES:
            return key
    key = secrets.token_bytes(BYTES)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        kept = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(kept, "wb") as file:
            file.write(key)
    return key
