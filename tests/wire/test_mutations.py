"""Packets that were damaged on the way: read as python-osc reads them, or refused."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st
from pythonosc.osc_bundle import OscBundle as TheirBundle
from pythonosc.osc_bundle import ParseError as BundleParseError
from pythonosc.osc_message import OscMessage as TheirMessage
from pythonosc.osc_message import ParseError
from pythonosc.osc_message_builder import OscMessageBuilder

from oscbridge.wire.packet import OscBundle, OscMessage, PacketError, read_packet

TEXTS = st.text(st.characters(codec="ascii", exclude_characters="\0"), max_size=12)
ARGUMENTS = st.one_of(
    st.tuples(st.just("i"), st.integers(-(2**31), 2**31 - 1)),
    st.tuples(st.just("f"), st.floats(width=32, allow_nan=False)),
    st.tuples(st.just("s"), TEXTS),
    st.tuples(st.just("b"), st.binary(min_size=1, max_size=9)),
    st.tuples(st.just("T"), st.just(True)),
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good message of which some bytes are others, gone, or too many."""
    builder = OscMessageBuilder(draw(st.sampled_from(["/a", "/oscbridge/in/freeze", "/a/b/c"])))
    for kind, value in draw(st.lists(ARGUMENTS, max_size=4)):
        builder.add_arg(value, kind)
    data = bytearray(builder.build().dgram)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        match draw(st.sampled_from(["other", "gone", "more"])):
            case "other" if data:
                data[place] = draw(st.integers(0, 255))
            case "gone":
                del data[place : place + draw(st.integers(1, 8))]
            case _:
                data[place:place] = draw(st.binary(min_size=1, max_size=8))
    return bytes(data)


@settings(max_examples=1500, deadline=None)
@given(damaged())
def test_where_both_read_a_message_they_read_the_same(data: bytes) -> None:
    """python-osc forgives more than we do: what it reads and we refuse is not compared."""
    try:
        ours = read_packet(data)
    except PacketError:
        return
    if not isinstance(ours, OscMessage):
        return
    assert ours.address.startswith("/")
    assert len(ours.arguments) <= len(ours.types)
    try:
        theirs = TheirMessage(data)
        params = list(theirs.params)
    except (ParseError, UnicodeDecodeError, ValueError, IndexError):
        return
    plain = set(ours.types) <= set("ifsbT") and "\ufffd" not in repr(ours)
    if plain and len(params) == len(ours.arguments):
        assert theirs.address == ours.address
        for mine, other in zip(ours.arguments, params, strict=True):
            both_nan = isinstance(mine, float) and math.isnan(mine)
            assert both_nan or mine == other


@settings(max_examples=500, deadline=None)
@given(st.lists(damaged(), max_size=4), st.integers(0, 2**64 - 1), st.binary(max_size=6))
def test_bundles_of_what_was_damaged_are_read_whole_or_not_at_all(
    elements: list[bytes], time_tag: int, tail: bytes
) -> None:
    body = b"".join(len(element).to_bytes(4, "big") + element for element in elements)
    data = b"#bundle\0" + time_tag.to_bytes(8, "big") + body + tail
    try:
        ours = read_packet(data)
    except PacketError:
        return
    assert isinstance(ours, OscBundle)
    assert ours.time_tag == time_tag
    assert not tail
    assert len(ours.elements) == len(elements)
    try:
        theirs = TheirBundle(data)
    except (BundleParseError, ParseError, ValueError, IndexError, OverflowError):
        return
    assert theirs.num_contents <= len(elements)
