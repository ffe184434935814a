"""Pictures of a camera, one after the other, through OpenCV.

Conventions
-----------
A picture is uint8, shape=(height, width, 3), blue, green, red. A camera is open when its first
picture has come: drivers open cameras that another program has, and then deliver nothing. A video
file stands in for a camera: its pictures come at its own pace, and those that nobody had time for
are left out.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.face_finder import load_cv2
from oscbridge.errors import DeviceError

if TYPE_CHECKING:
    import threading

    import numpy as np

WIDTH, HEIGHT = 640, 480
"""What a camera is asked for; it may deliver something else."""
_SLOWEST_HZ, _FASTEST_HZ = 0.5, 240.0
_USUAL_HZ = 25.0


class Camera:
    """An open camera.

    Parameters
    ----------
    device : int or str
        Number, path, address, or a video file.

    Raises
    ------
    DeviceError
        It is not there, or delivers nothing; says which ones there are, where that can be known.
    """

    def __init__(self, device: int | str) -> None:
        cv2 = load_cv2()
        number = device if isinstance(device, int) else _number(device)
        self._capture: Any = cv2.VideoCapture(device if number is None else number)
        self._film = number is None and Path(str(device)).is_file()
        if not self._film:
            self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
            self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
            self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        said_hz = float(self._capture.get(cv2.CAP_PROP_FPS) or 0.0)
        self._film_hz = said_hz if _SLOWEST_HZ <= said_hz <= _FASTEST_HZ else _USUAL_HZ
        self._begun_s = self._looked_s = time.monotonic()
        self._taken = 1
        there, self._first = self._capture.read()
        if not there:
            self.close()
            raise DeviceError(missing(device))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its first picture, pixels."""
        picture = self._first
        return (0, 0) if picture is None else (picture.shape[1], picture.shape[0])

    def next(self, every_s: float, stop: threading.Event) -> np.ndarray | None:
        """Next picture, not sooner than ``every_s`` after the last; None when there are no more."""
        picture, self._first = self._first, None
        if picture is not None:
            return picture
        while not stop.is_set():
            if self._film:
                due_s = self._begun_s + self._taken / self._film_hz
                stop.wait(max(due_s - time.monotonic(), 0.0))
            if not self._capture.grab():
                return None
            self._taken += 1
            now_s = time.monotonic()
            late = self._film and now_s - self._begun_s > (self._taken + 1) / self._film_hz
            if late or now_s - self._looked_s < every_s:
                continue
            there, picture = self._capture.retrieve()
            self._looked_s = now_s
            return picture if there else None
        return None

    def close(self) -> None:
        """Let it go."""
        self._capture.release()


def missing(device: int | str) -> str:
    """Say in a sentence that a camera is not there, and what is."""
    there = cameras()
    if isinstance(device, str) and _number(device) is None:
        return f"no pictures come from {device!r}."
    if there:
        return f"camera {device} delivers no pictures. There are: {', '.join(there)}."
    if sys.platform.startswith("linux"):
        return f"there is no camera {device}, nor any other (no /dev/video*)."
    return (
        f"camera {device} delivers no pictures: is it connected, may this program use it, and does "
        "no other program have it? Others are 1, 2, …: [sensors.camera] device = 1."
    )


def cameras() -> list[str]:
    """Cameras that the system lists, by number and name; only Linux tells without opening them."""
    found: list[str] = []
    for path in sorted(Path("/sys/class/video4linux").glob("video*")):
        try:
            name = (path / "name").read_text(encoding="utf-8").strip()
        except OSError:
            name = ""
        found.append(f"{path.name.removeprefix('video')} ({name})")
    return found


def _number(device: str) -> int | None:
    return int(device) if device.isdecimal() else None
