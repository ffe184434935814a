"""``oscbridge monitor`` against senders that are not ours, and against the OSC output that is."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.udp_client import SimpleUDPClient

from oscbridge.outputs import osc
from oscbridge.protocol import PORT_OUT, SIGNALS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Program

    Start = Callable[..., subprocess.Popen[str]]


def listening_port(process: subprocess.Popen[str]) -> int:
    """Wait until the monitor says that it listens; return its port."""
    assert process.stderr is not None
    found = re.search(r"listening for OSC on 127\.0\.0\.1:(\d+)", process.stderr.readline())
    assert found
    return int(found[1])


def send_raw(port: int, data: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.sendto(data, ("127.0.0.1", port))


def ended(process: subprocess.Popen[str]) -> tuple[list[str], str]:
    """Wait for the end; return the lines of standard output, and standard error."""
    out, complaints = process.communicate(timeout=60.0)
    assert process.returncode == 0, complaints
    return out.splitlines(), complaints


def test_what_python_osc_sends_is_printed_with_types_and_values(started: Start) -> None:
    process = started("monitor", "0", "--json", "--count", "3")
    client = SimpleUDPClient("127.0.0.1", listening_port(process))
    client.send_message("/a", [1, 0.5, "grüße"])
    client.send_message("/b", [])
    client.send_message("/c", [True, b"\x01\x02"])
    lines, _ = ended(process)
    records: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert [(r["address"], r["types"], r["args"]) for r in records] == [
        ("/a", "ifs", [1, 0.5, "grüße"]),
        ("/b", "", []),
        ("/c", "Tb", [True, {"blob": "0102"}]),
    ]
    assert all(r["from"].startswith("127.0.0.1:") for r in records)
    times = [r["time_s"] for r in records]
    assert times == sorted(times)


def test_our_own_messages_are_explained_once_and_their_arguments_named(started: Start) -> None:
    process = started("monitor", "0", "--count", "3")
    output = osc.open(osc.Config(to=(f"127.0.0.1:{listening_port(process)}",)))
    boundary, valence = SIGNALS["segment/boundary"], SIGNALS["valence"]
    output.send([valence.message(0.25), valence.message(-0.5), boundary.message(7, 1200, 0.75)])
    output.close()
    lines, summary = ended(process)
    text = "\n".join(lines)
    assert text.count(valence.description) == 1
    assert re.search(rf"{valence.address} +0\.2500", text)
    assert re.search(rf"{valence.address} +-0\.5000", text)
    assert re.search(rf"{boundary.address} +id=7  age_ms=1200  strength=0\.7500", text)
    assert "3 messages to 2 addresses, 0 malformed" in summary


def test_a_bundle_is_shown_with_what_it_holds(started: Start) -> None:
    process = started("monitor", "0", "--count", "2")
    bundle = OscBundleBuilder(IMMEDIATELY)
    for address in ("/x", "/y"):
        message = OscMessageBuilder(address)
        message.add_arg(1.5)
        bundle.add_content(message.build())
    SimpleUDPClient("127.0.0.1", listening_port(process)).send(bundle.build())
    lines, _ = ended(process)
    assert "bundle of 2 for now" in lines[0]
    assert [line.split()[1:] for line in lines[1:]] == [["/x", "1.5000"], ["/y", "1.5000"]]


def test_a_packet_that_is_no_osc_is_reported_and_survived(started: Start) -> None:
    process = started("monitor", "0", "--count", "1")
    port = listening_port(process)
    send_raw(port, b"GET / HTTP/1.1\r\n\r\n")
    send_raw(port, b"/cut\0\0\0\0,i\0\0\0")
    SimpleUDPClient("127.0.0.1", port).send_message("/fine", 1)
    lines, summary = ended(process)
    assert "not OSC" in lines[0]
    assert "argument 1 of /cut is cut off" in lines[1]
    assert "/fine" in lines[2]
    assert "1 messages to 1 addresses, 2 malformed" in summary


def test_text_from_the_network_cannot_move_the_cursor(started: Start) -> None:
    process = started("monitor", "0", "--count", "1")
    client = SimpleUDPClient("127.0.0.1", listening_port(process))
    client.send_message("/evil\x1b[2J", ["bell\a \x9b31m"])
    lines, _ = ended(process)
    assert all(character.isprintable() for character in lines[0])
    assert r"bell\x07 \x9b31m" in lines[0]


def test_only_what_begins_with_the_prefix_is_shown(started: Start) -> None:
    process = started("monitor", "0", "--only", "/mine", "--count", "1", "--json")
    client = SimpleUDPClient("127.0.0.1", listening_port(process))
    client.send_message("/other", 1)
    client.send_message("/mine/x", 2)
    lines, _ = ended(process)
    assert [json.loads(line)["address"] for line in lines] == ["/mine/x"]


def test_it_ends_by_itself_after_the_given_time(program: Program) -> None:
    done = program.run("monitor", "0", "--seconds", "0.3")
    assert (done.returncode, done.stdout) == (0, "")
    assert "0 messages" in done.stderr


def test_a_busy_port_is_one_line_and_exit_status_2(program: Program) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        port = udp.getsockname()[1]
        done = program.run("monitor", str(port))
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert f"UDP port {port} is busy" in line


@pytest.mark.parametrize("words", ["[PORT]", str(PORT_OUT), "127.0.0.1:7781"])
def test_help_says_which_port_and_what_to_do_when_it_is_taken(program: Program, words: str) -> None:
    assert words in program.run("monitor", "--help").stdout
