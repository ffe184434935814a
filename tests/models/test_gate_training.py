"""What the gate learns from: sounds and scores as promised, talkers that speak, a true offset."""

from __future__ import annotations

import math

import mido
import numpy as np
import pytest

from models.training.gate_report import Heard, examine, required_offset, share_of_time
from models.training.gate_scores import SCORES
from models.training.gate_sounds import SOUNDS
from models.training.oscillators import oscillate
from models.training.speech import SpeechError, Talker, babble, find_talkers, speak, unsettle

RATE = 24000


@pytest.mark.parametrize("name", SOUNDS)
def test_every_sound_is_as_long_as_asked_audible_and_another_one_each_time(name):
    make = SOUNDS[name]
    one = make(3.0, RATE, np.random.default_rng(1))
    assert one.dtype == np.float32
    assert one.shape == (3 * RATE,)
    assert np.sqrt(np.mean(one**2)) > 0.01
    assert np.array_equal(one, make(3.0, RATE, np.random.default_rng(1)))
    assert not np.allclose(one, make(3.0, RATE, np.random.default_rng(2)))


@pytest.mark.parametrize("name", SCORES)
def test_every_score_sounds_nearly_as_long_as_asked(name):
    score = SCORES[name](10.0, np.random.default_rng(4))
    notes = [message for message in score if message.type == "note_on"]
    assert 7.0 < score.length < 40.0
    assert notes
    assert all(0 <= note.note <= 127 for note in notes)
    sounding = sum(m.type == "note_on" for m in score) - sum(m.type == "note_off" for m in score)
    assert sounding == 0


@pytest.mark.peer("espeak-ng")
def test_a_talker_says_more_when_there_is_more_to_say():
    rng = np.random.default_rng(0)
    talker = find_talkers()[0]
    short, long = (
        speak(talker, ["Yes."], RATE, rng),
        speak(talker, ["Yes, it is so."] * 3, RATE, rng),
    )
    assert len(long) > 2 * len(short) > 0
    assert np.abs(long).max() > 0.05


@pytest.mark.peer("espeak-ng")
def test_a_voice_that_is_not_there_is_told():
    with pytest.raises(SpeechError, match="espeak-ng did not speak with voice xx-none"):
        speak(Talker("espeak-ng", "xx-none"), ["Hello."], RATE, np.random.default_rng(0))


@pytest.mark.parametrize("seed", range(6))
def test_a_drawn_synthesiser_plays_the_pitch_that_is_written(seed):
    track = mido.MidiTrack(
        [
            mido.Message("note_on", note=69, velocity=100),
            mido.Message("note_off", note=69, time=1920),
        ]
    )
    score = mido.MidiFile(ticks_per_beat=480, tracks=[track])
    samples = oscillate(score, 2.0, RATE, np.random.default_rng(seed))
    assert np.abs(samples).max() == pytest.approx(0.5)
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    hz = np.fft.rfftfreq(len(samples), 1 / RATE)
    strongest = hz[power.argmax()]
    partial = max(round(strongest / 220.0), 1)  # modulation at half the pitch puts partials between
    assert strongest == pytest.approx(220.0 * partial, rel=0.04)


def test_speech_that_wanders_keeps_its_length_and_its_pauses():
    rng = np.random.default_rng(0)
    tone = np.sin(2 * np.pi * 200 * np.arange(RATE) / RATE)
    said = np.concatenate([tone, np.zeros(RATE), tone]).astype(np.float32)
    loose = unsettle(said, RATE, rng)
    assert loose.shape == said.shape
    assert not np.allclose(loose, said, atol=0.01)
    middle = slice(int(1.3 * RATE), int(1.7 * RATE))
    assert np.abs(loose[middle]).max() < 1e-3


def test_one_talker_pauses_and_a_crowd_does_not():
    rng = np.random.default_rng(0)
    talking = np.repeat([1.0, 0.0], 5000) * rng.standard_normal(10_000)
    for people, pauses in ((1, True), (8, False)):
        heard = babble([talking] * people, 20_000, rng)
        assert heard.shape == (20_000,)
        rms = np.sqrt(np.mean(heard.reshape(-1, 1000) ** 2, axis=1))
        assert (rms.min() < 0.1 * rms.max()) == pauses


def test_the_offset_rejects_exactly_the_share_that_was_asked_for():
    rng = np.random.default_rng(0)
    heard = [Heard("panda_4q", True, True, rng.normal(2.0, 1.0, 500)) for _ in range(40)]
    heard += [Heard("noise", False, False, rng.normal(-5.0, 1.0, 500)) for _ in range(10)]
    offset = required_offset(heard, 0.01)
    assert offset == pytest.approx(-2.0 + 2.326, abs=0.1)
    music, other = heard[:40], heard[40:]
    rejected = share_of_time(music, offset, False)
    assert rejected.value == pytest.approx(0.01, abs=1e-3)
    assert rejected.low < rejected.value < rejected.high
    assert share_of_time(other, offset, True).value == 0.0


def test_examination_streams_each_sound_from_a_fresh_start():
    class Counting:
        def __init__(self) -> None:
            self.seen = 0

        def reset(self) -> None:
            self.seen = 0

        def update(self, pool: np.ndarray) -> float:
            self.seen += 1
            return self.seen / 10.0

    from models.training.gate_corpus import Sound

    sounds = [Sound(np.zeros((3, 2), np.float32), True, "panda_4q", 0, True)] * 2
    for heard in examine(Counting(), sounds):
        assert heard.logits == pytest.approx([math.log(p / (1 - p)) for p in (0.1, 0.2, 0.3)])
