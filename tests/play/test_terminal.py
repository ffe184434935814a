"""The game at a real terminal: keys walk, the window shows it, nothing is left behind."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEADLINE_S = 90.0
ROWS, COLUMNS = 24, 80
UP = b"\x1b[A"


class Terminal:
    """A terminal in which a program runs, and all that it has shown."""

    def __init__(self, folder: Path, *command: str) -> None:
        self.fd, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.before = termios.tcgetattr(inside)
        self._inside = inside
        self.shown = ""
        environment = {**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}
        environment.pop("COLUMNS", None)
        environment.pop("LINES", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "oscbridge", *command],
            cwd=folder,
            stdin=inside,
            stdout=inside,
            stderr=inside,
            env=environment,
        )

    def read_until(self, words: str) -> None:
        """Read until it shows ``words`` in what comes from now on."""
        end_s = time.monotonic() + DEADLINE_S
        begin = len(self.shown)
        while words not in self.shown[begin:]:
            assert time.monotonic() < end_s, f"waited for {words!r}: {self.shown[-2000:]}"
            ready, _, _ = select.select([self.fd], [], [], 0.1)
            if ready:
                self.shown += os.read(self.fd, 1 << 16).decode("utf-8", "replace")

    @property
    def settings(self) -> list[object]:
        """How the terminal is set now."""
        return termios.tcgetattr(self._inside)

    def close(self) -> None:
        """End the program, and the terminal."""
        self.process.kill()
        self.process.wait()
        os.close(self.fd)
        os.close(self._inside)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """Give a terminal in which a game has begun."""
    path = tmp_path / "settings.toml"
    path.write_text('input = "demo"\n[port]\nport = 0\n[outputs.oscquery]\nenabled = false\n')
    opened = Terminal(tmp_path, "play", "--mute", "--config", str(path))
    yield opened
    opened.close()


def test_one_walks_by_keys_sees_it_and_gets_the_terminal_back(terminal: Terminal) -> None:
    terminal.read_until("you are in the ")
    terminal.read_until("no request yet")
    os.write(terminal.fd, 4 * UP)
    terminal.read_until("request 1: started")
    terminal.read_until("you are in the ")
    assert "feast" in terminal.shown
    assert terminal.settings != terminal.before
    os.write(terminal.fd, b"q")
    terminal.read_until("music and player were in the same quadrant")
    assert terminal.process.wait(DEADLINE_S) == 0
    assert terminal.settings == terminal.before


def test_ctrl_c_ends_it_as_it_ends_any_game(terminal: Terminal) -> None:
    terminal.read_until("no request yet")
    terminal.process.send_signal(signal.SIGINT)
    terminal.read_until("music and player were in the same quadrant")
    assert terminal.process.wait(DEADLINE_S) == 0
    assert terminal.settings == terminal.before
