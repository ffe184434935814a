"""``oscbridge presets``: the list, the explanations, a preset of one's own, and the lint."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from oscbridge.cli import main
from oscbridge.mapping import load_preset
from presets import files


class Terminal(io.StringIO):
    """Standard input at which somebody sits."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the user a folder for presets that does not exist yet."""
    monkeypatch.setenv(files.OWN_FOLDER, str(tmp_path / "own"))
    return tmp_path / "own"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["presets", *words])
    out, err = capsys.readouterr()
    return status, out, err


def test_the_list_names_every_preset_and_with_what_it_was_tried(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out, _ = said(capsys)
    assert status == 0
    for name in files.paths():
        assert f"\n{name} " in out
    assert "Live itself not run" in " ".join(out.split())


def test_the_list_as_json_has_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, "--json")
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["name"] for record in records] == list(files.paths())
    by_name = {record["name"]: record for record in records}
    assert by_name["vmc"]["direction"] == "heard"
    assert by_name["reaper"]["where"] == "127.0.0.1:8000"


def test_a_preset_is_explained_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "--explain", "reaper")
    assert status == 0
    assert "reaper: REAPER" in out
    assert "when other music is asked for" in out
    assert "1. Copy examples/reaper/oscbridge.ReaperOSC" in out
    _, out, _ = said(capsys, "--explain", "reaper", "--json")
    assert json.loads(out)["explained"]["sends to"][0] == "127.0.0.1:8000, over UDP"


def test_a_preset_that_does_not_exist_is_answered_with_those_that_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, _, err = said(capsys, "--explain", "reapr")
    assert status == 2
    assert "no preset 'reapr'. Did you mean 'reaper'? There are:" in err


@pytest.mark.parametrize("program", ["Traktor", "mixxx", "rekordbox", "serato"])
def test_who_asks_for_a_program_that_learns_midi_is_told_how(
    program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = said(capsys, "--explain", program)
    assert status == 2
    assert err.count("\n") == 1
    assert "oscbridge run --midi-out" in err
    assert "oscbridge learn intensity" in err
    (page,) = re.findall(r"examples/\w+", err)
    assert (Path(__file__).parents[2] / page / "README.md").is_file()


def test_a_part_of_a_name_is_answered_with_all_that_have_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, _, err = said(capsys, "--explain", "unity")
    guesses = "'fmod-unity' or 'unity-extosc' or 'unity-osccore' or 'unity-oscjack'"
    assert f"Did you mean {guesses}?" in err


def test_a_preset_of_ones_own_is_written_checked_and_found(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picks = ("--pick", "track=Drums", "--pick", "scene.1=Drop", "--pick", "scene.2=7")
    status, out, _ = said(
        capsys, "new", "my-set", "--like", "ableton-osc", "--to", "10.0.0.2:11000", *picks
    )
    assert status == 0
    assert str(own / "my-set.toml") in out
    preset = load_preset("my-set")
    assert preset.target.host == "10.0.0.2"
    assert preset.target.reply_port == 11001
    assert preset.pick["track"] == "Drums"
    assert preset.pick["scene"] == {"1": "Drop", "2": 7, "3": 2, "4": 3}
    _, out, _ = said(capsys)
    assert "Ableton Live 11 and 12 with AbletonOSC, mine, yours" in out


def test_questions_make_the_same_preset(
    own: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = load_preset("reaper").ask
    answers = ["studio", "reaper"]
    for name in asked:
        answers += {"track": ["3"], "region": ["5", "", "", ""], "stem": [""] * 4}.get(name, [""])
    answers.append("10.0.0.2:8001")
    monkeypatch.setattr("sys.stdin", Terminal("\n".join(answers) + "\n"))
    status, _, err = said(capsys, "new")
    assert status == 0
    assert "which effect or instrument on it, from 1" in err
    preset = load_preset("studio")
    assert (own / "studio.toml").read_text(encoding="utf-8").count("\n") < 20, "only what differs"
    assert preset.pick["track"] == 3
    assert preset.pick["region"] == {"1": 5, "2": 2, "3": 3, "4": 4}
    assert (preset.target.host, preset.target.port) == ("10.0.0.2", 8001)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["new"], "give the new preset a name"),
        (["new", "My Set"], "'My Set' is no name for a preset: small letters"),
        (["new", "../x"], "is no name for a preset"),
        (["new", "x", "--like", "reapr"], "no preset 'reapr'. Did you mean 'reaper'?"),
        (["new", "x", "--like", "reaper", "--pick", "track"], "is not KEY=VALUE"),
        (["new", "x", "--like", "reaper", "--pick", "trak=1"], "no pick 'trak'. Did you mean"),
        (["new", "x", "--like", "reaper", "--pick", "region=1"], "as in region.1=1"),
        (["new", "x", "--like", "reaper", "--pick", "track=a b"], "cannot be part of an OSC addr"),
        (["new", "x", "--like", "reaper", "--to", "nowhere:0"], "is no OSC target"),
        (["new", "x", "--like", "vmc", "--to", "127.0.0.1:1"], "this one is heard"),
    ],
)
def test_a_preset_that_cannot_be_is_not_written(
    words: list[str],
    line: str,
    own: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    status, _, err = said(capsys, *words)
    assert status == 2
    assert line in err
    assert err.count("\n") == 1
    assert not list(own.glob("*"))


def test_a_preset_of_ones_own_is_not_replaced_unless_that_is_said(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "new", "x", "--like", "max")
    before = (own / "x.toml").read_text(encoding="utf-8")
    status, _, err = said(capsys, "new", "x", "--like", "pd")
    assert status == 2
    assert "is there already" in err
    assert said(capsys, "new", "x", "--like", "reaper", "--force", "--pick", "fx=/")[0] == 2
    assert (own / "x.toml").read_text(encoding="utf-8") == before
    assert said(capsys, "new", "x", "--like", "pd", "--force")[0] == 0


def test_checking_says_what_is_right_and_what_is_not(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('like = "max"\n[[map]]\nsource = "valense"\naddress = "/x"\n')
    status, out, err = said(capsys, "check", "reaper", "vmc", "max", str(wrong))
    assert status == 2
    assert "ok  reaper: sends to 127.0.0.1:8000, 6 signals and 2 events mapped" in out
    assert "ok  vmc: heard on port 39539, 4 messages understood" in out
    assert "ok  max: sends all signals to 127.0.0.1:7771" in out
    assert f"{wrong.name}: map[0].source: no signal 'valense'. Did you mean 'valence'?" in err
    assert said(capsys, "check", *files.paths())[0] == 0
    del own


def test_a_broken_preset_of_the_users_does_not_hide_the_others(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own.mkdir()
    (own / "broken.toml").write_text("like = ")
    status, out, _ = said(capsys)
    assert status == 0
    assert "ableton-osc" in out
    assert "broken.toml is no valid TOML" in " ".join(out.split())
