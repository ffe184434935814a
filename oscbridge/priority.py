"""Real-time priority for the few threads that sound waits for, and an interpreter without pauses.

Problem
-------
On a busy machine a thread with sound to analyse waits for its turn behind all others, up to many
milliseconds. Every system has a class of threads for this case; a program has to ask for it, and
may be refused. Refused, everything works as before, only less evenly: `oscbridge doctor` says so.

Conventions
-----------
Linux: ``SCHED_FIFO``, which ``RLIMIT_RTPRIO`` limits for ordinary users. macOS: the quality of
service "user interactive". Windows: the multimedia class "Pro Audio". All calls concern the calling
thread, say whether they were granted, and raise nothing. A thread that asks for this must wait for
something in every turn: one that never waits takes the processor away from everybody.

What an interpreter may cost is measured where it is avoided, in `undisturbed`.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import sys
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

SWITCH_INTERVAL_S = 0.0001
"""How long a busy thread may keep the others waiting."""

_MLOCK_NOW, _MLOCK_LATER, _MLOCK_WHEN_TOUCHED = 1, 2, 4  # MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT
_USER_INTERACTIVE, _DEFAULT_QUALITY = 0x21, 0x15


class Urgency(IntEnum):
    """Who goes first; a JACK server's own threads (55 to 60, mostly) go before all of ours."""

    CAPTURE = 50
    ANALYSIS = 45
    OUTPUT = 40


def raise_priority(urgency: Urgency) -> bool:
    """Ask for real-time priority for the calling thread; True if it was granted."""
    if sys.platform == "darwin":
        return _set_quality_of_service(_USER_INTERACTIVE)
    if sys.platform == "win32":
        return _join_pro_audio()
    return _become_fifo(urgency)


def lower_priority() -> None:
    """Give real-time priority back; does nothing where there is none, or no way back."""
    if sys.platform == "darwin":
        _set_quality_of_service(_DEFAULT_QUALITY)
    elif hasattr(os, "sched_setscheduler"):
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def grants_priority() -> bool:
    """Whether `raise_priority` would be granted; tried out and undone."""
    granted = raise_priority(Urgency.OUTPUT)
    if granted:
        lower_priority()
    return granted


def keep_in_memory() -> bool:
    """Keep every page that this process has touched out of swap; True if that was granted.

    Asked for only where there is no limit: under a limit, later allocations would fail.
    """
    if not sys.platform.startswith("linux"):
        return False
    import resource

    unlimited = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY
    if not unlimited and os.geteuid() != 0:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.mlockall(_MLOCK_NOW | _MLOCK_LATER | _MLOCK_WHEN_TOUCHED) == 0


@contextlib.contextmanager
def undisturbed() -> Generator[None]:
    """Keep the interpreter's own pauses short while sound is analysed.

    Notes
    -----
    Measured beside other work on two cores. A full collection of garbage looks at all that was
    imported: 124,000 objects, 50 to 120 ms. Those are frozen, and what is left takes 1 µs: nothing
    has to be switched off. A thread that wakes with sound beside one that runs pure Python comes
    54 ms late (median) with Python's switch interval of 5 ms, 1.1 ms with 0.5 ms, 0.2 ms with
    0.1 ms; shorter ones gain nothing.
    """
    interval_s = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.freeze()
    keep_in_memory()
    try:
        yield
    finally:
        gc.unfreeze()
        sys.setswitchinterval(interval_s)


def _become_fifo(urgency: Urgency) -> bool:
    if not hasattr(os, "sched_setscheduler"):
        return False
    import resource

    limit = resource.getrlimit(resource.RLIMIT_RTPRIO)[0]
    highest = urgency if limit == resource.RLIM_INFINITY else max(limit, 1)
    # What a thread starts (a process of ours, say) does not inherit it.
    policy = os.SCHED_FIFO | os.SCHED_RESET_ON_FORK
    for priority in (urgency, min(urgency, highest)):
        try:
            os.sched_setscheduler(0, policy, os.sched_param(priority))
        except OSError:
            continue
        return True
    return False


def _set_quality_of_service(quality: int) -> bool:
    try:
        return ctypes.CDLL(None).pthread_set_qos_class_self_np(quality, 0) == 0
    except AttributeError:
        return False


def _join_pro_audio() -> bool:
    try:
        avrt = ctypes.WinDLL("avrt")  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return False
    task = ctypes.c_ulong(0)
    return bool(avrt.AvSetMmThreadCharacteristicsW("Pro Audio", ctypes.byref(task)))
