"""Ardour: a surface registers, then strips, cues and feedback.

Read from Ardour/ardour (libs/surfaces/osc/osc.cc) and its manual. The real one is talked to in
``tests/peers/test_ardour.py``; this one is strict where Ardour forgives.
"""

from __future__ import annotations

from tests.hosts_fake.told import Said, Told

FEEDBACK = 59
BAR_S = 2.0


class Host:
    """A session with one strip and four rows of cues."""

    reply_port = None

    def __init__(self) -> None:
        self.faders: dict[int, float] = {}
        self.cues: list[tuple[float, int]] = []
        self.port = 0
        self._bar = 0

    def take(self, told: Told, now_s: float) -> list[Said]:
        """Do what the manual says."""
        match told.address:
            case "/set_surface":
                values = told.expect("iiiiiii")
                assert values[2] == FEEDBACK
                self.port = int(told.number(6, 1, 65535))
                return [("/transport_play", [1.0])]
            case "/strip/fader":
                strip, _ = told.expect("if")
                assert strip == 1, "there is no such strip"
                self.faders[int(strip)] = told.number(1, 0.0, 1.0)
            case "/trigger_cue_row":
                (row,) = told.expect("i")
                told.number(0, 0, 3)
                self.cues.append((now_s, int(row)))
            case _:
                raise AssertionError(f"Ardour: unhandled OSC message {told}")
        return []

    def tick(self, now_s: float) -> list[Said]:
        """Feedback goes to those who have registered."""
        bar = int(now_s / BAR_S) + 1
        if not self.port or bar == self._bar:
            return []
        self._bar = bar
        return [("/position/bbt", [f"{bar:03d}|01|0000"]), ("/heartbeat", [1.0])]
