"""``oscbridge library add, list, find, show, stats, rm, verify`` as users call them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from oscbridge.cli import main
from oscbridge.library.content import digest_of
from oscbridge.library.store import Library, SeenFile
from oscbridge.library.track import Names, Section
from tests.library.crates import made_track


class Crate:
    """A library in a folder with three files, and the commands called on it here."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = folder / "library.sqlite"
        self.music = folder / "music"
        self.music.mkdir()
        self._capsys = capsys
        section = Section(0.0, 31.7, 0.1, -0.2, 0.7, 4, None, 5, 121.3, 21, -9.7)
        with Library(self.path) as library:
            for number, (title, artist) in enumerate(
                (("Jóga", "Björk"), ("Blue Danube", "Strauß"), ("", ""))
            ):
                file = self.music / f"{number} song.mp3"
                file.write_bytes(b"sound %d" % number)
                track = made_track(
                    file, 0.5 - number / 2, number / 2, energy=3 * number + 1, sections=(section,),
                    key=21 if number else None, tempo_bpm=120.0 + number,
                )  # fmt: skip
                with file.open("rb") as stream:
                    digest = digest_of(stream)
                track = replace(track, digest=digest, names=Names(title, artist))
                status = file.stat()
                seen = SeenFile(str(file), status.st_size, status.st_mtime_ns, digest)
                library.put([track], [seen])
            library.put([], [SeenFile(str(self.music / "bad.mp3"), 1, 1, "", "is empty (0 bytes)")])

    def run(self, *words: str, status: int = 0) -> tuple[str, str]:
        """Run ``oscbridge library``; return what it prints and what it complains about."""
        assert main(["library", *words, "--library", str(self.path)]) == status
        said = self._capsys.readouterr()
        return said.out, said.err


@pytest.fixture
def crate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Crate]:
    return Crate(tmp_path, capsys)  # type: ignore[return-value]


def titles(out: str) -> list[str]:
    return [json.loads(line)["title"] for line in out.splitlines()]


def test_list_gives_tracks_within_limits_in_an_order(crate: Crate) -> None:
    assert titles(crate.run("list", "--json")[0]) == ["", "Jóga", "Blue Danube"]
    assert titles(crate.run("list", "--json", "--order", "energy")[0]) == [
        "Jóga",
        "Blue Danube",
        "",
    ]
    assert titles(crate.run("list", "--json", "--energy", "2", "5")[0]) == ["Blue Danube"]
    assert titles(crate.run("list", "--json", "--valence", "-1", "-0.4")[0]) == [""]
    assert titles(crate.run("list", "--json", "--key", "8A", "--tempo", "122", "130")[0]) == [""]
    assert titles(crate.run("list", "--json", "--artist", "bjo")[0]) == ["Jóga"]


def test_list_says_how_many_there_are_beyond_what_it_shows(crate: Crate) -> None:
    out, err = crate.run("list", "--count", "1", "--json")
    assert len(out.splitlines()) == 1
    assert "1 of 3 tracks" in err
    assert "of" not in crate.run("list", "--all", "--json")[1]


def test_list_shows_a_table_with_names_or_the_file(crate: Crate) -> None:
    out, _ = crate.run("list")
    for word in ("Björk - Jóga", "2 song.mp3", "8A", "121", "80%"):
        assert word in out


def test_list_gives_what_could_not_be_read(crate: Crate) -> None:
    out, _ = crate.run("list", "--unreadable")
    assert out.rstrip().endswith("bad.mp3: is empty (0 bytes)")
    assert json.loads(crate.run("list", "--unreadable", "--json")[0])["trouble"].startswith("is")


def test_find_knows_beginnings_without_accents_and_says_by_its_status_where_nothing_is(
    crate: Crate,
) -> None:
    assert titles(crate.run("find", "bjork", "--json")[0]) == ["Jóga"]
    assert titles(crate.run("find", "dan", "BLUE", "--json")[0]) == ["Blue Danube"]
    out, err = crate.run("find", "nothing", "--json", status=1)
    assert out == ""
    assert "no such track" in err


def test_show_tells_everything_with_sections(crate: Crate) -> None:
    out, _ = crate.run("show", "danube")
    for word in ("Strauß - Blue Danube", "1 song.mp3", "± 0.20", "0:31.7", "-14.0 LUFS", "Am"):
        assert word in out
    known = json.loads(crate.run("show", str(crate.music / "1 song.mp3"), "--json")[0])
    assert known["sections"][0]["key"] == known["key"] == "Am"
    assert known["paths"] == [str(crate.music / "1 song.mp3")]


def test_stats_count(crate: Crate) -> None:
    out, _ = crate.run("stats")
    assert "3 in 3 files" in out
    assert "1 files (library list --unreadable)" in out
    known = json.loads(crate.run("stats", "--json")[0])
    assert (known["tracks"], sum(known["quadrants"]), sum(known["energies"])) == (3, 3, 3)


def test_verify_finds_files_that_are_gone_or_have_changed(crate: Crate) -> None:
    assert "3 of 3 files" in crate.run("verify", "--content")[0]
    (crate.music / "0 song.mp3").unlink()
    (crate.music / "1 song.mp3").write_bytes(b"other sound")
    for words in (("verify",), ("verify", "--content")):
        out, err = crate.run(*words, status=1)
        assert "1 of 3 files" in out
        assert "0 song.mp3: is not there" in err
        assert "1 song.mp3: has changed" in err


def test_verify_tells_of_damage(crate: Crate) -> None:
    with Library(crate.path) as library:
        library.connection.execute("PRAGMA foreign_keys = OFF")
        library.connection.execute("DELETE FROM details")
        library.connection.execute("UPDATE files SET track = 99 WHERE track = 1")
    _, err = crate.run("verify", status=2)
    assert "3 tracks have no details" in err
    assert "belongs to no tracks" in err


def test_rm_forgets_files_folders_and_what_is_missing_and_touches_nothing(crate: Crate) -> None:
    assert "1 files would" in crate.run("rm", str(crate.music / "0 song.mp3"), "--dry-run")[0]
    assert "3 in 3" in crate.run("stats")[0]
    assert "1 files forgotten, 1 tracks" in crate.run("rm", str(crate.music / "0 song.mp3"))[0]
    (crate.music / "1 song.mp3").unlink()
    # the file that could not be read was never there
    assert "2 files forgotten, 1 tracks" in crate.run("rm", "--missing")[0]
    assert "1 files forgotten, 1 tracks" in crate.run("rm", str(crate.music))[0]
    assert sorted(path.name for path in crate.music.iterdir()) == ["0 song.mp3", "2 song.mp3"]


def test_a_folder_whose_name_begins_another_ones_takes_nothing_of_it(crate: Crate) -> None:
    shutil.copytree(crate.music, crate.music.parent / "mus")
    _, err = crate.run("rm", str(crate.music.parent / "mus"), status=2)
    assert "knows nothing" in err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("rm",), "rm needs"),
        (("list", "--key", "H7"), "no key"),
        (("show", "nobody"), "no track"),
        (("add", "no-such-folder"), "no folder or file"),
        (("add", ".", "--model", "nobody"), "no model"),
    ],
)
def test_mistakes_are_one_line(crate: Crate, words: tuple[str, ...], sentence: str) -> None:
    _, err = crate.run(*words, status=2)
    assert sentence in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("words", [("demo", "music"), ("index", "music", "--to", "heard")])
def test_what_opens_no_library_takes_none(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="2"):
        main(["library", *words, "--library", "my.sqlite"])
    assert "unrecognized arguments: --library my.sqlite" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("limit", ["nan", "inf", "1e300", "high"])
def test_a_limit_is_a_number(crate: Crate, limit: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        crate.run("list", "--energy", "1", limit)
    assert f"{limit!r} is not a number" in capsys.readouterr().err


def test_without_a_library_every_question_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (
        ["list"],
        ["find", "x"],
        ["show", "x"],
        ["stats"],
        ["verify"],
        ["rm", "x", "--dry-run"],
        ["rm", "x"],
        ["rm", "--missing"],
        ["tag", "--write"],
        ["recommend"],
        ["history", "forget", "--all"],
    ):
        assert main(["library", *words, "--library", str(tmp_path / "none.sqlite")]) == 2
        assert "oscbridge library add FOLDER" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
