"""WAAPI: a WebSocket server that speaks WAMP, with a strict Wwise behind it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.sync.server import Server, ServerConnection, serve
from websockets.typing import Subprotocol

from oscbridge.mapping import Mapping, load_preset
from oscbridge.protocol import SIGNALS, Message
from oscbridge.wire.template import Template
from oscbridge.wire.waapi import WaapiSender, call_of
from tests.hosts_fake.waapi import Host as Wwise
from tests.inbound.world import until

DEADLINE_S = 30.0


class Wamp:
    """The authoring application's WebSocket, as far as WAMP goes."""

    def __init__(self, port: int = 0) -> None:
        self.wwise = Wwise()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._links: list[ServerConnection] = []
        self._server: Server = serve(
            self._talk, "127.0.0.1", port, subprotocols=[Subprotocol("wamp.2.json")]
        )
        self.port: int = self._server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def _talk(self, link: ServerConnection) -> None:
        self._links.append(link)
        assert link.request is not None
        assert link.request.path == "/waapi"
        assert link.subprotocol == "wamp.2.json"
        kind, realm, details = json.loads(link.recv())
        assert (kind, realm) == (1, "realm1")
        assert "caller" in details["roles"]
        link.send(json.dumps([2, 1, {"roles": {"dealer": {}}}]))
        for message in link:
            kind, number, options, uri, positional, given = json.loads(message)
            assert (kind, options, positional) == (48, {}, [])
            try:
                self.wwise.call(uri, given)
            except (AssertionError, KeyError) as error:
                said = {"message": str(error)}
                link.send(json.dumps([8, 48, number, {}, "ak.wwise.invalid", [], said]))
            else:
                self.calls.append((uri, given))
                link.send(json.dumps([50, number, {}, [], {}]))

    def close(self) -> None:
        self._server.shutdown()
        for link in self._links:
            link.close()
        self._thread.join()


@pytest.fixture
def wamp() -> Iterator[Wamp]:
    server = Wamp()
    yield server
    server.close()


def packed(messages: list[Message]) -> list[bytes]:
    return [bytes(Template(s.address, s.types).pack(args)) for s, args in messages]


def test_wwise_hears_of_the_game_object_first_and_then_of_states_and_values(wamp: Wamp) -> None:
    mapping = Mapping(load_preset("wwise-waapi"))
    sender = WaapiSender("127.0.0.1", wamp.port, lambda: packed(mapping.connect(0)))
    said = mapping.apply(
        [SIGNALS["intensity"].message(0.25), SIGNALS["quadrant/enter"].message(3, "sad", 0.9)]
    )
    for packet in packed(said):
        sender.send(packet)
    until(lambda: len(wamp.calls) == 3)
    sender.close()
    assert [uri.rpartition(".")[2] for uri, _ in wamp.calls] == [
        *("registerGameObj", "setRTPCValue", "setState")
    ]
    assert wamp.wwise.values == [25.0]
    assert wamp.wwise.states == ["sad"]
    assert not sender.trouble
    assert sender.receive() == []


def test_what_wwise_refuses_is_told_in_its_words(wamp: Wamp) -> None:
    sender = WaapiSender("127.0.0.1", wamp.port)
    wrong = Template("/ak.soundengine.setState", "ss").pack(("state", "calm"))
    sender.send(bytes(wrong))
    until(lambda: bool(sender.trouble))
    assert sender.trouble.startswith("Wwise refused: ak.soundengine.setState takes")
    sender.close()
    sender.close()


def test_wwise_that_is_not_there_is_told_and_found_when_it_comes(wamp: Wamp) -> None:
    port = wamp.port
    wamp.close()
    call = bytes(
        Template("/ak.soundengine.registerGameObj", "siss").pack(("gameObject", 1, "name", "x"))
    )
    sender = WaapiSender("127.0.0.1", port, lambda: [call])
    until(lambda: refused(sender, call))
    again = Wamp(port)
    until(lambda: len(again.calls) >= 1)
    sender.close()
    again.close()


def refused(sender: WaapiSender, call: bytes) -> bool:
    try:
        sender.send(call)
    except ConnectionRefusedError:
        return True
    return False


def test_a_message_that_is_no_call_is_refused_before_it_leaves() -> None:
    with pytest.raises(ValueError, match="no call"):
        call_of(bytes(Template("/ak.soundengine.setState", "s").pack(("state",))))
