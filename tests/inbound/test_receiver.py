"""What is made of what others say: commands for streams, answers to senders, and counts."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from oscbridge import orders, sensors
from oscbridge.config import DEFAULT_SENSORS
from oscbridge.inbound.answers import AGAIN_S, MOST
from oscbridge.inbound.receiver import Receiver
from oscbridge.inbound.sender import Sender
from oscbridge.inbound.subscriptions import Subscriptions
from oscbridge.inbound.translation import Translation
from oscbridge.inlets import INLETS
from oscbridge.mapping import load_preset
from oscbridge.orders import Command
from oscbridge.protocol import PREFIX, SIGNALS
from oscbridge.sight import UNTURNED, Sight

ME = Sender("127.0.0.1:5000", ("127.0.0.1", 5000))
AWAY = Sender("10.0.0.9:5000", ("10.0.0.9", 5000))
KEYBOARD = Sender("MIDI Launchpad")


@dataclass
class FakePort:
    """Stands for the port: keeps what would leave, as python-osc reads it."""

    said: list[tuple[tuple[str, int], str, list[object]]] = field(default_factory=list)

    def send(self, datagram: bytes | bytearray, to: tuple[str, int]) -> None:
        message = OscPacket(bytes(datagram)).messages[0].message
        self.said.append((to, message.address, list(message.params)))

    def is_own(self, address: tuple[str, int]) -> bool:
        return address[1] == 7770

    def of(self, name: str) -> list[list[object]]:
        return [params for _, address, params in self.said if address == f"{PREFIX}/{name}"]


@dataclass
class FakeStream:
    """Keeps the commands that it is told."""

    told: list[Command] = field(default_factory=list)
    last_request: int = 3
    sight: Sight = UNTURNED

    def put(self, results: Iterable[Command]) -> None:
        self.told += results


@dataclass
class Desk:
    """A receiver and everything around it; ``say`` is in names of inlets."""

    clock_s: list[float] = field(default_factory=lambda: [1000.0])
    port: FakePort = field(default_factory=FakePort)
    streams: dict[str, FakeStream] = field(default_factory=lambda: {"": FakeStream()})

    def __post_init__(self) -> None:
        self.subscriptions = Subscriptions(clock=lambda: self.clock_s[0])
        self.receiver = Receiver(
            streams=tuple(self.streams),
            port=self.port,  # type: ignore[arg-type]
            session="cafe",
            subscriptions=self.subscriptions,
            clock=lambda: self.clock_s[0],
        )
        for name, stream in self.streams.items():
            self.receiver.join(name, stream)

    def say(self, name: str, *arguments: object, sender: Sender = ME) -> list[Command]:
        """Say something; the commands that the first stream is told."""
        stream = next(iter(self.streams.values()))
        stream.told.clear()
        self.receiver.take(f"{PREFIX}/{name}", arguments, sender)  # type: ignore[arg-type]
        return stream.told


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("name", "arguments", "command"),
    [
        ("refresh", (), orders.Refresh()),
        ("in/freeze", (1,), orders.Freeze(True)),
        ("in/freeze", (False,), orders.Freeze(False)),
        ("in/override", (0.5, -1), orders.Override(0.5, -1.0, math.inf)),
        ("in/override", (0.5, -0.5, 3), orders.Override(0.5, -0.5, 3.0)),
        ("in/set/rate_hz", (30,), orders.Adjust("rate_hz", 30.0)),
        ("in/set/sensitivity_a", (0.5,), orders.Adjust("sensitivity_a", 0.5)),
        ("in/calibrate/origin", (), orders.Origin(None)),
        ("in/calibrate/origin", (0.1, 0.2), orders.Origin((0.1, 0.2))),
        ("in/test", ("sweep",), orders.TestPattern("sweep")),
        ("in/learn", ("valence",), orders.Learn("valence", True)),
        ("in/learn", ("valence", 0), orders.Learn("valence", False)),
        ("in/learn", ("stop",), orders.Learn(None, True)),
        ("in/affect/valence", (0.5,), orders.Felt("osc", 0.5, None, 1.0)),
        ("in/affect/arousal", (0.5,), orders.Felt("osc", None, 0.5, 1.0)),
        ("in/affect/valence", (0.5, 0.2), orders.Felt("osc", 0.5, None, 0.2)),
        ("in/affect/arousal", (0.5, 0.2, "eeg"), orders.Felt("eeg", None, 0.5, 0.2)),
        ("in/affect/va", (0.5, -0.5), orders.Felt("osc", 0.5, -0.5, 1.0)),
        ("in/affect/va", (0.5, -0.5, 0.25), orders.Felt("osc", 0.5, -0.5, 0.25)),
        ("in/affect/va", (0.5, -0.5, 0.25, "cam"), orders.Felt("cam", 0.5, -0.5, 0.25)),
        ("in/affect/emotion", ("Happy", 0.25), orders.Felt("osc:happy", 0.5, 0.5, 0.25)),
        ("in/affect/clear", (), orders.Forget(None)),
        ("in/affect/clear", ("cam",), orders.Forget("cam")),
        ("in/transport/tempo", (120,), orders.HostTempo(120.0)),
        ("in/transport/beat", (4,), orders.HostBeat(4.0)),
        ("in/transport/bar", (4.0,), orders.HostBar(4)),
        ("in/transport/playing", (1,), orders.HostPlaying(True)),
        ("in/transport/place", ("chorus",), orders.HostPlace("chorus")),
        ("in/request/make", (0.5, 0.5), orders.MakeRequest(0.5, 0.5)),
        ("in/request/make", (0.5, 0.5, 1, "bar"), orders.MakeRequest(0.5, 0.5, 1.0, "bar")),
        ("in/request/ack", (3, "queued", 1.5), orders.AckRequest(3, "queued", 1.5)),
        ("in/request/cancel", (), orders.CancelRequest(None)),
        ("in/request/cancel", (3,), orders.CancelRequest(3)),
        ("in/policy/strategy", ("iso",), orders.UseStrategy("iso")),
        ("in/policy/goal", (0.5, 0.0), orders.Goal(0.5, 0.0)),
        ("in/policy/goal", (0.5, 0.0, 0.9), orders.Goal(0.5, 0.0, 0.9)),
        ("in/policy/context", ("combat",), orders.InContext("combat")),
        ("in/policy/context", (), orders.InContext("")),
        ("in/policy/opt_out", (1,), orders.OptOut(True)),
        ("in/policy/ask", (), orders.AskNow()),
        ("in/policy/skip", (), orders.Skip()),
        ("in/set/policy/step", (0.2,), orders.Adjust("policy/step", 0.2)),
        ("in/preset", ("default",), orders.UsePreset("default")),
    ],
)
def test_what_is_said_becomes_a_command(
    name: str, arguments: tuple[object, ...], command: Command, desk: Desk
) -> None:
    assert desk.say(name, *arguments) == [command]
    assert desk.port.said == []


def test_every_inlet_is_carried_out_or_honestly_refused(desk: Desk) -> None:
    """With a value from the middle of each range; what cannot be done yet says so."""
    for name in DEFAULT_SENSORS:
        module = sensors.load(name)
        desk.receiver.ask(module.open(module.Config(), desk.receiver.tell))
    # Nothing to answer; rest is learned first; one word at a time of a heart; text is read later.
    silence_is_right = {
        "ping",
        *(f"in/affect/{n}" for n in ("hrv", "eda", "rr", "calibrate", "text")),
    }
    sample = {"i": 1, "f": 0.5, "s": "x"}
    not_yet: set[str] = set()
    for inlet in INLETS.values():
        desk.clock_s[0] += 10.0
        desk.port.said.clear()
        form = max(inlet.forms, key=len)
        arguments = [
            arg.choices[0]
            if arg.choices
            else min(max(sample[arg.type], arg.low), arg.high)
            if arg.type != "s"
            else sample["s"]
            for arg in form
        ]
        told = desk.say(inlet.name + "/jawOpen" * inlet.open_ended, *arguments)
        errors = desk.port.of("error")
        silent = not told and not desk.port.said
        assert not silent or inlet.name in silence_is_right, f"{inlet.name} says nothing at all"
        assert all(reason for _, reason in errors)
        not_yet |= {inlet.name for _, reason in errors if str(reason).startswith("not yet")}
    assert not_yet == {
        *({"in/affect/text"} - {f"in/affect/{name}" for name in DEFAULT_SENSORS}),
        "in/played",  # kept where --sense plays asks for it
    }


def test_a_ping_is_answered_to_where_it_came_from(desk: Desk) -> None:
    assert desk.say("ping", 7) == []
    assert desk.port.said == [(ME.address, SIGNALS["pong"].address, [7, "cafe"])]


def test_whoever_subscribes_is_greeted_and_gets_everything_once(desk: Desk) -> None:
    assert desk.say("subscribe") == [orders.Refresh()]
    assert [one.address for one in desk.subscriptions.current()] == [ME.address]
    assert [(to, address) for to, address, _ in desk.port.said] == [
        (ME.address, SIGNALS["hello"].address)
    ]


@pytest.mark.parametrize(
    ("arguments", "address", "profile", "lasts"),
    [
        ((), ("127.0.0.1", 5000), "plain", False),
        ((9000,), ("127.0.0.1", 9000), "plain", False),
        ((9000, 0), ("127.0.0.1", 9000), "plain", True),
        (("127.0.0.1", 9000), ("127.0.0.1", 9000), "plain", False),
        (("localhost", 9000, 0), ("127.0.0.1", 9000), "plain", True),
        (("localhost", 9000, "bundle"), ("127.0.0.1", 9000), "bundle", False),
        (("localhost", 9000, "wek", 0), ("127.0.0.1", 9000), "wek", True),
    ],
)
def test_all_forms_of_subscribing(
    arguments: tuple[object, ...],
    address: tuple[str, int],
    profile: str,
    lasts: bool,
    desk: Desk,
) -> None:
    desk.say("subscribe", *arguments)
    (one,) = desk.subscriptions.current()
    assert (one.address, one.profile, math.isinf(one.until_s)) == (address, profile, lasts)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("10.0.0.9", 9000), "another machine"),
        (("127.0.0.1", 7770), "where oscbridge itself listens"),
        (("127.0.0.1", 9000, "loud"), "profile is one of"),
        ((0,), "1 to 65535"),
        ((1, 2, 3), "host is a text"),
        ((1, 2, 3, 4, 5), "takes nothing, or i port"),
    ],
)
def test_a_subscription_that_cannot_be_is_refused_with_a_reason(
    arguments: tuple[object, ...], reason: str, desk: Desk
) -> None:
    desk.say("subscribe", *arguments)
    assert desk.subscriptions.current() == ()
    ((address, said),) = desk.port.of("error")
    assert address == f"{PREFIX}/subscribe"
    assert reason in str(said)


def test_who_has_no_address_cannot_be_subscribed_and_nothing_breaks(desk: Desk) -> None:
    assert desk.say("subscribe", sender=KEYBOARD) == []
    assert desk.say("ping", 1, sender=KEYBOARD) == []
    assert desk.port.said == []


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("in/freeze", ("yes",), "hold is a number"),
        ("in/freeze", (), "takes i hold 0..1, not 0 arguments"),
        ("in/override", (math.nan, 0.0), "no finite number"),
        ("in/override", (0.0, math.inf), "no finite number"),
        ("in/affect/va", (1.5, 0.0), "-1 to 1"),
        ("in/set/rate_hz", (0,), "1 to 60"),
        ("in/test", ("fireworks",), "pattern is one of sweep, quadrants, request"),
        ("in/preset", ("../../etc/passwd.toml",), "no preset"),
        ("in/learn", ("nonsense",), "no output"),
        ("in/label/set", (1, ""), "1 to 64 characters"),
        ("in/label/set", (1, "x" * 65), "1 to 64 characters"),
        ("in/affect/emotion", ("qwertz",), "no word"),
        ("in/request/ack", (4, "started"), "no request 4: the newest is 3"),
        ("in/request/ack", (0, "started"), "no request 0"),
        ("in/sett/rate_hz", (1,), "did you mean /oscbridge/in/set/rate_hz?"),
        ("valence", (0.5,), "is what oscbridge says"),
        ("in/affect/face", (0.5,), "means nothing here"),
    ],
)
def test_what_is_wrong_is_told_to_who_said_it(
    name: str, arguments: tuple[object, ...], reason: str, desk: Desk
) -> None:
    assert desk.say(name, *arguments) == []
    ((to, address, (about, said)),) = desk.port.said
    assert (to, address, about) == (ME.address, f"{PREFIX}/error", f"{PREFIX}/{name}")
    assert reason in str(said)


def test_who_acknowledges_before_anything_was_asked_for_is_told_so(desk: Desk) -> None:
    for stream in desk.streams.values():
        stream.last_request = 0
    assert desk.say("in/request/ack", 1, "queued") == []
    ((_, reason),) = desk.port.of("error")
    assert str(reason).endswith("nothing has been asked for yet")


def test_of_one_address_an_error_is_told_once_a_second_and_each_sender_is_told(desk: Desk) -> None:
    for _ in range(50):
        desk.say("in/freeze", "no")
        desk.say("in/freeze", "no", sender=AWAY)
    assert sorted(to for to, _, _ in desk.port.said) == sorted([ME.address, AWAY.address])
    desk.clock_s[0] += AGAIN_S + 0.01
    desk.say("in/freeze", "no")
    assert len(desk.port.said) == 3


def test_errors_about_many_addresses_are_few_a_second(desk: Desk) -> None:
    for number in range(1000):
        desk.clock_s[0] += 0.001
        desk.receiver.take(f"{PREFIX}/nonsense/{number}", (), ME)
    assert len(desk.port.said) <= MOST + 2


def test_errors_in_one_breath_are_told_one_by_one(desk: Desk) -> None:
    names = ("in/frieze", "in/test", "in/label/set", "in/set/rate_hz")
    for name in names:
        desk.say(name, "nonsense")
    told = [address for address, _ in desk.port.of("error")]
    assert told == [f"{PREFIX}/{name}" for name in names]


def test_two_that_complain_about_each_other_come_to_rest(desk: Desk) -> None:
    for _ in range(10):
        desk.clock_s[0] += 10.0
        for name in ("error", "pong", "hello"):
            signal = SIGNALS[name]
            desk.receiver.take(signal.address, ["/x", "y"], ME)
    assert desk.port.said == []


def test_what_is_outside_our_addresses_is_told_where_ours_are(desk: Desk) -> None:
    desk.receiver.take("/osc/in/freeze", (1,), ME)
    ((_, reason),) = desk.port.of("error")
    assert f"starts with {PREFIX}" in str(reason)


def test_people_are_told_what_was_wrong_as_well_as_who_said_it(desk: Desk) -> None:
    desk.say("in/request/make", 2.0, 0.0)
    assert desk.receiver.traffic.report(time.monotonic())
    detail = desk.receiver.traffic.detail
    assert detail.startswith("1 cannot be done, last from 127.0.0.1:5000: ")
    assert detail.endswith("/in/request/make: valence is -1 to 1, not 2")


def test_what_a_host_tells_beside_what_its_preset_needs_is_no_trouble(desk: Desk) -> None:
    desk.receiver.understand(Translation(load_preset("ardour")))
    desk.receiver.take("/strip/meter", (1, -20.0), ME)
    assert desk.receiver.traffic.foreign == 0
    desk.say("in/frieze", 1)
    assert desk.receiver.traffic.foreign == 1
    assert len(desk.port.of("error")) == 1


def test_a_pattern_reaches_all_that_it_means(desk: Desk) -> None:
    assert desk.say("in/set/sensitivity_[av]", 0.5) == [
        orders.Adjust("sensitivity_v", 0.5),
        orders.Adjust("sensitivity_a", 0.5),
    ]
    assert desk.say("in/set/{dwell_s,smoothing_s}", 2.0) == [
        orders.Adjust("smoothing_s", 2.0),
        orders.Adjust("dwell_s", 2.0),
    ]


def test_the_name_in_an_open_ended_address_is_read(desk: Desk) -> None:
    desk.say("in/affect/face/jawOpen", 0.5)
    ((_, reason),) = desk.port.of("error")
    assert str(reason).startswith("not yet")


def bundle(time_tag: float, *names: str) -> bytes:
    builder = OscBundleBuilder(time_tag)  # type: ignore[arg-type]
    for name in names:
        message = OscMessageBuilder(f"{PREFIX}/{name}")
        builder.add_content(message.build())
    return builder.build().dgram


def test_a_bundle_for_a_far_year_is_carried_out_at_once_and_together(desk: Desk) -> None:
    desk.receiver.take_packet(bundle(2_000_000_000.0, "refresh", "in/calibrate/origin"), ME)
    assert desk.streams[""].told == [orders.Refresh(), orders.Origin(None)]


@pytest.mark.parametrize("data", [b"", b"/", b"#bundle\0", b"\0" * 64, b"/a\0\0,i\0\0"])
def test_what_is_no_osc_is_counted_and_nobody_is_answered(data: bytes, desk: Desk) -> None:
    desk.receiver.take_packet(data, ME)
    assert desk.receiver.traffic.malformed == 1
    assert desk.port.said == []


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_at_all_can_make_it_raise(data: bytes) -> None:
    desk = Desk()
    for start in (b"", b"/oscbridge/in/", b"#bundle\0", b"/oscbridge/in/set/*\0,f\0\0"):
        desk.receiver.take_packet(start + data, ME)
    assert desk.receiver.traffic.packets + desk.receiver.traffic.malformed == 4


ARGUMENT = st.one_of(
    st.integers(),
    st.floats(),
    st.text(max_size=80),
    st.binary(max_size=8),
    st.booleans(),
    st.none(),
    st.lists(st.integers(), max_size=2),
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(INLETS)), st.lists(ARGUMENT, max_size=5))
def test_no_arguments_can_make_it_raise_and_all_that_gets_through_is_finite(
    name: str, arguments: list[object]
) -> None:
    desk = Desk()
    for command in desk.say(name, *arguments):
        numbers = [
            value
            for field_name in command.__slots__
            if isinstance(value := getattr(command, field_name), float)
        ]
        endless = {"for_s"} if isinstance(command, orders.Override) else set()
        assert all(map(math.isfinite, numbers)) or endless
    for _, _, params in desk.port.said:
        assert all(not isinstance(value, float) or math.isfinite(value) for value in params)


def test_streams_with_names_are_spoken_to_one_by_one_or_all_at_once() -> None:
    desk = Desk(streams={"drums": FakeStream(), "crowd": FakeStream()})
    desk.receiver.take(f"{PREFIX}/drums/in/freeze", (1,), ME)
    assert desk.streams["drums"].told == [orders.Freeze(True)]
    assert desk.streams["crowd"].told == []
    desk.receiver.take(f"{PREFIX}/in/freeze", (0,), ME)
    assert desk.streams["crowd"].told == [orders.Freeze(False)]
    assert desk.streams["drums"].told[-1] == orders.Freeze(False)
    desk.receiver.take(f"{PREFIX}/*/refresh", (), ME)
    assert desk.streams["crowd"].told[-1] == desk.streams["drums"].told[-1] == orders.Refresh()


@pytest.mark.parametrize("profile", ["wek", "mood", "vrchat"])
def test_words_without_room_for_names_are_refused_where_streams_have_names(profile: str) -> None:
    desk = Desk(streams={"drums": FakeStream(), "crowd": FakeStream()})
    desk.say("subscribe", "127.0.0.1", 9000, profile)
    ((_, reason),) = desk.port.of("error")
    assert "no room for the names" in str(reason)


def test_what_a_host_says_reaches_who_has_its_preset(desk: Desk) -> None:
    desk.receiver.forward("", lambda address: address == "/live/startup")
    desk.receiver.take("/live/startup", (), ME)
    assert desk.streams[""].told == [orders.HostSaid("/live/startup", ())]
    assert desk.port.said == []


def test_labels_that_were_changed_are_words_for_emotions(desk: Desk) -> None:
    desk.say("in/label/set", 3, "verloren")
    assert desk.say("in/affect/emotion", "Verloren") == [
        orders.Felt("osc:verloren", -0.5, -0.5, 1.0)
    ]


def test_who_turns_knobs_here_is_another_source_than_who_sends(desk: Desk) -> None:
    assert desk.say("in/affect/valence", 0.5, sender=KEYBOARD) == [
        orders.Felt("manual", 0.5, None, 1.0)
    ]
