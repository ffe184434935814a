"""Framing: overlapping frames from any split."""

import numpy as np
import pytest

from dsp.framing import Framing
from tests import naive
from tests.dsp.signals import SPLITS, noise


@pytest.mark.parametrize("sizes", SPLITS)
@pytest.mark.parametrize(("n_fft", "hop"), [(64, 16), (64, 64), (100, 33)])
def test_frames_are_the_twins_for_every_split(sizes: tuple[int, ...], n_fft: int, hop: int) -> None:
    signal = noise(1500)
    framing = Framing(n_fft, hop)
    seen, new, firsts = [], [], []
    for piece in naive.pieces(signal, sizes):
        framing.push(piece)
        firsts.append((framing.first, len(framing.frames)))
        seen.append(framing.frames.copy())
        new.append(framing.hops.copy())
    expected = naive.frames(signal, n_fft, hop)
    assert np.array_equal(np.concatenate(seen), expected)
    assert np.array_equal(np.concatenate(new), expected[:, -hop:])
    index = 0
    for first, count in firsts:
        if count:
            assert first == index
        index += count


def test_a_stretch_holds_exactly_its_frames() -> None:
    framing = Framing(64, 16)
    assert len(framing.push(noise(15))) == 0
    assert len(framing.push(noise(1))) == 64
    assert len(framing.push(noise(33))) == 64 + 16


@pytest.mark.parametrize(("n_fft", "hop"), [(0, 0), (64, 0), (64, 65)])
def test_impossible_lengths_are_refused(n_fft: int, hop: int) -> None:
    with pytest.raises(ValueError, match="hop_length"):
        Framing(n_fft, hop)


def test_a_block_too_long_is_refused_and_nothing_is_lost() -> None:
    framing = Framing(64, 16, max_block=32)
    with pytest.raises(ValueError, match="max_block"):
        framing.push(noise(33))
    assert np.array_equal(framing.push(noise(16))[-16:], noise(16))
