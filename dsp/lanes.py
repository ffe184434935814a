"""What `dsp.vectors` compiles to: a type of sixteen complex numbers, and LLVM code for it.

Conventions
-----------
The compiler knows *lanes* as two vectors of `LANES` floats, real and imaginary parts.
`in_llvm(function)` registers what a function of `dsp.vectors` is in a compiled kernel: the
decorated code gets an `Emitter` and the arguments of the call (lanes as a pair of vectors, arrays
to be read and written by index, integers as LLVM values) and returns a pair of vectors, a list of
such pairs, or nothing. Whoever reads kernels need not read this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from inspect import signature
from typing import Any

from numba.core import types
from numba.core.datamodel import models
from numba.extending import lower_builtin, register_model, type_callable

LANES = 16
"""Complex numbers side by side."""

_emitting: Any = import_module("numba.core.cgutils")
_ir: Any = _emitting.ir
_VECTOR = _ir.VectorType(_ir.FloatType(), LANES)
_FLAGS = ("reassoc", "contract", "nsz")
"""What `dsp.jit.kernel` allows as ``reorder``."""

Code = Callable[..., Any]


class Floats(types.Type):
    """One vector of 16 floats, as the compiler knows it."""


class Lanes(types.Type):
    """Two of them: sixteen complex numbers."""


FLOATS = Floats("floats16")
COMPLEX = Lanes("lanes16")


@register_model(Floats)
class _FloatsModel(models.PrimitiveModel):
    def __init__(self, manager: Any, known: types.Type) -> None:
        super().__init__(manager, known, _VECTOR)


@register_model(Lanes)
class _LanesModel(models.StructModel):
    def __init__(self, manager: Any, known: types.Type) -> None:
        super().__init__(manager, known, [("real", FLOATS), ("imag", FLOATS)])


class Emitter:
    """Write the LLVM code of one call."""

    def __init__(self, context: Any, builder: Any) -> None:
        self._context = context
        self._builder = builder

    def opened(self, known: types.Type, value: Any) -> Any:
        """Prepare an argument for the code."""
        if known is COMPLEX:
            lanes = _emitting.create_struct_proxy(COMPLEX)(
                self._context, self._builder, value=value
            )
            return lanes.real, lanes.imag
        if isinstance(known, types.Array):
            return known, self._context.make_array(known)(self._context, self._builder, value)
        if isinstance(known, types.IntegerLiteral):
            return known.literal_value
        return value

    def closed(self, known: types.Type, result: Any) -> Any:
        """Make a value of what the code returned."""
        if known is COMPLEX:
            lanes = _emitting.create_struct_proxy(COMPLEX)(self._context, self._builder)
            lanes.real, lanes.imag = result
            return lanes._getvalue()
        if isinstance(known, types.UniTuple):
            each = [self.closed(known.dtype, part) for part in result]
            return self._context.make_tuple(self._builder, known, each)
        return self._context.get_dummy_value()

    def read(self, array: Any, *index: Any, count: int = LANES) -> Any:
        """Take ``count`` floats of an array from an index on."""
        kind = _ir.VectorType(_ir.FloatType(), count).as_pointer()
        return self._builder.load(self._builder.bitcast(self._at(array, index), kind), align=4)

    def write(self, vector: Any, array: Any, *index: Any) -> None:
        """Put 16 floats into an array from an index on."""
        address = self._builder.bitcast(self._at(array, index), _VECTOR.as_pointer())
        self._builder.store(vector, address, align=4)

    def repeated(self, array: Any, *index: Any) -> Any:
        """One float of an array, sixteen times."""
        number = self._builder.load(self._at(array, index))
        nothing = _ir.Constant(_VECTOR, _ir.Undefined)
        one = self._builder.insert_element(nothing, number, _ir.Constant(_ir.IntType(32), 0))
        return self.picked(one, one, [0] * LANES)

    def picked(self, a: Any, b: Any, indices: Iterable[int]) -> Any:
        """Numbers of two vectors by index; those of ``b`` follow those of ``a``."""
        chosen = [int(index) for index in indices]
        mask = _ir.Constant(_ir.VectorType(_ir.IntType(32), len(chosen)), chosen)
        return self._builder.shuffle_vector(a, b, mask)

    def add(self, a: Any, b: Any) -> Any:
        """Sum of two vectors."""
        return self._builder.fadd(a, b, flags=_FLAGS)

    def subtract(self, a: Any, b: Any) -> Any:
        """Difference of two vectors."""
        return self._builder.fsub(a, b, flags=_FLAGS)

    def multiply(self, a: Any, b: Any) -> Any:
        """Product of two vectors, number by number."""
        return self._builder.fmul(a, b, flags=_FLAGS)

    def negate(self, a: Any) -> Any:
        """Negative of a vector."""
        return self._builder.fneg(a)

    def moved(self, index: Any, by: int) -> Any:
        """An index, some numbers further on."""
        return self._builder.add(index, _ir.Constant(index.type, by))

    def doubled(self, index: Any) -> Any:
        """Twice an index."""
        return self._builder.add(index, index)

    def _at(self, array: Any, index: Sequence[Any]) -> Any:
        """Address of one number of an array."""
        known, held = array
        numbers = [_ir.Constant(_ir.IntType(64), i) if isinstance(i, int) else i for i in index]
        return _emitting.get_item_pointer(
            self._context, self._builder, known, held, numbers, wraparound=False
        )


def in_llvm(
    function: Code, given: Sequence[type[types.Type]], result: types.Type = COMPLEX
) -> Callable[[Code], Code]:
    """Register the decorated code as what ``function`` is in a compiled kernel.

    Parameters
    ----------
    function : callable
        A function of `dsp.vectors`, or an operator.
    given : sequence of type
        Kinds of its arguments, as the compiler knows them.
    result : type
        What it returns; lanes by default.
    """

    def register(code: Code) -> Code:
        """Tell numba how the call is typed and what it is lowered to."""

        def lower(context: Any, builder: Any, sig: Any, args: Sequence[Any]) -> Any:
            emit = Emitter(context, builder)
            opened = [emit.opened(*argument) for argument in zip(sig.args, args, strict=True)]
            return emit.closed(sig.return_type, code(emit, *opened))

        def typed(*known: types.Type) -> types.Type | None:
            fits = all(isinstance(*pair) for pair in zip(known, given, strict=True))
            return result if fits else None

        typed.__signature__ = signature(function)  # the compiler counts arguments by it
        type_callable(function)(lambda _: typed)
        lower_builtin(function, *given)(lower)
        return code

    return register
