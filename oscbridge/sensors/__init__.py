"""Where felt affect comes from: one module a sensor, and the contract that they share (`base`).

A module here is a sensor: it has a ``Config`` (a `SensorConfig`) and ``open(config, put)``, which
gives a `Sensor`. Its name is its section in the settings, ``[sensors.<name>]``; nothing else has to
be edited. Those that only wait for what others say are open without one (`config`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from oscbridge import plug_ins

if TYPE_CHECKING:
    from oscbridge.sensors.base import SensorModule

NOT_SENSORS = ("base",)


def names() -> list[str]:
    """Names of all sensors that are installed."""
    return plug_ins.names(__path__, NOT_SENSORS)


def load(name: str) -> SensorModule:
    """Import sensor ``name``. Raises `SettingsError` that lists the sensors."""
    return cast("SensorModule", plug_ins.load(__name__, "sensor", name, names()))
