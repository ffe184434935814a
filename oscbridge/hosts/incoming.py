"""What others say, taken apart: places of an address and parts of the arguments, each by its name.

Conventions
-----------
An address may have places between its slashes, ``/track/{track}/clip/{scene}/isPlaying``. One that
is called like a table of picks or words stands only for the entries of that table, and means their
keys: with ``scene = {1 = 4}`` the part ``4`` is ``1``. Any other stands for whatever is there.

Arguments are ``1``, ``2`` …: numbers and texts as they came; of a text that is cut (``split``) its
parts, of one that is JSON (``json``) the entries that are named, an empty text where there is none.
"""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING, cast

from oscbridge.errors import SettingsError
from oscbridge.hosts.choices import Unsaid
from oscbridge.hosts.phrases import Vocabulary, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from oscbridge.hosts.choices import Choices
    from oscbridge.hosts.phrases import Values
    from oscbridge.protocol import Value
    from oscbridge.wire.packet import Argument
    from presets.schema import Heard

PARTS = 16
"""Arguments of a message that can be named, ``{1}`` to ``{16}``."""
NUMBERS = tuple(str(part) for part in range(1, PARTS + 1))
_PLACE = re.compile(r"^\{([^{}]+)\}\Z")


class AddressPattern:
    """An address with places.

    Parameters
    ----------
    text : str
        As the preset has it.
    choices : Choices
        Picks and words, whose tables may be places.
    where : str
        File and key, for the message.

    Raises
    ------
    SettingsError
        A place is only part of what stands between two slashes.
    """

    def __init__(self, text: str, choices: Choices, where: str) -> None:
        self._parts: list[str | None] = []
        self._names: list[str] = []
        for part in text.split("/"):
            place = _PLACE.match(part)
            if place is None and "{" in part:
                raise SettingsError(
                    f"{where}.address: {text!r}: a place is all that stands between two slashes."
                )
            self._parts.append(None if place else part)
            self._names.append(place[1] if place else "")
        self._choices = choices
        self.names = tuple(filter(None, self._names))

    def read(self, address: str) -> list[Values]:
        """What its places mean in ``address``: each way to take it, none where it is another."""
        parts = address.split("/")
        if len(parts) != len(self._parts):
            return []
        meanings: list[list[Value]] = []
        for part, own, name in zip(parts, self._parts, self._names, strict=True):
            if own is None:
                meanings.append(self._meanings(name, part))
            elif own != part:
                return []
        return [dict(zip(self.names, one, strict=True)) for one in itertools.product(*meanings)]

    def _meanings(self, name: str, part: str) -> list[Value]:
        table = self._choices.tables.get(name)
        if table is None:
            return [part]
        return [key for key, entry in table.items() if shown(entry) == part]


class Incoming:
    """A message that a preset heeds.

    Parameters
    ----------
    entry : Heard
        The preset's words.
    choices : Choices
        Its picks and words.
    where : str
        File and key, for messages.

    Attributes
    ----------
    words : Vocabulary
        What its texts may name.
    exact : tuple of str
        Its addresses that have no places.
    patterns : list of AddressPattern
        Those that have.

    Raises
    ------
    SettingsError
        A place or a name that cannot be.
    """

    def __init__(self, entry: Heard, choices: Choices, where: str) -> None:
        addresses = (entry.address, *entry.aliases)
        self.exact = tuple(address for address in addresses if "{" not in address)
        self.patterns = [AddressPattern(a, choices, where) for a in addresses if "{" in a]
        names = dict.fromkeys(name for pattern in self.patterns for name in pattern.names)
        self.words = Vocabulary((*NUMBERS, *names), frozenset(), choices)
        for name in entry.when:
            if name not in self.words.values:
                choices.require(name, self.words.values, f"{where}.when")
        self._entry = entry

    def matches(self, address: str) -> bool:
        """Whether ``address`` is one of its own."""
        return address in self.exact or any(pattern.read(address) for pattern in self.patterns)

    def read(self, address: str) -> Iterator[Values]:
        """What the places of ``address`` mean; nothing where it is none of its own."""
        if address in self.exact:
            yield {}
        for pattern in self.patterns:
            yield from pattern.read(address)

    def parts(self, arguments: Sequence[Argument]) -> list[Value]:
        """Parts of the arguments, in order. Raises `Unsaid` where they are none that has names."""
        entry = self._entry
        given: list[Value] = []
        for argument in arguments[:PARTS]:
            if isinstance(argument, bool):
                given.append(int(argument))
            elif isinstance(argument, int | float | str):
                given.append(argument)
            else:
                raise Unsaid
        if entry.json:
            return _entries(given[0] if given else "", entry.json)
        if entry.split and given and isinstance(given[0], str):
            return [_number(part) for part in given[0].split(entry.split)[:PARTS]]
        return given

    def require(self, values: Values) -> None:
        """Raise `Unsaid` where ``values`` are not those for which the preset heeds the message."""
        for name, allowed in self._entry.when.items():
            if values.get(name) not in allowed:
                raise Unsaid


def _entries(text: Value, names: Sequence[str]) -> list[Value]:
    """Entries of a JSON object. Raises `Unsaid` where it is none."""
    try:
        found: object = json.loads(str(text))
    except (ValueError, RecursionError):
        raise Unsaid from None
    if not isinstance(found, dict):
        raise Unsaid
    entries = cast("dict[str, object]", found)
    values = (entries.get(name) for name in names)
    return [value if isinstance(value, int | float | str) else "" for value in values]


def _number(text: str) -> Value:
    try:
        return float(text)
    except ValueError:
        return text.strip()
