"""Wekinator: exactly so many floats, or the message is ignored.

Read from fiebrink1/wekinator (OSCReceiver, InputManager, OSCControlReceiver). What it makes of its
inputs goes out as ``/wek/outputs``.
"""

from __future__ import annotations

from tests.hosts_fake.told import Said, Told

INPUTS = 8


class Host:
    """Eight inputs, two outputs: the first two inputs as 0..1."""

    reply_port = 12000

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()
        self.inputs: list[tuple[float, ...]] = []

    def take(self, told: Told, now_s: float) -> list[Said]:
        """Take a row of inputs."""
        del now_s
        if told.address == "/wekinator/control/setInputNames":
            self.names = tuple(str(name) for name in told.expect("s" * INPUTS))
            return []
        assert told.address == "/wek/inputs", f"Wekinator listens to /wek/inputs only, not {told}"
        row = tuple(float(value) for value in told.expect("f" * INPUTS))
        assert all(-1.0 <= value <= 1.0 for value in row), row
        self.inputs.append(row)
        return [("/wek/outputs", [(row[0] + 1) / 2, (row[1] + 1) / 2])]

    def tick(self, now_s: float) -> list[Said]:
        """Say nothing by itself."""
        del now_s
        return []
