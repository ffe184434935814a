"""VRChat: one value an avatar parameter, of the type that the avatar declares.

Read from docs.vrchat.com (OSC as input, avatar parameters): floats are clamped to -1..1, ints are
0..255, bools want true or false. Clamped is wrong here: it would not be what was meant. What is set
is told back, and what its player chooses in the menu, when it changes.
"""

from __future__ import annotations

from tests.hosts_fake.told import Said, Told

PREFIX = "/avatar/parameters/"
DECLARED = {
    "OB_Valence": "f",
    "OB_Arousal": "f",
    "OB_Intensity": "f",
    "OB_Quadrant": "i",
    "OB_Boundary": "b",
}
CHOSEN = {"OB_PlayerValence": -0.5, "OB_PlayerArousal": 0.75, "OB_Freeze": True}
CHOOSES_S = 10.0
PULSE_S = 0.25
"""A bool that is true for less time than a few network updates is seen by nobody else."""


class Host:
    """An avatar with our five parameters."""

    reply_port = None

    def __init__(self) -> None:
        self.values: dict[str, float] = {}
        self.pulses: list[tuple[float, float]] = []
        """Boundaries: from, to."""
        self._true_s: float | None = None
        self._news: list[Said] = []
        self._chosen = False

    def take(self, told: Told, now_s: float) -> list[Said]:
        """Set a parameter."""
        name = told.address.removeprefix(PREFIX)
        assert name in DECLARED, f"the avatar has no {told.address}"
        self._news.append((told.address, [*told.args] or [told.types == "T"]))
        match DECLARED[name]:
            case "f":
                told.expect("f")
                self.values[name] = told.number(0, -1.0, 1.0)
            case "i":
                told.expect("i")
                self.values[name] = told.number(0, 0, 255)
            case _:
                assert told.types in ("T", "F")
                self._pulse(told.types == "T", now_s)
        return []

    def _pulse(self, true: bool, now_s: float) -> None:
        if true:
            self._true_s = now_s
        else:
            assert self._true_s is not None, "false without a true before it"
            assert now_s - self._true_s >= PULSE_S
            self.pulses.append((self._true_s, now_s))
            self._true_s = None

    def tick(self, now_s: float) -> list[Said]:
        """Tell what has changed; its player chooses something after ten seconds."""
        said, self._news = self._news, []
        if now_s >= CHOOSES_S and not self._chosen:
            self._chosen = True
            said += [(PREFIX + name, [value]) for name, value in CHOSEN.items()]
        return said
