"""The camera that a page lends: its pictures go to a camera process, and what that sees is said.

Conventions
-----------
One page lends at a time; another one that does takes its place. What is seen is said under the
source `SOURCE`. A picture passes from pipe to pipe and is kept nowhere (`oscbridge.camera`); the
process is there only while a page lends.
"""

from __future__ import annotations

import importlib.util
import logging
from typing import TYPE_CHECKING

from msgspec.structs import replace

from oscbridge.camera.records import Calibrate, Picture
from oscbridge.camera.watcher import Watcher, start_camera
from oscbridge.dashboard.records import Lent
from oscbridge.errors import MissingExtraError
from oscbridge.sensors import camera

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.inbound.receiver import Receiver
    from oscbridge.orders import Command
    from oscbridge.sensors.base import Step, Told

SOURCE = "camera:page"
_log = logging.getLogger(__name__)


class LentCamera:
    """A sensor (`oscbridge.sensors.base`) that sees while a page lends its camera.

    Parameters
    ----------
    receiver : Receiver, optional
        Takes what it says.
    tell : callable
        Tells pages who lends.

    Attributes
    ----------
    settings : camera.Config
        How faces are looked at; where not ``enabled``, no page may lend.
    """

    name = "camera of a page"
    inlets: tuple[str, ...] = ()

    def __init__(self, receiver: Receiver | None, tell: Callable[[Lent], object]) -> None:
        self.settings = camera.Config()
        self.detail = ""
        self._receiver = receiver
        self._tell = tell
        self._page = 0
        self._watcher: Watcher | None = None
        if receiver is not None:
            receiver.ask(self)

    def begin(self, page: int) -> str:
        """Look with the camera of a page; the reason why not, empty where there is none."""
        if self._receiver is None or not self.settings.enabled:
            return "cameras are off in the settings: [sensors.camera] enabled = false"
        if importlib.util.find_spec("cv2") is None:
            return str(MissingExtraError("the camera", "cv2", "camera"))
        self._stop()
        self._page = page
        self._tell(Lent(page))
        request = replace(camera.request_of(self.settings), lent=True, patient=True)
        self._watcher = Watcher(
            start_camera(request), request, SOURCE, self._receiver.tell, self._take_detail
        )
        _log.warning("page %d lends its camera; its pictures are neither kept nor sent on", page)
        return ""

    def look(self, page: int, jpeg: bytes) -> None:
        """Look at a picture, if its page is the one that lends."""
        if page == self._page and self._watcher is not None:
            self._watcher.order(Picture(jpeg))

    def end(self, page: int) -> str:
        """Give a page's camera back; nothing speaks against it."""
        if page == self._page:
            self.close()
        return ""

    def hear(self, told: Told) -> Sequence[Command]:
        """Nothing: nobody speaks for a camera. Raises ``ValueError``."""
        raise ValueError(f"{told.inlet} is not for the camera")

    def calibrate(self, step: Step) -> bool:
        """Take a step in learning how the player looks when nothing is felt."""
        watcher = self._watcher
        return watcher is not None and watcher.order(Calibrate(step))

    def close(self) -> None:
        """Give the camera back, whoever lends it; a second call does nothing."""
        if self._stop():
            self._tell(Lent(0))

    def _stop(self) -> bool:
        """Look no more; whether there was anything to look at."""
        watcher, self._watcher = self._watcher, None
        if watcher is None:
            return False
        watcher.close()
        _log.warning("page %d lends its camera no more", self._page)
        self._page, self.detail = 0, ""
        return True

    def _take_detail(self, detail: str) -> None:
        """Show pages what is wrong; the watcher's thread calls it."""
        self.detail = detail
        self._tell(Lent(self._page, detail))
