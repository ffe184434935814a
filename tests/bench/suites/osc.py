"""One OSC message of two floats: encode and send."""

from __future__ import annotations

from oscbridge.measuring.stages import PAIR
from oscbridge.outputs import osc
from oscbridge.protocol import SIGNALS
from tests.bench.suite import OURS, Bench, Case, Goal, Suite

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


SUITE = Suite(
    name="OSC",
    what="one message of two floats, encoded and sent",
    contenders={OURS: ours, "python-osc": python_osc},
    goals=(Goal(most_us=3.0),),
    note="Half of it is the system call, which both need. There is no MIDI output to compare yet.",
)
