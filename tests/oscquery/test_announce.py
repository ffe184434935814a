"""What the network is told, as another browser of services sees it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from zeroconf import ServiceBrowser, ServiceInfo, ServiceListener, Zeroconf

from oscbridge.oscquery.announce import (
    HTTP_SERVICE,
    OSC_SERVICE,
    announce,
    announce_here,
    own_addresses,
)
from tests.oscquery.conftest import PATIENCE_S, wait_until

HERE = "127.0.0.1"


class Watcher(ServiceListener):
    """Notes services that come and go."""

    def __init__(self) -> None:
        self.there: dict[str, ServiceInfo | None] = {}

    def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.there[name] = zc.get_service_info(type_, name, timeout=round(1e3 * PATIENCE_S))

    def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.there.pop(name, None)

    def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.add_service(zc, type_, name)

    def of(self, kind: str) -> list[ServiceInfo]:
        return [info for name, info in self.there.items() if info and name.endswith(kind)]


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    """Browse on loop-back."""
    watcher = Watcher()
    zeroconf = Zeroconf(interfaces=[HERE])
    ServiceBrowser(zeroconf, [HTTP_SERVICE, OSC_SERVICE], watcher)
    yield watcher
    zeroconf.close()


async def until(condition: Callable[[], object]) -> None:
    await asyncio.to_thread(wait_until, condition)


def test_both_services_are_found_under_one_name_and_are_gone_at_the_end(watcher: Watcher) -> None:
    async def live() -> None:
        task = asyncio.create_task(announce(7772, 7770, [HERE]))
        await until(lambda: watcher.of(HTTP_SERVICE) and watcher.of(OSC_SERVICE))
        (http,), (osc,) = watcher.of(HTTP_SERVICE), watcher.of(OSC_SERVICE)
        assert (http.port, osc.port) == (7772, 7770)
        assert http.parsed_addresses() == osc.parsed_addresses() == [HERE]
        assert http.get_name() == osc.get_name()
        assert http.get_name().startswith("oscbridge-")
        task.cancel()
        await asyncio.wait([task])
        await until(lambda: not watcher.there)

    asyncio.run(live())


def test_two_runs_in_one_network_have_two_names(watcher: Watcher) -> None:
    async def live() -> None:
        tasks = [asyncio.create_task(announce(port, None, [HERE])) for port in (7772, 7782)]
        await until(lambda: len(watcher.of(HTTP_SERVICE)) == 2)
        assert sorted(info.port or 0 for info in watcher.of(HTTP_SERVICE)) == [7772, 7782]
        assert watcher.of(OSC_SERVICE) == []
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    asyncio.run(live())


@pytest.mark.peer("ip")
def test_addresses_are_those_of_the_interfaces_without_loop_back() -> None:
    found = own_addresses()
    assert not [address for address in found if address.startswith("127.")]
    told = subprocess.run(
        ["ip", "-4", "-o", "addr"], capture_output=True, text=True, check=True
    ).stdout
    for address in found:
        assert f"inet {address}/" in told


def test_an_interface_that_refuses_is_named_and_the_others_are_used(
    watcher: Watcher, caplog: pytest.LogCaptureFixture
) -> None:
    async def live() -> None:
        task = asyncio.create_task(announce(7772, None, ["192.0.2.1", HERE]))
        await until(lambda: watcher.of(HTTP_SERVICE))
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(live())
    assert "not announced at 192.0.2.1: " in caplog.text


def test_where_the_package_is_missing_the_run_goes_on_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "zeroconf", None)
    asyncio.run(announce(7772, 7770, [HERE]))
    assert caplog.messages == ["not announced to the network: it needs the package 'zeroconf'"]


def test_one_who_looks_on_this_machine_is_told_of_one_program_by_loop_back(
    watcher: Watcher,
) -> None:
    async def live() -> None:
        task = asyncio.create_task(announce_here(7772, 7770, []))
        await until(lambda: watcher.of(HTTP_SERVICE) and watcher.of(OSC_SERVICE))
        (http,) = watcher.of(HTTP_SERVICE)
        assert (http.port, http.parsed_addresses()) == (7772, [HERE])
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(live())
