"""The music gate at run time: torch's numbers, what it lets through, and what it turns away.

Nothing here was heard in training: the sounds are made by other means and the talkers speak
languages that its training leaves out.
"""

from __future__ import annotations

import subprocess

import numpy as np
import pytest
import soundfile
import soxr
import torch

from dsp.features import FeatureExtractor
from models import catalogue
from models.gate import SMOOTH_S, THRESHOLD, MusicGate
from models.gate_features import POOL_S, GateFeatures
from models.pools import Pooling
from models.training.fixture import build_fixture
from models.weights import Weights, WeightsError, read_weights
from oscbridge.sources.demo_music import DemoMusic
from tests import naive
from tests.dsp.signals import RATE, noise

SETTLED = round(2.0 / POOL_S)
"""Pools after which a sound that is no music is known as such."""


def pools_of(signal: np.ndarray, sizes: tuple[int, ...] = (8192,)) -> np.ndarray:
    """Pools of a signal that is fed in pieces."""
    extractor = FeatureExtractor()
    pooling = Pooling(extractor.layout)
    pieces = naive.pieces(signal, sizes)
    return np.concatenate([pooling.push(extractor.push(piece))[0].copy() for piece in pieces])


def listen(signal: np.ndarray, gate: MusicGate | None = None) -> np.ndarray:
    """What a gate says of a signal, pool by pool."""
    pools = pools_of(signal)
    gate = gate or MusicGate(pools.shape[1])
    return np.asarray([gate.update(pool) for pool in pools])


def share_of_music(signal: np.ndarray) -> float:
    """Share of the time after two seconds in which a signal is taken for music."""
    return float(np.mean(listen(signal)[SETTLED:] >= THRESHOLD))


def speech(folder, voice: str) -> np.ndarray:
    """Some sentences by espeak-ng at the internal rate."""
    text = (
        "The train to the coast leaves at a quarter past nine. Please do not forget your bags. "
        "We had thought of going by car, but nobody wanted to drive all night. "
        "Is there anything left of the bread that you bought on Monday?"
    )
    path = folder / "speech.wav"
    subprocess.run(["espeak-ng", "-v", voice, "-w", str(path), text], check=True)
    samples, rate = soundfile.read(path, dtype="float32")
    return soxr.resample(samples, rate, RATE).astype(np.float32)


def demo(seconds: float) -> np.ndarray:
    """The music that the product ships, all four moods."""
    music = DemoMusic(section_s=seconds / 4, seed=3)
    beats = []
    while sum(map(len, beats)) < seconds * RATE:
        beats.append(music.next_beat())
    return np.concatenate(beats).astype(np.float32)


def tune(wave) -> np.ndarray:
    """A minor tune of 16 s in quavers and crotchets, one voice; ``wave(phase)`` is its tone."""
    parts = []
    for degree, beats in zip((0, 3, 7, 5, 3, 2, 0, 7, 8, 7, 3, 0) * 3, (1, 1, 2) * 12, strict=True):
        t = np.arange(int(0.33 * beats * RATE)) / RATE
        fade = np.minimum(1.0, 60.0 * t) * np.exp(-2.0 * t)
        parts.append(fade * wave(2 * np.pi * 262.0 * 2.0 ** (degree / 12) * t))
    return (0.3 * np.concatenate(parts)).astype(np.float32)


def organ(phase: np.ndarray) -> np.ndarray:
    return np.sin(phase) + np.sin(2 * phase) / 2 + np.sin(3 * phase) / 3 + np.sin(4 * phase) / 5


def square(phase: np.ndarray) -> np.ndarray:
    return 0.5 * np.sign(np.sin(phase))


def surf() -> np.ndarray:
    t = np.arange(10 * RATE) / RATE
    return noise(len(t)) * (1.1 + np.sin(2 * np.pi * 0.4 * t)).astype(np.float32)


def claps() -> np.ndarray:
    rng = np.random.default_rng(5)
    hits = (rng.random(10 * RATE) < 40 / RATE) * rng.random(10 * RATE)
    return np.convolve(hits, rng.standard_normal(200) * np.exp(-np.arange(200) / 40))[: len(hits)]


def mains_hum() -> np.ndarray:
    t = np.arange(10 * RATE) / RATE
    tones = sum(np.sin(2 * np.pi * 50 * k * t) / k for k in (1, 2, 3, 5, 7))
    return 0.1 * tones + 0.01 * noise(len(t), level=1.0)


@pytest.fixture(scope="module")
def music() -> np.ndarray:
    return demo(32.0)


def test_the_network_computes_what_torch_computes():
    weights = read_weights("gate")
    a = {key: torch.from_numpy(array.astype(np.float32)) for key, array in weights.arrays.items()}
    pools = pools_of(build_fixture(RATE)[: 8 * RATE])
    features = GateFeatures(pools.shape[1])
    x = torch.from_numpy(np.asarray([features.push(pool).copy() for pool in pools]))
    gru = torch.nn.GRU(x.shape[1], a["w_h"].shape[1], batch_first=True)
    named = {"weight_ih_l0": "w_x", "weight_hh_l0": "w_h", "bias_ih_l0": "b_x", "bias_hh_l0": "b_h"}
    gru.load_state_dict({theirs: a[ours] for theirs, ours in named.items()})
    with torch.no_grad():
        h, _ = gru(torch.clamp((x - a["offset"]) * a["scale"], -5, 5)[None])
        logits = (h[0] @ a["out"][:-1] + a["out"][-1]).numpy()
    smooth, expected = 0.0, []
    for i, logit in enumerate(np.clip(logits, -12, 12)):
        smooth += max(1 - np.exp(-POOL_S / SMOOTH_S), 1 / (i + 1)) * (logit - smooth)
        expected.append(1 / (1 + np.exp(-smooth)))
    gate = MusicGate(pools.shape[1])
    assert [gate.update(pool) for pool in pools] == pytest.approx(expected, abs=1e-4)


def test_the_music_of_the_demo_passes_at_every_level(music):
    for gain_db in (0.0, -24.0, -40.0):
        quieter = (music * 10.0 ** (gain_db / 20.0)).astype(np.float32)
        assert np.mean(listen(quieter) < THRESHOLD) <= 0.02, gain_db


@pytest.mark.parametrize("wave", [organ, square])
def test_a_tune_of_one_voice_passes(wave):
    assert share_of_music(tune(wave)) > 0.95


@pytest.mark.peer("espeak-ng")
@pytest.mark.parametrize("voice", ["cy+Andy", "ka+Annie", "sq+norbert", "en-029+linda"])
def test_people_who_talk_are_no_music(voice, tmp_path):
    assert share_of_music(speech(tmp_path, voice)) < 0.1


@pytest.mark.parametrize("sound", [lambda: noise(10 * RATE), surf, claps, mains_hum])
def test_noise_applause_and_hum_are_no_music(sound):
    assert share_of_music(sound().astype(np.float32)) < 0.1


@pytest.mark.peer("espeak-ng")
def test_music_with_a_voice_over_it_is_still_music(music, tmp_path):
    voice = speech(tmp_path, "cy+Andy")
    voice *= np.sqrt(np.mean(music**2) / np.mean(voice**2))
    under = music[: len(voice)]  # sparse passages too, 12 dB over the voice
    assert share_of_music((0.25 * voice + under).astype(np.float32)) > 0.8
    band = np.resize(music[: 6 * RATE], len(voice))  # as loud as the voice
    assert share_of_music((voice + band).astype(np.float32)) > 0.9


@pytest.mark.peer("espeak-ng")
def test_the_answer_turns_when_music_and_speech_take_turns(music, tmp_path):
    voice = speech(tmp_path, "ka+Annie")
    voice *= np.sqrt(np.mean(music**2) / np.mean(voice**2))
    part = music[: 8 * RATE]
    p = listen(np.concatenate([part, voice, part]))
    late = round(3.0 / POOL_S)
    first, second = (round(n / RATE / POOL_S) for n in (len(part), len(part) + len(voice)))
    assert np.all(p[5:first] >= THRESHOLD)
    assert np.mean(p[first + late : second] < THRESHOLD) > 0.8
    assert np.all(p[second + late :] >= THRESHOLD)


def test_silence_changes_nothing_and_before_the_first_sound_nothing_is_known(music):
    gate = MusicGate(pools_of(music[:RATE]).shape[1])
    quiet = np.zeros(2 * RATE, np.float32)
    assert np.all(listen(quiet, gate) == gate.probability)
    assert gate.probability == 0.5
    listen(music[: 4 * RATE], gate)
    known = gate.probability
    assert np.all(listen(quiet, gate)[1:] == pytest.approx(known, abs=0.05))


@pytest.mark.parametrize("sizes", [(1, 17, 509), (4096,), (2048, 1)])
def test_any_split_of_the_sound_gives_the_same_answers(sizes, music):
    signal = music[: 3 * RATE]
    whole, split = pools_of(signal, (len(signal) // 8,)), pools_of(signal, sizes)
    one, other = MusicGate(whole.shape[1]), MusicGate(whole.shape[1])
    assert [one.update(p) for p in whole] == [other.update(p) for p in split]


def test_after_a_reset_it_answers_like_a_new_one(music):
    pools = pools_of(music[: 4 * RATE])
    gate = MusicGate(pools.shape[1])
    first = [gate.update(pool) for pool in pools]
    gate.reset()
    assert gate.probability == 0.5
    assert [gate.update(pool) for pool in pools] == first


def test_weights_for_another_description_and_pools_of_another_width_are_refused():
    shipped = read_weights("gate")
    foreign = Weights("gate", shipped.arrays, {**shipped.card, "front_end": "other"})
    width = pools_of(noise(RATE)).shape[1]
    with pytest.raises(WeightsError, match="trained on front_end 'other'"):
        MusicGate(width, foreign)
    with pytest.raises(ValueError, match="is none of this front end"):
        MusicGate(width + 1)


def test_the_gate_is_no_model_that_a_user_chooses_to_hear_music():
    assert "gate" not in catalogue.names()
    assert "gate" in [entry.name for entry in catalogue.entries()]
