"""The frame of all commands: help, version, exit status, and errors as one line."""

from __future__ import annotations

import logging
import os
import shlex
import signal
import subprocess
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from oscbridge import __version__, cli, ending

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Program


def test_the_version_is_printed_and_nothing_else(program: Program) -> None:
    done = program.run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"oscbridge {__version__}\n", "")


@pytest.mark.parametrize("arguments", [["--help"], []])
def test_help_lists_all_commands_and_where_to_start(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    try:
        status = cli.main(arguments)
    except SystemExit as end:
        status = end.code
    shown = capsys.readouterr().out
    assert status == 0
    assert "start here" in shown
    for command in cli.COMMANDS:
        assert f"    {command}" in shown


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_explains_itself_with_examples(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main([command, "--help"])
    shown = capsys.readouterr().out
    assert end.value.code == 0
    assert "examples:" in shown
    assert f"oscbridge {command}" in shown
    assert max(map(len, shown.splitlines())) <= 100


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["analyse", "x.wav"], "Did you mean 'analyze'?"),
        (["help"], "--help"),
        (["--nonsense"], "--nonsense"),
        (["monitor", "--nonsense"], "--nonsense"),
        (["monitor", "99999"], "65535"),
        (["monitor", "--seconds", "nan"], "seconds"),
        (["analyze"], "FILE"),
        (["run", "--channels", "0"], "channel"),
        (["run", "--plain", "--no-view"], "not allowed"),
    ],
)
def test_wrong_arguments_are_one_line_and_exit_status_2(
    program: Program, arguments: list[str], complaint: str
) -> None:
    done = program.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("oscbridge")
    assert complaint in line


def with_command(monkeypatch: pytest.MonkeyPatch, run: Callable[..., int]) -> None:
    """Put a command in the place of ``doctor``."""
    module = SimpleNamespace(
        DESCRIPTION="", EXAMPLES="", add_arguments=lambda parser: None, run=run
    )
    monkeypatch.setattr(cli.importlib, "import_module", lambda name: module)


def test_an_unexpected_error_is_a_sentence_that_asks_for_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(args: object) -> int:
        raise ZeroDivisionError("of all things")

    with_command(monkeypatch, fail)
    assert cli.main(["doctor"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "ZeroDivisionError" in line
    assert "--debug" in line
    with pytest.raises(ZeroDivisionError):
        cli.main(["doctor", "--debug"])


def test_warnings_are_shown_and_more_with_each_verbose(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def talk(args: object) -> int:
        log = logging.getLogger("oscbridge.somewhere")
        log.warning("careful")
        log.info("by the way")
        log.debug("in detail")
        return 0

    with_command(monkeypatch, talk)
    shown = []
    for arguments in (["doctor"], ["doctor", "-v"], ["-v", "doctor"], ["doctor", "-vv"]):
        assert cli.main(arguments) == 0
        shown.append(capsys.readouterr().err.splitlines())
    quiet = ["oscbridge: careful"]
    more = [*quiet, "oscbridge: by the way"]
    assert shown == [quiet, more, more, [*more, "oscbridge: in detail"]]


@pytest.mark.parametrize("number", ending.SIGNALS, ids=lambda number: number.name)
def test_a_signal_ends_a_batch_command_quietly_and_its_number_is_the_status(
    started: Callable[..., subprocess.Popen[str]], number: signal.Signals
) -> None:
    process = started("analyze", "--json", *["music.wav"] * 50)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(number)
    _, complaints = process.communicate(timeout=60.0)
    assert process.returncode == cli.KILLED_BY + number
    assert complaints == ""


def test_what_nohup_ignores_stays_ignored() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with ending.caught(ending.interrupt):
            assert signal.getsignal(signal.SIGINT) is ending.interrupt
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full")
@pytest.mark.parametrize(
    "arguments", [["analyze", "music.flac"], ["analyze", "--json", "music.flac"], ["doctor"]]
)
def test_a_full_disk_under_the_output_is_one_line_and_status_2(
    program: Program, arguments: list[str]
) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*program.command, *arguments],
            cwd=program.folder,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60.0,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "oscbridge: the output cannot be written: No space left on device.\n"


@pytest.mark.skipif(os.name != "posix", reason="a POSIX shell closes the streams")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_standard_streams_may_be_closed(program: Program, closed: str) -> None:
    command = shlex.join([*program.command, "analyze", "music.flac"])
    done = subprocess.run(
        ["sh", "-c", f"{command} {closed}"],
        cwd=program.folder,
        capture_output=True,
        text=True,
        timeout=60.0,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) == (">&-" not in closed.split())


@pytest.mark.parametrize(
    ("section", "key", "name"),
    [
        ("outputs.osc", "preset", "reapr"),
        ("segments", "rule", "turn"),
        ("analysis", "model", "mus"),
    ],
)
def test_a_name_that_saved_settings_have_wrong_is_blamed_on_their_file(
    section: str,
    key: str,
    name: str,
    program: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    saved = tmp_path / "settings.toml"
    saved.write_text(f'[{section}]\n{key} = "{name}"\n')
    monkeypatch.setenv("OSCBRIDGE_SETTINGS", str(saved))
    done = program.run("run", "--source", "demo")
    assert done.returncode == 2
    assert done.stderr.startswith(f"oscbridge: {saved}: {section}.{key}: no ")
    done = program.run("run", "--source", "demo", f"--{key}", name)
    assert done.stderr.startswith("oscbridge: no "), "what was typed is not the file's fault"
