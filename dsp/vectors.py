"""Sixteen complex numbers at a time: how a kernel asks for vector instructions.

Conventions
-----------
*Lanes* are `LANES` complex numbers, float32 each part. A complex array is float32, shape=(2, n):
real parts, then imaginary parts. ``at`` and ``last`` are indices of numbers, 0 or more; nothing is
checked. ``+``, ``-`` and ``*`` mean what they mean for numpy's arrays.

Every function here is its own definition in numpy: it runs where kernels are plain Python
(``NUMBA_DISABLE_JIT=1``), with lanes as complex64 arrays. In a compiled kernel the LLVM code that
follows each definition takes its place (`dsp.lanes`). There, lanes are two vectors of 16 floats,
and LLVM fits them to the machine: one register each with AVX-512, two with AVX2, four with SSE or
NEON.

Products and sums may be fused, as `dsp.jit.kernel` allows; NaN and infinity keep their meaning.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from numba.core import types
from numpy.typing import NDArray

from dsp.lanes import COMPLEX, LANES, Emitter, Lanes, in_llvm

Sixteen = NDArray[np.complexfloating[Any, Any]]
_BACKWARDS = range(LANES - 1, -1, -1)


def _complex(real: NDArray[Any], imag: NDArray[Any]) -> Sixteen:
    lanes = np.empty(LANES, dtype=np.complex64)
    lanes.real, lanes.imag = real, imag
    return lanes


def load(x: np.ndarray, at: int) -> Sixteen:
    """Read the numbers from ``at`` on of a complex array."""
    return _complex(x[0, at : at + LANES], x[1, at : at + LANES])


@in_llvm(load, (types.Array, types.Integer))
def _load(emit: Emitter, x: Any, at: Any) -> Any:
    return emit.read(x, 0, at), emit.read(x, 1, at)


def load_mirrored(x: np.ndarray, last: int) -> Sixteen:
    """Read the conjugates of the numbers ``last``, ``last - 1``, … of a complex array."""
    return np.conj(load(x, last - LANES + 1)[::-1])


@in_llvm(load_mirrored, (types.Array, types.Integer))
def _load_mirrored(emit: Emitter, x: Any, last: Any) -> Any:
    forwards = _load(emit, x, emit.moved(last, 1 - LANES))
    real, imag = (emit.picked(part, part, _BACKWARDS) for part in forwards)
    return real, emit.negate(imag)


def load_pairs(samples: np.ndarray, at: int) -> Sixteen:
    """Read the numbers from ``at`` on of samples that are taken in pairs: real, imaginary."""
    pairs = samples[2 * at : 2 * (at + LANES)]
    return _complex(pairs[0::2], pairs[1::2])


@in_llvm(load_pairs, (types.Array, types.Integer))
def _load_pairs(emit: Emitter, samples: Any, at: Any) -> Any:
    pairs = emit.read(samples, emit.doubled(at), count=2 * LANES)
    return tuple(emit.picked(pairs, pairs, range(odd, 2 * LANES, 2)) for odd in (0, 1))


def spread(x: np.ndarray, at: int) -> Sixteen:
    """Read the number ``at`` of a complex array, sixteen times."""
    return _complex(x[0, at], x[1, at])


@in_llvm(spread, (types.Array, types.Integer))
def _spread(emit: Emitter, x: Any, at: Any) -> Any:
    return emit.repeated(x, 0, at), emit.repeated(x, 1, at)


def store(x: np.ndarray, at: int, lanes: Sixteen) -> None:
    """Write lanes from ``at`` on into a complex array."""
    x[0, at : at + LANES], x[1, at : at + LANES] = lanes.real, lanes.imag


@in_llvm(store, (types.Array, types.Integer, Lanes), types.void)
def _store(emit: Emitter, x: Any, at: Any, lanes: Any) -> None:
    emit.write(lanes[0], x, 0, at)
    emit.write(lanes[1], x, 1, at)


def store_power(out: np.ndarray, at: int, lanes: Sixteen) -> None:
    """Write the squared magnitudes from ``at`` on into a real array."""
    out[at : at + LANES] = lanes.real * lanes.real + lanes.imag * lanes.imag


@in_llvm(store_power, (types.Array, types.Integer, Lanes), types.void)
def _store_power(emit: Emitter, out: Any, at: Any, lanes: Any) -> None:
    emit.write(_power(emit, lanes), out, at)


def store_power_mirrored(out: np.ndarray, last: int, lanes: Sixteen) -> None:
    """Write the squared magnitudes to ``last``, ``last - 1``, … of a real array."""
    store_power(out, last - LANES + 1, lanes[::-1])


@in_llvm(store_power_mirrored, (types.Array, types.Integer, Lanes), types.void)
def _store_power_mirrored(emit: Emitter, out: Any, last: Any, lanes: Any) -> None:
    power = _power(emit, lanes)
    emit.write(emit.picked(power, power, _BACKWARDS), out, emit.moved(last, 1 - LANES))


def _power(emit: Emitter, lanes: Any) -> Any:
    real, imag = lanes
    return emit.add(emit.multiply(real, real), emit.multiply(imag, imag))


def weighted(lanes: Sixteen, weights: Sixteen) -> Sixteen:
    """Real parts times real parts, imaginary parts times imaginary parts."""
    return _complex(lanes.real * weights.real, lanes.imag * weights.imag)


@in_llvm(weighted, (Lanes, Lanes))
def _weighted(emit: Emitter, lanes: Any, weights: Any) -> Any:
    return emit.multiply(lanes[0], weights[0]), emit.multiply(lanes[1], weights[1])


def turned(lanes: Sixteen) -> Sixteen:
    """Lanes times -i: a quarter turn."""
    return _complex(lanes.imag, -lanes.real)


@in_llvm(turned, (Lanes,))
def _turned(emit: Emitter, lanes: Any) -> Any:
    return lanes[1], emit.negate(lanes[0])


def interleaved(unit: int, a: Sixteen, b: Sixteen, c: Sixteen, d: Sixteen) -> tuple[Sixteen, ...]:
    """Four lanes as one run of numbers: ``unit`` of a, of b, of c, of d, the next of a, …

    ``unit``, a literal, is 1 or 4.
    """
    runs = np.stack([a, b, c, d]).reshape(4, -1, unit)
    return tuple(runs.transpose(1, 0, 2).reshape(4, LANES))


@in_llvm(
    interleaved, (types.IntegerLiteral, Lanes, Lanes, Lanes, Lanes), types.UniTuple(COMPLEX, 4)
)
def _interleaved(emit: Emitter, unit: int, a: Any, b: Any, c: Any, d: Any) -> Any:
    both = np.arange(2 * LANES).reshape(2, -1, unit).transpose(1, 0, 2).ravel()
    halves = both[:LANES], both[LANES:]

    def zipped(x: Any, y: Any) -> list[Any]:
        return [[emit.picked(p, q, half) for p, q in zip(x, y, strict=True)] for half in halves]

    pairs = zip(zipped(a, c), zipped(b, d), strict=True)
    return [lanes for even, odd in pairs for lanes in zipped(even, odd)]


@in_llvm(operator.add, (Lanes, Lanes))
def _add(emit: Emitter, a: Any, b: Any) -> Any:
    return emit.add(a[0], b[0]), emit.add(a[1], b[1])


@in_llvm(operator.sub, (Lanes, Lanes))
def _subtract(emit: Emitter, a: Any, b: Any) -> Any:
    return emit.subtract(a[0], b[0]), emit.subtract(a[1], b[1])


@in_llvm(operator.mul, (Lanes, Lanes))
def _multiply(emit: Emitter, a: Any, b: Any) -> Any:
    real = emit.subtract(emit.multiply(a[0], b[0]), emit.multiply(a[1], b[1]))
    imag = emit.add(emit.multiply(a[0], b[1]), emit.multiply(a[1], b[0]))
    return real, imag
