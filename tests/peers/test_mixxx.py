"""Mixxx's mapping: its structure, that it has what oscbridge sends, and its script under Node.js.

The format is that of Mixxx's wiki, "MIDI Controller Mapping File Format", schema 1.
"""

from __future__ import annotations

import json
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from oscbridge.midi.encoder import MidiEncoder
from oscbridge.midi.table import BOUNDARY, CONTROLS, QUADRANT_NOTES, REQUEST

FOLDER = Path(__file__).parents[2] / "examples" / "mixxx"
SCRIPT = FOLDER / "Oscbridge-scripts.js"
ENGINE = Path(__file__).with_name("mixxx_engine.js")
OPTIONS = {
    *("normal", "invert", "rot64", "rot64inv", "rot64fast", "diff", "button", "switch"),
    *("spread64", "hercjog", "selectknob", "soft-takeover", "script-binding"),
    *("fourteen-bit-msb", "fourteen-bit-lsb"),
}
CONTROL_CHANGE, NOTE_ON = 0xB0, 0x90
CHANNEL = 15
DECK = "[QuickEffectRack1_[Channel1]]"


def mapping() -> ET.Element:
    return ET.parse(FOLDER / "Oscbridge.midi.xml").getroot()


def bound() -> dict[tuple[int, int], tuple[str, str]]:
    """Key and group of each status and number."""
    found: dict[tuple[int, int], tuple[str, str]] = {}
    for control in mapping().iterfind("controller/controls/control"):
        texts = {child.tag: (child.text or "").strip() for child in control}
        place = int(texts["status"], 16), int(texts["midino"], 16)
        assert place not in found, f"{place} is bound twice"
        found[place] = texts["key"], texts["group"]
    return found


def run(settings: dict[str, Any], *calls: dict[str, Any]) -> list[list[Any]]:
    done = subprocess.run(
        ["node", str(ENGINE), str(SCRIPT)],
        input=json.dumps({"settings": settings, "calls": calls}),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def calls_for(messages: list[bytes]) -> list[dict[str, Any]]:
    """What Mixxx calls for MIDI messages; what is not bound it ignores."""
    binds = bound()
    calls: list[dict[str, Any]] = []
    for status, number, value in messages:
        if (status, number) in binds:
            key, group = binds[status, number]
            calls.append(
                {"key": key, "group": group, "status": status, "control": number, "value": value}
            )
    return calls


def turned(value: int) -> dict[str, Any]:
    status, number = CONTROL_CHANGE | CHANNEL, CONTROLS["valence"].number
    return {"key": "Oscbridge.valence", "group": "", "status": status, "control": number} | {
        "value": value
    }


def places(done: list[list[Any]], deck: str = DECK) -> list[float]:
    return [act[3] for act in done if act[:2] == ["parameter", deck]]


def test_the_mapping_has_the_structure_that_mixxx_reads() -> None:
    root = mapping()
    assert root.tag == "MixxxControllerPreset"
    assert root.get("schemaVersion") == "1"
    assert [child.tag for child in root] == ["info", "controller"]
    assert root.findtext("info/name") == "oscbridge"
    assert root.find("controller[@id]") is not None
    (script,) = root.iterfind("controller/scriptfiles/file")
    assert script.get("filename") == SCRIPT.name
    assert script.get("functionprefix") == "Oscbridge"
    for control in root.iterfind("controller/controls/control"):
        tags = [child.tag for child in control]
        assert tags == ["group", "key", "description", "status", "midino", "options"]
        assert {option.tag for option in control.iterfind("options/*")} <= OPTIONS


def test_what_is_bound_is_what_oscbridge_sends() -> None:
    names = {"valence", "arousal", "intensity"}
    wanted = {(CONTROL_CHANGE | CHANNEL, CONTROLS[name].number) for name in names}
    notes = (*QUADRANT_NOTES, BOUNDARY, REQUEST)
    wanted |= {(NOTE_ON | CHANNEL, note.number) for note in notes}
    assert set(bound()) == wanted


@pytest.mark.peer("node")
def test_every_key_of_the_mapping_is_a_function_of_the_script() -> None:
    calls = [
        {"key": key, "group": group, "status": status, "control": number, "value": 64}
        for (status, number), (key, group) in bound().items()
    ]
    assert run({}, *calls)


@pytest.mark.peer("node")
def test_midi_of_forty_seconds_moves_the_filter_and_nothing_else() -> None:
    encoder = MidiEncoder()
    messages = encoder.open(0.0)
    for step in range(400):
        valence = (step % 80 - 40) / 40
        said = [("valence", (valence,)), ("quadrant", (1 + step // 100,))]
        messages += encoder.update(said, 0.1 * step)
    messages += encoder.update([("segment/boundary", (1, 100, 0.5))], 41.0)
    done = run({}, *calls_for(messages))
    assert {kind for kind, *_ in done} == {"parameter", "print"}
    assert ["print", "oscbridge: quadrant 3"] in done
    moved = places(done)
    assert min(moved) == pytest.approx(0.35, abs=0.01)
    assert max(moved) == pytest.approx(0.65, abs=0.01)
    assert moved[-1] == 0.5, "it is put back when Mixxx closes"


@pytest.mark.peer("node")
def test_the_middle_of_valence_is_the_middle_of_the_filter() -> None:
    assert places(run({}, turned(64)))[0] == 0.5
    assert places(run({}, turned(64), turned(0)))[1] == pytest.approx(0.35)
    assert places(run({}, turned(64), turned(127)))[1] == pytest.approx(0.65)


@pytest.mark.peer("node")
def test_a_knob_that_the_dj_turned_is_hers_until_the_music_comes_by() -> None:
    away = {"turn": 0.9}
    done = run({}, turned(64), away, turned(127), turned(0))
    assert places(done)[0] == 0.5
    assert len(places(done)) == 1, "0.9 is beyond what the music asks for: it stays, for good"
    done = run({}, turned(64), {"turn": 0.6}, turned(64), turned(127))
    assert places(done)[1] == 0.5, "within reach it follows again"


@pytest.mark.peer("node")
def test_a_section_and_a_request_press_what_was_chosen_and_nothing_by_default() -> None:
    events = [("segment/boundary", (1, 0, 0.9)), ("request", (1, 0.5, 0.5, 0.5, 0.9, "cut"))]
    encoder = MidiEncoder()
    calls = calls_for(encoder.update(events, 1.0) + encoder.update([], 2.0))
    assert run({}, *calls) == []
    chosen = {"fadeOnRequest": True, "onBoundary": ["[Master]", "headphone_mix_up"]}
    assert run(chosen, *calls) == [
        ["value", "[Master]", "headphone_mix_up", 1],
        ["value", "[AutoDJ]", "fade_now", 1],
    ]
