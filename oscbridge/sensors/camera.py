"""The camera: what the player's face expresses. Off unless it is asked for.

Conventions
-----------
A process of its own has the camera (`oscbridge.camera.process`); numbers come out of it, pictures
do not. It speaks under the source ``camera``: valence and arousal in [-1, 1], best guesses of what
is felt, `models.face.FELT` of what is shown, and a confidence that is never above 0.4, since a face
tells no more of what is felt (`models.face`). Where no face is seen, it takes back what it said; a
camera that is pulled out, or whose driver is stuck, is taken up again when it is back
(`oscbridge.camera.watcher`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec.structs import replace

from models.face import DEFAULT, Pixels
from models.face_finder import Choice  # noqa: TC001 - as above
from oscbridge.camera.records import Calibrate, Opened, Refused, Watch
from oscbridge.camera.watcher import OPEN_S, Watcher, error_of, start_camera
from oscbridge.errors import DeviceError
from oscbridge.sensors.base import SensorConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.orders import Command
    from oscbridge.sensors.base import Put, Step, Told

SOURCE = "camera"


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
    MissingExtraError, SettingsError, DeviceError
        As of `open`.
    """

    inlets: tuple[str, ...] = ()

    def __init__(self, config: Config, put: Put) -> None:
        self.name = f"camera {config.device} (on; its pictures are neither kept nor sent)"
        request = request_of(config)
        process = start_camera(request)
        record = process.next(OPEN_S)
        if not isinstance(record, Opened):
            process.end()
            if isinstance(record, Refused):
                raise error_of(record)
            raise DeviceError(f"camera {config.device} did not answer within {OPEN_S:g} s.")
        self._watcher = Watcher(process, replace(request, patient=True), SOURCE, put)

    @property
    def detail(self) -> str:
        """The present trouble in words, empty where there is none."""
        return self._watcher.detail

    def hear(self, told: Told) -> Sequence[Command]:
        """Nothing: nobody speaks for a camera. Raises ``ValueError``."""
        raise ValueError(f"{told.inlet} is not for the camera")

    def calibrate(self, step: Step) -> bool:
        """Take a step in learning how the player looks when nothing is felt."""
        return self._watcher.order(Calibrate(step))

    def close(self) -> None:
        """Turn the camera off; a second call does nothing."""
        self._watcher.close()


def request_of(config: Config) -> Watch:
    """What a camera process has to do."""
    return Watch(config.device, config.face, config.model, config.labels, config.pixels, config.fps)
