"""What a message of ours is made of: a signal, its address and types, and clean arguments.

Conventions
-----------
A `Signal` is known inside the process by its ``name`` (``"norm/valence"``); its address is
``PREFIX + "/" + name``. `Signal.message` is the gate through which every value passes: it coerces
to plain Python numbers, replaces what is not finite, and clamps to the range.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from oscbridge.wire.arguments import Arg, Value

PREFIX = "/oscbridge"

When = Literal["start", "heartbeat", "continuous", "state", "event", "reply"]


class Message(NamedTuple):
    """Something to say: a signal and its arguments, clean."""

    signal: Signal
    args: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """One row of the table; compared by identity, so that it is a fast key.

    Attributes
    ----------
    name : str
        How the process calls it; also the end of the address.
    when : When
        ``continuous`` signals obey rate and dead band, ``state`` signals go out on change and are
        refreshed, ``event`` signals go out at once and once, a ``reply`` goes to who asked.
    args : tuple of Arg
        Names, types and ranges.
    description : str
        One line for people.
    optional : bool
        Sent over OSC only when asked for (``[outputs.osc] optional``).
    address : str
        The full address, ``/oscbridge/...``.
    family : str
        Name of the `Family` that it is one of; empty of those that are always there.
    types : str
        OSC type tags without the comma.
    """

    name: str
    when: When
    args: tuple[Arg, ...]
    description: str
    optional: bool = False
    address: str = ""
    family: str = ""
    types: str = field(init=False)

    def __post_init__(self) -> None:
        """Derive address and type tags."""
        if not self.address:
            object.__setattr__(self, "address", f"{PREFIX}/{self.name}")
        object.__setattr__(self, "types", "".join(arg.type for arg in self.args))

    def __repr__(self) -> str:
        return f"<signal {self.name} {self.types}>"

    @property
    def range(self) -> tuple[float, float] | None:
        """Range of the first numeric argument, None where it has no bounds."""
        for arg in self.args:
            if arg.type != "s" and arg.bounded:
                return arg.low, arg.high
        return None

    @property
    def unit(self) -> str:
        """Unit of the first argument that has one."""
        return next((arg.unit for arg in self.args if arg.unit), "")

    def message(self, *values: object) -> Message:
        """Build the message with ``values``, coerced, finite and in range.

        Raises
        ------
        ValueError
            When the number of values is wrong.
        """
        return Message(self, self.clean(values))

    def clean(self, values: tuple[object, ...]) -> tuple[Value, ...]:
        """Coerce the arguments of a message, finite and in range; ``ValueError`` as `message`."""
        args = self.args
        if len(values) != len(args):
            raise ValueError(f"{self.name} takes {len(args)} arguments, not {len(values)}")
        if len(values) == 1:  # as most have
            return (args[0].clean(values[0]),)
        return tuple(arg.clean(value) for arg, value in zip(args, values, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Signals whose addresses go on with a name of the user's: ``/oscbridge/label/calm``.

    The row of all of them; which there are changes while a run goes on. Fields as of `Signal`.
    """

    name: str
    when: When
    args: tuple[Arg, ...]
    description: str
    optional: bool = False
    _members: dict[str, Signal] = field(default_factory=dict[str, Signal], init=False, repr=False)

    @property
    def address(self) -> str:
        """Where the addresses of its members begin."""
        return f"{PREFIX}/{self.name}"

    @property
    def types(self) -> str:
        """OSC type tags of its members."""
        return "".join(arg.type for arg in self.args)

    def member(self, name: str) -> Signal:
        """The signal of this name, always the same one."""
        found = self._members.get(name)
        if found is None:
            found = self._members[name] = Signal(
                f"{self.name}/{name}",
                self.when,
                self.args,
                self.description,
                self.optional,
                family=self.name,
            )
        return found
