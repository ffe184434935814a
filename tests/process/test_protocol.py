"""The table of signals keeps the promises that receivers rely on."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscbridge.protocol import FAMILIES, INT_MAX, SIGNALS, Signal, markdown, signal_at, signal_of

every_signal = pytest.mark.parametrize("signal", SIGNALS.values(), ids=lambda s: s.name)
anything = st.one_of(st.floats(), st.integers(-(2**70), 2**70), st.booleans())


@every_signal
def test_an_address_is_lower_case_ascii_without_osc_patterns(signal: Signal) -> None:
    assert re.fullmatch(r"(/[a-z0-9_]+)+", signal.address)
    assert signal_at(signal.address) is signal


@every_signal
def test_a_signal_has_at_most_four_arguments_of_i_f_s(signal: Signal) -> None:
    most = {"request": 11, "suggest": 10}.get(signal.name, 4)  # they have scalar forms beside them
    assert 1 <= len(signal.types) <= most
    assert set(signal.types) <= set("ifs")
    assert len({arg.name for arg in signal.args}) == len(signal.args)


@given(st.data())
def test_whatever_is_put_in_a_message_is_finite_and_in_range(data: st.DataObject) -> None:
    signal = data.draw(st.sampled_from(list(SIGNALS.values())))
    values = [data.draw(anything if arg.type != "s" else st.text()) for arg in signal.args]
    message = signal.message(*values)
    for arg, value in zip(signal.args, message.args, strict=True):
        if arg.type == "s":
            assert isinstance(value, str)
            assert "\0" not in value
            continue
        assert type(value) is (int if arg.type == "i" else float)
        assert math.isfinite(value)
        assert arg.low <= value <= arg.high
        assert abs(value) <= INT_MAX


def test_a_message_with_too_few_values_is_a_programmers_error() -> None:
    with pytest.raises(ValueError, match="va takes 2 arguments, not 1"):
        SIGNALS["va"].message(0.5)


def test_quantities_have_the_ranges_of_the_specification() -> None:
    ranges = {name: signal.range for name, signal in SIGNALS.items()}
    for name in ("valence", "arousal", "va"):
        assert ranges[name] == (-1, 1)
    for name in ("norm/valence", "norm/arousal", "confidence", "intensity", "music"):
        assert ranges[name] == (0, 1)
    assert ranges["quadrant"] == (0, 4)
    assert ranges["energy"] == (1, 10)
    assert ranges["heartbeat"] is None


def test_the_table_lists_every_signal_once() -> None:
    rows = markdown().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == [
        *(signal.address for signal in SIGNALS.values()),
        *(f"{family.address}/…" for family in FAMILIES.values()),
    ]
    assert len({row.count("|") for row in rows}) == 1


def test_one_of_a_family_is_always_the_same_signal_and_knows_its_family() -> None:
    calm = signal_of("label/calm")
    assert calm is not None
    assert calm is signal_at("/oscbridge/label/calm") is FAMILIES["label"].member("calm")
    assert (calm.name, calm.address) == ("label/calm", "/oscbridge/label/calm")
    assert calm.message(1.5).args == (1.0,)


@pytest.mark.parametrize("name", ["label", "label/", "label/7", "label/a b", "label/Ü", "other/x"])
def test_what_no_label_can_be_called_is_no_signal(name: str) -> None:
    assert signal_of(name) is None
