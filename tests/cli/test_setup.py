"""``oscbridge setup``: with options, at a terminal, and what ``run`` makes of what it saved."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Program
    from tests.conftest import OscEar

    Start = Callable[..., subprocess.Popen[str]]

DEADLINE_S = 90.0
on_unix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are of Unix")


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name the settings file of a user who has none yet."""
    path = tmp_path / "config" / "settings.toml"
    monkeypatch.setenv("OSCBRIDGE_SETTINGS", str(path))
    return path


class Terminal:
    """A terminal with the wizard in it: what it shows, and somebody who types."""

    def __init__(self, program: Program, *arguments: str) -> None:
        self._ours, theirs = os.openpty()
        self.process = subprocess.Popen(
            [*program.command, "setup", *arguments],
            cwd=program.folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        os.set_blocking(self._ours, False)
        self.shown = ""

    def wait_for(self, words: str) -> None:
        """Read until ``words`` are shown after what was waited for before."""
        ends_s = time.monotonic() + DEADLINE_S
        while (at := self.shown.find(words)) < 0:
            assert time.monotonic() < ends_s, f"{words!r} is not in:\n{self.shown}"
            if not self._read():
                assert self.process.poll() is None, f"it ended without {words!r}:\n{self.shown}"
                time.sleep(0.01)
        self.shown = self.shown[at + len(words) :]

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def end(self) -> tuple[int, str]:
        """Exit status, and what was shown since."""
        status = self.process.wait(DEADLINE_S)
        while self._read():
            pass
        return status, self.shown

    def _read(self) -> bool:
        try:
            text = os.read(self._ours, 65_536).decode("utf-8", "replace")
        except OSError:  # nothing there, or the other side is closed
            return False
        self.shown += text.replace("\r\n", "\n")
        return bool(text)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


@pytest.fixture
def terminal(program: Program) -> Iterator[Callable[..., Terminal]]:
    """Give a function that starts the wizard in a terminal."""
    opened: list[Terminal] = []

    def start(*arguments: str) -> Terminal:
        opened.append(Terminal(program, *arguments))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def test_options_answer_everything_and_each_step_has_its_tick(
    program: Program, saved: Path, osc_ear: OscEar
) -> None:
    done = program.run("setup", "--source", "demo", "--to", osc_ear.target)
    assert (done.returncode, done.stderr) == (0, "")
    ticks = re.findall(r"^  (✓|✗) (\S.*?) {2,}", done.stdout, re.MULTILINE)
    assert ticks == [
        ("✓", "start"),
        ("✓", osc_ear.target),
        ("✓", "input"),
        ("✓", "test pattern"),
    ]
    osc_ear.wait_for("/oscbridge/quadrant/enter", count=4)
    assert {1, 2, 3, 4} <= {heard.args[0] for heard in osc_ear.of("/oscbridge/quadrant")}
    assert tomllib.loads(saved.read_text(encoding="utf-8")) == {
        "input": "demo",
        "outputs": {"osc": {"preset": "default", "to": [osc_ear.target]}},
    }
    assert done.stdout.splitlines()[-3:] == [
        f"saved to {saved}",
        "from now on:   oscbridge run",
        f"which means:   oscbridge run --to {osc_ear.target} --source demo",
    ]


def test_what_was_saved_is_what_run_starts_with(
    program: Program, saved: Path, osc_ear: OscEar
) -> None:
    setup = ("setup", "--source", "demo", "--to", osc_ear.target, "--yes", "--no-test")
    assert program.run(*setup).returncode == 0
    done = program.run("run", "--seconds", "3", "--plain")
    assert done.returncode == 0, done.stderr
    assert f"settings from {saved}" in done.stdout
    assert "source demo" in done.stdout
    osc_ear.wait_for("/oscbridge/valence")
    printed = program.run("run", "--print-config", "--source", "music.wav").stdout
    settings = tomllib.loads(printed)
    assert settings["input"] == "music.wav"
    assert settings["outputs"]["osc"]["to"] == [osc_ear.target]


def test_other_settings_files_and_the_demo_do_not_know_what_was_saved(
    program: Program, saved: Path, tmp_path: Path
) -> None:
    setup = ("setup", "--source", "demo", "--to", "127.0.0.1:9", "--yes", "--no-test")
    assert program.run(*setup).returncode == 0
    other = tmp_path / "other.toml"
    other.write_text("[send]\nrate_hz = 5\n", encoding="utf-8")
    for arguments in (["run", "--config", str(other)], ["demo"]):
        printed = tomllib.loads(program.run(*arguments, "--print-config").stdout)
        assert printed["outputs"]["osc"]["to"] == []


def test_where_nobody_listens_yet_that_is_said_and_it_is_saved_all_the_same(
    program: Program, saved: Path, free_udp_port: int
) -> None:
    target = f"127.0.0.1:{free_udp_port}"
    done = program.run("setup", "--source", "demo", "--to", target, "--preset", "pd")
    assert done.returncode == 0
    assert re.search(rf"✗ {target} +nobody listens there yet\n +→ start the program", done.stdout)
    assert tomllib.loads(saved.read_text())["outputs"]["osc"] == {"preset": "pd", "to": [target]}


def test_the_steps_in_the_host_are_told(program: Program, saved: Path) -> None:
    done = program.run("setup", "--preset", "reaper", "--source", "demo", "--yes", "--no-test")
    assert done.returncode == 0
    assert "\nREAPER\n  1. " in done.stdout
    assert "oscbridge presets new --like reaper" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("oscbridge run --preset reaper --source demo")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--preset", "no-such-host"], "no preset 'no-such-host'"),
        (["--to", "nowhere:0"], "'nowhere:0' is no OSC target"),
        (["--source", "missing.wav"], "missing.wav"),
        (["--midi-in", "no such keyboard"], "MIDI"),
    ],
)
def test_what_cannot_be_is_one_line_and_nothing_is_saved(
    arguments: list[str], complaint: str, program: Program, saved: Path
) -> None:
    done = program.run("setup", "--yes", *arguments)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1
    assert not saved.exists()


def test_a_file_that_cannot_be_written_is_named(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")
    monkeypatch.setenv("OSCBRIDGE_SETTINGS", str(taken / "settings.toml"))
    done = program.run("setup", "--yes", "--no-test", "--source", "demo")
    assert done.returncode == 2
    assert "settings.toml cannot be written: " in done.stderr


def test_a_sound_file_is_found_again_from_everywhere(program: Program, saved: Path) -> None:
    done = program.run("setup", "--yes", "--no-test", "--source", "music.wav")
    assert done.returncode == 0
    assert tomllib.loads(saved.read_text())["input"] == str(program.folder / "music.wav")


@on_unix
def test_at_a_terminal_it_asks_and_answers_lead_to_what_is_saved(
    terminal: Callable[..., Terminal], saved: Path, osc_ear: OscEar
) -> None:
    wizard = terminal()
    wizard.wait_for("Which program shall be told?")
    wizard.wait_for("number or name [")
    wizard.type("unity\n")
    wizard.wait_for("'unity' is several of these.")
    wizard.type("touchdesigner\n")
    wizard.wait_for("TouchDesigner\n  1. ")
    wizard.wait_for("Where does it listen? HOST:PORT [127.0.0.1:7771]: ")
    wizard.type(f"{osc_ear.target}\n")
    wizard.wait_for("What shall be heard?")
    wizard.wait_for("number or name [1]: ")
    wizard.type("demo\n")
    wizard.wait_for("✓ test pattern")
    wizard.wait_for("Did something move in TouchDesigner? yes or no [yes]: ")
    wizard.type("\n")
    status, shown = wizard.end()
    assert status == 0
    assert f"oscbridge run --preset touchdesigner --to {osc_ear.target} --source demo" in shown
    osc = {"preset": "touchdesigner", "to": [osc_ear.target]}
    assert tomllib.loads(saved.read_text()) == {"input": "demo", "outputs": {"osc": osc}}


@on_unix
def test_at_a_terminal_what_does_not_work_need_not_be_saved(
    terminal: Callable[..., Terminal], saved: Path, free_udp_port: int
) -> None:
    wizard = terminal("--preset", "default", "--source", "demo")
    wizard.wait_for("Where does it listen?")
    wizard.type(f"127.0.0.1:{free_udp_port}\n")
    wizard.wait_for("Save it all the same? yes or no [yes]: ")
    wizard.type("no\n")
    status, shown = wizard.end()
    assert status == 0
    assert shown.strip().endswith("Nothing was saved.")
    assert not saved.exists()


@on_unix
def test_at_a_terminal_a_sound_file_is_asked_for_until_there_is_one(
    terminal: Callable[..., Terminal], saved: Path, program: Program
) -> None:
    wizard = terminal("--preset", "default", "--to", "127.0.0.1:9", "--no-test")
    wizard.wait_for("number or name [1]: ")
    wizard.type("a sound\n")
    wizard.wait_for("path of the file [song.flac]: ")
    wizard.type("\n")
    wizard.wait_for("there is no file 'song.flac' here.")
    wizard.type("music.wav\n")
    assert wizard.end()[0] == 0
    assert tomllib.loads(saved.read_text())["input"] == str(program.folder / "music.wav")


@on_unix
def test_the_end_of_input_saves_nothing(terminal: Callable[..., Terminal], saved: Path) -> None:
    wizard = terminal()
    wizard.wait_for("number or name [")
    wizard.type("\x04")
    status, shown = wizard.end()
    assert status == 2
    assert "nobody answers: nothing was saved." in shown
    assert not saved.exists()


def test_an_interrupted_try_leaves_no_process_and_saves_nothing(
    started: Start, saved: Path, osc_ear: OscEar
) -> None:
    process = started("setup", "--source", "demo", "--to", osc_ear.target)
    osc_ear.wait_for("/oscbridge/hello", deadline_s=DEADLINE_S)
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30.0)
    assert process.returncode == 128 + signal.SIGINT
    assert psutil.wait_procs(children, timeout=30.0)[1] == []
    assert not saved.exists()
