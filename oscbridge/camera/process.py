"""The camera process: looks at the player and tells what the face expresses, in numbers.

Started by `oscbridge.sensors.camera`, not by people.

Problem
-------
Finding a face holds the interpreter's lock for milliseconds, camera drivers block for seconds or
for ever, and pictures of a person must not be anywhere that they need not be. In a process of its
own none of that touches sound, a driver that is stuck can be ended, and pictures have one place.

Conventions
-----------
`oscbridge.camera.records` has what goes in and out. Something is told at least every `BEAT_S`; a
camera that is gone is looked for every `RETRY_S`. The process takes one core at most, after
everything else, and writes no file. It ends with its owner, whatever ends that.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

import msgspec

from oscbridge.camera.lent import LentCamera, Pictures
from oscbridge.camera.records import (
    Calibrate,
    CameraOrder,
    CameraRecord,
    Gone,
    Learned,
    Opened,
    Refused,
    Seen,
    Unseen,
    Watch,
)
from oscbridge.errors import DeviceError, OscbridgeError, SettingsError
from oscbridge.own_process import private_stdout, silence_stderr
from oscbridge.piped_lines import LineReader

if TYPE_CHECKING:
    from models.face import FaceModel, Step
    from oscbridge.camera.capture import Camera
    from oscbridge.camera.observer import Observer

BEAT_S = 0.5
"""Between two words where nothing is seen."""
SAY_S = 0.2
"""Between two words on what is seen."""
RETRY_S = 1.0
_REQUEST_S = 10.0
_LEAVE_S = 0.3
_MILDER = 5
"""Added to the niceness: sound comes first."""
QUIET = {
    "OMP_NUM_THREADS": "1",
    "OPENCV_LOG_LEVEL": "OFF",
    # No picture is larger, whatever it claims: 16 million pixels.
    "OPENCV_IO_MAX_IMAGE_PIXELS": str(1 << 24),
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
    # Without it Media Foundation takes up to half a minute to open a camera.
    "OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS": "0",
}
"""Environment of the libraries, set before they are imported."""


class _Wire:
    """Orders in, records out.

    Parameters
    ----------
    orders : LineReader
    out : int
        File descriptor.
    """

    def __init__(self, orders: LineReader, out: int) -> None:
        self.stop = threading.Event()
        self.steps: deque[Step] = deque()
        self.pictures = Pictures()
        self._orders = orders
        self._out = out
        self._told_s = 0.0
        threading.Thread(target=self._read, daemon=True).start()

    def tell(self, record: CameraRecord) -> None:
        """Tell one record."""
        self._told_s = time.monotonic()
        os.write(self._out, msgspec.json.encode(record) + b"\n")

    def tell_now_and_then(self, record: Seen | Unseen) -> None:
        """Tell what is seen, unless something was told just now."""
        pause_s = SAY_S if isinstance(record, Seen) else BEAT_S
        if time.monotonic() - self._told_s >= pause_s:
            self.tell(record)

    def _read(self) -> None:
        """Take orders; when they end, leave, even out of a driver that is stuck."""
        decode = msgspec.json.Decoder(CameraOrder).decode
        while not self._orders.ended:
            line = self._orders.take(_REQUEST_S)
            if line is None:
                continue
            order = decode(line)
            if isinstance(order, Calibrate):
                self.steps.append(order.step)
            else:
                self.pictures.put(order.jpeg)
        self.stop.set()
        time.sleep(_LEAVE_S)
        os._exit(0)


def main() -> None:
    """Serve one request."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # often of the whole group: the owner says the end
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    os.environ.update(QUIET)
    if hasattr(os, "nice"):
        os.nice(_MILDER)
    out = private_stdout()
    silence_stderr()
    orders = LineReader(0)
    line = orders.take(_REQUEST_S)
    if line is None:
        os._exit(0)
    wire = _Wire(orders, out)
    with contextlib.suppress(BrokenPipeError):
        try:
            _watch(msgspec.json.decode(line, type=Watch), wire)
        except OscbridgeError as error:
            wire.tell(Refused(str(error), setting=isinstance(error, SettingsError)))
        except ImportError as error:
            package = error.name or "cv2"
            wire.tell(Refused("", package, "camera" if package == "cv2" else "onnx"))
    os._exit(0)


def _watch(request: Watch, wire: _Wire) -> None:
    """Look until there are no more orders."""
    from models.face_finder import load_cv2
    from oscbridge.camera.observer import Observer

    model = _load(request)
    load_cv2().setNumThreads(1)
    model.restore(request.neutral)
    observer = Observer(model, request.face)
    patient = request.patient
    while not wire.stop.is_set():
        camera = _open(request, wire, patient=patient)
        if camera is None:
            wire.stop.wait(RETRY_S)
            continue
        patient = True
        observer.reset()
        with contextlib.closing(camera):
            _observe(camera, observer, request, wire)


def _load(request: Watch) -> FaceModel:
    """Load the model. Raises `SettingsError` where there is none such."""
    from oscbridge.camera.choice import load_model

    return load_model(request.model, request.labels, request.pixels)


def _open(request: Watch, wire: _Wire, *, patient: bool) -> Camera | LentCamera | None:
    """Open the camera; where that fails, say so. Raises `DeviceError` unless ``patient``."""
    from oscbridge.camera.capture import Camera

    try:
        camera = LentCamera(wire.pictures) if request.lent else Camera(request.device)
    except DeviceError as error:
        if not patient:
            raise
        wire.tell(Gone(str(error)))
        return None
    wire.tell(Opened(*camera.size))
    return camera


def _observe(camera: Camera | LentCamera, observer: Observer, request: Watch, wire: _Wire) -> None:
    """Look at pictures until none comes any more."""
    known = tuple(observer.model.neutral)
    while (picture := camera.next(0.9 / request.fps, wire.stop)) is not None:
        while wire.steps:
            observer.model.calibrate(wire.steps.popleft())
        wire.tell_now_and_then(observer.update(picture, time.monotonic()))
        learned = tuple(observer.model.neutral)
        if learned != known:
            known = learned
            wire.tell(Learned(learned))


if __name__ == "__main__":
    main()
