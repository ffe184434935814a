"""The user's own settings file: what ``oscbridge setup`` saves and ``oscbridge run`` starts with.

Conventions
-----------
One TOML file as any other (`oscbridge.config`), where this system keeps settings; the environment
variable `OWN_FILE` names another one. ``run`` reads it where no ``--config`` is given; options
override it as they override any file. It is replaced whole or not at all.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from oscbridge.errors import SettingsError
from presets import files

OWN_FILE = "OSCBRIDGE_SETTINGS"


def own_path() -> Path:
    """Where the file lies, or would lie."""
    said = os.environ.get(OWN_FILE)
    return Path(said) if said else files.settings_folder() / "settings.toml"


def find() -> Path | None:
    """The file, where there is one."""
    path = own_path()
    return path if path.is_file() else None


def save(text: str) -> Path:
    """Write the file. Raises `SettingsError` where it cannot be written."""
    path = own_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=path.name, delete=False
        ) as draft:
            draft.write(text)
        os.replace(draft.name, path)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror or error}.") from None
    return path
