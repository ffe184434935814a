"""Clips through the live path: the evaluation hears what the product says, and keeps it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.types import AudioBlock, FeatureFrames
from models import catalogue
from models.training.corpora import Clip
from models.training.hearing import Answers, Ear, listen, quadrants_of
from models.training.takes import Corpus, TakeStore
from models.types import AffectState
from oscbridge.analyzer import Analyzer
from tests.dsp.signals import RATE
from tests.models.toys import MUSIC, Toy


class Unsure(Toy):
    """Knows nothing for two seconds."""

    def update(self, frames: FeatureFrames) -> list[AffectState]:
        states = super().update(frames)
        if frames.stop <= 2 * RATE:
            return [replace(state, confidence=0.0) for state in states]
        return states


def test_the_evaluation_hears_what_the_product_says(monkeypatch: pytest.MonkeyPatch) -> None:
    toys: list[Toy] = []

    def load(name: str) -> Toy:
        toys.append(Toy())
        return toys[-1]

    monkeypatch.setattr(catalogue, "load", load)
    analyzer = Analyzer(RATE, model="toy")
    said = []
    for start in range(0, len(MUSIC), 4096):
        block = AudioBlock(MUSIC[start : start + 4096], start, RATE)
        said += analyzer.push(block)
    said += analyzer.finish()
    states = [result for result in said if isinstance(result, AffectState)]
    ear, toy = Ear(), Toy()
    take = ear.take(MUSIC)
    answers, _ = listen(toy, take, ear.layout)
    assert answers.stops.tolist() == [state.stop for state in states]
    assert np.allclose(answers.rows[:, :4], [state.quadrant_probabilities for state in states])
    assert toy.restarts == toys[0].restarts
    assert len(toy.restarts) >= 1  # a tone turned to noise: the segmenter must have noticed
    summary = analyzer.summary()
    assert np.allclose(answers.summary()[:4], summary.quadrant_probabilities, atol=1e-6)
    assert quadrants_of(answers.summary()[None]).tolist() == [summary.quadrant]


def test_before_the_first_answer_nothing_is_known() -> None:
    ear = Ear()
    answers, _ = listen(Unsure(), ear.take(MUSIC), ear.layout)
    rows = np.asarray([answers.at(RATE), answers.at(3 * RATE)])
    assert quadrants_of(rows)[0] == 0
    assert quadrants_of(rows)[1] != 0
    nothing = Answers(np.zeros(0, np.int64), np.zeros((0, 8), np.float32))
    assert quadrants_of(nothing.summary()[None]).tolist() == [0]


def test_the_answer_at_an_instant_has_heard_no_later_sound() -> None:
    answers = Answers(np.asarray([100, 200]), np.eye(2, 8, dtype=np.float32))
    assert answers.at(199)[0] == 1.0
    assert answers.at(200)[1] == 1.0


def test_a_subset_keeps_the_shares_of_the_quadrants_and_is_always_the_same() -> None:
    clips = [Clip(Path(f"{i}.wav"), 1 + (i % 8 > 3) + (i % 8 > 5), str(i)) for i in range(400)]
    corpus = Corpus("panda_4q", clips)
    rows = corpus.subset(80)
    assert np.array_equal(rows, Corpus("panda_4q", list(clips)).subset(80))
    assert len(set(rows.tolist())) == len(rows) == 80
    assert np.bincount(corpus.quadrants[rows]).tolist() == [0, 40, 20, 20]
    assert len(corpus.subset(1000)) == 400


def test_takes_are_made_once_and_come_back_equal(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", MUSIC, RATE, subtype="FLOAT")
    clip = Clip(tmp_path / "a.wav", 1, "g")
    made = TakeStore(tmp_path / "cache").take(clip, "gain-24")
    (tmp_path / "a.wav").unlink()
    kept = TakeStore(tmp_path / "cache").take(clip, "gain-24")
    assert np.allclose(made.samples, MUSIC * 10 ** (-24 / 20), atol=1e-6)
    assert all(
        np.array_equal(getattr(made, name), getattr(kept, name))
        for name in ("samples", "values", "boundaries")
    )
