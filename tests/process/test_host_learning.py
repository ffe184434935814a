"""While a host learns, it hears one signal alone."""

from __future__ import annotations

import pytest

from oscbridge.events import Boundary
from oscbridge.orders import (
    Learn,
    MakeRequest,
)
from oscbridge.protocol import SIGNALS
from tests.process.composed import Run
from tests.process.doubles import RATE_HZ, affect


@pytest.mark.parametrize("name", ["valence", "va", "quadrant", "energy", "request/go", "tempo"])
def test_while_a_host_learns_it_hears_one_signal_alone_from_end_to_end(name: str) -> None:
    run = Run()
    run.tell(affect(0.5, 0.5))
    run.tell(Learn(name, True))
    run.forget()
    run.tell(MakeRequest(0.1, 0.1), Boundary(1, 0, 100, 0.5, RATE_HZ))
    run.go_on(4.0, affect(0.5, 0.5))
    assert {m.signal.name for _, m in run.said} == {name, "heartbeat", "status"}
    for arg, values in zip(SIGNALS[name].args, zip(*run.of(name), strict=True), strict=True):
        if arg.type != "s":
            numbers = list(map(float, values))  # type: ignore[arg-type]
            low, high = (arg.low, arg.high) if arg.bounded else (0.0, 1.0)
            assert min(numbers) <= low + 0.1 * (high - low)
            assert max(numbers) >= high - 0.1 * (high - low)
    run.forget()
    run.tell(Learn(None, True))
    run.go_on(0.5, affect(0.5, 0.5))
    assert {"valence", "arousal", "quadrant"} <= {m.signal.name for _, m in run.said}


def test_what_is_learned_by_midi_alone_keeps_our_signals_quiet(run: Run) -> None:
    run.tell(Learn("note/boundary", False))
    run.forget()
    run.go_on(3.0, affect(0.5, 0.5))
    assert {m.signal.name for _, m in run.said} <= {"heartbeat", "status"}
