"""Games that listen to oscbridge, as processes that print what they hear."""

from __future__ import annotations

import queue
import subprocess
import threading
import time
from dataclasses import dataclass, field

DEADLINE_S = 30.0


@dataclass
class Game:
    """A running game, which ends with its standard input; what it prints, as lists of words."""

    process: subprocess.Popen[str]
    lines: list[list[str]] = field(default_factory=list[list[str]])
    _fresh: queue.Queue[str] = field(default_factory=queue.Queue[str])

    def __post_init__(self) -> None:
        """Start to read; the program must never wait for us."""
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._fresh.put(line.rstrip("\n"))

    def tell(self, command: str) -> None:
        """Give it a command."""
        assert self.process.stdin
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def wait_for(self, *words: str, count: int = 1, deadline_s: float = DEADLINE_S) -> list[str]:
        """Wait for line number ``count`` that begins with ``words``, and return it.

        Raises
        ------
        AssertionError
            It did not come in time.
        """
        end_s = time.monotonic() + deadline_s
        while len(found := self.of(*words)) < count:
            try:
                self.lines.append(
                    self._fresh.get(timeout=max(0.0, end_s - time.monotonic())).split("\t")
                )
            except queue.Empty:
                told = "\n".join("\t".join(line) for line in self.lines[-20:])
                raise AssertionError(f"no line {' '.join(words)}; the last:\n{told}") from None
        return found[count - 1]

    def of(self, *words: str) -> list[list[str]]:
        """Lines so far that begin with ``words``."""
        return [line for line in self.lines if tuple(line[: len(words)]) == words]

    def end(self) -> None:
        """Let it end by itself, as a game does that is quit."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(DEADLINE_S)
        self._reading.join(DEADLINE_S)
        assert self.process.stdout
        self.process.stdout.close()
