"""The link to a heart rate strap over Bluetooth Low Energy: finds it, listens, and finds it again.

Conventions
-----------
A thread of its own with an asyncio loop; the package ``bleak`` is imported there, when the run
already runs. Any strap will do that offers the Heart Rate Service (`oscbridge.body.measurement`),
or the one whose name or address was asked for. A strap that goes away, that falls silent for
`SILENT_S`, or that cannot be found is looked for again after `RETRY_S`; so is Bluetooth itself,
which people switch on later. What is wrong stands in ``detail`` and once in the log.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from oscbridge.body.measurement import CHARACTERISTIC, SERVICE, read_measurement

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from bleak.backends.client import BaseBleakClient
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData, BaseBleakScanner

    from oscbridge.body.measurement import Measurement

PACKAGE = "bleak"
SEARCH_S = 10.0
CONNECT_S = 15.0
SILENT_S = 10.0
RETRY_S = 3.0
STOP_S = 3.0

_log = logging.getLogger(__name__)


class Radio(NamedTuple):
    """Which Bluetooth to use; None: that of this system."""

    scanner: type[BaseBleakScanner] | None = None
    client: type[BaseBleakClient] | None = None
    retry_s: float = RETRY_S
    silent_s: float = SILENT_S


class Strap:
    """Listens to a strap until it is closed.

    Parameters
    ----------
    wanted : str
        Its address, or its name or a part of that; empty: the first one that is found.
    take : callable
        Takes each measurement, in the thread of the link.
    radio : Radio
        By which Bluetooth.
    """

    def __init__(
        self, wanted: str, take: Callable[[Measurement], None], radio: Radio | None = None
    ) -> None:
        self.detail = "looks for a heart rate strap"
        self.connected = ""
        """Name of the strap that is being listened to."""
        self._wanted = wanted.casefold()
        self._take = take
        self._radio = radio or Radio()
        self._heard_s = 0.0
        self._closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="sensor-strap", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let the strap go and end the thread; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        if self._loop is not None and self._task is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just ended
                self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(STOP_S)

    def _run(self) -> None:
        import asyncio

        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(self._live())

    async def _live(self) -> None:
        import asyncio

        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        while not self._closed:
            try:
                device = await self._find()
                if device is not None:
                    await self._listen(device)
            except Exception as error:  # noqa: BLE001 - systems and drivers raise what they like
                self._tell(f"Bluetooth does not work: {_words(error)}")
            self.connected = ""
            await asyncio.sleep(self._radio.retry_s)

    async def _find(self) -> BLEDevice | None:
        """Look for the strap; None where it is not in reach."""
        from bleak import BleakScanner

        options: dict[str, Any] = {} if self._wanted else {"service_uuids": [SERVICE]}
        if self._radio.scanner is not None:
            options["backend"] = self._radio.scanner
        device = await BleakScanner.find_device_by_filter(self._is_wanted, SEARCH_S, **options)
        if device is None:
            name = f" {self._wanted!r}" if self._wanted else ""
            self._tell(f"no heart rate strap{name} is in reach: is it worn, and no other app's?")
        return device

    def _is_wanted(self, device: BLEDevice, said: AdvertisementData) -> bool:
        if not self._wanted:
            return SERVICE in said.service_uuids
        name = (said.local_name or device.name or "").casefold()
        return self._wanted in name or self._wanted == device.address.casefold()

    async def _listen(self, device: BLEDevice) -> None:
        """Listen to a strap until it is lost or falls silent."""
        import asyncio

        from bleak import BleakClient

        lost = asyncio.Event()
        options: dict[str, Any] = {}
        if self._radio.client is not None:
            options["backend"] = self._radio.client
        client = BleakClient(device, lambda _: lost.set(), timeout=CONNECT_S, **options)
        async with client:
            self._heard_s = time.monotonic()
            await client.start_notify(CHARACTERISTIC, self._hear)
            self.connected = device.name or device.address
            self.detail = ""
            _log.info("heart rate from %s", self.connected)
            while not lost.is_set() and time.monotonic() - self._heard_s < self._radio.silent_s:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(lost.wait(), self._radio.silent_s)
            self._tell(f"{self.connected} {'is gone' if lost.is_set() else 'says nothing'}")

    def _hear(self, _: object, data: bytearray) -> None:
        self._heard_s = time.monotonic()
        with contextlib.suppress(ValueError):  # one that is cut off: the next will be whole
            self._take(read_measurement(data))

    def _tell(self, detail: str) -> None:
        if detail != self.detail:
            self.detail = detail
            _log.warning("%s; trying again", detail)


def _words(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "this system has no Bluetooth service"
    return str(error) or type(error).__name__
