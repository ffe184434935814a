"""Playlists as other programs read them: the same files, in the same order, with our comments."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit
from xml.etree import ElementTree

import pytest
from pyrekordbox.rbxml import RekordboxXml
from traktor_nml_utils import TraktorCollection

from oscbridge.cli import main
from oscbridge.errors import SettingsError
from oscbridge.labels import Labels
from oscbridge.library.playlists import FORMS, write
from oscbridge.library.playlists.location import uri_of
from oscbridge.library.playlists.traktor import place_of
from oscbridge.library.track import KEYS, Names, Track
from tests.library.crates import made_track, make_library

SYSTEM_PYTHON = "/usr/bin/python3"
NAMES = (
    "plain.mp3",
    'with space & ampersand, 100% <b>"quoted"\'.flac',
    "#1 hit; a=b?c#d+e.wav",
    "Ünïcödé 楽しい 🎵.aiff",
    " blank at both ends .ogg ",
    "one: two.mp3",
)
STRANGE = ("two\nlines.mp3", os.fsdecode(b"latin \xfc.mp3"))
ENDINGS = {"m3u8": ".m3u8", "xspf": ".xspf", "rekordbox": ".xml", "traktor": ".nml"}


def tracks_in(folder: Path, names: tuple[str, ...]) -> list[Track]:
    folder.mkdir(exist_ok=True)
    tracks: list[Track] = []
    for number, name in enumerate(names):
        path = folder / name
        path.write_bytes(bytes(2048 + number))
        made = made_track(
            path, 0.5, 0.5, "Ä & B", energy=number + 1, key=21, tempo_bpm=120.5 + number
        )
        names_of = Names(f"Title <{number}>", "Ä & B", 'Album "x"', "House")
        tracks.append(replace(made, names=names_of))
    return tracks


def read_by_gnome(playlist: Path) -> list[dict[str, str]]:
    """What the parser of GNOME Videos and Rhythmbox finds."""
    script = Path(__file__).with_name("plparser.py")
    done = subprocess.run([SYSTEM_PYTHON, script, playlist], capture_output=True, text=True)
    if "No module named 'gi'" in done.stderr or "TotemPlParser not available" in done.stderr:
        pytest.skip("needs python3-gi and gir1.2-totemplparser-1.0: run make hosts")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def lies_at(uri: str) -> bytes:
    """Where a player looks for a file: a path, or the path of a URI."""
    return unquote_to_bytes(urlsplit(uri).path) if uri.startswith("file:") else os.fsencode(uri)


@pytest.mark.parametrize("form", ["m3u8", "xspf"])
def test_a_player_finds_every_file_whatever_it_is_called(tmp_path: Path, form: str) -> None:
    tracks = tracks_in(tmp_path / "music", (*NAMES, *STRANGE) if form == "xspf" else NAMES)
    playlist = tmp_path / f"list{ENDINGS[form]}"
    assert write(playlist, tracks) == []
    found = read_by_gnome(playlist)
    assert [lies_at(one["uri"]) for one in found] == [os.fsencode(t.path) for t in tracks]
    title = "Title <0>" if form == "xspf" else "Ä & B - Title <0>"
    assert found[0]["title"] == title
    if form == "xspf":
        assert found[1]["author"] == "Ä & B"
        assert found[1]["duration-ms"] == "200000"


def test_m3u_keeps_one_track_a_line_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    tracks = tracks_in(tmp_path / "music", STRANGE)
    write(tmp_path / "list.m3u8", tracks)
    lines = (tmp_path / "list.m3u8").read_bytes().split(b"\n")
    places = [line for line in lines if line and not line.startswith(b"#")]
    assert [lies_at(os.fsdecode(place)) for place in places] == [
        os.fsencode(track.path) for track in tracks
    ]


def test_m3u_with_relative_paths_travels_with_its_folder(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    tracks = tracks_in(stick, ("#1.mp3", "a.mp3"))
    tracks += tracks_in(stick / "deep", ("b.mp3",))
    write(stick / "list.m3u8", tracks, relative=True)
    moved = stick.rename(tmp_path / "elsewhere")
    text = (moved / "list.m3u8").read_text(encoding="utf-8")
    places = [moved / line for line in text.splitlines() if line and not line.startswith("#")]
    assert [place.name for place in places] == ["#1.mp3", "a.mp3", "b.mp3"]
    assert all(place.is_file() for place in places)


def test_rekordbox_gets_tracks_and_the_playlist_in_order(tmp_path: Path) -> None:
    tracks = tracks_in(tmp_path / "music", (*NAMES, *STRANGE))
    write(tmp_path / "warm up.xml", tracks)
    read = RekordboxXml(tmp_path / "warm up.xml")
    assert read.num_tracks == len(tracks)
    playlist = read.get_playlist("warm up")
    listed = [read.get_track(TrackID=number) for number in playlist.get_tracks()]
    assert [(t.Name, t.Artist, t.Album, t.Genre) for t in listed] == [
        (t.names.title, t.names.artist, t.names.album, t.names.genre) for t in tracks
    ]
    assert [t.Comments for t in listed][:2] == ["8A - Energy 1 - happy", "8A - Energy 2 - happy"]
    assert [t.AverageBpm for t in listed][:2] == [120.5, 121.5]
    assert {(t.Tonality, t.TotalTime, t.Colour) for t in listed} == {("Am", 200, "0xFFFF00")}
    assert [t.Kind for t in listed][:3] == ["MP3 File", "FLAC File", "WAV File"]
    assert [t.Size for t in listed] == [2048 + number for number in range(len(tracks))]
    elements = ElementTree.parse(tmp_path / "warm up.xml").iter("TRACK")
    places = [one.get("Location") for one in elements if one.get("Location")]
    assert all(place.startswith("file://localhost/") for place in places if place)
    assert [lies_at(str(place)) for place in places] == [os.fsencode(t.path) for t in tracks]


def test_traktor_gets_tracks_and_a_playlist_of_their_keys(tmp_path: Path) -> None:
    tracks = tracks_in(tmp_path / "music", NAMES)
    write(tmp_path / "list.nml", tracks, name="Peak & time")
    nml = TraktorCollection(tmp_path / "list.nml").nml
    assert nml.collection.entries == len(tracks)
    for track, entry in zip(tracks, nml.collection.entry, strict=True):
        assert (entry.title, entry.artist) == (track.names.title, "Ä & B")
        assert entry.info.comment == f"8A - Energy {track.sound.energy} - happy"
        assert (entry.info.playtime, entry.tempo.bpm) == (200, track.sound.tempo_bpm)
        assert entry.musical_key.value_attribute == 21
        place = entry.location.volume + entry.location.dir.replace("/:", "/") + entry.location.file
        assert place == track.path
    node = nml.playlists.node.subnodes.node[0]
    assert (node.name, node.playlist.entries) == ("Peak & time", len(tracks))
    assert [one.primarykey.key for one in node.playlist.entry] == [
        one.location.volume + one.location.dir + one.location.file for one in nml.collection.entry
    ]


def test_what_a_form_cannot_say_is_left_out_with_a_reason(tmp_path: Path) -> None:
    remote = made_track("https://host/a b.mp3", 0.0, 0.0)
    tracks = [*tracks_in(tmp_path / "music", ("a.mp3", *STRANGE)), remote]
    for form, told in (("m3u8", 4), ("xspf", 4), ("rekordbox", 3), ("traktor", 1)):
        left_out = write(tmp_path / f"x{ENDINGS[form]}", tracks, form)
        assert len(left_out) == len(tracks) - told
        assert all(one.reason for one in left_out)
    assert b"https://host/a%20b.mp3" in (tmp_path / "x.xspf").read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_known_is_not_said(tmp_path: Path, form: str) -> None:
    silent = made_track("/music/silence.wav", 0.0, 0.0)
    silent = replace(silent, sound=replace(silent.sound, quadrant=0))
    path = tmp_path / f"x{ENDINGS[form]}"
    assert write(path, [silent]) == []
    text = path.read_text(encoding="utf-8")
    assert "silence" in text
    assert "None" not in text
    assert "unknown" not in text
    assert "bpm" not in text.casefold()


def test_windows_paths_and_shares_are_told_as_each_form_wants_them() -> None:
    path = r"D:\Sets\Müsic\a b.mp3"
    assert uri_of(path, "localhost") == "file://localhost/D:/Sets/M%C3%BCsic/a%20b.mp3"
    assert uri_of(r"\\nas\music\a.mp3") == "file://nas/music/a.mp3"
    assert place_of(path, "") == ("D:", "/:Sets/:Müsic/:", "a b.mp3")
    assert place_of("/a.mp3", "Macintosh HD") == ("Macintosh HD", "/:", "a.mp3")


def test_the_users_own_words_are_in_the_comments(tmp_path: Path) -> None:
    tracks = tracks_in(tmp_path / "music", ("a.mp3",))
    write(tmp_path / "a.m3u8", tracks, words=Labels(q1="fröhlich"))
    assert "Energy 1 - fröhlich" in (tmp_path / "a.m3u8").read_text(encoding="utf-8")


def test_keys_are_called_as_rekordbox_calls_them(tmp_path: Path) -> None:
    tracks = [made_track(f"/{key}.mp3", 0.0, 0.0, key=key) for key in range(len(KEYS))]
    write(tmp_path / "keys.xml", tracks)
    called = [track.Tonality for track in RekordboxXml(tmp_path / "keys.xml").get_tracks()]
    # As its own exports spell them: twelve major keys, then twelve minor ones, from C upwards.
    assert called == [
        *("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"),
        *("Cm", "Dbm", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "Abm", "Am", "Bbm", "Bm"),
    ]


def test_a_file_that_is_there_is_replaced_only_when_told(tmp_path: Path) -> None:
    path = tmp_path / "a.m3u8"
    path.write_text("mine")
    with pytest.raises(SettingsError, match="--force"):
        write(path, [])
    assert path.read_text() == "mine"
    write(path, [], replace=True)
    assert path.read_text().startswith("#EXTM3U")


@pytest.mark.parametrize(
    ("act", "match"),
    [
        (lambda folder: write(folder / "a.pls", []), "ends in one of"),
        (lambda folder: write(folder / "a.xml", [], "itunes"), "no format of playlists"),
        (lambda folder: write(folder / "a.xml", [], relative=True), "absolute paths only"),
        (lambda folder: write(folder / "none" / "a.m3u8", []), "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_said_in_one_sentence(
    tmp_path: Path, act: Callable[[Path], object], match: str
) -> None:
    with pytest.raises(SettingsError, match=match):
        act(tmp_path)


def test_the_command_writes_what_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tracks = [
        made_track(tmp_path / "b.mp3", 0.5, 0.5, "Daft Punk", energy=9),
        made_track(tmp_path / "a.mp3", 0.5, 0.5, "Daft Punk", energy=2),
        made_track(tmp_path / "c.mp3", 0.5, 0.5, "Other", energy=5),
    ]
    library = str(make_library(tmp_path / "library.sqlite", tracks))
    playlist = tmp_path / "set.m3u8"
    command = ["library", "export", "--library", library, str(playlist)]
    assert main([*command, "--find", "daft", "--order", "energy"]) == 0
    places = [line for line in playlist.read_text().splitlines() if not line.startswith("#")]
    assert [Path(place).name for place in places] == ["a.mp3", "b.mp3"]
    assert "2 tracks" in capsys.readouterr().err
    assert main(command) == 2
    assert "--force" in capsys.readouterr().err
    before = playlist.read_bytes()
    assert main([*command, "--force", "--find", "nobody"]) == 2
    assert "nothing was written" in capsys.readouterr().err
    assert playlist.read_bytes() == before
    assert main([*command, "--force", "--format", "traktor"]) == 0
    assert playlist.read_text().startswith("<?xml")
