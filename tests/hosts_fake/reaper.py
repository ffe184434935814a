"""REAPER: understands what its pattern file says, and nothing else.

Read from justinfrankel/reaper-sdk (reaper_csurf/csurf_osc.cpp, osc.h) and the notes in a stock
Default.ReaperOSC: flags ``n`` 0..1, ``f`` a number, ``b`` 0 or 1, ``t`` nothing or 1 to trigger,
``s`` text, ``i`` whole number; ``@`` is a number. The file is the one that we ship.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.hosts_fake.told import Said, Told

FILE = Path(__file__).parents[2] / "examples" / "reaper" / "oscbridge.ReaperOSC"
ACTIONS = {
    *("DEVICE_TRACK_COUNT", "DEVICE_SEND_COUNT", "DEVICE_RECEIVE_COUNT", "DEVICE_FX_COUNT"),
    *("DEVICE_FX_PARAM_COUNT", "DEVICE_FX_INST_PARAM_COUNT", "DEVICE_MARKER_COUNT"),
    *("DEVICE_REGION_COUNT", "REAPER_TRACK_FOLLOWS", "DEVICE_TRACK_FOLLOWS"),
    *("DEVICE_TRACK_BANK_FOLLOWS", "DEVICE_FX_FOLLOWS", "DEVICE_EQ", "DEVICE_ROTARY_CENTER"),
    *("TRACK_VOLUME", "FX_PARAM_VALUE", "GOTO_REGION", "GOTO_MARKER", "TEMPO", "PLAY", "STOP"),
    *("BEAT", "LAST_REGION_NAME", "LAST_MARKER_NAME", "ACTION"),
}
BAR_S = 2.0
REGIONS = ("happy", "tense", "sad", "relaxed")


class Host:
    """A project with four regions that plays at 120 BPM."""

    reply_port = 7773

    def __init__(self) -> None:
        self.patterns: list[tuple[str, str, re.Pattern[str]]] = []
        """Action, flag, and the addresses that mean it."""
        for line in FILE.read_text(encoding="ascii").splitlines():
            if line.strip() and not line.startswith("#"):
                self._read(line.split())
        self.went: list[tuple[float, int]] = []
        """Regions: when, which."""
        self.values: dict[str, float] = {}
        self._bar = 0
        self._told = False

    def _read(self, words: list[str]) -> None:
        action, *patterns = words
        assert action in ACTIONS, f"REAPER knows no {action}"
        for pattern in patterns:
            flag, slash, path = pattern.partition("/")
            if slash:
                assert flag in "nfbtrsi", f"{action}: no flag {flag!r}"
                expression = re.escape(f"/{path}").replace("@", r"(\d+)")
                self.patterns.append((action, flag, re.compile(expression)))

    def take(self, told: Told, now_s: float) -> list[Said]:
        """Do what a pattern says, if there is one."""
        for action, flag, address in self.patterns:
            found = address.fullmatch(told.address)
            if found is None:
                continue
            self._check(flag, told)
            if action == "GOTO_REGION":
                number = int(found[1])
                assert 1 <= number <= len(REGIONS), "there is no such region"
                self.went.append((now_s, number))
                return [("/lastregion/name", [REGIONS[number - 1]])]
            self.values[told.address] = told.number(0, -1e6, 1e6)
            return []
        raise AssertionError(f"no pattern of {FILE.name} takes {told}")

    def _check(self, flag: str, told: Told) -> None:
        match flag:
            case "n":
                told.expect("f")
                told.number(0, 0.0, 1.0)
            case "f" | "r":
                told.expect("f")
            case "b" | "t":
                assert told.types in ("", "f", "i"), told
                assert not told.args or told.args[0] in (0, 1), told
            case _:
                told.expect(flag)

    def tick(self, now_s: float) -> list[Said]:
        """Tell where it plays, and the rest once."""
        said: list[Said] = []
        if not self._told:
            self._told = True
            said += [("/tempo/raw", [120.0]), ("/play", [1.0])]
        bar = int(now_s / BAR_S) + 1
        if bar != self._bar:
            self._bar = bar
            said.append(("/beat/str", [f"{bar}.1.00"]))
        return said
