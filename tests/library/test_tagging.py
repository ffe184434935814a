"""Tags of a library's files: written when that is safe, taken back byte for byte, and followed."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import mutagen
import pytest
from mutagen.id3 import TIT2, TMOO

from oscbridge.errors import LibraryError
from oscbridge.labels import Labels
from oscbridge.library.content import digest_of
from oscbridge.library.store import Library, SeenFile
from oscbridge.library.tagging import tagger as tagging
from oscbridge.library.tagging.backup import Backups, path_beside
from oscbridge.library.tagging.changes import Change, change_of, heard
from oscbridge.library.tagging.difference import difference
from oscbridge.library.tagging.replacing import DRAFT
from oscbridge.library.tagging.tagger import Tagger
from oscbridge.library.tagging.writing import TagError, fields_of
from oscbridge.library.track import Track
from tests.library.crates import made_track
from tests.library.tagged import SUFFIXES, make_sound, tag_like_a_dj


def digest(path: Path) -> str:
    with path.open("rb") as stream:
        return digest_of(stream)


def add(library: Library, path: Path, energy: int = 7) -> Track:
    track = replace(made_track(path, 0.5, 0.5, "A", energy=energy), digest=digest(path))
    status = path.stat()
    seen = SeenFile(str(path), status.st_size, status.st_mtime_ns, track.digest)
    library.put([track], [seen])
    return track


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.sqlite") as opened:
        yield opened


@pytest.fixture
def backups(library: Library) -> Iterator[Backups]:
    with Backups(path_beside(library.path)) as opened:
        yield opened


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = make_sound(tmp_path / "song.mp3")
    tag_like_a_dj(path)
    os.utime(path, ns=(10**18, 10**18))
    return path


def wish(library: Library, backups: Backups, path: Path, *, replace: bool = False) -> Change:
    """What is to be done to a file, by what the library knows of it now."""
    track = next(t for t in library.tracks() if str(path) in library.paths(t.digest))
    says = heard(track, Labels())
    return change_of(track, str(path), says, backups.written(str(path)), replace=replace)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_was_written_is_taken_back_byte_for_byte(
    tmp_path: Path, library: Library, backups: Backups, suffix: str
) -> None:
    path = make_sound(tmp_path / f"song.{suffix}")
    tag_like_a_dj(path)
    before, status = path.read_bytes(), path.stat()
    track = add(library, path)
    Tagger(library, backups).write(wish(library, backups, path))
    assert fields_of(str(path)) == {"quadrant": "happy", "energy": "7"}
    assert path.stat().st_mode == status.st_mode
    (write,) = backups.writes(backups.runs()[0].number)
    assert len(write.difference) < 300
    assert "byte for byte" in Tagger(library, backups).take_back(write)
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == status.st_mtime_ns
    assert backups.runs() == []
    assert library.paths(track.digest) == [str(path)]
    assert not [name for name in os.listdir(tmp_path) if name.startswith(DRAFT)]


def test_the_library_follows_and_the_track_stays_the_same(
    library: Library, backups: Backups, song: Path
) -> None:
    old = add(library, song)
    number = library.connection.execute("SELECT id FROM tracks").fetchone()
    Tagger(library, backups).write(wish(library, backups, song))
    (track,) = library.tracks()
    assert track.digest == digest(song) != old.digest
    assert track == replace(old, digest=track.digest)
    assert library.connection.execute("SELECT id FROM tracks").fetchone() == number
    status = song.stat()
    assert library.known(str(song), status.st_size, status.st_mtime_ns) is not None
    assert not wish(library, backups, song).wanted


def test_the_time_of_change_says_that_it_was_changed_unless_it_is_to_be_kept(
    library: Library, backups: Backups, song: Path
) -> None:
    add(library, song)
    Tagger(library, backups, keep_mtime=True).write(wish(library, backups, song))
    assert song.stat().st_mtime_ns == 10**18
    Tagger(library, backups).take_back(backups.writes(1)[0])
    Tagger(library, backups).write(wish(library, backups, song))
    assert song.stat().st_mtime_ns > 10**18


def test_what_others_wrote_stays_unless_all_is_to_be_replaced(
    library: Library, backups: Backups, song: Path
) -> None:
    opened = mutagen.File(song)
    assert opened is not None
    opened.tags.add(TMOO(encoding=0, text=["Energetic"]))
    opened.save()
    add(library, song)
    change = wish(library, backups, song)
    assert (change.wanted, change.kept) == ({"energy": "7"}, {"quadrant": "happy"})
    assert wish(library, backups, song, replace=True).wanted == {"quadrant": "happy", "energy": "7"}


def test_what_we_wrote_ourselves_follows_what_the_library_hears(
    library: Library, backups: Backups, song: Path
) -> None:
    add(library, song)
    Tagger(library, backups).write(wish(library, backups, song))
    add(library, song, energy=3)  # another model heard it
    assert wish(library, backups, song).wanted == {"energy": "3"}


def test_a_file_that_changed_since_the_library_heard_it_is_refused(
    library: Library, backups: Backups, song: Path
) -> None:
    add(library, song)
    change = wish(library, backups, song)
    with song.open("ab") as stream:
        stream.write(b"more")
    before = song.read_bytes()
    with pytest.raises(TagError, match="changed since"):
        Tagger(library, backups).write(change)
    assert song.read_bytes() == before


def test_a_file_that_another_program_changes_meanwhile_is_left_to_it(
    library: Library, backups: Backups, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(library, song)
    write_fields = tagging.write_fields

    def write_slowly(draft: str, wanted: dict[str, str]) -> None:
        write_fields(draft, wanted)
        song.write_bytes(b"theirs")

    monkeypatch.setattr(tagging, "write_fields", write_slowly)
    with pytest.raises(TagError, match="meanwhile"):
        Tagger(library, backups).write(wish(library, backups, song))
    assert song.read_bytes() == b"theirs"
    assert not [name for name in os.listdir(song.parent) if name.startswith(DRAFT)]


def test_read_only_files_empty_files_folders_and_what_is_gone_are_refused(
    tmp_path: Path, library: Library, backups: Backups, song: Path
) -> None:
    add(library, song)
    change = wish(library, backups, song)
    tagger = Tagger(library, backups)
    song.chmod(0o444)
    with pytest.raises(TagError, match="read-only"):
        tagger.write(change)
    (tmp_path / "empty.mp3").touch()
    for path, reason in ((tmp_path / "empty.mp3", "empty"), (tmp_path, "no file")):
        with pytest.raises(TagError, match=reason):
            tagger.write(replace(change, path=str(path)))
    song.unlink()
    with pytest.raises(TagError, match="No such file"):
        tagger.write(change)
    assert backups.runs() == []


def test_a_full_disk_costs_nothing(
    library: Library, backups: Backups, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(library, song)
    before = song.read_bytes()

    def refuse(_: Path, draft: Path) -> None:
        draft.write_bytes(before[:100])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfile", refuse)
    with pytest.raises(TagError, match="No space left"):
        Tagger(library, backups).write(wish(library, backups, song))
    assert song.read_bytes() == before
    assert not [name for name in os.listdir(song.parent) if name.startswith(DRAFT)]
    assert backups.runs() == []


def test_a_damaged_backup_is_never_written_over_a_file(
    library: Library, backups: Backups, song: Path
) -> None:
    add(library, song)
    Tagger(library, backups).write(wish(library, backups, song))
    written = song.read_bytes()
    (write,) = backups.writes(1)
    with pytest.raises(TagError, match="damaged"):
        Tagger(library, backups).take_back(replace(write, difference=difference(b"x", b"y")))
    assert song.read_bytes() == written


def test_behind_a_link_the_file_itself_is_written(
    tmp_path: Path, library: Library, backups: Backups, song: Path
) -> None:
    link = tmp_path / "link.mp3"
    link.symlink_to(song)
    add(library, link)
    Tagger(library, backups).write(wish(library, backups, link))
    assert link.is_symlink()
    assert fields_of(str(song))["energy"] == "7"


def test_after_others_changed_a_file_only_our_fields_are_taken_back(
    library: Library, backups: Backups, song: Path
) -> None:
    add(library, song)
    Tagger(library, backups).write(wish(library, backups, song))
    opened = mutagen.File(song)
    assert opened is not None
    opened.tags.add(TIT2(encoding=3, text=["Renamed"]))
    opened.tags.add(TMOO(encoding=3, text=["theirs now"]))
    opened.save()
    assert "only our fields" in Tagger(library, backups).take_back(backups.writes(1)[0])
    assert fields_of(str(song)) == {"quadrant": "theirs now", "energy": ""}
    opened = mutagen.File(song)
    assert opened is not None
    assert str(opened.tags["TIT2"]) == "Renamed"


def test_two_copies_of_a_track_are_both_written(
    tmp_path: Path, library: Library, backups: Backups, song: Path
) -> None:
    copy = tmp_path / "copy.mp3"
    shutil.copy(song, copy)
    track = add(library, song)
    add(library, copy)
    tagger = Tagger(library, backups)
    for path in library.paths(track.digest):
        says = heard(track, Labels())
        tagger.write(change_of(track, path, says, {}, replace=False))
    assert song.read_bytes() == copy.read_bytes()
    assert sorted(library.paths(digest(song))) == sorted([str(song), str(copy)])
    assert [one.digest for one in library.tracks()] == [digest(song)]
    for write in backups.writes(1):
        tagger.take_back(write)
    assert [one.digest for one in library.tracks()] == [track.digest]
    assert sorted(library.paths(track.digest)) == sorted([str(song), str(copy)])


class Killed(BaseException):
    """Stands for the end of the process at a place in the code."""


@pytest.mark.parametrize("place", ["take_place", "_follow"])
def test_after_a_crash_between_any_two_steps_nothing_is_lost(
    library: Library, backups: Backups, song: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    before = song.read_bytes()
    add(library, song)

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(tagging if place == "take_place" else Tagger, place, die)
        with pytest.raises(Killed):
            Tagger(library, backups).write(wish(library, backups, song))
    tagger = Tagger(library, backups)  # the next start
    (track,) = library.tracks()
    assert track.digest == digest(song)
    if place == "_follow":
        assert fields_of(str(song))["energy"] == "7"
    for write in backups.writes(1):
        tagger.take_back(write)
    assert song.read_bytes() == before


def test_while_one_process_writes_tags_another_is_told_to_wait(
    library: Library, backups: Backups
) -> None:
    with pytest.raises(LibraryError, match="another program holds it"):
        Backups(backups.path)


def test_backups_of_a_newer_version_are_refused(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "tags.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LibraryError, match="newer"):
        Backups(path)
