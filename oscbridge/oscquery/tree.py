"""The address space as OSCQuery describes it: a tree of nodes with attributes, as JSON.

Conventions
-----------
Pure: two tables in (`oscbridge.protocol`, `oscbridge.inlets`), dictionaries out. A node is a
container (``CONTENTS``), a method (``TYPE``), or both: ``/oscbridge/quadrant`` has a value and
holds ``label``. What we say may be read (``ACCESS`` 1), what we hear may be written (2). Arrays
have one element for each type tag, null where an argument has none; an attribute of nothing but
nulls is left out. What a preset understands under a host's own addresses stands there as well, so
that a host finds them. An inlet with several forms is described by the shortest one that takes
anything, and the others stand in ``OVERLOADS``; one that takes nothing has the type ``N``.

A `Query` is one HTTP target. ``/path`` asks for the node and all below it, ``/path?VALUE`` for one
attribute. `Tree.answer` says status and body as the proposal wants them: 200; 204 where the node
has no such attribute; 400 where the query is none; 404 where there is no such node.

Of our own addresses only those of labels come and go in a run; ``PATH_ADDED`` and ``PATH_REMOVED``
tell it.

References
----------
Vidvox, "OSCQuery Proposal", 2018, with its list of units.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from oscbridge.inlets import INLETS
from oscbridge.protocol import FAMILIES, SIGNALS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from oscbridge.inlets import Form, Inlet
    from oscbridge.protocol import Signal
    from oscbridge.wire.arguments import Arg, Value

Json = dict[str, Any]

READ, WRITE = 1, 2

ATTRIBUTES = (
    *("FULL_PATH", "CONTENTS", "TYPE", "ACCESS", "VALUE", "RANGE", "DESCRIPTION", "TAGS"),
    *("UNIT", "OVERLOADS"),
)
"""What may be asked for one by one, beside ``HOST_INFO``."""
EXTENSIONS = (
    "ACCESS",
    "VALUE",
    "RANGE",
    "DESCRIPTION",
    "TAGS",
    "UNIT",
    "OVERLOADS",
    "LISTEN",
    "PATH_ADDED",
    "PATH_REMOVED",
)
"""What we have beyond the required attributes."""
NOTHING = "N"
"""Type of a method that takes no arguments."""

_UNITS = {
    "s": "time.second",
    "ms": "time.ms",
    "Hz": "time.hz",
    "BPM": "time.bpm",
    "beats a minute": "time.bpm",
}
"""Our words to those of the proposal; it knows no others of ours."""


class Answer(NamedTuple):
    """Status, and a body where there is one."""

    status: HTTPStatus
    body: Json | None = None


@dataclass(eq=False)
class Node:
    """A container, a method, or both; ``attributes`` are those that never change."""

    path: str
    attributes: Json
    contents: dict[str, Node] = field(default_factory=dict[str, "Node"])

    def describe(self, values: Mapping[str, Sequence[Value]]) -> Json:
        """All attributes, those of the nodes below included; ``values`` are by address."""
        described: Json = {"FULL_PATH": self.path, **self.attributes}
        if self.path in values:
            described["VALUE"] = list(values[self.path])
        if self.contents or "TYPE" not in described:
            described["CONTENTS"] = {
                name: node.describe(values) for name, node in self.contents.items()
            }
        return described


class Tree:
    """The nodes of a run.

    Parameters
    ----------
    prefix : str
        What the addresses of the run start with; may be empty.
    streams : iterable of str
        Names of its streams, where they have any: each says all signals under its own name.
    words : mapping of str to Inlet
        Addresses of others that are understood, and what they mean.
    members : mapping of str to Signal
        Signals of families (`oscbridge.protocol.FAMILIES`), by address.
    """

    def __init__(
        self,
        prefix: str,
        streams: Iterable[str] = (),
        words: Mapping[str, Inlet] = MappingProxyType({}),
        members: Mapping[str, Signal] = MappingProxyType({}),
    ) -> None:
        self._root = Node("/", {"ACCESS": 0, "DESCRIPTION": "oscbridge"})
        for stream in tuple(streams) or ("",):
            start = f"{prefix}/{stream}" if stream else prefix
            for signal in SIGNALS.values():
                self._add(f"{start}/{signal.name}", _said(signal))
            for family in FAMILIES.values():
                self._add(f"{start}/{family.name}", _container(family.description, "opt-in"))
        for address, signal in members.items():
            self._add(address, _said(signal))
        for inlet in INLETS.values():
            address = f"{prefix}/{inlet.name}"
            named = inlet.open_ended
            self._add(address, _container(inlet.description) if named else _heard(inlet))
        for address, inlet in words.items():
            if self.find(address) is None:
                self._add(address, _heard(inlet))

    def find(self, path: str) -> Node | None:
        """The node at ``path``; a slash at the end changes nothing."""
        node: Node | None = self._root
        for part in filter(None, path.split("/")):
            node = node.contents.get(part) if node else None
        return node

    def answer(
        self,
        target: str,
        values: Mapping[str, Sequence[Value]],
        host_info: Callable[[], Json],
    ) -> Answer:
        """Answer one HTTP target.

        Parameters
        ----------
        target : str
            Path and query, as they stand in the request.
        values : mapping of str to sequence of Value
            Newest arguments, by address.
        host_info : callable
            Makes what ``HOST_INFO`` says; the same at every path.
        """
        quoted, _, query = target.partition("?")
        try:
            path = unquote(quoted, errors="strict")
        except ValueError:
            return Answer(HTTPStatus.BAD_REQUEST)
        if not path.startswith("/") or (query and query not in _QUERIES):
            return Answer(HTTPStatus.BAD_REQUEST)
        if query == "HOST_INFO":
            return Answer(HTTPStatus.OK, host_info())
        node = self.find(path)
        if node is None:
            return Answer(HTTPStatus.NOT_FOUND)
        described = node.describe(values)
        if not query:
            return Answer(HTTPStatus.OK, described)
        if query not in described:
            return Answer(HTTPStatus.NO_CONTENT)
        return Answer(HTTPStatus.OK, {query: described[query]})

    def _add(self, address: str, attributes: Json) -> None:
        node, path = self._root, ""
        for part in address.strip("/").split("/"):
            path = f"{path}/{part}"
            node = node.contents.setdefault(part, Node(path, {"ACCESS": 0}))
        node.attributes = attributes


_QUERIES = frozenset({*ATTRIBUTES, "HOST_INFO"})


def host_info(name: str, host: str, osc_port: int | None, port: int) -> Json:
    """What ``HOST_INFO`` says.

    Parameters
    ----------
    name : str
        Who we are.
    host : str
        The address of ours by which the asker came; another one might not be reachable from there.
    osc_port : int, optional
        UDP port at which we listen; None where we do not.
    port : int
        Port of HTTP and WebSocket.
    """
    said: Json = {"NAME": name, "OSC_IP": host, "OSC_TRANSPORT": "UDP"}
    if osc_port is not None:
        said["OSC_PORT"] = osc_port
    return said | {
        "WS_IP": host,
        "WS_PORT": port,
        "EXTENSIONS": dict.fromkeys(EXTENSIONS, True),
    }


def _said(signal: Signal) -> Json:
    tags = [signal.when, *(("opt-in",) if signal.optional else ())]
    about: Json = {"ACCESS": READ, "DESCRIPTION": signal.description, "TAGS": tags}
    return about | _typed(signal.args)


def _heard(inlet: Inlet) -> Json:
    main = next(filter(None, inlet.forms), ())
    others = [_typed(form) for form in inlet.forms if form != main]
    about: Json = {"ACCESS": WRITE, "DESCRIPTION": inlet.description, "TAGS": ["input"]}
    return about | _typed(main) | ({"OVERLOADS": others} if others else {})


def _container(description: str, tag: str = "input") -> Json:
    """A node below which names are those of users: whatever is not there yet cannot be listed."""
    return {"ACCESS": 0, "DESCRIPTION": description, "TAGS": [tag]}


def _typed(form: Form) -> Json:
    described: Json = {"TYPE": "".join(arg.type for arg in form) or NOTHING}
    ranges = [_range(arg) for arg in form]
    units = [_UNITS.get(arg.unit) for arg in form]
    if any(ranges):
        described["RANGE"] = ranges
    if any(units):
        described["UNIT"] = units
    return described


def _range(arg: Arg) -> Json | None:
    if arg.choices:
        return {"VALS": list(arg.choices)}
    if not arg.bounded:
        return None
    whole = arg.type == "i"
    return {
        "MIN": int(arg.low) if whole else arg.low,
        "MAX": int(arg.high) if whole else arg.high,
    }
