"""The files for hosts: whole, and every address and number in them is one of ours."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from oscbridge.inlets import INLETS, Inlet
from oscbridge.mapping import load_preset
from oscbridge.midi.table import CONTROLS
from oscbridge.protocol import PREFIX, SIGNALS
from oscbridge.wire.packet import Argument
from presets import files

EXAMPLES = Path(__file__).parents[2] / "examples"
HOSTS = [
    *("ableton", "cpp", "fmod", "godot", "max", "mixxx", "open-stage-control", "pd", "processing"),
    *(
        "reaper",
        "rekordbox",
        "serato",
        "sonic-pi",
        "supercollider",
        "touchdesigner",
        "touchosc",
        "traktor",
        "unreal",
    ),
    *("web", "wwise"),
]
KINDS = {
    *(".md", ".html", ".scd", ".rb", ".pd", ".pde", ".gd", ".maxpat", ".json", ".xml", ".js"),
    *(".py", ".cs", ".cpp", ".h", ".hpp"),
}
TEXTS = sorted(
    path for name in HOSTS for path in (EXAMPLES / name).rglob("*") if path.suffix in KINDS
)
ADDRESS = re.compile(rf"(?<!addons){PREFIX}/[a-z0-9_/]+")
OSC_TYPES = {"FLOAT": 0.5, "INTEGER": 1, "STRING": "x"}


def known(address: str) -> bool:
    """Whether an address is one of ours, or the beginning of several."""
    name = address.removeprefix(f"{PREFIX}/").rstrip("/")
    names = {*SIGNALS, *INLETS}
    return name in names or any(other.startswith(f"{name}/") for other in names)


def inlet_at(address: str) -> Inlet:
    return INLETS[address.removeprefix(f"{PREFIX}/")]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(EXAMPLES)))
def test_every_address_in_an_example_is_one_of_ours(path: Path) -> None:
    strange = {a for a in ADDRESS.findall(path.read_text(encoding="utf-8")) if not known(a)}
    assert not strange


def test_every_folder_has_a_page_and_every_page_says_with_what_it_was_tried() -> None:
    for name in HOSTS:
        page = (EXAMPLES / name / "README.md").read_text(encoding="utf-8")
        assert "\nTested with: " in page, name


def test_every_file_that_a_preset_names_is_there() -> None:
    for name, path in files.paths().items():
        for named in re.findall(r"examples/[\w./-]*\w", path.read_text(encoding="utf-8")):
            assert (EXAMPLES.parent / named).exists(), f"{name}: {named}"


def test_the_preset_commands_in_the_pages_exist() -> None:
    told = re.compile(r"--(?:preset|explain|like) ([a-z0-9-]+)")
    for path in TEXTS:
        for name in told.findall(path.read_text(encoding="utf-8")):
            assert name in files.paths(), f"{path}: {name}"


def touchosc() -> ModuleType:
    place = EXAMPLES / "touchosc" / "build.py"
    spec = importlib.util.spec_from_file_location("touchosc_build", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_layout_for_touchosc_is_built_from_its_text() -> None:
    module = touchosc()
    shipped = zlib.decompress(module.FILE.read_bytes())
    assert shipped == zlib.decompress(module.build())


def test_the_layout_for_touchosc_has_the_structure_that_its_editor_reads() -> None:
    root = ET.fromstring(zlib.decompress((EXAMPLES / "touchosc" / "oscbridge.tosc").read_bytes()))
    assert root.tag == "lexml"
    nodes = list(root.iter("node"))
    assert len({node.get("ID") for node in nodes}) == len(nodes)
    width, height = 1024, 768
    for node in nodes:
        tags = [child.tag for child in node]
        assert tags[:3] == ["properties", "values", "messages"]
        assert tags[3:] in ([], ["children"])
        assert all(one.get("type") in set("sfibcr") for one in node.iterfind("properties/property"))
        frame = {one.findtext("key"): one.find("value") for one in node.iterfind("properties/*")}
        x, y, w, h = (int(part.text or "") for part in frame["frame"] or ())
        assert 0 <= x <= x + w <= width
        assert 0 <= y <= y + h <= height


def test_what_touchosc_sends_is_taken_and_what_it_shows_is_said() -> None:
    root = ET.fromstring(zlib.decompress((EXAMPLES / "touchosc" / "oscbridge.tosc").read_bytes()))
    sent: set[str] = set()
    for osc in root.iter("osc"):
        address = osc.findtext("path/partial/value") or ""
        arguments: list[Argument] = []
        for partial in osc.iterfind("arguments/partial"):
            constant = partial.findtext("type") == "CONSTANT"
            said, kind = partial.findtext("value") or "", partial.findtext("conversion") or ""
            high = float(partial.findtext("scaleMax") or "")
            number = float(said) if constant and kind != "STRING" else high
            arguments.append(said if kind == "STRING" else number)
        if osc.findtext("send") == "1":
            inlet_at(address).read(arguments)
            sent.add(inlet_at(address).name)
        else:
            assert len(SIGNALS[address.removeprefix(f"{PREFIX}/")].args) == len(arguments) == 1
    assert sent >= {"in/affect/va", "in/affect/emotion", "in/request/make", "in/freeze"}


def widgets() -> list[dict[str, Any]]:
    place = EXAMPLES / "open-stage-control" / "oscbridge.json"
    session = json.loads(place.read_text(encoding="utf-8"))
    assert (session["type"], session["createdWith"]) == ("session", "Open Stage Control")
    assert session["content"]["type"] == "root"
    return session["content"]["widgets"]


def test_what_open_stage_control_sends_is_taken_and_what_it_shows_is_said() -> None:
    assert len({widget["id"] for widget in widgets()}) == len(widgets())
    sent: set[str] = set()
    for widget in widgets():
        if widget["target"]:
            assert widget["target"] == "127.0.0.1:7770"
            values = [1.0, -1.0] if widget["type"] == "xy" else [widget["on"]]
            arguments = [*widget["preArgs"], *values]
            assert len(widget["typeTags"]) == len(arguments)
            inlet_at(widget["address"]).read(arguments)
            sent.add(widget["address"])
        else:
            assert widget["address"].removeprefix(f"{PREFIX}/") in SIGNALS
            assert widget["interaction"] is False
    assert len(sent) == 5


def test_the_patch_for_max_is_whole() -> None:
    text = (EXAMPLES / "max" / "oscbridge.maxpat").read_text(encoding="utf-8")
    patcher = json.loads(text)["patcher"]
    boxes = {box["box"]["id"]: box["box"] for box in patcher["boxes"]}
    assert len(boxes) == len(patcher["boxes"])
    for line in patcher["lines"]:
        source, outlet = line["patchline"]["source"]
        target, inlet = line["patchline"]["destination"]
        assert outlet < boxes[source]["numoutlets"]
        assert inlet < boxes[target]["numinlets"]
    texts = [box.get("text", "") for box in boxes.values()]
    assert f"udpreceive {load_preset('max').target.port}" in texts
    assert "udpsend 127.0.0.1 7770" in texts


def test_every_line_of_the_patch_for_pd_connects_objects_that_exist() -> None:
    text = (EXAMPLES / "pd" / "oscbridge.pd").read_text(encoding="utf-8")
    lines = [line for line in text.split(";\n") if line]
    objects = [line for line in lines[1:] if not line.startswith("#X connect")]
    for line in lines:
        if line.startswith("#X connect"):
            source, _, target, _ = map(int, line.split()[2:])
            assert source < len(objects)
            assert target < len(objects)
            assert not objects[source].startswith("#X text")
            assert not objects[target].startswith("#X text")


def test_the_table_for_rekordbox_has_fifteen_columns_and_our_numbers() -> None:
    place = EXAMPLES / "rekordbox" / "oscbridge.midi.csv"
    with place.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["@file", "1", "oscbridge Out"]
    assert rows[1][:4] == ["#name", "function", "type", "input"]
    numbers = {
        f"BF{CONTROLS[name].number:02X}": name for name in ("valence", "arousal", "intensity")
    }
    mapped = [row for row in rows[2:] if row[1]]
    assert len(mapped) == 3
    for row in rows[1:]:
        assert len(row) == 15
    for row in mapped:
        assert numbers[row[3]] in row[14]
        assert row[2] == "KnobSlider", "a control of seven bits"
