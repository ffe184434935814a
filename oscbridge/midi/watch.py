"""Looks which MIDI ports there are: MIDI tells nobody when a cable is pulled.

Conventions
-----------
One process looks, and is replaced where it is stuck or has crashed. Whoever holds ports shares it
and looks at ``seen`` whenever it likes.
"""

from __future__ import annotations

import threading

from oscbridge.midi.child import MidiProcess
from oscbridge.midi.records import WATCH_S, Ports, Refused, Silent, Watch

STUCK = Silent("does not answer")
_LOOK_UP_S = 0.05


class PortWatch:
    """Keeps a watching process.

    Parameters
    ----------
    watch_s : float
        How often to look, seconds.

    Attributes
    ----------
    seen : Ports, Silent, Refused or None
        What it saw last, another object each time; None before the first look.
    """

    def __init__(self, watch_s: float = WATCH_S) -> None:
        self._watch_s = watch_s
        self.seen: Ports | Silent | Refused | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="midi-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more; a second call does nothing."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        process = MidiProcess(Watch(self._watch_s))
        while not self._closing.is_set():
            record = process.next(_LOOK_UP_S)
            if isinstance(record, Ports | Silent):
                self.seen = record
            elif isinstance(record, Refused) and record.package:
                self.seen = record
                break  # no package comes while we run
            elif isinstance(record, Refused) or process.stuck:
                self.seen = Silent(STUCK.detail)
                process.end()
                self._closing.wait(WATCH_S)
                process = MidiProcess(Watch(self._watch_s))
        process.end()
