"""Who says something to us."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

Address = tuple[str, int]
"""A host and a port, as sockets have them."""


class Sender(NamedTuple):
    """Whoever a message came from, whatever way it came.

    Attributes
    ----------
    name : str
        For people: ``"10.0.0.3:52110"``, ``"MIDI Launchpad"``.
    address : tuple of (host, port), optional
        Where an answer goes by UDP.
    reply : callable, optional
        Takes an answer, where it goes another way; without either there is none.
    waits : bool
        Whether a person waits for what becomes of each thing said; others are told of the same
        mistake once in a while.
    """

    name: str
    address: Address | None = None
    reply: Callable[[bytes], None] | None = None
    waits: bool = False
