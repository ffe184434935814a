"""A collection from end to end by the command line: music whose expression is known, then all that
can be done with a library of it.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import mutagen
import pytest

from oscbridge.cli import main
from tests.library.map.test_packing import unpack_page

BANDS, LENGTH_S = 2, 16
SECTION_S = LENGTH_S / 2
"""Of a medley, which goes happy, sad, tense, relaxed."""
DEADLINE_S = 180.0
SIGNS = {1: (1, 1), 2: (-1, 1), 3: (-1, -1), 4: (1, -1)}


@dataclass(frozen=True)
class Crate:
    """A folder of music, a library that has heard it, and what was meant."""

    folder: Path
    library: Path
    meant: dict[str, int]

    def run(self, *arguments: str | Path, status: int = 0) -> None:
        """Do something in this process."""
        words = ["library", *map(str, arguments), "--library", str(self.library)]
        assert main(words) == status


def oscbridge(*arguments: str | Path) -> str:
    """Run a process of its own to its end; what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "oscbridge", "library", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def crate(tmp_path_factory: pytest.TempPathFactory) -> Crate:
    """Make the collection and listen to it, as its users do."""
    home = tmp_path_factory.mktemp("crate")
    folder, library = home / "music", home / "demo.sqlite"
    oscbridge("demo", folder, "--bands", str(BANDS), "--length", str(LENGTH_S))
    assert f"{5 * BANDS} heard" in oscbridge("add", folder, "--library", library)
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as stream:
        meant = {row["file"]: int(row["quadrant"]) for row in csv.DictReader(stream)}
    return Crate(folder, library, meant)


@pytest.fixture
def copy(crate: Crate, tmp_path: Path) -> Crate:
    """Give a crate that a test may change: the same music elsewhere, known by its content."""
    folder, library = tmp_path / "copied", tmp_path / "copied.sqlite"
    shutil.copytree(crate.folder, folder)
    shutil.copy(crate.library, library)
    copied = Crate(folder, library, crate.meant)
    copied.run("add", folder)
    copied.run("rm", crate.folder)
    return copied


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    """What was printed, one JSON object a line."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_every_track_expresses_what_was_meant(
    crate: Crate, capsys: pytest.CaptureFixture[str]
) -> None:
    crate.run("list", "--json", "--all")
    tracks = {Path(track["path"]).name: track for track in lines(capsys)}
    assert len(tracks) == 5 * BANDS
    for name, quadrant in crate.meant.items():
        valence, arousal = SIGNS[quadrant]
        assert tracks[name]["valence"] * valence > 0.0, name
        assert tracks[name]["arousal"] * arousal > 0.0, name
        assert tracks[name]["duration_s"] == pytest.approx(LENGTH_S, abs=0.1)
        assert name == f"{tracks[name]['artist']} - {tracks[name]['title']}.flac"


def test_a_medley_is_heard_section_by_section(
    crate: Crate, capsys: pytest.CaptureFixture[str]
) -> None:
    crate.run("show", crate.folder / "Sample & Hold - Once Around.flac", "--json")
    sections = json.loads(capsys.readouterr().out)["sections"]
    assert [section["quadrant"] for section in sections] == [1, 3, 2, 4]
    for number, section in enumerate(sections):
        assert section["start_s"] == pytest.approx(number * SECTION_S, abs=1.0)


def test_words_find_tracks_and_feelings_match_them(
    crate: Crate, capsys: pytest.CaptureFixture[str]
) -> None:
    crate.run("find", "paper", "kit", "--json")
    assert [track["title"] for track in lines(capsys)] == ["Paper Kites"]
    for quadrant, feeling in enumerate(("happy", "tense", "sad", "relaxed"), 1):
        crate.run("match", feeling, "--count", BANDS, "--json")
        names = [Path(track["path"]).name for track in lines(capsys)]
        assert {crate.meant[name] for name in names} == {quadrant}


def test_a_journey_goes_where_it_was_told(
    crate: Crate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    playlist = tmp_path / "evening.m3u8"
    curve = ("0:sad 1:happy", "--shortest", "5", "--artist-gap", "0")
    crate.run("journey", *curve, "--json", "--to", playlist)
    stops = lines(capsys)
    names = [Path(stop["path"]).name for stop in stops]
    assert crate.meant[names[0]] == 3
    assert crate.meant[names[-1]] == 1
    assert len(set(names)) == len(names)
    listed = [line for line in playlist.read_text("utf-8").splitlines() if line[:1] != "#"]
    assert [Path(path).name for path in listed] == names
    assert all((playlist.parent / path).is_file() for path in listed)


def test_the_map_has_every_track_at_its_place(
    crate: Crate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "map.html"
    crate.run("plot", page)
    document, arrays = unpack_page(page)
    points = zip(document["names"], arrays["valence"], arrays["arousal"], strict=True)
    seen = {file: (valence > 0, arousal > 0) for (_, _, file), valence, arousal in points}
    assert len(seen) == 5 * BANDS
    for name, quadrant in crate.meant.items():
        assert seen[name] == tuple(sign > 0 for sign in SIGNS[quadrant])
    crate.run("plot", page, status=2)
    assert "add --force to replace it" in capsys.readouterr().err
    crate.run("plot", tmp_path / "map.png", "--find", "paper")
    assert "1 track" in capsys.readouterr().out
    crate.run("plot", tmp_path / "map.gif", status=2)
    assert "There are: .html" in capsys.readouterr().err


def test_it_is_judged_by_what_was_meant(crate: Crate, capsys: pytest.CaptureFixture[str]) -> None:
    crate.run("evaluate", crate.folder, "--json")
    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["n"], verdict["groups"]) == (4 * BANDS, BANDS)
    assert verdict["model"]["quadrant accuracy"][0] == 1.0
    assert verdict["always_majority"]["quadrant accuracy"][0] == 0.25


def test_tags_are_written_followed_and_taken_back(
    copy: Crate, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in copy.folder.glob("*.flac")}
    copy.run("tag")
    assert {path.name: path.read_bytes() for path in copy.folder.glob("*.flac")} == before
    copy.run("tag", "--write")
    for name, quadrant in copy.meant.items():
        words = mutagen.File(copy.folder / name)["MOOD"]
        assert words == [("", "happy", "tense", "sad", "relaxed")[quadrant]]
    copy.run("verify", "--content")  # they are the same tracks, with other bytes
    capsys.readouterr()
    copy.run("add", copy.folder, "--workers", "1")
    assert f"{5 * BANDS} unchanged" in capsys.readouterr().out
    copy.run("tag", "--undo", "--write")
    assert {path.name: path.read_bytes() for path in copy.folder.glob("*.flac")} == before


def test_what_was_played_leads_to_what_fits(
    copy: Crate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / ".scrobbler.log"
    now_s = int(time.time()) - 7200
    plays = [f"Sample & Hold\t\tSlow River\t1\t16\tL\t{now_s + 60 * i}\t\n" for i in range(5)]
    log.write_text("#AUDIOSCROBBLER/1.1\n#TZ/UTC\n#CLIENT/test\n" + "".join(plays), "utf-8")
    copy.run("history", "import", log)
    capsys.readouterr()
    playlist = tmp_path / "next.m3u8"
    copy.run("recommend", "--count", "1", "--to", playlist)
    (offered,) = [line for line in playlist.read_text("utf-8").splitlines() if line[:1] != "#"]
    assert copy.meant.get(Path(offered).name) == 4


def test_what_is_forgotten_stays_on_the_disk(
    copy: Crate, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = copy.folder / "Zero Crossing - Once Around.flac"
    copy.run("rm", gone)
    assert gone.is_file()
    capsys.readouterr()
    copy.run("stats", "--json")
    assert json.loads(capsys.readouterr().out)["tracks"] == 5 * BANDS - 1


def test_a_collection_is_never_written_over_another(
    crate: Crate, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in crate.folder.iterdir()}
    assert main(["library", "demo", str(crate.folder)]) == 2
    assert "name an empty folder" in capsys.readouterr().err
    assert {path.name: path.stat().st_mtime_ns for path in crate.folder.iterdir()} == before
