"""Whoever can be heard, end to end: a datagram as that program sends it becomes the player's
feeling on the wire.

The bytes are python-osc's, bundles where the program sends bundles; the way is a real UDP socket at
the preset's port (a free one, chosen as users choose it: ``--hear NAME:PORT``), and what the player
feels is read by another program that has subscribed. Whoever needs to know what rest is, or a
neutral face, is told by ``calibrate`` over OSC, as a user would.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from oscbridge import sensors
from oscbridge.config import DEFAULT_SENSORS
from oscbridge.inbound.settings import PortSettings
from oscbridge.mapping import inbound_names
from tests.inbound.world import Peer, World, running, until

Word = tuple[str, Sequence[object]]
Frame = Sequence[Word]

ARKIT_REST = [
    (f"{name}{side}", 0.0) for name in ("eyeBlink", "browDown") for side in ("Left", "Right")
]


@dataclass
class Told:
    """What a program says, and what must come of it.

    Attributes
    ----------
    rest : sequence of Word
        What it says of a player who rests or looks calmly.
    words : sequence of Word
        What it says when the player is moved.
    axis : str
        What must follow: ``valence`` or ``arousal``.
    sign : int
        Up or down.
    source : str
        Who is said to tell.
    steps : tuple of str
        The calibration around what it says at rest.
    bundle : bool
        Whether it sends all of it in one bundle.
    silent : sequence of Word
        After these nothing is known any more.
    """

    words: Frame
    axis: str
    sign: int
    source: str
    rest: Frame = ()
    steps: tuple[str, ...] = ()
    bundle: bool = False
    silent: Frame = ()


def avatar(name: str, value: object) -> Word:
    return f"/avatar/parameters/{name}", (value,)


def gesture(mouth: float) -> Frame:
    """A frame of FaceOSC, in the order in which it sends."""
    return [
        ("/found", (1,)),
        ("/pose/position", (320.0, 240.0)),
        ("/pose/scale", (5.0,)),
        ("/pose/orientation", (0.1, 0.0, 0.0)),
        ("/gesture/mouth/width", (mouth,)),
        ("/gesture/mouth/height", (1.5,)),
        ("/gesture/eyebrow/left", (7.5,)),
        ("/gesture/eyebrow/right", (7.5,)),
        ("/gesture/eye/left", (3.0,)),
        ("/gesture/eye/right", (3.0,)),
        ("/gesture/jaw", (24.0,)),
        ("/gesture/nostrils", (5.5,)),
    ]


def blend(shapes: dict[str, float]) -> Frame:
    """A frame of the VMC protocol 2.7."""
    return [
        ("/VMC/Ext/OK", (1, 3, 0, 1)),
        ("/VMC/Ext/T", (12.5,)),
        *(("/VMC/Ext/Blend/Val", (name, weight)) for name, weight in shapes.items()),
        ("/VMC/Ext/Blend/Apply", ()),
    ]


SMILE = {
    f"{name}{side}": 0.9 for name in ("mouthSmile", "cheekSquint") for side in ("Left", "Right")
}
GONE = [avatar("isHRConnected", False)]

SAYS = {
    "hr-pulsoid": Told(
        [avatar("HeartRateInt", 72), avatar("HeartBeatToggle", True)],
        *("arousal", 1, "heart_rate"),
        steps=("neutral",),
        rest=[avatar("HeartRateInt", 60)],
        silent=GONE,
    ),
    "hr-presence": Told(
        [avatar("HR", 72), avatar("onesHR", 2), avatar("floatHR", 72 / 127.5 - 1.0)],
        *("arousal", 1, "heart_rate"),
        steps=("neutral",),
        rest=[avatar("HR", 60), avatar("floatHR", 60 / 127.5 - 1.0)],
        silent=GONE,
    ),
    "hr-float01": Told(
        [avatar("HeartRateFloat01", 72 / 255)],
        *("arousal", 1, "heart_rate"),
        steps=("neutral",),
        rest=[avatar("HeartRateFloat01", 60 / 255)],
        silent=GONE,
    ),
    "hr-bipolar": Told(
        [avatar("HeartRateFloat", 72 / 127.5 - 1.0)],
        *("arousal", 1, "heart_rate"),
        steps=("neutral",),
        rest=[avatar("HeartRateFloat", 60 / 127.5 - 1.0)],
        silent=GONE,
    ),
    "hr-rate60": Told(
        [avatar("HeartrateNormalised", 1.2), avatar("HeartrateOnes", 2)],
        *("arousal", 1, "heart_rate"),
        steps=("neutral",),
        rest=[avatar("HeartrateEnabled", True), avatar("HeartrateNormalised", 1.0)],
        silent=[avatar("HeartrateEnabled", False)],
    ),
    "hr-lynx": Told(
        [avatar("Heartrate", 72.0), avatar("WatchBattery", 80)],
        *("arousal", 1, "heart_rate"),
        steps=("neutral",),
        rest=[avatar("Heartrate", 60.0)],
    ),
    "hr-osc": Told(
        [("/hrm", ("4B3F-22", "Polar H7", 72, -61))],
        *("arousal", 1, "heart_rate"),
        steps=("neutral",),
        rest=[("/rr", ("4B3F-22", "Polar H7", 1, 1.0)), ("/hrm", ("4B3F-22", "Polar H7", 60, -61))],
    ),
    "emotibit": Told(
        [("/EmotiBit/0/HR", (72.0,)), ("/EmotiBit/0/EDA", (3.0,)), ("/EmotiBit/0/TEMP", (33.0,))],
        *("arousal", 1, "heart_rate"),
        steps=("neutral",),
        rest=[("/EmotiBit/0/HR", (60.0,)), ("/EmotiBit/0/EDA", (2.0,))],
    ),
    "emotiv": Told(
        [("/met/exc", (0.9,)), ("/met/int", (0.8,)), ("/met/str", (0.2,)), ("/com/push", (0.4,))],
        *("arousal", 1, "emotiv"),
        bundle=True,
    ),
    "neurosity": Told([("/neurosity/notion/7cca79/calm", (0.9,))], "arousal", -1, "neurosity"),
    "faceosc": Told(
        gesture(17.0),
        *("valence", 1, "face"),
        rest=gesture(14.0),
        steps=("start", "stop"),
        bundle=True,
        silent=[("/found", (0,))],
    ),
    "vmc": Told(
        blend(SMILE),
        *("valence", 1, "face"),
        rest=blend(dict.fromkeys(SMILE, 0.0)),
        bundle=True,
        silent=[("/VMC/Ext/OK", (1, 3, 0, 0))],
    ),
    "arkit-osc": Told(
        [(f"/{name}", (weight,)) for name, weight in SMILE.items()],
        *("valence", 1, "face"),
        rest=[(f"/{name}", (weight,)) for name, weight in ARKIT_REST],
    ),
    "wekinator-out": Told([("/wek/outputs", (0.1, 0.2))], "valence", -1, "osc"),
    "emotion-compat-in": Told([("/valence", (-0.7,)), ("/arousal", (0.5,))], "valence", -1, "osc"),
    "mood-compat-in": Told([("/mood/valence", (0.9,))], "valence", 1, "osc"),
}
"""Every program that can be heard, from its own documentation or sources (`presets`)."""


@dataclass
class Program:
    """Another program on this machine, and the run that it speaks to."""

    told: Told
    world: World
    port: int
    udp: socket.socket

    def say(self, words: Frame) -> None:
        """Say something, and wait until it is heard."""
        traffic = self.world.access.receiver.traffic
        heard = traffic.messages
        for datagram in datagrams(words, bundle=self.told.bundle):
            self.udp.sendto(datagram, ("127.0.0.1", self.port))
        until(lambda: traffic.messages >= heard + len(words))

    def moves(self, peer: Peer) -> bool:
        """Say that the player is moved; whether it is known."""
        self.say(self.told.words)
        peer.listen(0.02)
        said = [float(str(heard.args[0])) for heard in peer.of(f"player/{self.told.axis}")]
        return any(self.told.sign * value > 0.05 for value in said)


@pytest.fixture
def udp() -> Iterator[socket.socket]:
    """Give the socket of another program."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        yield one


def datagrams(words: Frame, *, bundle: bool) -> list[bytes]:
    """Words as python-osc writes them, one a datagram or all of them in one bundle."""
    messages: list[OscMessageBuilder] = []
    for address, arguments in words:
        messages.append(OscMessageBuilder(address))
        for argument in arguments:
            messages[-1].add_arg(argument)  # type: ignore[arg-type]
    if not bundle:
        return [message.build().dgram for message in messages]
    whole = OscBundleBuilder(IMMEDIATELY)
    for message in messages:
        whole.add_content(message.build())  # type: ignore[arg-type]
    return [whole.build().dgram]


def calibrate(peer: Peer, step: str) -> None:
    """Take a step of a calibration, and wait until it is taken."""
    peer.forget()
    peer.say("in/affect/calibrate", step)
    peer.say("ping", 1)
    peer.wait_for("pong")
    assert not peer.of("error")


@pytest.mark.parametrize("name", inbound_names())
def test_what_a_program_says_becomes_what_the_player_feels(
    name: str, udp: socket.socket, free_udp_port: int
) -> None:
    told = SAYS[name]
    with running(PortSettings(port=0, hear=(f"{name}:{free_udp_port}",))) as world:
        program = Program(told, world, free_udp_port, udp)
        for sensor in DEFAULT_SENSORS:
            module = sensors.load(sensor)
            world.access.receiver.ask(module.open(module.Config(), world.access.receiver.tell))
        peer = world.peer()
        peer.say("subscribe")
        peer.wait_for("hello")
        for step in told.steps[:-1]:
            calibrate(peer, step)
        for _ in range(3 if told.rest else 0):
            program.say(told.rest)
        for step in told.steps[-1:]:
            calibrate(peer, step)
        until(lambda: program.moves(peer))
        assert peer.wait_for("player/source", told.source)
        assert peer.of("player/confidence")
        if told.silent:
            peer.forget()
            program.say(told.silent)
            peer.wait_for("player/source", "none")
            peer.wait_for("player/confidence", 0.0)
        assert world.access.receiver.traffic.refused == 0
