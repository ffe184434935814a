"""The C++ of the examples: compiled with all warnings, run beside what python-osc says and hears.

FMOD, Wwise and Unreal are stood in for by ``stub``, which has the few of their functions that the
examples call: that proves grammar and logic, not the engines.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from oscbridge.inlets import INLETS
from oscbridge.protocol import PREFIX, SIGNALS
from tests.conftest import OscEar
from tests.engines.test_godot import damaged, packet
from tests.peers.beside import Program
from tests.peers.servers import wait_until

pytestmark = pytest.mark.peer("g++")

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
FLAGS = ("-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-O1")
STUB = f"-I{HERE / 'stub'}"
PATIENCE_S = 60.0
MALFORMED = 10_000
BATCH = 100

Start = Callable[[int], Program]


@pytest.fixture(scope="module")
def game(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the game with FMOD and Wwise."""
    program = tmp_path_factory.mktemp("cpp") / "middleware"
    source = HERE / "programs" / "middleware.cpp"
    subprocess.run(["g++", *FLAGS, STUB, "-o", program, source], check=True)
    return program


@pytest.fixture
def start(game: Path) -> Iterator[Start]:
    """Give a function that starts the game; ``port`` is oscbridge's."""
    running: list[Program] = []

    def begin(port: int) -> Program:
        running.append(Program([str(game), str(port)], {}))
        return running[-1]

    yield begin
    for program in running:
        program.close()


def subscribers(ear: OscEar) -> list[tuple[str, int]]:
    """Wait until both of its clients have subscribed, and asked again; where they are."""
    asked: Counter[tuple[str, int]] = Counter()
    ear.udp.settimeout(PATIENCE_S)
    while len(asked) < 2 or min(asked.values()) < 2:
        data, place = ear.udp.recvfrom(65536)
        assert data.startswith(INLETS["subscribe"].address.encode())
        asked[place] += 1
    return [*asked]


def tell(udp: socket.socket, places: list[tuple[str, int]], name: str, *args: object) -> None:
    """Say a message of the protocol to both."""
    for place in places:
        udp.sendto(packet(f"{PREFIX}/{name}", "".join(SIGNALS[name].types), [*args]), place)


def test_middleware_gets_the_values_and_requests_are_answered(
    start: Start, osc_ear: OscEar
) -> None:
    program = start(osc_ear.port)
    places = subscribers(osc_ear)
    tell(osc_ear.udp, places, "intensity", 0.25)
    tell(osc_ear.udp, places, "valence", -0.5)
    tell(osc_ear.udp, places, "norm/valence", 0.75)
    tell(osc_ear.udp, places, "quadrant/enter", 2, "tense", 0.5)
    tell(osc_ear.udp, places, "segment/boundary", 3, 250, 0.5)
    tell(osc_ear.udp, places, "request/go", 7, "sad", "bar", 0.5)
    tell(osc_ear.udp, places, "request/go", 8, "unlabelled", "bar", 0.5)
    ack = INLETS["in/request/ack"].address
    answers = [message.args for message in osc_ear.wait_for(ack, count=3, deadline_s=PATIENCE_S)]
    assert answers == [(7, "started"), (7, "done"), (8, "rejected")]
    felt = osc_ear.wait_for(INLETS["in/affect/va"].address, deadline_s=PATIENCE_S)
    assert felt[0].args == (-0.5, 0.25, 0.75, "c++")
    wait_until(lambda: "wwise trigger Turn 7" in program.lines, "the trigger", PATIENCE_S)
    assert [line for line in program.lines if line.startswith("fmod")] == [
        *("fmod Intensity 0.25", "fmod Valence -0.5", "fmod Mood sad", "fmod Mood unlabelled")
    ]
    assert [line for line in program.lines if line.startswith("wwise")] == [
        *("wwise Intensity 25", "wwise Valence 75", "wwise Music_State tense"),
        "wwise trigger Turn 7",
    ]


def test_ten_thousand_malformed_packets_are_ignored(start: Start, osc_ear: OscEar) -> None:
    program = start(osc_ear.port)
    places = subscribers(osc_ear)
    draw = random.Random(7)
    for batch in range(MALFORMED // BATCH):
        for _ in range(BATCH):
            osc_ear.udp.sendto(damaged(draw), places[0])
        tell(osc_ear.udp, places, "intensity", batch / 128)
        last = f"Intensity {100 * batch / 128:g}", f"Intensity {batch / 128:g}"
        wait_until(
            lambda last=last: any(line.endswith(last) for line in program.lines[-4:]),
            "what follows them is heard",
            PATIENCE_S,
        )
    assert not [line for line in program.lines if "nan" in line or "inf" in line]


def test_a_game_in_cpp_plays_beside_a_real_oscbridge(
    start: Start, osc_ear: OscEar, free_udp_port: int
) -> None:
    flags = ("--no-view", "--source", "demo", "--port", str(free_udp_port), "--to", osc_ear.target)
    run = Program([sys.executable, "-m", "oscbridge", "run", *flags], {**os.environ})
    try:
        program = start(free_udp_port)
        wait_until(lambda: "connected" in program.lines, "it connects", PATIENCE_S)
        osc_ear.wait_for(f"{PREFIX}/heartbeat", deadline_s=PATIENCE_S)
        end_s = time.monotonic() + PATIENCE_S
        while not any(m.args == ("c++",) for m in osc_ear.of(f"{PREFIX}/player/source")):
            assert time.monotonic() < end_s, "what the game says is not heard"
            osc_ear.listen(0.1)
        wait_until(lambda: len(program.lines) > 20, "values are heard", PATIENCE_S)
    finally:
        run.close()
    wait_until(lambda: "lost" in program.lines, "it notices the end", PATIENCE_S)


def test_the_actor_for_unreal_is_whole(tmp_path: Path) -> None:
    (tmp_path / "OscbridgeMusic.generated.h").write_text("#pragma once\n")
    source = EXAMPLES / "unreal" / "OscbridgeMusic.cpp"
    command = ["g++", "-std=c++17", "-Wall", "-Werror", "-fsyntax-only", STUB, f"-I{tmp_path}"]
    done = subprocess.run([*command, source], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
