"""A heart rate by WebSocket, from a real server on this machine that says what Pulsoid says."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from oscbridge import sensors
from oscbridge.body.web_rates import rate_of
from oscbridge.config import load
from oscbridge.errors import SettingsError
from oscbridge.sensors.heart_web import Config, HeartWeb
from oscbridge.wire import web_feed
from tests.sensors.hearing import Ear, until

TOKEN = "8c4da3ce-7ed7"


@pytest.mark.parametrize(
    ("message", "rate"),
    [
        ('{"measured_at": 1625310655000, "data": {"heart_rate": 40}}', 40.0),  # docs.pulsoid.net
        ('{\n"measured_at":1625310655000,\n"data":{\n"heart_rate":40\n}\n}', 40.0),
        ("123", 123.0),  # response_mode=text_plain_only_heart_rate
        ('{"timestamp": "x", "data": {"heartRate": 97}}', 97.0),  # a widget of Pulsoid's
        ('{"event": "hr_update", "payload": {"hr": 79}, "ref": null, "topic": "hr:x"}', 79.0),
        ('{"bpm": 61.5}', 61.5),
        ('{"event": "phx_reply", "payload": {"status": "ok", "response": {}}}', None),
        ('{"data": {"heart_rate": "72"}}', None),
        ('{"data": {"heart_rate": true}}', None),
        ('{"data": {"heart_rate": NaN}}', None),
        ('{"data": [72]}', None),
        ("hello", None),
        ("", None),
        ("[72]", None),
    ],
)
def test_what_services_send_is_understood(message: str, rate: float | None) -> None:
    assert rate_of(message) == rate
    assert rate_of(message.encode()) == rate


@dataclass
class Service:
    """A service that knows one token, and says what it is told to whoever listens."""

    links: list[ServerConnection] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        quiet = logging.getLogger("tests.pulsoid")
        quiet.disabled = True
        self.server: Server = serve(
            self._greet, "127.0.0.1", 0, process_request=self._admit, logger=quiet
        )
        self.port = self.server.socket.getsockname()[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _admit(self, link: ServerConnection, request: Request) -> Response | None:
        said = request.headers.get("Authorization", "")
        if said == f"Bearer {TOKEN}" or f"access_token={TOKEN}" in request.path:
            return None
        self.refused.append(said)
        return link.respond(HTTPStatus.FORBIDDEN, "no\n")

    def _greet(self, link: ServerConnection) -> None:
        self.links.append(link)
        try:
            for _ in link:
                pass
        except ConnectionClosed:
            pass

    def say(self, bpm: int) -> None:
        """Tell the newest listener."""
        self.links[-1].send(json.dumps({"measured_at": 1, "data": {"heart_rate": bpm}}))

    @property
    def url(self) -> str:
        """Where it is."""
        return f"ws://127.0.0.1:{self.port}/api/v1/data/real_time"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(web_feed, "FIRST_RETRY_S", 0.01)
    monkeypatch.setattr(web_feed, "LONGEST_RETRY_S", 0.05)
    one = Service()
    yield one
    one.server.shutdown()


@pytest.mark.parametrize("in_address", [False, True])
def test_rates_of_a_service_become_pulse_and_arousal(service: Service, in_address: bool) -> None:
    ear = Ear()
    url = f"{service.url}?access_token={TOKEN}" if in_address else service.url
    sensor = HeartWeb(Config(url=url, token="" if in_address else TOKEN, resting_bpm=60.0), ear.put)
    until(lambda: service.links)
    until(lambda: sensor.detail == "")
    service.say(84)
    until(ear.felt)
    (pulse,) = ear.pulses()
    assert (pulse.source, pulse.bpm, pulse.resting_bpm) == ("heart_rate", 84.0, 60.0)
    assert ear.felt()[0].valence is None
    assert TOKEN not in sensor.name + sensor.detail
    sensor.close()
    sensor.close()


def test_a_service_that_ends_the_connection_is_asked_again(service: Service) -> None:
    ear = Ear()
    sensor = HeartWeb(Config(url=service.url, token=TOKEN), ear.put)
    until(lambda: service.links)
    service.links[-1].close()
    until(lambda: len(service.links) > 1)
    until(lambda: sensor.detail == "")
    service.say(70)
    until(ear.pulses)
    sensor.close()


def test_a_wrong_token_is_told_without_telling_it(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    sensor = HeartWeb(Config(url=f"{service.url}?access_token=wrong", token="secret"), Ear().put)
    until(lambda: "refuses us (403)" in sensor.detail)
    until(lambda: len(service.refused) > 2)
    sensor.close()
    told = [record.getMessage() for record in caplog.records if "refuses us" in record.getMessage()]
    assert len(told) == 1
    assert not any("secret" in text or "wrong" in text for text in [*told, sensor.detail])


def test_a_service_that_is_not_there_is_waited_for() -> None:
    service = Service()
    service.server.shutdown()
    sensor = HeartWeb(Config(url=service.url), Ear().put)
    until(lambda: "cannot be reached" in sensor.detail)
    sensor.close()


def test_settings_that_cannot_work_are_told_before_anything_runs() -> None:
    module = sensors.load("heart_web")
    with pytest.raises(SettingsError, match=r"sensors\.heart_web\.token is not set"):
        module.open(module.Config(), Ear().put)
    with pytest.raises(SettingsError, match=r"sensors\.heart_web\.url .*ws://… or wss://…"):
        load(overrides={"sensors.heart_web.url": "http://x"})
