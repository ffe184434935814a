"""Conditions under which models are examined: what each does to the sound, and who plays."""

from pathlib import Path

import numpy as np
import pytest

from models.training.conditions import CLEAN, CONDITIONS, LABELS, change, code
from models.training.corpora import Clip
from models.training.takes import INSTRUMENTS, voice_of
from tests.dsp.signals import RATE, noise
from tests.models.toys import MUSIC


@pytest.mark.parametrize("condition", list(CONDITIONS))
def test_a_condition_changes_the_sound_in_the_same_way_every_time(condition: str) -> None:
    music = MUSIC[5 * RATE :]
    one, other = (change(music, RATE, condition, "clip") for _ in range(2))
    assert np.array_equal(one, other)
    assert one.dtype == np.float32
    assert one.shape == music.shape
    assert np.isfinite(one).all()
    assert not np.array_equal(one, music)
    assert condition in LABELS


def test_levels_noise_and_codecs_are_what_they_are_called() -> None:
    music = MUSIC[5 * RATE :]
    for level in (-40, -30, -20, -10, 0):
        peak = np.abs(change(music, RATE, f"level{-abs(level)}" if level else "level-0", "x")).max()
        assert 20 * np.log10(peak) == pytest.approx(level, abs=0.01)
    for name, snr_db in (("noise-20", 20), ("noise-10", 10), ("babble-20", 20), ("babble-10", 10)):
        added = change(music, RATE, name, "x") - music
        found_db = 10 * np.log10(np.mean(music.astype(float) ** 2) / np.mean(added**2))
        assert found_db == pytest.approx(snr_db, abs=0.1)
    assert code(music, RATE, "MP3", "MPEG_LAYER_III", 0.62)[1] == pytest.approx(64, rel=0.05)
    assert code(music, RATE, "OGG", "OPUS", 0.9)[1] < 48
    phone = np.abs(np.fft.rfft(change(noise(8 * RATE), RATE, "phone", "x")))
    octave = RATE / len(np.fft.rfft(noise(8 * RATE))) / 2
    low, middle = phone[: int(150 / octave)].mean(), phone[int(900 / octave) : int(4e3 / octave)]
    assert low < 0.05 * middle.mean()


def test_scores_are_examined_with_an_instrument_that_never_trained() -> None:
    from models.training.render import HELD_OUT, TRAINING_FONTS

    piano = Clip(Path("a.mid"), 1, "g", "emopia", piano=True)
    band = Clip(Path("a.mid"), 1, "g", "ym2413_mdb")
    assert voice_of(piano, CLEAN).font == voice_of(band, CLEAN).font == HELD_OUT
    assert HELD_OUT not in TRAINING_FONTS
    assert voice_of(piano, CLEAN).program == 0
    assert voice_of(band, CLEAN).program is None
    assert {voice_of(piano, name).program for name in INSTRUMENTS} == {
        program for _, program in INSTRUMENTS.values()
    }
