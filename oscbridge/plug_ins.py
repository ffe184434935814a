"""Modules with agreed names: what a folder of them has, and one of them by its name.

Adding one is adding a file: its name is what the settings call it.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from oscbridge.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType


def names(folders: Iterable[str], but: tuple[str, ...] = ()) -> list[str]:
    """Names of the modules and packages in ``folders``, except those of ``but``."""
    return sorted(m.name for m in pkgutil.iter_modules(folders) if m.name not in but)


def load(package: str, kind: str, name: str, known: list[str]) -> ModuleType:
    """Import ``package.name``. Raises `SettingsError` that lists the ``known`` of its kind."""
    if name not in known:
        raise unknown_name(kind, name, known)
    return importlib.import_module(f"{package}.{name}")
