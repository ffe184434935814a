"""Leases: how long a subscription lasts, and whom it may point at."""

from __future__ import annotations

import pytest

from oscbridge.inbound.call import Refused
from oscbridge.inbound.subscriptions import MOST, Subscriptions
from oscbridge.inlets import LEASE_S

ME, OTHER = "10.0.0.3", "10.0.0.4"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def addresses(subscriptions: Subscriptions) -> list[tuple[str, int]]:
    return [one.address for one in subscriptions.current()]


def test_a_lease_ends_after_a_minute_without_a_word(clock: Clock) -> None:
    subscriptions = Subscriptions(clock=clock)
    subscriptions.add(ME, 9000, "plain", ME, lasting=False)
    clock.now_s += LEASE_S - 0.1
    assert addresses(subscriptions) == [(ME, 9000)]
    clock.now_s += 0.2
    assert addresses(subscriptions) == []


def test_a_ping_renews_all_leases_of_its_host_and_no_others(clock: Clock) -> None:
    subscriptions = Subscriptions(clock=clock)
    for port in (9000, 9001):
        subscriptions.add(ME, port, "plain", ME, lasting=False)
    subscriptions.add(OTHER, 9000, "plain", OTHER, lasting=False)
    clock.now_s += LEASE_S - 1.0
    subscriptions.renew(ME)
    clock.now_s += 2.0
    assert addresses(subscriptions) == [(ME, 9000), (ME, 9001)]


def test_a_ping_that_comes_too_late_brings_nothing_back(clock: Clock) -> None:
    subscriptions = Subscriptions(clock=clock)
    subscriptions.add(ME, 9000, "plain", ME, lasting=False)
    clock.now_s += LEASE_S + 1.0
    subscriptions.renew(ME)
    assert addresses(subscriptions) == []


def test_a_lasting_subscription_needs_no_ping_and_a_ping_does_not_end_it(clock: Clock) -> None:
    subscriptions = Subscriptions(clock=clock)
    subscriptions.add(ME, 9000, "plain", ME, lasting=True)
    subscriptions.renew(ME)
    clock.now_s += 1e6
    assert addresses(subscriptions) == [(ME, 9000)]


def test_subscribing_again_changes_the_profile_and_sends_nothing_twice(clock: Clock) -> None:
    subscriptions = Subscriptions(clock=clock)
    for profile in ("plain", "bundle"):
        subscriptions.add(ME, 9000, profile, ME, lasting=False)
    assert [(one.address, one.profile) for one in subscriptions.current()] == [
        ((ME, 9000), "bundle")
    ]


def test_nobody_can_have_us_send_to_a_third(clock: Clock) -> None:
    subscriptions = Subscriptions(clock=clock)
    with pytest.raises(Refused, match="another machine than yours"):
        subscriptions.add(OTHER, 9000, "plain", ME, lasting=False)
    assert addresses(subscriptions) == []
    allowed = Subscriptions(others=True, clock=clock)
    allowed.add(OTHER, 9000, "plain", ME, lasting=False)
    assert addresses(allowed) == [(OTHER, 9000)]


def test_nobody_can_end_the_subscription_of_another(clock: Clock) -> None:
    subscriptions = Subscriptions(clock=clock)
    subscriptions.add(OTHER, 9000, "plain", OTHER, lasting=False)
    with pytest.raises(Refused, match="another machine"):
        subscriptions.remove(OTHER, 9000, ME)
    subscriptions.remove(OTHER, 9000, OTHER)
    assert addresses(subscriptions) == []
    with pytest.raises(Refused, match="nobody is subscribed"):
        subscriptions.remove(OTHER, 9000, OTHER)


@pytest.mark.parametrize("host", ["studio.local", "", "::1", "10.0.0.300", "example.com"])
def test_names_are_not_looked_up(host: str, clock: Clock) -> None:
    with pytest.raises(Refused, match="no address"):
        Subscriptions(others=True, clock=clock).add(host, 9000, "plain", ME, lasting=False)


def test_localhost_is_this_machine(clock: Clock) -> None:
    subscriptions = Subscriptions(clock=clock)
    subscriptions.add("localhost", 9000, "plain", "127.0.0.1", lasting=False)
    assert addresses(subscriptions) == [("127.0.0.1", 9000)]


def test_there_is_an_end_to_subscribers_until_leases_end(clock: Clock) -> None:
    subscriptions = Subscriptions(clock=clock)
    for port in range(1, MOST + 1):
        subscriptions.add(ME, port, "plain", ME, lasting=False)
    with pytest.raises(Refused, match="already"):
        subscriptions.add(ME, 9000, "plain", ME, lasting=False)
    clock.now_s += LEASE_S + 1.0
    subscriptions.add(ME, 9000, "plain", ME, lasting=False)
    assert addresses(subscriptions) == [(ME, 9000)]
