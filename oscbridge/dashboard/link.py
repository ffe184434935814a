"""Our end of the process that serves the page: start it, tell it, hear pages, start it again.

Conventions
-----------
`PageLink.tell` may be called by any thread, the analysis among them, and never waits: what a full
pipe does not take is lost and counted. A thread of its own hears what pages say and passes it on as
any other sender's words. A server that has died is started anew at the same port; pages come back
by themselves.
"""

from __future__ import annotations

import contextlib
import logging
import subprocess
import threading
from typing import TYPE_CHECKING

import msgspec

from oscbridge.dashboard.records import Answer, Code, FromPages, Opened, Refused, Said
from oscbridge.errors import DeviceError, MissingExtraError
from oscbridge.inbound.sender import Sender
from oscbridge.midi.lines import LineReader, LineWriter
from oscbridge.own_process import module_arguments, open_child
from oscbridge.wire.packet import OscMessage, PacketError, read_packet

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.dashboard.records import Introduce, Serve, ToPages
    from oscbridge.inbound.receiver import Receiver

PROGRAM = module_arguments("oscbridge.dashboard.process")
OPEN_S = 20.0
AGAIN_S = 1.0
LEAVE_S = 1.5
_LOOK_UP_S = 0.5

_log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode


class PageLink:
    """A running server.

    Parameters
    ----------
    request : Serve
        What it has to do.
    receiver : Receiver, optional
        Takes what pages say.
    address_of : callable
        Address of an inlet, by stream and name.

    Attributes
    ----------
    port : int
        Where it serves.
    code : str
        What another machine needs to come in; empty where none may.
    prompt : bool
        Whether `tell` never waits.
    trouble : str
        What is wrong with it; empty while it serves.
    lost : int
        Records that it did not take.

    Raises
    ------
    DeviceError
        The port cannot be had, or the server does not answer.
    MissingExtraError
        A package is not installed.
    """

    def __init__(
        self,
        request: Serve,
        receiver: Receiver | None,
        address_of: Callable[[str, str], str],
    ) -> None:
        self._request = request
        self._receiver = receiver
        self._address_of = address_of
        self._introduced: dict[str, Introduce] = {}
        self._closing = threading.Event()
        self.code = ""
        self.trouble = ""
        self.lost = 0
        self._start()
        record = self._next(OPEN_S)
        if not isinstance(record, Opened):
            self._end()
            raise _error_of(record)
        self.port = record.port
        self._request = msgspec.structs.replace(request, port=record.port)
        if request.lan and isinstance(record := self._next(OPEN_S), Code):
            self.code = record.code
        self.prompt = self._lines.prompt
        self._thread = threading.Thread(target=self._run, name="dashboard", daemon=True)
        self._thread.start()

    def tell(self, record: ToPages) -> bool:
        """Tell the pages; False where nothing is taken."""
        taken = self._lines.put(_encode(record))
        self.lost += not taken
        return taken

    def introduce(self, record: Introduce) -> None:
        """Tell who runs, now and whenever the server begins anew."""
        self._introduced[record.stream] = record
        self.tell(record)

    def close(self) -> None:
        """End the server; a second call does nothing."""
        self._closing.set()
        self._lines.close()
        if self._thread.is_alive():
            self._thread.join()
        self._end()

    def _start(self) -> None:
        self._process = open_child(PROGRAM)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._lines = LineWriter(self._process.stdin)
        self._records = LineReader(self._process.stdout.fileno())
        self._lines.put(_encode(self._request))

    def _end(self) -> None:
        """Let it leave, or, if it does not within `LEAVE_S`, kill it."""
        assert self._process.stdout is not None
        self._lines.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(LEAVE_S)
        self._process.kill()
        self._process.wait()
        self._records.close()
        self._process.stdout.close()

    def _next(self, timeout_s: float) -> FromPages | None:
        line = self._records.take(timeout_s)
        return None if line is None else msgspec.json.decode(line, type=FromPages)

    def _run(self) -> None:
        while not self._closing.is_set():
            record = self._next(_LOOK_UP_S)
            if isinstance(record, Said):
                self._pass_on(record)
            elif isinstance(record, Code):
                self._tell_code(record)
            elif isinstance(record, Opened):
                self.trouble = ""
                for known in self._introduced.values():
                    self.tell(known)
            elif isinstance(record, Refused):
                self.trouble = f"the page is not served: {record.detail}"
            elif record is None and self._records.ended and not self._closing.is_set():
                self.trouble = self.trouble or "the page is not served just now"
                self._end()
                self._closing.wait(AGAIN_S)
                if not self._closing.is_set():
                    self._start()

    def _pass_on(self, said: Said) -> None:
        """Let the run take what a page said, and tell that page what became of it."""
        answers: list[bytes] = []
        if self._receiver is not None:
            sender = Sender(f"page {said.page}", reply=answers.append, waits=True)
            self._receiver.take(self._address_of(said.stream, said.name), said.args, sender)
        if said.number:
            self.tell(Answer(said.page, said.number, _reason_in(answers)))

    def _tell_code(self, record: Code) -> None:
        """Show people the code that is good from now on."""
        if record.code == self.code:
            return
        self.code = record.code
        came = f"{record.paired} has come in" if record.paired else "too many wrong codes"
        _log.warning("the page: %s; the code for the next one is %s", came, spaced(record.code))


def spaced(code: str) -> str:
    """A code as people read it: ``123 456``."""
    return f"{code[:3]} {code[3:]}"


def _reason_in(answers: list[bytes]) -> str:
    """Why something was refused, of what was answered; empty where it was not."""
    for data in answers:
        with contextlib.suppress(PacketError):
            packet = read_packet(data)
            if isinstance(packet, OscMessage) and len(packet.arguments) == 2:
                return str(packet.arguments[1])
    return ""


def _error_of(record: FromPages | None) -> DeviceError | MissingExtraError:
    if isinstance(record, Refused):
        if record.package:
            return MissingExtraError("the page", record.package, "dashboard")
        return DeviceError(f"the page cannot be served: {record.detail}.")
    return DeviceError("the page cannot be served: its process does not answer.")
