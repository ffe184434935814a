"""What programs get that speak to a run: real sockets, and python-osc at the other end."""

from __future__ import annotations

import math
import socket
import struct
import time

import pytest

from oscbridge.config import SendSettings
from oscbridge.events import Beat, Boundary, SignalLevel
from oscbridge.inbound.settings import PortSettings
from oscbridge.inlets import PROFILES
from oscbridge.protocol import PREFIX, SIGNALS
from oscbridge.wire.template import MAX_DATAGRAM
from tests.inbound.world import Peer, running, until
from tests.process.doubles import RATE_HZ, affect


def hears(peer: Peer, address: str) -> bool:
    """Listen a little; whether something came at an address."""
    peer.listen(0.01)
    return any(heard.address == address for heard in peer.heard)


def test_who_subscribes_hears_everything_from_where_it_spoke_to() -> None:
    with running() as world:
        peer = world.peer()
        peer.say("subscribe")
        peer.wait_for("hello", "0.1.0", world.access.session, 1)
        peer.wait_for("heartbeat")
        world.dispatcher.put([affect(0.5, 0.25)])
        peer.wait_for("valence", 0.5)
        peer.wait_for("va", 0.5, 0.25)
        other = world.peer()
        other.say("ping", 5)
        assert other.wait_for("pong")[0].args == (5, world.access.session)
        assert not other.of("valence")


def test_it_is_told_no_more_when_it_says_so() -> None:
    with running() as world:
        peer, other = world.peer(), world.peer()
        for one in (peer, other):
            one.say("subscribe")
            one.wait_for("heartbeat")
        peer.say("unsubscribe")
        peer.say("ping", 1)
        peer.wait_for("pong")
        peer.forget()
        world.dispatcher.put([affect(0.5, 0.5)])
        other.wait_for("valence", 0.5)
        assert not [heard for heard in peer.listen(0.2) if heard.name != "pong"]


def test_a_refresh_says_everything_again_and_many_at_once_say_it_once() -> None:
    with running(send=SendSettings(refresh_s=60.0, heartbeat_s=60.0)) as world:
        peer = world.peer()
        peer.say("subscribe")
        world.dispatcher.put([affect(0.5, 0.5)])
        peer.wait_for("valence")
        peer.listen(0.3)
        peer.forget()
        for _ in range(20):
            peer.say("refresh")
        peer.wait_for("valence")
        peer.listen(0.7)
        assert 1 <= len(peer.of("valence")) <= 4
        spoken = {heard.name for heard in peer.heard}
        assert {"status", "quadrant", "quadrant/label", "va", "music", "intensity"} <= spoken


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_is_decoded_by_python_osc_small_finite_and_in_its_words(
    profile: str,
) -> None:
    words = {
        "plain": "/oscbridge/valence",
        "bundle": "/oscbridge/valence",
        "wek": "/wek/inputs",
        "mood": "/mood/valence",
        "vrchat": "/avatar/parameters/OB_Valence",
        "midi-only": "/oscbridge/status",
    }
    with running() as world:
        peer = world.peer()
        peer.say("subscribe", "127.0.0.1", peer.port, profile)
        until(world.access._subscriptions.current)
        level = SignalLevel(0.5, 0.5, 0, RATE_HZ)
        told = [Boundary(1, 0, 100, 0.5, RATE_HZ), Beat(0, 0, 0.9, 0, 120.0, RATE_HZ)]
        for step in range(8):
            world.dispatcher.put([affect(step / 8.0, -step / 8.0), level, *told])
            peer.listen(0.06)
        until(lambda: hears(peer, words[profile]))
        addresses = {heard.address for heard in peer.heard}
        if profile == "midi-only":
            assert addresses <= {SIGNALS[n].address for n in ("hello", "status", "heartbeat")}
        tags = set("ifsTF" if profile == "vrchat" else "ifs")
        for heard, data in zip(peer.heard, peer.raw, strict=False):
            assert heard.size <= MAX_DATAGRAM
            assert all(math.isfinite(a) for a in heard.args if isinstance(a, float))
            if not data.startswith(b"#bundle"):
                start = data.index(b",")
                assert set(data[start + 1 : data.index(b"\0", start)].decode()) <= tags


def test_a_bundle_holds_a_moment_for_immediately_and_events_stand_alone() -> None:
    with running(send=SendSettings(refresh_s=60.0)) as world:
        peer = world.peer()
        peer.say("subscribe", "127.0.0.1", peer.port, "bundle")
        peer.wait_for("heartbeat")
        peer.forget()
        world.dispatcher.put([affect(0.5, 0.5), Boundary(1, 0, 100, 0.5, RATE_HZ)])
        peer.wait_for("segment/boundary")
        valence = peer.wait_for("valence", 0.5)[0]
        assert valence.bundled
        assert not any(heard.bundled for heard in peer.of("segment/boundary"))
        for data in peer.raw:
            if data.startswith(b"#bundle"):
                assert struct.unpack_from(">Q", data, 8) == (1,)
        assert peer.heard.index(valence) < peer.heard.index(peer.of("segment/boundary")[0])


def test_what_is_said_wrong_is_answered_and_said_to_nobody_else() -> None:
    with running() as world:
        peer, other = world.peer(), world.peer()
        other.say("subscribe")
        other.wait_for("heartbeat")
        peer.say("in/freeze", "yes")
        address, reason = peer.wait_for("error")[0].args
        assert address == "/oscbridge/in/freeze"
        assert reason == "hold is a number, not 'yes'"
        assert not [heard for heard in other.listen(0.2) if heard.name == "error"]


def test_frozen_values_stay_the_heart_goes_on_and_the_status_says_so() -> None:
    fast = SendSettings(heartbeat_s=0.1, refresh_s=0.2)
    with running(send=fast) as world:
        peer = world.peer()
        peer.say("subscribe")
        world.dispatcher.put([affect(0.5, 0.5)])
        peer.wait_for("valence", 0.5)
        peer.say("in/freeze", 1)
        peer.wait_for("status", "frozen", "what the music expresses is held as it is")
        peer.forget()
        world.dispatcher.put([affect(-0.5, -0.5)])
        peer.wait_for("heartbeat", count=3)
        assert {heard.args for heard in peer.wait_for("valence", count=2)} == {(0.5,)}
        peer.say("in/freeze", 0)
        peer.wait_for("valence", -0.5)


def test_each_stream_is_told_under_its_name_and_spoken_to_by_it() -> None:
    with running(streams=("drums", "crowd")) as world:
        peer = world.peer()
        peer.say("subscribe")
        peer.wait_for("drums/heartbeat")
        peer.wait_for("crowd/heartbeat")
        peer.say("drums/in/freeze", 1)
        peer.wait_for("drums/status", "frozen", "what the music expresses is held as it is")
        assert not peer.of("crowd/status", "frozen", "what the music expresses is held as it is")


def test_a_source_that_may_not_speak_is_not_heard() -> None:
    """Programs of this machine may always; others only where they are named."""
    with running(PortSettings(port=0, lan=True, allow=("198.51.100.0/24",))) as world:
        addresses = {found[4][0] for found in socket.getaddrinfo(socket.gethostname(), 0)}
        own = next((a for a in addresses if "." in a and not a.startswith("127.")), None)
        peer = world.peer()
        peer.say("ping", 1)
        peer.wait_for("pong")
        if own is not None:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                udp.bind((own, 0))
                udp.sendto(b"/oscbridge/ping\0,i\0\0\0\0\0\2", (own, world.address[1]))
                until(lambda: world.access.receiver.traffic.strangers == 1)
    assert world.access.receiver.traffic.messages == 1


def test_programs_that_are_heard_in_their_own_words_become_the_player() -> None:
    with running(PortSettings(port=0, hear=("emotion-compat-in",))) as world:
        peer = world.peer()
        peer.say("subscribe")
        peer.wait_for("heartbeat")
        peer.udp.sendto(b"/valence\0\0\0\0,f\0\0" + struct.pack(">f", 0.5), world.address)
        peer.wait_for("player/valence", 0.5)
        peer.wait_for("player/source")


def shouts(peer: Peer) -> bool:
    """Say far too much at once; whether it was told so."""
    for nonce in range(400):
        peer.say("ping", nonce)
    peer.listen(0.05)
    return bool(peer.of("error"))


def test_who_says_too_much_is_told_that_not_all_of_it_is_read() -> None:
    with running(PortSettings(port=0, rate_cap_hz=50.0)) as world:
        peer = world.peer()
        began_s = time.monotonic()
        until(lambda: shouts(peer))
        address, reason = peer.of("error")[0].args
        assert address == PREFIX
        assert reason == "more than 50 packets a second: not all of them are read"
        assert len(peer.of("pong")) <= 50.0 * (1.0 + time.monotonic() - began_s) + 1.0


def test_a_program_that_the_user_has_named_may_say_more(free_udp_port: int) -> None:
    """Eight times as much, at the port that is kept for it."""
    with running(PortSettings(port=0, rate_cap_hz=50.0)) as world:
        world.access.receiver.listen_at(free_udp_port)
        peer = world.peer()
        until(lambda: world.access._listening._others)
        peer.to = ("127.0.0.1", free_udp_port)
        for nonce in range(200):
            peer.say("ping", nonce)
            peer.listen(0.001)
        assert len(peer.wait_for("pong", count=150)) >= 150
