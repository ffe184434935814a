"""What a controller says to us: every call is one that an inlet takes."""

from __future__ import annotations

import mido
import pytest

from oscbridge.inlets import INLETS
from oscbridge.midi.input_map import InputMap
from oscbridge.midi.table import KNOBS


def turn(number: int, value: int, channel: int = 15) -> bytes:
    message = mido.Message("control_change", control=number, value=value, channel=channel)
    return bytes(message.bytes())


def strike(note: int, velocity: int = 90) -> bytes:
    message = mido.Message("note_on", note=note, velocity=velocity, channel=15)
    return bytes(message.bytes())


@pytest.mark.parametrize(
    ("message", "calls"),
    [
        (turn(110, 127), [("in/freeze", (1,))]),
        (turn(111, 127), [("in/set/smoothing_s", (10.0,))]),
        (turn(111, 0), [("in/set/smoothing_s", (0.0,))]),
        (turn(112, 64), [("in/set/sensitivity_v", (1.0,)), ("in/set/sensitivity_a", (1.0,))]),
        (turn(112, 127), [("in/set/sensitivity_v", (2.0,)), ("in/set/sensitivity_a", (2.0,))]),
        (turn(113, 127), [("in/set/dwell_s", (30.0,))]),
        (turn(114, 64), [("in/affect/valence", (0.0,))]),
        (turn(114, 0), [("in/affect/valence", (-1.0,))]),
        (turn(115, 127), [("in/affect/arousal", (1.0,))]),
        (turn(115, 32), [("in/affect/arousal", (-0.5,))]),
        (turn(116, 64), [("in/set/intensity_bias", (0.0,))]),
        (turn(116, 127), [("in/set/intensity_bias", (1.0,))]),
        (turn(117, 127), [("in/learn", ("next",))]),
        (turn(118, 60), [("in/policy/strategy", ("iso",))]),
        (turn(118, 127), [("in/policy/strategy", ("director",))]),
        (turn(119, 127), [("in/policy/opt_out", (1,))]),
        (turn(14, 127), [("in/set/policy/goal_valence", (1.0,))]),
        (strike(36), [("in/label/train", ("1",))]),
        (strike(39), [("in/label/train", ("4",))]),
        (strike(40), [("in/segment/mark", ())]),
        (strike(41), [("in/label/wrong", ())]),
        (strike(42), [("in/label/train/undo", ())]),
        (strike(44), [("in/label/train", ("#1",))]),
        (strike(51), [("in/label/train", ("#8",))]),
    ],
)
def test_controls_and_notes_mean_what_the_published_map_says(
    message: bytes, calls: list[tuple[str, tuple[object, ...]]]
) -> None:
    assert InputMap().update(message, 0.0) == calls


def test_every_control_at_every_position_says_what_its_inlet_takes() -> None:
    said: set[str] = set()
    for number in range(128):
        for value in range(128):
            for name, arguments in InputMap().update(turn(number, value), 0.0):
                INLETS[name].read(arguments)
                said.add(name)
    inlets = {inlet for knob in KNOBS.values() for inlet in knob.inlets}
    assert said == inlets | {"in/learn"}


def test_a_switch_speaks_when_it_changes() -> None:
    heard = InputMap()
    calls = [heard.update(turn(110, value), 0.0) for value in (10, 70, 127, 64, 63, 0)]
    on, off = [("in/freeze", (1,))], [("in/freeze", (0,))]
    assert calls == [[], on, [], [], off, []]
    pressed = [heard.update(turn(117, value), 0.0) for value in (127, 0, 127)]
    assert [bool(call) for call in pressed] == [True, False, True]


def test_other_channels_and_the_end_of_notes_say_nothing() -> None:
    heard = InputMap()
    assert heard.update(turn(110, 127, channel=0), 0.0) == []
    assert heard.update(strike(40, velocity=0), 0.0) == []
    assert heard.update(bytes((0x8F, 40, 0)), 0.0) == []
    assert InputMap(1).update(turn(110, 127, channel=0), 0.0) == [("in/freeze", (1,))]


def test_the_clock_is_heard_whatever_the_channel() -> None:
    heard = InputMap(3)
    assert heard.update(b"\xfa", 0.0) == [("in/transport/playing", (1,))]
    calls = [call for n in range(49) for call in heard.update(b"\xf8", n / 48)]
    assert ("in/transport/beat", (2.0,)) in calls
    assert heard.look(60.0)[0] == ("in/transport/tempo", (0.0,))


def test_whatever_bytes_a_port_brings_nothing_is_raised() -> None:
    heard = InputMap()
    parser = mido.Parser()
    parser.feed(bytes(n * 7919 % 256 for n in range(20_000)))
    messages = [bytes(message.bytes()) for message in parser]
    assert len(messages) > 1000
    for place, message in enumerate(messages):
        for name, arguments in heard.update(message, place / 100):
            INLETS[name].read(arguments)
