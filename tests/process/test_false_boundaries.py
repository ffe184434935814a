"""What goes on without a turn brings no stream of false boundaries, however long it lasts.

The sounds are those of `tests.process.endless`. Minutes are few where the result is the same for
more of them (an hour of each was tried once: none brought a boundary); the drone lasts an hour.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from dsp.features import FeatureExtractor
from oscbridge.hearing.detection import SegmentSettings, build_detector
from tests.process import endless
from tests.process.endless import RATE_HZ

BLOCK = 8192


def boundaries_s(
    samples: np.ndarray, times: int = 1, sensitivity: float = 0.5, rule: str | None = None
) -> list[float]:
    """Boundaries in a sound that is played ``times`` times without a pause, seconds."""
    extractor = FeatureExtractor()
    settings = SegmentSettings(sensitivity=sensitivity)
    if rule is not None:
        settings = SegmentSettings(rule=rule, sensitivity=sensitivity)
    detector = build_detector(settings, extractor.layout)
    found: list[float] = []
    for _ in range(times):
        for start in range(0, len(samples), BLOCK):
            frames = extractor.push(samples[start : start + BLOCK])
            found += [segment.stop / RATE_HZ for segment in detector.update(frames)]
    return found


@pytest.mark.parametrize("sensitivity", [0.5, 1.0])
@pytest.mark.parametrize("make", [endless.silence, endless.noise, endless.metronome])
def test_what_never_changes_has_no_boundary(
    make: Callable[[float], np.ndarray], sensitivity: float
) -> None:
    assert boundaries_s(make(180.0), sensitivity=sensitivity) == []


@pytest.mark.compiled
def test_an_hour_of_a_drone_has_no_boundary() -> None:
    assert boundaries_s(endless.drone(endless.ROUND_S), times=60) == []


def test_applause_has_a_boundary_in_three_minutes_at_most() -> None:
    assert len(boundaries_s(endless.applause(180.0))) <= 1


@pytest.mark.peer("espeak-ng")
def test_speech_has_a_boundary_in_three_minutes_at_most() -> None:
    assert len(boundaries_s(endless.speech(180.0))) <= 1


def test_the_same_ear_hears_where_one_of_them_turns_into_another() -> None:
    turning = np.concatenate([endless.drone(15.0), endless.noise(15.0), endless.metronome(15.0)])
    found = boundaries_s(turning)
    for turn_s in (15.0, 30.0):
        assert min(abs(time_s - turn_s) for time_s in found) < 0.5
