"""What tracks are called: by whoever wrote it, in whatever container, however broken."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile
from mutagen.id3 import TALB, TCON, TIT2, TPE1

from oscbridge.library.tags import names_of
from oscbridge.library.track import Names
from tests.library.tagged import SUFFIXES, box, frame, make_mp4, make_sound, tag_of

CALLED = Names(title="Ünder 楽", artist="A, B", album="Disc", genre="Rock")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_names_are_read_from_every_container(tmp_path: Path, suffix: str) -> None:
    path = make_sound(tmp_path / f"a.{suffix}")
    assert names_of(str(path)) == Names()
    opened = mutagen.File(path)
    assert opened is not None
    if suffix in ("flac", "ogg"):
        opened["title"], opened["ARTIST"] = "Ünder 楽", ["A", "B"]
        opened["Album"], opened["genre"] = "Disc", "Rock"
    else:
        if opened.tags is None:
            opened.add_tags()
        opened.tags.add(TIT2(encoding=1, text=["Ünder 楽"]))
        opened.tags.add(TPE1(encoding=0, text=["A", "B"]))
        opened.tags.add(TALB(encoding=0, text=["Disc"]))
        opened.tags.add(TCON(encoding=0, text=["(17)"]))  # a number of ID3v1: Rock
    opened.save()
    assert names_of(str(path)) == CALLED


def test_names_of_mp4_are_read(tmp_path: Path) -> None:
    said = {"nam": "Ünder 楽", "ART": "A, B", "alb": "Disc", "gen": "Rock"}
    items = b"".join(
        box(b"\xa9" + key.encode(), box(b"data", b"\0\0\0\1\0\0\0\0" + text.encode()))
        for key, text in said.items()
    )
    make_mp4(tmp_path / "a.m4a", bytes(64), items)
    assert names_of(str(tmp_path / "a.m4a")) == CALLED


def test_names_in_the_info_list_of_a_wav_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with soundfile.SoundFile(path, "w", 8000, 1) as sound:
        sound.title, sound.artist = "Ünder", "A"
        sound.write(np.zeros(80))
    assert names_of(str(path)) == Names(title="Ünder", artist="A")


def test_an_old_tag_at_the_end_is_read(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "a.mp3")
    old = b"TAG" + b"Title".ljust(30, b"\0") + b"Artist".ljust(30, b" ") + bytes(64) + b"\x11"
    path.write_bytes(path.read_bytes() + old)
    assert names_of(str(path)) == Names(title="Title", artist="Artist", genre="Rock")


def test_names_are_one_line_that_can_be_stored(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "a.mp3")
    title = frame(
        b"TIT2", b"\x01" + "\ufeffa\nb\ud800\x1b[2Jc".encode("utf-16-le", "surrogatepass")
    )
    artist = frame(b"TPE1", b"\x03 \t ")
    path.write_bytes(tag_of([title, artist]) + path.read_bytes())
    names = names_of(str(path))
    names.title.encode()
    assert names.title.isprintable()
    assert names.artist == ""


def test_a_file_with_a_name_in_another_encoding_is_read(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "a.flac")
    opened = mutagen.File(path)
    assert opened is not None
    opened["title"] = "T"
    opened.save()
    path = path.rename(tmp_path / os.fsdecode(b"latin \xfc.flac"))
    assert names_of(str(path)).title == "T"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ID3\x04\0\0\x7f\x7f\x7f\x7f",
        tag_of([frame(b"TIT2", b"\x01\xff")]) + bytes(100),
        b"fLaC\x84\xff\xff\xff",
        b"OggS" + bytes(40),
        b"RIFF\xff\xff\xff\xffWAVEfmt ",
        b"FORM\0\0\0\x04AIFF",
        b"\0\0\0\x08ftyp\0\0\0\x08moov",
    ],
)
@pytest.mark.parametrize("suffix", ["mp3", "flac", "ogg", "wav", "m4a"])
def test_broken_tags_give_no_names_and_no_error(
    tmp_path: Path, content: bytes, suffix: str
) -> None:
    path = tmp_path / f"broken.{suffix}"
    path.write_bytes(content)
    assert names_of(str(path)) == Names()


def test_what_is_not_there_has_no_name(tmp_path: Path) -> None:
    assert names_of(str(tmp_path / "none.mp3")) == names_of(str(tmp_path)) == Names()


def test_without_mutagen_libsndfile_tells_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_sound(tmp_path / "a.flac")
    opened = mutagen.File(path)
    assert opened is not None
    opened["title"], opened["artist"] = "T", "A"
    opened.save()
    monkeypatch.setitem(sys.modules, "mutagen", None)
    assert names_of(str(path)) == Names(title="T", artist="A")
