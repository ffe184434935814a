"""A real browser reads the address space, listens by WebSocket and says something back."""

from __future__ import annotations

import functools
import http.server
import json
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pythonosc.osc_message import OscMessage
from websockets.sync.client import ClientConnection, connect

from oscbridge.inbound.sender import Sender
from oscbridge.inlets import Inlet
from oscbridge.outputs import oscquery
from oscbridge.outputs.base import Wiring
from oscbridge.protocol import SIGNALS

PAGE = Path(__file__).parents[2] / "examples" / "web"
ELSEWHERE = "evil.example"
"""A name that leads to this machine, as in an attack."""
PATIENCE_S = 60.0

pytestmark = pytest.mark.peer("chromium")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the folder and says nothing."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Hearing:
    """Keeps what the page says."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []
        self.words: dict[str, Inlet] = {}
        self.sought = False

    def take_packet(self, data: bytes, sender: Sender) -> None:
        self.packets.append(data)


class Tab:
    """The one tab of a browser, by the DevTools protocol."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._number = 0

    def evaluate(self, expression: str) -> Any:
        self._number += 1
        call = {"id": self._number, "method": "Runtime.evaluate"}
        params = {"expression": expression, "returnByValue": True}
        self._socket.send(json.dumps({**call, "params": params}))
        while (reply := json.loads(self._socket.recv(PATIENCE_S))).get("id") != self._number:
            pass
        return reply["result"]["result"].get("value")

    def wait_for(self, expression: str) -> Any:
        ends_s = time.monotonic() + PATIENCE_S
        while not (value := self.evaluate(expression)):
            assert time.monotonic() < ends_s, f"never true in the page: {expression}"
            time.sleep(0.02)
        return value


@pytest.fixture
def origin() -> Iterator[str]:
    """Serve the example page as its readers are told to."""
    handler = functools.partial(Quiet, directory=str(PAGE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[str]:
    """Start a browser without a window; give the address of its DevTools."""
    command = [
        *("chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
        *("--disable-background-networking", "--disable-dev-shm-usage"),
        f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1",
        *("--remote-debugging-port=0", f"--user-data-dir={tmp_path}", "about:blank"),
    ]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        told = tmp_path / "DevToolsActivePort"
        ends_s = time.monotonic() + PATIENCE_S
        while not (told.exists() and told.read_text().count("\n")):
            assert time.monotonic() < ends_s, "chromium does not start"
            time.sleep(0.02)
        yield f"127.0.0.1:{told.read_text().splitlines()[0]}"
        process.terminate()


def open_tab(browser: str, url: str) -> dict[str, Any]:
    """Open ``url``; give what DevTools say about the tab."""
    request = urllib.request.Request(f"http://{browser}/json/new?{url}", method="PUT")
    return json.loads(urllib.request.urlopen(request, timeout=PATIENCE_S).read())


def test_a_page_shows_what_is_said_and_is_heard(origin: str, browser: str) -> None:
    heard = Hearing()
    output = oscquery.open(oscquery.Config(port=0), Wiring(receiver=heard))  # type: ignore[arg-type]
    output.send([SIGNALS["quadrant/label"].message("glücklich")])
    port = output.name.rpartition(":")[2]
    about = open_tab(browser, f"{origin}/index.html?port={port}")
    with connect(about["webSocketDebuggerUrl"], open_timeout=PATIENCE_S, max_size=None) as socket:
        tab = Tab(socket)
        tab.wait_for("document.querySelector('#status').textContent.startsWith('listening')")
        tab.wait_for("document.querySelector('#label').textContent === 'glücklich'")
        for step in range(5):
            output.send([SIGNALS["va"].message(step / 8, -step / 8)])
            tab.wait_for(f"values['/oscbridge/va']?.[0] === {step / 8}")
        assert tab.evaluate("values['/oscbridge/va']") == [0.5, -0.5]
        assert "0.50  -0.50" in tab.evaluate("document.querySelector('#values').textContent")

        tab.evaluate("document.querySelector('#freeze').click()")
        tab.wait_for("document.querySelector('#freeze').textContent === 'go on'")
        ends_s = time.monotonic() + PATIENCE_S
        while not heard.packets:
            assert time.monotonic() < ends_s, "the page was not heard"
            time.sleep(0.02)
        message = OscMessage(heard.packets[0])
        assert (message.address, message.params) == ("/oscbridge/in/freeze", [1])

        output.close()
        tab.wait_for("document.querySelector('#status').textContent.includes('has gone')")


@pytest.mark.parametrize(("origins", "may"), [((), "no"), (("*",), "yes")])
def test_a_page_from_elsewhere_reads_and_listens_only_where_the_user_allows_it(
    origins: tuple[str, ...], may: str, origin: str, browser: str
) -> None:
    output = oscquery.open(oscquery.Config(port=0, origins=origins))
    output.send([SIGNALS["valence"].message(0.5)])
    url = output.name.split()[1]
    about = open_tab(browser, origin.replace("127.0.0.1", ELSEWHERE) + "/index.html?port=1")
    with connect(about["webSocketDebuggerUrl"], open_timeout=PATIENCE_S, max_size=None) as socket:
        tab = Tab(socket)
        tab.wait_for(f"location.hostname === '{ELSEWHERE}'")
        tab.evaluate(f"fetch('{url}/').then(() => window.read = 'yes', () => window.read = 'no')")
        assert tab.wait_for("window.read") == may
        tab.evaluate(
            f"window.page = new WebSocket('{url.replace('http', 'ws')}/');"
            "page.onopen = () => window.heard = 'yes'; page.onerror = () => window.heard = 'no'"
        )
        assert tab.wait_for("window.heard") == may
    output.close()
