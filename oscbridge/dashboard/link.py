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
import threading
from typing import TYPE_CHECKING

from msgspec.structs import replace

from oscbridge.dashboard.lent_camera import LentCamera
from oscbridge.dashboard.records import (
    Answer,
    Code,
    FromPages,
    Lend,
    Look,
    Opened,
    Refused,
    Said,
    Turned,
)
from oscbridge.errors import DeviceError, MissingExtraError
from oscbridge.inbound.sender import Sender
from oscbridge.line_process import LineProcess
from oscbridge.own_process import module_arguments
from oscbridge.wire.packet import OscMessage, PacketError, read_packet

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.dashboard.records import Introduce, Serve, ToPages
    from oscbridge.inbound.receiver import Receiver

PROGRAM = module_arguments("oscbridge.dashboard.process")
OPEN_S = 20.0
AGAIN_S = 1.0
_LOOK_UP_S = 0.5

_log = logging.getLogger(__name__)


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
    camera : LentCamera
        Looks at the player with the camera that a page lends.
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
        self.camera = LentCamera(receiver, self.tell)
        self._standing: dict[tuple[str, ...], Introduce | Turned] = {}
        self._closing = threading.Event()
        self.code = ""
        self.trouble = ""
        self.lost = 0
        self._process = self._start()
        record = self._process.next(OPEN_S)
        if not isinstance(record, Opened):
            self._process.end()
            raise _error_of(record)
        self.port = record.port
        self._request = replace(request, port=record.port)
        if request.lan and isinstance(record := self._process.next(OPEN_S), Code):
            self.code = record.code
        self.prompt = self._process.prompt
        self._thread = threading.Thread(target=self._run, name="dashboard", daemon=True)
        self._thread.start()

    def tell(self, record: ToPages) -> bool:
        """Tell the pages; False where nothing is taken."""
        taken = self._process.order(record)
        self.lost += not taken
        return taken

    def keep(self, record: Introduce | Turned) -> None:
        """Tell what holds from now on, and tell it again whenever the server begins anew."""
        what = ""
        if isinstance(record, Turned):
            which = record.fields.get("name", record.fields.get("quadrant", ""))
            what = f"{record.command} {which}"
        self._standing[record.stream, what] = record
        self.tell(record)

    def close(self) -> None:
        """End the server; a second call does nothing."""
        self._closing.set()
        self._process.leave()
        if self._thread.is_alive():
            self._thread.join()
            self._process.end()
        self.camera.close()

    def _start(self) -> LineProcess[FromPages]:
        return LineProcess(
            PROGRAM, self._request, FromPages, _crashed, open_s=OPEN_S, quiet_s=OPEN_S
        )

    def _run(self) -> None:
        while not self._closing.is_set():
            record = self._process.next(_LOOK_UP_S)
            if isinstance(record, Look):
                self.camera.look(record.page, record.jpeg)
            elif isinstance(record, Said):
                self._pass_on(record)
            elif isinstance(record, Lend):
                self._lend(record)
            elif isinstance(record, Code):
                self._tell_code(record)
            elif isinstance(record, Opened):
                self.trouble = ""
                for known in list(self._standing.values()):
                    self.tell(known)
            elif isinstance(record, Refused) and not self._closing.is_set():
                self._begin_again(record.detail)

    def _begin_again(self, why: str) -> None:
        """Start another server, after a while."""
        if not self.trouble:
            _log.warning("the page %s; it is served again", why)
        self.trouble = f"the page {why}; it is served again"
        self._process.end()
        self.camera.close()  # pages come back with other numbers
        self._closing.wait(AGAIN_S)
        if not self._closing.is_set():
            self._process = self._start()

    def _pass_on(self, said: Said) -> None:
        """Let the run take what a page said, and tell that page what became of it."""
        answers: list[bytes] = []
        if self._receiver is not None:
            sender = Sender(f"page {said.page}", reply=answers.append, waits=True)
            self._receiver.take(self._address_of(said.stream, said.name), said.args, sender)
        if said.number:
            self.tell(Answer(said.page, said.number, _reason_in(answers)))

    def _lend(self, lend: Lend) -> None:
        """Take a page's camera, or give it back, and tell that page what became of it."""
        reason = self.camera.begin(lend.page) if lend.on else self.camera.end(lend.page)
        if lend.number:
            self.tell(Answer(lend.page, lend.number, reason))

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


def _crashed(how: str) -> Refused:
    return Refused(f"is no longer served{how}")


def _error_of(record: FromPages | None) -> DeviceError | MissingExtraError:
    if isinstance(record, Refused):
        if record.package:
            return MissingExtraError("the page", record.package, "dashboard")
        return DeviceError(f"the page cannot be served: {record.detail}.")
    return DeviceError("the page cannot be served: its process does not answer.")
