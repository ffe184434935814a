"""Looks which MIDI ports there are: MIDI tells nobody when a cable is pulled.

Conventions
-----------
One process looks, and is replaced where it has crashed, or was stuck for long. Whoever holds ports
shares it and looks at ``seen`` whenever it likes. It begins when the ports have been opened: a JACK
server that waits for its clients may stall when several come at once.
"""

from __future__ import annotations

import threading

from oscbridge.midi.child import MidiProcess
from oscbridge.midi.records import WATCH_S, Ports, Refused, Silent, Watch

_LOOK_UP_S = 0.1


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

    def __init__(self, watch_s: float) -> None:
        self._watch_s = watch_s
        self.seen: Ports | Silent | Refused | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="midi-watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def leave(self) -> None:
        """Ask the process to leave; `close` waits until it has."""
        self._closing.set()

    def close(self) -> None:
        """Look no more; a second call does nothing."""
        self.leave()
        if self._thread.is_alive():
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
            elif isinstance(record, Refused) or process.hopeless:
                process.end()
                self._closing.wait(WATCH_S)
                process = MidiProcess(Watch(self._watch_s))
            elif process.stuck and not isinstance(self.seen, Silent):
                self.seen = Silent("MIDI does not answer.")
        process.end()
