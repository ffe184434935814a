"""What is fuzzed: any bytes go through the whole way in, and nothing but what is meant may happen.

::

    pip install atheris
    python -m tests.fuzz.harness tests/fuzz/corpus      # until something is found, or Ctrl-C

A finding is a file in the folder where it was started; what is worth keeping goes to the corpus,
which `tests/fuzz/test_corpus.py` runs through without atheris.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable

from oscbridge.inbound.receiver import Receiver
from oscbridge.inbound.sender import Sender
from oscbridge.orders import Command, Override
from oscbridge.sight import UNTURNED
from oscbridge.wire.packet import OscBundle, OscMessage, PacketError, read_packet

SENDER = Sender("127.0.0.1:5000", ("127.0.0.1", 5000))


class Streams:
    """Checks the commands that get through."""

    last_request = 1
    sight = UNTURNED

    def put(self, results: Iterable[Command]) -> None:
        """Take commands: their numbers are finite."""
        for command in results:
            for name in command.__slots__:
                value = getattr(command, name)
                endless = isinstance(command, Override) and name == "for_s"
                assert not isinstance(value, float) or math.isfinite(value) or endless


def try_one(data: bytes) -> None:
    """Read a packet and take it; raises where that is not as it should be."""
    receiver = Receiver(streams=("drums", "crowd"))
    for name in ("drums", "crowd"):
        receiver.join(name, Streams())
    receiver.take_packet(data, SENDER)
    assert receiver.traffic.packets + receiver.traffic.malformed == 1
    try:
        packet = read_packet(data)
    except PacketError:
        return
    assert isinstance(packet, OscMessage | OscBundle)


def main() -> None:
    """Fuzz until something is found."""
    import atheris

    atheris.instrument_all()
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
