"""Resolume: layers and columns from 1; a column is connected by 1 and let go by 0.

Read from bitfocus/companion-module-resolume-arena (its OSC addresses). With *Output All OSC
Messages* it says under the same addresses what has been done, at a port of its own.
"""

from __future__ import annotations

import re

from tests.hosts_fake.told import Said, Told


class Host:
    """A composition of three layers and four columns."""

    reply_port = 7001

    def __init__(self) -> None:
        self.opacity: dict[int, float] = {}
        self.connected: list[int] = []
        self._pressed: int | None = None

    def take(self, told: Told, now_s: float) -> list[Said]:
        """Do what the addresses say."""
        del now_s
        if found := re.fullmatch(r"/composition/layers/([1-3])/video/opacity", told.address):
            told.expect("f")
            self.opacity[int(found[1])] = told.number(0, 0.0, 1.0)
        elif found := re.fullmatch(r"/composition/columns/([1-4])/connect", told.address):
            (down,) = told.expect("i")
            if down:
                assert self._pressed is None, "the last column was not let go"
                self._pressed = int(found[1])
                self.connected.append(self._pressed)
            else:
                assert self._pressed == int(found[1])
                self._pressed = None
        else:
            raise AssertionError(f"Resolume knows no {told}")
        return [(told.address, told.args)]

    def tick(self, now_s: float) -> list[Said]:
        """Say nothing by itself."""
        del now_s
        return []
