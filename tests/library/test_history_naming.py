"""Which track a listen means; what is kept of listens."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from oscbridge.library.history.listens import Listen, between, forget, keep, span
from oscbridge.library.history.naming import Naming, folded, path_in
from oscbridge.library.store import Library
from oscbridge.library.track import Names, Track
from tests.library.crates import made_track


def _called(path: str, title: str, artist: str, album: str = "") -> Track:
    return replace(made_track(path, 0.0, 0.0), names=Names(title, artist, album))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    tracks = [
        _called("/music/01 Jóga.flac", "Jóga", "Björk", "Homogenic"),
        _called("/music/best/Joga.mp3", "Joga", "Bjork", "Greatest Hits"),
        _called("/music/lucky.mp3", "Get Lucky (feat. Pharrell Williams)", "Daft Punk"),
        _called("/music/a/intro.mp3", "Intro", "The xx"),
        _called("/music/b/intro.mp3", "Intro", "M83"),
        made_track("/music/100% \udcff name.wav", 0.0, 0.0),
    ]
    opened = Library(tmp_path / "library.sqlite")
    opened.put(tracks)
    return opened


def _path(library: Library, listen: Listen) -> str | None:
    digest = Naming(library).track_of(listen)
    track = library.track(digest) if digest else None
    return track.path if track else None


@pytest.mark.parametrize(
    ("listen", "path"),
    [
        (Listen(0.0, path="/music/a/intro.mp3"), "/music/a/intro.mp3"),
        (Listen(0.0, "Intro", "M83", path="/music/a/intro.mp3"), "/music/a/intro.mp3"),
        (Listen(0.0, path="file:///music/01%20J%C3%B3ga.flac"), "/music/01 Jóga.flac"),
        (Listen(0.0, path="file:///music/100%25%20%FF%20name.wav"), "/music/100% \udcff name.wav"),
        (Listen(0.0, "JÓGA", "björk"), "/music/01 Jóga.flac"),
        (Listen(0.0, "Joga", "Björk", "Greatest hits!"), "/music/best/Joga.mp3"),
        (Listen(0.0, "Get Lucky", "Daft Punk feat. Pharrell Williams"), "/music/lucky.mp3"),
        (Listen(0.0, "Get Lucky"), "/music/lucky.mp3"),
        (Listen(0.0, "Intro", "the XX", path="/elsewhere/x.mp3"), "/music/a/intro.mp3"),
        (Listen(0.0, path="E:\\DJ\\Lucky.MP3"), "/music/lucky.mp3"),
        (Listen(0.0, "Intro"), None),  # of whom?
        (Listen(0.0, path="/elsewhere/intro.mp3"), None),  # which of them?
        (Listen(0.0, "Intro", "Alt-J"), None),
        (Listen(0.0, "Get", "Daft Punk"), None),
        (Listen(0.0, '") OR ("', "*"), None),
        (Listen(0.0, "???", "!!!"), None),
        (Listen(0.0, "Intro NOT", "M83"), None),
    ],
)
def test_a_listen_means_the_track_that_a_person_would_mean(
    library: Library, listen: Listen, path: str | None
) -> None:
    assert _path(library, listen) == path


def test_a_track_that_is_added_later_has_its_past(library: Library) -> None:
    listen = Listen(5.0, "Hero", "Neu!")
    keep(library, [listen])
    assert _path(library, listen) is None
    library.put([_called("/music/hero.flac", "Hero", "NEU!")])
    assert _path(library, listen) == "/music/hero.flac"


def test_what_two_programs_tell_of_one_play_is_one(library: Library) -> None:
    told = [
        Listen(1000.0, path="/music/lucky.mp3", source="osc"),
        Listen(1012.0, "Get Lucky", "Daft Punk", source="lastfm"),
        Listen(1300.0, "Get Lucky", "Daft Punk", source="lastfm"),
        Listen(1000.0, "Unknown", "Nobody"),
        Listen(1010.0, "unknown", "NOBODY"),
    ]
    plays = Naming(library).plays_of(told)
    assert [listen.time_s for digest, listen in plays if digest] == [1000.0, 1300.0]
    assert [listen.time_s for digest, listen in plays if not digest] == [1000.0]


def test_the_same_listen_told_twice_is_kept_once(library: Library) -> None:
    listens = [Listen(float(n), f"t{n}", "a", "b", f"/x/{n}\udcff", "osc") for n in range(1, 6)]
    assert keep(library, listens) == 5
    assert keep(library, [*listens, Listen(9.0, "t9")]) == 1
    assert between(library, 2.0, 4.0) == listens[1:4]
    assert (span(library).count, span(library).first_s, span(library).last_s) == (6, 1.0, 9.0)


def test_what_is_forgotten_is_gone(library: Library) -> None:
    assert span(library).count == 0
    assert math.isnan(span(library).first_s)
    keep(library, [Listen(float(n), "t") for n in range(1, 6)])
    assert forget(library, 3.0) == 2
    assert [listen.time_s for listen in between(library, 0.0, 9.0)] == [3.0, 4.0, 5.0]
    assert forget(library) == 3
    assert between(library, 0.0, 9.0) == []


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Beyoncé", "BEYONCE"),
        ("Guns N’ Roses", "guns n' roses"),
        ("Straße", "STRASSE"),
        ("Lucky (feat. X)", "lucky"),
        ("Lucky ft. X", "Lucky featuring Y"),
        ("AC/DC", "ac dc"),
    ],
)
def test_names_are_compared_by_their_letters(name: str, same: str) -> None:
    assert folded(name) == folded(same)
    assert folded("Defeat") == "defeat"
    assert folded("!!!") == "!!!"


def test_only_urls_of_files_become_paths() -> None:
    assert path_in("https://radio.example/a%20b") == "https://radio.example/a%20b"
    assert path_in("/music/a%20b.mp3") == "/music/a%20b.mp3"
