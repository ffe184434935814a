"""Our end of a process that is ordered and that tells things in lines of JSON: start, read, end.

Conventions
-----------
The first line that it gets is the request, the others are orders; the end of its input means
"stop". It says something every second or so: silence means that it is stuck in a driver, and then
its owner ends it.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from oscbridge.own_process import open_child
from oscbridge.piped_lines import LineReader, LineWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LEAVE_S = 0.5
"""How long a process may take to leave."""
_ENDING_S = 0.05

R = TypeVar("R")


class LineProcess(Generic[R]):
    """A running process.

    Parameters
    ----------
    program : sequence of str
        Arguments for Python.
    request : msgspec.Struct
        What it has to do.
    records : type
        What it tells.
    crashed : callable
        Makes the record that says that it ended without a word, from how it ended.
    open_s, quiet_s : float
        Silence that means that it is stuck: before its first word, and after that, seconds.

    Attributes
    ----------
    prompt : bool
        Whether `order` never waits.
    quiet_for_s : float
        For how long it has said nothing, seconds.
    """

    def __init__(
        self,
        program: Sequence[str],
        request: msgspec.Struct,
        records: Any,
        crashed: Callable[[str], R],
        *,
        open_s: float,
        quiet_s: float,
    ) -> None:
        self._process = open_child(program)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._orders = LineWriter(self._process.stdin)
        self._lines = LineReader(self._process.stdout.fileno())
        self._decode: Callable[[bytes], R] = msgspec.json.Decoder(records).decode
        self._crashed = crashed
        self._patience_s, self._quiet_s = open_s, quiet_s
        self._spoke_s = time.monotonic()
        self.prompt = self._orders.prompt
        self._orders.put(msgspec.json.encode(request))

    def order(self, order: msgspec.Struct) -> bool:
        """Order something; False where it takes no more, because it is stuck or gone."""
        return self._orders.put(msgspec.json.encode(order))

    def next(self, timeout_s: float) -> R | None:
        """Next record; None when none came in time, one made by ``crashed`` when it has ended."""
        line = self._lines.take(timeout_s)
        if line is not None:
            self._patience_s, self._spoke_s = self._quiet_s, time.monotonic()
            return self._decode(line)
        return self._crashed(self._how_it_ended()) if self._lines.ended else None

    @property
    def quiet_for_s(self) -> float:
        """For how long it has said nothing, seconds."""
        return time.monotonic() - self._spoke_s

    @property
    def stuck(self) -> bool:
        """Whether it has said nothing for too long; the first word takes longer."""
        return self.quiet_for_s > self._patience_s

    def leave(self) -> None:
        """Ask it to leave."""
        self._orders.close()

    def end(self) -> None:
        """Let it leave, or, if it does not within `LEAVE_S`, kill it."""
        assert self._process.stdout is not None
        self.leave()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(LEAVE_S)
        self._process.kill()
        self._process.wait()
        self._lines.close()
        self._process.stdout.close()

    def _how_it_ended(self) -> str:
        """`` (SIGSEGV)`` and the like; empty where no signal ended it."""
        with contextlib.suppress(subprocess.TimeoutExpired, ValueError):
            status = self._process.wait(_ENDING_S)
            return f" ({signal.Signals(-status).name})" if status < 0 else ""
        return ""
