"""Address patterns, against the regular expressions that they stand for, and at their worst."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oscbridge.inbound import patterns
from oscbridge.inlets import INLETS

LETTERS = "abc"


def part_strategy() -> st.SearchStrategy[tuple[str, str]]:
    """A piece of a pattern, and the regular expression that says the same."""
    letters = st.text(LETTERS, min_size=1, max_size=3)
    sets = st.tuples(st.sampled_from(["", "!"]), letters)
    ranges = st.tuples(st.sampled_from(["", "!"]), st.sampled_from(["a-b", "b-c", "a-c", "c-a"]))
    return st.one_of(
        letters.map(lambda text: (text, re.escape(text))),
        st.just(("?", "[^/]")),
        st.just(("*", "[^/]*")),
        sets.map(lambda found: (f"[{found[0]}{found[1]}]", regex_set(*found))),
        ranges.map(lambda found: (f"[{found[0]}{found[1]}]", regex_range(*found))),
        st.lists(st.text(LETTERS, max_size=2), min_size=1, max_size=3).map(
            lambda texts: ("{" + ",".join(texts) + "}", "(?:" + "|".join(texts) + ")")
        ),
    )


def regex_set(negation: str, letters: str) -> str:
    return f"[^{letters}/]" if negation else f"[{letters}]"


def regex_range(negation: str, span: str) -> str:
    if span[0] > span[-1]:  # an empty range: no character, or any
        return "[^/]" if negation else r"(?!)"
    return f"[^{span}/]" if negation else f"[{span}]"


@st.composite
def patterns_and_regexes(draw: st.DrawFn) -> tuple[str, str]:
    parts = draw(
        st.lists(st.lists(part_strategy(), min_size=1, max_size=5), min_size=1, max_size=3)
    )
    pattern = "/" + "/".join("".join(piece for piece, _ in part) for part in parts)
    regex = "/" + "/".join("".join(piece for _, piece in part) for part in parts)
    return pattern, regex


@settings(max_examples=500, deadline=None)
@given(
    patterns_and_regexes(),
    st.lists(st.text(LETTERS, max_size=6), min_size=1, max_size=3).map(lambda p: "/" + "/".join(p)),
)
@example(("/{a,aa}a", "/(?:a|aa)a"), "/aaa")
@example(("/*a*", "/[^/]*a[^/]*"), "/bab")
@example(("/{,a}", "/(?:|a)"), "/")
def test_a_pattern_means_what_the_regular_expression_means(
    both: tuple[str, str], address: str
) -> None:
    pattern, regex = both
    assert patterns.matches(pattern, address) == bool(re.fullmatch(regex, address))


@pytest.mark.parametrize(
    ("pattern", "address", "meant"),
    [
        ("/oscbridge/in/set/*", "/oscbridge/in/set/rate_hz", True),
        ("/oscbridge/*", "/oscbridge/in/freeze", False),  # never across a slash
        ("/oscbridge/in/set/{rate_hz,dwell_s}", "/oscbridge/in/set/dwell_s", True),
        ("/oscbridge/in/set/sensitivity_[av]", "/oscbridge/in/set/sensitivity_a", True),
        ("/oscbridge/in/set/sensitivity_[!v]", "/oscbridge/in/set/sensitivity_v", False),
        ("/[a-]", "/-", True),
        ("/a?", "/a", False),
    ],
)
def test_examples_of_the_specification(pattern: str, address: str, meant: bool) -> None:
    assert patterns.matches(pattern, address) == meant


@pytest.mark.parametrize("pattern", ["/[a", "/{a,b", "/a]", "/a}", "/[]", "/{a,{b,c}}", "/[!]"])
def test_what_breaks_the_rules_means_nothing(pattern: str) -> None:
    assert patterns.is_pattern(pattern)
    assert not any(patterns.matches(pattern, address) for address in ("/a", "/b", "/", "/ab"))


@pytest.mark.parametrize(
    ("bomb", "meant"),
    [
        ("/" + "*a" * 127, False),
        ("/" + "*" * 255, True),
        ("/" + "{a,aa}" * 42, False),
        ("/{" + "a," * 120 + "a}", False),
        ("/" + "[!z]" * 63, False),
        ("/" + "*{a,b,c}" * 30, True),
        ("/" + "*?" * 61, True),
        ("/" + "*?" * 62, False),
    ],
)
def test_a_pattern_bomb_is_answered(bomb: str, meant: bool) -> None:
    """Whoever tries every way does not come to an end with these names."""
    assert patterns.matches(bomb, "/" + "a" * 60 + "b") == meant


def test_a_pattern_that_is_too_long_means_nothing() -> None:
    assert not patterns.matches("/" + "*" * patterns.LONGEST, "/a")


def test_no_address_of_ours_is_a_pattern() -> None:
    assert not any(patterns.is_pattern(inlet.address) for inlet in INLETS.values())
