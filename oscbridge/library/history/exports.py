r"""Listening histories that other programs export, read whatever form they have.

Conventions
-----------
The content decides, not the name:

========================  =========================================================================
form                      seen in
========================  =========================================================================
``.scrobbler.log``        Rockbox and other portable players; audioscrobbler.net, version 1.1: tabs,
                          ``S`` for what was skipped
CSV with a header         Last.fm by lastfm.ghan.nl (``uts,utc_time,artist,…``), lastfmstats.com
                          (``Artist;Album;AlbumId;Track;Date#…``), spreadsheets
CSV without one           Last.fm by lastfm-to-csv: artist, album, title, ``02 Jan 2024 10:00``
JSON                      Last.fm (``recenttracks`` of its API, pages of them, lists of tracks),
                          ListenBrainz (a list of listens, an answer of its API)
JSON lines, ZIP of such   ListenBrainz (``listens/2024/5.jsonl``)
========================  =========================================================================

Times without a zone are UTC, as these services write them. A row that says no title, or no time, is
left out and counted with its reason; nothing else is.
"""

from __future__ import annotations

import csv
import json
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from oscbridge.errors import InputError
from oscbridge.library.history.listens import Listen
from oscbridge.library.history.moments import instant
from oscbridge.library.history.tables import (
    NO_TIME,
    NO_TITLE,
    has_header,
    of_scrobbler_log,
    of_table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Found: TypeAlias = "Listen | str"
"""A listen, or why a row is none."""

NOW_PLAYING = "still playing then"
_PARTS = (".json", ".jsonl", ".csv", ".log", ".txt")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file told.

    Attributes
    ----------
    listens : list of Listen
    left_out : Counter of str
        How many rows are none, by the reason.
    """

    listens: list[Listen] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def take(self, found: Iterator[Found]) -> None:
        """Add rows."""
        for one in found:
            if isinstance(one, Listen):
                self.listens.append(one)
            else:
                self.left_out[one] += 1


def read_export(path: Path) -> Reading:
    """Read a file that another program exported.

    Raises
    ------
    InputError
        It cannot be read, or has none of the forms above.
    """
    reading = Reading()
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    if name.endswith(_PARTS):
                        reading.take(_listens(archive.read(name), lenient=True))
        else:
            reading.take(_listens(path.read_bytes(), lenient=False))
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}.") from None
    except (ValueError, csv.Error, zipfile.BadZipFile, RuntimeError) as error:
        raise InputError(
            f"{str(path)!r} is no listening history that is known here ({error}): a .scrobbler.log,"
            " an export of Last.fm (CSV, JSON) or of ListenBrainz (ZIP, JSON)."
        ) from None
    if not reading.listens and not reading.left_out:
        raise InputError(f"{str(path)!r} holds no listens.")
    return reading


def _listens(content: bytes, *, lenient: bool) -> Iterator[Found]:
    """Read the rows of a file of any form; an archive may hold other files (``lenient``)."""
    text = content.decode("utf-8-sig", "replace").lstrip()
    if text.startswith("#AUDIOSCROBBLER"):
        return of_scrobbler_log(text)
    if text.startswith(("[", "{")):
        return _of_json(text)
    if not lenient or has_header(text):
        return of_table(text)
    return iter(())


def _of_json(text: str) -> Iterator[Found]:
    """Read JSON: one document, or one a line."""
    try:
        document = json.loads(text)
    except ValueError:
        document = [json.loads(line) for line in text.splitlines() if line.strip()]
    for row in _rows(document):
        yield _of_listenbrainz(row) if "track_metadata" in row else _of_lastfm(row)


def _rows(document: Any) -> Iterator[dict[str, Any]]:
    """Yield objects that tell of one listen, wherever in a document they stand."""
    if isinstance(document, list):
        for one in document:
            yield from _rows(one)
    elif isinstance(document, dict):
        if "track_metadata" in document or ("artist" in document and _title(document)):
            yield document
        else:
            for part in ("payload", "listens", "recenttracks", "track", "tracks", "scrobbles"):
                yield from _rows(document.get(part))


def _of_listenbrainz(row: dict[str, Any]) -> Found:
    """Read a listen of ListenBrainz."""
    metadata = row["track_metadata"] or {}
    time_s = instant(row.get("listened_at"))
    title = _text(metadata.get("track_name"))
    if not title:
        return NO_TITLE
    if time_s is None:
        return NOW_PLAYING if row.get("playing_now") else NO_TIME
    artist, album = _text(metadata.get("artist_name")), _text(metadata.get("release_name"))
    return Listen(time_s, title, artist, album, source="listenbrainz")


def _of_lastfm(row: dict[str, Any]) -> Found:
    """Read a track of Last.fm's API, or of a tool that flattens it."""
    title = _title(row)
    attributes = row.get("@attr")
    if isinstance(attributes, dict) and attributes.get("nowplaying") == "true":
        return NOW_PLAYING
    said = row.get("date", row.get("timestamp", row.get("uts", row.get("time"))))
    time_s = instant(said.get("uts") if isinstance(said, dict) else said)
    if time_s is None:
        return NO_TIME
    return Listen(time_s, title, _text(row["artist"]), _text(row.get("album")), source="lastfm")


def _title(row: dict[str, Any]) -> str:
    """What a track of Last.fm is called; empty where it is none."""
    return _text(row.get("name", row.get("title"))) or _text(row.get("track"))


def _text(value: Any) -> str:
    """A name that is written as it is, or as an object (``#text``, ``name``)."""
    if isinstance(value, dict):
        value = value.get("#text", value.get("name"))
    return value.strip() if isinstance(value, str) else ""
