"""SLIP over TCP: python-osc's own TCP server is the other end."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc import slip as their_slip
from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_tcp_server import MODE_1_1, ThreadingOSCTCPServer

from oscbridge.errors import DeviceError
from oscbridge.mapping import Mapping, load_preset
from oscbridge.protocol import SIGNALS
from oscbridge.wire.packet import OscMessage, read_packet
from oscbridge.wire.slip import MAX_PACKET, MAX_WAITING, SlipSender, Unframer, frame
from oscbridge.wire.template import Template
from tests.hosts_fake.qlab import Host as QLab
from tests.hosts_fake.told import Told
from tests.inbound.world import until

DEADLINE_S = 30.0


class Listener:
    """python-osc's TCP server in a thread, with a workspace of QLab behind it."""

    def __init__(self, port: int = 0, passcode: str = "") -> None:
        self.qlab = QLab(passcode)
        self.heard: list[Told] = []
        dispatcher = Dispatcher()
        dispatcher.set_default_handler(self._take)
        ThreadingOSCTCPServer.allow_reuse_address = True
        ThreadingOSCTCPServer.daemon_threads = True
        self._server = ThreadingOSCTCPServer(("127.0.0.1", port), dispatcher, mode=MODE_1_1)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self._thread.start()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def _take(self, address: str, *args: int | float | str) -> tuple[object, ...] | None:
        types = "".join({int: "i", float: "f", str: "s"}[type(arg)] for arg in args)
        told = Told(address, types, args)
        answers = self.qlab.take(told, 0.0)
        self.heard.append(told)
        return next(((place, *said) for place, said in answers), None)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    yield server
    server.close()


def send_often(sender: SlipSender, packet: bytes, count: int) -> None:
    for _ in range(count):
        sender.send(packet)


def packed(preset: str = "qlab") -> list[bytes]:
    mapping = Mapping(load_preset(preset))
    messages = mapping.connect(0)
    return [bytes(Template(s.address, s.types).pack(args)) for s, args in messages]


@given(st.binary(max_size=600).filter(len))
def test_what_we_frame_python_osc_unframes_and_the_other_way_round(packet: bytes) -> None:
    assert their_slip.decode(frame(packet)) == packet
    assert Unframer().update(their_slip.encode(packet)) == [packet]


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=8), st.integers(1, 17))
def test_packets_are_found_however_the_stream_is_cut(packets: list[bytes], size: int) -> None:
    stream = b"".join(map(frame, packets))
    unframer, found = Unframer(), list[bytes]()
    for start in range(0, len(stream), size):
        found += unframer.update(stream[start : start + size])
    assert found == packets


def test_a_packet_without_an_end_does_not_fill_the_memory() -> None:
    unframer = Unframer()
    assert unframer.update(b"x" * (MAX_PACKET + 100)) == []
    assert unframer.update(b"\xc0/a\0\0\xc0") == [b"/a\0\0"]


def test_qlab_over_tcp_hears_the_introduction_first_and_then_everything(listener: Listener) -> None:
    sender = SlipSender("127.0.0.1", listener.port, packed)
    mapping = Mapping(load_preset("qlab"))
    for quadrant, label in enumerate(("happy", "tense", "sad", "relaxed"), start=1):
        enter = SIGNALS["quadrant/enter"].message(quadrant, label, 0.9)
        for signal, args in mapping.apply([enter]):
            sender.send(Template(signal.address, signal.types).pack(args))
    until(lambda: sender.receive() is not None and len(listener.heard) == 5)
    assert listener.heard[0].address == "/alwaysReply"
    assert listener.qlab.started == ["happy", "tense", "sad", "relaxed"]
    sender.close()


def test_answers_come_back_as_packets() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        sender = SlipSender("127.0.0.1", server.getsockname()[1])
        sender.send(b"/cue\0\0\0\0,\0\0\0")
        host, _ = server.accept()
        with host:
            until(lambda: not sender.receive() and bool(host.recv(1, socket.MSG_PEEK)))
            host.sendall(frame(bytes(Template("/reply/cue", "s").pack(("ok",)))))
            answers: list[bytes] = []
            until(lambda: bool(answers.extend(sender.receive()) or answers))
        assert read_packet(answers[0]) == OscMessage("/reply/cue", "s", ("ok",))
        sender.close()


def test_a_host_that_is_not_there_is_told_and_found_when_it_comes(free_tcp_port: int) -> None:
    now_s = [0.0]
    sender = SlipSender("127.0.0.1", free_tcp_port, packed, clock=lambda: now_s[0])
    with pytest.raises(ConnectionRefusedError, match="nobody listens"):
        send_often(sender, packed()[0], 1000)
    listener = Listener(free_tcp_port)
    with pytest.raises(ConnectionRefusedError):
        sender.send(packed()[0])  # it does not knock again at once
    now_s[0] = 1.1
    sender.send(packed()[0])
    until(lambda: bool(sender.receive() or len(listener.heard) == 2))
    listener.close()
    sender.close()


def test_a_host_that_does_not_read_costs_no_memory_and_no_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        sender = SlipSender("127.0.0.1", server.getsockname()[1])
        with pytest.raises(BlockingIOError, match="too slowly"):
            send_often(sender, b"x" * 1000, 100_000)
        assert len(sender._waiting) <= MAX_WAITING
        sender.close()
        sender.close()


def test_a_host_without_an_address_is_an_error_of_one_line() -> None:
    with pytest.raises(DeviceError, match=r"cannot find the OSC target 'no\.such"):
        SlipSender("no.such.host.invalid", 53000)


@pytest.fixture
def free_tcp_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
