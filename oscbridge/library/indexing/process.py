"""A process that listens to files as it is ordered on its standard input, until that ends.

Conventions
-----------
A file that takes it down is the fault of that file alone: whoever ordered it starts another
process. It hears no Ctrl-C: whoever started it ends it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys

from oscbridge.own_process import private_stdout, silence_stderr

MODULE = "oscbridge.library.indexing.process"


def main() -> int:
    """Do what is ordered; return the exit status."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from oscbridge.errors import OscbridgeError
    from oscbridge.library.indexing.records import BEGIN, ORDER, receive, send
    from oscbridge.library.indexing.worker import Worker

    with os.fdopen(private_stdout(), "wb", buffering=0) as said:
        silence_stderr()
        orders = sys.stdin.buffer
        begin = receive(orders, BEGIN)
        if begin is None:
            return 0
        try:
            worker = Worker(begin, said)
            with contextlib.suppress(BrokenPipeError):
                while (order := receive(orders, ORDER)) is not None:
                    send(said, worker.look_at(order))
        except OscbridgeError:  # who started us finds out for itself what is wrong
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
