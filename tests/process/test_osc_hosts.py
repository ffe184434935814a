"""Hosts that are told in their own words and answer: real sockets, python-osc at their end."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from oscbridge.errors import SettingsError
from oscbridge.inbound.settings import PortSettings
from oscbridge.orders import HostSaid, UsePreset
from oscbridge.outputs import osc
from oscbridge.outputs.osc import Config, OscOutput
from oscbridge.protocol import PREFIX, SIGNALS
from tests.conftest import OscEar
from tests.inbound.world import World, running

HOST = """
title = "a host"
tested_with = "nothing"

[target]
port = {port}
{reply}

[connect]
send = [{{address = "/hello", args = ["i:{{port}}"]}}]
redo = ["/started"]

[[map]]
source = "intensity"
address = "{address}"

[[readback]]
address = "/host/tempo"
to = "in/transport/tempo"
"""


@pytest.fixture
def host_toml(tmp_path: Path) -> Callable[..., Path]:
    """Write a preset of a host."""

    def write(port: int, address: str = "/fader", reply_port: int | None = None) -> Path:
        reply = f"reply_port = {reply_port}" if reply_port else ""
        path = tmp_path / "host.toml"
        path.write_text(HOST.format(port=port, address=address, reply=reply), encoding="utf-8")
        return path

    return write


@contextmanager
def told(world: World, path: Path, to: tuple[str, ...] = ()) -> Iterator[OscOutput]:
    output = osc.open(Config(preset=str(path), to=to), world.access.wiring())
    yield output
    output.close()


def test_a_host_is_greeted_before_anything_else_and_answers_to_where_it_came_from(
    osc_ear: OscEar, host_toml: Callable[..., Path]
) -> None:
    with running() as world, told(world, host_toml(osc_ear.port)) as output:
        output.send([SIGNALS["intensity"].message(0.5)])
        osc_ear.wait_for("/fader")
        assert [heard.address for heard in osc_ear.heard] == ["/hello", "/fader"]
        assert osc_ear.heard[0].args == (world.address[1],)
        output.send([SIGNALS["intensity"].message(0.25)])
        osc_ear.wait_for("/fader", count=2)
        assert len(osc_ear.of("/hello")) == 1


def test_a_host_that_says_it_has_started_is_greeted_again(
    osc_ear: OscEar, host_toml: Callable[..., Path]
) -> None:
    with running() as world, told(world, host_toml(osc_ear.port)) as output:
        output.send([])
        osc_ear.wait_for("/hello")
        output.obey(HostSaid("/started", ()))
        osc_ear.wait_for("/hello", count=2)


def test_what_a_host_says_becomes_the_host_s_clock(
    osc_ear: OscEar, host_toml: Callable[..., Path], free_udp_port: int
) -> None:
    """It answers where its preset says it does: there is listened, too."""
    path = host_toml(osc_ear.port, reply_port=free_udp_port)
    with running() as world, told(world, path) as output:
        peer = world.peer()
        peer.say("subscribe")
        output.send([])
        assert osc_ear.wait_for("/hello")[0].args == (free_udp_port,)
        datagram = b"/host/tempo\0,f\0\0" + struct.pack(">f", 96.0)
        for address in (("127.0.0.1", free_udp_port), world.address):
            osc_ear.udp.sendto(datagram, address)
        peer.wait_for("tempo", 96.0)


def test_a_busy_reply_port_is_said_and_everything_else_works(
    osc_ear: OscEar, host_toml: Callable[..., Path]
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        number = other.getsockname()[1]
        path = host_toml(osc_ear.port, reply_port=number)
        with running() as world, told(world, path):
            peer = world.peer()
            peer.say("ping", 1)
            peer.wait_for("pong")
            assert f"UDP port {number} is busy" in world.access._trouble()


def test_a_preset_that_is_changed_counts_from_then_on(
    osc_ear: OscEar, host_toml: Callable[..., Path]
) -> None:
    with running() as world, told(world, host_toml(osc_ear.port)) as output:
        deadline_s = time.monotonic() + 20.0
        output.send([SIGNALS["intensity"].message(0.5)])
        osc_ear.wait_for("/fader")
        path = host_toml(osc_ear.port, address="/knob")
        while not osc_ear.of("/knob") and time.monotonic() < deadline_s:
            output.send([SIGNALS["intensity"].message(0.5)])
            osc_ear.listen(0.05)
        assert osc_ear.of("/knob")
        assert output.detail == ""
        path.write_text("[target", encoding="utf-8")
        while not output.detail and time.monotonic() < deadline_s:
            output.send([SIGNALS["intensity"].message(0.5)])
            osc_ear.listen(0.05)
        assert str(path) in output.detail, "a mistake is told"
        before = len(osc_ear.of("/knob"))
        output.send([SIGNALS["intensity"].message(0.5)])
        osc_ear.wait_for("/knob", count=before + 1)  # in the words that it had


def test_another_preset_is_spoken_when_it_is_asked_for(osc_ear: OscEar) -> None:
    output = osc.open(Config(to=(osc_ear.target,)))
    output.send([SIGNALS["norm/valence"].message(0.5)])
    osc_ear.wait_for(SIGNALS["norm/valence"].address)
    output.obey(UsePreset("mood-compat"))
    output.send([SIGNALS["norm/valence"].message(0.25)])
    assert output.sent == 2, "what was sent before counts on"
    assert osc_ear.wait_for("/mood/valence")[0].args == (0.25,)
    output.obey(UsePreset("no-such-host"))
    deadline_s = time.monotonic() + 20.0
    while len(osc_ear.of("/mood/valence")) < 2 and time.monotonic() < deadline_s:
        output.send([SIGNALS["norm/valence"].message(0.75)])
        osc_ear.listen(0.05)
    assert osc_ear.of("/mood/valence")[1].args == (0.75,)
    assert "no-such-host" in output.detail
    output.close()


def test_who_has_come_back_is_greeted_anew(
    free_udp_port: int, host_toml: Callable[..., Path]
) -> None:
    with running() as world, told(world, host_toml(free_udp_port)) as output:
        deadline_s = time.monotonic() + 20.0
        message = [SIGNALS["intensity"].message(0.5)]
        while not output.detail and time.monotonic() < deadline_s:
            output.send(message)
        assert output.detail == f"127.0.0.1:{free_udp_port}: nobody listens"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind(("127.0.0.1", free_udp_port))
            ear = OscEar(udp)
            while not ear.of("/hello") and time.monotonic() < deadline_s:
                output.send(message)
                ear.listen(0.05)
            assert ear.of("/hello")
            assert ear.of("/fader")
        assert output.detail == ""


def test_nobody_is_told_by_mistake_what_they_say_themselves() -> None:
    with running(PortSettings(port=0)) as world:
        for target in (f"127.0.0.1:{world.address[1]}", f"localhost:{world.address[1]}"):
            with pytest.raises(SettingsError, match="where oscbridge itself listens"):
                osc.open(Config(to=(target,)), world.access.wiring())


def test_everything_leaves_from_the_port(osc_ear: OscEar) -> None:
    with running() as world:
        output = osc.open(Config(to=(osc_ear.target,)), world.access.wiring())
        output.send([SIGNALS["valence"].message(0.5)])
        osc_ear.udp.settimeout(30.0)
        data, source = osc_ear.udp.recvfrom(1024)
        assert data.startswith(f"{PREFIX}/valence".encode())
        assert source == world.address
        output.close()
        peer = world.peer()
        peer.say("ping", 1)
        peer.wait_for("pong")  # closing an output closes nothing that is shared
