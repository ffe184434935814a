"""The track that answers a request, by the library as it is in memory.

Conventions
-----------
Nothing is chosen twice in a session, and no artist again too soon (`oscbridge.library.matching`).
Files that are no longer where they were, those whose names are too long to be said, and tracks of
which the library cannot read what it knows are passed over. A library that others have changed is
read anew, after an answer and not before it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from oscbridge.errors import LibraryError
from oscbridge.library.connection import explained
from oscbridge.library.matching import Manner, cheapest, costs
from oscbridge.library.suggested import Suggested, suggested
from oscbridge.library.upkeep import heard_by

if TYPE_CHECKING:
    from oscbridge.library.columns import Columns
    from oscbridge.library.settings import LibrarySettings
    from oscbridge.library.store import Library

TRIES = 50
"""Tracks that are looked at for one whose file is there."""

_GONE = "would have fitted better, but are not where they were (oscbridge library add): {} tracks"
_DAMAGED = "would have fitted better, but cannot be read (oscbridge library verify): {} tracks"


class Chooser:
    """Chooses; belongs to the thread that opened the library.

    Parameters
    ----------
    library : Library
        Open; the owner closes it.
    settings : LibrarySettings
        How to choose; not ``off``.

    Attributes
    ----------
    detail : str
        Why the newest choice was none, or not the best; empty where all is well.

    Raises
    ------
    LibraryError
        The library cannot be read. The methods raise it, too.
    ValueError
        Nothing is to be chosen.
    """

    def __init__(self, library: Library, settings: LibrarySettings) -> None:
        if settings.suggest == "off":
            raise ValueError("nothing is to be chosen")
        self.detail = ""
        self._library = library
        self._manner = Manner(settings.suggest, settings.artist_gap, settings.shortest_s)
        self._version = -1
        self._columns: Columns
        self.refresh()

    def refresh(self) -> None:
        """Read the library anew if it is another than before."""
        # Changes with every commit of another connection, and costs no more than a look.
        with explained(self._library.path):
            (version,) = self._library.connection.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._columns = self._library.columns()
            self._version = version

    def choose(
        self, id: int, valence: float, arousal: float, played: list[str]
    ) -> Suggested | None:
        """Choose an answer to request ``id``.

        Parameters
        ----------
        id : int
            Of the request.
        valence, arousal : float
            What is asked for.
        played : list of str
            Digests of what was chosen before, the newest last; what is chosen now is added.

        Returns
        -------
        Suggested or None
            None where there is nothing left.
        """
        columns = self._columns
        rows = [columns.rows[digest] for digest in played if digest in columns.rows]
        gone = damaged = 0
        for row in cheapest(costs(columns, valence, arousal, self._manner, rows), TRIES).tolist():
            try:
                found = self._found(id, str(columns.digests[row]))
            except LibraryError:
                damaged += 1
                continue
            if found is None:
                gone += 1
                continue
            played.append(str(columns.digests[row]))
            passed = (_GONE, gone), (_DAMAGED, damaged)
            self.detail = "; ".join(words.format(count) for words, count in passed if count)
            return found
        left_out = {
            "were suggested": len(rows),
            "are gone": gone,
            "cannot be read": damaged,
            f"are shorter than {self._manner.shortest_s:g} s": self._too_short(),
        }
        why = ", ".join(f"{count} {what}" for what, count in left_out.items() if count)
        self.detail = f"nothing is left to suggest: of {len(columns)} tracks {why or 'none fits'}"
        return None

    def _too_short(self) -> int:
        """How many tracks are left out for their length."""
        return int((self._columns.duration_s < self._manner.shortest_s).sum())

    def introduce(self, hearer: str) -> list[str]:
        """What should be known before the first request, one sentence each.

        Parameters
        ----------
        hearer : str
            Who listens in this run (`oscbridge.library.hearer`).
        """
        with explained(self._library.path):
            (sound,) = self._library.connection.execute("PRAGMA quick_check(1)").fetchone()
            models = heard_by(self._library.connection)
        there_are = len(self._columns)
        others = there_are - models.get(hearer, 0)
        sentences: list[str] = []
        if sound != "ok":
            sentences.append("the library is damaged in part: oscbridge library verify")
        if not there_are:
            sentences.append("nothing can be suggested: no track is in the library")
        elif self._too_short() == there_are:
            sentences.append(
                f"nothing can be suggested: all {there_are} tracks are shorter than "
                f"{self._manner.shortest_s:g} s (shortest_s in [library])"
            )
        if others:
            sentences.append(
                f"{others} of {there_are} tracks were heard by another model than {hearer}: "
                "oscbridge library add --again listens to them"
            )
        return sentences

    def _found(self, id: int, digest: str) -> Suggested | None:
        """A track as an answer; None where none of its files is there, or can be said."""
        track = self._library.track(digest)
        if track is None:  # taken out of the library meanwhile
            return None
        for path in self._library.paths(digest):
            if "://" in path or os.path.exists(path):
                return suggested(id, track, path)
        return None
