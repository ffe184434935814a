"""Sending OSC: our packed templates against python-osc, in one run on one machine.

Only the ratio is asserted; absolute times are pytest-benchmark's to show.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from pythonosc.udp_client import SimpleUDPClient

from oscbridge.outputs import osc
from oscbridge.protocol import SIGNALS

ROUNDS = 15
SENDS = 1000
LEAST_RATIO = 3.0


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        yield udp


@pytest.fixture
def ours(listener: socket.socket) -> Iterator[Callable[[], None]]:
    output = osc.open(osc.Config(to=(f"127.0.0.1:{listener.getsockname()[1]}",)))
    message = [SIGNALS["va"].message(0.25, -0.5)]
    yield lambda: output.send(message)
    output.close()


@pytest.fixture
def theirs(listener: socket.socket) -> Callable[[], None]:
    client = SimpleUDPClient("127.0.0.1", listener.getsockname()[1])
    address = SIGNALS["va"].address
    return lambda: client.send_message(address, [0.25, -0.5])


def seconds(send: Callable[[], None]) -> float:
    start = time.perf_counter()
    for _ in range(SENDS):
        send()
    return (time.perf_counter() - start) / SENDS


def test_sending_a_pair_is_at_least_three_times_as_fast_as_with_python_osc(
    ours: Callable[[], None], theirs: Callable[[], None]
) -> None:
    # Taken in turns, so that a busy machine slows both; medians, so that a hiccup counts once.
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(ROUNDS)]
    our_s, their_s = np.median(pairs, axis=0)
    assert their_s / our_s >= LEAST_RATIO, f"{our_s * 1e6:.2f} µs against {their_s * 1e6:.2f} µs"


def test_time_to_send_a_pair(benchmark: Callable[..., None], ours: Callable[[], None]) -> None:
    benchmark(ours)


def test_time_to_send_a_pair_with_python_osc(
    benchmark: Callable[..., None], theirs: Callable[[], None]
) -> None:
    benchmark(theirs)
