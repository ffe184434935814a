"""A game beside a real oscbridge: subscription, values, requests there and back."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from oscbridge.protocol import SIGNALS
from tests.unity.game import Game

pytestmark = pytest.mark.peer("mcs", "mono")

Start = Callable[..., subprocess.Popen[str]]
CONTINUOUS = [s.name for s in SIGNALS.values() if s.when == "continuous" and not s.optional]
STATES = ["status", "latency", "quadrant", "quadrant/label", "energy", "tempo"]


@pytest.fixture
def game(start_game: Callable[..., Game], start_bridge: Start, free_udp_port: int) -> Game:
    """Give a game with music that has found an oscbridge which hears the demo."""
    start_bridge("--source", "demo", "--port", str(free_udp_port), "--also", "gap")
    found = start_game("--port", str(free_udp_port), "--music")
    found.wait_for("signal", "hello", deadline_s=60.0)
    return found


def test_a_game_that_subscribes_hears_the_music(game: Game) -> None:
    for name in (*STATES, *CONTINUOUS, "heartbeat", "quadrant/enter"):
        if not name.startswith("player"):
            game.wait_for("signal", name)
    game.wait_for("signal", "pong")
    game.wait_for("status", "Connected", "Listening")
    game.tell("counts")
    taken, refused, foreign, malformed = map(int, game.wait_for("counts")[1:])
    assert taken >= len(CONTINUOUS)
    assert (refused, foreign, malformed) == (0, 0, 0)


def steps_of_a_request(game: Game, number: int) -> list[str]:
    """Ask for other music; what became of request ``number`` until nothing more does."""
    game.tell("make -0.6 0.7 0.5")
    asked = game.wait_for("event", "request", str(number))
    assert [float(word) for word in asked[3:5]] == pytest.approx([-0.6, 0.7])
    assert asked[-1], "no label"
    game.wait_for("signal", "request/state", str(number), "done")
    return [line[3] for line in game.of("signal", "request/state", str(number))]


def test_a_request_goes_there_and_back_until_it_is_done(game: Game) -> None:
    game.wait_for("signal", "valence")
    assert steps_of_a_request(game, 1) == ["sent", "queued", "started", "done"]
    assert steps_of_a_request(game, 2) == ["sent", "queued", "started", "done"]


def test_what_the_player_feels_comes_back(game: Game) -> None:
    game.tell("hit")
    game.wait_for("signal", "player/valence")
    game.wait_for("signal", "player/source")


def test_test_patterns_and_refusals_come_back(game: Game) -> None:
    game.tell("say")
    game.wait_for("signal", "error")


def test_a_game_finds_an_oscbridge_that_starts_later_and_one_that_starts_again(
    start_game: Callable[..., Game], start_bridge: Start, free_udp_port: int
) -> None:
    port = str(free_udp_port)
    game = start_game("--port", port)
    game.wait_for("status", "Searching")
    for life in (1, 2):
        process = start_bridge("--source", "demo", "--port", port)
        game.wait_for("signal", "hello", count=life, deadline_s=60.0)
        game.wait_for("status", "Connected")
        process.terminate()
        process.wait(30.0)
    assert game.of("status", "Lost") or game.wait_for("status", "Lost")
