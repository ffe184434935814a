"""What came in, counted, and what was wrong with it, in words, once a second.

Conventions
-----------
Times are seconds that the caller reads off a clock. Counters only grow. `Traffic.report` compares
them with those of its last call; what has been well for `CALM_S` is no longer told.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from oscbridge.readable import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.inbound.sender import Address

EVERY_S = 1.0
LONGEST = 160
"""Characters of what was wrong."""
CALM_S = 3.0

TROUBLE = {
    "malformed": "no OSC",
    "oversized": "too long",
    "over_cap": "over the limit",
    "strangers": "from who may not",
    "refused": "cannot be done",
    "foreign": "meant for others",
}
"""Counters of trouble, in words."""


@dataclass(slots=True)
class Traffic:
    """Counters of what came in.

    Attributes
    ----------
    packets, messages : int
        Taken.
    malformed, oversized : int
        Packets that are no OSC, or longer than is read.
    over_cap, strangers : int
        Packets thrown away unread: of too many, or from somebody who may not speak.
    refused : int
        Messages that say something which cannot be done.
    foreign : int
        Messages under addresses that mean nothing to us; where a host is listened to in its own
        words, only those that start like ours.
    culprit : str
        Who gave trouble last with what it said.
    find_why : callable, optional
        Says what was wrong with that, where it is known; asked only when it is told.
    shut_out : tuple of (host, port), optional
        Whose packet was thrown away unread last.
    detail : str
        The present trouble in words, empty where there is none.
    """

    packets: int = 0
    messages: int = 0
    malformed: int = 0
    oversized: int = 0
    over_cap: int = 0
    strangers: int = 0
    refused: int = 0
    foreign: int = 0
    culprit: str = ""
    find_why: Callable[[], str] | None = None
    shut_out: Address | None = None
    detail: str = ""
    _told: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TROUBLE, 0))
    _told_s: float = 0.0
    _trouble_s: float = 0.0

    @property
    def troubled(self) -> bool:
        """Whether `report` has something to say, or to take back, when its time comes."""
        return bool(self.detail) or any(getattr(self, name) > self._told[name] for name in TROUBLE)

    def counts(self) -> dict[str, int]:
        """All counters by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.type == "int"}

    def blame(self, who: str, find_why: Callable[[], str] | None = None) -> None:
        """Note who gave trouble, and how to find out what was wrong with what it said."""
        self.culprit, self.find_why = who, find_why

    def report(self, now_s: float) -> bool:
        """Bring `detail` up to date, at most once a second; whether it says something new."""
        past_s = now_s - self._told_s
        if past_s < EVERY_S:
            return False
        counts = {name: getattr(self, name) for name in TROUBLE}
        new = [
            f"{counts[name] - self._told[name]:,} {words}"
            for name, words in TROUBLE.items()
            if counts[name] > self._told[name]
        ]
        self._told, self._told_s = counts, now_s
        if new:
            self._trouble_s = now_s
            if self.shut_out is not None:
                host, port = self.shut_out
                self.blame(f"{host}:{port}")
                self.shut_out = None
            why = f": {printable(self.find_why())[:LONGEST]}" if self.find_why else ""
            self.detail = f"{', '.join(new)}, last from {self.culprit}{why}"
        elif now_s - self._trouble_s >= CALM_S:
            self.detail = ""
        return bool(new)
