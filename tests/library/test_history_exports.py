"""Histories of other programs are read as their formats say; what is left out is counted."""

from __future__ import annotations

import csv
import io
import json
import time
import zipfile
from pathlib import Path

import pytest

from oscbridge.errors import InputError
from oscbridge.library.history.exports import read_export
from oscbridge.library.history.listens import Listen
from oscbridge.library.history.moments import instant

# The example of audioscrobbler.net, "Portable Player Logging".
LOG = (
    "#AUDIOSCROBBLER/1.1\n#TZ/UTC\n#CLIENT/Rockbox h3xx 1.1\n"
    "Metallica\tMetallica\tEnter Sandman\t1\t365\tL\t1143374412\t62c2e20a\n"
    "Portishead\tPortishead\tCowboys\t1\t276\tS\t1143374777\n"
    "Cure\tDisintegration\tLullaby\t\t248\tL\t1143375000\t\n"
)
GHAN = "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid"
AT_S = 1704189600.0  # 2024-01-02 10:00:00 UTC


def _written(tmp_path: Path, text: str | bytes, name: str = "export") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def _table(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def _listen(title: str, artist: str, album: str = "", time_s: float = AT_S) -> tuple[object, ...]:
    return time_s, title, artist, album


def _facts(listens: list[Listen]) -> list[tuple[object, ...]]:
    return [(x.time_s, x.title, x.artist, x.album) for x in listens]


def test_the_log_of_a_portable_player_is_read_without_what_was_skipped(tmp_path: Path) -> None:
    reading = read_export(_written(tmp_path, LOG, ".scrobbler.log"))
    assert _facts(reading.listens) == [
        (1143374412.0, "Enter Sandman", "Metallica", "Metallica"),
        (1143375000.0, "Lullaby", "Cure", "Disintegration"),
    ]
    assert reading.left_out == {"skipped by the listener": 1}
    assert {listen.source for listen in reading.listens} == {"scrobbler"}


def test_a_player_without_a_time_zone_wrote_the_time_of_its_owners_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "XYZ-2")  # two hours east
    time.tzset()
    try:
        log = LOG.replace("#TZ/UTC", "#TZ/UNKNOWN")
        assert read_export(_written(tmp_path, log)).listens[0].time_s == 1143374412.0 - 7200.0
    finally:
        monkeypatch.undo()
        time.tzset()


def test_last_fm_as_csv_with_a_header(tmp_path: Path) -> None:
    rows = [
        GHAN.split(","),
        ["1704189600", "02 Jan 2024, 10:00", "Björk", "", 'Post "1"', "", "Hyper,\nballad", ""],
        ["", "02 Jan 2024, 10:00", "Can", "", "", "", "Vitamin C", ""],
        ["", "", "Can", "", "", "", "Halleluwah", ""],
        ["1704189600", "", "Can", "", "", "", "", ""],
    ]
    reading = read_export(_written(tmp_path, "\ufeff" + _table(rows)))
    assert _facts(reading.listens) == [
        _listen("Hyper,\nballad", "Björk", 'Post "1"'),
        _listen("Vitamin C", "Can"),
    ]
    assert reading.left_out == {"without a time": 1, "without a title": 1}


@pytest.mark.parametrize(
    "text",
    [
        "Can,Tago Mago,Halleluwah,02 Jan 2024 10:00\n",
        _table(
            [
                ["Artist", "Album", "AlbumId", "Track", "Date#anna"],
                ["Can", "Tago Mago", "", "Halleluwah", "1704189600000"],
            ],
            ";",
        ),
        "timestamp\ttrack_name\tartist_name\trelease_name\n"
        "2024-01-02T11:00:00+01:00\tHalleluwah\tCan\tTago Mago\n",
    ],
    ids=["lastfm-to-csv", "lastfmstats", "tabs"],
)
def test_other_tables_of_listens_are_read_too(tmp_path: Path, text: str) -> None:
    assert _facts(read_export(_written(tmp_path, text)).listens) == [
        _listen("Halleluwah", "Can", "Tago Mago")
    ]


def test_last_fm_as_json_of_its_api_or_pages_of_it(tmp_path: Path) -> None:
    tracks = [
        {
            "artist": {"#text": "Neu!"},
            "name": "Isi",
            "album": {"#text": "Neu! 75"},
            "@attr": {"nowplaying": "true"},
        },
        {
            "artist": {"mbid": "", "name": "Neu!"},
            "name": "Hero",
            "album": {"#text": "Neu! 75"},
            "date": {"uts": "1704189600", "#text": "02 Jan 2024, 10:00"},
        },
    ]
    flat = {"track": "Hero", "artist": "Neu!", "album": "Neu! 75", "date": 1704189600000}
    page = {"recenttracks": {"track": tracks, "@attr": {"page": "1"}}}
    for document in (page, [page], [tracks], {"scrobbles": [flat, tracks[0]]}):
        reading = read_export(_written(tmp_path, json.dumps(document)))
        assert _facts(reading.listens) == [_listen("Hero", "Neu!", "Neu! 75")]
        assert reading.left_out == {"still playing then": 1}


def test_listenbrainz_as_an_archive_a_list_or_an_answer(tmp_path: Path) -> None:
    one = {
        "listened_at": 1704189600,
        "track_metadata": {
            "artist_name": "Cluster",
            "track_name": "Hollywood",
            "release_name": "Zuckerzeit",
            "additional_info": {"media_player": "mpv"},
        },
    }
    nameless = {"listened_at": 1704189600, "track_metadata": {"track_name": ""}}
    lines = f"{json.dumps(one)}\n{json.dumps(nameless)}\n"
    archive = tmp_path / "export.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("user.json", json.dumps({"username": "anna"}))
        made.writestr("listens/2024/1.jsonl", lines)
        made.writestr("readme.txt", "Thank you, and good bye")
    documents = [
        lines,
        json.dumps([one, nameless]),
        json.dumps({"payload": {"listens": [one, nameless]}}),
    ]
    for path in (archive, *(_written(tmp_path, text, f"{n}") for n, text in enumerate(documents))):
        reading = read_export(path)
        assert _facts(reading.listens) == [_listen("Hollywood", "Cluster", "Zuckerzeit")]
        assert reading.left_out == {"without a title": 1}
        assert reading.listens[0].source == "listenbrainz"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no listening history"),
        (b"{ broken", "no listening history"),
        (b"\x00\xff\xfe\x01" * 64, "no listening history"),
        (b"a,b,c\n1,2,3\n", "no listening history"),
        (b"artist,title\nCan,Halleluwah\n", "no column of it is a time"),
        (b"[]", "holds no listens"),
        (b"#AUDIOSCROBBLER/1.1\n", "holds no listens"),
    ],
)
def test_what_is_no_history_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        read_export(_written(tmp_path, content))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            read_export(path)


def test_names_of_other_alphabets_and_broken_bytes_do_no_harm(tmp_path: Path) -> None:
    line = b"\xff\xfe\t\t" + "Мир".encode() + b"\t\t9\tL\t1143374412\t\n"
    log = b"#AUDIOSCROBBLER/1.1\n#TZ/UTC\n" + line
    (listen,) = read_export(_written(tmp_path, log)).listens
    assert (listen.title, listen.artist) == ("Мир", "\ufffd\ufffd")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (1704189600, AT_S),
        ("1704189600", AT_S),
        (1704189600123, AT_S + 0.123),
        ("02 Jan 2024 10:00", AT_S),
        ("2024-01-02 10:00:00", AT_S),
        ("2024-01-02T10:00:00Z", AT_S),
        (0, None),
        (-5, None),
        (float("nan"), None),
        (float("inf"), None),
        ("soon", None),
        ("", None),
        (None, None),
        (True, None),
    ],
)
def test_an_instant_is_unix_time_or_none(said: object, seconds: float | None) -> None:
    assert instant(said) == seconds
