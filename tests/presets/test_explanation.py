"""Every preset explains itself: all that is said and heard stands in it, and how to set it up."""

from __future__ import annotations

import re

import pytest

from oscbridge.hosts.explanation import explain
from oscbridge.mapping import load_any, load_preset
from oscbridge.protocol import PREFIX
from presets import files
from presets.schema import Preset
from tests.hosts_fake.told import MAX_DATAGRAM

every_preset = pytest.mark.parametrize("name", sorted(files.paths()))


def text_of(name: str) -> str:
    sections = explain(load_any(name))
    return "\n".join(line for section in sections for line in [section.title, *section.lines])


@every_preset
def test_a_preset_says_how_to_set_it_up_and_with_what_it_was_tried(name: str) -> None:
    preset = load_any(name)
    sections = dict(explain(preset))
    assert preset.title
    assert sections["tested with"] == [preset.tested_with]
    assert sections["set it up"][0].startswith("1. ")
    assert all(section for section in sections.values())


@every_preset
def test_all_addresses_that_are_said_or_heard_stand_in_the_explanation(name: str) -> None:
    preset = load_any(name)
    text = text_of(name)
    entries = (
        (*preset.map, *preset.on, *preset.readback) if isinstance(preset, Preset) else (preset.hear)
    )
    for entry in entries:
        fixed = re.split(r"\{[^}]*\}", entry.address)[0]
        assert fixed in text or "off, since" in text


@every_preset
def test_what_is_asked_for_can_be_picked(name: str) -> None:
    preset = load_any(name)
    assert set(preset.pick) == set(preset.ask)


@every_preset
def test_nothing_leaves_the_machine_unless_asked_to(name: str) -> None:
    preset = load_any(name)
    if isinstance(preset, Preset):
        assert preset.target.host == "127.0.0.1"
        assert len(str(preset.target.port)) < MAX_DATAGRAM


def test_the_explanation_of_live_reads_as_it_should() -> None:
    sections = dict(explain(load_preset("ableton-osc")))
    assert "its answers are heard on port 11001" in sections["sends to"]
    assert any(
        "adds 50 ms of its own in the mean, at most 100 ms" in s for s in sections["sends to"]
    )
    assert sections["first of all"][0] == "/live/test"
    assert sections["all the time"][:2] == [
        "while intensity moves, at most 10 times a second",
        "  /live/device/set/parameter/value 0 0 1 <intensity>   (0 to 1 becomes 0 to 127)",
    ]
    assert "  off, since stem is empty" in sections["all the time"]
    assert (
        "  /live/scene/fire <scene of the quadrant: 1 is 0, 2 is 1, 3 is 2, 4 is 3>"
        in sections["when something happens"]
    )
    assert sections["comes back"][-1] == (
        "a request counts as started when the host passes the beat or bar asked for"
    )


def test_the_explanation_of_a_plain_preset_names_what_is_left_out() -> None:
    sections = dict(explain(load_preset("uosc")))
    left_out = f"not {PREFIX}/request, {PREFIX}/suggest: more than 4 arguments are not read there"
    assert left_out in sections["all the time"]


def test_the_explanation_of_somebody_who_is_heard_says_what_is_neutral() -> None:
    sections = dict(explain(load_any("faceosc")))
    assert sections["hears"] == ["port 8338"]
    (calibration,) = sections["measured against"]
    assert calibration.startswith("the mean of the first 3 seconds is the neutral face")
    assert sections["forgotten"] == ["after 5 s without a word"]
