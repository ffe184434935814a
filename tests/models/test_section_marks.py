"""Simulated listeners comment on boundaries: what they say goes the way of the product."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dsp.features import FeatureExtractor
from models.personal_sections import REACH
from models.training.boundaries.build import Truth
from models.training.boundaries.medleys import Medley
from models.training.boundaries.streams import Stream
from models.training.section_marks import (
    GRID,
    LISTENERS,
    STEPS,
    USUAL,
    Commented,
    Taste,
    best_saving,
    count_faults,
)
from models.training.section_marks_table import KINDS, write_section_marks
from models.turns import TurnDetector

JUNCTIONS_S = (8.0, 16.0)


@pytest.fixture(scope="module")
def stream() -> Stream:
    """A tone, a hiss, a tone."""
    extractor = FeatureExtractor()
    rate = extractor.layout.sample_rate
    time_s = np.arange(24 * rate) / rate
    tone = 0.1 * np.sin(2.0 * np.pi * 220.0 * time_s) * (1.0 + np.sin(2.0 * np.pi * 3.0 * time_s))
    hiss = 0.05 * np.random.default_rng(0).standard_normal(len(time_s))
    inside = (time_s >= JUNCTIONS_S[0]) & (time_s < JUNCTIONS_S[1])
    samples = np.where(inside, hiss, tone).astype(np.float32)
    parts = [
        extractor.push(samples[at : at + 8192]).values.copy() for at in range(0, len(samples), 8192)
    ]
    truth = Truth(np.asarray(JUNCTIONS_S), np.asarray([1, 2]), np.asarray([2, 1]), 24.0)
    medley = Medley("toy", "turns", "panda_4q", 0, 0.0, ())
    return Stream(medley, True, truth, np.concatenate(parts), samples, extractor.layout)


def after(stream: Stream, taste: Taste) -> list[float]:
    detector = TurnDetector(stream.layout)
    who = Commented(detector, taste, np.random.default_rng(3))
    who.hear(stream)
    assert detector.sensitivity == who.learned[-1]
    return who.learned


def test_who_says_nothing_teaches_nothing(stream: Stream) -> None:
    assert after(stream, Taste(0.0, 0.0, 1.0, 1.0)) == [USUAL]


def test_marks_of_what_is_told_anyway_are_weighed_and_move_nothing(stream: Stream) -> None:
    learned = after(stream, Taste(1.0, 0.0, 1.0, 1.0))
    assert len(learned) == 1 + len(JUNCTIONS_S)
    assert learned == [USUAL] * len(learned)


def test_comments_at_random_stay_in_reach(stream: Stream) -> None:
    for learned in after(stream, Taste(1.0, 1.0, 1.0, 1.0, slips=1.0)):
        assert abs(learned - USUAL) <= REACH + 1e-9


def test_faults_are_counted_against_the_junctions(stream: Stream) -> None:
    shut, open_ = TurnDetector(stream.layout), TurnDetector(stream.layout)
    shut.adjust(0.0)
    open_.adjust(1.0)
    (few,), (many,) = count_faults([shut, open_], [stream])
    assert few[0] >= many[0]
    assert few[1] <= many[1]
    assert few[2] == 0.4
    faults = np.zeros((len(GRID), 2, 3))
    faults[:, :, 2] = 1.0
    faults[:, :, 0] = np.linspace(4.0, 0.0, len(GRID))[:, None]  # the readier, the fewer are missed
    faults[:, :, 1] = np.linspace(0.0, 1.0, len(GRID))[:, None]
    assert best_saving(Taste(1.0, 1.0, 3.0, 1.0), faults) == 6.0 - 0.5
    assert best_saving(Taste(1.0, 1.0, 1.0, 9.0), faults) == pytest.approx(2.0 + 4.5 - 4.0)


def test_the_table_has_a_row_for_each_kind_of_listener() -> None:
    figure = [[0.1, 0.0, 0.2]] * len(STEPS)
    facts = {
        "cost": figure,
        "saved": figure,
        "sensitivity": [0.5] * 4,
        "worse": [0.0] * 4,
        "at best": 0.3,
    }
    kinds: dict[str, Any] = dict.fromkeys(KINDS, facts)
    found = {"steps": list(STEPS), "medleys": 2, "listeners": 3, "minutes": 8.0, "kinds": kinds}
    text = write_section_marks(found)
    assert list(KINDS) == list(LISTENERS)
    assert all(name in text for name in KINDS)
    assert text.count("+0.10 [+0.00, +0.20]") == 3 * len(KINDS)
