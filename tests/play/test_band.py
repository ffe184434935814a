"""The band turns where it is asked to, fades with equal power, and plays on whatever the blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from oscbridge.play import band as band_module
from oscbridge.play.band import Band
from oscbridge.play.score import BAR, BEAT, Layer, Sounding
from oscbridge.protocol import QUANTISE

if TYPE_CHECKING:
    from collections.abc import Iterator

STEADY = 0.01
"""Small enough for the band's soft limit to be without effect."""
STEPS = {
    "beat": BEAT,
    "bar": BAR,
    "2bar": 2 * BAR,
    "4bar": 4 * BAR,
    "8bar": 8 * BAR,
}


def steady(beat: int) -> Iterator[Sounding]:
    yield Sounding(0.0, np.full(BEAT, STEADY, dtype=np.float32))


@pytest.fixture
def only_sad_sounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the quadrant 3 sound as one constant, and all others not at all."""
    monkeypatch.setattr(band_module, "LAYERS", (Layer("steady", 3, steady),))


def skip(band: Band, count: int) -> None:
    for _ in range(count // BEAT):
        band.render(BEAT)
    if count % BEAT:
        band.render(count % BEAT)


@pytest.mark.parametrize("word", sorted(STEPS))
def test_a_turn_begins_at_the_next_point_of_the_kind_that_was_asked_for(word: str) -> None:
    step = STEPS[word]
    for position in (0, 1, step - 1, step, step + 1, 3 * step + 17):
        band = Band(4)
        skip(band, position)
        start = band.schedule(1, word, 4.0).start
        assert start % step == 0
        assert position <= start < position + step


def test_every_word_of_the_protocol_for_a_point_is_understood() -> None:
    for word in QUANTISE:
        band = Band(4)
        skip(band, 1_234)
        assert band.schedule(1, word, 0.0).start >= 1_234
    band = Band(4)
    skip(band, 1_234)
    assert band.schedule(1, "now", 0.0).start == 1_234


@pytest.mark.usefixtures("only_sad_sounds")
@pytest.mark.parametrize(("first", "second"), [(4, 3), (3, 4)])
def test_a_fade_is_the_sine_or_the_cosine_of_equal_power_to_the_sample(
    first: int, second: int
) -> None:
    band = Band(first)
    skip(band, BAR + 100)
    turn = band.schedule(second, "bar", 4.0)
    assert (turn.start, turn.stop) == (2 * BAR, 2 * BAR + 4 * BEAT)
    skip(band, turn.start - band.position - 10)
    heard = band.render(4 * BEAT + 20) / STEADY
    quarter = np.linspace(0.0, np.pi / 2.0, 4 * BEAT, endpoint=False)
    fade = np.sin(quarter) if second == 3 else np.cos(quarter)
    before, after = (0.0, 1.0) if second == 3 else (1.0, 0.0)
    wanted = np.concatenate([np.full(10, before), fade, np.full(10, after)])
    assert np.allclose(heard, wanted, atol=1e-3)


def test_powers_add_up_to_one_even_where_a_turn_overtakes_another() -> None:
    band = Band(4)
    band.approach(1.0)
    skip(band, 4 * BAR)
    for quadrant in (1, 2, 3):
        band.schedule(quadrant, "beat", 4.0)
        for _ in range(25):
            band.render(1_000)
            powers = {layer.quadrant: level**2 for layer, level in level_of_layers(band)}
            assert sum(powers.values()) == pytest.approx(1.0)
    skip(band, 4 * BEAT)
    assert {layer.quadrant for layer, level in level_of_layers(band) if level} == {3}


def level_of_layers(band: Band) -> list[tuple[Layer, float]]:
    return list(zip(band_module.LAYERS, band.levels, strict=True))


def test_after_the_fade_it_sounds_as_if_it_had_never_played_anything_else() -> None:
    turned, always = Band(4), Band(3)
    skip(turned, 5 * BAR)  # in the middle of a phrase
    turn = turned.schedule(3, "bar", 2.0)
    skip(turned, turn.stop - turned.position)
    skip(always, turn.stop)
    assert np.allclose(turned.render(2 * BAR), always.render(2 * BAR), atol=1e-6)


@pytest.mark.parametrize("block", [1_017, 509, 512, 65_537])
def test_blocks_of_any_size_give_the_same_samples(block: int) -> None:
    whole, split = Band(4), Band(4)
    for band in (whole, split):
        band.approach(0.7)
        band.schedule(2, "bar", 3.0)
        skip(band, 100)
        band.schedule(1, "bar", 3.0)
    count = 2 * BAR + 33
    pieces = [split.render(min(block, count - start)) for start in range(0, count, block)]
    assert np.array_equal(np.concatenate(pieces), whole.render(count))


def test_a_newer_turn_takes_the_place_of_one_that_waits_and_a_cancelled_one_never_begins() -> None:
    band = Band(4)
    skip(band, 10)
    band.schedule(2, "bar", 1.0)
    band.schedule(3, "2bar", 1.0)
    skip(band, BAR + BEAT)
    assert band.quadrant == 4
    skip(band, BAR)
    assert band.quadrant == 3
    band.schedule(1, "bar", 1.0)
    band.cancel()
    skip(band, 2 * BAR)
    assert band.quadrant == 3


def test_the_sound_never_reaches_full_scale() -> None:
    for quadrant in (1, 2, 3, 4):
        band = Band(quadrant)
        band.approach(1.0)
        peaks = [float(np.abs(band.render(BAR)).max()) for _ in range(8)]
        assert 0.05 < max(peaks) < 1.0
