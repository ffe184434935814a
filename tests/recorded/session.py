"""A session of which everything is known: a simulated player's, recorded as a real one is."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from oscbridge import orders as do
from oscbridge.beginning import Beginning, build_composer
from oscbridge.config import Config, load
from oscbridge.outputs.record import RecordOutput
from oscbridge.simulation.host import Ear, Host
from oscbridge.simulation.player import KINDS, Player
from oscbridge.simulation.senses import Senses
from oscbridge.sources.none import NoSound

TICK_S = 0.25
START_S = 1000.0


def record(
    path: Path, seconds: float, *, kind: str = "positive", strategy: str = "compensate"
) -> Config:
    """Record ``seconds`` of a simulated session; return its settings."""
    config = load(overrides={"policy.strategy": strategy})
    random = np.random.default_rng(2)
    player = Player(KINDS[kind], random)
    host, senses = Host(player.rest, random), Senses(player, random)
    ear = Ear(host.music, random)
    beginning = Beginning("5e55105e", START_S, 0.2, 0.0, 0.01)
    now_s = START_S
    output = RecordOutput(path, clock=lambda: now_s)
    output.begin(config, beginning, NoSound())
    composer = build_composer(config, beginning)
    answers: list[do.Command] = []
    for tick in range(round(seconds / TICK_S)):
        now_s = START_S + tick * TICK_S
        told = [*senses.read(now_s - START_S), *answers, *host.update(now_s)]
        states = [ear.listen(host.music, now_s - START_S, TICK_S)]
        output.attend(states, told, now_s)
        messages = composer.compose(states, told, now_s)
        output.send(messages)
        answers = host.take(messages, now_s)
        player.step(host.music, TICK_S)
    output.close()
    return config
