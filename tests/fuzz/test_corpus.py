"""The corpus of the fuzzer, run through as it is and a little damaged."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from oscbridge.inlets import INLETS
from oscbridge.wire.packet import OscBundle, PacketError, read_packet
from tests.fuzz.harness import try_one

CORPUS = sorted(Path(__file__).with_name("corpus").iterdir())


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_what_was_kept_does_no_harm_whole_or_damaged(path: Path) -> None:
    data, dice = path.read_bytes(), random.Random(path.name)
    try_one(data)
    for _ in range(50):
        damaged = bytearray(data)
        for _ in range(dice.randrange(1, 4)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try_one(bytes(damaged))
        try_one(data[: dice.randrange(len(data))])
    assert data


def test_the_corpus_speaks_to_every_inlet() -> None:
    addresses: set[str] = set()
    for path in CORPUS:
        try:
            packet = read_packet(path.read_bytes())
        except PacketError:
            continue
        messages = packet.messages() if isinstance(packet, OscBundle) else (packet,)
        addresses |= {message.address for message in messages}
    reached = {
        inlet.name
        for inlet in INLETS.values()
        if any(a == inlet.address or a.startswith(f"{inlet.address}/") for a in addresses)
    }
    assert reached == set(INLETS)
