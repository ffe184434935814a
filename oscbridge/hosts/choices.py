"""What a preset's texts look up: what users picked, what hosts call things, names hosts told.

Conventions
-----------
A *pick* is a number or text that the user chose for a host (which track, which scene for which
quadrant); *words* are tables of the host's own vocabulary. Keys of tables are texts and compared
without regard to case; the number 1 and the text "1" are the same key. A pick that is empty turns
off whatever needs it. Where the host tells names (`Names`), a pick may be a name and stands for the
number that the name has now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.errors import SettingsError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from oscbridge.protocol import Value
    from oscbridge.wire.packet import Argument
    from presets.schema import Names, Scalar, Sheet

OFF = ""


class Unsaid(Exception):  # noqa: N818 - no error: there is nothing to say
    """Something has no value: the message that needs it is not said."""


class Choices:
    """Picks and words of one preset.

    Parameters
    ----------
    sheet : Sheet
        The preset.
    names : sequence of Names
        Names that its host tells.

    Raises
    ------
    SettingsError
        Two things have one name.
    """

    def __init__(self, sheet: Sheet, names: Sequence[Names] = ()) -> None:
        self._where = f"{sheet.name}.toml"
        self._asked = sheet.ask
        self._name = sheet.name
        self.single: dict[str, Value] = {}
        """Picks that are one value."""
        self.tables: dict[str, dict[str, Value]] = {}
        """Picks and words that are tables."""
        for name, value in sheet.pick.items():
            if isinstance(value, dict):
                self.tables[name] = _folded(value)
            else:
                self.single[name] = value
        for name, table in sheet.words.items():
            if name in sheet.pick:
                raise SettingsError(f"{self._where}: words.{name}: there is a pick of this name.")
            self.tables[name] = _folded(table)
        self._told = {entry.of: entry for entry in names}
        self._numbers: dict[str, dict[str, int]] = {}
        self._unknown: dict[str, str] = {}

    @property
    def trouble(self) -> str:
        """Which picks the host does not have; empty where all is well."""
        return " ".join(self._unknown.values()) if self._unknown else ""

    def require(self, name: str, known: Sequence[str], where: str) -> None:
        """Check that there is such a pick or table.

        Parameters
        ----------
        name : str
            What a text names.
        known : sequence of str
            What it could name beside picks and tables.
        where : str
            File and key, for the message.

        Raises
        ------
        SettingsError
            There is none; says how to choose one where the preset asks for it.
        """
        if name in self.single or name in self.tables:
            return
        if name in self._asked:
            raise SettingsError(
                f"{self._where}: pick.{name} is not set ({self._asked[name]}). Choose:  "
                f"oscbridge presets new NAME --like {self._name} --pick {name}=…"
            )
        everything = (*known, *self.single, *self.tables)
        raise SettingsError(f"{where}: {unknown_name('value', name, everything)}")

    def value(self, name: str) -> Value:
        """The pick ``name``. Raises `Unsaid` where it is off or not there at the host."""
        return self._at_host(name, self.single[name])

    def entry(self, table: str, key: Value) -> Value:
        """What a table has for a value. Raises `Unsaid` where it has nothing."""
        found = self.tables[table].get(_key(key), OFF)
        return self._at_host(table, found)

    def texts_of(self, name: str) -> list[str]:
        """Entries of a pick or table that are text, and no name at the host."""
        if name in self._told:
            return []
        entries = self.tables.get(name) or {"": self.single.get(name, OFF)}
        return [entry for entry in entries.values() if isinstance(entry, str) and entry != OFF]

    def hears(self, address: str) -> bool:
        """Whether a list of names comes under this address."""
        return any(entry.address == address for entry in self._told.values())

    def learn(self, address: str, arguments: Sequence[Argument]) -> bool:
        """Take a list of names if that is what the host says; True if it was one."""
        learned = False
        for pick, entry in self._told.items():
            if entry.address == address:
                said = [str(argument) for argument in arguments[entry.skip :]]
                numbers = {
                    name.casefold(): entry.first + n for n, name in reversed([*enumerate(said)])
                }
                self._numbers[pick] = numbers
                self._check(pick, entry, said)
                learned = True
        return learned

    def _check(self, pick: str, entry: Names, said: list[str]) -> None:
        """Note the first pick that the host has no such name for."""
        self._unknown.pop(pick, None)
        picked = self.tables.get(pick) or {"": self.single.get(pick, OFF)}
        for name in picked.values():
            if isinstance(name, str) and name != OFF and name.casefold() not in self._numbers[pick]:
                self._unknown[pick] = str(unknown_name(f"{entry.what} at the host", name, said))
                return

    def _at_host(self, pick: str, value: Value) -> Value:
        """Number of a name at the host, or the value itself where that needs no such thing."""
        if value == OFF:
            raise Unsaid
        if pick not in self._told or not isinstance(value, str):
            return value
        try:
            return self._numbers[pick][value.casefold()]
        except KeyError:
            raise Unsaid from None


def _folded(table: Mapping[str, Scalar]) -> dict[str, Value]:
    return {key.casefold(): value for key, value in table.items()}


def _key(value: Value) -> str:
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).casefold()
