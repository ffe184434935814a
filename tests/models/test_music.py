"""The music model at run time: torch's numbers, on a stream, in silence and at any level."""

import itertools
import math

import numpy as np
import pytest
import torch

from dsp.features import FeatureExtractor
from models.frontend import Statistics
from models.music import FORGET_S, MusicModel, load
from models.peakiness import PeakSummary
from models.pools import Pooling, is_silent, pool_spans
from models.readers import KINDS
from models.summary import Summary
from models.training.fixture import build_fixture
from models.types import AffectState
from models.votes import EXPERTS
from models.weights import read_weights
from oscbridge.sources.demo_music import DemoMusic
from tests import naive
from tests.dsp.signals import RATE, noise

FIXTURE = build_fixture(RATE)
STEP = 16 * 256


def answers(
    signal: np.ndarray, sizes: tuple[int, ...] = (8192,), model: MusicModel | None = None
) -> list[AffectState]:
    """What the model says of a signal that is fed in pieces."""
    model = model or load()
    extractor = FeatureExtractor()
    states: list[AffectState] = []
    for piece in naive.pieces(signal, sizes):
        states += model.update(extractor.push(piece))
    return states


@pytest.fixture(autouse=True)
def gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open the gate: what arithmetic makes here is no music to it (`test_gate` examines it)."""
    monkeypatch.setattr("models.music.MusicGate.update", lambda gate, pool: 1.0)


def torch_logits(signal: np.ndarray) -> np.ndarray:
    """Logits of torch's own layers with the shipped weights, at every pool that is not silent."""
    arrays = {k: torch.from_numpy(v) for k, v in read_weights("music").arrays.items()}
    extractor = FeatureExtractor(max_block=len(signal))
    pooling = Pooling(extractor.layout, max_frames=len(signal) // 256 + 16)
    pools, _ = pooling.push(extractor.push(signal))
    statistics = Statistics(pooling.width, STEP / RATE)
    rows = np.asarray([statistics.push(pool).copy() for pool in pools if not is_silent(pool)])
    votes, readings = [], np.zeros((EXPERTS, len(rows), 2))
    kinds = {
        kind: {key[len(kind) + 1 :]: arrays.pop(key) for key in list(arrays) if f"{kind}_" in key}
        for kind in KINDS
    }
    expert, route = arrays.pop("expert").numpy(), arrays.pop("route").numpy()
    summary = Summary(statistics.width, statistics.texture, STEP / RATE)
    heard = torch.from_numpy(np.asarray([summary.push(row).copy() for row in rows]))
    peaks = PeakSummary(pool_spans()["peakiness"], STEP / RATE)
    peaked = np.asarray([peaks.push(pool).copy() for pool in pools if not is_silent(pool)])
    for readers, seen in zip(kinds.values(), (heard, torch.from_numpy(peaked)), strict=True):
        for k, owner in enumerate(readers["expert"]):
            a = {key: array[k] for key, array in readers.items()}
            x = torch.clamp((seen - a["mean"]) * a["scale"], -4, 4)
            z = torch.relu(torch.nn.functional.linear(x, a["w"], a["b"]))
            reading = torch.nn.functional.linear(z, a["v"], a["c"]).numpy()
            share = 1 / int((readers["expert"] == owner).sum())
            readings[int(owner)] += share * reading
    for k in range(len(arrays["w"])):
        a = {key: array[k] for key, array in arrays.items()}
        gru = torch.nn.GRU(a["w"].shape[0], a["w_h"].shape[1], batch_first=True)
        gru.load_state_dict(
            {
                "weight_ih_l0": a["w_z"],
                "weight_hh_l0": a["w_h"],
                "bias_ih_l0": a["b_z"],
                "bias_hh_l0": a["b_h"],
            }
        )
        with torch.no_grad():
            x = torch.clamp((torch.from_numpy(rows) - a["mean"]) * a["scale"], -4, 4)
            z = torch.tanh(torch.nn.functional.linear(x, a["w"], a["b"]))
            h, _ = gru(z[None])
            both = torch.cat([z, h[0]], dim=-1)
            votes.append(torch.nn.functional.linear(both, a["v"], a["c"]).numpy())
    first, second = (
        np.mean([v for v, e in zip(votes, expert, strict=True) if e == one], axis=0) + readings[one]
        for one in range(EXPERTS)
    )
    line = heard.numpy() @ route[:-1] + route[-1]
    share = 1 / (1 + np.exp(-np.clip(line, -8, 8)))[:, None]
    return (1 - share) * first + share * second


def test_answers_are_those_of_torchs_layers() -> None:
    positive = 1 / (1 + np.exp(-torch_logits(FIXTURE).astype(float)))
    heard = answers(FIXTURE)[: len(positive)]
    assert len(heard) == 47  # eight seconds of sound, then silence
    for state, (arousal, valence) in zip(heard, positive, strict=True):
        assert state.arousal == pytest.approx(2 * arousal - 1, abs=1e-4)
        assert state.valence == pytest.approx(2 * valence - 1, abs=1e-4)


def test_weights_card_and_code_agree_on_the_fixture() -> None:
    # the card holds what the network said when it was trained, in torch
    expected = np.asarray(read_weights("music").card["fixture"]).reshape(-1, 2)
    heard = [(s.valence, s.arousal) for s in answers(FIXTURE)[: len(expected)]]
    assert np.allclose(heard, expected, atol=2e-3)


@pytest.mark.parametrize("sizes", [(1, 17, 509), (256,), (4096,)])
def test_no_split_changes_an_answer(sizes: tuple[int, ...]) -> None:
    assert answers(FIXTURE[: 4 * RATE], sizes) == answers(FIXTURE[: 4 * RATE])


def test_reset_after_ragged_input_is_a_new_model() -> None:
    model = load()
    answers(noise(12345), model=model)
    model.reset()
    assert answers(FIXTURE, model=model) == answers(FIXTURE)


def test_an_answer_comes_with_every_pool_and_knows_its_time() -> None:
    states = answers(FIXTURE)
    assert [s.stop for s in states] == [(i + 1) * STEP for i in range(len(FIXTURE) // STEP)]
    assert states[0].time_s == pytest.approx(STEP / RATE)


def test_every_answer_is_consistent_in_itself() -> None:
    for state in answers(np.concatenate([FIXTURE, noise(3 * RATE)])):
        q = state.quadrant_probabilities
        assert sum(q) == pytest.approx(1.0)
        assert -1 <= state.valence <= 1
        assert -1 <= state.arousal <= 1
        assert q[0] + q[3] - q[1] - q[2] == pytest.approx(state.valence)
        assert q[0] + q[1] - q[2] - q[3] == pytest.approx(state.arousal)
        if state.quadrant:
            assert state.quadrant == int(np.argmax(q)) + 1
            assert state.confidence == max(q)


@pytest.mark.parametrize("gain_db", [-12.0, 12.0])
def test_a_turn_of_the_volume_knob_changes_no_answer(gain_db: float) -> None:
    music = FIXTURE[: 8 * RATE] + noise(8 * RATE, level=0.01)
    gain = np.float32(10 ** (gain_db / 20))
    for one, other in zip(answers(music), answers(music * gain), strict=True):
        assert abs(one.valence - other.valence) < 0.05
        assert abs(one.arousal - other.arousal) < 0.05


def test_a_restart_hears_what_came_since_and_forgets_the_rest() -> None:
    # both end in the same ten pools of music; only one heard other music before
    music = FIXTURE[4 * RATE : 4 * RATE + 12 * STEP]
    other = noise(30 * STEP, seed=4, level=0.3)
    turned, fresh = load(), load()
    answers(np.concatenate([other, music]), model=turned)
    answers(music, model=fresh)
    # the first two pools' windows still reach back into what was before
    turned.restart(len(other) + 2 * STEP)
    fresh.restart(2 * STEP)
    frames = FeatureExtractor().push(music[:STEP])
    one, two = (model.update(frames)[-1] for model in (turned, fresh))
    assert one.valence == pytest.approx(two.valence, abs=1e-6)
    assert one.arousal == pytest.approx(two.arousal, abs=1e-6)


def test_a_restart_in_the_future_leaves_nothing() -> None:
    model = load()
    answers(FIXTURE[: 10 * STEP], model=model)
    model.restart(100 * RATE)
    silence = np.zeros(STEP, np.float32)
    assert model.update(FeatureExtractor().push(silence))[-1].quadrant == 0


def test_noise_is_unknown_and_music_after_it_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # the gate as it is
    band = DemoMusic(4.0)
    parts = [band.next_beat() for _ in range(8)]  # most of a section of pop music
    hiss = noise(4 * RATE, level=0.2)
    states = answers(np.concatenate([hiss, *parts]))
    second = [s for s in states if RATE < s.stop <= 4 * RATE]
    assert {s.quadrant for s in second} == {0}
    assert max(s.confidence for s in second) == 0.0
    assert states[-1].quadrant != 0


def test_silence_says_nothing() -> None:
    for state in answers(np.zeros(2 * RATE, np.float32)):
        assert (state.quadrant, state.confidence, state.music) == (0, 0.0, 0.0)
        assert (state.valence, state.arousal) == (0.0, 0.0)


def test_the_answer_fades_when_the_music_stops() -> None:
    states = answers(np.concatenate([FIXTURE[: 8 * RATE], np.zeros(6 * RATE, np.float32)]))
    after = [s for s in states if s.stop > 8 * RATE + 2 * STEP]
    strengths = [math.hypot(s.valence, s.arousal) for s in after]
    assert all(a >= b for a, b in itertools.pairwise(strengths))
    assert after[-1].quadrant == 0
    assert after[-1].music == 0.0


def test_after_a_long_silence_the_next_piece_is_heard_afresh() -> None:
    first = noise(4 * STEP, seed=9, level=0.3)
    quiet = np.zeros((int(FORGET_S * RATE) // STEP + 3) * STEP, np.float32)
    later = answers(np.concatenate([first, quiet, FIXTURE[: 2 * RATE]]))
    # the window reaches back into silence, just as at the start of a stream
    begun = [s for s in later if s.stop > len(first) + len(quiet)]
    fresh = answers(np.concatenate([quiet[: 4 * STEP], FIXTURE[: 2 * RATE]]))[4:]
    for one, other in zip(begun, fresh, strict=True):
        assert one.valence == pytest.approx(other.valence, abs=1e-6)
        assert one.arousal == pytest.approx(other.arousal, abs=1e-6)
