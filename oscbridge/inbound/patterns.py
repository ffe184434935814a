"""OSC 1.0 address patterns, matched at a cost that no pattern can blow up.

Conventions
-----------
``?`` is any character, ``*`` any run of them, ``[a-z]`` and ``[!a-z]`` one of a set, ``{foo,bar}``
one of some texts; none of them goes across ``/``. A pattern that breaks these rules (a bracket that
does not close, say) matches nothing.

Parts between slashes are matched one by one. A part is read once from left to right beside the set
of places in the name that it may have reached, kept as the bits of one integer: there is nothing to
go back to. The cost is the length of the pattern times that of the name, whatever the pattern says.

References
----------
M. Wright, "The Open Sound Control 1.0 Specification", 2002, "OSC Message Dispatching and Pattern
Matching".
"""

from __future__ import annotations

from functools import lru_cache

SPECIAL = frozenset("?*[]{}")
LONGEST = 256
"""Characters; a longer pattern matches nothing."""

_Step = tuple[str, tuple[str, ...]]
"""``("any", ())``, ``("run", ())``, ``("one", characters)``, ``("none", characters)`` or
``("text", alternatives)``."""


def is_pattern(address: str) -> bool:
    """Whether ``address`` has anything in it that stands for something else."""
    return not SPECIAL.isdisjoint(address)


def matches(pattern: str, address: str) -> bool:
    """Whether ``pattern`` stands for ``address``."""
    if len(pattern) > LONGEST:
        return False
    wanted, parts = pattern.split("/"), address.split("/")
    if len(wanted) != len(parts):
        return False
    return all(
        part == want or _part_matches(want, part) for want, part in zip(wanted, parts, strict=True)
    )


def _part_matches(pattern: str, name: str) -> bool:
    steps = _steps(pattern)
    if steps is None:
        return False
    every = (2 << len(name)) - 1
    reached = 1  # bit n: the pattern so far stands for the first n characters of the name
    for kind, texts in steps:
        if kind == "run":
            reached = every & -(reached & -reached)  # the first of them and all behind it
        elif kind == "any":
            reached = (reached << 1) & every
        elif kind == "text":
            reached = _after_texts(reached, texts, name)
        else:
            reached = _after_one(reached, texts, name, inside=kind == "one")
        if not reached:
            return False
    return bool(reached >> len(name))


def _after_one(reached: int, characters: tuple[str, ...], name: str, *, inside: bool) -> int:
    result = 0
    for place, character in enumerate(name):
        if reached >> place & 1 and inside == any(a[0] <= character <= a[-1] for a in characters):
            result |= 2 << place
    return result


def _after_texts(reached: int, texts: tuple[str, ...], name: str) -> int:
    result = 0
    for text in texts:
        place = name.find(text)
        while place >= 0:
            if reached >> place & 1:
                result |= 1 << (place + len(text))
            place = name.find(text, place + 1) if place < len(name) else -1
    return result


@lru_cache(maxsize=64)
def _steps(pattern: str) -> tuple[_Step, ...] | None:
    """Read one part of a pattern; None where it breaks the rules."""
    steps: list[_Step] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "*":
            if not steps or steps[-1][0] != "run":
                steps.append(("run", ()))
        elif character == "?":
            steps.append(("any", ()))
        elif character in "[{":
            end = pattern.find("]" if character == "[" else "}", at + 1)
            if end < 0:
                return None
            inner = pattern[at + 1 : end]
            step = _set(inner) if character == "[" else ("text", tuple(inner.split(",")))
            if step is None:
                return None
            steps.append(step)
            at = end
        elif character in "]}":
            return None
        elif steps and steps[-1][0] == "text" and len(steps[-1][1]) == 1:
            steps[-1] = ("text", (steps[-1][1][0] + character,))
        else:
            steps.append(("text", (character,)))
        at += 1
    return tuple(steps)


def _set(inner: str) -> _Step | None:
    """What stands between brackets: single characters and ranges, each as first and last."""
    kind = "none" if inner.startswith("!") else "one"
    inner = inner.removeprefix("!")
    if not inner:
        return None
    found: list[str] = []
    at = 0
    while at < len(inner):
        if inner[at + 1 : at + 2] == "-" and at + 2 < len(inner):
            found.append(inner[at] + inner[at + 2])
            at += 3
        else:
            found.append(inner[at])
            at += 1
    return kind, tuple(found)
