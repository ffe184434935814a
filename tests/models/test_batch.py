"""Many streams judged at once are judged as each alone is: the same music, boundaries, silences."""

import numpy as np
import pytest
import torch

from dsp.features import FeatureExtractor
from models import batch
from models.music import MusicModel
from models.tape import Tape
from models.types import AffectState
from models.weights import read_weights
from oscbridge.sources.demo_music import DemoMusic
from tests.dsp.signals import RATE, noise

TOLERANCE = 1e-4
BLOCK = 8192
DEVICES = ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",)


def music(seconds: int, seed: int) -> np.ndarray:
    band = DemoMusic(6.0, seed)
    parts = [band.next_beat() for _ in range(4 * seconds)]
    return np.concatenate(parts)[: seconds * RATE]


def heard(model: MusicModel, signal: np.ndarray, boundaries: dict[int, int]) -> list[AffectState]:
    """States of a stream; ``boundaries``: after which block is told of which sample."""
    extractor = FeatureExtractor()
    states: list[AffectState] = []
    for number, start in enumerate(range(0, len(signal), BLOCK)):
        states += model.update(extractor.push(signal[start : start + BLOCK]))
        if number in boundaries:
            model.restart(boundaries[number])
    return states


SILENCE = np.zeros(9 * RATE, np.float32)
STREAMS: list[tuple[np.ndarray, dict[int, int]]] = [
    (music(20, 1), {20: 15 * BLOCK, 40: 31 * BLOCK + 17}),
    # what was told before a long silence is forgotten in it, and boundaries in silence rest on it
    (np.concatenate([music(8, 2), SILENCE, music(5, 3)]), {24: 20 * BLOCK, 44: 43 * BLOCK}),
    (np.concatenate([SILENCE[: 2 * RATE], noise(3 * RATE, level=0.2), music(3, 4)]), {}),
    (np.zeros(RATE, np.float32), {}),
    (np.zeros(0, np.float32), {}),
]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("chunk", [7, batch.CHUNK])
def test_streams_judged_together_are_judged_as_alone(
    device: str, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "CHUNK", chunk)
    weights = read_weights("music")
    tapes: list[Tape] = []
    for signal, boundaries in STREAMS:
        tapes.append(Tape(weights))
        heard(tapes[-1], signal, boundaries)
    together = batch.Judge(weights, device).judge([tape.record for tape in tapes])
    known = 0
    for (signal, boundaries), states in zip(STREAMS, together, strict=True):
        alone = heard(MusicModel(weights), signal, boundaries)
        assert [state.stop for state in states] == [state.stop for state in alone]
        for ours, theirs in zip(states, alone, strict=True):
            assert numbers(ours) == pytest.approx(numbers(theirs), abs=TOLERANCE)
            assert ours.features == theirs.features
            known += theirs.quadrant != 0
    assert known > 100


def numbers(state: AffectState) -> list[float]:
    return [
        *(state.valence, state.arousal, state.confidence, state.music),
        *state.quadrant_probabilities,
    ]


def test_a_tape_says_nothing_and_forgets_when_it_is_reset() -> None:
    weights = read_weights("music")
    tape = Tape(weights)
    states = heard(tape, STREAMS[0][0], STREAMS[0][1])
    assert {state.quadrant for state in states} == {0}
    assert len(tape.record.runs) == 3
    before = tape.record
    tape.reset()
    assert len(before.answers) == len(states)
    assert (tape.record.pools, tape.record.runs, tape.record.answers) == ([], [0], [])
    assert batch.Judge(weights, "cpu").judge([tape.record]) == [[]]


def test_who_has_no_gpu_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert batch.find_device() == ""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert batch.find_device() == "cuda"
