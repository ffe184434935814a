"""Wwise's authoring interface: calls by name, each with named arguments of fixed types.

Read from audiokinetic.com (WAAPI reference, ak.soundengine). A message of ours is a call, its
arguments are name, value, name, value (``oscbridge.wire.waapi``).
"""

from __future__ import annotations

from tests.hosts_fake.told import Said, Told

CALLS = {
    "ak.soundengine.registerGameObj": {"gameObject": int, "name": str},
    "ak.soundengine.setRTPCValue": {"rtpc": str, "value": float, "gameObject": int},
    "ak.soundengine.setState": {"stateGroup": str, "state": str},
    "ak.soundengine.postTrigger": {"trigger": str, "gameObject": int},
}
STATES = ("happy", "tense", "sad", "relaxed")


class Host:
    """A project with our parameter and our states."""

    reply_port = None

    def __init__(self) -> None:
        self.objects: set[int] = set()
        self.states: list[str] = []
        self.values: list[float] = []

    def take(self, told: Told, now_s: float) -> list[Said]:
        """Make the call that a message is."""
        del now_s
        names, values = told.args[::2], told.args[1::2]
        self.call(told.address[1:], dict(zip(map(str, names), values, strict=True)))
        return []

    def call(self, uri: str, given: dict[str, object]) -> None:
        """Make a call; whatever the schema would refuse is wrong."""
        schema = CALLS[uri]
        assert given.keys() == schema.keys(), f"{uri} takes {schema}, not {given}"
        for name, kind in schema.items():
            assert isinstance(given[name], kind), f"{uri}: {name} is {given[name]!r}"
        if uri.endswith("registerGameObj"):
            self.objects.add(int(str(given["gameObject"])))
        elif "gameObject" in given:
            assert given["gameObject"] in self.objects, "the game object is not registered"
        if uri.endswith("setState"):
            assert given["state"] in STATES
            self.states.append(str(given["state"]))
        if uri.endswith("setRTPCValue"):
            value = float(str(given["value"]))
            assert 0.0 <= value <= 100.0
            self.values.append(value)

    def tick(self, now_s: float) -> list[Said]:
        """Say nothing by itself."""
        del now_s
        return []
