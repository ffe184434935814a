"""Builds ``oscbridge.tosc``: the layout as text, which TouchOSC keeps as compressed XML.

``python examples/touchosc/build.py`` writes the file beside this one. The elements are those of
TouchOSC's editor, version 3 of its format: properties have a type (``s f i b c r``), a message has
triggers, an address and arguments, each a constant or a value of the control.
"""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path

FILE = Path(__file__).with_name("oscbridge.tosc")
WIDTH, HEIGHT = 1024, 768
LABELS = ("happy", "tense", "sad", "relaxed")
POINTS = {"happy": (0.6, 0.6), "tense": (-0.6, 0.6), "sad": (-0.6, -0.6), "relaxed": (0.6, -0.6)}
COLOURS = {
    "happy": (0.95, 0.75, 0.2),
    "tense": (0.85, 0.25, 0.25),
    "sad": (0.25, 0.4, 0.8),
    "relaxed": (0.25, 0.7, 0.45),
}
GREY = (0.45, 0.45, 0.5)
MOMENTARY, TOGGLE = 0, 1

Frame = tuple[int, int, int, int]
Argument = tuple[str, str, str, float, float]
"""Type (CONSTANT or VALUE), conversion, value, and what 0 and 1 become."""


def add(parent: ET.Element, tag: str, said: object = None) -> ET.Element:
    """Add an element, with a text perhaps."""
    child = ET.SubElement(parent, tag)
    if said is not None:
        child.text = str(said)
    return child


def add_property(node: ET.Element, kind: str, key: str, value: object) -> None:
    """Add a property; frames and colours have parts."""
    properties = node.find("properties")
    assert properties is not None
    one = ET.SubElement(properties, "property", type=kind)
    add(one, "key", key)
    held = add(one, "value")
    if isinstance(value, tuple):
        for name, part in zip("xywh" if kind == "r" else "rgba", value, strict=True):
            add(held, name, part)
    else:
        held.text = str(value)


def control(kind: str, name: str, frame: Frame, colour: tuple[float, float, float]) -> ET.Element:
    """A control with its name, place and colour; ids follow from names, so that builds repeat."""
    node = ET.Element("node", ID=str(uuid.uuid5(uuid.NAMESPACE_URL, name)), type=kind)
    add(node, "properties")
    for parts in (("s", "name", name), ("r", "frame", frame), ("c", "color", (*colour, 1.0))):
        add_property(node, *parts)
    add_property(node, "b", "background", 1)
    add_property(node, "f", "cornerRadius", 4)
    add(node, "values")
    add(node, "messages")
    return node


def add_value(node: ET.Element, key: str, default: object) -> None:
    """Add a value of a control."""
    values = node.find("values")
    assert values is not None
    one = add(values, "value")
    parts = (("key", key), ("locked", 0), ("lockedDefaultCurrent", 0), ("default", default))
    for tag, said in (*parts, ("defaultPull", 0)):
        add(one, tag, said)


def add_partial(parent: ET.Element, part: Argument) -> None:
    """Add a part of an address, or an argument."""
    one = add(parent, "partial")
    tags = ("type", "conversion", "value", "scaleMin", "scaleMax")
    for tag, said in zip(tags, part, strict=True):
        add(one, tag, said)


def add_message(
    node: ET.Element,
    address: str,
    arguments: list[Argument],
    triggers: list[tuple[str, str]],
    *,
    send: bool = True,
) -> None:
    """Add an OSC message that is sent, or one that moves the control."""
    messages = node.find("messages")
    assert messages is not None
    osc = add(messages, "osc")
    flags = (("enabled", 1), ("send", int(send)), ("receive", int(not send)), ("feedback", 0))
    for tag, said in (*flags, ("connections", "1111111111")):
        add(osc, tag, said)
    listed = add(osc, "triggers")
    for var, condition in triggers:
        trigger = add(listed, "trigger")
        add(trigger, "var", var)
        add(trigger, "condition", condition)
    add_partial(add(osc, "path"), ("CONSTANT", "STRING", address, 0, 1))
    held = add(osc, "arguments")
    for argument in arguments:
        add_partial(held, argument)


def value(name: str, low: float, high: float, conversion: str = "FLOAT") -> Argument:
    """An argument that is a value of the control."""
    return ("VALUE", conversion, name, low, high)


def constant(said: object, conversion: str = "FLOAT") -> Argument:
    """An argument that is always the same."""
    return ("CONSTANT", conversion, str(said), 0, 1)


def button(name: str, frame: Frame, colour: tuple[float, float, float], kind: int) -> ET.Element:
    """A button that is pressed, or stays down."""
    node = control("BUTTON", name, frame, colour)
    add_property(node, "i", "buttonType", kind)
    add_value(node, "x", 0)
    add_value(node, "touch", "false")
    return node


def text(name: str, frame: Frame, said: str, address: str | None = None) -> ET.Element:
    """A label; one with an address shows what is said there."""
    node = control("LABEL", name, frame, (0.12, 0.12, 0.14))
    add_property(node, "i", "textSize", 18)
    add_property(node, "b", "interactive", 0)
    add_value(node, "text", said)
    if address:
        shown: list[Argument] = [("VALUE", "STRING", "text", 0, 1)]
        add_message(node, address, shown, [("text", "ANY")], send=False)
    return node


def fader(name: str, frame: Frame, low: float) -> ET.Element:
    """A bar that shows a signal of ours."""
    node = control("FADER", name, frame, GREY)
    add_value(node, "x", 0.5)
    shown = [value("x", low, 1.0)]
    add_message(node, f"/oscbridge/{name}", shown, [("x", "ANY")], send=False)
    return node


def controls() -> list[ET.Element]:
    """All controls, from the pad on."""
    pad = control("XY", "how you feel", (20, 60, 480, 480), (0.3, 0.55, 0.85))
    for key in "xy":
        add_value(pad, key, 0.5)
    pair = [value("x", -1.0, 1.0), value("y", -1.0, 1.0)]
    add_message(pad, "/oscbridge/in/affect/va", pair, [("x", "ANY"), ("y", "ANY")])
    found = [
        text("title", (20, 15, 480, 35), "how you feel: unpleasant to pleasant, calm to excited"),
        pad,
    ]
    for place, label in enumerate(LABELS):
        felt = button(f"feel {label}", (20 + 122 * place, 560, 114, 80), COLOURS[label], MOMENTARY)
        said = [constant(label, "STRING"), value("x", 0.0, 1.0)]
        add_message(felt, "/oscbridge/in/affect/emotion", said, [("x", "RISE")])
        ask = button(f"ask {label}", (520 + 122 * place, 560, 114, 80), COLOURS[label], MOMENTARY)
        point = [constant(number) for number in POINTS[label]]
        add_message(ask, "/oscbridge/in/request/make", point, [("x", "RISE")])
        found += [felt, text(f"label {label}", (20 + 122 * place, 645, 114, 30), label), ask]
        found.append(text(f"ask label {label}", (520 + 122 * place, 645, 114, 30), f"ask: {label}"))
    freeze = button("freeze", (20, 690, 236, 60), GREY, TOGGLE)
    held = [value("x", 0, 1, "INTEGER")]
    add_message(freeze, "/oscbridge/in/freeze", held, [("x", "ANY")])
    neutral = button("neutral", (264, 690, 236, 60), GREY, MOMENTARY)
    add_message(neutral, "/oscbridge/in/calibrate/origin", [], [("x", "RISE")])
    found += [freeze, text("freeze label", (20, 690, 236, 60), "freeze"), neutral]
    found.append(text("neutral label", (264, 690, 236, 60), "this is neutral"))
    found.append(text("now", (520, 15, 480, 35), "the music", "/oscbridge/quadrant/label"))
    for place, (name, low) in enumerate((("valence", -1.0), ("arousal", -1.0), ("intensity", 0.0))):
        found.append(fader(name, (520 + 165 * place, 60, 150, 450), low))
        found.append(text(f"{name} label", (520 + 165 * place, 515, 150, 25), name))
    return found


def build() -> bytes:
    """Contents of the file."""
    document = ET.Element("lexml", version="3")
    root = control("GROUP", "oscbridge", (0, 0, WIDTH, HEIGHT), (0.12, 0.12, 0.14))
    document.append(root)
    children = add(root, "children")
    children.extend(controls())
    return zlib.compress(ET.tostring(document, encoding="UTF-8", xml_declaration=True), 9)


if __name__ == "__main__":
    FILE.write_bytes(build())
