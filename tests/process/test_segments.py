"""SegmentJournal: means against a plain recomputation, back-dated boundaries, order, silence."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from dsp.types import Segment
from models.types import AffectState, quadrant_of
from oscbridge.events import Boundary, SegmentEnded
from oscbridge.hearing.segments import LEAST_MUSIC, SegmentJournal

RATE = 24000
PERIOD = 2048
"""Samples between states."""


def state(
    stop: int, valence: float, arousal: float, *, music: float = 1.0, confidence: float = 0.6
) -> AffectState:
    """A state whose probabilities agree with its valence and arousal."""
    v, a = (valence + 1.0) / 2.0, (arousal + 1.0) / 2.0
    q = (v * a, (1.0 - v) * a, (1.0 - v) * (1.0 - a), v * (1.0 - a))
    return AffectState(valence, arousal, confidence, "music", stop, RATE, q, music)


def states(seconds: float, seed: int = 0) -> list[AffectState]:
    """Random states, one every `PERIOD` samples, some in pauses."""
    rng = np.random.default_rng(seed)
    return [
        state(
            (i + 1) * PERIOD,
            *rng.uniform(-1, 1, 2),
            music=float(rng.choice([1.0, 1.0, 1.0, 0.4, 0.0])),
            confidence=float(rng.uniform(0.3, 1.0)),
        )
        for i in range(int(seconds * RATE / PERIOD))
    ]


def play(
    journal: SegmentJournal,
    heard: Iterable[AffectState],
    segments: Iterable[Segment],
    block: int,
    stop: int,
) -> list[Boundary | SegmentEnded]:
    """Hand over states and segments in blocks of ``block`` samples, then finish."""
    events: list[Boundary | SegmentEnded] = []
    waiting, closing = list(heard), list(segments)
    for end in range(block, stop + block, block):
        while waiting and waiting[0].stop <= end:
            journal.update(waiting.pop(0))
        while closing and closing[0].decided <= end:
            events += journal.close(closing.pop(0))
    return events + journal.finish(stop)


def recomputed(
    heard: list[AffectState], start: int, stop: int
) -> tuple[float, float, float, int] | None:
    """Mean valence, arousal, confidence and the quadrant of [start, stop); None in silence."""
    inside = [s for s in heard if start < s.stop <= stop]
    music = np.array([s.music for s in inside])
    if len(inside) == 0 or music.mean() < LEAST_MUSIC:
        return None
    columns = np.array([(s.valence, s.arousal, s.confidence) for s in inside])
    valence, arousal, confidence = np.average(columns, axis=0, weights=music)
    q = np.average([s.quadrant_probabilities for s in inside], axis=0, weights=music)
    return valence, arousal, confidence, quadrant_of(q[0] + q[3] - 0.5, q[0] + q[1] - 0.5)


SEGMENTS = [
    Segment(0, 7 * RATE + 100, 0.8, 10 * RATE),
    Segment(7 * RATE + 100, 12 * RATE, 0.6, 12 * RATE),
    Segment(12 * RATE, 12 * RATE + 50, 1.0, 14 * RATE),
    Segment(12 * RATE + 50, 150 * RATE, 0.7, 155 * RATE),
]


def test_means_count_only_the_states_of_the_segment_as_a_plain_recomputation_says() -> None:
    heard, stop = states(200.0), 200 * RATE
    events = play(SegmentJournal(RATE), heard, SEGMENTS, PERIOD, stop)
    ended = [e for e in events if isinstance(e, SegmentEnded)]
    assert [(e.start, e.stop) for e in ended] == [
        *((s.start, s.stop) for s in SEGMENTS),
        (150 * RATE, stop),
    ]
    for event in ended:
        said = (event.valence, event.arousal, event.confidence, event.quadrant)
        assert said == pytest.approx(recomputed(heard, event.start, event.stop) or (0, 0, 0, 0))
    assert [e.quadrant > 0 for e in ended] == [True, True, False, True, True]


def test_a_boundary_names_the_segment_that_begins_and_comes_before_the_end_of_the_old_one() -> None:
    events = play(SegmentJournal(RATE), states(160.0), SEGMENTS, PERIOD, 160 * RATE)
    assert [(type(e).__name__, e.id) for e in events] == [
        ("Boundary", 1),
        ("SegmentEnded", 0),
        ("Boundary", 2),
        ("SegmentEnded", 1),
        ("Boundary", 3),
        ("SegmentEnded", 2),
        ("Boundary", 4),
        ("SegmentEnded", 3),
        ("SegmentEnded", 4),
    ]
    told = [e for e in events if isinstance(e, Boundary)]
    assert [(e.stop, e.decided, e.strength, e.sample_rate) for e in told] == [
        (s.stop, s.decided, s.strength, RATE) for s in SEGMENTS
    ]


def test_states_after_a_back_dated_boundary_belong_to_the_new_segment() -> None:
    journal = SegmentJournal(RATE)
    for i in range(1, 21):
        journal.update(state(i * RATE, -0.8 if i <= 10 else 0.8, 0.5))
    _, old = journal.close(Segment(0, 10 * RATE, 0.9, 13 * RATE))
    (new,) = journal.finish(20 * RATE)
    assert isinstance(old, SegmentEnded)
    assert isinstance(new, SegmentEnded)
    assert (old.valence, old.quadrant) == (pytest.approx(-0.8), 2)
    assert (new.valence, new.quadrant) == (pytest.approx(0.8), 1)


@pytest.mark.parametrize("block", [1700, 4096, 50 * 4096])
def test_events_do_not_depend_on_how_states_and_segments_are_batched(block: int) -> None:
    heard, stop = states(200.0, seed=3), 200 * RATE
    whole = play(SegmentJournal(RATE), heard, SEGMENTS, 1, 16 * RATE)[:6]
    assert play(SegmentJournal(RATE), heard, SEGMENTS, block, stop)[:6] == whole
    fine = play(SegmentJournal(RATE), heard, SEGMENTS, PERIOD, stop)
    assert play(SegmentJournal(RATE), heard, SEGMENTS, block, stop) == fine


@pytest.mark.parametrize("music", [0.0, 0.2])
def test_a_segment_without_music_has_quadrant_0_and_says_nothing(music: float) -> None:
    journal = SegmentJournal(RATE)
    for i in range(1, 6):
        journal.update(state(i * RATE, 0.9, 0.9, music=music))
    (ended,) = journal.finish(5 * RATE)
    assert ended == SegmentEnded(0, 0, 5 * RATE, RATE, 0.0, 0.0, 0, 0.0)


def test_a_segment_of_which_the_model_was_never_sure_has_quadrant_0() -> None:
    journal = SegmentJournal(RATE)
    journal.update(state(RATE, 0.1, 0.1, confidence=0.0))
    (ended,) = journal.finish(RATE)
    assert isinstance(ended, SegmentEnded)
    assert ended.quadrant == 0


def test_pauses_do_not_dilute_what_the_music_expressed() -> None:
    journal = SegmentJournal(RATE)
    for i in range(1, 11):
        journal.update(state(i * RATE, 0.6, -0.4, music=0.0 if i % 3 == 0 else 1.0))
    (ended,) = journal.finish(10 * RATE)
    assert isinstance(ended, SegmentEnded)
    assert (ended.valence, ended.arousal) == pytest.approx((0.6, -0.4))
    assert ended.quadrant == 4


def test_an_empty_stream_ends_no_segment() -> None:
    assert SegmentJournal(RATE).finish(0) == []


def test_a_reset_journal_equals_a_new_one() -> None:
    heard, used = states(160.0, seed=4), SegmentJournal(RATE)
    play(used, states(33.3, seed=5), SEGMENTS[:1], 509, 30 * RATE)
    used.reset()
    fresh = play(SegmentJournal(RATE), heard, SEGMENTS, PERIOD, 160 * RATE)
    assert play(used, heard, SEGMENTS, PERIOD, 160 * RATE) == fresh


def test_memory_stays_bounded_over_hours_of_one_segment() -> None:
    journal = SegmentJournal(RATE)
    for i in range(3 * 3600):
        journal.update(state(i * RATE, 0.5, 0.5))
    assert len(journal._recent) <= 61
    (ended,) = journal.finish(3 * 3600 * RATE)
    assert isinstance(ended, SegmentEnded)
    assert ended.valence == pytest.approx(0.5)


def test_a_sample_rate_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="sample_rate must be 1 or more"):
        SegmentJournal(0)
