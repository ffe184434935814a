"""The callbacks for TouchDesigner, run with stand-ins for what TouchDesigner itself has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from oscbridge.inlets import INLETS
from oscbridge.protocol import SIGNALS

SCRIPT = Path(__file__).parents[2] / "examples" / "touchdesigner" / "oscbridge_callbacks.py"


class Project:
    """A project of four operators; ``later`` is what TouchDesigner runs after a while."""

    def __init__(self) -> None:
        self.said: list[tuple[str, list[object]]] = []
        self.pulses: list[str] = []
        self.later: list[tuple[int, Callable[[], object]]] = []
        self._label = SimpleNamespace(par=SimpleNamespace(text=""))
        self.names: dict[str, Any] = {"op": self.op, "run": self.run}
        exec(compile(SCRIPT.read_text(encoding="utf-8"), SCRIPT.name, "exec"), self.names)

    def op(self, name: str) -> Any:
        trigger = SimpleNamespace(pulse=lambda: self.pulses.append(name))
        return {
            "label": self._label,
            "flash": SimpleNamespace(par=SimpleNamespace(triggerpulse=trigger)),
            "oscout1": SimpleNamespace(sendOSC=lambda a, args: self.said.append((a, args))),
        }[name]

    def run(self, script: str, *args: object, delayMilliSeconds: int = 0) -> None:  # noqa: N803
        """Run a text later, with ``args`` in it, as TouchDesigner does."""
        assert isinstance(delayMilliSeconds, int), "a delay is a whole number of milliseconds"
        self.later.append((delayMilliSeconds, lambda: eval(script, {"args": args})))

    def hear(self, name: str, *args: object) -> None:
        signal = SIGNALS[name]
        said = list(signal.message(*args).args)
        self.names["onReceiveOSC"](None, 0, b"", b"", 0.0, signal.address, said, None)


@pytest.fixture
def project() -> Project:
    return Project()


def test_requests_are_answered_started_at_once_and_done_after_the_fade(project: Project) -> None:
    project.hear("request/fade", 8.0)
    project.hear("request/go", 7, "sad", "bar", 0.5)
    ack = INLETS["in/request/ack"]
    assert project.said == [(ack.address, [7, "started"])]
    ((after_ms, done),) = project.later
    assert after_ms == 4000
    done()
    assert [ack.read(args) for _, args in project.said] == [  # type: ignore[arg-type]
        (7, "started"),
        (7, "done"),
    ]


def test_what_is_heard_is_shown_and_what_is_felt_is_said(project: Project) -> None:
    project.hear("quadrant/enter", 2, "tense", 0.5)
    project.hear("segment/boundary", 3, 250, 0.5)
    project.hear("valence", 0.5)
    assert project.op("label").par.text == "tense"
    assert project.pulses == ["flash"]
    project.names["feel"](0.5, -0.5)
    felt = INLETS["in/affect/va"]
    assert project.said == [(felt.address, [0.5, -0.5])]
