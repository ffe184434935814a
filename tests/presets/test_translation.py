"""What others say in words of their own arrives under our addresses, checked, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from oscbridge.errors import SettingsError
from oscbridge.inbound.translation import Translation
from oscbridge.inlets import INLETS
from oscbridge.mapping import inbound_names, load_any, load_inbound
from oscbridge.wire.packet import Argument
from presets.schema import InboundPreset
from tests.hosts_fake import wekinator

SAYS: dict[str, list[tuple[str, list[Argument], list[tuple[str, tuple[object, ...]]]]]] = {
    "arkit-osc": [
        ("/jawOpen", [0.25], [("in/affect/face/jawOpen", (0.25,))]),
        ("/blendshapes/MouthSmileLeft", [1], [("in/affect/face/mouthSmileLeft", (1.0,))]),
        ("/jawOpen", [1.5], []),
        ("/jawDropped", [0.5], []),
    ],
    "vmc": [
        ("/VMC/Ext/OK", [1, 3, 0, 0], [("in/affect/face/found", (0.0,))]),
        ("/VMC/Ext/Blend/Val", ["Joy", 0.75], [("in/affect/emotion", ("happy", 0.75))]),
        ("/VMC/Ext/Blend/Val", ["Sorrow", 0.25], []),
        ("/VMC/Ext/Blend/Val", ["browInnerUp", 0.5], [("in/affect/face/browInnerUp", (0.5,))]),
        ("/VMC/Ext/Blend/Apply", [], []),
        ("/VMC/Ext/OK", [1], []),
        ("/VMC/Ext/Bone/Pos", ["Hips", *[0.0] * 7], []),
    ],
    "hr-pulsoid": [
        ("/avatar/parameters/HeartRateInt", [72], [("in/affect/hr", (72.0,))]),
        ("/avatar/parameters/HR", [0], []),
        ("/avatar/parameters/isHRConnected", [False], [("in/affect/clear", ("heart_rate",))]),
        ("/avatar/parameters/isHRActive", [True], []),
        ("/avatar/parameters/HeartRateFloat", [-0.4], []),
    ],
    "hr-presence": [
        ("/avatar/parameters/HR", [90], [("in/affect/hr", (90.0,))]),
        ("/avatar/parameters/floatHR", [0.0], [("in/affect/hr", (127.5,))]),
        ("/avatar/parameters/isHRConnected", [True], []),
    ],
    "hr-float01": [("/avatar/parameters/HRPercent", [0.4], [("in/affect/hr", (102.0,))])],
    "hr-bipolar": [
        ("/avatar/parameters/HeartRateFloat", [0.0], [("in/affect/hr", (127.5,))]),
        ("/avatar/parameters/FullHRPercent", [-1.0], []),
        ("/avatar/parameters/HeartRateInt", [72], []),
    ],
    "hr-rate60": [
        ("/avatar/parameters/HeartrateNormalised", [1.5], [("in/affect/hr", (90.0,))]),
        ("/avatar/parameters/Heartrate", [1.0], [("in/affect/hr", (60.0,))]),
        ("/avatar/parameters/Heartrate", [72.0], []),
        ("/avatar/parameters/HeartrateEnabled", [False], [("in/affect/clear", ("heart_rate",))]),
        ("/avatar/parameters/HeartrateOnes", [2], []),
    ],
    "hr-lynx": [
        ("/avatar/parameters/Heartrate", [72.0], [("in/affect/hr", (72.0,))]),
        ("/avatar/parameters/Heartrate", [1.2], []),
        ("/avatar/parameters/TimeHR", [12], []),
    ],
    "hr-osc": [
        ("/hrm", ["4B3F", "Polar H7", 64, -60], [("in/affect/hr", (64.0,))]),
        ("/hrm", ["4B3F", "Polar H7", 0, -60], []),
        (
            "/rr",
            ["4B3F", "Polar H7", 2, 0.75, 1.0],
            [("in/affect/rr", (750.0,)), ("in/affect/rr", (1000.0,))],
        ),
        ("/rr", ["4B3F", "Polar H7", 1, 60.0], []),
    ],
    "emotiv": [
        ("/met/exc", [0.75], [("in/affect/arousal", (0.5, 0.2, "emotiv"))]),
        ("/met/int", [0.25], [("in/affect/valence", (-0.5, 0.1, "emotiv"))]),
        (
            "/fac/lAct/smile",
            [0.5],
            [("in/affect/face/mouthSmileLeft", (0.5,)), ("in/affect/face/mouthSmileRight", (0.5,))],
        ),
        ("/com/push", [0.9], []),
    ],
    "neurosity": [
        ("/neurosity/notion/7cca/calm", [1.0], [("in/affect/arousal", (-0.5, 0.2, "neurosity"))]),
        ("/crown7cc/calm", [0.5], [("in/affect/arousal", (0.0, 0.2, "neurosity"))]),
        ("/neurosity/notion/7cca/focus", [0.5], []),
        ("/neurosity/notion/7cca/raw", [[1.0] * 8, "1", 1], []),
    ],
    "emotibit": [
        ("/EmotiBit/0/HR", [64.0], [("in/affect/hr", (64.0,))]),
        ("/EmotiBit/0/EDA", [2.5], [("in/affect/eda", (2.5,))]),
        ("/EmotiBit/0/BI", [800.0], [("in/affect/rr", (800.0,))]),
        ("/EmotiBit/0/PPG:RED", [1.0, 2.0], []),
    ],
    "wekinator-out": [
        ("/wek/outputs", [1.0, 0.25], [("in/affect/va", (1.0, -0.5))]),
        ("/wek/outputs", [1.0], []),
        ("/wek/outputs", [0.5, 0.5, 7.0], [("in/affect/va", (0.0, 0.0))]),
        ("/output_2", [], [("in/affect/emotion", ("tense",))]),
    ],
    "emotion-compat-in": [
        ("/valence", [-0.5], [("in/affect/valence", (-0.5,))]),
        ("/emotion/arousal", [0.5], [("in/affect/arousal", (0.5,))]),
        ("/emotion", ["angry"], [("in/affect/emotion", ("angry",))]),
        ("/dominance", [0.5], []),
    ],
    "mood-compat-in": [
        ("/mood/valence", [0.75], [("in/affect/valence", (0.5,))]),
        ("/mood/quadrant", ["dark"], [("in/affect/emotion", ("sad",))]),
    ],
    "faceosc": [
        ("/found", [1], [("in/affect/face/found", (1.0,))]),
        ("/raw", [float(n) for n in range(132)], []),
    ],
}
"""What each says, and what we make of it."""


class Clock:
    """Stands still until told."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.mark.parametrize("name", inbound_names())
def test_what_is_heard_is_what_was_meant_and_our_inlets_take_it(name: str) -> None:
    translation = Translation(load_inbound(name))
    assert SAYS[name]
    for address, arguments, meant in SAYS[name]:
        heard = translation.apply(address, arguments)
        assert [(to, pytest.approx(values)) for to, values in heard if not _words(values)] == [
            (to, values) for to, values in meant if not _words(values)
        ]
        assert [to for to, _ in heard] == [to for to, _ in meant]
        for to, values in heard:
            inlet = INLETS.get(to) or INLETS[to.rpartition("/")[0]]
            inlet.read(values)


def _words(values: tuple[object, ...]) -> bool:
    return any(isinstance(value, str) for value in values)


def test_words_are_translated_into_ours() -> None:
    for name, says in SAYS.items():
        translation = Translation(load_inbound(name))
        for address, arguments, meant in says:
            if meant and _words(meant[0][1]):
                assert translation.apply(address, arguments) == meant


@pytest.mark.parametrize("name", inbound_names())
def test_nothing_that_may_arrive_breaks_a_translation(name: str) -> None:
    preset = load_inbound(name)
    translation = Translation(preset)
    strange: list[list[Argument]] = [
        *([], [None], [b"\0"], [[1, 2]], ["x"], [float("nan")], [float("inf")], [1e308, 1e308]),
        *([True], ["x", "y"], [1, 2, 3, 4], [0.5] * 40, ["ü" * 1000]),
    ]
    for hear in preset.hear:
        for address in (hear.address, *hear.aliases):
            for arguments in strange:
                said = translation.apply(address.replace("{name}", "x"), arguments)
                assert all(to in INLETS or to.rpartition("/")[0] in INLETS for to, _ in said)


def test_a_calm_face_is_neutral_and_what_goes_beyond_counts() -> None:
    clock = Clock()
    translation = Translation(load_inbound("faceosc"), clock)
    for moment in range(30):
        clock.now_s = moment / 10 - 0.001
        assert translation.apply("/gesture/jaw", [20.0]) == []
        assert translation.apply("/gesture/mouth/height", [2.0 + moment % 2 * 0.1]) == []
    clock.now_s = 4.0
    (heard,) = translation.apply("/gesture/mouth/height", [5.05])
    assert heard[0] == "in/affect/face/jawOpen"
    assert heard[1][0] == pytest.approx(0.5, abs=0.02)
    assert translation.apply("/gesture/mouth/height", [0.0]) == [("in/affect/face/jawOpen", (0.0,))]
    assert translation.apply("/gesture/mouth/height", [99.0])[0][1] == (1.0,)
    assert translation.calibrate("neutral")
    assert translation.apply("/gesture/mouth/height", [5.05]) == []


def test_neutral_may_be_looked_for_until_somebody_says_that_it_is_known() -> None:
    clock = Clock()
    translation = Translation(load_inbound("faceosc"), clock)
    assert translation.calibrate("start")
    for second in range(60):
        clock.now_s = float(second)
        assert translation.apply("/gesture/mouth/height", [2.0 + second % 2]) == []
    assert translation.calibrate("stop")
    ((_, (neutral,)),) = translation.apply("/gesture/mouth/height", [2.5])
    ((_, (half,)),) = translation.apply("/gesture/mouth/height", [5.5])
    assert (neutral, half) == (pytest.approx(0.0), pytest.approx(0.5))
    assert not translation.calibrate("stop")
    assert translation.calibrate("reset")
    assert translation.apply("/gesture/mouth/height", [2.5]) == []


def test_who_says_what_is_measured_against_nothing_cannot_be_calibrated() -> None:
    translation = Translation(load_inbound("arkit-osc"))
    assert not any(translation.calibrate(step) for step in ("neutral", "start", "stop", "reset"))


def test_what_wekinator_learned_from_us_comes_back_as_the_player() -> None:
    host = wekinator.Host()
    outputs = Translation(load_inbound("wekinator-out"))
    told = wekinator.Told("/wek/inputs", "f" * 8, (0.5, -0.5, *[0.0] * 6))
    ((address, values),) = host.take(told, 0.0)
    assert outputs.apply(address, values) == [("in/affect/va", (0.5, -0.5))]


def inbound(folder: Path, text: str) -> InboundPreset:
    path = folder / "own.toml"
    path.write_text(
        'tested_with = "nothing"\n[listen]\nport = 9000\ncalibration = "none"\n' + text,
        encoding="utf-8",
    )
    preset = load_any(str(path))
    assert isinstance(preset, InboundPreset)
    return preset


HEAR = "[[hear]]\naddress='/x'\n"
MISTAKES = [
    (HEAR + "to='in/affect/hrt'", "hear[0].to: no inlet 'in/affect/hrt'. Did you mean"),
    (HEAR + "to='in/affect/face'", "hear[0].to: no inlet 'in/affect/face'."),
    (HEAR + "to='in/affect/hr'\nargs=['f:{valence}']", "hear[0].args: no value 'valence'."),
    (HEAR + "to='in/affect/hr'\nargs=['f:{name']", "'f:{name' is not allowed"),
    ("[[hear]]\naddress='/x{name}/y'\nto='in/affect/hr'", "all that stands between two slashes"),
    (HEAR + "to='in/affect/hr'\nwhen={state=[1]}", "hear[0].when: no value 'state'."),
    (
        "[[hear]]\naddress='/x/{name}'\nto='in/affect/hr'\nneutral=true",
        "hear[0].neutral: not for addresses that have places",
    ),
]


@pytest.mark.parametrize(("text", "line"), MISTAKES)
def test_a_mistake_is_told_with_file_and_key(text: str, line: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        Translation(inbound(tmp_path, text))
    assert "own.toml: " in str(caught.value)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)
