"""The p5.js sketch in a real browser: it hears by WebSocket, answers requests, and is heard.

p5 is no part of the project: `p5_stand_in.js` has the few functions of it that the sketch calls.
"""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pythonosc.osc_message import OscMessage
from websockets.sync.client import connect

from oscbridge.inlets import INLETS
from oscbridge.outputs import oscquery
from oscbridge.outputs.base import Wiring
from oscbridge.protocol import SIGNALS
from tests.peers import test_browser
from tests.peers.servers import wait_until
from tests.peers.test_browser import PATIENCE_S, Hearing, Quiet, Tab, open_tab

browser = test_browser.browser
EXAMPLE = Path(__file__).parents[2] / "examples" / "processing"
SKETCHES = ("p5/sketch.js", "oscbridge/oscbridge.pde")


@pytest.fixture
def page(tmp_path: Path) -> Iterator[str]:
    """Serve the sketch with the stand-in of p5; give its address."""
    text = (EXAMPLE / "p5" / "index.html").read_text(encoding="utf-8")
    text, count = re.subn(r'<script\s+src="https:[^>]*>', '<script src="p5_stand_in.js">', text)
    assert count == 1
    (tmp_path / "index.html").write_text(text, encoding="utf-8")
    shutil.copy(EXAMPLE / "p5" / "sketch.js", tmp_path)
    shutil.copy(Path(__file__).with_name("p5_stand_in.js"), tmp_path)
    handler = functools.partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()


@pytest.mark.peer("chromium")
def test_the_sketch_draws_what_is_said_answers_and_is_heard(page: str, browser: str) -> None:
    heard = Hearing()
    output = oscquery.open(oscquery.Config(port=0), Wiring(receiver=heard))  # type: ignore[arg-type]
    output.send([SIGNALS["quadrant/label"].message("glücklich")])
    about = open_tab(browser, f"{page}?port={output.name.rpartition(':')[2]}")
    with connect(about["webSocketDebuggerUrl"], open_timeout=PATIENCE_S, max_size=None) as socket:
        tab = Tab(socket)
        tab.wait_for("typeof drawn !== 'undefined' && drawn.text?.[0] === 'glücklich'")
        output.send([SIGNALS["va"].message(0.5, -0.5), SIGNALS["confidence"].message(0.25)])
        tab.wait_for("valence === 0.5 && arousal === -0.5 && confidence === 0.25")
        tab.wait_for("Math.abs(drawn.circle[0] - 360) < 1 && Math.abs(drawn.circle[1] - 360) < 1")
        output.send([SIGNALS["request/go"].message(7, "sad", "bar", 0.5)])
        tab.wait_for("drawn.print === 'sad is asked for, bar'")
        tab.evaluate("mousePressed(), keyPressed()")
        wait_until(lambda: len(heard.packets) == 4, "the sketch is heard")
        said = [OscMessage(packet) for packet in heard.packets]
        output.close()
        tab.wait_for("label.startsWith('looking')")
    ack, felt, make = (
        INLETS[name].address for name in ("in/request/ack", "in/affect/va", "in/request/make")
    )
    assert [(one.address, one.params) for one in said] == [
        (ack, [7, "started"]),
        (ack, [7, "done"]),
        (felt, [-0.5, 0.5]),
        (make, [-0.5, 0.5]),
    ]


@pytest.mark.parametrize("name", SKETCHES)
def test_every_address_and_type_in_a_sketch_is_one_of_ours(name: str) -> None:
    text = (EXAMPLE / name).read_text(encoding="utf-8")
    addresses = set(re.findall(r"/oscbridge/[a-z/]+", text))
    known = {one.address for one in (*SIGNALS.values(), *INLETS.values())}
    assert len(addresses) >= 7
    assert addresses <= known
    for address, types in re.findall(r'equals\("(/[a-z/]+)"\) && types.equals\("(\w+)"', text):
        assert "".join(SIGNALS[address.removeprefix("/oscbridge/")].types) == types
    for address, types in re.findall(r"say\('(/[a-z/]+)', '(\w+)'", text):
        forms = INLETS[address.removeprefix("/oscbridge/")].forms
        assert types in {"".join(arg.type for arg in form) for form in forms}
