"""What training rests on: metrics, augmentation, medleys, and that fitting learns."""

import numpy as np
import pytest

from models import metrics
from models.pools import pool_spans
from models.training.augment import augment
from models.training.calibration import fit_temperatures, quadrant_probabilities
from models.training.medleys import Mixture, change_level, draw_examples, signs
from models.training.recurrent import Recipe, export_arrays, fit, lessons_of, predict
from models.training.rows import PoolReader, RowMaker
from tests.dsp.signals import RATE, noise, sine


def test_temperatures_undo_a_scale() -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(0, 1.5, (4000, 2))
    truth = rng.random((4000, 2)) < 1 / (1 + np.exp(-logits))
    scaled = [row[None] for row in logits * [3.0, 0.5]]
    assert fit_temperatures(scaled, truth.astype(float)) == pytest.approx([3.0, 0.5], rel=0.12)


def test_the_guess_is_where_the_signs_point() -> None:
    logits = np.asarray([[2.0, 1.0], [2.0, -1.0], [-2.0, -1.0], [-2.0, 1.0]])
    probabilities = quadrant_probabilities(logits, np.ones(2))
    assert metrics.guess(probabilities).tolist() == [1, 2, 3, 4]
    assert (probabilities.argmax(axis=1) + 1).tolist() == [1, 2, 3, 4]
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert signs(np.asarray([1, 2, 3, 4])).tolist() == [[1, 1], [1, 0], [0, 0], [0, 1]]


@pytest.mark.parametrize("seed", range(12))
def test_every_augmentation_stays_music_of_much_the_same_length(seed: int) -> None:
    music = sine(440, 10 * RATE, 0.3) + sine(660, 10 * RATE, 0.2)
    other = augment(music, RATE, np.random.default_rng(seed))
    assert other.dtype == np.float32
    assert np.isfinite(other).all()
    assert 0.35 * len(music) < len(other) < 1.06 * len(music)
    middle = other[len(other) // 2 :][:8192].astype(float)
    peak_hz = np.abs(np.fft.rfft(middle * np.hanning(len(middle)))).argmax() * RATE / len(middle)
    # the tones are still there; speed or pitch moves them by two semitones at most
    assert min(abs(peak_hz / 440 - 1), abs(peak_hz / 660 - 1)) < 0.13


def test_augmentation_is_repeatable() -> None:
    one, other = (augment(noise(RATE * 8), RATE, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(one, other)


def test_a_change_of_level_on_pools_is_a_change_of_level_of_the_sound() -> None:
    reader = PoolReader()
    quiet, loud = reader.read(noise(RATE)), reader.read(noise(RATE) * np.float32(10 ** (6 / 20)))
    changed = change_level(quiet, 6.0)
    spans = pool_spans()
    for name, atol in (("bands", 1e-2), ("energy", 1e-2), ("flutter", 1e-2), ("pitch", 1e-3)):
        assert np.allclose(changed[:, spans[name]], loud[:, spans[name]], atol=atol)
    assert np.allclose(changed[:, spans["power"]], loud[:, spans["power"]], rtol=1e-2)


def two_worlds(n: int) -> tuple[list[list[np.ndarray]], np.ndarray]:
    """Clips that a child can tell apart: dense noise bursts (quadrant 1) and low tones (3)."""
    reader = PoolReader()
    pools, quadrants = [], []
    for i in range(n):
        if i % 2:
            gate = (np.arange(6 * RATE) % (RATE // 6) < RATE // 20).astype(np.float32)
            pools.append([reader.read(noise(6 * RATE, seed=i) * gate)])
            quadrants.append(1)
        else:
            pools.append([reader.read(sine(90.0 + 3 * i, 6 * RATE, 0.3))])
            quadrants.append(3)
    return pools, np.asarray(quadrants)


def test_examples_carry_the_truth_of_every_instant() -> None:
    pools, quadrants = two_worlds(8)
    maker = RowMaker()
    mixture = Mixture(medleys=1.0, length=60, shortest=8, longest=20)
    rng = np.random.default_rng(0)
    examples = list(draw_examples(pools, signs(quadrants), mixture, maker, rng))
    assert len(examples) == 8
    turned = 0
    for example in examples:
        assert example.rows.shape == (60, maker.width)
        assert example.targets.shape == (60, 2)
        assert set(np.unique(example.targets)) <= {0.0, 1.0}
        assert (example.weights > 0).all()
        turned += len(np.unique(example.targets, axis=0)) > 1
        # noise bursts have many zero crossings, low tones few: the truth moves with the sound
        bright = example.rows[:, 76] > 0.5
        assert np.mean(bright == (example.targets[:, 0] > 0)) > 0.95
    assert turned >= 6


def test_fitting_learns_to_tell_two_worlds_apart_and_to_turn() -> None:
    pools, quadrants = two_worlds(16)
    maker = RowMaker()
    recipe = Recipe(networks=2, epochs=12, batch=8, squeeze=8, hidden=8)
    networks = fit(lessons_of(pools[:12], quadrants[:12]), recipe, maker)
    rows = [maker.rows(clip[0]) for clip in pools[12:]]
    last = np.asarray([logits[-1] for logits in predict(networks, rows)])
    assert ((last > 0) == (signs(quadrants[12:]) > 0)).all()
    spliced = maker.rows(np.concatenate([pools[12][0], pools[13][0]]))
    turn = predict(networks, [spliced])[0]
    assert (turn[len(pools[12][0]) - 1] > 0).tolist() == (signs(quadrants[12:13])[0] > 0).tolist()
    assert (turn[-1] > 0).tolist() == (signs(quadrants[13:14])[0] > 0).tolist()
    arrays = export_arrays(networks, np.asarray([2.0, 4.0]))
    biases = [network.read.bias.detach().numpy() for network in networks]
    assert np.allclose(arrays["c"] * [2.0, 4.0], biases)
    assert not np.array_equal(arrays["w"][0], arrays["w"][1])
