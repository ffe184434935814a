"""Keeps a MIDI port open, whatever the MIDI system does.

Conventions
-----------
A process holds the port (`oscbridge.midi.process`); a thread of ours reads what it tells and looks
at what the watch sees (`oscbridge.midi.watch`). When the port is gone, or its process has crashed,
the process is ended and ``trouble`` says what is waited for; as soon as the port is there again, a
new process opens it. When the MIDI system falls silent, ``trouble`` says so, and what is done waits
until it speaks again: then the port is opened anew, since the system may have given up our
connection. A virtual port is kept if it is still there: others are connected to it, and would not
come back by themselves.

Where the port cannot be opened, that is tried again only when other ports are there than before, or
the MIDI system has come back.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

import msgspec

from oscbridge.midi.backend import PortChoice, steady
from oscbridge.midi.child import OPEN_S, MidiProcess
from oscbridge.midi.records import Hear, Heard, Opened, Ports, Refused, Say, Silent

if TYPE_CHECKING:
    from oscbridge.midi.records import MidiOrder
    from oscbridge.midi.watch import PortWatch

_LOOK_UP_S = 0.1


class PortUser(Protocol):
    """Whoever a port is kept for; called by the keeper's thread."""

    def heard(self, message: bytes, age_s: float) -> None:
        """Take a message of an input, with its age in seconds."""
        ...

    def started(self) -> None:
        """Order what a process has to know that opens the port anew."""
        ...

    def lost(self) -> None:
        """The port is gone, for now."""
        ...

    def look(self) -> None:
        """Do what time asks for; comes at least some ten times a second."""
        ...


class PortKeeper:
    """Keeps one port.

    Parameters
    ----------
    request : Hear or Say
        The port and what to do there.
    user : PortUser
        Whom it is for.
    watch : PortWatch
        Who looks which ports there are; closed by whoever made it.

    Attributes
    ----------
    name : str
        The port, by the name that it has now; as wanted before it was ever open.
    trouble : str
        What is waited for; empty while the port is open.
    refused : Refused or None
        Why it could not be opened at the start.
    prompt : bool
        Whether `order` never waits.
    """

    def __init__(self, request: Hear | Say, user: PortUser, watch: PortWatch) -> None:
        self._request = request
        self._user = user
        self._watch = watch
        self._looked_at: object = None
        self._vain: Ports | None = None  # what there was when opening failed
        self._looks_to_skip = 0  # they may have been made before the port was open
        self._open = False
        self._known = False  # it was open once
        self._silent = False  # since it was last looked for
        self.name = request.port.name
        self.trouble = ""
        self.refused: Refused | None = None
        self._process: MidiProcess | None = MidiProcess(request)
        self.prompt = self._process.prompt
        record = self._process.next(OPEN_S)
        if isinstance(record, Opened):
            self._opened(record.name)
        else:
            silent = Refused(f"MIDI did not answer within {OPEN_S:g} s.")
            self.refused = record if isinstance(record, Refused) else silent
            self._lose(self.refused.detail)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="midi-port", daemon=True)

    def start(self) -> None:
        """Begin to look after the port: from now on the user is called."""
        self._thread.start()

    def order(self, order: MidiOrder) -> bool:
        """Order something at the port; False where it is not taken."""
        process = self._process
        return process is not None and process.order(order)

    def leave(self) -> None:
        """Ask the process to leave; `close` waits until it has."""
        self._closing.set()
        process = self._process
        if process is not None:
            process.leave()

    def close(self) -> None:
        """Let the port go, all notes ended; a second call does nothing."""
        self.leave()
        if self._thread.is_alive():
            self._thread.join()
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def _run(self) -> None:
        while not self._closing.is_set():
            if self._process is None:
                self._closing.wait(_LOOK_UP_S)
            else:
                self._hear(self._process)
            seen = self._watch.seen
            if seen is not self._looked_at:
                self._looked_at = seen
                if isinstance(seen, Ports):
                    self._look(seen)
                elif isinstance(seen, Silent):
                    self._fall_silent()
            self._user.look()

    def _hear(self, process: MidiProcess) -> None:
        """Take the next record, waiting a little."""
        record = process.next(_LOOK_UP_S)
        if isinstance(record, Heard):
            self._user.heard(record.message, record.age_s)
        elif isinstance(record, Opened):
            if not self._open:
                self._opened(record.name)
        elif isinstance(record, Refused):
            if not self._open and isinstance(self._looked_at, Ports):
                self._vain = self._looked_at
            self._lose(self._waiting("is gone"))
        elif process.hopeless:
            self._lose(self._waiting("does not answer"))
        elif process.stuck:
            self._fall_silent()

    def _look(self, ports: Ports) -> None:
        """Note whether our port is among those there are; open it again if it has come back."""
        if self._looks_to_skip:
            self._looks_to_skip -= 1
            return
        choice = self._request.port
        there = self._is_among(self._ports_of(ports))
        if self._open and not there:
            self._lose(self._waiting("is gone"))
        elif self._open and self._silent and not choice.virtual:
            self._lose(self._waiting("does not answer"))
        elif self._open:
            self.trouble = ""
        self._silent = False
        if self._process is None and (there or choice.virtual) and ports != self._vain:
            self._process = MidiProcess(self._request)
            self._user.started()

    def _ports_of(self, ports: Ports) -> list[str]:
        """Where our port is listed: others send to a virtual input, and hear a virtual output."""
        heard = isinstance(self._request, Hear) != self._request.port.virtual
        return ports.inputs if heard else ports.outputs

    def _is_among(self, ports: list[str]) -> bool:
        """Whether our port is listed: by its name once it was open, before that by what fits."""
        wanted = self._request.port.name
        if self._known and not self._request.port.virtual:
            return wanted in map(steady, ports)
        return any(wanted.casefold() in port.casefold() for port in ports)

    def _fall_silent(self) -> None:
        """Note that nobody answers; what comes of it shows when somebody does."""
        self._silent = True
        self._tell(self._waiting("does not answer"))

    def _opened(self, name: str) -> None:
        self.name, self.trouble, self._vain = name, "", None
        self._open = self._known = True
        self._looks_to_skip = 2
        if not self._request.port.virtual:
            # From now on the very port, not whichever one fits as well.
            port = PortChoice(steady(name))
            self._request = msgspec.structs.replace(self._request, port=port)

    def _lose(self, trouble: str) -> None:
        """Let go of the port."""
        process, self._process = self._process, None
        if process is not None:
            process.end()
        self._open = False
        self._tell(trouble)

    def _tell(self, trouble: str) -> None:
        """Say what is waited for, once, until the port is there again."""
        if not self.trouble:
            self._user.lost()  # first: whoever sees the trouble has let all keys go
            self.trouble = trouble

    def _waiting(self, what: str) -> str:
        return f"{self.name} {what}; waiting for it to come back"
