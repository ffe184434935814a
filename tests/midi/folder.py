"""A MIDI system that is a folder (`tests.midi.fake_system`), as a test plugs and reads it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import mido

from oscbridge.outputs.midi import IN, OUT

DEADLINE_S = 30.0


def wait_until(condition: Callable[[], bool]) -> None:
    """Poll until ``condition`` holds."""
    end_s = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.01)


@dataclass
class System:
    """The folder."""

    folder: Path

    def plug(self, *, inputs: Sequence[str] = (), outputs: Sequence[str] = ()) -> None:
        """Let exactly these ports be there."""
        for kind, names in (("inputs", inputs), ("outputs", outputs)):
            written = self.folder / f"{kind}.new"
            written.write_text("\n".join(names))
            written.rename(self.folder / kind)

    def unplug(self) -> None:
        """Let no system be there."""
        for kind in ("inputs", "outputs"):
            (self.folder / kind).unlink(missing_ok=True)

    def sent(self, port: str = OUT) -> list[str]:
        """What was sent to a port, whole lines of it."""
        path = self.folder / f"{port}.sent"
        return path.read_text().split("\n")[:-1] if path.exists() else []

    def asked(self, question: str) -> int:
        """How often the system was asked something."""
        return (self.folder / "asked").read_text().split("\n").count(question)

    def play(self, *messages: mido.Message, port: str = IN) -> None:
        """Play to a port of ours, when it is open."""
        wait_until((self.folder / f"{port}.played").exists)
        with (self.folder / f"{port}.played").open("a") as played:
            played.write("".join(message.hex() + "\n" for message in messages))
