"""Messages as datagrams, plain and bundled: python-osc reads all of them, whatever they hold."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage
from pythonosc.osc_packet import OscPacket

from oscbridge import mapping
from oscbridge.hosts.speech import Speech
from oscbridge.protocol import SIGNALS, Message
from oscbridge.wire.packet import IMMEDIATELY
from oscbridge.wire.template import MAX_DATAGRAM

OPTIONAL = tuple(signal.name for signal in SIGNALS.values() if signal.optional)
VALUES = {
    "i": st.integers(-(2**40), 2**40),
    "f": st.floats(),
    "s": st.text(st.characters(exclude_categories=("Cs",)), max_size=1200),
}


def speech(*, bundled: bool) -> Speech:
    words = mapping.Mapping(mapping.load_preset("default"), optional=OPTIONAL)
    return Speech(words, bundled=bundled)


@st.composite
def clean_messages(draw: st.DrawFn) -> Message:
    signal = draw(st.sampled_from(list(SIGNALS.values())))
    return signal.message(*(draw(VALUES[tag]) for tag in signal.types))


@settings(max_examples=150, deadline=None)
@given(st.lists(clean_messages(), max_size=60), st.booleans())
def test_everything_that_is_said_is_read_by_python_osc_once_small_and_finite(
    messages: list[Message], bundled: bool
) -> None:
    datagrams = [bytes(datagram) for datagram in speech(bundled=bundled).say(messages)]
    heard: list[str] = []
    for datagram in datagrams:
        assert len(datagram) <= MAX_DATAGRAM
        assert len(datagram) % 4 == 0
        for timed in OscPacket(datagram).messages:
            heard.append(timed.message.address)
            for value in timed.message.params:
                assert isinstance(value, int | float | str)
                assert not isinstance(value, float) or math.isfinite(value)
    assert sorted(heard) == sorted(signal.address for signal, _ in messages)


@settings(max_examples=100, deadline=None)
@given(st.lists(clean_messages(), max_size=60))
def test_bundles_hold_states_in_order_for_immediately_and_no_events(
    messages: list[Message],
) -> None:
    datagrams = [bytes(datagram) for datagram in speech(bundled=True).say(messages)]
    states = [s.address for s, _ in messages if s.when != "event"]
    events = [s.address for s, _ in messages if s.when == "event"]
    bundles = [d for d in datagrams if OscBundle.dgram_is_bundle(d)]
    alone = [OscMessage(d).address for d in datagrams if not OscBundle.dgram_is_bundle(d)]
    inside = [timed.message.address for d in bundles for timed in OscPacket(d).messages]
    assert all(struct.unpack_from(">Q", d, 8)[0] == IMMEDIATELY for d in bundles)
    assert alone[len(alone) - len(events) :] == events
    assert not set(inside) & set(events)
    assert sorted(inside + alone) == sorted(states + events)


def test_a_moment_is_one_bundle() -> None:
    messages = [SIGNALS[name].message(0.5) for name in ("valence", "arousal", "confidence")]
    (datagram,) = [bytes(d) for d in speech(bundled=True).say(messages)]
    assert [timed.message.params for timed in OscPacket(datagram).messages] == [[0.5]] * 3


def test_nothing_to_say_is_no_datagram() -> None:
    for bundled in (False, True):
        assert list(speech(bundled=bundled).say([])) == []


@pytest.mark.parametrize("bundled", [False, True])
@pytest.mark.parametrize("value", [math.nan, math.inf, 1e39])
def test_what_no_float32_can_be_is_left_out_and_counted(value: float, bundled: bool) -> None:
    subject = speech(bundled=bundled)
    messages = [Message(SIGNALS["valence"], (value,)), SIGNALS["arousal"].message(0.5)]
    heard = [t.message.address for d in subject.say(messages) for t in OscPacket(bytes(d)).messages]
    assert heard == [SIGNALS["arousal"].address]
    assert subject.errors == 1
    assert SIGNALS["valence"].address in subject.detail
