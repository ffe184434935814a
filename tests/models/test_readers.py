"""Summaries and their readers against definitions, and fitting against two worlds."""

import numpy as np
import pytest
import torch

from models.readers import Readers
from models.route import Route
from models.summary import SPAN_S, Summary
from models.training.medleys import Mixture
from models.training.reading import (
    Reader,
    Reading,
    draw_summaries,
    export_readers,
    fit_readers,
    read,
)
from models.training.recurrent import lessons_of
from models.training.routing import fit_route
from models.training.rows import RowMaker
from models.votes import EXPERTS
from models.weights import Weights, WeightsError
from tests.models.test_training import two_worlds

TEXTURE, TAIL, ROW_S = 5, 7, 0.17
ROWS = np.random.default_rng(3).normal(0.5, 2.0, (90, 4 * TEXTURE + TAIL)).astype(np.float32)


def summaries_of(rows: np.ndarray) -> np.ndarray:
    summary = Summary(rows.shape[1], TEXTURE, ROW_S)
    return np.asarray([summary.push(row).copy() for row in rows])


@pytest.mark.parametrize("heard", [1, 2, 30, 90])
def test_a_summary_holds_mean_deviation_and_change_of_all_rows(heard: int) -> None:
    rows = ROWS[:heard].astype(float)
    texture, tail = rows[:, :TEXTURE], rows[:, 4 * TEXTURE :]
    change = np.abs(np.diff(texture, axis=0)).mean(axis=0) if heard > 1 else np.zeros(TEXTURE)
    parts = [texture.mean(0), texture.std(0), change, tail.mean(0), tail.std(0), tail[-1]]
    assert np.allclose(summaries_of(ROWS[:heard])[-1], np.concatenate(parts), atol=1e-4)


def test_what_was_long_ago_is_forgotten() -> None:
    rows = np.zeros((round(8 * SPAN_S / ROW_S), ROWS.shape[1]), dtype=np.float32)
    rows[:100] = 5.0
    means = summaries_of(rows)[:, :TEXTURE]
    assert np.allclose(means[99], 5.0)
    assert np.abs(means[-1]).max() < 0.01


def test_one_row_at_a_time_and_all_at_once_are_the_same_bits() -> None:
    together = np.zeros((len(ROWS), 3 * TEXTURE + 3 * TAIL), dtype=np.float32)
    summary = Summary(ROWS.shape[1], TEXTURE, ROW_S)
    summary.push_all(ROWS, together)
    assert np.array_equal(together, summaries_of(ROWS))
    summary.reset()
    again = np.zeros_like(together)
    summary.push_all(ROWS, again)
    assert np.array_equal(again, together)


def test_a_row_must_hold_four_textures_and_more() -> None:
    with pytest.raises(ValueError, match="does not hold 4 textures of 5"):
        Summary(20, 5, ROW_S)


def readers_for(width: int, counts: tuple[int, ...]) -> tuple[list[list[Reader]], Weights]:
    """Random torch readers of each expert, and the same as weights."""
    torch.manual_seed(5)
    rng = np.random.default_rng(5)
    experts = [
        [
            Reader(rng.normal(0, 1, width), rng.uniform(0.5, 2, width), Reading(hidden=9)).eval()
            for _ in range(count)
        ]
        for count in counts
    ]
    for reader in (reader for readers in experts for reader in readers):
        for weight in reader.parameters():  # what the product keeps of a weight
            weight.data = weight.data.half().float()
    parts = [export_readers(readers, np.ones(2)) for readers in experts if readers]
    arrays = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    arrays["reader_expert"] = np.repeat(np.arange(len(counts)), counts).astype(np.int8)
    return experts, Weights("test", arrays, {})


def test_readings_are_the_means_of_what_torch_says() -> None:
    experts, weights = readers_for(40, (3, 2))
    own = Readers(weights, 40)
    for summary in np.random.default_rng(6).normal(0, 3, (20, 40)).astype(np.float32):
        expected = np.asarray([read(readers, summary[None])[0] for readers in experts])
        assert np.allclose(own.push(summary), expected, atol=1e-4)


def test_weights_without_readers_say_nothing() -> None:
    readers = Readers(Weights("test", {}, {}), 40)
    assert np.array_equal(readers.push(np.ones(40, np.float32)), np.zeros((EXPERTS, 2)))


def test_weights_made_for_something_else_are_refused() -> None:
    _, weights = readers_for(40, (1, 1))
    with pytest.raises(WeightsError, match="made for other summaries"):
        Readers(weights, 41)
    weights.arrays["reader_expert"] = np.asarray([0, 7], dtype=np.int8)
    with pytest.raises(WeightsError, match="name an expert that is missing"):
        Readers(weights, 40)


def test_readers_learn_to_tell_two_worlds_apart() -> None:
    torch.set_num_threads(1)
    maker = RowMaker()
    pools, quadrants = two_worlds(12)
    reading = Reading(readers=1, epochs=12, passes=1, batch=16)
    lessons = lessons_of(pools, quadrants)
    fitted = fit_readers(lessons, reading, maker.whole)
    unseen, truth = two_worlds(16)
    said = np.asarray(
        [read(fitted, maker.summaries(maker.rows(clip[0]))[-1:])[0] for clip in unseen[12:]]
    )
    assert ((said[:, 0] > 0) == (truth[12:] <= 2)).all()


def test_what_was_heard_longer_counts_more() -> None:
    pools, quadrants = two_worlds(4)
    reading = Reading(passes=2)
    summaries, targets, weights = draw_summaries(
        lessons_of(pools, quadrants), reading, RowMaker().whole
    )
    assert len(summaries) == len(targets) == len(weights)
    assert weights.mean() == pytest.approx(1.0)
    assert weights[0] < weights[1]


def test_the_route_is_a_logistic_line_through_the_summary() -> None:
    rng = np.random.default_rng(8)
    line = rng.normal(0, 0.2, 41).astype(np.float32)
    route = Route(Weights("test", {"route": line}, {}), 40)
    for summary in rng.normal(0, 1, (20, 40)).astype(np.float32):
        expected = 1 / (1 + np.exp(-(line[:-1].astype(float) @ summary + line[-1])))
        assert route.push(summary) == pytest.approx(expected, abs=1e-4)
    assert Route(Weights("test", {}, {}), 40).push(np.ones(40, np.float32)) == 0.0
    with pytest.raises(WeightsError, match="made for other summaries"):
        Route(Weights("test", {"route": line}, {}), 41)


def test_the_route_is_learned_from_what_is_played() -> None:
    maker = RowMaker()
    pools, quadrants = two_worlds(12)
    lessons, rng = lessons_of(pools, quadrants), np.random.default_rng(0)
    line = fit_route(lessons.part(np.arange(8)), quadrants[:8] == 1, Mixture(), maker, rng)
    shares = [maker.summaries(maker.rows(c[0]))[-1] @ line[:-1] + line[-1] for c in pools[8:]]
    assert ((np.asarray(shares) > 0) == (quadrants[8:] == 1)).all()
