"""The camera: what the player's face expresses. Off unless it is asked for.

Conventions
-----------
A process of its own has the camera (`oscbridge.camera.process`); numbers come out of it, pictures
do not. It speaks under the source ``camera``: valence and arousal in [-1, 1], best guesses of what
is felt, `models.face.FELT` of what is shown, and a confidence that is never above 0.4, since a face
tells no more of what is felt (`models.face`). Where no face has been seen for `FORGET_S`, it takes
back what it said. A camera that is pulled out, or whose driver
is stuck, is taken up again when it is back, and what was learned of the player stays.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec.structs import replace

from models.face import DEFAULT, FELT, Pixels
from models.face_finder import Choice  # noqa: TC001 - as above
from oscbridge.camera.records import (
    Calibrate,
    CameraRecord,
    Gone,
    Learned,
    Opened,
    Refused,
    Seen,
    Unseen,
    Watch,
)
from oscbridge.errors import DeviceError, MissingExtraError, OscbridgeError, SettingsError
from oscbridge.line_process import LineProcess
from oscbridge.orders import Felt, Forget
from oscbridge.own_process import module_arguments
from oscbridge.sensors.base import SensorConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.orders import Command
    from oscbridge.sensors.base import Put, Step, Told

SOURCE = "camera"
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


class Config(SensorConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[sensors.camera]``."""

    device: Annotated[
        int | str,
        msgspec.Meta(description="number of the camera, its path or address, or a video file"),
    ] = 0
    face: Annotated[
        Choice, msgspec.Meta(description="which face, where there are several; it is kept")
    ] = "largest"
    model: Annotated[
        str,
        msgspec.Meta(
            min_length=1, description="signs, the name of a trained one, or the path of an .onnx"
        ),
    ] = DEFAULT
    labels: Annotated[
        tuple[str, ...], msgspec.Meta(description="of the outputs of an .onnx, in order")
    ] = ()
    pixels: Annotated[Pixels, msgspec.Meta(description="what an .onnx takes for a pixel")] = (
        "0..255"
    )
    fps: Annotated[
        float, msgspec.Meta(ge=1.0, le=30.0, description="pictures a second, at most")
    ] = 10.0


def open(config: Config, put: Put) -> CameraSensor:
    """Open the camera.

    Raises
    ------
    MissingExtraError
        OpenCV or onnxruntime is not installed.
    SettingsError
        There is no such model.
    DeviceError
        There is no such camera.
    """
    return CameraSensor(config, put)


class CameraSensor:
    """Looks at the player's face.

    Parameters
    ----------
    config : Config
    put : callable
        Takes what it says.

    Raises
    ------
    OscbridgeError
        As of `open`.
    """

    inlets: tuple[str, ...] = ()

    def __init__(self, config: Config, put: Put) -> None:
        self.name = f"camera {config.device} (on; its pictures are neither kept nor sent)"
        self.detail = _HEALTHY
        self._put = put
        self._request = Watch(
            config.device, config.face, config.model, config.labels, config.pixels, config.fps
        )
        self._process = self._start()
        record = self._process.next(OPEN_S)
        if not isinstance(record, Opened):
            self._process.end()
            raise _error_of(record, config)
        self._request = replace(self._request, patient=True)
        self._seen_s: float | None = None  # when something was said that still holds
        self._unseen_s: float | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sensor-camera", daemon=True)
        self._thread.start()

    def hear(self, told: Told) -> Sequence[Command]:
        """Nothing: nobody speaks for a camera. Raises ``ValueError``."""
        raise ValueError(f"{told.inlet} is not for the camera")

    def calibrate(self, step: Step) -> bool:
        """Take a step in learning how the player looks when nothing is felt."""
        return self._process.order(Calibrate(step))

    def close(self) -> None:
        """Turn the camera off; a second call does nothing."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()
            self._process.end()

    def _start(self) -> LineProcess[CameraRecord]:
        return LineProcess(
            PROGRAM, self._request, CameraRecord, _crashed, open_s=OPEN_S, quiet_s=QUIET_S
        )

    def _run(self) -> None:
        while not self._closing.is_set():
            record = self._process.next(_LOOK_UP_S)
            if self._closing.is_set():
                return
            if record is not None:
                self._take(record)
            elif self._process.stuck:
                self._begin_again("does not answer")
            now_s = time.monotonic()
            if self._seen_s is not None and now_s - self._seen_s > FORGET_S:
                self._seen_s = None
                self._put([Forget(SOURCE)])

    def _take(self, record: CameraRecord) -> None:
        """Take what the process tells."""
        if isinstance(record, Seen):
            self._seen_s, self._unseen_s = time.monotonic(), None
            self._tell(_HEALTHY)
            valence, arousal = FELT * record.valence, FELT * record.arousal
            self._put([Felt(SOURCE, valence, arousal, record.confidence)])
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

    def _tell(self, detail: str) -> None:
        """Say what is wrong, once, and when it is well again."""
        if detail == self.detail:
            return
        self.detail = detail
        log.info("camera: %s", detail or "sees a face")

    def _begin_again(self, why: str) -> None:
        """End the process and start another one, after a while."""
        log.warning("the camera %s; it is opened again", why.rstrip(".") or "is gone")
        self._tell(f"{why.rstrip('.') or 'is gone'}; it is opened again")
        self._process.end()
        self._closing.wait(_RESTART_S)
        if not self._closing.is_set():
            self._process = self._start()


def _crashed(how: str) -> Refused:
    return Refused(f"crashed{how}")


def _error_of(record: CameraRecord | None, config: Config) -> OscbridgeError:
    """The error that a refusal is for people."""
    if not isinstance(record, Refused):
        return DeviceError(f"camera {config.device} did not answer within {OPEN_S:g} s.")
    if record.package:
        what = "the camera" if record.package == "cv2" else "a network in an .onnx file"
        return MissingExtraError(what, record.package, record.extra)
    return SettingsError(record.detail) if record.setting else DeviceError(record.detail)
