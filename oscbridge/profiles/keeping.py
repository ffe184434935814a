"""Lessons on their way to the disk.

Conventions
-----------
A `Keeper` has a journal from the first lesson on: who teaches nothing leaves nothing behind. What
cannot be written waits, and goes with the next lesson.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from oscbridge.profiles.folder import Base, Kept, path_of
from oscbridge.profiles.journal import DamagedError, Journal
from oscbridge.profiles.taught import Taught

if TYPE_CHECKING:
    from oscbridge.profiles.lessons import Given

SETTLE_AFTER = 500
"""Lessons in a log after which a state is made of them, when the profile is closed."""


class Keeper:
    """Writes lessons down.

    Parameters
    ----------
    name : str
        Of the profile; empty: nothing is kept.
    base : Base
        Whom a new profile belongs to.
    journal : Journal, optional
        Of a profile that is there.
    trouble : str
        Why nothing is kept although there is a name.

    Attributes
    ----------
    trouble : str
        What is wrong, a sentence; empty where all is well.
    saved : int
        Number of the newest lesson on the disk.
    """

    def __init__(
        self, name: str, base: Base, journal: Journal | None = None, trouble: str = ""
    ) -> None:
        self.name = name
        self.trouble = trouble
        self.saved = journal.last if journal else 0
        self._base = base
        self._journal = journal
        self._keeps = bool(name) and not trouble
        self._waiting: list[bytes] = []

    def put(self, given: Given) -> None:
        """Write a lesson down, and what could not be written before; back when it is there."""
        if not self._keeps:
            return
        self._waiting.append(msgspec.json.encode(given))
        try:
            if self._journal is None:
                self._journal = begin(self.name, self._base)
            while self._waiting:
                self.saved = self._journal.append(self._waiting[0])
                del self._waiting[0]
            self.trouble = ""
        except (OSError, DamagedError) as error:
            why = (error.strerror if isinstance(error, OSError) else "") or str(error)
            self.trouble = (
                f"what is taught cannot be kept ({why}): it counts until oscbridge ends, and is "
                "tried again with the next lesson"
            )

    def close(self, taught: Taught) -> None:
        """Let go of the files; a second call does nothing."""
        journal, self._journal, self._keeps = self._journal, None, False
        if journal is None:
            return
        if journal.lessons > SETTLE_AFTER and not self._waiting:
            try:
                journal.settle(msgspec.json.encode(Kept(self._base, taught)))
            except OSError as error:
                self.trouble = f"the log cannot be shortened: {error.strerror or error}"
        journal.close()


def begin(name: str, base: Base) -> Journal:
    """Make a profile in which nothing is taught yet.

    Raises
    ------
    DamagedError
        There is one already.
    OSError
        It cannot be written, or another process makes it just now.
    """
    journal = Journal(path_of(name))
    try:
        if journal.state is not None:  # made by another run since ours began
            raise DamagedError("another oscbridge has made this profile meanwhile")
        journal.settle(msgspec.json.encode(Kept(base, Taught())))
    except BaseException:
        journal.close()
        raise
    return journal
