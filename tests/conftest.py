"""What all tests share: when a skip is a failure, and an independent ear for OSC.

Conventions
-----------
- ``OSCBRIDGE_STRICT=1`` (set by ``.ci/run``, where every peer is installed) turns a skip into a
  failure that keeps its reason.
- ``@pytest.mark.peer("jackd", "oscdump")`` names the programs that a test needs.
- Where kernels run as plain Python (``NUMBA_DISABLE_JIT=1``), tests marked ``compiled`` are left
  out.
- No fixture sleeps: what waits polls with a deadline.
- Hypothesis takes the same examples in every run, however long each takes: what fails is what was
  changed, not the dice or a busy machine. ``--hypothesis-profile=default`` rolls the dice.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, settings
from pythonosc.osc_packet import OscPacket

# Tests start with the defaults, not with what somebody has set up on this machine.
os.environ["OSCBRIDGE_SETTINGS"] = os.path.join(os.path.dirname(__file__), "no-settings.toml")
_KEPT = tempfile.mkdtemp(prefix="oscbridge-tests-")
os.environ["OSCBRIDGE_LIBRARY"] = os.path.join(_KEPT, "none.sqlite")
atexit.register(shutil.rmtree, _KEPT, ignore_errors=True)

settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=(HealthCheck.too_slow,)
)
settings.load_profile("steady")

STRICT = os.environ.get("OSCBRIDGE_STRICT") == "1"
INTERPRETED = os.environ.get("NUMBA_DISABLE_JIT") == "1"

Value = int | float | str | bytes | bool | None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give a test profiles of its own; skip it, and say why, where its programs are missing."""
    # What one test has taught, in whatever process, must not be what the next one's run knows.
    os.environ["OSCBRIDGE_PROFILES"] = tempfile.mkdtemp(prefix="profiles-", dir=_KEPT)
    for marker in item.iter_markers("peer"):
        missing = [name for name in marker.args if shutil.which(name) is None]
        if missing:
            pytest.skip(f"needs {', '.join(missing)}: run make hosts")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests of compilation itself where nothing is compiled."""
    if not INTERPRETED:
        return
    left_out = [item for item in items if item.get_closest_marker("compiled")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Under ``OSCBRIDGE_STRICT=1`` a skipped test has failed; an expected failure has not."""
    report = yield
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, where nothing may be: {_reason(report.longrepr)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """Under ``OSCBRIDGE_STRICT=1`` a module that skips itself has failed too."""
    report = yield
    if STRICT and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, where nothing may be: {_reason(report.longrepr)}"
    return report


def _reason(longrepr: object) -> str:
    """Take the sentence out of pytest's (path, line, reason)."""
    return str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)


@dataclass(frozen=True)
class Heard:
    """One OSC message as it arrived: ``address``, ``args``, ``at_s`` on the monotonic clock."""

    address: str
    args: tuple[Value, ...]
    at_s: float


@dataclass
class OscEar:
    """A UDP port on 127.0.0.1 that python-osc, not our own code, reads."""

    udp: socket.socket
    heard: list[Heard] = field(default_factory=list[Heard])

    @property
    def port(self) -> int:
        """The port to send to."""
        return self.udp.getsockname()[1]

    @property
    def target(self) -> str:
        """``HOST:PORT`` as ``--to`` takes it."""
        return f"127.0.0.1:{self.port}"

    def listen(self, timeout_s: float) -> None:
        """Take in what has arrived, waiting at most ``timeout_s`` for the first datagram."""
        self.udp.settimeout(max(timeout_s, 1e-3))
        try:
            datagram = self.udp.recv(65536)
        except TimeoutError:
            return
        at_s = time.monotonic()
        for timed in OscPacket(datagram).messages:
            message = timed.message
            self.heard.append(Heard(message.address, tuple(message.params), at_s))

    def wait_for(self, address: str, count: int = 1, deadline_s: float = 60.0) -> list[Heard]:
        """Listen until ``address`` was heard ``count`` times in all; return those messages.

        Raises
        ------
        AssertionError
            It was not, within ``deadline_s`` seconds; says which addresses were.
        """
        end_s = time.monotonic() + deadline_s
        while len(found := self.of(address)) < count:
            left_s = end_s - time.monotonic()
            if left_s <= 0.0:
                others = ", ".join(sorted({m.address for m in self.heard})) or "nothing"
                raise AssertionError(
                    f"heard {address} {len(found)} of {count} times in {deadline_s} s, and {others}"
                )
            self.listen(left_s)
        return found

    def of(self, address: str) -> list[Heard]:
        """Messages of one address, oldest first."""
        return [message for message in self.heard if message.address == address]


@pytest.fixture
def osc_ear() -> Iterator[OscEar]:
    """Give a listening UDP port on 127.0.0.1 that collects OSC messages."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        udp.bind(("127.0.0.1", 0))
        yield OscEar(udp)


@pytest.fixture
def free_udp_port() -> int:
    """Name a UDP port of 127.0.0.1 that nobody listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        return udp.getsockname()[1]
