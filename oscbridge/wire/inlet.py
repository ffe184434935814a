"""What others may say at one address: the forms that its arguments may have, and the gate.

Conventions
-----------
`Inlet.read` is the gate through which every argument passes. Numbers are taken as int, float or
bool whatever the form says, since senders differ; a text is not a number. What lies outside its
range by no more than `TOLERANCE` of it is moved to its edge (a fader that ends at 1.0000001), what
lies further out is refused: it was meant in another unit. Whole numbers are rounded, not moved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oscbridge.wire.arguments import Arg, Value, argument_text
from oscbridge.wire.signal import PREFIX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.wire.packet import Argument

TOLERANCE = 0.01
"""Share of a range by which a number may miss it."""

Form = tuple[Arg, ...]

_IMPULSES = ((None,), ("impulse",))
"""How ``,N`` and ``,I`` are read, which buttons of OSCQuery clients send where nothing is taken."""


class InletError(ValueError):
    """Arguments that cannot be taken; the text is for whoever sent them."""


@dataclass(frozen=True, slots=True, eq=False)
class Inlet:
    """One row of the table; compared by identity.

    Attributes
    ----------
    name : str
        How the process calls it; also the end of the address.
    forms : tuple of tuple of Arg
        The arguments that it may come with.
    description : str
        One line for people.
    open_ended : bool
        The address goes on with a name of the sender's choice, which is the first value read:
        ``in/affect/face/jawOpen``.
    address : str
        The full address, ``/oscbridge/...``.
    """

    name: str
    forms: tuple[Form, ...]
    description: str
    open_ended: bool = False
    address: str = field(init=False)

    def __post_init__(self) -> None:
        """Derive the address."""
        object.__setattr__(self, "address", f"{PREFIX}/{self.name}")

    def __repr__(self) -> str:
        return f"<inlet {self.name}>"

    def read(self, arguments: Sequence[Argument]) -> tuple[Value, ...]:
        """Check and convert the arguments of a message.

        Raises
        ------
        InletError
            Their number, a type or a value is wrong.
        """
        forms = [form for form in self.forms if len(form) == len(arguments)]
        if not forms and () in self.forms and tuple(arguments) in _IMPULSES:
            return ()
        if not forms:
            raise InletError(f"takes {self.usage()}, not {len(arguments)} arguments")
        form = next((form for form in forms if _suits(form, arguments)), forms[0])
        return tuple(_read(arg, value) for arg, value in zip(form, arguments, strict=True))

    def usage(self) -> str:
        """The forms in words, what may be left out in brackets: ``f valence -1..1 [f weight]``."""
        said: list[str] = []
        for index, form in enumerate(self.forms):
            shorter = self.forms[index - 1] if index else None
            if shorter and form[:-1] == shorter:
                said[-1] += f" [{_argument(form[-1])}]"
            else:
                said.append(", ".join(map(_argument, form)) or "nothing")
        return ", or ".join(said)


def _suits(form: Form, arguments: Sequence[Argument]) -> bool:
    """Whether texts are where texts belong."""
    pairs = zip(form, arguments, strict=True)
    return all((arg.type == "s") == isinstance(value, str) for arg, value in pairs)


def _argument(arg: Arg) -> str:
    return f"{arg.type} {'/'.join(arg.choices) or argument_text(arg)}"


def _read(arg: Arg, value: Argument) -> Value:
    if arg.type == "s":
        if not isinstance(value, str):
            raise InletError(f"{arg.name} is a text, not {value!r}")
        if arg.choices and value not in arg.choices:
            raise InletError(f"{arg.name} is one of {', '.join(arg.choices)}, not {value!r}")
        return value
    if not isinstance(value, bool | int | float):
        raise InletError(f"{arg.name} is a number, not {value!r}")
    if not math.isfinite(value):
        raise InletError(f"{arg.name} is {value}, which is no finite number")
    slack = TOLERANCE * (arg.high - arg.low) if arg.bounded else 0.0
    if arg.type == "i":
        slack = 0.49  # what is rounded to a number within
    if not arg.low - slack <= value <= arg.high + slack:
        raise InletError(f"{arg.name} is {arg.low:g} to {arg.high:g}, not {value:g}")
    return arg.clean(value)
