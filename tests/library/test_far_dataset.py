"""The Parquet dataset: what others read of it, and what is refused."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet
import pytest

from oscbridge.errors import LibraryError
from oscbridge.library.far.catalogue import Entry
from oscbridge.library.far.dataset import Dataset
from oscbridge.library.far.merging import merge
from oscbridge.library.far.rows import COPY, TRACK, UNREADABLE, Seen
from oscbridge.library.store import Library
from oscbridge.library.track import Names, Track
from tests.library.far_doubles import MODEL, sound_of

BROKEN = os.fsdecode(b"/music/caf\xe9.mp3")


def build_track(number: int, path: str = "") -> Track:
    digest = f"{number:032x}"
    names = Names(title=f"Tïtle {number}", artist="\N{GUITAR}")
    return Track(digest, path or f"/music/{number}.mp3", names, sound_of(f"{number:08x}" * 4))


def build_rows(count: int) -> list[Seen]:
    tracks = [build_track(number) for number in range(count)]
    return [
        Seen(Entry(track.path, 1000 + number, "17"), TRACK, track.digest, track=track)
        for number, track in enumerate(tracks)
    ]


def test_tracks_come_back_bit_for_bit_whatever_their_names(tmp_path: Path) -> None:
    track = build_track(7, BROKEN)
    Dataset(str(tmp_path), MODEL).append(
        [Seen(Entry(BROKEN, 1, "17"), TRACK, track.digest, track=track)]
    )
    assert list(Dataset(str(tmp_path)).tracks()) == [track]


def test_the_schema_has_a_column_for_everything_that_is_known_of_a_track(tmp_path: Path) -> None:
    Dataset(str(tmp_path), MODEL).append(build_rows(1))
    (row,) = pyarrow.parquet.read_table(tmp_path).to_pylist()
    track = build_track(0)
    known = dataclasses.asdict(track.names) | dataclasses.asdict(track.sound)
    listed = json.loads(json.dumps(known))  # tuples are lists there, numbers stay what they are
    assert {name: row[name] for name in listed} == listed


def test_what_is_known_are_files_as_they_were_last_and_contents_that_are_tracks(
    tmp_path: Path,
) -> None:
    dataset = Dataset(str(tmp_path), MODEL)
    dataset.append(build_rows(2))
    bad = Entry("/music/bad.mp3", 5, "1")
    copy = Entry("/music/0.mp3", 1000, "18")  # touched since
    dataset.append([Seen(bad, UNREADABLE, "", "why"), Seen(copy, COPY, f"{0:032x}")])
    known = Dataset(str(tmp_path), MODEL).known()
    assert known.files == {copy, Entry("/music/1.mp3", 1001, "17"), bad}
    assert known.unreadable == {bad}
    assert known.digests == {f"{0:032x}", f"{1:032x}"}
    assert known.sizes == {1000, 1001}


def test_a_track_that_two_jobs_heard_at_once_is_read_once(tmp_path: Path) -> None:
    one, other = Dataset(str(tmp_path), MODEL), Dataset(str(tmp_path), MODEL)
    one.append(build_rows(3))
    other.append(build_rows(4))
    assert len(list(tmp_path.glob("*.parquet"))) == 2
    assert [track.digest for track in Dataset(str(tmp_path)).tracks()] == [
        f"{number:032x}" for number in range(4)
    ]


def test_a_second_job_of_this_machine_is_kept_out(tmp_path: Path) -> None:
    dataset = Dataset(str(tmp_path), MODEL)
    with (
        dataset.held(),
        pytest.raises(LibraryError, match=f"process {os.getpid()} writes"),
        Dataset(str(tmp_path), MODEL).held(),
    ):
        pass
    with dataset.held():
        assert not len(dataset)


def test_a_dataset_at_a_url_holds_the_same() -> None:
    Dataset("memory://parts", MODEL).append(build_rows(2))
    assert list(Dataset("memory://parts").tracks()) == [build_track(0), build_track(1)]


def _remark(part: Path, **changes: object) -> None:
    """Write a part again with another mark."""
    table = pyarrow.parquet.read_table(part)
    mark = {**json.loads(table.schema.metadata[b"oscbridge"]), **changes}
    marked = table.replace_schema_metadata({b"oscbridge": json.dumps(mark).encode()})
    pyarrow.parquet.write_table(marked, part)


def test_newer_foreign_and_damaged_parts_and_those_of_other_models_are_refused(
    tmp_path: Path,
) -> None:
    Dataset(str(tmp_path), MODEL).append(build_rows(2))
    (part,) = tmp_path.glob("*.parquet")
    with pytest.raises(LibraryError, match="was heard by double@0, not music@1"):
        Dataset(str(tmp_path), "music@1")
    whole = part.read_bytes()
    _remark(part, format=2)
    with pytest.raises(LibraryError, match="newer oscbridge"):
        Dataset(str(tmp_path))
    part.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LibraryError, match="damaged"):
        Dataset(str(tmp_path))
    pyarrow.parquet.write_table(pyarrow.table({"a": [1]}), part)
    with pytest.raises(LibraryError, match="not made by oscbridge"):
        Dataset(str(tmp_path))


FULL = """
import resource, signal, sys
from oscbridge.errors import LibraryError
from oscbridge.library.far.dataset import Dataset
from tests.library.far_doubles import MODEL
from tests.library.test_far_dataset import build_rows
dataset = Dataset(sys.argv[1], MODEL)
dataset.append(build_rows(3))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    dataset.append(build_rows(500))
except LibraryError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_full_disk_is_said_and_what_was_written_stays_whole(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert "cannot be written: File too large." in done.stdout, done.stderr
    assert len(list(Dataset(str(tmp_path)).tracks())) == 3


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    place = str(tmp_path / "file" / "heard")
    with (
        pytest.raises(LibraryError, match="cannot be written: Not a directory"),
        Dataset(place, MODEL).held(),
    ):
        pass


def test_a_library_takes_in_tracks_copies_and_what_was_unreadable_once(tmp_path: Path) -> None:
    dataset = Dataset(str(tmp_path / "heard"), MODEL)
    copy, bad = Entry(BROKEN, 1001, "18"), Entry("/music/bad.mp3", 5, "19")
    dataset.append(
        [*build_rows(3), Seen(copy, COPY, f"{1:032x}"), Seen(bad, UNREADABLE, "", "it is empty")]
    )
    with Library(tmp_path / "library.sqlite") as library:
        for _ in range(2):
            assert merge(dataset, library) == (3, 5)
            assert {track.digest for track in library.tracks()} == {f"{n:032x}" for n in range(3)}
            assert set(library.paths(f"{1:032x}")) == {"/music/1.mp3", BROKEN}
            found = library.known(BROKEN, 1001, 18)
            assert found is not None
            assert found.digest == f"{1:032x}"
            lost = library.known("/music/bad.mp3", 5, 19)
            assert lost is not None
            assert lost.trouble == "it is empty"
        track = library.track(f"{2:032x}")
        assert track is not None
        assert track.sound == build_track(2).sound
