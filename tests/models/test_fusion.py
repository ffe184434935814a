"""Two opinions pooled: the formula by hand, its limits, and a duet of scripted models."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.features import FeatureSettings, build_layout
from dsp.types import FeatureFrames
from models.fusion import HALF_LIFE_S, Duet, pool
from models.notes import KeyEvent
from models.types import AffectState

RATE = 24_000


def opinion(
    arousal: float, valence: float, stop: int = 0, music: float = 1.0, confidence: float = -1.0
) -> AffectState:
    """A state with these probabilities of positive arousal and valence."""
    a, v = arousal, valence
    q = (v * a, (1 - v) * a, (1 - v) * (1 - a), v * (1 - a))
    return AffectState(
        valence=2 * v - 1,
        arousal=2 * a - 1,
        confidence=max(q) if confidence < 0 else confidence,
        source="music",
        stop=stop,
        sample_rate=RATE,
        quadrant_probabilities=q,
        music=music,
    )


def logit(p: float) -> float:
    return math.log(p / (1.0 - p))


probability = st.floats(0.02, 0.98)


def test_one_fresh_voice_is_left_as_it_is() -> None:
    state = opinion(0.8, 0.3, stop=240)
    assert pool([state], 240) == state


def test_the_pool_is_the_weighted_mean_of_logits() -> None:
    """Confidences 0.72 and 0.36, by hand."""
    sure, unsure = opinion(0.9, 0.8), opinion(0.4, 0.6)
    pooled = pool([sure, unsure], 0)
    w1, w2 = 0.72 / (0.72 + 0.36), 0.36 / (0.72 + 0.36)
    expected = 1.0 / (1.0 + math.exp(-(w1 * logit(0.9) + w2 * logit(0.4))))
    assert pooled.arousal == pytest.approx(2.0 * expected - 1.0)


def test_an_old_opinion_counts_half_after_its_half_life() -> None:
    stop = round(HALF_LIFE_S * RATE)
    old, new = opinion(0.9, 0.5, 0, confidence=0.5), opinion(0.2, 0.5, stop, confidence=0.5)
    pooled = pool([old, new], stop)
    mean = (0.5 * logit(0.9) + 1.0 * logit(0.2)) / 1.5
    assert pooled.arousal == pytest.approx(2.0 / (1.0 + math.exp(-mean)) - 1.0)


def test_a_voice_that_hears_no_music_has_no_say() -> None:
    pooled = pool([opinion(0.9, 0.9), opinion(0.1, 0.1, music=0.0)], 0)
    assert pooled.arousal == pytest.approx(0.8)
    assert pooled.music == 1.0


def test_when_nobody_hears_music_nothing_is_known() -> None:
    pooled = pool([opinion(0.9, 0.9, music=0.0), opinion(0.1, 0.1, confidence=0.0)], 0)
    assert (pooled.confidence, pooled.quadrant, pooled.valence) == (0.0, 0, 0.0)


def test_old_opinions_return_to_not_knowing() -> None:
    ages = [round(s * RATE) for s in (0, 2, 10, 60)]
    surest = [pool([opinion(0.95, 0.9)], stop).confidence for stop in ages]
    assert surest == sorted(surest, reverse=True)
    assert surest[-1] == pytest.approx(0.25, abs=1e-6)


@given(probability, probability, probability, probability, st.floats(0.01, 1.0))
def test_a_pool_lies_between_its_voices_and_knows_no_order(
    a1: float, v1: float, a2: float, v2: float, music: float
) -> None:
    one, two = opinion(a1, v1), opinion(a2, v2, music=music)
    pooled = pool([one, two], 0)
    again = pool([two, one], 0)
    assert min(one.arousal, two.arousal) - 1e-9 <= pooled.arousal
    assert pooled.arousal <= max(one.arousal, two.arousal) + 1e-9
    assert min(one.valence, two.valence) - 1e-9 <= pooled.valence
    assert pooled.valence <= max(one.valence, two.valence) + 1e-9
    assert pooled.arousal == pytest.approx(again.arousal)
    assert sum(pooled.quadrant_probabilities) == pytest.approx(1.0)
    assert pooled.quadrant_probabilities[pooled.quadrant - 1] == pytest.approx(
        max(pooled.quadrant_probabilities)
    )


def test_states_of_two_clocks_and_no_states_are_refused() -> None:
    with pytest.raises(ValueError, match="different rates"):
        pool([opinion(0.5, 0.5), replace(opinion(0.5, 0.5), sample_rate=48_000)], 0)
    with pytest.raises(ValueError, match="nobody"):
        pool([], 0)


@dataclass
class Scripted:
    """A model that says the same every ``delay`` samples; of sound or of notes."""

    says: AffectState
    delay: int
    name: str = "scripted"
    digest: str = "0"
    sample_rate: int = RATE
    at: int = 0
    restarts: list[int] = field(default_factory=list)
    events: list[KeyEvent] = field(default_factory=list)

    def update(self, heard: object, stop: int = -1) -> list[AffectState]:
        if isinstance(heard, FeatureFrames):
            stop = heard.stop
        elif isinstance(heard, Sequence):
            self.events += heard
        states: list[AffectState] = []
        while self.at + self.delay <= stop:
            self.at += self.delay
            states.append(replace(self.says, stop=self.at))
        return states

    def restart(self, stop: int) -> None:
        self.restarts.append(stop)

    def reset(self) -> None:
        self.at = 0


def frames(first: int, count: int) -> FeatureFrames:
    layout = build_layout(FeatureSettings())
    hops = np.zeros((count, layout.hop_length), np.float32)
    return FeatureFrames(np.zeros((count, layout.width), np.float32), first, layout, hops)


def duet() -> tuple[Duet, Scripted, Scripted]:
    sound, notes = Scripted(opinion(0.9, 0.9), 4096), Scripted(opinion(0.1, 0.9), 6000)
    keys = [KeyEvent(100, "press", 0, 60, 80), KeyEvent(9000, "release", 0, 60)]

    def played(stop: int) -> list[KeyEvent]:
        due = [key for key in keys if key.at <= stop]
        del keys[: len(due)]
        return due

    return Duet(sound, notes, played), sound, notes


def test_a_duet_says_the_same_however_the_sound_is_cut() -> None:
    whole, _, _ = duet()
    parts, _, notes = duet()
    at_once = whole.update(frames(0, 240))
    in_parts = [state for i in range(0, 240, 16) for state in parts.update(frames(i, 16))]
    assert at_once == in_parts
    assert [state.stop for state in at_once] == sorted(state.stop for state in at_once)
    assert [event.at for event in notes.events] == [100, 9000]
    assert at_once[0].arousal == pytest.approx(0.8)  # the notes had not spoken yet
    assert abs(at_once[-1].arousal) < 0.4


def test_a_boundary_restarts_both_voices_and_drops_what_they_said() -> None:
    both, sound, notes = duet()
    both.update(frames(0, 32))
    both.restart(5000)
    assert sound.restarts == notes.restarts == [5000]
    fresh = both.update(frames(32, 16))
    assert fresh[0].stop == 12_000  # the notes speak first, and the old sound has no say
    assert fresh[0].arousal == pytest.approx(-0.8)
