"""HTTP and WebSocket as real clients see them, well-meaning or not."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder
from websockets.exceptions import ConnectionClosed, InvalidStatus

from oscbridge.inbound.gate import SHARE
from oscbridge.inlets import INLETS
from oscbridge.oscquery import audience
from oscbridge.oscquery import server as server_module
from oscbridge.outputs import oscquery
from oscbridge.outputs.base import Wiring
from oscbridge.protocol import signal_of
from tests.oscquery.conftest import PATIENCE_S, Served, command, hear, wait_until
from tests.oscquery.test_tree import proposal_breaches

Serve = Callable[..., Served]


def test_the_tree_is_read_over_http_with_the_newest_values(served: Served) -> None:
    served.say("valence", 0.25)
    served.say("valence", -0.5)
    whole = served.json("/")
    assert proposal_breaches(whole, "/") == []
    assert whole["CONTENTS"]["oscbridge"]["CONTENTS"]["valence"]["VALUE"] == [-0.5]
    assert served.json("/oscbridge/valence?VALUE") == {"VALUE": [-0.5]}


def test_texts_travel_in_any_script(served: Served) -> None:
    served.say("quadrant/label", "glücklich 幸")
    assert served.json("/oscbridge/quadrant/label?VALUE") == {"VALUE": ["glücklich 幸"]}


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/oscbridge/arousal?VALUE", 204),
        ("/oscbridge/arousal?COLOUR", 400),
        ("/oscbridge/joy", 404),
    ],
)
def test_what_cannot_be_answered_has_a_status_and_no_body(
    target: str, status: int, served: Served
) -> None:
    assert served.get(target)[::2] == (status, b"")


def test_host_info_names_the_address_by_which_it_was_asked(served: Served) -> None:
    info = served.json("/?HOST_INFO")
    assert (info["OSC_IP"], info["WS_IP"]) == ("127.0.0.1", "127.0.0.1")
    assert (info["OSC_PORT"], info["WS_PORT"]) == (7770, served.port)


def test_who_listens_hears_the_newest_value_and_every_one_that_follows(served: Served) -> None:
    served.say("valence", 0.25)
    with served.connect() as client:
        command(client, "LISTEN", "/oscbridge/valence")
        assert hear(client) == ("/oscbridge/valence", [0.25])
        for value in (0.5, 0.75, -1.0):
            served.say("arousal", value)
            served.say("valence", value)
            assert hear(client) == ("/oscbridge/valence", [value])
        served.say("valence", 0.0)
        wait_until(lambda: served.output._server.audience.sent == 5)  # type: ignore[union-attr]
    assert served.output.errors == 0


def test_who_listens_to_a_container_hears_all_below_it(served: Served) -> None:
    with served.connect() as client:
        command(client, "LISTEN", "/oscbridge/quadrant")
        wait_until(lambda: served.output._server.audience.listened)  # type: ignore[union-attr]
        served.say("quadrant", 2)
        served.say("quadrant/label", "tense")
        served.say("valence", 0.5)
        served.say("quadrant/enter", 2, "tense", 0.5)
        assert [hear(client) for _ in range(3)] == [
            ("/oscbridge/quadrant", [2]),
            ("/oscbridge/quadrant/label", ["tense"]),
            ("/oscbridge/quadrant/enter", [2, "tense", 0.5]),
        ]


def test_who_ignores_again_hears_no_more(served: Served) -> None:
    with served.connect() as client:
        for path in ("/oscbridge/valence", "/oscbridge/arousal"):
            command(client, "LISTEN", path)
        command(client, "IGNORE", "/oscbridge/valence")
        wait_until(
            lambda: served.output._server.audience.listened == {"/oscbridge/arousal"}  # type: ignore[union-attr]
        )
        served.say("valence", 0.5)
        served.say("arousal", 0.5)
        assert hear(client) == ("/oscbridge/arousal", [0.5])


def test_two_clients_hear_what_each_of_them_asked_for(served: Served) -> None:
    with served.connect() as one, served.connect() as other:
        command(one, "LISTEN", "/oscbridge/valence")
        command(other, "LISTEN", "/oscbridge/arousal")
        wait_until(lambda: len(served.output._server.audience.listened) == 2)  # type: ignore[union-attr]
        served.say("valence", 0.5)
        served.say("arousal", -0.5)
        assert hear(one) == ("/oscbridge/valence", [0.5])
        assert hear(other) == ("/oscbridge/arousal", [-0.5])
    wait_until(lambda: not served.output._server.audience.listened)  # type: ignore[union-attr]


def test_packets_of_clients_are_taken_like_any_others(served: Served) -> None:
    builder = OscMessageBuilder("/oscbridge/in/affect/va")
    builder.add_arg(0.5)
    builder.add_arg(-0.25)
    packet = builder.build().dgram
    with served.connect() as client:
        client.send(packet)
        wait_until(lambda: served.heard.packets)
    (data, sender) = served.heard.packets[0]
    assert data == packet
    assert sender.name.startswith("WebSocket 127.0.0.1:")


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "LISTEN",
        "[]",
        "null",
        '{"COMMAND": "LISTEN"}',
        '{"COMMAND": "LISTEN", "DATA": 3}',
        '{"COMMAND": ["LISTEN"], "DATA": "/oscbridge/valence"}',
        '{"COMMAND": "OBEY", "DATA": "/oscbridge/valence"}',
        '{"COMMAND": "LISTEN", "DATA": "/no/such/thing"}',
        "[" * 50_000,
    ],
    ids=lambda frame: frame[:40] or "empty",
)
def test_a_command_that_makes_no_sense_changes_nothing(frame: str, served: Served) -> None:
    with served.connect() as client:
        client.send(frame)
        command(client, "LISTEN", "/oscbridge/status")
        assert hear(client)[0] == "/oscbridge/status"
        assert served.output._server.audience.listened == {"/oscbridge/status"}  # type: ignore[union-attr]


def test_a_frame_that_is_too_long_ends_the_conversation_and_no_other(served: Served) -> None:
    with served.connect() as other:
        with served.connect() as client:
            client.send(bytes(audience.FRAME + 1))
            with pytest.raises(ConnectionClosed) as closed:
                client.recv(timeout=PATIENCE_S)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1009  # message too big
        command(other, "LISTEN", "/oscbridge/status")
        assert hear(other)[0] == "/oscbridge/status"
    assert served.heard.packets == []


def test_a_client_that_does_not_read_is_dropped_and_the_others_are_told(served: Served) -> None:
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect(("127.0.0.1", served.port))
    with (
        served.connect() as reader,
        served.connect(sock=narrow, max_queue=1, close_timeout=0.1) as sleeper,
    ):
        for client in (reader, sleeper):
            command(client, "LISTEN", "/oscbridge/quadrant/label")
        wait_until(lambda: len(served.output._server.audience) == 2)  # type: ignore[union-attr]
        deadline_s = time.monotonic() + PATIENCE_S
        while served.output.errors == 0:
            assert time.monotonic() < deadline_s, "the sleeper was never dropped"
            served.say("quadrant/label", "x" * 900)
            assert hear(reader)[1] == ["x" * 900]
        served.say("quadrant/label", "last")
        assert hear(reader)[1] == ["last"]
        wait_until(lambda: len(served.output._server.audience) == 1)  # type: ignore[union-attr]


def test_a_client_that_talks_too_much_is_read_no_faster_than_the_cap(served: Served) -> None:
    began_s = time.monotonic()
    with served.connect() as client:
        for _ in range(1000):
            client.send(b"/x\0\0,\0\0\0")
        wait_until(lambda: len(served.heard.packets) >= 400)
        taken, passed_s = len(served.heard.packets), time.monotonic() - began_s
    most = audience.RATE_HZ * (passed_s + audience.BURST_S) + 1
    assert taken <= most


def test_who_asks_too_often_is_refused_for_a_while(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "REQUESTS_HZ", 2)
    served = serve()
    served.say("valence", 0.5)
    began_s = time.monotonic()
    answered = 0
    while served.get("/oscbridge/valence?TYPE")[0] == 200:
        answered += 1
        assert answered <= 2 * SHARE * (1.0 + time.monotonic() - began_s)
    wait_until(lambda: served.get("/oscbridge/valence?TYPE")[0] == 200)


def test_no_more_clients_than_the_limit_are_let_in(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "CLIENTS", 2)
    with served.connect(), served.connect():
        with pytest.raises(InvalidStatus) as refused:
            served.connect().__enter__()
        assert refused.value.response.status_code == 503
        assert served.json("/oscbridge/status?TYPE") == {"TYPE": "ss"}
    wait_until(lambda: not len(served.output._server.audience))  # type: ignore[union-attr]
    with served.connect():
        pass


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7772", "", "127.0.0.1.evil.example"]
)
def test_a_name_of_somebody_else_that_leads_here_is_refused(host: str, served: Served) -> None:
    assert served.get("/", Host=host)[0] == 403


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:7772", "127.0.0.1", "[::1]:7772"])
def test_names_of_this_machine_are_taken(host: str, served: Served) -> None:
    assert served.get("/", Host=host)[0] == 200
    assert served.get("/", Host=socket.gethostname())[0] == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.com"])
def test_a_page_from_elsewhere_may_neither_listen_nor_read(origin: str, served: Served) -> None:
    with pytest.raises(InvalidStatus) as refused:
        served.connect(origin=origin).__enter__()
    assert refused.value.response.status_code == 403
    assert "Access-Control-Allow-Origin" not in served.get("/", Origin=origin)[1]


@pytest.mark.parametrize("origin", ["http://localhost:8000", "http://127.0.0.1"])
def test_a_page_from_this_machine_may(origin: str, served: Served) -> None:
    with served.connect(origin=origin) as client:
        command(client, "LISTEN", "/oscbridge/status")
        assert hear(client)[0] == "/oscbridge/status"
    assert served.get("/", Origin=origin)[1]["Access-Control-Allow-Origin"] == origin


def test_a_page_that_the_user_names_may(serve: Serve) -> None:
    served = serve(origins=("https://sketch.example", "null"))
    served.say("valence", 0.0)
    for origin in ("https://sketch.example", "null"):
        with served.connect(origin=origin) as client:
            command(client, "LISTEN", "/oscbridge/valence")
            assert hear(client)[0] == "/oscbridge/valence"
        assert served.get("/", Origin=origin)[1]["Access-Control-Allow-Origin"] == origin


@pytest.mark.parametrize(
    "request_line", [b"rubbish\r\n\r\n", b"\xff\xfe", b"POST / HTTP/1.1\r\n\r\n"]
)
def test_strangers_that_speak_no_http_disturb_nobody(
    request_line: bytes, served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection(("127.0.0.1", served.port), PATIENCE_S) as stranger:
        stranger.sendall(request_line)
        stranger.shutdown(socket.SHUT_WR)
        while stranger.recv(4096):
            pass
    assert served.json("/oscbridge/status?TYPE") == {"TYPE": "ss"}
    assert caplog.records == []


def taken_ports(first: int) -> list[socket.socket]:
    return [socket.create_server(("127.0.0.1", first + step)) for step in (0, 10, 20)]


def three_ports() -> list[socket.socket]:
    """Listeners at a port, 10 further and 20 further."""
    for first in range(30_000, 60_000, 37):
        try:
            return taken_ports(first)
        except OSError:
            continue
    raise AssertionError("no three ports are free")


def test_a_busy_port_is_passed_over_and_named(serve: Serve) -> None:
    listeners = three_ports()
    first = listeners[0].getsockname()[1]
    listeners[1].close()
    moved = serve(port=first)
    assert moved.output.name == f"oscquery http://127.0.0.1:{first + 10} ({first} is busy)"
    moved.say("valence", 0.5)
    assert moved.json("/oscbridge/valence?VALUE") == {"VALUE": [0.5]}
    for listener in listeners:
        listener.close()


def test_where_all_ports_are_busy_the_run_goes_on_and_says_so(serve: Serve) -> None:
    listeners = three_ports()
    first = listeners[0].getsockname()[1]
    off = serve(port=first).output
    assert off.name == f"oscquery (off: ports {first}, {first + 10}, {first + 20} are busy)"
    off.send([])
    for listener in listeners:
        listener.close()


def test_where_the_package_is_missing_the_run_goes_on_and_says_so(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oscquery.importlib.util, "find_spec", lambda name: None)
    served = serve()
    assert served.output.name == "oscquery (off: it needs the package 'websockets')"
    served.say("valence", 0.5)
    served.output.close()
    assert (served.output.sent, served.output.errors) == (0, 0)


def test_streams_of_one_run_share_a_server(serve: Serve) -> None:
    run = {"session": "cafe"}
    drums = serve({**run, "stream": "drums", "prefix": "/oscbridge/drums"})
    crowd = serve({**run, "stream": "crowd", "prefix": "/oscbridge/crowd"})
    assert drums.port == crowd.port
    drums.say("valence", 0.5)
    crowd.say("valence", -0.5)
    assert drums.json("/oscbridge/drums/valence?VALUE") == {"VALUE": [0.5]}
    assert drums.json("/oscbridge/crowd/valence?VALUE") == {"VALUE": [-0.5]}
    assert drums.json("/oscbridge/in/freeze?TYPE") == {"TYPE": "i"}
    crowd.output.close()
    drums.output.close()
    other = serve({**run, "stream": "drums", "prefix": "/oscbridge/drums"})
    other.say("valence", 0.0)
    assert other.json("/oscbridge/drums/valence?VALUE") == {"VALUE": [0.0]}


def test_nothing_is_imported_or_started_before_the_first_message() -> None:
    program = (
        "import sys, threading\n"
        "from oscbridge.outputs import oscquery\n"
        "output = oscquery.open(oscquery.Config(port=0))\n"
        "print([m for m in ('websockets', 'asyncio', 'zeroconf') if m in sys.modules],"
        " threading.active_count())\n"
        "output.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[] 1"


def test_the_port_is_free_again_when_the_output_is_closed(serve: Serve) -> None:
    served = serve()
    served.say("valence", 0.5)
    with served.connect() as client:
        command(client, "LISTEN", "/oscbridge/valence")
        assert hear(client)[1] == [0.5]
        port = served.port
        served.output.close()
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(timeout=PATIENCE_S)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001  # going away
    again = serve(port=port)
    assert again.port == port
    assert "oscquery" not in {thread.name for thread in threading.enumerate()}


def test_a_machine_that_is_not_on_the_list_is_refused() -> None:
    wiring = Wiring(lan=True, allow=("192.0.2.0/24",))
    output = oscquery.open(oscquery.Config(port=0), wiring)
    gate = output._server._gate  # type: ignore[union-attr]
    assert gate.judge(("192.0.2.7", 50_000), 0, 0.0) == "welcome"
    assert gate.judge(("198.51.100.7", 50_000), 0, 0.0) == "stranger"
    output.close()


def test_json_that_leaves_holds_no_number_that_is_none(served: Served) -> None:
    served.say("valence", float("nan"))
    body = served.get("/oscbridge/valence")[2]
    assert json.loads(body, parse_constant=pytest.fail)["VALUE"] == [0.0]


def test_another_preset_is_read_of_the_tree_as_soon_as_it_is_in_use(served: Served) -> None:
    assert served.get("/avatar")[0] == 404
    served.heard.words = {"/avatar/parameters/OB_Freeze": INLETS["in/freeze"]}
    assert served.json("/avatar/parameters/OB_Freeze?TYPE") == {"TYPE": "i"}
    served.heard.words = {}
    assert served.get("/avatar")[0] == 404


def test_a_label_comes_is_heard_and_goes_while_clients_listen(served: Served) -> None:
    calm = signal_of("label/calm")
    assert calm is not None
    with served.connect() as client:
        command(client, "LISTEN", "/oscbridge/valence")
        wait_until(lambda: served.output._server.audience.listened)  # type: ignore[union-attr]
        served.say("labels", 1, "calm", "Calm", 0)
        served.output.send([calm.message(0.5)])
        added = json.loads(client.recv(timeout=PATIENCE_S))
        assert added == {"COMMAND": "PATH_ADDED", "DATA": "/oscbridge/label/calm"}
        assert served.json("/oscbridge/label/calm")["VALUE"] == [0.5]
        command(client, "LISTEN", "/oscbridge/label")
        assert hear(client) == ("/oscbridge/label/calm", [0.5])
        served.output.send([calm.message(0.75)])
        assert hear(client) == ("/oscbridge/label/calm", [0.75])
        served.say("labels", 0, "calm", "Calm", 0)
        removed = json.loads(client.recv(timeout=PATIENCE_S))
        assert removed == {"COMMAND": "PATH_REMOVED", "DATA": "/oscbridge/label/calm"}
    assert served.get("/oscbridge/label/calm")[0] == 404
    extensions = served.json("/?HOST_INFO")["EXTENSIONS"]
    assert extensions["PATH_ADDED"]
    assert extensions["PATH_REMOVED"]
