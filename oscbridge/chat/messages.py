"""What was written, taken out of a line of a log or a message of a service, and by whom.

Conventions
-----------
A log says more than what people write. A pattern, a regular expression with a group ``text`` and
perhaps a group ``name``, tells which part of a line counts; lines that it does not match are no
messages. Messages of services are plain text, or JSON with the text under one of `TEXT_KEYS` and
the name under one of `NAME_KEYS`, at the top or in an object inside.
"""

from __future__ import annotations

import json
import re
from typing import NamedTuple, cast

from oscbridge.errors import SettingsError

TEXT_KEYS = ("text", "message", "msg", "content", "body", "comment", "line")
NAME_KEYS = ("name", "user", "username", "author", "player", "sender", "from", "display_name")
_DEEPEST = 4


class Message(NamedTuple):
    """A text and who wrote it, empty where that is not said."""

    text: str
    name: str = ""


class Pattern:
    """Takes messages out of lines.

    Parameters
    ----------
    pattern : str
        A regular expression; empty: the whole line is the message.

    Raises
    ------
    SettingsError
        It is none, or has no group ``text``.
    """

    def __init__(self, pattern: str) -> None:
        try:
            self._pattern = re.compile(pattern) if pattern else None
        except re.error as error:
            raise SettingsError(
                f"sensors.text.pattern is no regular expression: {error}."
            ) from None
        if self._pattern is not None and "text" not in self._pattern.groupindex:
            raise SettingsError(
                "sensors.text.pattern has no group (?P<text>…): which part of a line is the "
                r"message? For example '^<(?P<name>\w+)> (?P<text>.*)$'."
            )

    def message_of(self, line: str) -> Message | None:
        """Message in a line; None where there is none."""
        if self._pattern is None:
            return Message(line)
        found = self._pattern.search(line)
        if found is None:
            return None
        parts = found.groupdict(default="")
        return Message(parts["text"], parts.get("name", ""))


def messages_of(data: str | bytes) -> list[Message]:
    """Messages in what a service says: one of JSON, or one a line of text."""
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    try:
        said: object = json.loads(text)
    except (ValueError, RecursionError):
        return [Message(line) for line in text.splitlines()]
    if isinstance(said, str):
        return [Message(said)]
    found = [_find(one, 0) for one in (_list(said) if isinstance(said, list) else [said])]
    return [message for message in found if message is not None]


def _find(said: object, depth: int) -> Message | None:
    """Look for a text in an object of JSON, the outermost first."""
    if not isinstance(said, dict) or depth > _DEEPEST:
        return None
    table = cast("dict[str, object]", said)
    text = next((table[key] for key in TEXT_KEYS if isinstance(table.get(key), str)), None)
    if isinstance(text, str):
        return Message(text, _name(table))
    for inner in table.values():
        found = _find(inner, depth + 1)
        if found is not None:
            return found if found.name else found._replace(name=_name(table))
    return None


def _name(table: dict[str, object]) -> str:
    """Who wrote it: a text, or an object that has a name."""
    for key in NAME_KEYS:
        found = table.get(key)
        if isinstance(found, dict):
            found = _name(cast("dict[str, object]", found))
        if isinstance(found, str) and found:
            return found
    return ""


def _list(said: object) -> list[object]:
    return cast("list[object]", said)
