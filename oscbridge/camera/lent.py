"""A camera that is somewhere else: its pictures are handed to this process, one by one.

Conventions
-----------
A picture comes as JPEG and is looked at as those of `oscbridge.camera.capture` are. Only the newest
one waits: a picture that nobody had time for is overtaken. What is no picture is passed over.
"""

from __future__ import annotations

import threading
import time

import numpy as np

from models.face_finder import load_cv2
from oscbridge.errors import DeviceError

LATE_S = 2.0
"""Without a picture for so long, the camera counts as gone."""
_LOOK_UP_S = 0.1


class Pictures:
    """Where the newest picture waits; one thread puts it there, another one takes it."""

    def __init__(self) -> None:
        self._newest = b""
        self._news = threading.Condition()

    def put(self, jpeg: bytes) -> None:
        """Put a picture there, in place of one that waits."""
        with self._news:
            self._newest = jpeg
            self._news.notify()

    def take(self, timeout_s: float) -> bytes:
        """Take what is there; empty where nothing came within ``timeout_s`` seconds."""
        with self._news:
            self._news.wait_for(lambda: self._newest, timeout_s)
            newest, self._newest = self._newest, b""
            return newest


class LentCamera:
    """A camera that is lent, as if it were open here.

    Parameters
    ----------
    pictures : Pictures
        Where its pictures come.

    Raises
    ------
    DeviceError
        None comes.
    """

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._looked_s = time.monotonic()
        self._first = self._decode(pictures.take(LATE_S))
        if self._first is None:
            raise DeviceError("no pictures come from the page.")
        self.size = self._first.shape[1], self._first.shape[0]

    def next(self, every_s: float, stop: threading.Event) -> np.ndarray | None:
        """Next picture, not sooner than ``every_s`` after the last; None when there are no more."""
        picture, self._first = self._first, None
        begun_s = time.monotonic()
        while picture is None and not stop.is_set() and time.monotonic() - begun_s < LATE_S:
            jpeg = self._pictures.take(_LOOK_UP_S)
            if jpeg and time.monotonic() - self._looked_s >= every_s:
                picture = self._decode(jpeg)
        self._looked_s = time.monotonic()
        return picture

    def close(self) -> None:
        """There is nothing to let go."""

    def _decode(self, jpeg: bytes) -> np.ndarray | None:
        """A picture, uint8, shape=(height, width, 3); None where it is none."""
        cv2 = load_cv2()
        try:
            return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        except cv2.error:  # nothing at all, or larger than is allowed
            return None
