"""``oscbridge affect face``: pictures in, what faces express out."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import matplotlib as mpl
import pytest

from oscbridge.commands import affect_face
from oscbridge.errors import OscbridgeError, SettingsError
from tests.cli.conftest import Program
from tests.drawn_faces import draw, empty, two


def run(*words: str) -> int:
    """Run the sub-command in this process."""
    parser = argparse.ArgumentParser()
    affect_face.add_arguments(parser)
    return affect_face.run(parser.parse_args(words))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Give a folder with pictures: one face at rest, one that smiles, two faces, nobody."""
    smile = draw(smile=1.0)
    drawn = {"rest": draw(), "smile": smile, "two": two(90.0, 125.0), "nobody": empty()}
    for name, picture in drawn.items():
        assert cv2.imwrite(str(tmp_path / f"{name}.png"), picture)
    return tmp_path


def test_the_command_is_there_and_says_one_object_a_face(tmp_path: Path) -> None:
    portrait = Path(mpl.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    done = Program(tmp_path).run("affect", "face", str(portrait), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    said = json.loads(line)
    assert said["file"] == str(portrait)
    assert said["face"]["width"] > 150
    assert said["valence"] > 0.4
    assert -1.0 <= said["arousal"] <= 1.0
    assert 0.0 < said["confidence"] <= 0.4


def test_a_smile_is_happier_than_a_face_at_rest(
    pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(pictures / "rest.png"), str(pictures / "smile.png"), "--json") == 0
    rest, smile = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert smile["valence"] > rest["valence"] + 0.3


@pytest.mark.parametrize(
    ("which", "places"),
    [("largest", [240]), ("left", [80]), ("right", [240]), ("all", [240, 80])],
)
def test_of_several_faces_the_wanted_ones_are_told(
    pictures: Path, capsys: pytest.CaptureFixture[str], which: str, places: list[int]
) -> None:
    assert run(str(pictures / "two.png"), "--json", "--face", which) == 0
    said = [json.loads(line)["face"] for line in capsys.readouterr().out.splitlines()]
    assert [box["x"] + box["width"] / 2 for box in said] == pytest.approx(places, abs=15)


def test_a_picture_of_nobody_has_no_valence(
    pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(pictures / "nobody.png"), "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["face"], said["valence"], said["confidence"]) == (None, None, 0.0)
    assert run(str(pictures / "nobody.png"), str(pictures / "smile.png")) == 0
    table = capsys.readouterr().out
    assert "none found" in table
    assert "confidence" in table


def test_a_file_that_is_no_picture_is_complained_of_and_the_others_go_on(
    pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pictures / "text.png").write_text("no picture")
    (pictures / "empty.png").touch()
    files = [str(pictures / name) for name in ("text.png", "empty.png", "none.png", "rest.png")]
    assert run(*files, "--json") == 2
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 1
    assert [line.count("no picture") for line in told.err.splitlines()] == [1, 1, 0]
    assert "none.png' cannot be read" in told.err


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--model", "smiles"], "no model of faces 'smiles'"),
        (["--labels", "happy"], "labels are for a network in an .onnx file"),
        (["--model", "none.onnx", "--labels", "happy"], "there is no file 'none.onnx'"),
    ],
)
def test_a_wrong_model_is_said(pictures: Path, words: list[str], error: str) -> None:
    with pytest.raises(SettingsError, match=error):
        run(str(pictures / "rest.png"), *words)


def test_a_missing_package_is_named(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cv2", None)
    with pytest.raises(OscbridgeError, match=r"oscbridge\[camera\]"):
        run(str(pictures / "rest.png"))
