"""Where messages go: one module an output, and the contract that they share (`base`).

A module here is an output: it has a ``Config`` (an `OutputConfig`) and ``open(config) -> Output``.
Its name is its section in the settings, ``[outputs.<name>]``; nothing else has to be edited.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, cast

from oscbridge.errors import unknown_name

if TYPE_CHECKING:
    from oscbridge.outputs.base import OutputModule


def names() -> list[str]:
    """Names of all outputs that are installed."""
    return sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name != "base")


def load(name: str) -> OutputModule:
    """Import output ``name``. Raises `SettingsError` that lists the outputs."""
    known = names()
    if name not in known:
        raise unknown_name("output", name, known)
    return cast("OutputModule", importlib.import_module(f"{__name__}.{name}"))
