"""Real processes of the command line, and sound files to feed them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.sounds import write_sounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEADLINE_S = 120.0


@dataclass(frozen=True)
class Program:
    """The command line as its users start it, in a folder of its own."""

    folder: Path

    @property
    def command(self) -> list[str]:
        """What comes before the arguments."""
        return [sys.executable, "-m", "oscbridge"]

    def run(self, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run to the end and return exit status and both outputs."""
        return subprocess.run(
            [*self.command, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=DEADLINE_S,
            input=stdin,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start it and return at once."""
        return subprocess.Popen(
            [*self.command, *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with good and bad files."""
    folder = tmp_path_factory.mktemp("sounds")
    write_sounds(folder)
    return folder


@pytest.fixture(scope="session")
def program(sounds: Path) -> Program:
    """Give the command line, started in the folder of the sound files."""
    return Program(sounds)


@pytest.fixture
def started(program: Program) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Give a function that starts a process; all are ended with the test."""
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        processes.append(program.start(*arguments))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.communicate()
