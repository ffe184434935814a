"""QLab 5: cues by their numbers, levels in decibels, answers as JSON.

Read from qlab.app (OSC dictionary 5) and bitfocus/companion-module-figure53-qlab-advance. Its TCP
port speaks SLIP (``tests/wire/test_slip.py`` talks to one).
"""

from __future__ import annotations

import json

from tests.hosts_fake.told import Said, Told

CUES = ("happy", "tense", "sad", "relaxed", "10")


class Host:
    """A workspace of five cues."""

    reply_port = None

    def __init__(self) -> None:
        self.started: list[str] = []
        self.levels: list[tuple[float, float]] = []

    def take(self, told: Told, now_s: float) -> list[Said]:
        """Do what the dictionary says."""
        _, *parts = told.address.split("/")
        match parts:
            case ["connect"]:
                assert told.types in ("", "s")
            case ["updates"]:
                assert told.expect("i") in ((0,), (1,))
            case ["cue", number, "start"] if number in CUES:
                told.expect("")
                self.started.append(number)
            case ["cue", number, "sliderLevel"] if number in CUES:
                told.expect("if")
                self.levels.append((now_s, told.number(1, -120.0, 12.0)))
            case _:
                raise AssertionError(f"QLab knows no {told}")
        answer = {"address": told.address, "status": "ok", "data": None}
        return [(f"/reply{told.address}", [json.dumps(answer)])]

    def tick(self, now_s: float) -> list[Said]:
        """Say nothing by itself."""
        del now_s
        return []
