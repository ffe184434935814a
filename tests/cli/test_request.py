"""``oscbridge request`` against a stand-in for a running oscbridge, which python-osc plays."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

if TYPE_CHECKING:
    from tests.cli.conftest import Program
    from tests.conftest import OscEar

    Start = Callable[..., subprocess.Popen[str]]

SENT = [
    ("/request/go", 7, "relaxed", "bar", 0.5),
    (
        *("/request", 7, 0.5, -0.25, 0.375, 0.5, "crossfade", "bar", 4.0, 8.0, 0.0),
        "user",
    ),
    ("/request/state", 7, "sent"),
]
TYPES = {bool: "T", int: "i", float: "f", str: "s"}


class StandIn:
    """Answers pings and says, to whoever subscribed, what a test has it say."""

    def __init__(self) -> None:
        self.heard: list[tuple[Any, ...]] = []
        self.answers: dict[str, list[tuple[Any, ...]]] = {}
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.target = f"127.0.0.1:{self.udp.getsockname()[1]}"
        self.subscriber: tuple[str, int] | None = None
        self.prefix = "/oscbridge"
        threading.Thread(target=self._listen, daemon=True).start()

    def say(self, to: tuple[str, int], name: str, *args: Any) -> None:
        builder = OscMessageBuilder(self.prefix + name)
        for arg in args:
            builder.add_arg(arg, TYPES[type(arg)])
        self.udp.sendto(builder.build().dgram, to)

    def _listen(self) -> None:
        while True:
            try:
                data, sender = self.udp.recvfrom(65_536)
            except OSError:
                return
            for timed in OscPacket(data).messages:
                self._take(timed.message.address, timed.message.params, sender)

    def _take(self, address: str, params: list[Any], sender: tuple[str, int]) -> None:
        name = address.removeprefix(self.prefix)
        self.heard.append((name, *params))
        if name == "/ping":
            self.say(sender, "/pong", params[0], "cafe")
        if name == "/subscribe":
            self.subscriber = (params[0], params[1])
        for said in self.answers.get(name, []):
            self.say(self.subscriber or sender, *said)

    def of(self, name: str) -> list[tuple[Any, ...]]:
        return [heard for heard in self.heard if heard[0] == name]


@pytest.fixture
def bridge() -> Iterator[StandIn]:
    """Give a stand-in that listens."""
    stand_in = StandIn()
    yield stand_in
    stand_in.udp.close()


def test_a_request_is_made_and_said(program: Program, bridge: StandIn) -> None:
    bridge.answers["/in/request/make"] = SENT
    done = program.run("request", "make", "0.5", "-0.25", "--to", bridge.target)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "request 7: valence +0.50, arousal -0.25, urgency 0.50, crossfade, bar, from user",
        "request 7: sent",
    ]
    assert bridge.of("/in/request/make") == [("/in/request/make", 0.5, -0.25, 0.5)]
    assert bridge.of("/subscribe")[0][3] == "midi-only"
    assert len(bridge.of("/unsubscribe")) == 1


def test_urgency_and_quantise_go_along(program: Program, bridge: StandIn) -> None:
    bridge.answers["/in/request/make"] = SENT
    arguments = ["--urgency", "0.25", "--quantise", "cue", "--to", bridge.target]
    assert program.run("request", "make", "1", "-1", *arguments).returncode == 0
    assert bridge.of("/in/request/make") == [("/in/request/make", 1.0, -1.0, 0.25, "cue")]


@pytest.mark.parametrize(
    ("end", "status"), [("done", 0), ("rejected", 1), ("expired", 1), ("cancelled", 1)]
)
def test_wait_prints_each_state_and_ends_with_the_last(
    end: str, status: int, program: Program, bridge: StandIn
) -> None:
    bridge.answers["/in/request/make"] = [
        *SENT,
        ("/request/state", 7, "queued"),
        ("/request/state", 6, "done"),
        ("/drums/request/state", 7, "done"),
        ("/request/state", 7, "started"),
        ("/request/state", 7, end),
    ]
    done = program.run("request", "make", "0.5", "-0.25", "--wait", "--to", bridge.target)
    assert done.returncode == status
    assert done.stdout.splitlines()[1:] == [
        "request 7: sent",
        "request 7: queued",
        "request 6: done",
        "drums: request 7: done",
        "request 7: started",
        f"request 7: {end}",
    ]


def test_waiting_ends_when_the_time_is_over(program: Program, bridge: StandIn) -> None:
    bridge.answers["/in/request/make"] = SENT
    arguments = ("--wait", "--seconds", "0.2", "--to", bridge.target)
    done = program.run("request", "make", "0.5", "-0.25", *arguments)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_bridge_that_asks_for_nothing_is_said(program: Program, bridge: StandIn) -> None:
    done = program.run("request", "make", "0.5", "0.5", "--to", bridge.target)
    assert (done.returncode, done.stdout) == (2, "")
    assert "asks for nothing" in done.stderr


def test_what_the_bridge_refuses_is_told_in_its_words(program: Program, bridge: StandIn) -> None:
    bridge.answers["/in/request/make"] = [
        ("/error", "/oscbridge/in/request/make", "not while it is frozen")
    ]
    done = program.run("request", "make", "0.5", "0.5", "--to", bridge.target)
    assert done.returncode == 2
    assert done.stderr == (
        "oscbridge: oscbridge has refused /oscbridge/in/request/make: not while it is frozen.\n"
    )


def test_an_acknowledgement_is_confirmed(program: Program, bridge: StandIn) -> None:
    bridge.answers["/in/request/ack"] = [("/request/state", 3, "started")]
    done = program.run("request", "ack", "3", "started", "--to", bridge.target)
    assert (done.returncode, done.stdout) == (0, "request 3: started\n")
    assert bridge.of("/in/request/ack") == [("/in/request/ack", 3, "started")]


def test_an_acknowledgement_that_changes_nothing_is_said(program: Program, bridge: StandIn) -> None:
    done = program.run("request", "ack", "3", "started", "--to", bridge.target)
    assert done.returncode == 2
    assert "request 3 is not outstanding, or has come further than started" in done.stderr


@pytest.mark.parametrize("number", [[], ["7"]])
def test_the_outstanding_request_is_taken_back(
    number: list[str], program: Program, bridge: StandIn
) -> None:
    bridge.answers["/in/request/cancel"] = [
        ("/request/cancel", 7),
        ("/request/state", 7, "cancelled"),
    ]
    done = program.run("request", "cancel", *number, "--to", bridge.target)
    assert (done.returncode, done.stdout) == (0, "request 7: cancelled\n")
    assert bridge.of("/in/request/cancel") == [("/in/request/cancel", *map(int, number))]


def test_watch_prints_requests_of_every_stream_until_it_is_interrupted(
    started: Start, bridge: StandIn
) -> None:
    bridge.answers["/subscribe"] = [
        ("/heartbeat", 1, 2),
        *SENT,
        ("/drums/request/state", 2, "started"),
    ]
    process = started("request", "watch", "--to", bridge.target)
    assert process.stdout is not None
    lines = [process.stdout.readline().rstrip() for _ in range(3)]
    assert lines[1:] == ["request 7: sent", "drums: request 2: started"]
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30.0) == ("", "")
    assert process.returncode == 0
    assert len(bridge.of("/unsubscribe")) == 1


def test_watch_keeps_its_subscription_alive(
    bridge: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from oscbridge import conversation

    monkeypatch.setattr(conversation, "LEASE_S", 0.03)
    host, _, port = bridge.target.partition(":")
    with conversation.Conversation((host, int(port))) as talk:
        talk.listen("midi-only")
        deadline_s = time.monotonic() + 20.0
        while len(bridge.of("/ping")) < 4:
            assert time.monotonic() < deadline_s
            heard = [heard.name for heard in talk.heard(time.monotonic() + 0.05)]
            assert set(heard) <= {"pong"}


def test_of_two_that_run_the_one_at_the_usual_port_is_meant_even_if_it_answers_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from oscbridge import conversation

    ours, other = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    for port in (ours, other):
        port.bind(("127.0.0.1", 0))
    monkeypatch.setattr(conversation, "PORT_IN", ours.getsockname()[1])
    step = other.getsockname()[1] - ours.getsockname()[1]
    monkeypatch.setattr(conversation, "BESIDE", (0, step))

    def answer() -> None:
        for port in (other, ours):
            ping, sender = port.recvfrom(65_536)
            (timed,) = OscPacket(ping).messages
            pong = OscMessageBuilder("/oscbridge/pong")
            pong.add_arg(timed.message.params[0], "i")
            pong.add_arg("session", "s")
            port.sendto(pong.build().dgram, sender)

    threading.Thread(target=answer, daemon=True).start()
    with conversation.Conversation() as talk:
        talk.say("in/label/wrong")
        ours.settimeout(20.0)
        said = ours.recvfrom(65_536)[0]
    assert said.startswith(b"/oscbridge/in/label/wrong")
    ours.close()
    other.close()


def test_another_prefix_is_spoken(program: Program, bridge: StandIn) -> None:
    bridge.prefix = "/stage/left"
    bridge.answers["/in/request/make"] = SENT
    arguments = ("--prefix", "/stage/left", "--to", bridge.target)
    assert program.run("request", "make", "0.5", "-0.25", *arguments).returncode == 0


def test_where_nobody_answers_it_says_how_to_start_one(
    program: Program, free_udp_port: int
) -> None:
    target = f"127.0.0.1:{free_udp_port}"
    done = program.run("request", "watch", "--to", target)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"no oscbridge answers at {target}. Start one with" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["make", "0.5", "1.5"], "'1.5' is not a number from -1 to 1"),
        (["make", "0.5"], "required: arousal"),
        (["ack", "3", "perhaps"], "invalid choice: 'perhaps'"),
        ([], "required: ACTION"),
    ],
)
def test_wrong_arguments_are_one_line(
    arguments: list[str], complaint: str, program: Program
) -> None:
    done = program.run("request", *arguments)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_running_bridge_asks_the_host_and_hears_what_it_does(
    program: Program, started: Start, osc_ear: OscEar, free_udp_port: int
) -> None:
    here = ("--to", f"127.0.0.1:{free_udp_port}")
    started("demo", "--to", osc_ear.target, "--port", str(free_udp_port), "--no-view")
    osc_ear.wait_for("/oscbridge/valence", deadline_s=60.0)
    asking = started("request", "make", "0.5", "-0.5", "--urgency", "0.9", "--wait", *here)
    osc_ear.wait_for("/oscbridge/request")
    (go,) = osc_ear.of("/oscbridge/request/go")
    assert go.args[:3] == (1, "relaxed", "beat")
    said = [h.address for h in osc_ear.heard if h.address.startswith("/oscbridge/request")]
    assert said[0] == "/oscbridge/request/valence"
    assert said[9:12] == [
        "/oscbridge/request/label",
        "/oscbridge/request/go",
        "/oscbridge/request",
    ]
    for state in ("queued", "started", "done"):
        assert program.run("request", "ack", "1", state, *here).returncode == 0
    out, complaints = asking.communicate(timeout=30.0)
    assert (asking.returncode, complaints) == (0, "")
    assert out.splitlines()[1:] == [
        f"request 1: {s}" for s in ("sent", "queued", "started", "done")
    ]

    assert program.run("request", "make", "-0.5", "0.5", *here).returncode == 0
    assert program.run("request", "cancel", *here).stdout == "request 2: cancelled\n"
    assert [heard.args for heard in osc_ear.wait_for("/oscbridge/request/cancel")] == [(2,)]


def test_a_dry_run_logs_what_it_would_ask_for_and_sends_only_the_state(
    program: Program, started: Start, osc_ear: OscEar, free_udp_port: int
) -> None:
    port = str(free_udp_port)
    run = started("demo", "--to", osc_ear.target, "--port", port, "--no-view", "--dry-run")
    osc_ear.wait_for("/oscbridge/valence", deadline_s=60.0)
    done = program.run("request", "make", "0.5", "-0.5", "--to", f"127.0.0.1:{port}")
    assert done.stdout == "request 1: sent\n"
    osc_ear.wait_for("/oscbridge/request/state")
    about = {h.address for h in osc_ear.heard if h.address.startswith("/oscbridge/request")}
    assert about == {"/oscbridge/request/state"}
    run.send_signal(signal.SIGINT)
    _, complaints = run.communicate(timeout=30.0)
    assert complaints.startswith("oscbridge: dry run, not sent: request 1 0.5 -0.5 0.25 0.5 cross")
