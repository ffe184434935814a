"""``analyze --profile`` and ``play --profile``: as one listener hears it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.types import AffectState
from oscbridge.cli import main
from oscbridge.profile import Profile
from oscbridge.profiles.folder import FOLDER, Base, base_of
from oscbridge.profiles.opening import open_kept

if TYPE_CHECKING:
    from tests.cli.conftest import Program
    from tests.conftest import OscEar

SHIFT = -0.4


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER, str(tmp_path / "profiles"))
    return tmp_path


def teach(name: str, base: Base) -> None:
    """Teach a profile that all music is less pleasant, and other words."""
    found = open_kept(name, base, required=True)
    profile = Profile(found.keeper, found.course)
    random = np.random.default_rng(1)
    for valence, arousal in random.uniform(-0.5, 0.5, (15, 2)).tolist():
        profile.hear("", AffectState(valence, arousal, 0.5, "music", 1, 1))
        profile.correct("", valence + SHIFT, arousal)
    for quadrant in (1, 2, 3, 4):
        profile.rename(quadrant, f"word {quadrant}")
    profile.close()


def of(records: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [record for record in records if record["type"] == kind]


def test_a_file_is_heard_as_the_listener_hears_it_and_cut_where_it_was(program: Program) -> None:
    teach("anna", base_of("music"))
    plain, own = (
        [json.loads(line) for line in program.run("analyze", "--json", *words).stdout.splitlines()]
        for words in (["music.wav"], ["music.wav", "--profile", "anna"])
    )
    moved = [
        after["valence"] - before["valence"]
        for before, after in zip(of(plain, "affect"), of(own, "affect"), strict=True)
        if before["quadrant"] and before["valence"] > -0.6
    ]
    assert np.mean(moved) == pytest.approx(SHIFT, abs=0.15)
    for kind in ("boundary", "beat"):
        assert of(plain, kind) == of(own, kind)
    for before, after in zip(of(plain, "segment"), of(own, "segment"), strict=True):
        assert (before["start_s"], before["end_s"]) == (after["start_s"], after["end_s"])
        assert after["valence"] < before["valence"] or not before["quadrant"]
    (before,), (after,) = of(plain, "summary"), of(own, "summary")
    assert before["valence"] - after["valence"] == pytest.approx(-np.mean(moved), abs=0.1)
    words = {record["quadrant"]: record["label"] for record in of(own, "affect")}
    assert {q: word for q, word in words.items() if q} == {q: f"word {q}" for q in words if q}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("bob", "no profile 'bob'"),
        ("old", "oscbridge labels migrate old"),
        ("../x", "no profile can be called"),
    ],
)
def test_a_profile_that_does_not_fit_is_refused_before_anything_is_analysed(
    name: str, reason: str, program: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    teach("old", Base("music", "0123456789ab"))
    assert main(["analyze", str(program.folder / "music.wav"), "--profile", name]) == 2
    said = capsys.readouterr().err
    assert reason in said
    assert said.count("\n") == 1


def test_a_game_is_heard_as_the_listener_hears_it(
    program: Program, osc_ear: OscEar, folder: Path
) -> None:
    teach("anna", base_of("music"))
    words = ["play", "--auto", "--json", "--mute", "--seconds", "2", "--to", osc_ear.target]
    settings = folder / "quiet.toml"
    settings.write_text("[port]\nport = 0\n")
    done = program.run(*words, "--config", str(settings), "--profile", "anna")
    assert (done.returncode, done.stderr) == (0, "")
    assert "anna" in {message.args[0] for message in osc_ear.wait_for("/oscbridge/personal", 2)}
