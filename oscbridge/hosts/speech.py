"""Messages as datagrams, in the words and the form that one kind of receiver wants.

Conventions
-----------
A preset (`oscbridge.mapping`) may rename and rescale; `oscbridge.wire.template` packs, without
allocating anything where there are only numbers. *Plain* is one message a datagram. *Bundled* is
one bundle for all that is said at one moment, for immediately (time tag 1), or several where one
would be longer than a datagram may be; events follow it as they are, since many receivers act on
bundles later, or not in order.

What is not finite, or no number that OSC has, does not leave; it is counted and named.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from oscbridge.wire.packet import IMMEDIATELY
from oscbridge.wire.template import MAX_DATAGRAM, Template

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from oscbridge.mapping import Mapping
    from oscbridge.protocol import Message, Signal

_HEAD = b"#bundle\0" + struct.pack(">Q", IMMEDIATELY)


class Speech:
    """Turns messages into datagrams.

    Parameters
    ----------
    words : Mapping
        How our signals are said.
    ascii_only : bool
        Replace what is not ASCII in texts, even where the preset does not ask for it.
    bundled : bool
        One bundle a moment.

    Attributes
    ----------
    errors : int
        Messages that cannot be said.
    detail : str
        What the last of them was.
    """

    def __init__(self, words: Mapping, *, ascii_only: bool = False, bundled: bool = False) -> None:
        self.words = words
        self.errors = 0
        self.detail = ""
        self._ascii_only = ascii_only or words.ascii_only
        self._bundled = bundled
        self._templates: dict[Signal, Template] = {}

    def say(self, messages: Sequence[Message]) -> Iterator[bytes | bytearray]:
        """Put ``messages`` in the receiver's words; each datagram is valid until the next."""
        return self.pack(self.words.apply(messages))

    def pack(self, said: Sequence[Message]) -> Iterator[bytes | bytearray]:
        """Pack what is in the receiver's words already."""
        return self._bundles(said) if self._bundled else self._packed(said)

    def _packed(self, said: Sequence[Message]) -> Iterator[bytes | bytearray]:
        for signal, args in said:
            template = self._templates.get(signal)
            if template is None:
                template = Template(signal.address, signal.types, ascii_only=self._ascii_only)
                self._templates[signal] = template
            try:
                datagram = template.pack(args)
            except ValueError as error:
                self.errors += 1
                self.detail = f"{signal.address}: {error}"
                continue
            yield datagram

    def _bundles(self, said: Sequence[Message]) -> Iterator[bytes | bytearray]:
        bundle = bytearray(_HEAD)
        for packed in self._packed([m for m in said if m.signal.when != "event"]):
            if len(bundle) + 4 + len(packed) > MAX_DATAGRAM and len(bundle) > len(_HEAD):
                yield bundle
                bundle = bytearray(_HEAD)
            if len(_HEAD) + 4 + len(packed) > MAX_DATAGRAM:
                yield packed  # alone it just fits
                continue
            bundle += struct.pack(">i", len(packed))
            bundle += packed
        if len(bundle) > len(_HEAD):
            yield bundle
        yield from self._packed([m for m in said if m.signal.when == "event"])
