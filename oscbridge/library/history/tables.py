"""Listening histories that are tables: the log of portable players, CSV of Last.fm.

See Also
--------
oscbridge.library.history.exports : all forms, and what is left out.
"""

from __future__ import annotations

import csv
import io
import re
import time
from typing import TYPE_CHECKING

from oscbridge.library.history.listens import Listen
from oscbridge.library.history.moments import instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SKIPPED = "skipped by the listener"
NO_TITLE = "without a title"
NO_TIME = "without a time"
_TITLES = ("track", "title", "track_name", "trackname", "song", "name")
_ARTISTS = ("artist", "artist_name", "artistname", "artists")
_ALBUMS = ("album", "release", "release_name", "album_name")
_TIMES = ("uts", "timestamp", "listened_at", "date", "utc_time", "time", "played_at", "ts")
_HEADERLESS: tuple[str, ...] = ("artist", "album", "title", "date")
_FIELDS = 7
"""Of a line of a scrobbler log; the last one, an id, may be missing."""


def of_scrobbler_log(text: str) -> Iterator[Listen | str]:
    """Read the log of a portable player; ``#TZ/UNKNOWN`` is the time of this machine."""
    local = False
    for line in text.splitlines():
        if line.startswith("#"):
            local |= line.startswith("#TZ/") and line.strip() != "#TZ/UTC"
            continue
        fields = line.split("\t")
        if not line.strip():
            continue
        if len(fields) < _FIELDS or not fields[2].strip():
            yield NO_TITLE
            continue
        artist, album, title, _, _, rating, said = (part.strip() for part in fields[:_FIELDS])
        time_s = instant(said)
        if rating == "S":
            yield SKIPPED
        elif time_s is None:
            yield NO_TIME
        else:
            yield Listen(
                _utc(time_s) if local else time_s, title, artist, album, source="scrobbler"
            )


def has_header(text: str) -> bool:
    """Whether a table begins with names that tell of listens."""
    names = _names(next(csv.reader([text.partition("\n")[0]], delimiter=_delimiter(text)), []))
    return _one_of(names, _TITLES) is not None and _one_of(names, _ARTISTS) is not None


def of_table(text: str) -> Iterator[Listen | str]:
    """Read CSV, with a header or as lastfm-to-csv writes it.

    Raises
    ------
    ValueError
        It has neither.
    """
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    first = next(rows, [])
    names = _names(first)
    if not has_header(text):
        if len(first) != len(_HEADERLESS) or instant(first[-1]) is None:
            raise ValueError("its first line names no artist and title")
        names = [*_HEADERLESS]
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    places = [_one_of(names, wanted) for wanted in (_TITLES, _ARTISTS, _ALBUMS)]
    times = [names.index(name) for name in _TIMES if name in names]
    if not times:
        raise ValueError("no column of it is a time")
    for row in rows:
        if row:
            yield _of_row(row, places, times)


def _of_row(row: Sequence[str], places: Sequence[int | None], times: Sequence[int]) -> Listen | str:
    title, artist, album = (
        row[place].strip() if place is not None and place < len(row) else "" for place in places
    )
    said = (instant(row[place]) for place in times if place < len(row))
    time_s = next((found for found in said if found is not None), None)
    if not title:
        return NO_TITLE
    if time_s is None:
        return NO_TIME
    return Listen(time_s, title, artist, album, source="lastfm")


def _names(header: Sequence[str]) -> list[str]:
    """Names of columns, as they are compared: ``Date#anna`` is a date."""
    return [re.sub(r"[\s-]+", "_", name.partition("#")[0].strip().lower()) for name in header]


def _one_of(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    """Place of the first of the wanted names."""
    return next((names.index(name) for name in wanted if name in names), None)


def _delimiter(text: str) -> str:
    """What separates the columns: what is most often in the first line."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _utc(local_s: float) -> float:
    """Unix time of what a player without a time zone wrote down by this machine's clock."""
    return local_s - time.localtime(local_s).tm_gmtoff
