"""Presets: every one that ships speaks as its file says, and mistakes in one are explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from oscbridge.composer import Composer
from oscbridge.config import SendSettings
from oscbridge.errors import SettingsError
from oscbridge.events import Boundary, SignalLevel, State
from oscbridge.labels import Labels
from oscbridge.mapping import Mapping, load_preset, preset_names
from oscbridge.outputs import osc
from oscbridge.protocol import PREFIX, SIGNALS, Message
from oscbridge.saying.quadrant_tracker import QuadrantSettings
from presets.scaling import Curve, Scale
from tests.conftest import OscEar
from tests.process.doubles import RATE_HZ, affect

every_preset = pytest.mark.parametrize("name", preset_names())

TARGETS = {
    "default": 7771,
    "unity-extosc": 7001,
    "unity-oscjack": 7771,
    "unity-osccore": 9000,
    "supercollider": 57120,
    "processing": 12000,
    "touchdesigner": 7771,
    "max": 7771,
    "pd": 7771,
    "godot-godosc": 4646,
}


class Clock:
    """Stands still until told."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def session(valence: float = 0.5, arousal: float = -0.5) -> list[Message]:
    """What a real composer says in the first moment of music."""
    composer = Composer(SendSettings(), QuadrantSettings(), Labels(), "cafe", 0.0)
    states: list[State] = [affect(valence, arousal), SignalLevel(0.75, 0.25, 0, RATE_HZ)]
    return composer.compose(states, [Boundary(1, 0, 0, 0.5, RATE_HZ)], 0.0)


def said(mapping: Mapping, messages: list[Message]) -> dict[str, tuple[object, ...]]:
    return {signal.address: args for signal, args in mapping.apply(messages)}


@every_preset
def test_a_preset_says_with_what_it_was_tried(name: str) -> None:
    preset = load_preset(name)
    assert preset.name == name
    assert preset.title
    assert preset.tested_with
    assert preset.target.host == "127.0.0.1", "nothing leaves the machine unless asked to"


@pytest.mark.parametrize(("name", "port"), TARGETS.items())
def test_plain_presets_send_our_own_addresses_to_the_port_of_the_host(name: str, port: int) -> None:
    preset = load_preset(name)
    assert preset.target.port == port
    assert all(s.address.startswith(PREFIX) for s, _ in Mapping(preset).apply(session()))


def test_mood_compat_speaks_zero_to_one_and_its_own_words() -> None:
    heard = said(Mapping(load_preset("mood-compat")), session(0.5, -0.5))
    assert heard == {
        "/mood/valence": (0.75,),
        "/mood/arousal": (0.25,),
        "/mood/quadrant": ("calm",),
        "/music/presence": (1.0,),
        "/audio/level": (0.75,),
        "/audio/onset": (0.25,),
        "/tempo/bpm": (0.0,),
    }


@pytest.mark.parametrize(
    ("point", "word"),
    [((1, 1), "bright"), ((-1, 1), "aggressive"), ((-1, -1), "dark"), ((1, -1), "calm")],
)
def test_mood_compat_has_a_word_for_each_quadrant(point: tuple[float, float], word: str) -> None:
    heard = said(Mapping(load_preset("mood-compat")), session(*point))
    assert heard["/mood/quadrant"] == (word,)


def test_mood_compat_says_no_word_while_nothing_is_known() -> None:
    mapping = Mapping(load_preset("mood-compat"))
    assert mapping.apply([SIGNALS["quadrant"].message(0)]) == []


def test_emotion_compat_speaks_minus_one_to_one_and_the_users_words() -> None:
    heard = said(Mapping(load_preset("emotion-compat")), session(0.5, -0.5))
    assert heard == {
        "/emotion/valence": (0.5,),
        "/emotion/arousal": (-0.5,),
        "/emotion/word": ("relaxed",),
    }


def test_a_map_with_a_rate_skips_what_comes_too_soon() -> None:
    clock = Clock()
    mapping = Mapping(load_preset("mood-compat"), clock=clock)
    sent = 0
    for step in range(200):  # ten seconds at 20 Hz
        clock.now_s = step * 0.05
        sent += len(mapping.apply([SIGNALS["norm/valence"].message(step / 200)]))
    assert sent == 50


def test_a_preset_gets_its_message_to_a_real_port(osc_ear: OscEar) -> None:
    output = osc.open(osc.Config(preset="mood-compat", to=(osc_ear.target,)))
    output.send(session())
    assert osc_ear.wait_for("/mood/valence")[0].args == (0.75,)
    output.close()


def test_a_host_that_reads_ascii_gets_ascii(osc_ear: OscEar) -> None:
    output = osc.open(osc.Config(preset="godot-godosc", to=(osc_ear.target,)))
    output.send([SIGNALS["quadrant/label"].message("fröhlich")])
    assert osc_ear.wait_for(SIGNALS["quadrant/label"].address)[0].args == ("frohlich",)
    output.close()


def own(folder: Path, text: str) -> str:
    path = folder / "own.toml"
    path.write_text('tested_with = "nothing"\n[target]\nport = 9000\n' + text, encoding="utf-8")
    return str(path)


def test_a_users_own_preset_may_scale_combine_and_react_to_events(tmp_path: Path) -> None:
    text = """
        [[map]]
        source = "valence"
        address = "/fader"
        args = ["i:1", "f:{valence}", "s:{quadrant/label}!"]
        scale = {from = [-1, 1], to = [127, 0]}
        [[on]]
        event = "quadrant/enter"
        address = "/scene/fire"
        args = ["i:{quadrant}", "s:{label} at {norm/arousal}"]
        [[on]]
        event = "segment/boundary"
        address = "/cue"
    """
    mapping = Mapping(load_preset(own(tmp_path, text)))
    too_soon = mapping.apply([SIGNALS["valence"].message(0.5)])
    assert not too_soon, "nobody has said the label yet"
    heard = said(mapping, session(0.5, -0.5))
    assert heard["/fader"] == (1, 31.75, "relaxed!")
    assert heard["/scene/fire"] == (4, "relaxed at 0.25")
    assert heard["/cue"] == (1, 0, 0.5)


MISTAKES = [
    ("[[map]]\nsource='valense'\naddress='/x'", "map[0].source: no signal 'valense'. Did you mean"),
    ("[[on]]\nevent='boundary'\naddress='/x'", "on[0].event: no signal 'boundary'."),
    (
        "[[map]]\nsource='va'\naddress='x'",
        "map[0].address = 'x' is not allowed: text: an OSC address, like",
    ),
    ("[[map]]\nsource='va'\naddress='/x/*'", "map[0].address = '/x/*' is not allowed"),
    ("[[map]]\nsource='va'\naddress='/x'\nargs=['{valence}']", "map[0].args[0] = '{valence}' is"),
    ("[[map]]\nsource='va'\naddress='/x'\nargs=['f:{vale}']", "map[0].args: no value 'vale'."),
    ("[[map]]\nsource='va'\naddress='/x'\nargs=['i:one']", "map[0].args: 'i:one' is not allowed"),
    ("[[map]]\nsource='quadrant/label'\naddress='/x'\nargs=['f:{label}']", "map[0].args: 'f:{lab"),
    (
        "[[map]]\nsource='va'\naddress='/x'\nrate_hz=0",
        "map[0].rate_hz = 0 is not allowed: a number",
    ),
    (
        "[[map]]\nsource='va'\naddress='/x'\nrat_hz=1",
        "map[0]: no key 'rat_hz'. Did you mean 'rate_",
    ),
    ("[[map]]\nsource='va'\naddress='/x'\nscale={from=[1,1]}", "map[0].scale: `from` needs two"),
    (
        "[[map]]\nsource='va'\naddress='/x'\nscale={curve='log'}",
        "map[0].scale.curve = 'log' is not",
    ),
    ("[[map]]\naddress='/x'", "map[0]: the key 'source' is missing"),
]


@pytest.mark.parametrize(("text", "line"), MISTAKES)
def test_a_mistake_in_a_preset_is_told_with_file_and_key(
    text: str, line: str, tmp_path: Path
) -> None:
    name = own(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        osc.open(osc.Config(preset=name))
    assert "own.toml: " + line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_preset_is_answered_with_what_exists() -> None:
    with pytest.raises(
        SettingsError, match=r"'unity-oscjak'\. Did you mean 'unity-oscjack'\? There"
    ):
        load_preset("unity-oscjak")


@pytest.mark.parametrize("curve", ["linear", "square", "root", "smooth"])
def test_a_curve_rises_from_end_to_end_and_never_leaves_its_range(curve: Curve) -> None:
    scale = Scale(source=(-1.0, 1.0), to=(0.0, 127.0), curve=curve)
    values = [scale.apply(x / 10) for x in range(-20, 21)]
    assert values == sorted(values)
    assert values[0] == 0.0
    assert values[-1] == 127.0
    assert values[10] == 0.0
    assert values[30] == 127.0
