"""The add-on for Godot 4 where Godot 4 is not: its grammar by gdtoolkit, its files by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from gdtoolkit.parser import parser

EXAMPLE = Path(__file__).parents[2] / "examples" / "godot"
SCRIPTS = sorted(path for path in EXAMPLE.rglob("*.gd") if path.parent.name != "godot3")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_script_is_godot_4(path: Path) -> None:
    assert parser.parse(path.read_text(encoding="utf-8")).children


def test_every_file_that_the_project_names_is_there() -> None:
    for path in EXAMPLE.rglob("*"):
        if path.suffix in {".gd", ".tscn", ".godot"} and path.parent.name != "godot3":
            for named in re.findall(r'"res://([^"]+)"', path.read_text(encoding="utf-8")):
                assert (EXAMPLE / named).is_file(), f"{path.name}: {named}"


def test_the_demo_connects_signals_that_exist_to_methods_that_exist() -> None:
    scene = (EXAMPLE / "demo" / "demo.tscn").read_text(encoding="utf-8")
    bridge = (EXAMPLE / "addons" / "oscbridge" / "bridge.gd").read_text(encoding="utf-8")
    demo = (EXAMPLE / "demo" / "demo.gd").read_text(encoding="utf-8")
    connections = re.findall(r'\[connection signal="(\w+)" .* method="(\w+)"\]', scene)
    assert connections
    for signal, method in connections:
        told = re.search(rf"^signal {signal}\((.*?)\)", bridge, re.MULTILINE)
        taken = re.search(rf"^func {method}\((.*?)\)", demo, re.MULTILINE)
        assert told, signal
        assert taken, method
        assert told[1].count(",") == taken[1].count(","), method
