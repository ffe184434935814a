"""A run that speaks a preset over real sockets: Live is read back, QLab is connected to by TCP."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder

from oscbridge.composer import Composer
from oscbridge.config import Config
from oscbridge.dispatch import Dispatcher
from oscbridge.inbound.access import Access
from oscbridge.inbound.settings import PortSettings
from oscbridge.orders import MakeRequest
from oscbridge.outbox import Outbox
from oscbridge.output_thread import OutputThread
from oscbridge.outputs import osc
from oscbridge.protocol import PREFIX
from oscbridge.stats import Stats
from tests.hosts_fake import ableton_osc
from tests.hosts_fake.told import decode
from tests.inbound.world import Peer, until
from tests.presets.stage import Host
from tests.process.doubles import affect
from tests.wire.test_slip import Listener

POLL_S = 0.01


class HostPort:
    """A fake host at a real UDP port; it answers at a port of its own choice, as some do."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._udp.settimeout(POLL_S)
        self.port: int = self._udp.getsockname()[1]
        self.answers_to = free_udp_port()
        self.trouble: list[AssertionError] = []
        self._ends = threading.Event()
        self._began_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> HostPort:
        self._thread.start()
        return self

    def _run(self) -> None:
        while not self._ends.is_set():
            try:
                data = self._udp.recv(65_536)
            except TimeoutError:
                data = b""
            now_s = time.monotonic() - self._began_s
            try:
                said = self.host.tick(now_s)
                said += self.host.take(decode(data), now_s) if data else []
            except AssertionError as error:
                self.trouble.append(error)
                continue
            for address, arguments in said:
                builder = OscMessageBuilder(address)
                for argument in arguments:
                    builder.add_arg(argument)
                self._udp.sendto(builder.build().dgram, ("127.0.0.1", self.answers_to))

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()
        self._udp.close()


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own(folder: Path, text: str) -> str:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@contextmanager
def run(preset: str) -> Iterator[tuple[Dispatcher, Peer]]:
    """Run without sound, with one preset; give the dispatcher, and a subscriber."""
    config, stats = Config(), Stats()
    access = Access(PortSettings(port=0), PREFIX)
    outputs = [osc.open(osc.Config(preset=preset), access.wiring()), access.subscribers()]
    composer = Composer(
        config.send, config.quadrant, config.labels, access.session, time.monotonic()
    )
    dispatcher = Dispatcher(Outbox(stats), composer, outputs, stats)
    access.join("", dispatcher)
    thread = OutputThread([dispatcher])
    thread.start()
    access.start()
    assert access.port.address is not None
    peer = Peer(("127.0.0.1", access.port.address[1]))
    peer.say("subscribe")
    peer.wait_for("heartbeat")
    try:
        yield dispatcher, peer
    finally:
        access.close()
        thread.stop(5.0)
        for output in outputs:
            output.close()
        peer.udp.close()


def test_live_plays_the_scene_of_that_name_and_the_request_is_seen_to_start(
    tmp_path: Path,
) -> None:
    live = ableton_osc.Host()
    with HostPort(live) as port:
        preset = f"""
            like = "ableton-osc"
            [target]
            port = {port.port}
            reply_port = {port.answers_to}
            [pick.scene]
            1 = "happy"
            2 = "tense"
            3 = "sad"
            4 = "relaxed"
        """
        with run(own(tmp_path, preset)) as (dispatcher, peer):
            dispatcher.put([affect(0.5, 0.5)])
            until(lambda: (0, 0, 1) in live.parameter)
            peer.wait_for("beat")  # Live tells it after the names of its scenes
            dispatcher.put([MakeRequest(0.6, -0.6, quantise="beat")])
            peer.wait_for("request/state", 1, "sent")
            peer.wait_for("request/state", 1, "started")
            until(lambda: bool(live.fired))  # Live looks at its messages every 100 ms
            assert [(scene, quantisation) for _, scene, quantisation in live.fired] == [(3, 7)]
        assert not port.trouble


def test_qlab_is_connected_to_and_starts_the_cue_of_the_quadrant(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    listener = Listener(passcode="5678")
    request.addfinalizer(listener.close)
    preset = f'like = "qlab"\n[target]\nport = {listener.port}\n[pick]\npasscode = "5678"\n'
    with run(own(tmp_path, preset)) as (dispatcher, peer):
        now = [affect(0.9, 0.9, 1.0, time_s) for time_s in (0.0, 5.0, 10.0)]
        for state in now:
            dispatcher.put([state])
        until(lambda: listener.qlab.started == ["happy"])
        dispatcher.put([MakeRequest(-0.6, -0.6)])
        peer.wait_for("request/state", 1, "started")
    assert [told.address for told in listener.heard[:2]] == ["/connect", "/alwaysReply"]
    assert listener.heard[0].args == ("5678",)
    assert listener.qlab.started == ["happy", "sad"]


def test_a_passcode_that_qlab_refuses_is_shown(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    listener = Listener(passcode="1234")
    request.addfinalizer(listener.close)
    preset = f'like = "qlab"\n[target]\nport = {listener.port}\n[pick]\npasscode = "5678"\n'
    with run(own(tmp_path, preset)) as (dispatcher, _):
        until(lambda: "refuses the passcode" in dispatcher.snapshot().outputs[0].detail)


def test_a_preset_that_is_changed_while_it_is_in_use_is_read_again(tmp_path: Path) -> None:
    hears = Peer(("127.0.0.1", 9))
    target = f'tested_with = "nothing"\n[target]\nport = {hears.port}\n'
    rule = '[[map]]\nsource = "heartbeat"\naddress = "/oscbridge/{word}"\nargs = ["i:{{seq}}"]\n'
    name = own(tmp_path, target + rule.format(word="before"))
    with run(name) as (_, peer):
        hears.wait_for("before")
        own(tmp_path, target + "this is no TOML")
        hears.wait_for("before", count=len(hears.of("before")) + 2)
        own(tmp_path, target + rule.format(word="after"))
        hears.wait_for("after")
        peer.wait_for("heartbeat")
    hears.udp.close()
