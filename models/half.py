"""Half precision in kernels: weights take half the room, and reading them is most of a step.

Conventions
-----------
Halves (IEEE 754 binary16) are kept as the bits that they are, in arrays of uint16, since numba has
no such type on processors. They are for weights of matrices: a rounded weight is off by at most
1/2048 of itself, which moves the music model's answers by less than 1e-4. Sums are single.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
from numba.core import types
from numba.extending import lower_builtin, type_callable

from models.weights import WeightsError

_ir: Any = import_module("llvmlite.ir")


def halve(array: np.ndarray, model: str) -> np.ndarray:
    """Round weights of a model to halves, as bits, any shape.

    Raises
    ------
    WeightsError
        A weight is too large for a half (65504) or no number.
    """
    with np.errstate(over="ignore"):
        halves = np.ascontiguousarray(array, dtype=np.float16)
    if not np.isfinite(halves).all():
        raise WeightsError(f"weights of model {model!r} hold numbers that are no weights")
    return halves.view(np.uint16)


def widen(bits: np.uint16) -> np.float32:
    """Value of a half."""
    return np.float32(np.uint16(bits).view(np.float16))


@type_callable(widen)
def _typed(context: Any) -> Any:
    def typer(bits: types.Type) -> types.Type | None:
        return types.float32 if bits == types.uint16 else None

    return typer


@lower_builtin(widen, types.uint16)
def _lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    half = builder.bitcast(arguments[0], _ir.HalfType())
    return builder.fpext(half, _ir.FloatType())
