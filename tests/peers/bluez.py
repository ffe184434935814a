"""BlueZ's side of D-Bus for one heart rate strap, on a bus of its own.

The bus is a real ``dbus-daemon``, and whoever asks goes bleak's whole way on Linux. What is faked
is bluetoothd: the objects, properties and methods of its documentation that a heart rate strap
needs (doc/org.bluez.Adapter.rst, org.bluez.Device.rst, org.bluez.GattCharacteristic.rst).
"""

from __future__ import annotations

import asyncio
import subprocess
import threading
from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

BLUEZ = "org.bluez"
ADAPTER_1, DEVICE_1 = f"{BLUEZ}.Adapter1", f"{BLUEZ}.Device1"
SERVICE_1, CHARACTERISTIC_1 = f"{BLUEZ}.GattService1", f"{BLUEZ}.GattCharacteristic1"
PROPERTIES = "org.freedesktop.DBus.Properties"
OBJECTS = "org.freedesktop.DBus.ObjectManager"
HEART_RATE = "0000180d-0000-1000-8000-00805f9b34fb"
MEASUREMENT = "00002a37-0000-1000-8000-00805f9b34fb"
ADAPTER = "/org/bluez/hci0"
DEVICE = f"{ADAPTER}/dev_A0_9E_1A_00_00_01"
SERVICE = f"{DEVICE}/service0010"
CHARACTERISTIC = f"{SERVICE}/char0011"
NAME = "Polar H10 A1B2C3"
START_S = 30.0

Tree = dict[str, dict[str, dict[str, Variant]]]


def _tree() -> Tree:
    """All objects and their properties, the strap not yet connected."""
    device = {
        "Address": Variant("s", "A0:9E:1A:00:00:01"),
        "AddressType": Variant("s", "public"),
        "Name": Variant("s", NAME),
        "Alias": Variant("s", NAME),
        "Adapter": Variant("o", ADAPTER),
        "UUIDs": Variant("as", [HEART_RATE]),
        "Paired": Variant("b", False),
        "Trusted": Variant("b", False),
        "Blocked": Variant("b", False),
        "Connected": Variant("b", False),
        "ServicesResolved": Variant("b", False),
        "RSSI": Variant("n", -60),
    }
    adapter = {
        "Address": Variant("s", "00:11:22:33:44:55"),
        "Name": Variant("s", "fake"),
        "Powered": Variant("b", True),
        "Discovering": Variant("b", False),
        "Roles": Variant("as", ["central"]),
    }
    service = {
        "UUID": Variant("s", HEART_RATE),
        "Primary": Variant("b", True),
        "Device": Variant("o", DEVICE),
    }
    characteristic = {
        "UUID": Variant("s", MEASUREMENT),
        "Service": Variant("o", SERVICE),
        "Value": Variant("ay", b""),
        "Notifying": Variant("b", False),
        "Flags": Variant("as", ["notify"]),
        "MTU": Variant("q", 23),
    }
    return {
        ADAPTER: {ADAPTER_1: adapter},
        DEVICE: {DEVICE_1: device},
        SERVICE: {SERVICE_1: service},
        CHARACTERISTIC: {CHARACTERISTIC_1: characteristic},
    }


class BlueZ:
    """A bus with a strap on it; ``address`` is what ``DBUS_SYSTEM_BUS_ADDRESS`` has to be."""

    def __init__(self) -> None:
        self._daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._daemon.stdout is not None
        self.address = self._daemon.stdout.readline().strip()
        self._objects = _tree()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[self._serve()])
        self._thread.start()
        assert self._ready.wait(START_S)

    @property
    def heard(self) -> bool:
        """Whether somebody is told what the strap measures."""
        return bool(self._of(CHARACTERISTIC, CHARACTERISTIC_1)["Notifying"].value)

    @property
    def connected(self) -> bool:
        """Whether somebody holds the strap."""
        return bool(self._of(DEVICE, DEVICE_1)["Connected"].value)

    def notify(self, data: bytes) -> None:
        """Let the strap measure something."""
        self._later(CHARACTERISTIC, CHARACTERISTIC_1, Value=Variant("ay", data))

    def lose(self) -> None:
        """Take the strap out of reach for a moment."""
        self._later(CHARACTERISTIC, CHARACTERISTIC_1, Notifying=Variant("b", False))
        self._later(
            DEVICE, DEVICE_1, Connected=Variant("b", False), ServicesResolved=Variant("b", False)
        )

    def close(self) -> None:
        """End all of it."""
        self._loop.call_soon_threadsafe(self._bus.disconnect)
        self._thread.join(START_S)
        self._daemon.terminate()
        self._daemon.wait(START_S)

    async def _serve(self) -> None:
        self._bus = await MessageBus(bus_address=self.address).connect()
        self._bus.add_message_handler(self._answer)
        await self._bus.request_name(BLUEZ)
        self._ready.set()
        await self._bus.wait_for_disconnect()

    def _of(self, path: str, interface: str) -> dict[str, Variant]:
        return self._objects[path][interface]

    def _later(self, path: str, interface: str, **changed: Variant) -> None:
        self._loop.call_soon_threadsafe(self._change, path, interface, changed)

    def _change(self, path: str, interface: str, changed: dict[str, Variant]) -> None:
        """Change properties, and tell everybody."""
        self._of(path, interface).update(changed)
        body = [interface, changed, []]
        self._bus.send(Message.new_signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", body))

    def _advertise(self, rssi: int) -> None:
        """Hear the strap again and again, with a strength that is never quite the same."""
        if self._of(ADAPTER, ADAPTER_1)["Discovering"].value:
            self._change(DEVICE, DEVICE_1, {"RSSI": Variant("n", rssi)})
            self._loop.call_later(0.02, self._advertise, -121 - rssi)

    def _answer(self, message: Message) -> Message | bool | None:
        """What bluetoothd does about a call."""
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        if message.interface == OBJECTS:
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [self._objects])
        if message.interface == PROPERTIES:
            found: Any = self._of(str(message.path), message.body[0])
            return Message.new_method_return(message, "a{sv}", [found])
        path, member = str(message.path), message.member
        if path not in self._objects:
            return None
        if member in ("Connect", "Disconnect"):  # what has changed is told before the answer
            there = Variant("b", member == "Connect")
            self._change(DEVICE, DEVICE_1, {"Connected": there, "ServicesResolved": there})
        elif member in ("StartNotify", "StopNotify"):
            on = Variant("b", member == "StartNotify")
            self._change(CHARACTERISTIC, CHARACTERISTIC_1, {"Notifying": on})
        self._bus.send(Message.new_method_return(message))
        if member == "StartDiscovery":
            self._change(ADAPTER, ADAPTER_1, {"Discovering": Variant("b", True)})
            self._advertise(-60)
        elif member == "StopDiscovery":
            self._change(ADAPTER, ADAPTER_1, {"Discovering": Variant("b", False)})
        return True
