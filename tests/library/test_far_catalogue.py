"""What belongs to a catalogue: folders, stores that fsspec reaches, lists."""

from __future__ import annotations

import os
from pathlib import Path

import fsspec
import pytest

from oscbridge.errors import InputError
from oscbridge.library.far.catalogue import Entry, entries, partitions


def test_a_folder_holds_its_music_and_that_of_its_folders(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    wanted = [tmp_path / "a.MP3", tmp_path / "deep" / "b.flac", tmp_path / "deep" / "er" / "c.wav"]
    for path in (*wanted, tmp_path / "cover.jpg", tmp_path / "._a.mp3"):
        path.write_bytes(b"four")
    found = list(entries(str(tmp_path)))
    assert [entry.path for entry in found] == [str(path) for path in wanted]
    assert {entry.size for entry in found} == {4}
    assert found[0].modified == str(wanted[0].stat().st_mtime_ns)


def test_links_are_followed_and_circles_end(tmp_path: Path) -> None:
    crate, elsewhere = tmp_path / "crate", tmp_path / "elsewhere"
    crate.mkdir()
    elsewhere.mkdir()
    (elsewhere / "a.wav").touch()
    (crate / "linked").symlink_to(elsewhere)
    (crate / "circle").symlink_to(crate)
    (elsewhere / "back").symlink_to(crate)
    assert [Path(entry.path).name for entry in entries(str(crate))] == ["a.wav"]


def test_a_link_that_leads_nowhere_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").symlink_to(tmp_path / "gone.mp3")
    assert list(entries(str(tmp_path))) == [Entry(str(tmp_path / "a.mp3"))]


def test_a_name_in_another_encoding_is_kept_as_it_is(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9.mp3"
    with open(name, "wb"):
        pass
    assert [os.fsencode(entry.path) for entry in entries(str(tmp_path))] == [name]


def test_a_store_elsewhere_is_walked_and_named_by_urls() -> None:
    store = fsspec.filesystem("memory")
    store.pipe_file("/crate-walk/a.mp3", b"12345")
    store.pipe_file("/crate-walk/deep/b.ogg", b"1")
    store.pipe_file("/crate-walk/notes.txt", b"1")
    found = {entry.path: entry.size for entry in entries("memory://crate-walk")}
    assert found == {"memory:///crate-walk/a.mp3": 5, "memory:///crate-walk/deep/b.ogg": 1}


def test_a_list_names_files_beside_it_anywhere_and_elsewhere(tmp_path: Path) -> None:
    fsspec.filesystem("memory").pipe_file("/listed/c.mp3", b"123")
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "a.mp3").write_bytes(b"12")
    listing = tmp_path / "list.txt"
    listing.write_text(
        "# a comment\n\nmusic/a.mp3\nmemory://listed/c.mp3\nmusic/a.mp3\n/nowhere/b.mp3\n"
    )
    found = {entry.path: entry.size for entry in entries(str(listing))}
    assert found == {
        str(tmp_path / "music" / "a.mp3"): 2,
        "memory://listed/c.mp3": 3,
        "/nowhere/b.mp3": -1,
    }


def test_one_file_is_a_catalogue(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"12")
    assert [entry.size for entry in entries(str(tmp_path / "a.mp3"))] == [2]


@pytest.mark.parametrize(
    ("catalogue", "said"),
    [
        ("/nowhere/at/all", "there is no catalogue"),
        ("memory://nowhere-at-all", "there is no catalogue"),
        ("spell://x", "no URL that can be reached"),
    ],
)
def test_what_is_not_there_is_said(catalogue: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        entries(catalogue)


def test_a_picture_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "cover.jpg").write_bytes(b"\xff\xd8\0\0")
    with pytest.raises(InputError, match="neither music nor a list"):
        list(entries(str(tmp_path / "cover.jpg")))


def test_partitions_keep_order_and_their_bounds() -> None:
    sizes = [5, 5, 5, 100, 1, 1, 1, 1, 1]
    those = [Entry(str(number), size) for number, size in enumerate(sizes)]
    divided = [[entry.size for entry in some] for some in partitions(those, 3, 12)]
    assert divided == [[5, 5], [5], [100], [1, 1, 1], [1, 1]]
