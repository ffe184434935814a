"""A network that loses a fifth and reorders: who listens knows the present all the same."""

from __future__ import annotations

import random
import time

import pytest

from oscbridge.config import SendSettings
from oscbridge.protocol import SIGNALS
from tests.inbound.lossy import LATENESS_S, LossyNetwork
from tests.inbound.world import Heard, Peer, running
from tests.process.doubles import affect

LOSS, LATE = 0.2, 0.3
WITHIN_S = 1.0 + LATENESS_S
GIVE_UP_S = 10.0
ROUNDS = 10
TRIES = 3
"""A machine that is busy with other things may hold everybody up for longer than that."""
HELD = tuple(
    s.name
    for s in SIGNALS.values()
    if s.when in ("state", "continuous")
    and not s.optional
    and not s.name.startswith("player/")
    and s.name != "latency"
)
"""What there is to know of music without a sound, once there was some."""


def knows(peer: Peer) -> dict[str, tuple[object, ...]]:
    """What a peer takes for the present: of each signal what it heard last."""
    return {heard.name: rounded(heard) for heard in peer.heard if heard.name in HELD}


def rounded(heard: Heard) -> tuple[object, ...]:
    return tuple(round(v, 4) if isinstance(v, float) else v for v in heard.args)


def converges_s(near: Peer, far: Peer) -> float:
    """How long from now it takes until the far one knows what the near one knows."""
    began_s = time.monotonic()
    while time.monotonic() - began_s < GIVE_UP_S:
        near.listen(0.005)
        far.listen(0.005)
        if len(knows(near)) == len(HELD) and knows(near) == knows(far):
            return time.monotonic() - began_s
    return GIVE_UP_S


def rounds_s(profile: str) -> list[float]:
    """How long it took each time until who loses a fifth knew the present, seconds."""
    dice = random.Random(7)
    with running(send=SendSettings(repeat=True)) as world:
        near, far = world.peer(), world.peer()
        network = LossyNetwork(("127.0.0.1", far.port), LOSS, LATE, seed=7)
        near.say("subscribe")
        near.say("subscribe", "127.0.0.1", network.port, profile)
        took_s: list[float] = []
        for _ in range(ROUNDS):
            for _ in range(5):  # music that moves, and then stands still
                world.dispatcher.put([affect(dice.uniform(-1, 1), dice.uniform(-1, 1))])
                near.listen(0.05)
                far.listen(0.005)
            took_s.append(converges_s(near, far))
        network.close()
    assert network.lost > 0.1 * network.passed
    assert network.delayed > 0
    return took_s


@pytest.mark.parametrize("profile", ["plain", "bundle"])
def test_who_loses_a_fifth_knows_the_present_within_a_second(profile: str) -> None:
    """One in five hundred times something is lost six times running: nine of ten must do."""
    took_s = rounds_s(profile)
    for _ in range(TRIES - 1):
        if sorted(took_s)[-2] < WITHIN_S:
            break
        took_s = rounds_s(profile)
    assert sorted(took_s)[-2] < WITHIN_S, took_s
    assert max(took_s) < GIVE_UP_S


def test_without_losses_news_is_said_once_and_once_a_second() -> None:
    with running() as world:
        peer = world.peer()
        peer.say("subscribe")
        began_s = time.monotonic()
        world.dispatcher.put([affect(0.5, 0.5)])
        peer.wait_for("valence", 0.5)
        peer.listen(0.8)
        assert len(peer.of("valence")) <= 2.0 + time.monotonic() - began_s
