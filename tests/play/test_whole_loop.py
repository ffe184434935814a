"""The whole loop, as a process of its own, in real time, over real packets and without a screen.

The player walks by itself; the game asks, is asked, turns on the bar and acknowledges; oscbridge
hears the sound. Independent of all that: python-osc reads what is sent, and how late it may be is
computed here from the settings and the ledger.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from oscbridge.config import load
from oscbridge.ledger import build_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import OscEar

SECONDS = 40
BAR_S = 4 * 60.0 / 144.0
FADE_S = 4 * 60.0 / 144.0
TURN_S = 1.0
"""How often the game looks around where the machine is busy with other things, too."""
FOREST = 4
PLACES = {"feast": 1, "fight": 2, "ruin": 3}
START_S = 60.0
"""For a machine that compiles first."""

SETTINGS = """
input = "demo"
[port]
port = 0
[outputs.oscquery]
enabled = false
"""


@dataclass(frozen=True)
class Played:
    """What a game has printed, and what python-osc has heard of it."""

    records: list[dict[str, Any]]
    ear: OscEar

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Records of a type."""
        return [record for record in self.records if record["type"] == kind]


@pytest.fixture(scope="module")
def settings_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("play") / "settings.toml"
    path.write_text(SETTINGS)
    return path


@pytest.fixture
def played(settings_file: Path, osc_ear: OscEar) -> Played:
    """Give a whole game."""
    command = [sys.executable, "-m", "oscbridge", "play", "--auto", "--json", "--mute"]
    options = ["--seconds", str(SECONDS), "--config", str(settings_file), "--to", osc_ear.target]
    with subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        end_s = time.monotonic() + START_S + SECONDS
        while process.poll() is None and time.monotonic() < end_s:
            osc_ear.listen(0.2)
        process.kill()
        out, complaints = process.communicate()
    assert (process.returncode, complaints) == (0, "")
    return Played([json.loads(line) for line in out.splitlines()], osc_ear)


def test_the_music_follows_the_player_within_what_is_configured_and_declared(
    played: Played, settings_file: Path
) -> None:
    config = load(settings_file)
    ledger = build_ledger(config)
    declared_s = ledger.total_s + ledger.boundary_lag.p95_s + config.quadrant.dwell_s

    entered = {record["place"]: record["at_s"] for record in played.of("place")}
    assert list(entered) == list(PLACES)
    began = [r for r in played.of("quadrant") if r["at_s"] < min(entered.values())]
    assert began[-1]["quadrant"] == FOREST
    assert began[-1]["at_s"] < BAR_S + config.quadrant.dwell_s, "calm from the first bar"
    turns = played.of("turn")
    assert [turn["quadrant"] for turn in turns] == list(PLACES.values())
    for (place, quadrant), turn in zip(PLACES.items(), turns, strict=True):
        asked_s = entered[place]
        assert turn["bar"] == int(turn["bar"]), "it turns on a bar"
        assert turn["start_s"] == pytest.approx(turn["bar"] * BAR_S)
        assert 0.0 <= turn["start_s"] - asked_s < BAR_S + TURN_S
        assert turn["stop_s"] - turn["start_s"] == pytest.approx(FADE_S)
        heard = [r["at_s"] for r in played.of("quadrant") if r["quadrant"] == quadrant]
        followed_s = min(at_s for at_s in heard if at_s > asked_s)
        assert followed_s < turn["stop_s"] + declared_s
        states = [(r["state"], r["at_s"]) for r in played.of("request") if r["id"] == turn["id"]]
        assert [state for state, _ in states] == ["sent", "queued", "started", "done"]
        for state, wanted_s in (("started", turn["start_s"]), ("done", turn["stop_s"])):
            assert wanted_s <= dict(states)[state] < wanted_s + TURN_S

    summary = played.records[-1]
    assert summary["type"] == "summary"
    assert [change["place"] for change in summary["changes"]] == list(PLACES)
    assert all(c["followed_s"] < c["promised_s"] for c in summary["changes"])
    assert summary["agreement"] > 0.5

    # And so it was told to everybody.
    heard = [message.args[0] for message in played.ear.of("/oscbridge/quadrant/enter")]
    assert heard == [record["quadrant"] for record in played.of("quadrant")]
    asked = [message.args for message in played.ear.of("/oscbridge/request/go")]
    assert [args[1] for args in asked] == ["happy", "tense", "sad"]
    felt = [float(str(m.args[0])) for m in played.ear.of("/oscbridge/player/valence")]
    assert max(felt) > 0.6
    assert min(felt) < -0.7
    assert played.ear.of("/oscbridge/player/source")[-1].args == ("game",)
    assert (144.0,) in [message.args for message in played.ear.of("/oscbridge/tempo")]
    bars = {message.args[0] for message in played.ear.of("/oscbridge/bar")}
    assert {*range(1, int(SECONDS / BAR_S))} <= bars
