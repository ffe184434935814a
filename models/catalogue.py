"""The run-time models that exist, found by what lies in the package: nothing to register.

A model is a module ``models/<name>.py`` or ``models/zoo/<name>.py`` with ``load(weights=None)`` and
weights ``models/weights/<name>.npz``.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING

from models import weights

if TYPE_CHECKING:
    from models.base import AffectModel
    from models.weights import Weights


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
    return load_weights(name)


def load_weights(name: str, weights: Weights | None = None) -> AffectModel:
    """Load the model that the module ``name`` runs, with weights that are not the shipped ones."""
    own = importlib.util.find_spec(f"models.{name}") is not None
    module = importlib.import_module(f"models.{name}" if own else f"models.zoo.{name}")
    model: AffectModel = module.load(weights)
    return model
