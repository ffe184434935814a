"""A served output, and clients that are not ours: urllib, the client of websockets, python-osc."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pythonosc.osc_message import OscMessage
from websockets.sync.client import ClientConnection, connect

from oscbridge.inbound.sender import Sender
from oscbridge.inlets import Inlet
from oscbridge.outputs import oscquery
from oscbridge.outputs.base import Wiring
from oscbridge.protocol import SIGNALS

PATIENCE_S = 20.0


@dataclass
class Hearing:
    """Stands where the receiver of a run does: keeps what clients said."""

    packets: list[tuple[bytes, Sender]] = field(default_factory=list[tuple[bytes, Sender]])
    words: dict[str, Inlet] = field(default_factory=dict[str, Inlet])
    sought: bool = False

    def take_packet(self, data: bytes, sender: Sender) -> None:
        self.packets.append((data, sender))


@dataclass
class Served:
    """An open output, and how clients reach it."""

    output: oscquery.OscQueryOutput
    heard: Hearing

    @property
    def port(self) -> int:
        return int(self.output.name.split()[1].rpartition(":")[2])

    def say(self, name: str, *args: object) -> None:
        self.output.send([SIGNALS[name].message(*args)])

    def get(self, target: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request("GET", target, headers=headers)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()

    def json(self, target: str) -> Any:
        status, headers, body = self.get(target)
        assert (status, headers["Content-Type"]) == (200, "application/json")
        return json.loads(body)

    def connect(self, **options: Any) -> ClientConnection:
        return connect(f"ws://127.0.0.1:{self.port}", open_timeout=PATIENCE_S, **options)


def command(client: ClientConnection, name: str, path: str) -> None:
    client.send(json.dumps({"COMMAND": name, "DATA": path}))


def hear(client: ClientConnection) -> tuple[str, list[Any]]:
    """Address and arguments of the next packet, as python-osc reads it."""
    packet = client.recv(timeout=PATIENCE_S)
    assert isinstance(packet, bytes)
    message = OscMessage(packet)
    return message.address, message.params


def wait_until(condition: Callable[[], object]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline_s, "it did not happen"
        time.sleep(0.005)


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """Open outputs; closed again at the end."""
    opened: list[Served] = []

    def open_one(wiring: dict[str, Any] | None = None, **config: Any) -> Served:
        heard = Hearing()
        wired = Wiring(**({"receiver": heard, "osc_port": 7770} | (wiring or {})))
        output = oscquery.open(oscquery.Config(**({"port": 0} | config)), wired)
        opened.append(Served(output, heard))
        return opened[-1]

    yield open_one
    for served in opened:
        served.output.close()


@pytest.fixture
def served(serve: Callable[..., Served]) -> Served:
    """Give an output that has greeted and so is served."""
    one = serve()
    one.say("status", "listening", "")
    return one
