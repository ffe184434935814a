"""Sending OSC: our packed templates against python-osc, in one run on one machine.

Only ratios are asserted; absolute times are pytest-benchmark's to show. Packing is compared alone
as well, because the system call, which both need, can be most of a send.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.udp_client import SimpleUDPClient

from oscbridge.outputs import osc
from oscbridge.protocol import SIGNALS
from oscbridge.wire.template import Template

ROUNDS = 15
CALLS = 1000
LEAST_PACK_RATIO = 5.0
LEAST_SEND_RATIO = 1.5

PAIR = (0.25, -0.5)
VA = SIGNALS["va"]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        yield udp


@pytest.fixture
def ours(listener: socket.socket) -> Iterator[Callable[[], None]]:
    output = osc.open(osc.Config(to=(f"127.0.0.1:{listener.getsockname()[1]}",)))
    message = [VA.message(*PAIR)]
    yield lambda: output.send(message)
    output.close()


@pytest.fixture
def theirs(listener: socket.socket) -> Callable[[], None]:
    client = SimpleUDPClient("127.0.0.1", listener.getsockname()[1])
    return lambda: client.send_message(VA.address, PAIR)


def seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - start) / CALLS


def ratio(ours: Callable[[], object], theirs: Callable[[], object]) -> float:
    """Times as long as ours that theirs takes."""
    # Taken in turns, so that a busy machine slows both; medians, so that a hiccup counts once.
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(ROUNDS)]
    our_s, their_s = np.median(pairs, axis=0)
    return float(their_s / our_s)


def test_packing_a_pair_is_at_least_five_times_as_fast_as_with_python_osc() -> None:
    template = Template(VA.address, VA.types)

    def theirs() -> bytes:
        builder = OscMessageBuilder(VA.address)
        for value in PAIR:
            builder.add_arg(value)
        return builder.build().dgram

    assert bytes(template.pack(PAIR)) == theirs()
    assert ratio(lambda: template.pack(PAIR), theirs) >= LEAST_PACK_RATIO


def test_sending_a_pair_is_clearly_faster_than_with_python_osc(
    ours: Callable[[], None], theirs: Callable[[], None]
) -> None:
    assert ratio(ours, theirs) >= LEAST_SEND_RATIO


def test_time_to_send_a_pair(benchmark: Callable[..., None], ours: Callable[[], None]) -> None:
    benchmark(ours)


def test_time_to_send_a_pair_with_python_osc(
    benchmark: Callable[..., None], theirs: Callable[[], None]
) -> None:
    benchmark(theirs)
