"""One OSC message of two floats: encode and send."""

from __future__ import annotations

import socket

from oscbridge.measuring.stages import PAIR
from oscbridge.outputs import osc
from oscbridge.protocol import SIGNALS
from oscbridge.wire.template import Template
from tests.bench.suite import FLOOR, OURS, Bench, Case, Goal, Suite

COUNT = 3000
VA = SIGNALS["va"]


def ours(bench: Bench) -> Case:
    """Our output: mapping, template, socket."""
    output = osc.open(osc.Config(to=(bench.sink.target,)))
    return Case(output.send, [[VA.message(*PAIR)]] * COUNT)


def python_osc(bench: Bench) -> Case:
    """python-osc's client."""
    from pythonosc.udp_client import SimpleUDPClient

    host, _, port = bench.sink.target.partition(":")
    client = SimpleUDPClient(host, int(port))
    return Case(lambda pair: client.send_message(VA.address, pair), [PAIR] * COUNT)


def bare_socket(bench: Bench) -> Case:
    """The system call alone, with bytes that are ready."""
    host, _, port = bench.sink.target.partition(":")
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.connect((host, int(port)))
    udp.setblocking(False)
    return Case(udp.send, [bytes(Template(VA.address, VA.types).pack(PAIR))] * COUNT)


SUITE = Suite(
    name="OSC",
    what="one message of two floats, encoded and sent",
    contenders={OURS: ours, "python-osc": python_osc, f"{FLOOR}socket.send": bare_socket},
    goals=(Goal(most_us=3.0),),
)
