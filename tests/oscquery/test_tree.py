"""The tree keeps the OSCQuery proposal, attribute by attribute, and leaves nothing out.

`proposal_breaches` is the proposal's text (Vidvox, 2018) as a check of any node; it knows nothing
of our tables. That every address is there is checked against the tables that users read.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscbridge.inlets import INLETS
from oscbridge.oscquery.tree import Tree, host_info
from oscbridge.protocol import FAMILIES

README = Path(__file__).parents[2] / "README.md"

Json = dict[str, Any]

UNITS = {
    *("distance.m", "gain.linear", "gain.midigain", "gain.db", "gain.db-raw"),
    *("time.second", "time.bark", "time.bpm", "time.cents", "time.hz", "time.mel"),
    *("time.midinote", "time.ms", "time.speed"),
}
"""Of the proposal's list, those of gain and time."""
KNOWN = {
    *("FULL_PATH", "CONTENTS", "TYPE", "ACCESS", "VALUE", "RANGE", "DESCRIPTION", "TAGS"),
    *("EXTENDED_TYPE", "UNIT", "CRITICAL", "CLIPMODE", "OVERLOADS"),
}
JSON_OF_TAG = {"i": int, "f": (int, float), "s": str}


def proposal_breaches(node: Json, path: str) -> list[str]:
    """What a node says that the proposal does not allow, those below it included."""
    wrong = [f"{path}: unknown attribute {key}" for key in node.keys() - KNOWN]
    if node.get("FULL_PATH") != path:
        wrong.append(f"{path}: FULL_PATH is {node.get('FULL_PATH')}")
    if "CONTENTS" not in node and "TYPE" not in node:
        wrong.append(f"{path}: neither container nor method")
    if node.get("ACCESS") not in (0, 1, 2, 3):
        wrong.append(f"{path}: ACCESS {node.get('ACCESS')}")
    if ("TYPE" in node) != (node.get("ACCESS") in (1, 2, 3)):
        wrong.append(f"{path}: ACCESS and TYPE disagree")
    if "VALUE" in node and not node["ACCESS"] & 1:
        wrong.append(f"{path}: a value that may not be read")
    if not isinstance(node.get("DESCRIPTION", ""), str):
        wrong.append(f"{path}: DESCRIPTION is no text")
    if not all(isinstance(tag, str) for tag in node.get("TAGS", [])):
        wrong.append(f"{path}: TAGS are no texts")
    wrong += typed_breaches(node, path)
    for overload in node.get("OVERLOADS", []):
        wrong += typed_breaches(overload, f"{path} (overload)")
    for name, below in node.get("CONTENTS", {}).items():
        if re.search(r"[ #*,/?\[\]{}]", name):
            wrong.append(f"{path}: {name!r} is no name of OSC")
        wrong += proposal_breaches(below, f"{path.rstrip('/')}/{name}")
    return wrong


def typed_breaches(node: Json, path: str) -> list[str]:
    """Breaches of the attributes that have one element for each type tag."""
    tags = node.get("TYPE", "")
    wrong = [] if re.fullmatch("[ifs]*|N", tags) else [f"{path}: TYPE {tags!r}"]
    tags = tags.replace("N", "")
    wrong += [
        f"{path}: {key} has not one element for each type"
        for key in ("VALUE", "RANGE", "UNIT")
        if key in node and len(node[key]) != len(tags)
    ]
    for tag, value in zip(tags, node.get("VALUE", []), strict=False):
        if not isinstance(value, JSON_OF_TAG[tag]):
            wrong.append(f"{path}: VALUE {value!r} is no {tag}")
    for tag, bounds in zip(tags, node.get("RANGE", []), strict=False):
        if bounds is None:
            continue
        if not bounds or bounds.keys() - {"MIN", "MAX", "VALS"}:
            wrong.append(f"{path}: RANGE {bounds}")
        numbers = [bounds[key] for key in ("MIN", "MAX") if key in bounds]
        if not all(isinstance(n, JSON_OF_TAG[tag]) for n in (*numbers, *bounds.get("VALS", []))):
            wrong.append(f"{path}: RANGE {bounds} of a {tag}")
        if numbers != sorted(numbers):
            wrong.append(f"{path}: RANGE {bounds} is upside down")
    wrong += [f"{path}: UNIT {unit}" for unit in node.get("UNIT", []) if unit and unit not in UNITS]
    return wrong


def ask(tree: Tree, target: str, values: dict[str, tuple[Any, ...]] | None = None) -> Json:
    answer = tree.answer(target, values or {}, dict)
    assert answer.status == HTTPStatus.OK
    assert answer.body is not None
    return json.loads(json.dumps(answer.body))


def rows(table: str) -> list[list[str]]:
    """Cells of a table of the README."""
    text = README.read_text(encoding="utf-8")
    lines = text.partition(f"<!-- {table}:begin -->")[2].partition(f"<!-- {table}:end -->")[0]
    return [
        [cell.strip(" `") for cell in line.split(" | ")] for line in lines.strip().splitlines()[2:]
    ]


def methods(node: Json) -> dict[str, Json]:
    found = {node["FULL_PATH"]: node} if "TYPE" in node else {}
    for below in node.get("CONTENTS", {}).values():
        found |= methods(below)
    return found


VALUES = {
    "/oscbridge/valence": (0.25,),
    "/oscbridge/quadrant": (3,),
    "/oscbridge/quadrant/label": ("wörter",),
    "/oscbridge/status": ("listening", "all is well"),
    "/oscbridge/segment/boundary": (7, 250, 0.5),
}


@pytest.mark.parametrize("values", [{}, VALUES], ids=["at the start", "later"])
@pytest.mark.parametrize(
    "tree",
    [Tree("/oscbridge"), Tree(""), Tree("/a/b", ["drums", "crowd"])],
    ids=["as it is", "without prefix", "two streams"],
)
def test_the_whole_tree_keeps_the_proposal(tree: Tree, values: dict[str, Any]) -> None:
    assert proposal_breaches(ask(tree, "/", values), "/") == []


def test_a_breach_of_the_proposal_is_found() -> None:
    broken = {
        "FULL_PATH": "/y",
        "TYPE": "fq",
        "ACCESS": 2,
        "VALUE": ["x"],
        "RANGE": [{"MIN": 1, "MAX": 0}],
        "UNIT": ["parsecs"],
        "COLOUR": "red",
    }
    assert len(proposal_breaches(broken, "/x")) >= 8


def test_all_that_is_sent_is_there_with_its_types() -> None:
    found = methods(ask(Tree("/oscbridge"), "/"))
    for address, types, *_ in rows("protocol"):
        if address.endswith("/…"):
            assert ask(Tree("/oscbridge"), address.strip("| `").removesuffix("/…"))
            continue
        node = found[address.strip("| `")]
        assert node["TYPE"] == types.replace(" ", "")
        assert node["ACCESS"] == 1


def test_all_that_is_heard_is_there_and_may_be_written() -> None:
    tree = Tree("/oscbridge")
    found = methods(ask(tree, "/"))
    inlets = [address.strip("| `") for address, *_ in rows("inlets")]
    assert len(inlets) > 30
    for address in inlets:
        if address.endswith("/…"):
            assert ask(tree, address.removesuffix("/…"))["CONTENTS"] == {}
        else:
            assert found[address]["ACCESS"] == 2
    open_ended = sum(address.endswith("/…") for address in inlets)
    assert open_ended == 2
    said = [row for row in rows("protocol") if not row[0].endswith("/…")]
    assert len(found) == len(inlets) - open_ended + len(said)


def test_a_label_is_there_while_there_is_one() -> None:
    calm = FAMILIES["label"].member("calm")
    address = "/oscbridge/drums/label/calm"
    tree = Tree("/oscbridge", ["drums"], members={address: calm})
    assert ask(tree, address)["RANGE"] == [{"MIN": 0.0, "MAX": 1.0}]
    assert not proposal_breaches(ask(tree, "/"), "/")


def test_ranges_of_numbers_and_of_words() -> None:
    tree = Tree("/oscbridge")
    assert ask(tree, "/oscbridge/valence?RANGE") == {"RANGE": [{"MIN": -1.0, "MAX": 1.0}]}
    assert ask(tree, "/oscbridge/energy?RANGE") == {"RANGE": [{"MIN": 1, "MAX": 10}]}
    states, detail = ask(tree, "/oscbridge/status?RANGE")["RANGE"]
    assert "listening" in states["VALS"]
    assert detail is None
    quantise = ask(tree, "/oscbridge/request/quantise?RANGE")["RANGE"][0]["VALS"]
    assert quantise == ["now", "beat", "bar", "2bar", "4bar", "8bar", "cue", "end"]
    transitions = ask(tree, "/oscbridge/request/transition?RANGE")["RANGE"][0]["VALS"]
    assert transitions == ["cut", "crossfade", "layer", "segment", "stinger", "duck", "param"]


def test_units_are_those_of_the_proposal() -> None:
    tree = Tree("/oscbridge")
    assert ask(tree, "/oscbridge/tempo?UNIT") == {"UNIT": ["time.bpm"]}
    assert ask(tree, "/oscbridge/heartbeat?UNIT") == {"UNIT": [None, "time.ms"]}
    assert ask(tree, "/oscbridge/in/set/rate_hz?UNIT") == {"UNIT": ["time.hz"]}


def test_an_inlet_of_several_forms_lists_the_others() -> None:
    node = ask(Tree("/oscbridge"), "/oscbridge/in/affect/va")
    assert node["TYPE"] == "ff"
    assert [form["TYPE"] for form in node["OVERLOADS"]] == ["fff", "fffs"]
    assert ask(Tree("/oscbridge"), "/oscbridge/refresh")["TYPE"] == "N"


def test_a_node_may_have_a_value_and_nodes_below_it() -> None:
    node = ask(Tree("/oscbridge"), "/oscbridge/quadrant", VALUES)
    assert node["VALUE"] == [3]
    assert node["CONTENTS"]["label"]["VALUE"] == ["wörter"]


def test_each_stream_has_its_own_signals_and_all_share_what_is_heard() -> None:
    tree = Tree("/oscbridge", ["drums", "crowd"])
    assert ask(tree, "/oscbridge/drums/valence")["FULL_PATH"] == "/oscbridge/drums/valence"
    assert ask(tree, "/oscbridge/crowd/valence")["TYPE"] == "f"
    assert ask(tree, "/oscbridge/in/freeze")["TYPE"] == "i"
    assert tree.answer("/oscbridge/valence", {}, dict).status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/", 200),
        ("/oscbridge", 200),
        ("/oscbridge/", 200),
        ("/oscbridge/norm/valence?TYPE", 200),
        ("/oscbridge/norm%2Fvalence", 200),
        ("/oscbridge?CONTENTS", 200),
        ("/oscbridge/valence?VALUE", 204),
        ("/oscbridge/valence?UNIT", 204),
        ("/oscbridge/refresh?RANGE", 204),
        ("/oscbridge?TYPE", 204),
        ("/oscbridge?VALUE", 204),
        ("/oscbridge/joy", 404),
        ("/oscbridge/joy?VALUE", 404),
        ("/valence", 404),
        ("/oscbridge/valence?COLOUR", 400),
        ("/oscbridge/valence?value", 400),
        ("/oscbridge/valence?VALUE&TYPE", 400),
        ("/%ff", 400),
        ("oscbridge", 400),
        ("*", 400),
    ],
)
def test_each_query_has_the_status_that_the_proposal_gives_it(target: str, status: int) -> None:
    answer = Tree("/oscbridge").answer(target, {}, dict)
    assert answer.status == status
    assert (answer.body is not None) == (status == 200)


@given(st.text())
def test_no_target_is_too_strange_for_an_answer(target: str) -> None:
    assert Tree("/oscbridge").answer(target, {}, dict).status in (200, 204, 400, 404)


def test_one_attribute_is_answered_alone() -> None:
    assert ask(Tree("/oscbridge"), "/oscbridge/status?VALUE", VALUES) == {
        "VALUE": ["listening", "all is well"]
    }


def test_host_info_names_ports_and_extensions_and_is_given_only_when_asked_for() -> None:
    tree = Tree("/oscbridge")
    info = host_info("oscbridge", "10.0.0.7", 7770, 7772)
    answer = tree.answer("/anything?HOST_INFO", {}, lambda: info)
    assert answer.body == info
    assert "HOST_INFO" not in ask(tree, "/")
    assert info["NAME"] == "oscbridge"
    assert (info["OSC_IP"], info["OSC_PORT"], info["OSC_TRANSPORT"]) == ("10.0.0.7", 7770, "UDP")
    assert (info["WS_IP"], info["WS_PORT"]) == ("10.0.0.7", 7772)
    assert set(info["EXTENSIONS"].values()) == {True}
    wanted = {"ACCESS", "VALUE", "RANGE", "DESCRIPTION", "TAGS", "UNIT", "LISTEN"}
    assert wanted <= info["EXTENSIONS"].keys()
    used = {key for node in methods(ask(tree, "/", VALUES)).values() for key in node}
    assert used - {"FULL_PATH", "CONTENTS", "TYPE"} <= info["EXTENSIONS"].keys()


def test_host_info_of_a_run_that_does_not_listen_names_no_port() -> None:
    assert "OSC_PORT" not in host_info("oscbridge", "127.0.0.1", None, 7772)


def test_what_is_understood_of_a_host_stands_under_its_own_addresses() -> None:
    words = {"/avatar/parameters/OB_Freeze": INLETS["in/freeze"]}
    tree = Tree("/oscbridge", words=words)
    whole = ask(tree, "/")
    assert proposal_breaches(whole, "/") == []
    assert whole["CONTENTS"]["avatar"]["ACCESS"] == 0
    assert ask(tree, "/avatar/parameters/OB_Freeze") == ask(tree, "/oscbridge/in/freeze") | {
        "FULL_PATH": "/avatar/parameters/OB_Freeze"
    }
