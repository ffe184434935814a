"""``oscbridge models``: the list, the cards, and a model trained on a folder of one's own.

The music is made here: four kinds of sound that nobody confuses, eight files each, so that learning
takes seconds. One training runs undisturbed; another one is killed and interrupted on its way and
must end with the same bits.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from models.weights import FOLDER, read_weights

pytestmark = pytest.mark.timeout(600)

RATE = 24_000
FILES = 8
EPOCHS = "3"
DEADLINE_S = 500.0
FOLDERS = {1: "happy", 2: "Q2", 3: "3 sad", 4: "calm"}


def sound(quadrant: int, rng: np.random.Generator) -> np.ndarray:
    """A few seconds: fast and bright, fast and rough, slow and low, slow and clear."""
    t = np.arange(int(rng.uniform(3.1, 4.0) * RATE)) / RATE
    hz = rng.uniform(180.0, 320.0) * {1: 3.0, 2: 2.0, 3: 0.5, 4: 2.0}[quadrant]
    pulse = np.exp(-6.0 * ((t * rng.uniform(7.0, 9.0)) % 1.0)) if quadrant <= 2 else 1.0
    tones = {1: (1.0, 1.25, 1.5), 2: (1.0, 1.06, 1.41), 3: (1.0, 1.2, 1.5), 4: (1.0, 1.25, 1.5)}
    mix = sum(
        np.sin(2 * np.pi * hz * k * ratio * t) / k for ratio in tones[quadrant] for k in (1, 2)
    )
    rough = 0.5 * rng.standard_normal(len(t)) if quadrant == 2 else 0.0
    return (0.1 * (mix + rough) * pulse).astype(np.float32)


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a labelled folder."""
    folder = tmp_path_factory.mktemp("own") / "My Music"
    rng = np.random.default_rng(0)
    for quadrant, name in FOLDERS.items():
        (folder / name).mkdir(parents=True)
        for i in range(FILES):
            soundfile.write(folder / name / f"{i}.wav", sound(quadrant, rng), RATE)
    return folder


@dataclass(frozen=True)
class Shell:
    """The command line with a folder of models of its own."""

    models: Path

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "OSCBRIDGE_MODELS": str(self.models)}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "oscbridge", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=DEADLINE_S,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start it as a terminal would: in a group of its own, which Ctrl-C reaches as a whole."""
        return subprocess.Popen(
            [sys.executable, "-m", "oscbridge", *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path_factory.mktemp("models"))


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Read standard error up to the line that begins with ``words``."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if line.startswith(words):
            return said
    raise AssertionError(f"it never said {words!r}, only: {said}")


@pytest.fixture(scope="module")
def killed(shell: Shell, music: Path) -> tuple[str, ...]:
    """Begin a training, kill it after an epoch; give its command line."""
    train = ("models", "train", "--data", str(music), "--name", "again", "--epochs", EPOCHS)
    process = shell.start(*train)
    read_until(process, "epoch  1")
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return train


@pytest.fixture(scope="module")
def trained(shell: Shell, music: Path, killed: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Train a model without disturbance; what the killed one had heard is not heard again."""
    heard = shell.models / ".again.training" / "sounds"
    shutil.copytree(heard, shell.models / ".my-music.training" / "sounds")
    done = shell.run("models", "train", "--data", str(music), "--epochs", EPOCHS, "--resume")
    assert done.returncode == 0, done.stderr
    return done


def test_training_says_what_it_learns_and_how_right_it_is(
    trained: subprocess.CompletedProcess[str],
) -> None:
    assert "32 files (8 happy, 8 tense, 8 sad, 8 relaxed)" in trained.stderr
    assert "epoch  1   loss" in trained.stderr
    assert "my-music is ready" in trained.stdout
    assert "oscbridge run --model my-music" in trained.stdout
    (line,) = [
        x for x in trained.stdout.splitlines() if x.strip().startswith("quadrant accuracy  ")
    ]
    assert float(line.split()[2]) > 0.5, "sounds that nobody confuses are told apart"


def test_the_card_of_an_own_model_says_whose_data_and_licence_it_is(
    shell: Shell, trained: subprocess.CompletedProcess[str]
) -> None:
    card = read_weights("my-music", shell.models).card
    assert card["data"][0]["name"] == "your folder 'My Music'"
    assert card["data"][0]["clips"] == card["figures"]["n"] == 4 * FILES
    assert "the licence is yours" in card["licence"]
    assert read_weights("music").card["licence"] in card["licence"]
    assert "[" in card["figures"]["quadrant accuracy"]["model"]
    shown = shell.run("models", "show", "my-music").stdout
    for heading in ("intended use", "learned from", "licence", "how right it is", "limits"):
        assert heading in shown


def test_an_own_model_can_be_used_at_once(
    shell: Shell, music: Path, trained: subprocess.CompletedProcess[str]
) -> None:
    done = shell.run("analyze", "--json", "--model", "my-music", str(music / "happy" / "0.wav"))
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    digest = read_weights("my-music", shell.models).digest
    assert summary["model"] == f"my-music@{digest}"
    assert shell.run("models", "verify", "my-music").stdout == f"ok  my-music  {digest}\n"


def test_the_list_names_shipped_and_own_models(
    shell: Shell, trained: subprocess.CompletedProcess[str]
) -> None:
    table = shell.run("models").stdout
    assert "my-music" in table
    records = [json.loads(line) for line in shell.run("models", "--json").stdout.splitlines()]
    by_name = {record["name"]: record for record in records}
    assert set(by_name) == {path.stem for path in FOLDER.glob("*.npz")} | {"my-music"}
    assert by_name["my-music"]["own"] is True
    assert by_name["music"]["own"] is False
    assert by_name["my-music"]["quadrant_accuracy"] in table


def test_a_training_that_was_killed_and_interrupted_ends_with_the_same_bits(
    shell: Shell, killed: tuple[str, ...], trained: subprocess.CompletedProcess[str]
) -> None:
    assert "--resume" in shell.run(*killed).stderr, "what was begun is not thrown away unasked"

    second = shell.start(*killed, "--resume")
    said = read_until(second, "epoch  2")
    assert "going on after epoch 1" in said
    os.killpg(second.pid, signal.SIGINT)
    _, rest = second.communicate(timeout=DEADLINE_S)
    assert second.returncode == 128 + signal.SIGINT
    (hint,) = [line for line in rest.splitlines() if "go on with" in line]
    assert "again" in shell.run("models").stdout, "the list tells what is not finished"

    again = shlex.split(hint.partition("go on with: ")[2])
    assert again[0] == "oscbridge"
    third = shell.run(*again[1:])
    assert third.returncode == 0, third.stderr
    uninterrupted = read_weights("my-music", shell.models).card
    resumed = read_weights("again", shell.models).card
    assert resumed["sha256"] == uninterrupted["sha256"]
    assert resumed["figures"] == uninterrupted["figures"]
    assert not list(shell.models.glob(".*.training"))


def test_own_models_can_be_removed_and_shipped_ones_stay(
    shell: Shell, trained: subprocess.CompletedProcess[str]
) -> None:
    for ending in (".npz", ".json"):
        card = (shell.models / f"my-music{ending}").read_bytes().replace(b'"my-music"', b'"copy"')
        (shell.models / f"copy{ending}").write_bytes(card)
    assert shell.run("models", "rm", "copy").returncode == 0
    assert not list(shell.models.glob("copy*"))
    refused = shell.run("models", "rm", "music")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert (FOLDER / "music.npz").exists()


@pytest.fixture
def spoiled(music: Path, tmp_path: Path) -> Path:
    """Give a copy of the music with bad files in it."""
    folder = tmp_path / "spoiled"
    shutil.copytree(music, folder)
    (folder / "happy" / "no sound.wav").write_text("hello")
    soundfile.write(folder / "calm" / "short.wav", np.ones(RATE), RATE)
    soundfile.write(folder / "calm" / "silent.wav", np.zeros(5 * RATE), RATE)
    shutil.copy(folder / "Q2" / "0.wav", folder / "Q2" / "twin.wav")
    (folder / "party").mkdir()
    shutil.copy(folder / "Q2" / "1.wav", folder / "party" / "x.wav")
    return folder


def test_bad_data_is_refused_with_the_list_of_all_bad_files(shell: Shell, spoiled: Path) -> None:
    done = shell.run("models", "train", "--data", str(spoiled), "--name", "bad")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "5 of 37 files are bad" in done.stderr
    for complaint in (
        "happy/no sound.wav: cannot be decoded",
        "calm/short.wav: lasts 1.0 s",
        "calm/silent.wav: is silent",
        "Q2/twin.wav: is the same sound as Q2/0.wav",
        "party/x.wav: the folder 'party' names no quadrant",
    ):
        assert complaint in done.stderr
    assert "--skip-bad" in done.stderr
    assert not list(shell.models.glob("*bad*"))


def test_too_little_music_is_refused_even_without_its_bad_files(
    shell: Shell, spoiled: Path
) -> None:
    (spoiled / "calm" / "0.wav").unlink()
    done = shell.run("models", "train", "--data", str(spoiled), "--name", "bad", "--skip-bad")
    assert done.returncode == 2
    assert "left out 5 bad files:" in done.stderr
    assert "Q4 has 7 good files, at least 8 are needed" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["show", "musik"], "Did you mean 'music'?"),
        (["verify", "musik"], "Did you mean 'music'?"),
        (["rm", "musik"], "no model of yours 'musik'"),
        (["train"], "--data"),
        (["train", "--data", "nowhere"], "no folder 'nowhere'"),
        (["train", "--data", ".", "--name", "music"], "there is a model 'music' in oscbridge"),
        (["train", "--data", ".", "--name", "../x"], "letters, digits"),
        (["train", "--data", ".", "--name", "x", "--resume"], "no training of 'x'"),
        (["train", "--data", ".", "--epochs", "0"], "--epochs"),
        (["teach"], "invalid choice"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_one_line(
    shell: Shell, arguments: list[str], complaint: str
) -> None:
    done = shell.run("models", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert complaint in line


def test_a_damaged_model_is_told_in_the_list_and_refused_elsewhere(
    shell: Shell, music: Path, tmp_path: Path
) -> None:
    other = Shell(tmp_path)
    for ending in (".npz", ".json"):
        shutil.copy(FOLDER / f"music{ending}", tmp_path / f"mine{ending}")
    listed = other.run("models")
    assert "that of another model, 'music'" in listed.stdout
    for arguments in (["models", "verify", "mine"], ["analyze", "--model", "mine", "x.wav"]):
        refused = other.run(*arguments)
        assert refused.returncode == 2
        assert "Traceback" not in refused.stderr
    assert "that of another model" in other.run("models", "verify", "mine").stderr
