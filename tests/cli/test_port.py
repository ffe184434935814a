"""The port of a real run: what it says, who is answered, and that nothing in the way stops it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from oscbridge.diagnosis import surroundings
from oscbridge.inbound.port import STEPS
from tests.inbound.world import Peer, running

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from tests.cli.conftest import Program

    Start = Callable[..., subprocess.Popen[str]]

PORT = 7770


def peer_of(address: str) -> Peer:
    host, _, port = address.rpartition(":")
    return Peer((host, int(port)))


def said_by(process: subprocess.Popen[str], begin: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(begin):
            return line.strip()
    raise AssertionError(f"it never said {begin!r}")


def test_a_run_says_where_it_listens_answers_and_obeys(started: Start) -> None:
    process = started("demo", "--port", "0", "--plain")
    said = said_by(process, "listening to this machine on ")
    peer = peer_of(said.removeprefix("listening to this machine on "))
    peer.say("subscribe")
    peer.wait_for("hello")
    peer.say("in/override", 0.5, -0.5)
    peer.wait_for("valence", 0.5)
    peer.say("in/nonsense")
    peer.wait_for("error")
    peer.udp.close()


def test_a_busy_port_no_midi_and_no_optional_package_are_no_reason_not_to_start(
    started: Start, osc_ear: object
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        number = other.getsockname()[1]
        process = started("demo", "--port", str(number), "--plain", "--midi-out")
        said = said_by(process, "listening to this machine on ")
    assert said.endswith(f"since UDP port {number} is busy")
    assert any(f":{number + step}," in said for step in STEPS[1:])
    peer = peer_of(said.removeprefix("listening to this machine on ").partition(",")[0])
    peer.say("ping", 7)
    peer.wait_for("pong")
    peer.udp.close()


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--lan", "--allow", "10.0.0"), "'10.0.0' is no address and no network"),
        (("--no-port", "--hear", "faceosc"), "leave --no-port out"),
        (("--hear", "default"), "is told, not heard"),
    ],
)
def test_mistakes_are_one_line(program: Program, options: tuple[str, ...], error: str) -> None:
    done = program.run("demo", *options)
    assert done.returncode == 2
    assert error in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_settings_of_the_port_are_printed_as_they_are(program: Program) -> None:
    printed = program.run(
        "run", "--lan", "--port", "9000", "--allow", "10.0.0.0/24", "--print-config"
    ).stdout
    section = printed.partition("[port]")[2]
    for line in ("port = 9000", "lan = true", 'allow = ["10.0.0.0/24"]', "rate_cap_hz = 500.0"):
        assert line in section


def test_the_doctor_knows_who_has_the_port() -> None:
    with running() as world:
        assert surroundings._answers_ping(world.address[1])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        assert not surroundings._answers_ping(other.getsockname()[1])
        assert not surroundings._port_is_free(other.getsockname()[1])


def test_marks_of_people_are_kept_in_the_record(started: Start, program: Program) -> None:
    record = program.folder / "evening.jsonl"
    process = started("demo", "--port", "0", "--plain", "--record", str(record))
    said = said_by(process, "listening to this machine on ")
    peer = peer_of(said.removeprefix("listening to this machine on "))
    peer.say("subscribe")
    peer.wait_for("heartbeat")
    peer.say("in/segment/mark", "chorus")
    peer.say("ping", 1)
    peer.wait_for("pong")
    while '"mark":"chorus"' not in record.read_text(encoding="utf-8"):
        peer.wait_for("heartbeat", count=len(peer.of("heartbeat")) + 1)
    assert not peer.of("error")
    peer.udp.close()
