"""A track as playlists tell it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from oscbridge.library.camelot import code_of
from oscbridge.library.playlists.location import is_url, name_of
from oscbridge.library.tags import one_line
from oscbridge.library.track import KEYS

if TYPE_CHECKING:
    from oscbridge.labels import Labels
    from oscbridge.library.track import Track


class Untellable(Exception):  # noqa: N818 - no fault, and never seen by users
    """A form has no words for a track; says why."""


@dataclass(frozen=True)
class Entry:
    """A track in a playlist.

    Attributes
    ----------
    track : Track
    words : Labels
        The user's words for the quadrants.
    """

    track: Track
    words: Labels

    @property
    def path(self) -> str:
        """Where it lies: a path or a URL."""
        return self.track.path

    @property
    def title(self) -> str:
        """Its title, else its file's name without the ending."""
        return one_line(self.track.names.title or os.path.splitext(name_of(self.path))[0])

    @property
    def artist(self) -> str:
        """By whom it is; may be empty."""
        return one_line(self.track.names.artist)

    @property
    def album(self) -> str:
        """The album; may be empty."""
        return one_line(self.track.names.album)

    @property
    def genre(self) -> str:
        """The genre; may be empty."""
        return one_line(self.track.names.genre)

    @property
    def shown(self) -> str:
        """Artist and title."""
        return f"{self.artist} - {self.title}" if self.artist else self.title

    @property
    def key(self) -> str:
        """Its key's name; empty where it is not known."""
        key = self.track.sound.key
        return "" if key is None else KEYS[key]

    @property
    def comment(self) -> str:
        """Key, energy and the quadrant's word: ``8A - Energy 7 - happy``."""
        sound = self.track.sound
        word = self.words.of(sound.quadrant) if sound.quadrant else ""
        key = -1 if sound.key is None else sound.key
        return " - ".join(filter(None, (code_of(key), f"Energy {sound.energy}", word)))

    @cached_property
    def size(self) -> int | None:
        """Bytes of its file; None where it does not lie here."""
        try:
            return None if is_url(self.path) else os.stat(self.path).st_size
        except OSError:
            return None
