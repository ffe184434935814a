"""The contract of sensors: what is installed is found, and what is open by itself costs nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import pytest

from oscbridge import sensors
from oscbridge.config import DEFAULT_SENSORS, load
from oscbridge.inlets import INLETS, Inlet
from oscbridge.orders import Felt, Forget, Pulse
from oscbridge.sensors.base import SensorConfig, Told
from oscbridge.wire.arguments import Value
from tests.sensors.hearing import Ear

HEAVY = {"asyncio", "bleak", "websockets", "cv2", "numba", "torch", "scipy"}

by_default = pytest.mark.parametrize("name", DEFAULT_SENSORS)


@pytest.mark.parametrize("name", sensors.names())
def test_a_sensor_is_a_module_with_agreed_names_and_settings_of_its_own(name: str) -> None:
    module = sensors.load(name)
    assert issubclass(module.Config, SensorConfig)
    assert callable(module.open)
    config = load(overrides={f"sensors.{name}.enabled": True})
    assert isinstance(config.sensors[name], module.Config)


@by_default
def test_what_is_open_without_being_asked_starts_no_thread_and_closes_twice(name: str) -> None:
    module, before = sensors.load(name), set(threading.enumerate())
    sensor = module.open(module.Config(), Ear().put)
    assert not set(threading.enumerate()) - before
    assert sensor.name
    assert sensor.detail == ""
    assert sensor.inlets
    sensor.close()
    sensor.close()


@by_default
def test_what_it_hears_it_understands_or_refuses_with_a_reason(name: str) -> None:
    module, ear = sensors.load(name), Ear()
    sensor = module.open(module.Config(), ear.put)
    for inlet in map(INLETS.__getitem__, sensor.inlets):
        for form in inlet.forms:
            values = inlet.read([_sample(arg.type, arg.low, arg.high) for arg in form])
            for command in _say(sensor.hear, inlet, values):
                assert isinstance(command, Felt | Forget | Pulse)
    assert isinstance(sensor.calibrate("reset"), bool)
    sensor.close()


def _sample(kind: str, low: float, high: float) -> Value:
    return "well done" if kind == "s" else min(max(0.5, low), high)


def _say(hear: object, inlet: Inlet, values: tuple[Value, ...]) -> list[object]:
    """What a sensor makes of something that is said to its inlet; nothing where it refuses."""
    name = "no such thing" if inlet.open_ended else ""
    try:
        return list(hear(Told(inlet.name, values, name, "osc")))  # type: ignore[operator]
    except ValueError as error:
        if not str(error):
            raise
        return []


def test_importing_them_imports_nothing_heavy() -> None:
    program = (
        "import importlib, json, sys\n"
        "before = set(sys.modules)\n"
        "for name in sys.argv[1:]: importlib.import_module(f'oscbridge.sensors.{name}')\n"
        "print(json.dumps(sorted({m.partition('.')[0] for m in set(sys.modules) - before})))"
    )
    own = ("face", "game", "heart_rate", "heart_strap", "heart_web")
    done = subprocess.run(
        [sys.executable, "-c", program, *own], capture_output=True, text=True, check=True
    )
    assert not HEAVY & set(json.loads(done.stdout))
