"""A MIDI system in a folder, as a mido backend: what is plugged, what is sent, what is played.

The folder is named by ``FAKE_MIDI``. ``inputs`` and ``outputs`` list the ports, one a line; without
them no system answers. What is sent to port NAME is written to ``NAME.sent``, a line of hexadecimal
digits for each message and ``open`` for each opening; what others play to our virtual port NAME is
read from ``NAME.played``. ``asked`` has a line for each question. While there is a file ``frozen``
every call waits.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import mido

FOLDER = Path(os.environ.get("FAKE_MIDI", "."))


def _thaw() -> None:
    while (FOLDER / "frozen").exists():
        time.sleep(0.01)


def _note(question: str) -> None:
    with (FOLDER / "asked").open("a") as asked:
        asked.write(question + "\n")


def _names(kind: str) -> list[str]:
    path = FOLDER / kind
    if not path.exists():
        raise SystemError("no MIDI here")
    return path.read_text().split("\n")


def get_devices() -> list[dict[str, object]]:
    """List ports, as mido wants them."""
    _note("which ports")
    _thaw()
    heard, sent = _names("inputs"), _names("outputs")
    return [
        {"name": name, "is_input": name in heard, "is_output": name in sent}
        for name in dict.fromkeys(heard + sent)
        if name
    ]


def _plug(kind: str, name: str, virtual: bool) -> None:
    _thaw()
    if virtual:
        _note("virtual port")
        if (FOLDER / "no virtual ports").exists():
            raise NotImplementedError("Virtual ports are not supported by this system.")
        listed = FOLDER / kind
        listed.write_text(listed.read_text() + f"\noscbridge:{name}")
    elif name not in _names({"inputs": "outputs", "outputs": "inputs"}[kind]):
        raise OSError(f"unknown port {name!r}")


class Output:
    """An open output; a virtual one is an input for others."""

    def __init__(
        self, name: str, *, virtual: bool, autoreset: bool, client_name: str | None = None
    ) -> None:
        _plug("inputs", name, virtual)
        self._log = (FOLDER / f"{name}.sent").open("a", buffering=1)
        self._log.write("open\n")

    def send(self, message: mido.Message) -> None:
        """Write the message down."""
        _thaw()
        self._log.write(message.hex() + "\n")

    def close(self) -> None:
        """Write down that it was closed."""
        self._log.write("close\n")


class Input:
    """An open input; a virtual one is an output for others."""

    def __init__(
        self,
        name: str,
        *,
        virtual: bool,
        callback: Callable[[mido.Message], None],
        client_name: str | None = None,
    ) -> None:
        _plug("outputs", name, virtual)
        self._path = FOLDER / f"{name}.played"
        self._callback = callback
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        self._path.touch()
        with self._path.open() as played:
            while True:
                line = played.readline()
                if line:
                    self._callback(mido.Message.from_hex(line))
                else:
                    time.sleep(0.01)
