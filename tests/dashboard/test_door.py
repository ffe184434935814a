"""Who comes in and who does not: real requests to a served page, and those of other machines."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.responses import PlainTextResponse
from websockets.exceptions import InvalidStatus

from oscbridge.dashboard.board import Board
from oscbridge.dashboard.door import REQUESTS_HZ, UNPAIRED, Door
from oscbridge.dashboard.pairing import Pairing
from oscbridge.dashboard.process import STEPS
from oscbridge.dashboard.records import Code, FromPages
from oscbridge.dashboard.server import Pages
from oscbridge.dashboard.vocabulary import SAYABLE
from oscbridge.errors import DeviceError, SettingsError
from oscbridge.inbound.access import Access
from oscbridge.inbound.settings import PortSettings
from oscbridge.inlets import INLETS
from oscbridge.outputs.dashboard import parse_address
from tests.dashboard.shown import Show, ask, showing

ELSEWHERE = "http://evil.example"
PHONE = "10.0.0.9"


@pytest.fixture(scope="module")
def show() -> Iterator[Show]:
    """Serve a page."""
    with showing() as served:
        yield served


def get(url: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str]]:
    """Status and headers of one request."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20.0)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        response.read()
        return response.status, {name.lower(): value for name, value in response.getheaders()}
    finally:
        connection.close()


def test_the_page_is_served_and_may_use_nothing_from_elsewhere(show: Show) -> None:
    status, headers = get(show.url, "/")
    assert status == 200
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert get(show.url, "/static/main.js")[1]["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("path", ["/static/../server.py", "/static/%2e%2e/server.py", "/server.py"])
def test_nothing_but_its_files_is_served(show: Show, path: str) -> None:
    assert get(show.url, path)[0] == 404


def test_a_name_that_is_not_ours_leads_nowhere(show: Show) -> None:
    assert get(show.url, "/", Host="evil.example")[0] == 403


@pytest.mark.parametrize("origin", [ELSEWHERE, "null", "http://127.0.0.1:1", None])
def test_a_page_from_elsewhere_opens_no_socket(show: Show, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused, show.talk(origin=origin):
        pass
    assert refused.value.response.status_code == 403


def test_a_page_from_elsewhere_cannot_try_codes(show: Show) -> None:
    assert get(show.url, "/pair", "POST", Origin=ELSEWHERE)[0] == 403
    assert get(show.url, "/pair", "POST")[0] == 403


def test_only_the_listed_inlets_can_be_said(show: Show) -> None:
    dangerous = {"subscribe", "unsubscribe", "ping", "in/preset", "in/request/ack"}
    assert not SAYABLE & dangerous
    with show.talk() as client:
        for number, name in enumerate(sorted(INLETS.keys() - SAYABLE), start=1):
            assert ask(client, name, number=number) == "no page may say that"
        assert ask(client, "../subscribe", "127.0.0.1", 9) == "no page may say that"


def test_what_makes_no_sense_is_survived(show: Show) -> None:
    with show.talk() as client:
        for text in (
            "",
            "{",
            "[]",
            "null",
            '{"number": 1}',
            '{"number": 1, "name": 2}',
            "x" * 9999,
        ):
            client.send(text)
        client.send(json.dumps({"number": 1, "name": "in/freeze", "args": [[0]]}))
        assert ask(client, "in/freeze", "yes", number=2) != ""
        assert ask(client, "in/override", 7, 7, number=3).startswith("valence is -1 to 1")
        assert ask(client, "in/freeze", 0, number=4) == ""


class Browser:
    """A machine that asks, without a network: one ASGI request at a time."""

    def __init__(self, app: Door, host: str) -> None:
        self._app = app
        self._host = host
        self.cookie = ""

    def ask(
        self, path: str, method: str = "GET", body: bytes = b"", kind: str = "http"
    ) -> list[dict[str, Any]]:
        """What is sent in return."""
        headers = [(b"host", b"10.0.0.1:7780"), (b"origin", b"http://10.0.0.1:7780")]
        if self.cookie:
            headers.append((b"cookie", self.cookie.encode()))
        scope = {
            "type": kind,
            "method": method,
            "path": path,
            "headers": headers,
            "query_string": b"",
            "client": (self._host, 5000),
            "http_version": "1.1",
            "server": ("10.0.0.1", 7780),
            "scheme": "http",
            "root_path": "",
            "raw_path": b"",
        }
        sent: list[dict[str, Any]] = []
        bodies = [body]

        async def receive() -> dict[str, Any]:
            if not bodies:
                await asyncio.Event().wait()  # it stays connected
            return {"type": "http.request", "body": bodies.pop(), "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(self._app(scope, receive, send))
        return sent

    def status(self, path: str, method: str = "GET", body: bytes = b"") -> int:
        first = self.ask(path, method, body)[0]
        for name, value in first["headers"]:
            if name == b"set-cookie":
                self.cookie = value.decode().partition(";")[0]
                assert b"HttpOnly" in value
                assert b"SameSite=strict" in value
        return int(first["status"])


def test_another_machine_needs_the_code_and_then_no_more() -> None:
    told: list[FromPages] = []
    pairing = Pairing(b"key")
    door = Pages(Board(), pairing, told.append).app()
    assert isinstance(door, Door)
    phone = Browser(door, PHONE)
    assert phone.status("/") == 303
    closed = phone.ask("/live", kind="websocket")
    assert [m["type"] for m in closed] == ["websocket.accept", "websocket.close"]
    assert closed[-1]["code"] == UNPAIRED
    assert phone.status("/pair") == 200
    assert phone.status("/pair", "POST", b"no code") == 403
    assert phone.status("/pair", "POST", pairing.code.encode()) == 200
    assert told[-1] == Code(pairing.code, paired=PHONE)
    assert phone.status("/") == 200
    other = Browser(door, "10.0.0.10")
    other.cookie = "oscbridge=9999999999.00"
    assert other.status("/") == 303


def test_machines_that_are_not_on_the_list_get_nothing_at_all() -> None:
    door = Door(PlainTextResponse("inside"), Pairing(b""), ["10.0.0.0/30"])
    assert Browser(door, PHONE).status("/pair") == 403
    assert Browser(door, "10.0.0.2").status("/pair") == 200
    assert Browser(door, "127.0.0.1").status("/") == 200


def test_who_asks_too_often_is_not_answered() -> None:
    door = Door(PlainTextResponse("inside"), Pairing(b""))
    here = Browser(door, "127.0.0.1")
    answers = [here.status("/") for _ in range(3 * REQUESTS_HZ)]
    assert answers[0] == 200
    assert answers[-1] == 403


@pytest.mark.parametrize(
    ("text", "lan", "meant"),
    [
        ("", False, ("127.0.0.1", 7780)),
        ("", True, ("0.0.0.0", 7780)),
        ("8123", False, ("127.0.0.1", 8123)),
        (":8123", True, ("0.0.0.0", 8123)),
        ("192.168.1.5:80", True, ("192.168.1.5", 80)),
        ("localhost", False, ("localhost", 7780)),
    ],
)
def test_where_the_page_is_served(text: str, lan: bool, meant: tuple[str, int]) -> None:
    assert parse_address(text, lan=lan) == meant


@pytest.mark.parametrize("text", ["0.0.0.0", "192.168.1.5:80"])
def test_the_network_sees_it_only_with_lan(text: str) -> None:
    with pytest.raises(SettingsError, match="give --lan"):
        parse_address(text, lan=False)


@pytest.mark.parametrize("text", ["nowhere:80", "127.0.0.1:http", "127.0.0.1:70000", "a b"])
def test_a_place_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match=r"for example 127\.0\.0\.1:7780"):
        parse_address(text, lan=True)


def take_ports(first: int, opened: ExitStack) -> bool:
    """Take a port and those that are tried in its place; whether all of them were free."""
    try:
        for step in STEPS:
            opened.enter_context(socket.create_server(("127.0.0.1", first + step)))
    except OSError:
        return False
    return True


def test_where_it_cannot_be_served_is_said_in_words() -> None:
    with (
        pytest.raises(DeviceError, match=r"203\.0\.113\.9 is no address of this machine"),
        showing(address="203.0.113.9:7780", lan=True),
    ):
        pass
    with ExitStack() as opened:
        port = next(first for first in range(20_000, 30_000) if take_ports(first, opened))
        words = f"these ports are busy: {port}, {port + 10}, {port + 20}"
        with pytest.raises(DeviceError, match=words), showing(address=f"127.0.0.1:{port}"):
            pass


def test_the_network_may_come_to_the_page_also_where_no_port_is_open_for_osc() -> None:
    access = Access(PortSettings(enabled=False, lan=True), "/oscbridge")
    assert access.wiring().lan
    access.close()
