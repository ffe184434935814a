"""Features of notes, against values worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.notes import Notes
from models.symbolic_features import FEWEST, Features, features_of
from models.symbolic_harmony import key_scores

MAJOR_SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def line(
    pitches: tuple[int, ...],
    interval_s: float = 0.5,
    held_s: float = 0.5,
    velocities: tuple[int, ...] | None = None,
) -> Notes:
    """One note after the other."""
    onsets = np.arange(len(pitches)) * interval_s
    loud = np.array(velocities or [80] * len(pitches), dtype=np.float64)
    return Notes(onsets, onsets + held_s, onsets + held_s, np.array(pitches), loud)


def chords(*stacks: tuple[int, ...], length_s: float = 1.0) -> Notes:
    """Chords one after the other, held until the next."""
    onsets = np.array([i * length_s for i, stack in enumerate(stacks) for _ in stack])
    pitches = np.array([pitch for stack in stacks for pitch in stack])
    ends = onsets + length_s
    return Notes(onsets, ends, ends, pitches, np.full(len(pitches), 80.0))


def described(notes: Notes, stop_s: float | None = None, *, relative: bool = True) -> Features:
    return features_of(notes, stop_s or float(notes.end_s.max()), relative=relative)


def test_rhythm_of_an_even_line_is_even() -> None:
    found = described(line(MAJOR_SCALE, interval_s=0.5))
    assert found["density"] == pytest.approx(np.log(8 / 4.0))
    assert found["interval_mean"] == pytest.approx(-1.0)  # log2 of half a second
    assert found["interval_sd"] == pytest.approx(0.0, abs=1e-9)
    assert found["variability"] == pytest.approx(0.0, abs=1e-9)
    assert found["pulse"] > 0.98
    assert found["chord_share"] == 0.0


def test_variability_is_that_of_pairs_of_intervals() -> None:
    """Intervals 1, 3, 1, 3: every pair differs by half of its sum."""
    onsets = np.array([0.0, 0.1, 0.4, 0.5, 0.8])
    notes = replace(line((60, 62, 64, 65, 67)), onset_s=onsets, release_s=onsets, end_s=onsets)
    assert described(notes, 1.0)["variability"] == pytest.approx(0.5)


def test_notes_that_begin_together_are_one_chord() -> None:
    found = described(chords((48, 52, 55), (53, 57, 60)))
    assert found["chord_size_mean"] == 3.0
    assert found["chord_density"] == pytest.approx(np.log(2 / 2.0))
    assert found["chord_width"] == 7.0


def test_register_and_melody_by_hand() -> None:
    found = described(line((60, 62, 62, 55, 67)))
    assert found["pitch_mean"] == pytest.approx(61.2)
    assert found["pitch_range"] == 12.0
    assert found["melody_size"] == pytest.approx((2 + 0 + 7 + 12) / 4)
    assert found["melody_rises"] == pytest.approx(2 / 4)
    assert found["melody_repeats"] == pytest.approx(1 / 4)
    assert found["melody_octaves"] == pytest.approx(1 / 4)
    assert found["melody_turns"] == pytest.approx(1 / 3)


def test_articulation_and_pedal_by_hand() -> None:
    short = line(MAJOR_SCALE, interval_s=0.5, held_s=0.1)
    found = described(short)
    assert found["staccato_share"] == 1.0
    assert found["legato_q50"] == pytest.approx(0.2)
    assert found["pedal_share"] == 0.0
    held = described(replace(short, end_s=short.onset_s + 0.4))
    assert held["pedal_share"] == 1.0
    assert held["pedal_gain"] == pytest.approx(2.0)  # four times as long: two octaves
    assert held["staccato_share"] == 1.0


def test_polyphony_counts_what_sounds() -> None:
    found = described(chords((48, 52, 55), (53, 57, 60)))
    assert found["sounding_polyphony"] == pytest.approx(3.0)
    assert found["polyphony_at_onsets"] == pytest.approx(3.0)


def test_keys_follow_the_profiles_of_krumhansl_and_kessler() -> None:
    """A histogram that is a key's own profile is that key, whatever the tonic."""
    profile = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
    for tonic in range(12):
        assert key_scores(np.roll(profile, tonic)).argmax() == tonic


def test_mode_tells_major_from_minor() -> None:
    major = described(chords((48, 64, 67), (53, 60, 69), (55, 62, 71), (48, 64, 67)))
    minor = described(chords((48, 63, 67), (53, 60, 68), (55, 62, 70), (48, 63, 67)))
    assert major["mode"] > 0.05 > -0.05 > minor["mode"]
    assert (major["mode_is_minor"], minor["mode_is_minor"]) == (0.0, 1.0)
    assert major["chord_major"] == 1.0
    assert minor["chord_minor"] == 1.0
    assert major["outside_scale"] == 0.0


def test_dissonance_tells_a_third_from_a_semitone() -> None:
    sweet = described(chords((60, 64), (62, 65), (64, 67)))
    harsh = described(chords((60, 61), (62, 63), (64, 65)))
    assert sweet["together_4"] == pytest.approx(1 / 3)
    assert sweet["together_3"] == pytest.approx(2 / 3)
    assert harsh["clusters"] == pytest.approx(1.0)
    assert sweet["consonance"] > 0.0 > harsh["consonance"]


def test_roots_move_by_fifths_where_the_chords_do() -> None:
    found = described(chords((48, 52, 55), (53, 57, 60), (58, 62, 65), (51, 55, 58)))
    assert found["root_move_5"] == pytest.approx(1.0)


def test_a_crescendo_correlates_with_time_and_raises_the_second_half() -> None:
    found = described(line(MAJOR_SCALE, velocities=(10, 20, 30, 40, 50, 60, 70, 80)))
    assert found["accent_with_time"] == pytest.approx(1.0)
    assert found["loudness_change"] == pytest.approx((65 - 25) / 45)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(21, 108), st.integers(1, 60), st.integers(0, 40), st.integers(1, 40)),
        min_size=FEWEST,
        max_size=60,
    ),
    st.floats(0.3, 2.0),
    st.integers(-8, 8),
)
def test_no_level_and_no_transposition_reaches_what_should_not_know(
    drawn: list[tuple[int, int, int, int]], gain: float, semitones: int
) -> None:
    """Velocities count by ratio; harmony, melody and rhythm do not know the key."""
    pitch, velocity, gap, held = (np.array(column) for column in zip(*drawn, strict=True))
    onsets = np.cumsum(gap / 16.0)
    notes = Notes(onsets, onsets + held / 16, onsets + held / 8, pitch, velocity.astype(float))
    found = described(notes)
    assert all(np.isfinite(value) for value in found.values())
    louder = described(replace(notes, velocity=notes.velocity * gain))
    assert louder == pytest.approx(found, rel=1e-6, abs=1e-7)
    moved = described(replace(notes, pitch=notes.pitch + semitones))
    for name in ("mode", "key_strength", "class_entropy", "consonance", "tonal_spread", "pulse"):
        assert moved[name] == pytest.approx(found[name], abs=1e-9), name
    assert moved["pitch_mean"] == pytest.approx(found["pitch_mean"] + semitones)


def test_too_few_notes_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        features_of(line((60, 62, 64)), 3.0, relative=True)
