"""A face told by its blend shapes: muscles, feelings, neutral faces, and faces that are lost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscbridge.body.face_muscles import ARKIT, MOVES, SHAPES, action_units, point_of
from oscbridge.inbound.words import point_of_word
from oscbridge.labels import Labels
from oscbridge.orders import Command, Felt, Forget
from oscbridge.sensors.face import FELT, GAP_S, NEUTRAL_S, STILL_S, Face
from presets import files
from presets.schema import InboundPreset
from tests.sensors.hearing import Clock, one_felt, say

PROTOTYPES = {
    "happiness": (6, 12),
    "sadness": (1, 4, 15),
    "surprise": (1, 2, 5, 26),
    "fear": (1, 2, 4, 5, 7, 20, 26),
    "anger": (4, 5, 7, 23),
    "disgust": (9, 15, 17),
    "tired": (43,),
}
"""Action units of each expression: Ekman, Friesen, Hager, FACS Investigator's Guide, 2002."""


def place_of(word: str) -> tuple[float, float]:
    """Where a word lies in the plane."""
    point = point_of_word(word, Labels())
    assert point is not None
    return point


def test_what_a_muscle_moves_is_the_smallest_that_puts_every_expression_in_its_place() -> None:
    units = sorted(MOVES)
    shown = np.array([[unit in of for unit in units] for of in PROTOTYPES.values()], dtype=float)
    places = np.array([place_of(word) for word in PROTOTYPES])
    derived = np.linalg.pinv(shown) @ places
    np.testing.assert_allclose([MOVES[unit] for unit in units], derived, atol=0.006)


@pytest.mark.parametrize("word", PROTOTYPES)
def test_an_expression_lies_where_its_word_does_and_half_of_it_half_way(word: str) -> None:
    for strength in (0.5, 1.0):
        point = point_of(dict.fromkeys(PROTOTYPES[word], strength))
        expected = [strength * axis for axis in place_of(word)]
        assert point == pytest.approx(expected, abs=0.03)


def test_all_shapes_are_arkit_s_and_half_a_smile_is_half_of_one() -> None:
    preset = files.read(files.paths()["arkit-osc"])
    assert isinstance(preset, InboundPreset)
    assert set(ARKIT) == {str(name) for name in preset.words["shape"].values()}
    assert len(set(ARKIT)) == 52
    assert {shape for shapes in SHAPES.values() for shape in shapes} <= set(ARKIT)
    both = {"mouthSmileLeft": 1.0, "mouthSmileRight": 0.0}
    assert action_units(both) == {12: 0.5}
    assert action_units({"mouthSmileLeft": 1.0}) == {12: 1.0}
    assert action_units({"tongueOut": 1.0}) == {}


def shown(sensor: Face, clock: Clock, shapes: Mapping[str, float], seconds: float) -> list[Command]:
    """Tell a face thirty times a second, trembling as all tracked faces do; all that was said."""
    said: list[Command] = []
    for frame in range(round(30 * seconds)):
        clock.now_s += 1 / 30
        for name, weight in {"jawLeft": 0.001 * (frame % 3), **shapes}.items():
            said += say(sensor, "face", weight, name=name)
    return said


SMILE = {name: 0.9 for pair in (SHAPES[6], SHAPES[12]) for name in pair}
FROWN = {name: 0.9 for pair in (SHAPES[1], SHAPES[4], SHAPES[15]) for name in pair}
CALM = {name: 0.0 for shapes in SHAPES.values() for name in shapes}


def seen() -> tuple[Face, Clock]:
    clock = Clock()
    return Face(clock), clock


def test_a_smile_is_pleasant_and_a_frown_is_not() -> None:
    sensor, clock = seen()
    smiling = one_felt(shown(sensor, clock, CALM | SMILE, 3.0)[-1:])
    frowning = one_felt(shown(sensor, clock, CALM | FROWN, 4.0)[-1:])
    calm = one_felt(shown(sensor, clock, CALM, 5.0)[-1:])
    assert smiling.source == "face"
    assert smiling.valence == pytest.approx(FELT * 0.9 * place_of("happiness")[0], abs=0.02)
    assert frowning.valence == pytest.approx(FELT * 0.9 * place_of("sadness")[0], abs=0.03)
    assert calm.valence == pytest.approx(0.0, abs=0.01)
    assert calm.confidence < frowning.confidence < 0.9
    assert calm.confidence < smiling.confidence < 0.9


def test_it_speaks_ten_times_a_second_at_most_however_much_is_told() -> None:
    sensor, clock = seen()
    said = shown(sensor, clock, dict.fromkeys(ARKIT, 0.1), 3.0)
    assert 20 <= len(said) <= 31


def test_a_blink_is_no_mood() -> None:
    sensor, clock = seen()
    shown(sensor, clock, CALM, 2.0)
    during = [one_felt([felt]).arousal for felt in shown(sensor, clock, blink(), 0.15)]
    assert during
    assert min(arousal for arousal in during if arousal is not None) > -0.15
    asleep = one_felt(shown(sensor, clock, blink(), 4.0)[-1:]).arousal
    assert asleep == pytest.approx(-0.8 * FELT, abs=0.02)


def blink() -> dict[str, float]:
    """Closed eyes."""
    return CALM | {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}


def test_a_person_whose_mouth_hangs_is_not_sad_once_that_is_known_to_be_neutral() -> None:
    hangs = CALM | {"mouthFrownLeft": 0.4, "mouthFrownRight": 0.4}
    sensor, clock = seen()
    before = one_felt(shown(sensor, clock, hangs, 2.0)[-1:])
    assert before.valence is not None
    assert before.valence < -0.05
    assert sensor.calibrate("neutral")
    assert shown(sensor, clock, hangs, NEUTRAL_S - 0.2) == []
    after = one_felt(shown(sensor, clock, hangs, 6.0)[-1:])
    assert after.valence == pytest.approx(0.0, abs=0.01)
    assert after.confidence > one_felt([before]).confidence * 0.8
    smiling = one_felt(shown(sensor, clock, hangs | SMILE, 3.0)[-1:])
    assert smiling.valence == pytest.approx(FELT * 0.9 * place_of("happiness")[0], abs=0.02)
    assert sensor.calibrate("reset")
    again = one_felt(shown(sensor, clock, hangs, 6.0)[-1:])
    assert again.valence == pytest.approx(before.valence, abs=0.02)


def test_start_and_stop_take_the_mean_of_all_between() -> None:
    sensor, clock = seen()
    shown(sensor, clock, CALM, 0.5)
    assert sensor.calibrate("start")
    assert shown(sensor, clock, CALM | {"jawOpen": 0.2}, 5.0) == []
    assert shown(sensor, clock, CALM | {"jawOpen": 0.4}, 5.0) == []
    assert sensor.calibrate("stop")
    felt = one_felt(shown(sensor, clock, CALM | {"jawOpen": 0.3}, 5.0)[-1:])
    assert felt.arousal == pytest.approx(0.0, abs=0.01)


def test_a_tracker_that_pauses_while_it_is_calibrated_loses_nothing() -> None:
    """As the preset of FaceOSC does, which finds its own neutral for three seconds meanwhile."""
    sensor, clock = seen()
    shown(sensor, clock, CALM, 1.0)
    assert sensor.calibrate("neutral")
    clock.now_s += 3.5
    shown(sensor, clock, CALM | {"jawOpen": 0.5}, 2.0)
    felt = one_felt(shown(sensor, clock, CALM | {"jawOpen": 0.5}, 3.0)[-1:])
    assert felt.arousal == pytest.approx(0.0, abs=0.01)


def test_without_a_face_there_is_nobody_to_calibrate() -> None:
    sensor, clock = seen()
    assert not any(sensor.calibrate(step) for step in ("neutral", "start", "stop", "reset"))
    shown(sensor, clock, CALM, 1.0)
    clock.now_s += GAP_S + 1.0
    assert not sensor.calibrate("neutral")


def test_a_face_that_its_tracker_has_lost_is_forgotten_at_once_and_once() -> None:
    sensor, clock = seen()
    shown(sensor, clock, CALM | SMILE, 1.0)
    assert list(say(sensor, "face", 0.0, name="found")) == [Forget("face")]
    assert list(say(sensor, "face", 0.0, name="found")) == []
    assert shown(sensor, clock, CALM | SMILE, 2.0) == []
    assert list(say(sensor, "face", 1.0, name="found")) == []
    back = [one_felt([felt]).valence for felt in shown(sensor, clock, CALM | FROWN, 1.0)]
    assert back[0] == 0.0  # nothing is left of the smile
    assert back == sorted(back, reverse=True)  # type: ignore[type-var]


def test_a_face_that_does_not_even_tremble_is_a_picture_of_one() -> None:
    sensor, clock = seen()
    said: list[Command] = []
    for _ in range(round(30 * (STILL_S + 3.0))):
        clock.now_s += 1 / 30
        said += say(sensor, "face", 0.9, name="mouthSmileLeft")
    assert [type(command) for command in said].count(Forget) == 1
    assert isinstance(said[-1], Forget)
    assert one_felt(shown(sensor, clock, {"mouthSmileLeft": 0.5}, 1.0)[-1:])


def test_what_is_no_shape_is_told_and_case_does_not_matter() -> None:
    sensor, _ = seen()
    with pytest.raises(ValueError, match="'jawDropped' is none of ARKit's blend shapes"):
        say(sensor, "face", 0.5, name="jawDropped")
    assert one_felt(say(sensor, "face", 0.5, name="JawOpen"))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*ARKIT, "found"]),
            st.floats(0.0, 1.0),
            st.floats(0.0, 4.0),
            st.sampled_from([None, None, None, None, "neutral", "start", "stop", "reset"]),
        ),
        max_size=80,
    )
)
def test_whatever_is_told_what_is_said_is_within_its_ranges(
    words: Sequence[tuple[str, float, float, str | None]],
) -> None:
    sensor, clock = seen()
    for name, weight, pause_s, step in words:
        clock.now_s += pause_s
        for command in say(sensor, "face", weight, name=name):
            assert isinstance(command, Felt | Forget)
            if isinstance(command, Felt):
                felt = one_felt([command])
                assert felt.valence is not None
                assert not math.isnan(felt.valence)
        if step is not None:
            sensor.calibrate(step)  # type: ignore[arg-type]
