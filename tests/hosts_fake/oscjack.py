"""OscJack, and other simple receivers of Unity and Godot: at most four arguments, exact addresses.

Read from keijiro/OscJack (Osc*Parser, OscServer): ``i f s`` only, a buffer of 4096 bytes, no
patterns. uOSC and godOSC take as many as there are.
"""

from __future__ import annotations

from tests.hosts_fake.told import Said, Told

MOST_ARGS = 4


class Host:
    """Keeps the newest arguments of each address."""

    reply_port = None

    def __init__(self) -> None:
        self.newest: dict[str, Told] = {}
        self.counts: dict[str, int] = {}

    def take(self, told: Told, now_s: float) -> list[Said]:
        """Take a message of at most four plain arguments."""
        del now_s
        assert len(told.args) <= MOST_ARGS, f"{told.address}: the fifth argument is lost"
        before = self.newest.get(told.address)
        assert before is None or before.types == told.types, f"{told.address} changed its types"
        self.newest[told.address] = told
        self.counts[told.address] = self.counts.get(told.address, 0) + 1
        return []

    def tick(self, now_s: float) -> list[Said]:
        """Say nothing by itself."""
        del now_s
        return []
