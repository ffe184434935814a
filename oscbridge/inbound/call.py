"""A message that has been understood: which inlet, with which values, from whom, for which stream.

Conventions
-----------
`Refused` is what an action raises where it cannot do what is asked for; its text goes to the sender
as ``error``. What it returns are commands for the streams that the call is for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from oscbridge.inbound.sender import Sender
    from oscbridge.inlets import Inlet
    from oscbridge.wire.arguments import Value


class Refused(Exception):  # noqa: N818 - said to the sender, no error of ours
    """It cannot be done; the text says why."""


class Call(NamedTuple):
    """An inlet, its values as `oscbridge.inlets.Inlet.read` leaves them, and who calls.

    ``name`` is the end of an open-ended address, else empty; ``streams`` are those it is for.
    """

    inlet: Inlet
    values: tuple[Value, ...]
    sender: Sender
    streams: tuple[str, ...] = ("",)
    name: str = ""
