"""Reading OSC against python-osc, an independent implementation, and against broken bytes."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from oscbridge.wire.packet import OscBundle, OscMessage, PacketError, read_packet

texts = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), max_size=20)
arguments = st.one_of(
    st.tuples(st.just("i"), st.integers(-(2**31), 2**31 - 1)),
    st.tuples(st.just("h"), st.integers(-(2**63), 2**63 - 1)),
    st.tuples(st.just("f"), st.floats(width=32, allow_nan=False)),
    st.tuples(st.just("d"), st.floats(allow_nan=False)),
    st.tuples(st.just("s"), texts),
    st.tuples(st.just("b"), st.binary(min_size=1, max_size=20)),
    st.tuples(st.just("T"), st.just(True)),
    st.tuples(st.just("F"), st.just(False)),
    st.tuples(st.just("N"), st.none()),
)


def encode(address: str, typed: list[tuple[str, object]]) -> OscMessageBuilder:
    builder = OscMessageBuilder(address)
    for kind, value in typed:
        builder.add_arg(value, kind)
    return builder


@settings(max_examples=200, deadline=None)
@given(st.lists(arguments, max_size=6))
def test_what_python_osc_writes_is_read_back_with_types_and_values(
    typed: list[tuple[str, object]],
) -> None:
    message = read_packet(encode("/a/b", typed).build().dgram)
    assert isinstance(message, OscMessage)
    assert message.address == "/a/b"
    assert message.types == "".join(kind for kind, _ in typed)
    assert list(message.arguments) == [value for _, value in typed]


def test_a_bundle_within_a_bundle_keeps_order_and_time_tags() -> None:
    inner = OscBundleBuilder(1_700_000_000.5)
    inner.add_content(encode("/second", [("i", 2)]).build())
    outer = OscBundleBuilder(IMMEDIATELY)
    outer.add_content(encode("/first", [("f", 0.5)]).build())
    outer.add_content(inner.build())
    outer.add_content(encode("/third", [("s", "x")]).build())
    packet = read_packet(outer.build().dgram)
    assert isinstance(packet, OscBundle)
    assert packet.unix_s is None
    assert [message.address for message in packet.messages()] == ["/first", "/second", "/third"]
    held = packet.elements[1]
    assert isinstance(held, OscBundle)
    assert held.unix_s == pytest.approx(1_700_000_000.5, abs=1e-6)


def test_arrays_come_out_as_lists() -> None:
    builder = OscMessageBuilder("/x")
    builder.add_arg([1, [2.5, "three"]])
    assert read_packet(builder.build().dgram).arguments == ([1, [2.5, "three"]],)


def test_a_message_without_type_tags_from_an_old_sender_is_accepted() -> None:
    assert read_packet(b"/old\0\0\0\0") == OscMessage("/old", "", ())


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "empty"),
        (b"GET / HTTP/1.1\r\n", "neither an address nor a bundle"),
        (b"/abc", "address does not end"),
        (b"/ab\0,ii\0\0\0\0\1", "argument 2 of /ab is cut off"),
        (b"/ab\0,q\0\0", "unknown type 'q'"),
        (b"/ab\0iii\0", "do not start with a comma"),
        (b"/ab\0,]\0\0", "ends before it begins"),
        (b"/ab\0,[\0\0", "does not end"),
        (b"/ab\0,b\0\0\xff\xff\xff\xff", "claims -1 bytes"),
        (b"/ab\0,b\0\0\0\0\0\1x", "not padded"),
        (b"/ab\0,\0\0\0junk", "4 bytes left over"),
        (b"#bundle\0\0\0", "without a time tag"),
        (b"#bundle\0" + bytes(8) + b"\0\0\0\x40/a\0\0", "claims 64 bytes"),
        (b"#bundle\0" + bytes(8) + b"\0\0", "within the size"),
    ],
)
def test_broken_bytes_are_refused_with_the_place_of_the_trouble(
    data: bytes, complaint: str
) -> None:
    with pytest.raises(PacketError, match=complaint.replace("]", r"\]")):
        read_packet(data)


def test_bundles_nested_without_end_are_refused() -> None:
    data = b"/a\0\0,\0\0\0"
    for _ in range(50):
        data = b"#bundle\0" + bytes(8) + struct.pack(">i", len(data)) + data
    with pytest.raises(PacketError, match="nested"):
        read_packet(data)


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=64))
def test_any_bytes_are_read_or_refused_and_never_anything_else(tail: bytes) -> None:
    for data in (tail, b"/a\0\0," + tail, b"#bundle\0" + bytes(8) + tail):
        with contextlib.suppress(PacketError):
            assert isinstance(read_packet(data), OscMessage | OscBundle)
