"""The chord vector of S3: 24 triads and none, their changes, major against minor."""

from __future__ import annotations

import numpy as np
import pytest

from models.zoo.chords import (
    CHORD_WIDTH,
    NONE,
    build_triads,
    chord_vector,
    recognise_chords,
)

C, F, G, A_MINOR, D_MINOR = 0, 5, 7, 21, 14


def test_every_triad_is_recognised_as_itself() -> None:
    np.testing.assert_array_equal(recognise_chords(build_triads()), np.arange(24))


@pytest.mark.parametrize(
    ("notes", "chord"),
    [((0, 4, 7), C), ((9, 0, 4), A_MINOR), ((2, 5, 9), D_MINOR), ((5, 9, 0), F)],
)
def test_chords_by_name(notes: tuple[int, ...], chord: int) -> None:
    chroma = np.full((1, 12), 0.05)
    chroma[0, list(notes)] = 1.0
    assert recognise_chords(chroma).tolist() == [chord]


def test_silence_and_an_even_chroma_have_no_chord() -> None:
    assert recognise_chords(np.asarray([np.zeros(12), np.ones(12)])).tolist() == [NONE, NONE]


def test_the_histogram_counts_24_triads_and_none() -> None:
    vector = chord_vector(np.asarray([C, C, A_MINOR, NONE]))
    assert vector.shape == (CHORD_WIDTH,)
    assert vector[C] == 0.5
    assert vector[A_MINOR] == vector[NONE] == 0.25
    assert vector[:25].sum() == pytest.approx(1.0)


def test_the_balance_is_one_in_major_and_minus_one_in_minor() -> None:
    assert chord_vector(np.asarray([C, F, G]))[26] == 1.0
    assert chord_vector(np.asarray([A_MINOR, D_MINOR]))[26] == -1.0
    assert chord_vector(np.asarray([C, A_MINOR, NONE]))[26] == 0.0


def test_the_entropy_is_zero_for_one_change_over_and_over_and_one_for_ever_new_ones() -> None:
    assert chord_vector(np.asarray([C, C, C]))[25] == 0.0
    assert chord_vector(np.asarray([C, F, G, A_MINOR, D_MINOR]))[25] == pytest.approx(1.0)
    # C-F and F-C in turn: two changes, equally often, of six that could all differ
    assert chord_vector(np.asarray([C, F, C, F, C, F, C]))[25] == pytest.approx(
        np.log(2) / np.log(6)
    )


def test_nothing_heard_is_no_chord() -> None:
    vector = chord_vector(np.zeros(0, dtype=int))
    assert vector[NONE] == 1.0
    assert vector.sum() == 1.0
