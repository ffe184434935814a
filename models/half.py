"""Half precision in kernels: weights take half the room, and reading them is most of a step.

Conventions
-----------
Halves (IEEE 754 binary16) are kept as the bits that they are, in arrays of uint16, since numba has
no such type on processors. They are for weights of matrices: a rounded weight is off by at most
1/2048 of itself, which moves the music model's answers by less than 1e-4. Sums are single. Where
the processor cannot widen halves itself (x86-64 without F16C), the same numbers are kept in single
precision.

A matrix stands column by column: all outputs of its first input, those of the second, and so on,
shape=(inputs, outputs), `AT_ONCE` columns at a time. So a product needs no sums across a vector,
and outputs stay in the nearest cache.
"""

from __future__ import annotations

import platform
from importlib import import_module
from typing import Any

import numpy as np
from numba.core import types
from numba.extending import lower_builtin, type_callable

from dsp.jit import instructions, kernel
from dsp.tables import shared
from models.weights import WeightsError

AT_ONCE = 4
"""Columns that a product adds at a time; inputs are so many, or a multiple of it."""

_ir: Any = import_module("llvmlite.ir")
_ARM = ("arm64", "aarch64")


def widens_halves() -> bool:
    """Whether the processor that is compiled for has an instruction for it."""
    return platform.machine().lower() in _ARM or "+f16c" in instructions().split(",")


def halve(array: np.ndarray, model: str) -> np.ndarray:
    """Round weights of a model to halves, any shape: their bits, or float32.

    Raises
    ------
    WeightsError
        A weight is too large for a half (65504) or no number.
    """
    with np.errstate(over="ignore"):
        halves = np.ascontiguousarray(array, dtype=np.float16)
    if not np.isfinite(halves).all():
        raise WeightsError(f"weights of model {model!r} hold numbers that are no weights")
    return halves.view(np.uint16) if widens_halves() else halves.astype(np.float32)


def build_columns(matrices: np.ndarray, model: str) -> np.ndarray:
    """Build what `add_product` takes from matrices, shape=(…, outputs, inputs).

    Returns
    -------
    np.ndarray, shape=(…, padded(inputs), outputs), uint16 or float32

    Raises
    ------
    WeightsError
        As `halve`.
    """
    missing = padded(matrices.shape[-1]) - matrices.shape[-1]
    widths = [(0, 0)] * (matrices.ndim - 1) + [(0, missing)]
    return shared(halve(np.swapaxes(np.pad(matrices, widths), -1, -2), model))


def padded(inputs: int) -> int:
    """Inputs of a matrix with the zeros that make them a multiple of `AT_ONCE`."""
    return -(-inputs // AT_ONCE) * AT_ONCE


@kernel(reorder=True)
def add_product(columns, x, out):
    """Add the product of a matrix and ``x``, shape=(padded(inputs),), to ``out``."""
    for i in range(0, columns.shape[0], AT_ONCE):
        a, b, c, d = columns[i], columns[i + 1], columns[i + 2], columns[i + 3]
        p, q, r, s = x[i], x[i + 1], x[i + 2], x[i + 3]
        for j in range(out.shape[0]):
            out[j] += widen(a[j]) * p + widen(b[j]) * q + widen(c[j]) * r + widen(d[j]) * s


def widen(half: Any) -> Any:
    """Value of a half, which is given as its bits (uint16), or of what is no half (float32)."""
    return np.float32(half.view(np.float16)) if half.dtype == np.uint16 else half


@type_callable(widen)
def _typed(_context: Any) -> Any:
    def typer(half: types.Type) -> types.Type | None:
        return types.float32 if half in (types.uint16, types.float32) else None

    return typer


@lower_builtin(widen, types.uint16)
def _lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    half = builder.bitcast(arguments[0], _ir.HalfType())
    return builder.fpext(half, _ir.FloatType())


@lower_builtin(widen, types.float32)
def _lower_nothing(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    return arguments[0]
