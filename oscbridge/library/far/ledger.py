"""What is still to be written of an index: rows gather here and become parts of the dataset.

Conventions
-----------
A part is written when `ROWS` rows wait, or when the oldest has waited for `PATIENCE_S`; what waits
is all that a coordinator loses when it is killed. A content is a track once: what comes again is a
copy, whoever heard it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oscbridge.errors import SettingsError
from oscbridge.library.far.listening import Examined
from oscbridge.library.far.rows import COPY, TRACK, UNREADABLE, Seen

if TYPE_CHECKING:
    from oscbridge.library.far.catalogue import Entry
    from oscbridge.library.far.dataset import Dataset, Known

ROWS = 1000
"""Rows of a part."""
PATIENCE_S = 30.0
"""How long what was heard waits for others at most."""


@dataclass(slots=True)
class Tally:
    """What became of the files of a catalogue.

    Attributes
    ----------
    unchanged, tracks, copies : int
        Known from before; heard; with the content of a track.
    unreadable, passing : list of (str, str)
        Path and reason: of the file's own fault; of one that another day may not have.
    music_s : float
        Length of what was heard, seconds.
    worked_s : float
        How long processors worked on it, seconds.
    read_bytes : int
        Size of what was heard.
    """

    unchanged: int = 0
    tracks: int = 0
    copies: int = 0
    unreadable: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    passing: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    music_s: float = 0.0
    worked_s: float = 0.0
    read_bytes: int = 0


class Ledger:
    """Takes what became of files, writes it to a dataset.

    Parameters
    ----------
    dataset : Dataset
    known : Known
        What it knows; grows with what is taken.
    model : str
        ``name@digest`` of the model that must have heard.
    """

    def __init__(self, dataset: Dataset, known: Known, model: str) -> None:
        self.tally = Tally()
        self._dataset = dataset
        self._digests = known.digests
        self._troubles: dict[str, str] = {}
        self._model = model
        self._rows: list[Seen] = []
        self._oldest_s = 0.0

    def take(self, examined: Examined) -> None:
        """Note what became of a file that was listened to.

        Raises
        ------
        SettingsError
            Another model heard it.
        LibraryError
            The dataset cannot be written.
        """
        entry, digest, track = examined.entry, examined.digest, examined.track
        if examined.passing:
            self.tally.passing.append((entry.path, examined.trouble))
        elif track is None:
            self._troubles[digest] = examined.trouble
            self.tally.unreadable.append((entry.path, examined.trouble))
            self._put(Seen(entry, UNREADABLE, digest, examined.trouble))
        elif track.sound.model != self._model:
            raise SettingsError(
                f"a worker heard {entry.path!r} with {track.sound.model}, not {self._model}: "
                "install the same oscbridge on all machines."
            )
        elif digest in self._digests:
            self.take_copy(entry, digest)
        else:
            self._digests.add(digest)
            self.tally.tracks += 1
            self.tally.music_s += track.sound.duration_s
            self.tally.worked_s += examined.worked_s
            self.tally.read_bytes += entry.size
            self._put(Seen(entry, TRACK, digest, track=track))

    def take_copy(self, entry: Entry, digest: str) -> None:
        """Note a file with the content of one that was listened to before."""
        if digest in self._digests:
            self.tally.copies += 1
            self._put(Seen(entry, COPY, digest))
        elif digest in self._troubles:
            self.take(Examined(entry, digest, self._troubles[digest]))
        else:
            self.take(Examined(entry, digest, "a file like it could not be listened to", True))

    def has(self, digest: str) -> bool:
        """Whether a content is a track already."""
        return digest in self._digests

    def write(self) -> None:
        """Write what waits."""
        rows, self._rows = self._rows, []
        if rows:
            self._dataset.append(rows)

    def _put(self, seen: Seen) -> None:
        now_s = time.monotonic()
        if not self._rows:
            self._oldest_s = now_s
        self._rows.append(seen)
        if len(self._rows) >= ROWS or now_s - self._oldest_s > PATIENCE_S:
            self.write()
