"""Keys as they are pressed, without waiting for the return key: the standard library alone.

Conventions
-----------
Known keys have names: ``left right up down`` (arrows, or a d w s), ``auto`` (space) and ``quit``
(q); others are not there. Opened on a terminal only; `Keys.close` gives it back as it was.
"""

from __future__ import annotations

import os
import sys
from typing import Protocol

NAMES = {
    "\x1b[D": "left",
    "\x1b[C": "right",
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1bOD": "left",
    "\x1bOC": "right",
    "\x1bOA": "up",
    "\x1bOB": "down",
    "\xe0K": "left",
    "\xe0M": "right",
    "\xe0H": "up",
    "\xe0P": "down",
    "a": "left",
    "d": "right",
    "w": "up",
    "s": "down",
    " ": "auto",
    "q": "quit",
}
"""What terminals send for a key; those with a leading à are of Windows."""
_LONGEST = max(map(len, NAMES))


class Keys(Protocol):
    """A keyboard."""

    def pressed(self) -> list[str]:
        """Names of the keys pressed since the last call."""
        ...

    def close(self) -> None:
        """Give the terminal back; a second call does nothing."""
        ...


def names_in(text: str) -> list[str]:
    """Names of the keys in what a terminal has sent."""
    names: list[str] = []
    while text:
        length = next((n for n in range(_LONGEST, 0, -1) if text[:n] in NAMES), 0)
        if length:
            names.append(NAMES[text[:length]])
        text = text[length or 1 :]
    return names


def open_keys() -> Keys | None:
    """Open the keyboard of the terminal; None where standard input is none."""
    if not sys.stdin or not sys.stdin.isatty():
        return None
    return _open()


if sys.platform == "win32":
    import msvcrt

    class ConsoleKeys:
        """The keyboard of a Windows console."""

        def pressed(self) -> list[str]:
            """Names of the keys pressed since the last call."""
            text = ""
            while msvcrt.kbhit():
                text += msvcrt.getwch()
            return names_in(text)

        def close(self) -> None:
            """Nothing was changed."""

    def _open() -> Keys:
        return ConsoleKeys()

else:
    import select
    import termios
    import tty

    class TerminalKeys:
        """The keyboard of a terminal.

        Parameters
        ----------
        fd : int
            File descriptor of the terminal.
        """

        def __init__(self, fd: int) -> None:
            self._fd = fd
            self._before = termios.tcgetattr(fd)
            tty.setcbreak(fd)  # Ctrl-C stays a signal

        def pressed(self) -> list[str]:
            """Names of the keys pressed since the last call."""
            ready, _, _ = select.select([self._fd], [], [], 0.0)
            if not ready:
                return []
            try:
                return names_in(os.read(self._fd, 256).decode("utf-8", "replace"))
            except OSError:  # the terminal is gone
                return ["quit"]

        def close(self) -> None:
            """Give the terminal back; a second call does nothing."""
            termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)

    def _open() -> Keys:
        return TerminalKeys(sys.stdin.fileno())
