"""The port with real sockets: where it listens, what leaves from it, and who was not there."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from oscbridge.inbound.port import STEPS, Port, open_port
from oscbridge.inbound.settings import PortSettings
from oscbridge.inbound.udp import LONGEST, Udp

DEADLINE_S = 30.0


def until(true: Callable[[], object], deadline_s: float = DEADLINE_S) -> None:
    """Wait until something is true."""
    end_s = time.monotonic() + deadline_s
    while not true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.005)


def free_run() -> int:
    """A number from which on all that is tried is free."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            number = probe.getsockname()[1]
        if number + STEPS[-1] < 65536:
            return number


@pytest.fixture
def port() -> Iterator[Port]:
    opened = open_port(PortSettings(port=0))
    yield opened
    opened.close()


@pytest.fixture
def peer() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(DEADLINE_S)
        yield udp


def test_it_listens_on_this_machine_alone_unless_the_network_is_let_in() -> None:
    for lan, host in ((False, "127.0.0.1"), (True, "0.0.0.0")):
        opened = open_port(PortSettings(port=0, lan=lan))
        assert opened.own.socket.getsockname()[0] == host
        assert opened.lan == lan
        opened.close()


def test_a_busy_port_is_no_reason_not_to_start_and_the_next_is_named() -> None:
    number = free_run()
    first = open_port(PortSettings(port=number))
    second = open_port(PortSettings(port=number))
    third = open_port(PortSettings(port=number))
    fourth = open_port(PortSettings(port=number))
    assert [p.number for p in (first, second, third)] == [number + step for step in STEPS]
    assert first.detail == ""
    assert second.detail == f"UDP port {number} is busy"
    assert fourth.number is None
    assert fourth.detail.count("is busy") == len(STEPS)
    for opened in (first, second, third, fourth):
        opened.close()


def test_what_leaves_comes_from_where_it_listens_and_answers_arrive(
    port: Port, peer: socket.socket
) -> None:
    port.send(b"/hello\0\0", peer.getsockname())
    data, source = peer.recvfrom(100)
    assert data == b"/hello\0\0"
    assert source == port.address
    peer.sendto(b"/answer\0", source)
    until(lambda: (found := port.own.receive()) and bytes(found[0]) == b"/answer\0")


def test_without_a_port_things_still_leave(peer: socket.socket) -> None:
    opened = open_port(PortSettings(enabled=False))
    opened.send(b"/x\0\0", peer.getsockname())
    assert peer.recv(100) == b"/x\0\0"
    assert opened.number is None
    opened.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells who refused")
def test_of_many_peers_the_one_that_is_not_there_is_named_and_the_others_miss_nothing(
    port: Port, peer: socket.socket, free_udp_port: int
) -> None:
    nobody = ("127.0.0.1", free_udp_port)
    for number in range(200):
        port.send(number.to_bytes(4, "big"), nobody)
        port.send(number.to_bytes(4, "big"), peer.getsockname())
    assert [int.from_bytes(peer.recv(100), "big") for _ in range(200)] == list(range(200))
    until(lambda: port.note_refusals() or port.refusals(nobody) > 100)
    assert port.refusals(peer.getsockname()) == 0


def test_other_machines_are_sent_to_from_a_socket_that_is_not_bound_to_this_one(
    port: Port,
) -> None:
    elsewhere = port.way_to(("198.51.100.7", 9000))
    assert elsewhere is not port.own
    assert elsewhere.socket.getsockname()[0] == "0.0.0.0"
    assert port.way_to(("127.0.0.1", 9000)) is port.own
    on_the_network = open_port(PortSettings(port=0, lan=True))
    assert on_the_network.way_to(("198.51.100.7", 9000)) is on_the_network.own
    on_the_network.close()


def test_what_goes_to_where_we_listen_is_known_to_be_ours(port: Port) -> None:
    assert port.number is not None
    assert port.is_own(("127.0.0.1", port.number))
    assert not port.is_own(("127.0.0.1", port.number + 1))
    assert not port.is_own(("10.0.0.7", port.number))


def test_a_datagram_that_is_too_long_is_known_by_its_length(
    port: Port, peer: socket.socket
) -> None:
    assert port.address is not None
    found: list[int] = []
    for size in (LONGEST, LONGEST + 1, 3 * LONGEST):
        peer.sendto(b"/" * size, port.address)
        until(lambda: _receive(port.own, found))
    assert found == [LONGEST, LONGEST + 1, LONGEST + 1]


def _receive(udp: Udp, found: list[int]) -> bool:
    received = udp.receive()
    if received is not None:
        found.append(len(received[0]))
    return received is not None
