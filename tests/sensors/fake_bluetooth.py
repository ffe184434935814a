"""Bluetooth without a radio: peripherals in the air, behind bleak's own scanner and client.

What is faked is the layer below bleak, as it is declared in ``bleak.backends``: everything that
bleak itself does with services, characteristics and notifications is real.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError

from oscbridge.body.strap import Radio

HEART_RATE = "0000180d-0000-1000-8000-00805f9b34fb"
MEASUREMENT = "00002a37-0000-1000-8000-00805f9b34fb"
BATTERY = "0000180f-0000-1000-8000-00805f9b34fb"


@dataclass
class Peripheral:
    """A device that can be in reach."""

    name: str
    address: str
    service: str = HEART_RATE
    in_reach: bool = True
    link: Link | None = None
    links: int = 0

    def notify(self, data: bytes) -> None:
        """Say something to who listens, if anybody does."""
        if self.link is not None and self.link.callback is not None:
            self.link.loop.call_soon_threadsafe(self.link.callback, bytearray(data))

    def leave(self) -> None:
        """Go out of reach."""
        self.in_reach = False
        if self.link is not None:
            self.link.loop.call_soon_threadsafe(self.link.lose)

    @property
    def heard(self) -> bool:
        """Whether somebody listens to its measurements."""
        return self.link is not None and self.link.callback is not None


@dataclass
class Air:
    """All there is; ``fault`` is what the system raises instead of looking."""

    peripherals: list[Peripheral] = field(default_factory=list)
    fault: Exception | None = None

    def radio(self, silent_s: float = 10.0) -> Radio:
        """A Bluetooth that hears this air and does not wait long."""
        scanner = type("Scanner", (_Scanner,), {"air": self})
        client = type("Client", (Link,), {"air": self})
        return Radio(scanner, client, retry_s=0.01, silent_s=silent_s)


class _Scanner(BaseBleakScanner):
    """Finds what is in reach, again and again."""

    air: Air

    def __init__(self, detection_callback: Any, service_uuids: Any, *_: Any, **__: Any) -> None:
        super().__init__(detection_callback, service_uuids)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        if self.air.fault is not None:
            raise self.air.fault
        self._task = asyncio.create_task(self._scan())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _scan(self) -> None:
        while True:
            for one in self.air.peripherals:
                said = AdvertisementData(one.name, {}, {}, [one.service], None, -60, ())
                if one.in_reach and self.is_allowed_uuid(said.service_uuids):
                    device = self.create_or_update_device(
                        one.address, one.address, one.name, one, said
                    )
                    self.call_detection_callbacks(device, said)
            await asyncio.sleep(0.005)


class Link(BaseBleakClient):
    """A connection to a `Peripheral`."""

    air: Air

    def __init__(self, device: BLEDevice | str, **options: Any) -> None:
        timeout = options.pop("timeout", 1.0)
        callback = options.pop("disconnected_callback", None)
        super().__init__(device, disconnected_callback=callback, timeout=timeout)
        assert isinstance(device, BLEDevice)
        self.peripheral: Peripheral = device.details
        self.callback: Any = None
        self.loop = asyncio.get_running_loop()
        self._connected = False

    @property
    def name(self) -> str:
        return self.peripheral.name

    @property
    def mtu_size(self) -> int:
        return 23

    @property
    def is_connected(self) -> bool:
        return self._connected

    async def connect(self, pair: bool, **_: Any) -> None:
        if not self.peripheral.in_reach:
            raise BleakError("not in reach")
        service = BleakGATTService(None, 1, self.peripheral.service)
        self.services = BleakGATTServiceCollection()
        self.services.add_service(service)
        measurement = BleakGATTCharacteristic(None, 2, MEASUREMENT, ["notify"], lambda: 20, service)
        self.services.add_characteristic(measurement)
        self.peripheral.link = self
        self.peripheral.links += 1
        self._connected = True

    def lose(self) -> None:
        """The peripheral is gone."""
        if self._connected:
            self._connected = False
            self.peripheral.link = None
            if self._disconnected_callback is not None:
                self._disconnected_callback()

    async def disconnect(self) -> None:
        self.lose()

    async def start_notify(self, characteristic: Any, callback: Any, **_: Any) -> None:
        assert characteristic.uuid == MEASUREMENT
        self.callback = callback

    async def stop_notify(self, characteristic: Any) -> None:
        self.callback = None

    async def pair(self, *_: Any, **__: Any) -> None: ...
    async def unpair(self) -> None: ...
    async def read_gatt_char(self, *_: Any, **__: Any) -> bytearray:
        return bytearray()

    async def read_gatt_descriptor(self, *_: Any, **__: Any) -> bytearray:
        return bytearray()

    async def write_gatt_char(self, *_: Any, **__: Any) -> None: ...
    async def write_gatt_descriptor(self, *_: Any, **__: Any) -> None: ...
