"""``oscbridge labels``: changes of a profile where it lies, and through a bridge that runs."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from oscbridge.cli import main
from oscbridge.labels.files import read_set
from oscbridge.profiles.folder import FOLDER, look_into

if TYPE_CHECKING:
    from tests.cli.conftest import Program
    from tests.conftest import OscEar


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER, str(tmp_path / "profiles"))
    return tmp_path


def names(profile: str = "default") -> list[str]:
    return [place.name for place in look_into(profile)[1].places()]


def test_before_anything_is_taught_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["labels", "list"]) == 0
    assert "nothing has been taught yet" in capsys.readouterr().out
    assert main(["labels", "profiles"]) == 0
    assert "there are none yet" in capsys.readouterr().out


def test_a_set_is_taken_over_changed_listed_and_handed_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = str(folder / "mine.toml")
    for words in (
        ["use", "gems"],
        ["rename", "3", "melancholisch"],
        ["define", "Regen", "-0.4", "-0.5", "--radius", "0.3", "0.2"],
        ["delete", "POWER"],
        ["export", mine],
        ["use", mine, "--profile", "anna"],
    ):
        assert main(["labels", *words]) == 0
    expected = [entry.name for entry in read_set("gems").label if entry.name != "power"]
    assert names() == names("anna") == [*expected, "Regen"]
    assert look_into("anna")[1].now.words == {3: "melancholisch"}
    capsys.readouterr()
    main(["labels", "list", "--profile", "anna"])
    shown = capsys.readouterr().out
    for text in ("anna", "melancholisch", "Regen", "0.3 × 0.2", "0 corrections"):
        assert text in shown
    main(["labels", "profiles"])
    assert capsys.readouterr().out.splitlines() == [
        f"{name}: 9 labels, 0 corrections, of {look_into(name)[0]}" for name in ("anna", "default")
    ]


def test_a_quadrant_is_renamed_by_its_word_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["labels", "rename", "relaxed", "floating"]) == 0
    assert look_into("default")[1].now.words == {4: "floating"}
    with pytest.raises(SystemExit) as ended:
        main(["labels", "rename", "relax", "floating"])
    assert ended.value.code == 2
    assert "'relax' is no quadrant. There are: 1 happy" in capsys.readouterr().err


def test_an_address_is_listed_whole_and_a_name_is_no_markup(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    long = "[bold]a word that is quite long for such a table as this one[/]"
    main(["labels", "define", long, "0", "0", "--radius", "0.30310889"])
    capsys.readouterr()
    main(["labels", "list"])
    shown = capsys.readouterr().out
    assert "[bold]" in shown
    assert " bold_a_word_that_is_quite_long_f " in shown
    assert " 0.3 " in shown


def test_what_was_done_last_is_undone_even_the_next_day() -> None:
    main(["labels", "define", "a", "0", "0"])
    main(["labels", "define", "b", "0", "0"])
    assert main(["labels", "undo"]) == 0
    assert names() == ["a"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["delete", "nothing"], "no label 'nothing'; there are: none"),
        (["define", "17", "0", "0"], "a label is no number"),
        (["define", "\udcff", "0", "0"], "a label is text in UTF-8"),
        (["use", "gmes"], "Did you mean 'gems'"),
        (["use", "missing.toml"], "missing.toml"),
        (["list", "--profile", "bob"], "no profile 'bob'"),
        (["export", "x.txt"], "ends in .toml"),
        (["migrate", "bob"], "no profile 'bob'"),
        (["define", "x", "0", "0", "--radius", "1", "1", "1"], "one radius"),
        (["train", "x", "--to", "127.0.0.1:9"], "no oscbridge answers"),
        (["switch", "anna", "--to", "127.0.0.1:9"], "no oscbridge answers"),
        (["undo", "--to", "127.0.0.1:9", "--profile", "anna"], "leave --profile out"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_status_two(
    words: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["labels", *words]) == 2
    said = capsys.readouterr().err
    assert reason in said
    assert said.count("\n") == 1


def test_a_file_is_not_replaced_by_an_export_unless_that_is_wanted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "mine.toml"
    path.write_text("something else")
    assert main(["labels", "use", "gems"]) == 0
    assert main(["labels", "export", str(path)]) == 2
    assert "exists: add --force" in capsys.readouterr().err
    assert path.read_text() == "something else"
    assert main(["labels", "export", str(path), "--force"]) == 0
    assert [entry.name for entry in read_set(str(path)).label] == names()


def test_a_damaged_profile_does_not_hide_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for profile in ("anna", "bob"):
        assert main(["labels", "use", "gems", "--profile", profile]) == 0
    (folder / "profiles" / "anna" / "state").write_bytes(b"\xff\x00")
    capsys.readouterr()
    assert main(["labels", "profiles"]) == 0
    anna, bob = capsys.readouterr().out.splitlines()
    assert "'anna' cannot be read" in anna
    assert bob.startswith("bob: 9 labels")


@pytest.mark.parametrize("damage", ["a letter", "the last bytes"])
def test_what_cannot_be_read_of_a_profile_is_said_and_no_export_hides_it(
    damage: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b", "c"):
        assert main(["labels", "define", name, "0", "0", "--profile", "anna"]) == 0
    log = folder / "profiles" / "anna" / "log"
    data = log.read_bytes()
    log.write_bytes(data[:-3] if damage == "the last bytes" else data.replace(b'"b"', b'"x"', 1))
    capsys.readouterr()
    assert main(["labels", "list", "--profile", "anna"]) == 0
    out, err = capsys.readouterr()
    assert "left out" in err
    assert err.count("\n") == 1
    assert "profile anna" in out
    assert main(["labels", "profiles"]) == 0
    assert "left out" in capsys.readouterr().out
    assert main(["labels", "export", str(folder / "x.toml"), "--profile", "anna"]) == 2
    assert "left out" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["list", "--to", "127.0.0.1:9"],
        ["list", "--prefix", "/x"],
        ["sets", "--profile", "anna"],
        ["train", "x", "--profile", "anna"],
    ],
)
def test_an_option_that_would_do_nothing_is_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["labels", *words])
    assert ended.value.code == 2


def test_a_file_with_a_mistake_names_its_key(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "mine.toml"
    path.write_text('[[label]]\nname = "x"\nvalence = 3\n')
    assert main(["labels", "use", str(path)]) == 2
    assert "mine.toml: label[0].valence = 3 is not allowed" in capsys.readouterr().err


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_bridge_that_runs_is_taught_and_its_profile_cannot_be_changed_beside_it(
    program: Program, osc_ear: OscEar
) -> None:
    port = free_port()
    to = ["--to", f"127.0.0.1:{port}"]
    running = program.start(
        *("demo", "--no-view", "--port", str(port), "--also", "label"),
        *("--to", f"127.0.0.1:{osc_ear.port}", "--profile", "eva"),
    )
    try:
        osc_ear.wait_for("/oscbridge/va", deadline_s=90.0)
        deadline_s = time.monotonic() + 30.0
        while (taught := program.run("labels", "train", "Nebel", *to)).returncode:
            assert "nothing plays" in taught.stderr
            assert time.monotonic() < deadline_s
        osc_ear.wait_for("/oscbridge/label/nebel")
        assert "'Nebel' is a new label, /oscbridge/label/nebel" in taught.stdout
        assert "2 examples of 'Nebel'" in program.run("labels", "train", "nebel", *to).stdout
        assert "has taken it back" in program.run("labels", "undo", *to).stdout
        assert "corrected towards 'sad'" in program.run("labels", "train", "sad", *to).stdout
        assert program.run("labels", "define", "Regen", "-0.4", "-0.5", *to).returncode == 0
        osc_ear.wait_for("/oscbridge/label/regen")
        refused = program.run("labels", "delete", "Sonne", *to)
        assert refused.returncode == 2
        assert "no label 'Sonne'" in refused.stderr
        beside = program.run("labels", "define", "x", "0", "0", "--profile", "eva")
        assert beside.returncode == 2
        assert "in use" in beside.stderr
        assert program.run("labels", "switch", "otto", *to).returncode == 0
        assert program.run("labels", "define", "Sonne", "0.7", "0.5", *to).returncode == 0
        assert names("otto") == ["Sonne"]
        assert program.run("labels", "switch", "eva", *to).returncode == 0
        second = program.run("demo", "--no-view", "--seconds", "1", "--profile", "eva")
        assert second.returncode == 2
        assert f"in use by another oscbridge (process {running.pid})" in second.stderr
    finally:
        running.terminate()
        running.communicate()
    assert names("eva") == ["Nebel", "Regen"]
