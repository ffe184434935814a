"""The address space of a real run: its values live, its commands obeyed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from websockets.sync.client import connect

from tests.oscquery.test_tree import proposal_breaches

PATIENCE_S = 60.0


@pytest.fixture
def url(tmp_path: Path, free_udp_port: int) -> Iterator[str]:
    """Run the demo; give the address at which it answers."""
    settings = tmp_path / "settings.toml"
    settings.write_text(
        f"[port]\nport = 0\n[outputs.oscquery]\nport = 0\n"
        f"[outputs.osc]\nto = ['127.0.0.1:{free_udp_port}']\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "oscbridge", "demo", "--config", str(settings), "--plain"],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    yield process.stdout.readline().split("oscquery ")[1].split()[0].strip(",")
    process.kill()
    process.communicate()


def read(url: str) -> Any:
    return json.loads(urllib.request.urlopen(url, timeout=PATIENCE_S).read() or "null")


def wait_for(url: str, wanted: Any) -> None:
    ends_s = time.monotonic() + PATIENCE_S
    while (found := read(url)) != wanted:
        assert time.monotonic() < ends_s, f"{url} stays {found}"
        time.sleep(0.02)


def packet(address: str, *args: object) -> bytes:
    builder = OscMessageBuilder(address)
    for arg in args:
        builder.add_arg(arg)  # type: ignore[arg-type]
    return builder.build().dgram


def test_values_are_read_while_they_change_and_what_is_said_is_obeyed(url: str) -> None:
    wait_for(f"{url}/oscbridge/status?TYPE", {"TYPE": "ss"})
    whole = read(url)
    assert proposal_breaches(whole, "/") == []
    info = read(f"{url}/?HOST_INFO")
    assert info["OSC_PORT"] > 0
    with connect(url.replace("http", "ws"), open_timeout=PATIENCE_S) as client:
        client.send(json.dumps({"COMMAND": "LISTEN", "DATA": "/oscbridge/va"}))
        heard = [OscMessage(client.recv(PATIENCE_S)) for _ in range(3)]  # type: ignore[arg-type]
        assert {message.address for message in heard} == {"/oscbridge/va"}
        client.send(packet("/oscbridge/in/override", 0.75, -0.25))
        wait_for(f"{url}/oscbridge/va?VALUE", {"VALUE": [0.75, -0.25]})
        client.send(packet("/oscbridge/in/label/set", 4, "mellow"))
        wait_for(f"{url}/oscbridge/quadrant/label?VALUE", {"VALUE": ["mellow"]})
        client.send(packet("/oscbridge/in/request/make", 0.5, 0.5))
        wait_for(f"{url}/oscbridge/request/state?VALUE", {"VALUE": [1, "sent"]})


def test_who_speaks_by_websocket_is_answered_there(url: str) -> None:
    with connect(url.replace("http", "ws"), open_timeout=PATIENCE_S) as client:
        client.send(packet("/oscbridge/ping", 7))
        answer = OscMessage(client.recv(PATIENCE_S))  # type: ignore[arg-type]
        assert (answer.address, answer.params[0]) == ("/oscbridge/pong", 7)
        client.send(packet("/oscbridge/in/set/rate_hz", 1000.0))
        answer = OscMessage(client.recv(PATIENCE_S))  # type: ignore[arg-type]
        assert answer.address == "/oscbridge/error"
        assert answer.params == ["/oscbridge/in/set/rate_hz", "rate is 1 to 60, not 1000"]


@pytest.mark.parametrize("nothing", [b",N\0\0", b",I\0\0", b",\0\0\0"])
def test_a_button_of_a_client_fires_what_takes_nothing(nothing: bytes, url: str) -> None:
    with connect(url.replace("http", "ws"), open_timeout=PATIENCE_S) as client:
        client.send(json.dumps({"COMMAND": "LISTEN", "DATA": "/oscbridge/latency"}))
        client.recv(PATIENCE_S)
        client.send(b"/oscbridge/refresh\0\0" + nothing)
        client.send(packet("/oscbridge/ping", 9))
        answers = {OscMessage(client.recv(PATIENCE_S)).address for _ in range(2)}  # type: ignore[arg-type]
        assert "/oscbridge/error" not in answers
