"""Godot 3 runs the text that the add-on for Godot 4 shares with it, beside a real oscbridge.

The very files of ``examples/godot`` are put together to a project, none is changed. What Godot
prints is compared with what python-osc hears of the same oscbridge, or has built.
"""

from __future__ import annotations

import functools
import json
import os
import random
import re
import shutil
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.udp_client import SimpleUDPClient

from oscbridge.inlets import INLETS, LEASE_S
from oscbridge.labels import Labels
from oscbridge.protocol import PREFIX, QUANTISE, SIGNALS, TRANSITIONS
from tests.conftest import OscEar
from tests.peers.beside import Program
from tests.peers.servers import wait_until

pytestmark = pytest.mark.peer("godot3-server")

EXAMPLE = Path(__file__).parents[2] / "examples" / "godot"
ADDON = EXAMPLE / "addons" / "oscbridge"
SHARED = ("osc.gd", "bridge.gd", "music_map.gd")
PATIENCE_S = 60.0
MALFORMED = 10_000
BATCH = 100

Start = Callable[..., Program]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Put a Godot 3 project together as the README says."""
    addon = tmp_path / "game" / "addons" / "oscbridge"
    addon.mkdir(parents=True)
    for name in SHARED:
        shutil.copy(ADDON / name, addon)
    shutil.copy(EXAMPLE / "godot3" / "oscbridge_client.gd", addon)
    shutil.copy(EXAMPLE / "godot3" / "headless.gd", tmp_path / "game")
    (tmp_path / "game" / "project.godot").write_text("config_version=4\n", encoding="utf-8")
    return tmp_path / "game"


@pytest.fixture
def start() -> Iterator[Start]:
    """Give a function that starts a program; all of them end with the test."""
    programs: list[Program] = []

    def begin(*command: str, **env: str) -> Program:
        programs.append(Program(list(command), {**os.environ, **env}))
        return programs[-1]

    yield begin
    for program in programs:
        program.close()


@pytest.fixture
def start_game(project: Path, start: Start) -> Callable[..., Program]:
    """Give a function that starts the game; ``port`` is oscbridge's, ``receive_port`` its own."""

    def begin(port: int, receive_port: int = 0) -> Program:
        ports = {"OSCBRIDGE_PORT": str(port), "OSCBRIDGE_RECEIVE_PORT": str(receive_port)}
        home = {"HOME": str(project.parent), "LANG": "en_US.UTF-8"}
        # Godot flushes what it prints only where somebody looks on.
        command = ("stdbuf", "-oL", "godot3-server", "--path", str(project), "-s", "headless.gd")
        return start(*command, **home, **ports)

    return begin


def lines_of(game: Program, *words: str) -> list[list[str]]:
    """What it has printed so far that begins with ``words``, without them."""
    found = (line.split("\t") for line in list(game.lines))
    return [line[len(words) :] for line in found if tuple(line[: len(words)]) == words]


def wait_for(game: Program, *words: str, count: int = 1) -> list[list[str]]:
    """Wait until it has printed so many lines that begin with ``words``."""
    what = " ".join(words)
    wait_until(lambda: len(lines_of(game, *words)) >= count, what, PATIENCE_S)
    return lines_of(game, *words)


@pytest.fixture
def beside(
    start: Start, start_game: Callable[..., Program], osc_ear: OscEar, free_udp_port: int
) -> tuple[Program, OscEar, int]:
    """Give a game that hears an oscbridge, an ear on the same oscbridge, and its port."""
    flags = ("--no-view", "--source", "demo", "--port", str(free_udp_port), "--to", osc_ear.target)
    start(sys.executable, "-m", "oscbridge", "run", *flags)
    osc_ear.wait_for(f"{PREFIX}/hello", deadline_s=PATIENCE_S)
    game = start_game(free_udp_port)
    wait_for(game, "status_changed", "listening")
    return game, osc_ear, free_udp_port


def test_a_game_that_subscribes_hears_what_everybody_hears(
    beside: tuple[Program, OscEar, int],
) -> None:
    game, ear, _ = beside
    hello = ear.wait_for(f"{PREFIX}/hello")[0]
    assert wait_for(game, "message", "hello")[0] == [str(arg) for arg in hello.args]
    wait_for(game, "message", "pong")
    for name in ("valence", "arousal"):
        told = [float(words[0]) for words in wait_for(game, f"{name}_changed", count=20)][:20]
        heard = ear.wait_for(f"{PREFIX}/{name}", count=60)
        said = [float(str(message.args[0])) for message in heard]
        assert [value for value in told if not any(abs(value - one) < 1e-5 for one in said)] == []
        assert all(-1.0 <= value <= 1.0 for value in told)
    entered = wait_for(game, "quadrant_entered")[0]
    assert entered[1] == Labels().of(int(entered[0]))


def test_what_the_player_feels_comes_back(beside: tuple[Program, OscEar, int]) -> None:
    game, ear, _ = beside
    assert ear.wait_for(f"{PREFIX}/player/valence")[-1].args == (-0.5,)
    assert wait_for(game, "message", "player/arousal")[0] == ["0.25"]
    assert wait_for(game, "message", "player/source")[-1] == ["headless"]


def test_a_request_goes_there_and_back_until_it_is_done(
    beside: tuple[Program, OscEar, int],
) -> None:
    game, ear, port = beside
    make = SimpleUDPClient("127.0.0.1", port)
    points = [(-0.75, 0.5, 2), (0.25, -0.5, 4)]
    for number, (valence, arousal, quadrant) in enumerate(points, start=1):
        make.send_message(f"{PREFIX}/in/request/make", [valence, arousal])
        told, clip, transition = wait_for(game, "music_requested", count=number)[-1]
        said = ear.wait_for(f"{PREFIX}/request", count=number)[-1].args
        request = json.loads(told)
        names = constant("bridge.gd", "REQUEST_KEYS")
        assert [request[name] for name in names] == pytest.approx(list(said))
        assert (request["id"], request["valence"], request["arousal"]) == (number, valence, arousal)
        assert request["label"] == Labels().of(quadrant)
        assert int(clip) == quadrant - 1
        assert json.loads(transition)[0] == constant("music_map.gd", "FROM_TIMES")[said[6]]
        ear.wait_for(f"{PREFIX}/request/state", count=4 * number)
    states = [message.args for message in ear.of(f"{PREFIX}/request/state")]
    steps = ("sent", "queued", "started", "done")
    assert states == [(number, step) for number in (1, 2) for step in steps]


def packet(address: str, types: str, args: list[object]) -> bytes:
    """A message as python-osc builds it."""
    builder = OscMessageBuilder(address)
    for kind, value in zip(types, args, strict=True):
        builder.add_arg(value, kind)  # type: ignore[arg-type]
    return builder.build().dgram


def example(types: str) -> list[object]:
    """Arguments that are printed exactly; the text has two bytes a letter."""
    return [{"i": 3, "f": 0.25, "s": "grün"}[kind] for kind in types]


@pytest.fixture
def listener(
    start_game: Callable[..., Program], osc_ear: OscEar, free_udp_port: int
) -> tuple[Program, socket.socket, tuple[str, int]]:
    """Give a game that has subscribed to a false oscbridge, its socket, and where the game is."""
    game = start_game(osc_ear.port, free_udp_port)
    osc_ear.wait_for(INLETS["subscribe"].address, deadline_s=PATIENCE_S)
    return game, osc_ear.udp, ("127.0.0.1", free_udp_port)


def test_every_message_of_the_protocol_is_read_alone_and_in_a_bundle(
    listener: tuple[Program, socket.socket, tuple[str, int]],
) -> None:
    game, udp, place = listener
    bundle = OscBundleBuilder(IMMEDIATELY)
    for signal in SIGNALS.values():
        built = packet(signal.address, "".join(signal.types), example("".join(signal.types)))
        udp.sendto(built, place)
        wait_for(game, "message", signal.name)
    for signal in list(SIGNALS.values())[:20]:
        one = OscMessageBuilder(signal.address)
        for kind, value in zip(signal.types, example("".join(signal.types)), strict=True):
            one.add_arg(value, kind)  # type: ignore[arg-type]
        bundle.add_content(one.build())  # type: ignore[arg-type]
    udp.sendto(bundle.build().dgram, place)
    for number, signal in enumerate(SIGNALS.values()):
        count = 2 if number < 20 else 1
        expected = [str(value) for value in example("".join(signal.types))]
        assert wait_for(game, "message", signal.name, count=count) == [expected] * count


def send(udp: socket.socket, place: tuple[str, int], name: str, *args: object) -> None:
    """Say a message of the protocol."""
    udp.sendto(packet(f"{PREFIX}/{name}", "".join(SIGNALS[name].types), list(args)), place)


def test_a_request_is_handed_out_once_whatever_of_it_is_lost(
    listener: tuple[Program, socket.socket, tuple[str, int]],
) -> None:
    game, udp, place = listener
    say = functools.partial(send, udp, place)
    whole = (0.25, -0.5, 0.5, 0.5, "cut", "beat", 0.0, 8.0, 0.0, "user")
    say("request/go", 1, "sad", "bar", 0.75)  # the trigger alone
    wait_for(game, "music_requested")
    say("request/valence", 0.25)
    say("request/go", 2, "relaxed", "beat", 0.5)  # a part of it, and all but the trigger's twin
    wait_for(game, "music_requested", count=2)
    say("request/go", 3, "relaxed", "beat", 0.5)  # all of it, the wrong way round at last
    say("request", 3, *whole)
    say("request/go", 3, "relaxed", "beat", 0.5)
    say("request/go", 4, "happy", "bar", 0.5)  # called off before it is handed out
    say("request/cancel", 4)
    say("request", 5, *whole)
    asked = [json.loads(words[0]) for words in wait_for(game, "music_requested", count=4)]
    assert [one["id"] for one in asked] == [1, 2, 3, 5]
    assert [asked[0][name] for name in ("label", "quantise", "urgency", "transition")] == [
        *("sad", "bar", 0.75, "crossfade")
    ]
    assert (asked[1]["label"], asked[1]["valence"], asked[1]["arousal"]) == ("relaxed", 0.25, 0.0)
    assert (asked[2]["transition"], asked[2]["reason"]) == ("cut", "user")
    assert [int(words[1]) for words in lines_of(game, "music_requested")[:1]] == [2]
    assert not lines_of(game, "request_cancelled")


def damaged(draw: random.Random) -> bytes:
    """A packet of which nothing may be taken."""
    signal = draw.choice(list(SIGNALS.values()))
    types = "".join(signal.types)
    whole = packet(signal.address, types, example(types))
    kind = draw.randrange(6)
    if kind == 0:  # cut short
        return whole[: draw.randrange(len(whole))]
    if kind == 1:  # not an address, not a bundle
        return bytes([draw.choice(b"\x00 abc\xff")]) + draw.randbytes(draw.randrange(200))
    if kind == 2:  # longer than its types say
        return whole + bytes(4)
    if kind == 3:  # a type that nobody speaks
        return packet(signal.address, "", []).rstrip(b"\0") + b"\0\0" + draw.randbytes(7)
    if kind == 4:  # no number
        number = draw.choice([float("nan"), float("inf"), -float("inf")])
        return packet(f"{PREFIX}/valence", "f", [0.0])[:-4] + struct.pack(">f", number)
    size = draw.choice([0, -4, 3, len(whole) + 4, 2**31 - 1])
    return b"#bundle\0" + bytes(8) + struct.pack(">i", size) + whole


def test_ten_thousand_malformed_packets_are_ignored(
    listener: tuple[Program, socket.socket, tuple[str, int]],
) -> None:
    game, udp, place = listener
    draw = random.Random(7)
    for batch in range(MALFORMED // BATCH):
        for _ in range(BATCH):
            udp.sendto(damaged(draw), place)
        udp.sendto(packet(f"{PREFIX}/segment/end", "if", [batch, 0.5]), place)
        wait_for(game, "message", "segment/end", count=batch + 1)
    assert len(lines_of(game, "message")) == MALFORMED // BATCH
    assert not [line for line in game.lines if "SCRIPT ERROR" in line]


def test_what_has_other_types_than_the_protocol_says_raises_no_signal(
    listener: tuple[Program, socket.socket, tuple[str, int]],
) -> None:
    game, udp, place = listener
    udp.sendto(packet(f"{PREFIX}/valence", "s", ["high"]), place)
    udp.sendto(packet(f"{PREFIX}/request", "i", [1]), place)
    udp.sendto(packet("/other/valence", "f", [0.5]), place)
    udp.sendto(packet(f"{PREFIX}/valence", "f", [0.125]), place)
    assert wait_for(game, "message") == [["valence", "0.125"]]
    assert lines_of(game, "valence_changed") == [["0.125"]]


def test_a_silent_port_is_left_a_lease_renewed_and_a_lost_oscbridge_found_again(
    project: Path, start_game: Callable[..., Program], osc_ear: OscEar, free_udp_port: int
) -> None:
    client = project / "addons" / "oscbridge" / "oscbridge_client.gd"
    fast = client.read_text(encoding="utf-8").replace("1000.0", "100.0")
    client.write_text(fast, encoding="utf-8")  # a clock that runs ten times as fast
    game = start_game(osc_ear.port - 10, free_udp_port)
    osc_ear.wait_for(INLETS["subscribe"].address, deadline_s=PATIENCE_S)
    beat = packet(f"{PREFIX}/heartbeat", "ii", [1, 1])
    for life in (1, 2):
        while len(osc_ear.of(INLETS["ping"].address)) < 3 * life:
            osc_ear.udp.sendto(beat, ("127.0.0.1", free_udp_port))
            osc_ear.listen(0.02)
        asked = len(osc_ear.of(INLETS["subscribe"].address))
        wait_for(game, "status_changed", "lost", count=life)
        osc_ear.wait_for(INLETS["subscribe"].address, count=asked + 1, deadline_s=PATIENCE_S)
    nonces = [message.args[0] for message in osc_ear.of(INLETS["ping"].address)]
    assert nonces == list(range(1, len(nonces) + 1))


def constant(script: str, name: str) -> Any:
    """A constant of a shared script; what they hold is JSON but for a comma before the end."""
    text = (ADDON / script).read_text(encoding="utf-8").split(f"const {name} = ", 1)[1]
    return json.JSONDecoder().raw_decode(re.sub(r",(\s*[}\]])", r"\1", text))[0]


def test_the_script_knows_the_types_and_words_of_the_protocol() -> None:
    types = constant("bridge.gd", "TYPES")
    assert types == {name: "".join(SIGNALS[name].types) for name in types}
    assert constant("bridge.gd", "PING_EVERY_S") < LEASE_S / 2
    assert set(constant("music_map.gd", "FROM_TIMES")) == set(QUANTISE)
    assert set(constant("music_map.gd", "FADE_MODES")) < set(TRANSITIONS)
    names = constant("music_map.gd", "CLIP_NAMES")
    assert names == [Labels().of(quadrant) for quadrant in (1, 2, 3, 4)]


def test_all_that_the_script_says_is_taken() -> None:
    text = (ADDON / "bridge.gd").read_text(encoding="utf-8")
    said = re.findall(r'\bsay\("([a-z/]+)", "([ifs]*)"', text)
    assert len(said) >= 7
    for name, types in said:
        forms = {"".join(arg.type for arg in form) for form in INLETS[name].forms}
        assert types in forms, name
