"""QLab 5: cues by their numbers, levels in decibels, answers as JSON.

Read from qlab.app (OSC dictionary 5) and bitfocus/companion-module-figure53-qlab-advance. Its TCP
port speaks SLIP (``tests/wire/test_slip.py`` talks to one). What asks for nothing is answered only
after ``/alwaysReply 1``; who has not said its passcode is denied.
"""

from __future__ import annotations

import json

from tests.hosts_fake.told import Said, Told

CUES = ("happy", "tense", "sad", "relaxed", "10")


class Host:
    """A workspace of five cues; ``passcode`` is empty where it has none."""

    reply_port = None

    def __init__(self, passcode: str = "") -> None:
        self._passcode = passcode
        self._let_in = not passcode
        self._always_replies = False
        self.started: list[str] = []
        self.levels: list[tuple[float, float]] = []

    def take(self, told: Told, now_s: float) -> list[Said]:
        """Do what the dictionary says."""
        _, *parts = told.address.split("/")
        status, data = "ok", None
        match parts:
            case ["connect"]:
                assert told.types in ("", "s")
                self._let_in = not self._passcode or told.args == (self._passcode,)
                data = "ok:view|edit|control" if self._let_in else "badpass"
                return [_reply(told, status, data)]
            case ["alwaysReply"]:
                self._always_replies = told.expect("i") == (1,)
            case ["cue", *_] if not self._let_in:
                status = "denied"
            case ["updates"]:
                assert told.expect("i") in ((0,), (1,))
            case ["cue", number, "start"] if number in CUES:
                told.expect("")
                self.started.append(number)
            case ["cue", number, "sliderLevel"] if number in CUES:
                told.expect("if")
                self.levels.append((now_s, told.number(1, -120.0, 12.0)))
            case ["cue", _, "start" | "sliderLevel"]:
                status = "error"
            case _:
                raise AssertionError(f"QLab knows no {told}")
        return [_reply(told, status, data)] if self._always_replies else []

    def tick(self, now_s: float) -> list[Said]:
        """Say nothing by itself."""
        del now_s
        return []


def _reply(told: Told, status: str, data: str | None) -> Said:
    answer = {"address": told.address, "status": status, "data": data}
    return f"/reply{told.address}", [json.dumps(answer)]
