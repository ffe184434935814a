"""Our end of the camera process: it is kept running, and what it sees is said.

Conventions
-----------
Where no face has been seen for `FORGET_S`, what was said is taken back. A process that has crashed
or is stuck in a driver is started again, with what was learned of the player; one that refuses for
a reason that time does not mend is not.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from models.face import FELT
from oscbridge.camera.records import CameraRecord, Gone, Learned, Refused, Seen, Unseen, Watch
from oscbridge.errors import DeviceError, MissingExtraError, OscbridgeError, SettingsError
from oscbridge.line_process import LineProcess
from oscbridge.orders import Felt, Forget
from oscbridge.own_process import module_arguments

if TYPE_CHECKING:
    from collections.abc import Callable

    import msgspec

    from oscbridge.sensors.base import Put

PROGRAM = module_arguments("oscbridge.camera.process")
FORGET_S = 1.5
"""Without a face for so long, there is no opinion."""
OPEN_S = 30.0
"""Longest wait for a camera: Windows takes its time."""
QUIET_S = 6.0
"""A process that says nothing for so long is stuck in a driver."""
_LOOK_UP_S = 0.1
_RESTART_S = 2.0
_HEALTHY = ""
log = logging.getLogger(__name__)


def start_camera(request: Watch) -> LineProcess[CameraRecord]:
    """Start a camera process."""
    return LineProcess(PROGRAM, request, CameraRecord, _crashed, open_s=OPEN_S, quiet_s=QUIET_S)


class Watcher:
    """A camera that looks at the player.

    Parameters
    ----------
    process : LineProcess
        The camera process.
    request : Watch
        What it has to do, should it have to be started again.
    source : str
        Under which name what it sees is said.
    put : callable
        Takes what is said.
    told : callable, optional
        Takes the present trouble in words when it is another one, empty where there is none.

    Attributes
    ----------
    detail : str
        The present trouble.
    """

    def __init__(
        self,
        process: LineProcess[CameraRecord],
        request: Watch,
        source: str,
        put: Put,
        told: Callable[[str], object] | None = None,
    ) -> None:
        self.detail = _HEALTHY
        self._process = process
        self._request = request
        self._source = source
        self._put = put
        self._told = told
        self._seen_s: float | None = None  # when something was said that still holds
        self._unseen_s: float | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"sensor-{source}", daemon=True)
        self._thread.start()

    def order(self, order: msgspec.Struct) -> bool:
        """Order something; False where the process takes no more."""
        return self._process.order(order)

    def close(self) -> None:
        """Turn the camera off; a second call does nothing."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._thread.join()
        self._process.end()
        self._forget()

    def _run(self) -> None:
        while not self._closing.is_set():
            record = self._process.next(_LOOK_UP_S)
            if self._closing.is_set():
                return
            if isinstance(record, Refused) and (record.package or record.setting):
                self._tell(str(error_of(record)))
                return
            if record is not None:
                self._take(record)
            elif self._process.stuck:
                self._begin_again("does not answer")
            if self._seen_s is not None and time.monotonic() - self._seen_s > FORGET_S:
                self._forget()

    def _take(self, record: CameraRecord) -> None:
        """Take what the process tells."""
        if isinstance(record, Seen):
            self._seen_s, self._unseen_s = time.monotonic(), None
            self._tell(_HEALTHY)
            valence, arousal = FELT * record.valence, FELT * record.arousal
            self._put([Felt(self._source, valence, arousal, record.confidence)])
        elif isinstance(record, Unseen):
            self._unseen_s = self._unseen_s or time.monotonic()
            if time.monotonic() - self._unseen_s > FORGET_S:
                dark = "sees nothing but darkness: is the lens covered?"
                self._tell(dark if record.dark else "sees no face")
        elif isinstance(record, Gone):
            self._tell(f"{record.detail} Waiting for it to come back.")
        elif isinstance(record, Learned):
            self._request = replace(self._request, neutral=record.neutral)
        elif isinstance(record, Refused):
            self._begin_again(record.detail)
        else:
            self._tell(_HEALTHY)

    def _forget(self) -> None:
        """Take back what was said."""
        if self._seen_s is not None:
            self._seen_s = None
            self._put([Forget(self._source)])

    def _tell(self, detail: str) -> None:
        """Say what is wrong, once, and when it is well again."""
        if detail == self.detail:
            return
        self.detail = detail
        log.info("%s: %s", self._source, detail or "sees a face")
        if self._told is not None:
            self._told(detail)

    def _begin_again(self, why: str) -> None:
        """End the process and start another one, after a while."""
        log.warning("the camera %s; it is opened again", why.rstrip(".") or "is gone")
        self._tell(f"{why.rstrip('.') or 'is gone'}; it is opened again")
        self._process.end()
        self._closing.wait(_RESTART_S)
        if not self._closing.is_set():
            self._process = start_camera(self._request)


def error_of(refusal: Refused) -> OscbridgeError:
    """The error that a refusal is for people."""
    if refusal.package:
        what = "the camera" if refusal.package == "cv2" else "a network in an .onnx file"
        return MissingExtraError(what, refusal.package, refusal.extra)
    return SettingsError(refusal.detail) if refusal.setting else DeviceError(refusal.detail)


def _crashed(how: str) -> Refused:
    return Refused(f"crashed{how}")
