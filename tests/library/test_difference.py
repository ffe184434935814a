"""A former content, told by the new one: exact for any two, and small for files like ours."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscbridge.library.tagging.difference import difference, former


def restored(old: bytes, new: bytes) -> bytes:
    return b"".join(former(difference(old, new), new))


@given(old=st.binary(max_size=400), new=st.binary(max_size=400))
def test_any_two_contents_have_an_exact_difference(old: bytes, new: bytes) -> None:
    assert restored(old, new) == old


@given(
    parts=st.lists(st.binary(max_size=120), max_size=6),
    order=st.lists(st.integers(0, 5), max_size=8),
)
def test_contents_whose_parts_were_moved_doubled_and_left_out_are_restored(
    parts: list[bytes], order: list[int]
) -> None:
    new = b"".join(parts[i] for i in order if i < len(parts))
    assert restored(b"".join(parts), new) == b"".join(parts)


def sound(size: int) -> bytes:
    return random.Random(1).randbytes(size)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (sound(300_000), b"a tag" * 200 + sound(300_000)),
        (b"a tag" * 200 + sound(300_000), sound(300_000)),
        (sound(300_000), sound(300_000) + b"a tag" * 200),
        (
            b"size" + sound(300_000),
            b"SIZE" + sound(300_000)[:150_000] + b"x" + sound(300_000)[150_000:],
        ),
    ],
    ids=["tag before", "tag gone", "tag behind", "size and middle"],
)
def test_a_tag_costs_no_more_than_itself(old: bytes, new: bytes) -> None:
    assert restored(old, new) == old
    assert len(difference(old, new)) < 200


def test_checksums_changed_on_every_page_do_not_lose_the_pages() -> None:
    old = sound(400_000)
    pages = bytearray(old)
    for at in range(0, len(pages), 4096):
        pages[at : at + 8] = b"changed!"
    assert restored(old, bytes(pages)) == old
    assert len(difference(old, bytes(pages))) < len(old) // 20
