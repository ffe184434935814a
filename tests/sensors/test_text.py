"""The sensor of text: lines by OSC, from a file, from a WebSocket: what the player feels."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from websockets.sync.server import Server, ServerConnection, serve

from models import text
from models.text import TextModel
from models.weights import WeightsError
from oscbridge import config
from oscbridge.errors import SettingsError
from oscbridge.inbound.settings import PortSettings
from oscbridge.orders import Felt
from oscbridge.sensors import text as sensor_module
from oscbridge.sensors.base import Told
from oscbridge.sensors.text import MOST_WAITING, Config, TextSensor
from tests.inbound.world import running
from tests.sensors.hearing import Clock, Ear, one_felt, until


@pytest.fixture(scope="module")
def model() -> TextModel:
    return text.load()


class World:
    """A sensor, its clock and what it says."""

    def __init__(self, model: TextModel, **settings: Any) -> None:
        self.ear = Ear()
        self.clock = Clock()
        self.sensor = TextSensor(Config(**settings), self.ear.put, lambda: model, self.clock)

    def say(self, line: str, source: str = "osc") -> None:
        assert self.sensor.hear(Told("in/affect/text", (line,), "", source)) == ()

    def felt(self, count: int) -> list[Felt]:
        until(lambda: len(self.ear.felt()) >= count)
        return self.ear.felt()


@pytest.fixture
def world(model: TextModel) -> Iterator[World]:
    one = World(model)
    yield one
    one.sensor.close()
    one.sensor.close()


def test_a_sad_line_is_felt_as_sad_and_a_glad_one_as_glad(world: World) -> None:
    world.say("I am so sad and lonely, everything is terrible")
    sad = one_felt(world.felt(1))
    world.clock.now_s += 300.0
    world.say("What a wonderful day, I love it!")
    glad = world.felt(2)[1]
    assert sad.source == glad.source == "text"
    assert sad.valence is not None
    assert glad.valence is not None
    assert sad.valence < -0.3 < 0.3 < glad.valence
    assert min(sad.confidence, glad.confidence) > 0.5


def test_a_line_in_another_language_says_nothing_and_that_is_said(world: World) -> None:
    world.say("Ich bin heute leider sehr traurig")
    until(lambda: world.sensor.detail)
    assert "not English" in world.sensor.detail
    assert world.ear.felt() == []
    world.say("I hate this")
    world.felt(1)
    assert world.sensor.detail == ""


def test_each_named_writer_is_a_source_of_his_own(world: World) -> None:
    world.say("I hate this so much", "anna")
    world.say("I love this so much", "ben")
    anna, ben = world.felt(2)
    assert (anna.source, ben.source) == ("text:anna", "text:ben")
    assert anna.valence is not None
    assert ben.valence is not None
    assert anna.valence < 0.0 < ben.valence


def test_an_empty_line_is_refused_and_reset_forgets(world: World) -> None:
    with pytest.raises(ValueError, match="empty"):
        world.say("   ")
    assert world.sensor.calibrate("reset")
    assert not world.sensor.calibrate("neutral")


def test_of_a_flood_the_newest_lines_count(model: TextModel) -> None:
    gate = threading.Event()
    ear = Ear()

    def load() -> TextModel:
        gate.wait(20.0)
        return model

    sensor = TextSensor(Config(), ear.put, load, Clock())
    for _ in range(MOST_WAITING):
        sensor.hear(Told("in/affect/text", ("I love this",), "", "osc"))
    for _ in range(MOST_WAITING):
        sensor.hear(Told("in/affect/text", ("I hate this",), "", "osc"))
    assert "left out" in sensor.detail
    gate.set()
    until(lambda: len(ear.felt()) == MOST_WAITING)
    sensor.close()
    assert all(felt.valence is not None and felt.valence < 0.0 for felt in ear.felt())


def test_damaged_weights_are_told_and_survived() -> None:
    def load() -> TextModel:
        raise WeightsError("weights of model 'text' are damaged")

    sensor = TextSensor(Config(), Ear().put, load, Clock())
    sensor.hear(Told("in/affect/text", ("hello",), "", "osc"))
    until(lambda: "damaged" in sensor.detail)
    sensor.close()


def test_of_a_log_only_the_player_counts(model: TextModel, tmp_path: Path) -> None:
    log = tmp_path / "latest.log"
    log.touch()
    pattern = r"\[CHAT\] <(?P<name>\w+)> (?P<text>.*)$"
    world = World(model, follow=str(log), pattern=pattern, only=("alex",))
    with log.open("a") as stream:
        stream.write("[1] [CHAT] <Bo> I hate you all\n[2] Saved the game, terrible\n")
        stream.write("[3] [CHAT] <Alex> this is wonderful, I love it\n")
    felt = one_felt(world.felt(1))
    world.sensor.close()
    assert felt.source == "text"
    assert felt.valence is not None
    assert felt.valence > 0.2
    assert len(world.ear.felt()) == 1


@pytest.fixture
def service() -> Iterator[Server]:
    def chat(link: ServerConnection) -> None:
        link.send(json.dumps({"type": "ping"}))
        link.send(json.dumps({"user": "bo", "message": "I am so happy, this is great!"}))

    with serve(chat, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_messages_of_a_websocket_are_read(model: TextModel, service: Server) -> None:
    port = service.socket.getsockname()[1]
    world = World(model, websocket=f"ws://127.0.0.1:{port}/chat?key=secret")
    felt = world.felt(1)[0]
    world.sensor.close()
    assert felt.valence is not None
    assert felt.valence > 0.2
    assert "secret" not in world.sensor.name + world.sensor.detail


def test_the_sensor_is_open_without_a_setting_and_mistakes_are_told(tmp_path: Path) -> None:
    assert isinstance(config.load().sensors["text"], Config)
    with pytest.raises(SettingsError, match="folder"):
        sensor_module.open(Config(follow=str(tmp_path)), Ear().put)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"websocket": "http://x"}, Config)


def test_a_line_by_udp_comes_back_as_what_the_player_feels() -> None:
    with running(PortSettings(port=0)) as world:
        sensor = sensor_module.open(Config(), world.access.receiver.tell)
        world.access.receiver.ask(sensor)
        peer = world.peer()
        peer.say("subscribe")
        peer.wait_for("hello")
        peer.say("in/affect/text", "I hate this, everything is terrible")
        assert peer.wait_for("player/source", "text")
        until(lambda: any(one.args < (-0.1,) for one in peer.wait_for("player/valence")))
        sensor.close()
