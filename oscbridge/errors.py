"""The errors of oscbridge, drawn as a tree.

::

    OscbridgeError                 a user can mend it: one line on stderr, exit status 2
    ├── SettingsError              a wrong option, key or value: names file, key and what is allowed
    ├── InputError                 an audio file that is missing, empty or not audio
    ├── DeviceError                a device, host or port that is not there: names what exists
    ├── LibraryError               a music library that is missing, damaged, newer, held or full
    └── MissingExtraError          an optional package: names the pip command

The messages are whole sentences that say what is wrong and what exists. Trouble while running (a
lost device, a dead peer) is no exception: it is counted in `oscbridge.stats` and survived.
"""

from __future__ import annotations

MOST_GUESSES = 4
"""Names that have what was written as a part of them; more than that are no help."""


class OscbridgeError(Exception):
    """Something that the user can mend; shown as one line, exit status 2."""


class SettingsError(OscbridgeError):
    """A setting is unknown or out of range."""


class InputError(OscbridgeError):
    """An input file cannot be analysed."""


class DeviceError(OscbridgeError):
    """A device, port or host is missing or busy."""


class LibraryError(OscbridgeError):
    """A music library cannot be read or written; what it holds is as it was."""


class MissingExtraError(OscbridgeError):
    """An optional package is not installed.

    Attributes
    ----------
    package, lack, remedy : str
        What is missing, that in words, and the command that mends it.
    """

    def __init__(self, feature: str, package: str, extra: str) -> None:
        self.package = package
        self.lack = f"{feature} needs the package {package!r}"
        self.remedy = f'pip install "oscbridge[{extra}]"'
        super().__init__(f"{self.lack}: install it with  {self.remedy}")


def unknown_name(kind: str, name: str, known: list[str] | tuple[str, ...]) -> SettingsError:
    """Build the error for an unknown ``name``: says what exists and guesses what was meant."""
    import difflib

    meant = sorted(one for one in known if name and name in one)
    if not 1 <= len(meant) <= MOST_GUESSES:
        meant = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {' or '.join(map(repr, meant))}?" if meant else ""
    listed = ", ".join(sorted(known)) or "none"
    return SettingsError(f"no {kind} {name!r}.{hint} There are: {listed}.")
