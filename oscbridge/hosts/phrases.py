"""Texts of presets with places to fill in, compiled once: ``f:{intensity}``, ``/region/{region}``.

Conventions
-----------
A place is ``{name}``, the value of that name at the moment, or ``{table[name]}``, what a table has
for that value; where there is no such value, the text in the brackets is itself the key. Picks are
values too. A compiled text is a function of the values; it raises `Unsaid` where one is missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oscbridge.errors import SettingsError
from oscbridge.hosts.choices import Unsaid
from oscbridge.protocol import INT_MAX
from oscbridge.wire.arguments import Arg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.hosts.choices import Choices
    from oscbridge.protocol import Value

PLACE = re.compile(r"\{([^{}]*)\}")
LOOKUP = re.compile(r"^([^\[\]]+)\[([^\[\]]+)\]$")
_BAD_IN_ADDRESS = re.compile(r"[\s#*,?\[\]{}\x00-\x1f\x7f-\U0010ffff]")
_FLOAT_LIMIT = 3.4e38

Values = dict[str, "Value"]


@dataclass(frozen=True)
class Vocabulary:
    """What a text may name.

    Attributes
    ----------
    values : sequence of str
        Values of the moment.
    texts : frozenset of str
        Those that are text.
    choices : Choices
        Picks and tables.
    """

    values: Sequence[str]
    texts: frozenset[str]
    choices: Choices


@dataclass(frozen=True, slots=True, eq=False)
class Argument:
    """One argument of a message, compiled: its OSC type and how to build it."""

    kind: str
    build: Callable[[Values], Value]
    arg: Arg

    def __call__(self, values: Values) -> Value:
        """Value for the wire, clean. Raises `Unsaid` while something is unknown."""
        value = self.build(values)
        if self.kind != "s" and isinstance(value, str):
            raise Unsaid  # a table's entry that is no number
        return self.arg.clean(value)


def compile_argument(text: str, words: Vocabulary, where: str) -> Argument:
    """Compile ``type:text``.

    Raises
    ------
    SettingsError
        It names something that does not exist, or is neither a number nor one place.
    """
    kind, _, body = text.partition(":")
    return Argument(kind, _builder(kind, body, text, words, where), _arg(kind, text))


def compile_address(text: str, words: Vocabulary, where: str) -> Callable[[Values], str]:
    """Compile an address, which may hold picks and what tables have.

    Raises
    ------
    SettingsError
        It names something else, or something that no address may contain.
    """
    places = [(found[0], found[1]) for found in PLACE.finditer(text)]
    if not places:
        return lambda _: text
    for place, name in places:
        table = LOOKUP.match(name)
        chosen = table[1] if table else name
        if chosen in words.values:
            raise SettingsError(
                f"{where}: {place} would make a new address for every value: "
                "look it up in a table, as in {table[" + chosen + "]}"
            )
        words.choices.require(chosen, (), where)
        _check_for_address(words.choices, chosen, where)
    builders = {place: _place(name, words, where) for place, name in places}
    return lambda values: PLACE.sub(lambda found: shown(builders[found[0]](values)), text)


def _builder(
    kind: str, body: str, text: str, words: Vocabulary, where: str
) -> Callable[[Values], Value]:
    names = PLACE.findall(body)
    builders = [_place(name, words, where) for name in names]
    if len(names) == 1 and body == f"{{{names[0]}}}":
        if kind != "s" and names[0] in words.texts:
            raise SettingsError(
                f"{where}: {text!r}: {names[0]!r} is text, so write s:{{{names[0]}}}."
            )
        if kind != "s":
            _check_for_number(words, names[0], where)
        return builders[0]
    if kind == "s":
        by_name = dict(zip(names, builders, strict=True))
        return lambda values: PLACE.sub(lambda found: shown(by_name[found[1]](values)), body)
    try:
        number = float(body) if kind == "f" else int(body)
    except ValueError:
        raise SettingsError(
            f"{where}: {text!r} is not allowed: after {kind}: comes a number or one {{name}}."
        ) from None
    return lambda _: number


def _place(name: str, words: Vocabulary, where: str) -> Callable[[Values], Value]:
    """What fills one place."""
    choices = words.choices
    if found := LOOKUP.match(name):
        table, key = found[1], found[2]
        choices.require(table, (), where)
        if table not in choices.tables:
            raise SettingsError(f"{where}: {{{name}}}: {table!r} is one value: write {{{table}}}.")
        if key in words.values:
            return lambda values: choices.entry(table, _known(values, key))
        return lambda _: choices.entry(table, key)
    if name in words.values:
        return lambda values: _known(values, name)
    choices.require(name, words.values, where)
    if name in choices.tables:
        raise SettingsError(f"{where}: {{{name}}} is a table: write {{{name}[…]}}.")
    return lambda _: choices.value(name)


def _known(values: Values, name: str) -> Value:
    try:
        return values[name]
    except KeyError:
        raise Unsaid from None


def shown(value: Value) -> str:
    """A value as it stands in addresses and texts."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _check_for_address(choices: Choices, name: str, where: str) -> None:
    """Refuse picks that cannot stand in an address, before anything is sent."""
    entries = choices.tables.get(name) or {"": choices.single.get(name, "")}
    for entry in entries.values():
        if "/" in str(entry) or _BAD_IN_ADDRESS.search(str(entry)):
            raise SettingsError(f"{where}: {name} = {entry!r} cannot be part of an OSC address.")


def _check_for_number(words: Vocabulary, name: str, where: str) -> None:
    """Refuse a text where a number is wanted: it would never be said."""
    found = LOOKUP.match(name)
    if not found and name in words.values:
        return
    pick = found[1] if found else name
    for entry in words.choices.texts_of(pick):
        raise SettingsError(f"{where}: {pick} = {entry!r} is not allowed: a number is wanted here.")


def _arg(kind: str, text: str) -> Arg:
    match kind:
        case "i":
            return Arg(text, "i", -INT_MAX, INT_MAX)
        case "f":
            return Arg(text, "f", -_FLOAT_LIMIT, _FLOAT_LIMIT)
        case "b":
            return Arg(text, "i", 0, 1)
        case _:
            return Arg(text, "s")
