"""OSC on the wire: python-osc, an independent decoder, reads what we pack and send."""

from __future__ import annotations

import math
import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_message import OscMessage

from oscbridge.errors import DeviceError, SettingsError
from oscbridge.outputs import osc
from oscbridge.protocol import SIGNALS, Message, Signal
from oscbridge.wire.template import MAX_DATAGRAM, Template
from tests.conftest import OscEar

INTS = st.integers(-(2**31), 2**31 - 1)
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=300)
BY_TYPE = {"i": INTS, "f": FLOATS, "s": TEXTS}


@st.composite
def packets(draw: st.DrawFn) -> tuple[str, str, tuple[int | float | str, ...]]:
    address = "/" + draw(st.text("abcxyz_/019", min_size=1, max_size=40))
    types = draw(st.text("ifs", min_size=0, max_size=4))
    return address, types, tuple(draw(BY_TYPE[t]) for t in types)


@given(packets())
def test_python_osc_reads_exactly_what_was_packed(
    packet: tuple[str, str, tuple[int | float | str, ...]],
) -> None:
    address, types, args = packet
    datagram = bytes(Template(address, types).pack(args))
    assert len(datagram) % 4 == 0
    message = OscMessage(datagram)
    assert message.address == address
    assert len(message.params) == len(args)
    if len(datagram) < MAX_DATAGRAM - 16:  # nothing was cut
        assert message.params == list(args)


@given(st.text(min_size=0, max_size=2000), st.text(min_size=0, max_size=2000), st.booleans())
def test_long_texts_are_cut_at_a_character_so_that_a_datagram_fits(
    first: str, second: str, ascii_only: bool
) -> None:
    template = Template("/status", "ss", ascii_only=ascii_only)
    datagram = bytes(template.pack((first, second)))
    assert len(datagram) <= MAX_DATAGRAM
    for sent, heard in zip((first, second), OscMessage(datagram).params, strict=True):
        whole = sent.replace("\0", "")
        if ascii_only and not whole.isascii():
            assert heard.isascii()
        else:
            assert whole.encode("utf-8", "replace").decode().startswith(heard)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Größe", "Grosse"), ("Tränen", "Tranen"), ("façade", "facade"), ("悲しい!", "???!")],
)
def test_receivers_that_read_no_unicode_get_letters_without_accents(text: str, plain: str) -> None:
    datagram = bytes(Template("/label", "s", ascii_only=True).pack((text,)))
    assert OscMessage(datagram).params == [plain]


def test_a_template_carries_nothing_over_from_the_message_before() -> None:
    template = Template("/a", "fi")
    first = bytes(template.pack((0.25, 7)))
    template.pack((-1.0, -7))
    assert bytes(template.pack((0.25, 7))) == first


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e39])
def test_what_no_float32_can_be_never_leaves(value: float, osc_ear: OscEar) -> None:
    output = osc.open(osc.Config(to=(osc_ear.target,)))
    output.send([Message(SIGNALS["valence"], (value,)), SIGNALS["arousal"].message(0.5)])
    heard = osc_ear.wait_for(SIGNALS["arousal"].address)
    assert heard[0].args == (0.5,)
    assert not osc_ear.of(SIGNALS["valence"].address)
    assert output.errors == 1
    assert SIGNALS["valence"].address in output.detail
    output.close()


def test_every_signal_arrives_at_every_target_in_order(osc_ear: OscEar) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        other = OscEar(udp)
        opt_in = tuple(signal.name for signal in SIGNALS.values() if signal.optional)
        output = osc.open(osc.Config(to=(osc_ear.target, other.target), optional=opt_in))
        sample = {"i": 1, "f": 0.25, "s": "émotion 情"}
        messages = [s.message(*(sample[t] for t in s.types)) for s in SIGNALS.values()]
        output.send(messages)
        for ear in (osc_ear, other):
            ear.wait_for(messages[-1].signal.address)
            assert [(m.address, m.args) for m in ear.heard] == [
                (signal.address, args) for signal, args in messages
            ]
        assert output.sent == 2 * len(messages)
        assert output.errors == 0
        output.close()


def test_opt_in_signals_stay_home_unless_asked_for(osc_ear: OscEar) -> None:
    output = osc.open(osc.Config(to=(osc_ear.target,), optional=("audio/level",)))
    output.send([SIGNALS[n].message(0.5) for n in ("audio/onset", "audio/level", "music")])
    osc_ear.wait_for(SIGNALS["music"].address)
    assert [m.address for m in osc_ear.heard] == [
        SIGNALS["audio/level"].address,
        SIGNALS["music"].address,
    ]
    output.close()


@pytest.mark.parametrize(("prefix", "address"), [("", "/valence"), ("/a/b", "/a/b/valence")])
def test_the_prefix_replaces_ours(prefix: str, address: str, osc_ear: OscEar) -> None:
    output = osc.open(osc.Config(to=(osc_ear.target,), prefix=prefix))
    output.send([SIGNALS["valence"].message(0.5)])
    assert osc_ear.wait_for(address)[0].args == (0.5,)
    output.close()


def test_a_peer_that_comes_late_is_heard_to_be_missing_and_then_misses_nothing(
    free_udp_port: int,
) -> None:
    output = osc.open(osc.Config(to=(f"127.0.0.1:{free_udp_port}",)))
    message = [SIGNALS["valence"].message(0.5)]
    deadline_s = time.monotonic() + 30.0
    while not output.errors and time.monotonic() < deadline_s:
        output.send(message)
    assert output.errors
    assert output.detail == f"127.0.0.1:{free_udp_port}: nobody listens"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", free_udp_port))
        ear = OscEar(udp)
        for step in range(10):
            output.send([SIGNALS["valence"].message(step / 10)])
        heard = ear.wait_for(SIGNALS["valence"].address, count=10)
        assert [round(m.args[0], 3) for m in heard] == [s / 10 for s in range(10)]
        while output.detail and time.monotonic() < deadline_s:
            output.send(message)
        assert output.detail == ""
    output.close()


def test_a_dead_target_does_not_keep_the_others_from_hearing(
    osc_ear: OscEar, free_udp_port: int
) -> None:
    output = osc.open(osc.Config(to=(f"127.0.0.1:{free_udp_port}", osc_ear.target)))
    for step in range(20):
        output.send([SIGNALS["energy"].message(step % 10 + 1)])
    heard = osc_ear.wait_for(SIGNALS["energy"].address, count=20)
    assert [m.args[0] for m in heard] == [s % 10 + 1 for s in range(20)]
    output.close()


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("studio:9000", ("studio", 9000)),
        ("studio", ("studio", 7771)),
        ("9000", ("127.0.0.1", 9000)),
        (":9000", ("127.0.0.1", 9000)),
        ("[::1]:9000", ("::1", 9000)),
        ("::1", ("::1", 7771)),
    ],
)
def test_targets_are_read_as_people_write_them(text: str, target: tuple[str, int]) -> None:
    assert osc.parse_target(text) == target


@pytest.mark.parametrize(
    "text", ["", "a:b", "a:0", "a:65536", "a b:1", "osc://a:1", "[::1]9", "[::1", "٣"]
)
def test_what_is_no_target_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match=r"write HOST:PORT .* 127\.0\.0\.1:7771"):
        osc.parse_target(text)


def test_an_unknown_host_is_named() -> None:
    with pytest.raises(DeviceError, match=r"cannot find the OSC target 'no\.such\.invalid'"):
        osc.open(osc.Config(to=("no.such.invalid:9000",)))


def test_an_unknown_opt_in_signal_is_answered_with_what_exists() -> None:
    with pytest.raises(SettingsError, match=r"'audio/lvel'. Did you mean 'audio/level'"):
        osc.open(osc.Config(optional=("audio/lvel",)))


def test_a_signal_of_numbers_is_packed_into_the_same_memory_each_time() -> None:
    signal: Signal = SIGNALS["va"]
    template = Template(signal.address, signal.types)
    assert template.pack((0.1, 0.2)) is template.pack((0.3, 0.4))
