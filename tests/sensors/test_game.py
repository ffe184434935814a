"""What a game tells: events fade, states hold, and a table in the settings says what they mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from oscbridge.config import load, render
from oscbridge.errors import SettingsError
from oscbridge.fusion import Fusion
from oscbridge.orders import Felt, Forget
from oscbridge.sensors.game import COMMON, Config, Game, Meaning
from tests.inbound.world import running
from tests.sensors.hearing import Clock, Ear, one_felt, say, until

TABLE = Config(
    meaning={
        "health": Meaning(range=(0.0, 100.0), valence=(-0.6, 0.2), arousal=(0.5, 0.0)),
        "Boss": Meaning(arousal=0.8),
        "secret": Meaning(valence=0.6, half_life_s=10.0),
    },
    confidence=0.4,
)


class Silence:
    """A game whose thread never speaks: the test asks for what it would say."""

    def __init__(self, config: Config = TABLE) -> None:
        self.ear, self.clock = Ear(), Clock()
        self.sensor = Game(config, self.ear.put, self.clock)
        self.sensor._keep_saying = lambda: None  # type: ignore[method-assign]

    def say(self, name: str, *values: float) -> Felt:
        """What is said at once of a word of the game."""
        return one_felt(say(self.sensor, "game", *values, name=name))

    def later(self, seconds: float) -> Felt | None:
        """What is said of itself after a while; None where it falls silent."""
        self.clock.now_s += seconds
        self.ear.commands.clear()
        return one_felt(self.ear.commands) if self.sensor.say_again() else None


def test_a_number_means_what_lies_between_the_ends_of_its_range() -> None:
    game = Silence()
    assert game.say("health", 100.0) == Felt("game", pytest.approx(0.2), 0.0, 0.4)  # type: ignore[arg-type]
    assert game.say("health", 0.0) == Felt("game", -0.6, 0.5, 0.4)
    half = game.say("health", 50.0)
    assert (half.valence, half.arousal) == (pytest.approx(-0.2), pytest.approx(0.25))


def test_a_state_holds_until_it_ends_and_says_nothing_of_what_it_is_not_about() -> None:
    game = Silence()
    assert game.say("boss") == Felt("game", None, 0.8, 0.4)
    assert game.later(50.0) == Felt("game", None, 0.8, 0.4)
    assert list(say(game.sensor, "game", 0.0, name="boss")) == [Forget("game")]
    assert game.later(1.0) is None


def test_when_nothing_is_left_about_an_axis_nothing_of_it_is_kept() -> None:
    game, fusion = Silence(), Fusion()
    for name, values in (("boss", ()), ("danger", ()), ("danger", (0.0,))):
        for command in say(game.sensor, "game", *values, name=name):
            assert isinstance(command, Felt | Forget)
            fusion.update(command, 0.0)
        feeling = fusion.feeling(0.0)
        assert (feeling.valence < 0.0) == (name == "danger" and not values)
        assert feeling.arousal > 0.0


def test_an_event_loses_half_of_itself_in_its_half_life_and_is_over_in_the_end() -> None:
    game = Silence()
    assert game.say("secret").valence == pytest.approx(0.6)
    later = game.later(10.0)
    assert later is not None
    assert later.valence == pytest.approx(0.3)
    assert game.later(50.0) is None
    assert game.ear.commands == [Forget("game")]
    assert game.later(1.0) is None
    assert game.ear.commands == []


def test_what_holds_and_what_fades_add_up_and_stay_within_the_plane() -> None:
    game = Silence()
    game.say("boss")
    both = game.say("secret")
    assert (both.valence, both.arousal) == (pytest.approx(0.6), pytest.approx(0.8))
    game.say("health", 0.0)
    everything = game.say("combat")
    assert everything.arousal == 1.0


def test_a_game_that_has_ended_holds_nothing() -> None:
    game = Silence()
    game.say("boss")
    assert game.later(59.0) is not None
    assert game.later(2.0) is None
    assert game.ear.commands == [Forget("game")]


def test_common_words_are_known_and_may_be_meant_otherwise() -> None:
    game = Silence(Config(meaning={"combat": Meaning(valence=0.5)}))
    for name in COMMON:
        assert game.say(name)
    game.sensor.calibrate("reset")
    assert game.say("Combat").valence == pytest.approx(0.5)
    assert game.later(1.0) is not None


def test_what_the_table_does_not_have_is_told_with_what_it_has() -> None:
    game = Silence()
    with pytest.raises(ValueError, match=r"'bos' is not in \[sensors\.game\.meaning\]: .*boss"):
        game.say("bos")
    with pytest.raises(ValueError, match="health is 0 to 100, not 101: set its range"):
        game.say("health", 101.0)


def test_resetting_forgets_what_holds_and_nothing_can_be_learned() -> None:
    game = Silence()
    assert not game.sensor.calibrate("reset")
    game.say("boss")
    assert not game.sensor.calibrate("neutral")
    assert game.sensor.calibrate("reset")
    assert game.ear.commands == [Forget("game")]
    assert game.later(0.0) is None


def test_it_repeats_what_holds_by_itself_and_its_thread_ends_with_it() -> None:
    ear = Ear()
    sensor = Game(Config(), ear.put)
    sensor.close()
    sensor = Game(Config(), ear.put)
    assert sensor._thread is None  # it costs nothing until something is said
    say(sensor, "game", name="combat")
    until(lambda: len(ear.felt()) >= 2)
    assert sensor._thread is not None
    sensor.close()
    sensor.close()
    assert not sensor._thread.is_alive()


def test_a_game_on_this_machine_is_heard_and_told_what_it_says_wrong() -> None:
    with running() as world:
        sensor = Game(TABLE, world.access.receiver.tell)
        world.access.receiver.ask(sensor)
        listener, game = world.peer(), world.peer()
        listener.say("subscribe")
        game.say("in/affect/game/health", 10)
        assert listener.wait_for("player/source", "game")
        assert float(str(listener.wait_for("player/valence")[-1].args[0])) < 0.0
        game.say("in/affect/game/healht", 10)
        ((address, reason),) = (heard.args for heard in game.wait_for("error"))
        assert str(address).endswith("/in/affect/game/healht")
        assert "health" in str(reason)
        game.say("in/affect/calibrate", "reset")
        assert listener.wait_for("player/source", "none")
        sensor.close()


def test_the_table_is_read_from_settings_and_printed_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "live.toml"
    path.write_text(
        "[sensors.game]\nconfidence = 0.5\n"
        "[sensors.game.meaning]\n"
        "health = {range = [0, 100], valence = [-0.6, 0.1], arousal = [0.5, 0]}\n"
        '"big boss" = {arousal = 0.8, half_life_s = 5}\n',
        encoding="utf-8",
    )
    config = load(path)
    game = config.sensors["game"]
    assert isinstance(game, Config)
    assert game.meaning["health"].point(50.0) == (pytest.approx(-0.25), pytest.approx(0.25))
    assert game.meaning["big boss"].half_life_s == 5.0
    again = tmp_path / "again.toml"
    again.write_text(render(config), encoding="utf-8")
    assert load(again) == config


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("{valence = 2}", "`valence` and `arousal` are from -1 to 1"),
        ("{arousal = [0, -1.5]}", "`valence` and `arousal` are from -1 to 1"),
        ("{range = [1, 1]}", "`range` needs a lower number and a higher one"),
        ("{valenz = 1}", "no key 'valenz'. Did you mean 'valence'?"),
        ("{half_life_s = 0}", "a number above 0"),
        ("{valence = 'good'}", "a number or a list of 2"),
    ],
)
def test_a_mistake_in_the_table_is_told_with_its_key(
    entry: str, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "live.toml"
    path.write_text(f"[sensors.game.meaning]\nboss = {entry}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert "sensors.game.meaning.boss" in str(caught.value)
    assert reason in str(caught.value)
