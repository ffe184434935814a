"""Arguments that a kernel is given again and again, held ready in the form in which it takes them.

Conventions
-----------
A call from Python takes each array apart anew: type, address, shape, strides and a count of who
uses it, 0.06 µs hot and several lines of cache each where the caches are cold. A stage holds its
tables and buffers once and hands them over as one argument, which the kernel opens::

    self._held = hold(taps, line, counters)          # in the constructor

    @kernel
    def _push(n, held):
        taps, line, counters = opened(held)          # costs nothing

What is held are arrays, integers, floats and tuples of these. Arrays may change what they hold, but
not where they hold it: a stage fills its arrays, it does not make new ones.

Method
------
A compiled kernel knows an array as seven or more words (owner, its object, size, item size,
address, shape, strides), a tuple as its members one after the other. `hold` writes these words into
memory; owners are left empty, so nothing is counted, and the memory keeps the arrays alive. It is a
numpy record, which numba takes in quickly, with a field that is named after what it holds. Where
kernels are plain Python (``NUMBA_DISABLE_JIT=1``), holding and opening change nothing.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numba
import numpy as np
from numba.core import types
from numba.extending import lower_builtin, type_callable

from dsp.jit import runs_compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

Held = Any
"""What `hold` returns: one argument for kernels, nothing to look into."""

_KNOWN: dict[str, types.Type] = {}
"""What is held in records, by the name of their field."""
_UNOWNED = (0, 0)


class _Memory(bytearray):
    """Words, and what they speak of."""

    arguments: tuple[Any, ...] = ()


def hold(*arguments: Any) -> Held:
    """Take arguments in for kernels that open them.

    Parameters
    ----------
    arguments : np.ndarray, int, float or tuple of these

    Raises
    ------
    TypeError
        An argument of another kind.
    """
    words = np.asarray(list(_words(arguments)), dtype=np.int64)
    if not runs_compiled():
        return arguments
    known = numba.typeof(arguments)
    name = f"held_{hashlib.sha256(str(known).encode()).hexdigest()[:16]}"
    _KNOWN[name] = known
    memory = _Memory(words.tobytes())
    memory.arguments = arguments
    return np.frombuffer(memory, dtype=[(name, np.int64, words.shape)])


def _words(argument: Any) -> Iterator[int]:
    """Yield what a compiled kernel knows of an argument, in words of 8 bytes."""
    if isinstance(argument, tuple):
        for part in argument:
            yield from _words(part)
    elif isinstance(argument, np.ndarray):
        yield from _UNOWNED
        yield from (argument.size, argument.itemsize, argument.ctypes.data)
        yield from argument.shape
        yield from argument.strides
    elif isinstance(argument, float):
        yield int(np.float64(argument).view(np.int64))
    elif isinstance(argument, int) and not isinstance(argument, bool):
        yield argument
    else:
        raise TypeError(f"kernels cannot be held {type(argument).__name__} ready")


def opened(held: Held) -> Any:
    """What was held, in a kernel."""
    return held


@type_callable(opened)
def _typed(_context: Any) -> Any:
    def typer(held: types.Type) -> types.Type | None:
        record: Any = getattr(held, "dtype", None)
        return _KNOWN.get(next(iter(record.fields))) if isinstance(record, types.Record) else None

    return typer


@lower_builtin(opened, types.Array)
def _lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    memory = context.make_array(signature.args[0])(context, builder, arguments[0]).data
    kind = context.get_value_type(signature.return_type).as_pointer()
    return builder.load(builder.bitcast(memory, kind))
