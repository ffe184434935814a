"""Detectors of boundaries: analytic steps, naive twins, any split of frames."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dsp import detectors
from dsp.detectors.bayes import STEP_CELLS, build_constants, observe
from dsp.detectors.cusum import MEMORY, follow
from dsp.detectors.windows import distance
from dsp.jit import build_records
from dsp.layout import FeatureLayout
from dsp.novelty import CELL
from dsp.segmenter_settings import RULES, SegmenterSettings
from dsp.types import FeatureFrames, Segment
from tests.dsp.frames import HOP, LAYOUT, N_MELS, SHIFT, feed, hops
from tests.dsp.signals import RATE

OURS = tuple(detectors.MODULES)


NOTE = 24
"""Hops of a note: every one has a spectrum of its own around the colour of its part."""


def music(*parts: tuple[float, int], seed: int = 0, level_db: float = -20.0) -> np.ndarray:
    """Frames of a stream: (seconds, piece) one after the other; each piece has its own colour."""
    rng = np.random.default_rng(seed)
    colours = [np.random.default_rng(piece).normal(0, 15, N_MELS) for _, piece in parts]
    mel = np.concatenate(
        [np.tile(c, (hops(s), 1)) for c, (s, _) in zip(colours, parts, strict=True)]
    )
    notes = np.repeat(rng.normal(0, 4, (len(mel) // NOTE + 1, N_MELS)), NOTE, axis=0)[: len(mel)]
    values = np.zeros((len(mel) + SHIFT, LAYOUT.width), np.float32)
    # spectra are placed at the middle of their frame: they come `SHIFT` hops late
    values[SHIFT:, LAYOUT.span("log_mel")] = mel + notes + rng.normal(0, 2, mel.shape)
    values[:SHIFT, LAYOUT.span("log_mel")] = mel[0]
    values[:, LAYOUT.span("energy")] = level_db + rng.normal(0, 1, (len(values), 1))
    return values


def heard(name: str, values: np.ndarray, sizes: tuple[int, ...] = ()) -> list[Segment]:
    return feed(detectors.build(name, LAYOUT), values, sizes)


# ---------------------------------------------------------------------------------- the registry


@pytest.mark.parametrize("name", detectors.names())
def test_every_name_builds_a_detector_that_says_its_delay(name: str) -> None:
    detector = detectors.build(name, LAYOUT)
    assert 0 < detector.delay < 6 * RATE
    assert feed(detector, music((3, 0))) == []


def test_the_rules_of_the_segmenter_are_among_the_names() -> None:
    assert {*RULES, "paper", "cusum", "bayes", "windows"} <= {*detectors.names()}


def test_an_unknown_name_is_refused_with_those_that_exist() -> None:
    with pytest.raises(KeyError, match="cusum"):
        detectors.build("tarot", LAYOUT)


@pytest.mark.parametrize("name", OURS)
def test_frames_of_another_layout_are_refused(name: str) -> None:
    other = FeatureLayout(RATE, 2048, HOP, (("log_mel", N_MELS), ("energy", 1)), "other")
    frames = FeatureFrames(np.zeros((1, 17), np.float32), 0, other, np.zeros((1, HOP), np.float32))
    with pytest.raises(ValueError, match="layout"):
        detectors.build(name, LAYOUT).update(frames)


# -------------------------------------------------------------------------------- analytic truths


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("piece", [1, 2, 3])
def test_a_step_of_colour_is_one_boundary_at_the_hop_of_the_step(name: str, piece: int) -> None:
    (found,) = heard(name, music((12.032, 0), (12, piece)))
    assert abs(found.stop // HOP - hops(12.032)) <= 1
    assert found.start == 0
    assert 0.5 <= found.strength <= 1.0


@pytest.mark.parametrize("name", OURS)
def test_a_clear_step_is_known_after_the_delay_that_is_stated_and_soon(name: str) -> None:
    detector = detectors.build(name, LAYOUT)
    (found,) = feed(detector, music((12, 0), (12, 1)))
    age = found.decided - found.stop
    # the first step of the posterior may hold little of the new music
    slack = STEP_CELLS * CELL * HOP if name == "bayes" else 0
    assert detector.delay - slack <= age <= detector.delay + 1.5 * RATE


@pytest.mark.parametrize("name", OURS)
def test_who_is_more_sensitive_hears_at_least_as_many_changes(name: str) -> None:
    colours = [np.random.default_rng(k).normal(0, 4, N_MELS) for k in range(8)]
    values = music(*[(10, 0)] * 8)
    for k, colour in enumerate(colours):
        values[hops(10 * k) : hops(10 * k + 10), LAYOUT.span("log_mel")] += colour
    found = [
        len(feed(detectors.build(name, LAYOUT, SegmenterSettings(sensitivity=s)), values))
        for s in (0.0, 0.5, 1.0)
    ]
    assert found == sorted(found)
    assert found[0] < found[2]


@pytest.mark.parametrize("name", OURS)
def test_ten_minutes_of_the_same_have_no_boundary(name: str) -> None:
    assert heard(name, music((600, 5))) == []


@pytest.mark.parametrize("name", OURS)
def test_every_turn_of_a_medley_is_found_and_segments_are_contiguous(name: str) -> None:
    lengths = (10, 14, 9, 20, 12)
    found = heard(name, music(*zip(lengths, (0, 1, 2, 3, 4), strict=True)))
    truth = np.cumsum(lengths[:-1])
    assert len(found) == len(truth)
    assert np.abs(np.asarray([s.stop for s in found]) / RATE - truth).max() < 0.1
    assert [s.start for s in found] == [0, *(s.stop for s in found[:-1])]


@pytest.mark.parametrize("name", OURS)
def test_two_changes_closer_than_the_shortest_segment_are_one_boundary(name: str) -> None:
    near = music((12, 0), (2, 1), (16, 2))
    detector = detectors.build(name, LAYOUT, SegmenterSettings(min_segment_s=8.0))
    stops = [segment.stop / RATE for segment in feed(detector, near)]
    assert len(stops) == 1
    assert 11.5 < stops[0] < 14.5


@pytest.mark.parametrize("name", OURS)
def test_a_silence_is_a_segment_and_what_was_before_it_is_forgotten(name: str) -> None:
    values = music((8, 0), (3, 0), (8, 1))
    values[hops(8) : hops(11), LAYOUT.span("energy")] = -90.0
    found = heard(name, values)
    assert [round(segment.stop / RATE, 1) for segment in found] == [8.0, 11.0]
    assert all(segment.strength == 1.0 for segment in found)


@pytest.mark.parametrize("name", OURS)
def test_silence_alone_has_no_boundary(name: str) -> None:
    assert heard(name, music((60, 0), level_db=-90.0)) == []


# ------------------------------------------------------------------------------ splits and resets


@pytest.mark.parametrize("name", OURS)
@settings(max_examples=15, deadline=None)
@given(sizes=st.lists(st.integers(1, 700), min_size=1, max_size=5), seed=st.integers(0, 99))
def test_any_split_of_the_frames_gives_the_same_segments(
    name: str, sizes: list[int], seed: int
) -> None:
    values = music((7, 0), (9, 1), (2, 1), (8, 2), seed=seed)
    values[hops(16) : hops(18), LAYOUT.span("energy")] = -90.0
    assert heard(name, values, tuple(sizes)) == heard(name, values)


@pytest.mark.parametrize("name", OURS)
def test_after_reset_a_detector_is_new(name: str) -> None:
    values = music((9, 0), (9, 1), (9, 2))
    detector = detectors.build(name, LAYOUT)
    feed(detector, music((13.3, 7), (4.1, 8), seed=5), (37,))
    detector.reset()
    assert feed(detector, values) == heard(name, values)


# ----------------------------------------------------------------------------------- naive twins


def test_the_distance_of_two_windows_is_that_of_its_definition() -> None:
    rng = np.random.default_rng(1)
    cells = rng.normal(0, 4, (30, 5))
    past, recent = cells[3:17], cells[17:26]
    within = past.var(axis=0) * len(past) + recent.var(axis=0) * len(recent)
    pooled = within / (len(past) + len(recent)) + 2.0
    apart = past.mean(axis=0) - recent.mean(axis=0)
    share = len(past) / (len(past) + len(recent))
    expected = np.sqrt(share * np.sum(apart**2 / pooled))
    assert distance(cells, 3, 17, 26, 2.0, np.zeros((3, 5))) == pytest.approx(expected, rel=1e-12)


def test_cumulative_sums_are_those_of_crosier_with_the_segment_as_reference() -> None:
    rng = np.random.default_rng(2)
    cells = np.concatenate([rng.normal(0, 2, (40, 3)), rng.normal(4, 2, (20, 3))])
    slack, ridge, learn = 1.5, 0.5, 10
    total = np.zeros(3)
    zero = learn
    for t in range(learn, len(cells)):
        known = cells[:zero]
        z = (cells[t] - known.mean(axis=0)) / np.sqrt(known.var(axis=0) + ridge)
        length = np.linalg.norm(total + z)
        total = (total + z) * (1 - slack / length) if length > slack else np.zeros(3)
        zero = t + 1 if length <= slack else zero
    memory = build_records(MEMORY)
    sums = np.zeros(3)
    follow(cells, 25, memory, moments := np.zeros((2, 3)), sums, slack, ridge, learn)
    follow(cells, len(cells), memory, moments, sums, slack, ridge, learn)
    np.testing.assert_allclose(sums, total, rtol=1e-9)
    assert memory[0]["zero"] == zero
    assert memory[0]["length"] == pytest.approx(np.linalg.norm(total), rel=1e-9)


def exact_posterior(x: np.ndarray, hazard: float, temper: float, prior: tuple[float, ...]):
    """Adams & MacKay's posterior of the run length, from their recursion and scipy's Student t."""
    weight, shape, beta = prior
    log_p = np.asarray([0.0])
    for t in range(len(x)):
        log_pi = np.zeros(t + 1)
        centre_of = [x[: i + 1].mean(axis=0) for i in range(t)]
        for r in range(t + 1):
            run = x[t - r : t]
            # a run that begins at step s was given the mean of the stream up to s - 1 as its centre
            centre = centre_of[t - r - 1] if t - r > 0 else x[0]
            n = len(run)
            kappa, alpha = weight + n, shape + n / 2
            mean = (weight * centre + run.sum(axis=0)) / kappa
            b = np.full(x.shape[1], beta)
            if n:
                m = run.mean(axis=0)
                b += 0.5 * ((run - m) ** 2).sum(axis=0)
                b += weight * n * (m - centre) ** 2 / (2 * kappa)
            scale = np.sqrt(b * (kappa + 1) / (alpha * kappa))
            log_pi[r] = stats.t.logpdf(x[t], 2 * alpha, mean, scale).sum()
        joint = log_p + temper * log_pi
        joint -= np.logaddexp.reduce(joint)
        log_p = np.concatenate([[np.log(hazard)], joint + np.log1p(-hazard)])
    return log_p


def test_the_posterior_of_the_run_length_is_that_of_adams_and_mackay() -> None:
    rng = np.random.default_rng(3)
    x = np.concatenate([rng.normal(0, 2, (15, 4)), rng.normal(5, 2, (10, 4))])
    hazard, temper, prior = 0.05, 0.7, (0.1, 1.5, 6.0)
    runs = 60
    constants = build_constants(runs - 1, prior[1], prior[0])
    log_p = np.full(runs, -np.inf)
    log_p[0] = 0.0
    means, betas = np.tile(x[0], (runs, 1)), np.full((runs, 4), prior[2])
    for t in range(len(x)):
        centre = x[: t + 1].mean(axis=0)
        observe(x[t], log_p, means, betas, constants, centre, prior[2], temper, hazard)
    expected = exact_posterior(x, hazard, temper, prior)
    np.testing.assert_allclose(log_p[: len(expected)], expected, rtol=1e-8, atol=1e-8)
    assert np.all(np.isneginf(log_p[len(expected) :]))
    assert int(log_p.argmax()) == 10


def test_a_truncated_posterior_stays_a_probability() -> None:
    rng = np.random.default_rng(4)
    runs = 12
    constants = build_constants(runs - 1, 1.0, 0.05)
    log_p = np.full(runs, -np.inf)
    log_p[0] = 0.0
    means, betas = np.zeros((runs, 3)), np.full((runs, 3), 4.0)
    for _ in range(500):
        observe(rng.normal(0, 2, 3), log_p, means, betas, constants, np.zeros(3), 4.0, 0.5, 0.05)
        assert np.exp(log_p).sum() == pytest.approx(1.0, abs=1e-9)
    assert int(log_p.argmax()) == runs - 1
    assert np.isfinite(betas).all()
    assert 1.0 < betas[-1].mean() / (1.0 + 0.5 * (runs - 1)) < 9.0
