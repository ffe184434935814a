"""Ardour, with the surface that our preset asks for: its fader moves, its transport comes back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oscbridge.mapping import load_preset
from oscbridge.protocol import SIGNALS, Signal
from oscbridge.wire.arguments import Arg
from oscbridge.wire.signal import Message
from tests.peers.beside import Courier, Namespace, Program
from tests.peers.servers import wait_until

pytestmark = [pytest.mark.peer("ardour7-lua", "unshare", "ip")]

SCRIPT = Path(__file__).with_name("ardour.lua")
CONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<Ardour><ControlProtocols>
<Protocol name="Open Sound Control (OSC)" active="1"/>
</ControlProtocols></Ardour>
"""


@pytest.fixture
def ardour(namespace: Namespace, tmp_path: Path) -> Program:
    """Run Ardour's engine and surfaces without its windows."""
    settings = tmp_path / ".config" / "ardour7"
    settings.mkdir(parents=True)
    (settings / "config").write_text(CONFIG, encoding="utf-8")
    session = tmp_path / "session"
    env = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / ".config")}
    program = namespace.run("ardour7-lua", str(SCRIPT), str(session), env=env)
    program.wait_for("ready")
    port = load_preset("ardour").target.port
    wait_until(lambda: namespace.listens(port), "Ardour listens")
    return program


def gain(program: Program) -> float:
    """Ask Ardour itself for the gain of the strip."""
    before = len(program.lines)
    program.write("tell")
    wait_until(lambda: len(program.lines) > before, "Ardour tells")
    return float(re.findall(r"fader ([\d.]+)", program.lines[-1])[0])


def command(courier: Courier, address: str) -> None:
    """Press a button of Ardour that no preset presses."""
    signal = Signal("button", "event", (Arg("on", "f"),), "", address=address)
    courier.send([Message(signal, (1.0,))])


def test_the_fader_follows_and_transport_and_bars_come_back(
    namespace: Namespace, ardour: Program
) -> None:
    courier = namespace.courier("ardour")
    courier.connect()
    courier.wait_for(lambda post: any(a == "/heartbeat" for a, _ in post.heard), "a heartbeat")

    loud = gain(ardour)
    courier.say(SIGNALS["intensity"].message(0.0))
    wait_until(lambda: gain(ardour) < 0.1 * loud, "the fader goes down")
    courier.wait_for(
        lambda post: any(
            address == "/strip/fader" and args[0] == 1 and args[1] == pytest.approx(0.2, abs=0.01)
            for address, args in post.heard
        ),
        "the surface is told of the fader",
    )

    command(courier, "/transport_play")
    courier.wait_for(lambda post: ("in/transport/playing", (1,)) in post.understood, "it plays")
    courier.wait_for(lambda post: ("in/transport/bar", (1,)) in post.understood, "a second bar")
    bars = [args[0] for name, args in courier.understood if name == "in/transport/bar"]
    assert bars == sorted(bars)
    assert bars[0] == 0
