"""Intake: clean mono from whatever a device delivers."""

import numpy as np
import pytest

from dsp.intake import LIMIT, Intake


@pytest.mark.parametrize("channels", [1, 2, 8])
def test_mixing_is_the_mean_of_the_channels(channels: int) -> None:
    audio = np.random.default_rng(0).uniform(-1, 1, (509, channels)).astype(np.float32)
    assert np.allclose(Intake(channels).push(audio), audio.mean(axis=1), atol=1e-6)


def test_picked_channels_alone_are_heard() -> None:
    audio = np.random.default_rng(0).uniform(-1, 1, (100, 8)).astype(np.float32)
    assert np.allclose(Intake(8, pick=[2, 5]).push(audio), audio[:, [2, 5]].mean(axis=1), atol=1e-6)


def test_bad_samples_become_silence_and_are_counted() -> None:
    audio = np.full((6, 2), 0.5, dtype=np.float32)
    audio[1, 0], audio[2, 1], audio[3, 0] = np.nan, np.inf, -np.inf
    intake = Intake(2)
    mono = intake.push(audio)
    assert np.isfinite(mono).all()
    assert mono.tolist() == [0.5, 0.25, 0.25, 0.25, 0.5, 0.5]
    assert (intake.nonfinite, intake.clipped) == (3, 0)


def test_samples_beyond_the_range_are_limited_and_counted() -> None:
    intake = Intake(1)
    mono = intake.push(np.asarray([[1e9], [-1e9], [1.0]], dtype=np.float32))
    assert mono.tolist() == [LIMIT, -LIMIT, 1.0]
    assert intake.clipped == 2
    intake.reset()
    assert intake.clipped == 0


def test_other_dtypes_and_strided_input_are_taken() -> None:
    audio = np.arange(40, dtype=np.float64).reshape(10, 4) / 40
    assert np.allclose(Intake(2).push(audio[::2, ::2]), audio[::2, ::2].mean(axis=1), atol=1e-6)


@pytest.mark.parametrize("pick", [[], [2], [-1]])
def test_channels_that_do_not_exist_are_refused(pick: list[int]) -> None:
    with pytest.raises(ValueError, match="channels"):
        Intake(2, pick=pick)


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="expected shape"):
        Intake(2).push(np.zeros((4, 3), dtype=np.float32))
    with pytest.raises(ValueError, match="max_block"):
        Intake(1, max_block=8).push(np.zeros((9, 1), dtype=np.float32))
