"""``oscbridge run --strategy`` as a process: what a player says by OSC leads to requests."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from pythonosc.udp_client import SimpleUDPClient

from oscbridge.inlets import INLETS

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Program
    from tests.conftest import OscEar

    Start = Callable[..., subprocess.Popen[str]]

QUICK = """\
[policy]
negative_s = 0.5
dwell_s = 60
step_s = 60
"""


def test_a_player_who_says_that_it_is_sad_gets_other_music_and_is_told_why(
    started: Start, osc_ear: OscEar, free_udp_port: int, tmp_path: Path
) -> None:
    quick = tmp_path / "quick.toml"
    quick.write_text(QUICK, encoding="utf-8")
    process = started(
        *("run", "--source", "none", "--config", str(quick), "--strategy", "iso", "--explain"),
        *("--port", str(free_udp_port), "--to", osc_ear.target, "--no-view"),
    )
    player = SimpleUDPClient("127.0.0.1", free_udp_port)
    osc_ear.wait_for("/oscbridge/policy/decision", deadline_s=60.0)
    while not osc_ear.of("/oscbridge/request/go"):
        player.send_message(INLETS["in/affect/va"].address, [-0.6, 0.4])
        osc_ear.wait_for("/oscbridge/heartbeat", count=len(osc_ear.of("/oscbridge/heartbeat")) + 1)
    (go,) = osc_ear.of("/oscbridge/request/go")
    assert go.args[:3] == (1, "tense", "bar")
    for state in ("queued", "started"):
        player.send_message(INLETS["in/request/ack"].address, [1, state])
        count = 1 + len(osc_ear.of("/oscbridge/request/state"))
        osc_ear.wait_for("/oscbridge/request/state", count=count)
    assert osc_ear.of("/oscbridge/request/state")[-1].args == (1, "started")
    player.send_message(INLETS["in/policy/strategy"].address, "off")
    while osc_ear.of("/oscbridge/policy/strategy")[-1].args != ("off",):
        osc_ear.wait_for("/oscbridge/heartbeat", count=len(osc_ear.of("/oscbridge/heartbeat")) + 1)
    process.send_signal(signal.SIGINT)
    _, explained = process.communicate(timeout=30.0)
    assert process.returncode == 0
    assert "Asks for music at valence -0." in explained
    assert "by iso: by osc the player is at" in explained
    assert "The policy is off" in explained


def test_with_nothing_to_hear_and_nobody_to_follow_there_is_nothing_to_do(
    program: Program,
) -> None:
    done = program.run("run", "--source", "none")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "--midi-in or --strategy" in done.stderr


def test_a_strategy_that_does_not_exist_is_refused_with_those_that_do(program: Program) -> None:
    done = program.run("run", "--strategy", "cheer-up")
    assert done.returncode == 2
    assert "compensate" in done.stderr
