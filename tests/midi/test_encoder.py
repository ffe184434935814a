"""What leaves a port: every byte is read by mido, every note ends, no limit is passed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscbridge.midi.encoder import NEEDED, MidiEncoder
from oscbridge.midi.table import CONTROLS, LEARNABLE, NOTES
from oscbridge.protocol import SIGNALS, Message

NUMBER_OF = {  # as the published map has it, not as our table does
    "valence": 20,
    "arousal": 21,
    "intensity": 22,
    "confidence": 23,
    "quadrant/1": 24,
    "quadrant/2": 25,
    "quadrant/3": 26,
    "quadrant/4": 27,
    "energy": 28,
    "player/valence": 29,
    "player/arousal": 30,
    "request/urgency": 31,
}
LABEL_NUMBER_OF = {f"label/{n}": 101 + n for n in range(1, 9)}
TWO_SIDED = {"valence", "arousal", "player/valence", "player/arousal"}
REQUEST = SIGNALS["request"]


def say(name: str, *values: object) -> Message:
    return SIGNALS[name].message(*values)


def request(urgency: float, transition: str) -> Message:
    return REQUEST.message(1, 0.5, 0.5, 0.5, urgency, transition, "bar", 4.0, 0.0, 0.0, "test")


@dataclass
class Desk:
    """A port that a strict parser listens to, and whoever calls the encoder when it is time."""

    encoder: MidiEncoder
    now_s: float = 100.0
    parser: mido.Parser = field(default_factory=mido.Parser)
    heard: list[tuple[float, mido.Message]] = field(
        default_factory=list[tuple[float, mido.Message]]
    )
    notes: set[int] = field(default_factory=set[int])

    def __post_init__(self) -> None:
        self.hear(self.encoder.open(self.now_s))

    def hear(self, sent: Sequence[bytes]) -> None:
        for data in sent:
            self.parser.feed(data)
            (message,) = self.parser  # neither half a message nor two
            assert bytes(message.bytes()) == data
            assert message.channel == 15
            self.heard.append((self.now_s, message))
            if message.type == "note_on":
                assert message.velocity > 0
                assert message.note not in self.notes, "begun twice"
                self.notes.add(message.note)
            elif message.type == "note_off":
                self.notes.discard(message.note)

    def send(self, *messages: Message) -> None:
        said = [(signal.name, args[: NEEDED.get(signal.name)]) for signal, args in messages]
        self.hear(self.encoder.update(said, self.now_s))

    def wait(self, seconds: float) -> None:
        end_s = self.now_s + seconds
        while self.encoder.due_s <= end_s:
            self.now_s = max(self.now_s, self.encoder.due_s)
            self.send()
            assert self.encoder.due_s > self.now_s, "would be called for ever"
        self.now_s = end_s

    def close(self) -> None:
        self.hear(self.encoder.close(self.now_s))

    def of(self, kind: str) -> list[mido.Message]:
        return [message for _, message in self.heard if message.type == kind]

    def values(self, control: int) -> list[int]:
        return [m.value for m in self.of("control_change") if m.control == control]

    def played(self) -> list[tuple[str, int]]:
        """Notes on and off after those that opening ended."""
        return [(m.type, m.note) for _, m in self.heard[16:] if m.type.startswith("note")]


def desk(**options: bool) -> Desk:
    return Desk(MidiEncoder(**options))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        *((name, v, p) for name in sorted(TWO_SIDED) for v, p in ((-1, 0), (0, 64), (1, 127))),
        *(("energy", level, 14 * (level - 1)) for level in range(1, 11)),
        *(("intensity", v, p) for v, p in ((0.0, 0), (0.25, 32), (1.0, 127))),
        ("confidence", 0.9, 114),
        ("quadrant/3", 0.5, 64),
        ("request/urgency", 1.0, 127),
        ("valence", -0.42, round(63.5 * 0.58)),
    ],
)
def test_a_signal_moves_its_control(name: str, value: float, expected: int) -> None:
    port = desk()
    port.send(say(name, value))
    assert port.values(NUMBER_OF[name]) == [expected]
    assert len(port.of("control_change")) == 1


def test_only_a_change_of_the_position_is_sent() -> None:
    port = desk()
    for step in range(100):
        port.send(say("valence", 0.001 * step / 100))
        port.wait(0.05)
    assert port.values(20) == [64]


def test_fourteen_bits_are_two_controls_the_upper_one_first() -> None:
    port = desk(fourteen_bit=True)
    port.send(say("valence", 0.0), say("arousal", 1.0), say("intensity", 0.5))
    sent = [(m.control, m.value) for m in port.of("control_change")]
    assert sorted(sent) == [(20, 64), (21, 127), (22, 64), (52, 0), (53, 127)]
    assert sent.index((20, 64)) + 1 == sent.index((52, 0))
    assert sent.index((21, 127)) + 1 == sent.index((53, 127))
    port.wait(0.1)
    port.send(say("valence", 0.3))
    upper, lower = port.values(20)[-1], port.values(52)[-1]
    assert upper << 7 | lower == round(16383 * 1.3 / 2)


def test_opening_ends_every_note_that_we_ever_play() -> None:
    assert {m.note for m in desk().of("note_off")} == {*range(60, 68), *range(72, 80)}


def test_the_quadrant_is_a_note_that_lasts_and_ends_before_the_next() -> None:
    port = desk()
    port.send(say("quadrant", 0))
    port.send(say("quadrant", 2), say("confidence", 0.8))
    assert port.of("note_on")[0].velocity == round(0.8 * 127)
    port.wait(5.0)
    port.send(say("quadrant", 4))
    port.wait(1.0)
    port.send(say("quadrant", 4))
    port.send(say("quadrant", 0))
    on, off = "note_on", "note_off"
    assert port.played() == [(on, 61), (off, 61), (on, 63), (off, 63)]


def test_a_quadrant_that_nobody_is_sure_of_sounds_all_the_same() -> None:
    port = desk()
    port.send(say("quadrant", 1), say("confidence", 0.0))
    assert [m.velocity for m in port.of("note_on")] == [1]


@pytest.mark.parametrize(
    ("message", "note", "velocity"),
    [
        (say("segment/boundary", 3, 400, 0.5), 64, 64),
        (request(1.0, "crossfade"), 65, 127),
        (request(0.25, "stinger"), 66, 32),
    ],
)
def test_an_event_is_a_note_of_a_tenth_of_a_second(
    message: Message, note: int, velocity: int
) -> None:
    port = desk()
    port.send(message)
    (on,) = port.of("note_on")
    assert (on.note, on.velocity) == (note, velocity)
    begun_s = port.now_s
    port.wait(1.0)
    ended_s, off = port.heard[-1]
    assert (off.type, off.note) == ("note_off", note)
    assert ended_s - begun_s == pytest.approx(0.1)


def test_freezing_and_letting_go_is_a_note_and_the_first_status_is_not() -> None:
    port = desk()
    for state in ("starting", "listening", "frozen", "frozen", "listening", "silent"):
        port.send(say("status", state, ""))
        port.wait(0.5)
    assert [m.note for m in port.of("note_on")] == [67, 67]


def test_urgency_goes_back_when_the_request_is_over() -> None:
    port = desk()
    port.send(say("request/urgency", 0.5))
    for state in ("sent", "queued", "started", "done"):
        port.wait(1.0)
        assert port.values(31) == [64]
        port.send(say("request/state", 1, state))
    assert port.values(31) == [64, 0]


def test_program_changes_are_sent_where_they_are_wanted() -> None:
    for wanted in (False, True):
        port = desk(program_change=wanted)
        for quadrant in (0, 3, 1, 0):
            port.send(say("quadrant", quadrant))
            port.wait(1.0)
        assert [m.program for m in port.of("program_change")] == ([2, 0] if wanted else [])


def test_what_is_held_back_is_the_newest_and_leaves_when_it_may() -> None:
    port = desk()
    for value in (0.0, 0.1, 0.2, 0.3, 1.0):
        port.send(say("valence", value))
    assert port.values(20) == [64]
    assert port.encoder.due_s == pytest.approx(port.now_s + 0.02)
    port.wait(1.0)
    assert port.values(20) == [64, 127]


def test_closing_ends_all_notes_and_leaves_what_was_moved_neutral() -> None:
    port = desk()
    port.send(say("valence", 1.0), say("energy", 10), say("quadrant", 1))
    port.send(say("segment/boundary", 1, 0, 1.0))
    port.close()
    assert not port.notes
    assert {m.note for m in port.of("note_off")[-16:]} == {*range(60, 68), *range(72, 80)}
    assert (port.values(20), port.values(28)) == ([127, 64], [126, 56])
    assert {m.control for m in port.of("control_change")} == {20, 28}


def test_controls_can_be_left_where_they_are() -> None:
    port = desk(leave=True)
    port.send(say("valence", 1.0), say("quadrant", 1))
    port.close()
    assert not port.notes
    assert port.values(20) == [127]


def everything(value: float, quadrant: int) -> list[Message]:
    return [
        *(say(name, value) for name in NUMBER_OF if name != "energy"),
        say("energy", 1 + round(9 * abs(value))),
        say("quadrant", quadrant),
        say("segment/boundary", 1, 0, abs(value)),
        request(abs(value), "stinger"),
    ]


@pytest.mark.parametrize("name", LEARNABLE)
@pytest.mark.parametrize("sweep", [True, False])
def test_while_one_is_learned_nothing_else_leaves(name: str, sweep: bool) -> None:
    port = desk()
    port.send(*everything(0.5, 1))
    port.wait(0.01)
    port.hear(port.encoder.learn(name, port.now_s, sweep=sweep))
    assert port.encoder.learned == name
    assert not port.notes
    before = len(port.heard)
    for step in range(120):
        port.send(*everything(step / 60 - 1.0, step % 5))
        port.wait(0.05)
    learned = [message for _, message in port.heard[before:]]
    if name in CONTROLS:
        number = NUMBER_OF.get(name) or LABEL_NUMBER_OF[name]
        assert {(m.type, m.control) for m in learned} == {("control_change", number)}
        values = [m.value for m in learned]
        assert {0, 127} <= set(values)
        assert values[0] == (0 if sweep else 127)
        assert len(set(values)) > 40 or not sweep
    else:
        assert {m.note for m in learned} == {NOTES[name].number}
        assert {m.type for m in learned} == {"note_on", "note_off"}


def test_a_learned_control_goes_up_and_down_in_two_seconds_and_again() -> None:
    port = desk()
    port.encoder.learn("arousal", port.now_s)
    port.wait(6.0)
    tops_s = [at_s for at_s, m in port.heard if m.type == "control_change" and m.value == 127]
    assert len(tops_s) == 3
    assert [b - a for a, b in pairwise(tops_s)] == pytest.approx([2.0, 2.0])
    values = port.values(21)
    assert all(abs(b - a) <= 3 for a, b in pairwise(values))


def test_next_goes_through_all_that_can_be_learned_and_then_ends() -> None:
    port = desk()
    names: list[str] = []
    for _ in range(len(LEARNABLE) + 1):
        port.hear(port.encoder.learn("next", port.now_s))
        names.append(port.encoder.learned)
        port.wait(2.5)
    assert names == [*LEARNABLE, ""]
    assert not port.notes


def test_after_learning_everything_is_said_anew() -> None:
    port = desk()
    port.send(say("valence", 1.0), say("arousal", -1.0), say("quadrant", 3))
    port.hear(port.encoder.learn("valence", port.now_s))
    port.wait(2.0)
    port.send(say("arousal", 0.0), say("quadrant", 2))
    before = len(port.heard)
    port.hear(port.encoder.learn("stop", port.now_s))
    port.wait(0.5)
    after = {m.dict().get("control", m.dict().get("note")): m for _, m in port.heard[before:]}
    assert (after[20].value, after[21].value) == (127, 64)
    assert port.notes == {61}


def test_a_control_that_only_learning_moved_ends_neutral() -> None:
    port = desk()
    port.encoder.learn("player/valence", port.now_s)
    port.wait(1.3)
    port.hear(port.encoder.learn("stop", port.now_s))
    port.wait(0.5)
    assert port.values(29)[-1] == 64


def test_a_stop_where_nothing_is_learned_says_nothing() -> None:
    port = desk()
    port.send(say("quadrant", 3))
    assert port.encoder.learn("stop", port.now_s) == []
    assert port.encoder.learn("no such thing", port.now_s) == []


@pytest.mark.parametrize("channel", [0, 17])
def test_a_channel_that_does_not_exist_is_refused(channel: int) -> None:
    with pytest.raises(ValueError, match="1 to 16"):
        MidiEncoder(channel)


VALUES = st.floats(-1.0, 1.0, width=32)
OURS = st.one_of(
    st.builds(say, st.sampled_from(sorted({*NUMBER_OF} - {"energy"})), VALUES),
    st.builds(say, st.just("energy"), st.integers(1, 10)),
    st.builds(say, st.just("quadrant"), st.integers(0, 4)),
    st.builds(say, st.just("segment/boundary"), st.just(1), st.just(0), VALUES),
    st.builds(request, VALUES, st.sampled_from(["cut", "stinger"])),
    st.builds(say, st.just("status"), st.sampled_from(["listening", "frozen"]), st.just("")),
    st.builds(say, st.just("request/state"), st.just(1), st.sampled_from(["sent", "done"])),
)
STEP = st.one_of(
    st.lists(OURS, max_size=8),
    st.sampled_from([*LEARNABLE, "next", "stop", "stop", "stop"]),
)
STEPS = st.lists(st.tuples(STEP, st.sampled_from([0.0, 0.0, 0.001, 0.02, 0.3])), max_size=60)


def most_in_a_second(times_s: list[float]) -> int:
    return max(
        (bisect_left(times_s, at_s + 1.0 - 1e-9) - n for n, at_s in enumerate(times_s)), default=0
    )


@settings(max_examples=150, deadline=None)
@given(STEPS, st.booleans(), st.integers(1, 4))
def test_whatever_comes_notes_end_limits_hold_and_the_newest_wins(
    steps: list[tuple[list[Message] | str, float]], fine: bool, often: int
) -> None:
    port = desk(fourteen_bit=fine, program_change=True)
    newest: dict[str, float] = {}
    for _ in range(often):
        for step, pause_s in steps:
            if isinstance(step, str):
                port.hear(port.encoder.learn(step, port.now_s))
            else:
                port.send(*step)
                for message in step:
                    name = message.signal.name
                    if name in NUMBER_OF:
                        newest[name] = float(message.args[0])
                    elif name == "request/state" and message.args[1] == "done":
                        newest["request/urgency"] = 0.0
            port.wait(pause_s)
    port.hear(port.encoder.learn("stop", port.now_s))
    port.wait(3.0)
    for name, value in newest.items():
        low, high = CONTROLS[name].low, CONTROLS[name].high
        share = (value - low) / (high - low)
        last = port.values(NUMBER_OF[name])[-1]
        if fine and name in ("valence", "arousal"):
            assert last << 7 | port.values(NUMBER_OF[name] + 32)[-1] == round(16383 * share)
        else:
            assert last == round((126 if name == "energy" else 127) * share)
    assert not port.notes & {64, 65, 66, 67}
    moved = len(port.heard)
    port.close()
    assert not port.notes
    assert most_in_a_second([at_s for at_s, _ in port.heard]) <= 300
    for number in range(128):
        times_s = [
            at_s
            for at_s, m in port.heard[:moved]
            if m.type == "control_change" and m.control == number
        ]
        assert most_in_a_second(times_s) <= 50


def test_a_flood_is_held_to_three_hundred_a_second_and_the_gate_stays_true() -> None:
    port = desk(fourteen_bit=True, program_change=True)
    for step in range(3000):
        port.send(*everything(1.0 - step % 3, step % 5))
        port.wait(0.001)
    port.send(say("quadrant", 2))
    port.wait(1.0)
    assert 150 < most_in_a_second([at_s for at_s, _ in port.heard]) <= 300
    assert port.notes == {61}


def fit(port: Desk, number: int, weight: float) -> None:
    port.hear(port.encoder.update([(f"label/{number}", (weight,))], port.now_s))
    port.wait(0.05)


def test_a_label_is_a_control_and_a_note_that_lasts_while_it_fits() -> None:
    port = desk()
    heard: list[set[int]] = []
    for weight in (0.2, 0.6, 0.45, 0.3, 1.0, 0.0):
        fit(port, 3, weight)
        heard.append(set(port.notes))
    assert port.values(104) == [25, 76, 57, 38, 127, 0]
    assert heard == [set(), {74}, {74}, set(), {74}, set()]
    fit(port, 8, 0.9)
    port.hear(port.encoder.close(port.now_s))
    assert not port.notes
