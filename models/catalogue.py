"""The run-time models that exist, found by what lies in the package: nothing to register.

A model is a module ``models/<name>.py`` with ``load()`` and weights ``models/weights/<name>.npz``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from models import weights

if TYPE_CHECKING:
    from models.base import AffectModel


def names() -> list[str]:
    """Names of the models that `load` knows."""
    return weights.names()


def load(name: str) -> AffectModel:
    """Load the model ``name``.

    Raises
    ------
    KeyError
        No such model; `names` lists what exists.
    WeightsError
        Its files are damaged or made for other features.
    """
    if name not in names():
        raise KeyError(name)
    model: AffectModel = importlib.import_module(f"models.{name}").load()
    return model
