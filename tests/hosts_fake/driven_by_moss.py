"""DrivenByMoss in Bitwig: whole numbers up to a largest value, pages of eight, 1-based.

Read from git-moss/DrivenByMoss-Documentation (Open-Sound-Control-(OSC).md). Its own messages come
in bundles between ``/update 1`` and ``/update 0``.
"""

from __future__ import annotations

import re

from tests.hosts_fake.told import Said, Told

MAX_VALUE = 127
QUANTISATIONS = ("none", "1", "2", "4", "8", "1/2", "1/4", "1/8", "1/16")
BAR_S = 2.0


class Host:
    """A project that plays at 120 BPM, resolution Low."""

    reply_port = 9000

    def __init__(self) -> None:
        self.remotes: dict[int, int] = {}
        self.launched: list[tuple[float, int, str]] = []
        """Scenes: when, which, under which quantisation."""
        self.quantisation = "1"
        self._pressed: int | None = None
        self._bar = 0
        self._refresh = False
        self._queued: int | None = None
        self._plays: int | None = None

    def take(self, told: Told, now_s: float) -> list[Said]:
        """Do what the documentation says."""
        if found := re.fullmatch(r"/project/param/([1-8])/value", told.address):
            told.expect("i")
            self.remotes[int(found[1])] = int(told.number(0, 0, MAX_VALUE))
        elif found := re.fullmatch(r"/scene/([1-8])/launch", told.address):
            (down,) = told.expect("i")
            self._press(int(found[1]), int(down), now_s)
        elif told.address == "/launcher/defaultQuantization":
            (self.quantisation,) = (str(value) for value in told.expect("s"))
            assert self.quantisation in QUANTISATIONS
        elif told.address == "/refresh":
            told.expect("")
            self._refresh = True
        else:
            raise AssertionError(f"DrivenByMoss knows no {told}")
        return []

    def _press(self, scene: int, down: int, now_s: float) -> None:
        if down:
            assert self._pressed is None, "the last button was not let go"
            self._pressed = scene
            self.launched.append((now_s, scene, self.quantisation))
            self._queued = scene
        else:
            assert self._pressed == scene, "another button was let go"
            self._pressed = None

    def _begin(self) -> list[Said]:
        """Play the scene that waits: its clips on the first two tracks."""
        queued, self._queued = self._queued, None
        if queued is None or queued == self._plays:
            return []
        before, self._plays = self._plays, queued
        said: list[Said] = []
        for track in (1, 2):
            if before is not None:
                said.append((f"/track/{track}/clip/{before}/isPlaying", [0]))
            said.append((f"/track/{track}/clip/{queued}/isPlaying", [1]))
        return said

    def tick(self, now_s: float) -> list[Said]:
        """Tell what has changed, between two updates."""
        said: list[Said] = []
        if self._refresh:
            self._refresh = False
            said += [("/tempo/raw", [120.0]), ("/play", [1])]
        bar = int(now_s / BAR_S) + 1
        if bar != self._bar:
            self._bar = bar
            said.append(("/beat/str", [f"{bar}.1.1:00"]))
            said += self._begin()
        return [("/update", [1]), *said, ("/update", [0])] if said else []
