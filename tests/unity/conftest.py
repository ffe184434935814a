"""The package compiled once, and games that use it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unity.csharp import ASSEMBLIES, compile_assembly
from tests.unity.game import Game
from tests.unity.wire import Bridge


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder with all assemblies."""
    folder = tmp_path_factory.mktemp("csharp")
    for assembly in ASSEMBLIES:
        complaints = compile_assembly(assembly, folder)
        assert not complaints, complaints
    return folder


@pytest.fixture
def start_game(built: Path) -> Iterator[Callable[..., Game]]:
    """Give a function that starts a game which listens; all of them end with the test."""
    games: list[Game] = []

    def start(*arguments: str) -> Game:
        process = subprocess.Popen(
            ["mono", str(built / "Peer.exe"), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        games.append(Game(process))
        return games[-1]

    yield start
    for game in games:
        game.end()


@pytest.fixture
def start_bridge(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Give a function that starts oscbridge as users do; all of them end with the test."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        running.append(
            subprocess.Popen(
                [sys.executable, "-m", "oscbridge", "run", "--no-view", *arguments],
                cwd=tmp_path,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        )
        return running[-1]

    yield start
    for process in running:
        process.terminate()
        process.communicate(timeout=30.0)


@pytest.fixture
def bridge() -> Iterator[Bridge]:
    """Give a stand-in for oscbridge."""
    made = Bridge()
    yield made
    made.udp.close()
