"""OscCore in Unity: its components read the first argument of a message, and no other.

Read from stella3d/OscCore (Osc*MessageHandler: ``values.ReadIntElement(0)`` and so on).
"""

from __future__ import annotations

from tests.hosts_fake.told import Said, Told


class Host:
    """Keeps what each input has shown."""

    reply_port = None

    def __init__(self) -> None:
        self.shown: dict[str, list[int | float | str | bool]] = {}

    def take(self, told: Told, now_s: float) -> list[Said]:
        """Take a message with one argument."""
        del now_s
        assert len(told.args) == 1, f"{told.address}: all but the first is lost"
        shown = self.shown.setdefault(told.address, [])
        assert not shown or type(shown[0]) is type(told.args[0]), "another kind of input"
        shown.append(told.args[0])
        return []

    def tick(self, now_s: float) -> list[Said]:
        """Say nothing by itself."""
        del now_s
        return []
