"""A program that reads any OSC of plain types: Max, Pd, SuperCollider, TouchDesigner, ourselves."""

from __future__ import annotations

from tests.hosts_fake import oscjack
from tests.hosts_fake.told import Said, Told


class Host(oscjack.Host):
    """Keeps the newest arguments of each address, however many."""

    def take(self, told: Told, now_s: float) -> list[Said]:
        """Take a message; a whole request has more arguments than simple hosts read."""
        if len(told.args) > oscjack.MOST_ARGS:
            assert told.address.endswith("/request"), told
            self.newest[told.address] = told
            return []
        return super().take(told, now_s)
