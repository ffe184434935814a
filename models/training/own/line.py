"""The wire between a training and the process that started it: messages out, and a leash.

Conventions
-----------
Messages (`models.learning_report`) go to what was standard output at the start; from then on
standard output is standard error, since libraries print. The other side lets go of us by closing
our standard input or by not reading any more; `Line.check` is called between two steps.
"""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

from models.learning_report import write

if TYPE_CHECKING:
    from models.learning_report import Message


class StoppedError(Exception):
    """The one who started us does not want any more of it."""


class Line:
    """The way out: messages, one a line; and the leash, looked at between two steps.

    Raises
    ------
    StoppedError
        From `step`, when the other side has let go.
    """

    def __init__(self, *, leash: bool) -> None:
        self._out = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)  # what a library prints is no message
        self._stopped = threading.Event()
        if leash:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            threading.Thread(target=self._hold, daemon=True).start()

    def tell(self, message: Message) -> None:
        """Send a message; whoever does not listen any more wants us to stop."""
        try:
            self._out.write(write(message))
        except OSError:
            self._stopped.set()

    def check(self) -> None:
        """Stop here if we have been let go.

        Raises
        ------
        StoppedError
            We have.
        """
        if self._stopped.is_set():
            raise StoppedError

    def _hold(self) -> None:
        # Not sys.stdin: a thread that waits in it would hold its lock when the interpreter ends.
        while os.read(0, 1024):
            pass
        self._stopped.set()
