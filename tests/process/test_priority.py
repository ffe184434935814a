"""Priority is asked for by those who wait for sound, granted or not, and given back in need."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

import pytest

from oscbridge import analysis, priority
from oscbridge.analysis import BEHIND_S, Keenness
from oscbridge.priority import Urgency

pytestmark = pytest.mark.skipif(not hasattr(os, "SCHED_FIFO"), reason="needs POSIX scheduling")


def in_a_thread(call: Callable[[], object]) -> object:
    """What ``call`` returns in a thread of its own, whose priority ends with it."""
    answers: list[object] = []
    thread = threading.Thread(target=lambda: answers.append(call()))
    thread.start()
    thread.join()
    return answers[0]


def test_priority_is_granted_as_the_system_says_and_given_back() -> None:
    def ask() -> tuple[bool, int, int]:
        granted = priority.raise_priority(Urgency.ANALYSIS)
        while_raised = os.sched_getscheduler(0) & ~os.SCHED_RESET_ON_FORK
        priority.lower_priority()
        return granted, while_raised, os.sched_getscheduler(0)

    granted, while_raised, afterwards = in_a_thread(ask)
    assert while_raised == (os.SCHED_FIFO if granted else os.SCHED_OTHER)
    assert afterwards == os.SCHED_OTHER
    assert granted == priority.grants_priority()


def test_a_refusal_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    assert not priority.raise_priority(Urgency.ANALYSIS)
    assert not priority.grants_priority()


def test_memory_is_not_locked_under_a_limit_that_would_make_allocations_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import resource

    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (8 << 20, 8 << 20))
    assert not priority.keep_in_memory()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note what a thread asks for; everything is granted."""
    said: list[str] = []
    monkeypatch.setattr(analysis, "raise_priority", lambda _: said.append("raise") or True)
    monkeypatch.setattr(analysis, "lower_priority", lambda: said.append("lower"))
    return said


def test_who_falls_behind_gives_priority_back_until_it_has_caught_up(asked: list[str]) -> None:
    keenness = Keenness()
    for late_s in (0.0, 0.0, 2 * BEHIND_S, 3 * BEHIND_S, 0.0):
        keenness.update(time.perf_counter() - late_s)
    assert asked == ["raise", "lower", "raise"]


def test_what_waited_since_the_start_is_told_from_what_is_late(asked: list[str]) -> None:
    keenness = Keenness()
    seen: list[bool] = []
    for late_s in (0.9, 0.4, 0.0, 0.4):
        keenness.update(time.perf_counter() - late_s)
        seen.append(keenness.caught_up)
    assert seen == [False, False, True, True]


def test_a_source_that_is_not_paced_gets_no_priority(asked: list[str]) -> None:
    keenness = Keenness()
    for _ in range(3):
        keenness.update(None)
    assert asked == []


def test_who_was_refused_does_not_ask_again(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(analysis, "raise_priority", lambda _: said.append("raise"))
    keenness = Keenness()
    for _ in range(3):
        keenness.update(time.perf_counter())
    assert said == ["raise"]
