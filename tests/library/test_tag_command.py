"""``oscbridge library tag`` as users start it, and as it is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from oscbridge.cli import main
from oscbridge.library.content import digest_of
from oscbridge.library.store import Library, SeenFile
from oscbridge.library.tagging.replacing import DRAFT
from oscbridge.library.tagging.writing import fields_of
from tests.library.crates import made_track
from tests.library.tagged import make_sound, tag_like_a_dj

DEADLINE_S = 60.0


def crate(folder: Path, names: list[str]) -> list[Path]:
    """Make files and a library of them."""
    paths = [make_sound(folder / name, 0.1) for name in names]
    with Library(folder / "library.sqlite") as library:
        for number, path in enumerate(paths):
            tag_like_a_dj(path)
            with path.open("rb") as stream:
                digest = digest_of(stream)
            status = path.stat()
            track = made_track(path, 0.5, -0.5, f"Artist {number:03d}", energy=number % 10 + 1)
            seen = SeenFile(str(path), status.st_size, status.st_mtime_ns, digest)
            library.put([replace(track, digest=digest)], [seen])
    return paths


def tag(folder: Path, *arguments: str) -> int:
    return main(["library", "tag", "--library", str(folder / "library.sqlite"), *arguments])


def test_it_shows_writes_and_takes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = crate(tmp_path, ["a.mp3", "b.flac"])
    before = [path.read_bytes() for path in paths]
    assert tag(tmp_path) == 0
    shown = capsys.readouterr().out
    assert [word in shown for word in ("Artist 000", "mood", "relaxed", "to change: 2")] == [
        True
    ] * 4
    assert "--write" in shown
    assert [path.read_bytes() for path in paths] == before
    assert tag(tmp_path, "--find", "artist", "001", "--write") == 0
    assert fields_of(str(paths[1])) == {"quadrant": "relaxed", "energy": "2"}
    assert paths[0].read_bytes() == before[0]
    capsys.readouterr()
    assert tag(tmp_path, "--undo") == 0
    assert str(paths[1]) in capsys.readouterr().out
    assert paths[1].read_bytes() != before[1]
    assert tag(tmp_path, "--undo", "--write") == 0
    assert [path.read_bytes() for path in paths] == before
    assert tag(tmp_path, "--undo") == 0
    assert "nothing was written that could be taken back" in capsys.readouterr().out


def test_one_field_alone_is_written(tmp_path: Path) -> None:
    (path,) = crate(tmp_path, ["a.mp3"])
    assert tag(tmp_path, "--only", "mood", "--write") == 0
    assert fields_of(str(path)) == {"quadrant": "relaxed", "energy": ""}


def test_one_that_cannot_be_written_is_named_and_the_others_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, third = crate(tmp_path, ["a.mp3", "b.mp3", "c.mp3"])
    first.chmod(0o444)
    second.write_bytes(b"")
    assert tag(tmp_path, "--write") == 1
    said = capsys.readouterr()
    assert f"{first}: it is read-only" in said.err
    assert str(second) in said.err
    assert "changed: 1" in said.out
    assert "cannot be written: 2" in said.out
    assert fields_of(str(third))["energy"] == "3"


@pytest.mark.parametrize(
    "more", [["--find", "a"], ["--energy", "1", "2"], ["--only", "mood"], ["--replace"]]
)
def test_what_undo_would_pass_over_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    crate(tmp_path, ["a.mp3"])
    assert tag(tmp_path, "--undo", *more) == 2
    assert "all that was written last" in capsys.readouterr().err


def test_without_mutagen_it_says_how_to_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mutagen", None)
    assert tag(tmp_path) == 2
    assert 'pip install "oscbridge[library]"' in capsys.readouterr().err


def test_only_tracks_within_limits_are_written(tmp_path: Path) -> None:
    paths = crate(tmp_path, ["a.mp3", "b.mp3", "c.mp3"])
    assert tag(tmp_path, "--energy", "2", "2", "--write") == 0
    assert [fields_of(str(path))["energy"] for path in paths] == ["", "2", ""]


def test_programs_get_a_line_with_tabs_for_each_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crate(tmp_path, ["a.mp3"])
    tag(tmp_path)
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()[:3]]
    assert lines == [
        ["track", "tag", "now", "would be"],
        ["Artist 000 - a", "mood", "-", "relaxed"],
        ["Artist 000 - a", "energy", "-", "1"],
    ]


def test_killed_at_any_moment_each_file_is_whole_and_all_is_taken_back(tmp_path: Path) -> None:
    paths = crate(tmp_path, [f"{number:02d}.mp3" for number in range(30)])
    before = {path: path.read_bytes() for path in paths}
    command = [sys.executable, "-m", "oscbridge", "library", "tag", "--write"]
    command += ["--library", str(tmp_path / "library.sqlite")]
    for files in (1, 11, 23):  # killed when so many of them are written
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        deadline = time.monotonic() + DEADLINE_S
        while time.monotonic() < deadline and process.poll() is None:
            if sum(path.read_bytes() != before[path] for path in paths) >= files:
                break
            time.sleep(0.0005)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        written = [path for path in paths if path.read_bytes() != before[path]]
        assert len(written) >= files
        for path in written:  # none is half written
            assert fields_of(str(path))["quadrant"] == "relaxed"
    assert tag(tmp_path, "--write") == 0
    assert all(fields_of(str(path))["energy"] for path in paths)
    with Library(tmp_path / "library.sqlite", writable=False) as library:
        assert sum(1 for _ in library.tracks()) == len(paths)
        for track in library.tracks():
            with Path(track.path).open("rb") as stream:
                assert track.digest == digest_of(stream)
    for _ in range(4):  # runs, the last one first
        assert tag(tmp_path, "--undo", "--write") == 0
    assert {path: path.read_bytes() for path in paths} == before
    assert not list(tmp_path.glob(f"{DRAFT}*"))
