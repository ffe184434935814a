"""Who may speak and how much, with an invented clock."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscbridge.errors import SettingsError
from oscbridge.inbound.gate import MOST_SOURCES, QUIET, SHARE, SIZE, Gate
from oscbridge.inbound.port import check_networks

ME = ("127.0.0.1", 5000)


def welcomed(gate: Gate, source: tuple[str, int], count: int, now_s: float, size: int = 40) -> int:
    return [gate.judge(source, size, now_s) for _ in range(count)].count("welcome")


def test_a_source_may_say_as_much_as_the_cap_at_once_and_no_more() -> None:
    gate = Gate(100.0)
    assert welcomed(gate, ME, 1000, 10.0) == 100
    assert gate.judge(ME, 40, 10.0) == "over the cap"


def test_what_was_used_up_comes_back_with_time() -> None:
    gate = Gate(100.0)
    welcomed(gate, ME, 1000, 0.0)
    assert welcomed(gate, ME, 1000, 0.5) == 50
    assert welcomed(gate, ME, 1000, 100.0) == 100


@given(st.lists(st.floats(0.0, 0.1), max_size=300))
def test_over_any_time_no_more_is_let_in_than_a_burst_and_the_cap(steps_s: list[float]) -> None:
    gate, now_s, let_in = Gate(50.0), 0.0, 0
    for step_s in steps_s:
        now_s += step_s
        let_in += welcomed(gate, ME, 5, now_s)
    assert let_in <= 50 + 50 * now_s + 1


def test_one_source_that_shouts_does_not_keep_another_one_out() -> None:
    gate = Gate(100.0)
    welcomed(gate, ("10.0.0.9", 1), 10_000, 0.0)
    assert welcomed(gate, ME, 50, 0.0) == 50


def test_one_host_gets_little_more_by_speaking_through_many_ports() -> None:
    gate, ports = Gate(100.0), range(1, 100)
    total = sum(welcomed(gate, ("10.0.0.9", port), 100, 0.0) for port in ports)
    assert total <= SHARE * 100 + QUIET * 100 * len(ports)
    assert welcomed(gate, ("10.0.0.8", 1), 100, 0.0) == 100


def test_a_program_that_says_little_is_heard_beside_one_that_shouts_through_many_ports() -> None:
    gate, heard = Gate(100.0), 0
    for step in range(100):
        now_s = step / 10.0
        for port in range(1, 50):
            welcomed(gate, ("127.0.0.1", port), 40, now_s)
        heard += welcomed(gate, ME, 1, now_s)
    assert heard == 100


def test_a_long_packet_counts_for_several() -> None:
    gate = Gate(100.0)
    assert welcomed(gate, ME, 1000, 0.0, size=3 * SIZE) == 25


def test_only_networks_that_are_allowed_may_speak_and_this_machine_always() -> None:
    gate = Gate(100.0, ["10.0.0.0/24", "192.168.1.7"])
    verdicts = {
        host: gate.judge((host, 9000), 40, 0.0)
        for host in ("10.0.0.3", "10.0.1.3", "192.168.1.7", "192.168.1.8", "127.0.0.1")
    }
    assert [host for host, verdict in verdicts.items() if verdict == "welcome"] == [
        "10.0.0.3",
        "192.168.1.7",
        "127.0.0.1",
    ]
    assert verdicts["10.0.1.3"] == "stranger"


def test_a_million_sources_are_not_remembered() -> None:
    gate = Gate(100.0)
    for number in range(5 * MOST_SOURCES):
        gate.judge((f"10.0.{number // 250 % 250}.{number % 250}", number % 60_000), 40, 0.0)
    assert len(gate._sources) <= MOST_SOURCES


@pytest.mark.parametrize("text", ["10.0.0", "studio", "10.0.0.0/33", ""])
def test_what_is_no_network_is_refused_before_anything_opens(text: str) -> None:
    with pytest.raises(SettingsError, match=r"write 10\.0\.0\.7 or 10\.0\.0\.0/24"):
        check_networks(("10.0.0.1", text))
