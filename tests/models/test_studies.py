"""The studies beside the evaluation: agreement of listeners, growth with the data, duets."""

import csv
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dsp.features import FeatureSettings, build_layout
from dsp.types import FeatureFrames
from models import metrics, symbolic
from models.notes import KeyEvent
from models.training import baselines, ceilings, duets, learning_curve, results, studies
from models.training.ceilings import Panel
from models.training.corpora import Clip
from models.training.takes import Corpus

RNG = np.random.default_rng(3)


def panel(n: int, listeners: int, noise: float) -> Panel:
    """Pieces of known worth, heard by listeners who err independently."""
    worth = RNG.normal(size=(n, 1, 2))
    heard = worth + noise * RNG.normal(size=(n, listeners, 2))
    return Panel(list(heard), [str(i) for i in range(n)])


def test_the_highest_correlation_is_the_root_of_the_reliability(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ceilings, "HALVINGS", 20)
    found = ceilings.other_listeners(panel(400, 10, noise=2.0), np.random.default_rng(0))
    # variance 1 of the pieces beside 4 / 10 of the mean of ten listeners
    value, low, high = found["arousal Pearson r"]
    assert value == pytest.approx(np.sqrt(1.0 / 1.4), abs=0.03)
    assert low < value < high


def test_listeners_of_one_mind_are_always_right() -> None:
    same = panel(30, 5, noise=0.0)
    for found in (
        ceilings.one_listener(same),
        ceilings.other_listeners(same, np.random.default_rng(0)),
    ):
        assert all(figure[0] == pytest.approx(1.0) for figure in found.values())


def test_one_listener_is_right_as_often_as_the_noise_says() -> None:
    found = ceilings.one_listener(panel(600, 40, noise=1.0))
    # signs of two normal values that correlate with 1/√2 agree in 3/4 of the cases
    assert found["arousal accuracy"][0] == pytest.approx(0.75, abs=0.03)
    assert found["arousal Pearson r"][0] == pytest.approx(np.sqrt(0.5), abs=0.03)


def test_clips_of_one_song_are_compared_by_who_judged_them(tmp_path: Path) -> None:
    rows = [
        ("a", "Q1", "A"),
        ("a", "Q1", "A"),
        ("a", "Q2", "B"),
        ("b", "Q3", "C"),
        ("c", "Q4", "C"),
    ]
    with (tmp_path / "labels.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("song", "quadrant", "annotator"))
        writer.writerows(rows)
    found = ceilings.songs_in_common(tmp_path)
    assert found["one annotator"]["pairs"] == 1
    assert found["one annotator"]["same"][0] == 1.0
    assert found["two annotators"]["pairs"] == 2
    assert found["two annotators"]["same"][0] == 0.0


def test_a_larger_share_holds_every_smaller_one_and_whole_groups() -> None:
    groups = [f"g{i // 3}" for i in range(60)]
    train = np.arange(6, 60)
    parts = [
        learning_curve.take_share(train, groups, share, np.random.default_rng(1))
        for share in (0.25, 0.5, 1.0)
    ]
    small, large, whole = (set(part.tolist()) for part in parts)
    assert small < large < whole == set(train.tolist())
    assert len(small) == 3 * round(0.25 * 18)
    for part in (small, large):
        chosen = {groups[i] for i in part}
        assert part == {i for i in train.tolist() if groups[i] in chosen}


def test_the_curve_rises_for_a_fit_that_needs_the_data_and_never_sees_the_fold() -> None:
    n, folds = 100, np.arange(100) % 5
    quadrants = 1 + np.arange(n) % 4
    clips = [SimpleNamespace(group=str(i), quadrant=int(q)) for i, q in enumerate(quadrants)]
    examined = [np.asarray([[i]], dtype=float) for i in range(n)]
    seen: list[np.ndarray] = []

    def fit(part: np.ndarray) -> learning_curve.Answer:
        """Right about as many clips as it learned from."""
        seen.append(part)

        def answer(pools: Any) -> np.ndarray:
            told = []
            for k, pool in enumerate(pools):
                q = quadrants[int(pool[0, 0])] if 4 * k < len(part) else 1
                told.append((1.0 if q in (1, 2) else -1.0, 1.0 if q in (1, 4) else -1.0))
            return np.asarray(told)

        return answer

    class Lessons:
        def part(self, indices: np.ndarray) -> np.ndarray:
            return indices

    school: Any = SimpleNamespace(clips=clips, folds=folds, lessons=Lessons())
    rows, points = learning_curve.draw_curve(school, examined, fit, folds=(0, 3))  # type: ignore[arg-type]
    assert sorted(rows.tolist()) == [i for i in range(n) if folds[i] in (0, 3)]
    for part, fold in zip(seen, [0, 3] * 4, strict=True):
        assert not np.any(folds[part] == fold)
    assert [round(point.clips) for point in points] == [20, 40, 60, 80]
    groups = [clips[i].group for i in rows]
    found = learning_curve.examine_curve(quadrants[rows], groups, points)
    course = [share["figures"]["quadrant accuracy"][0] for share in found["shares"]]
    assert course == sorted(course)
    assert course[-1] == 1.0
    assert found["last gain"]["quadrant accuracy"][0] == pytest.approx(course[-1] - course[-2])


def test_statistics_of_pools_tell_what_can_be_told_from_them() -> None:
    truth = np.asarray([(i % 2, i // 2 % 2) for i in range(40)], dtype=np.float32)
    rng = np.random.default_rng(5)
    pools = [[rng.normal(size=(12, 3)) + 4.0 * np.asarray([a, v, 0.0])] for a, v in truth]
    lessons: Any = SimpleNamespace(pools=pools[:30], targets=truth[:30])
    answer = learning_curve.statistics_fit()(lessons)
    logits = answer([versions[0] for versions in pools[30:]])
    assert np.array_equal(logits > 0.0, truth[30:] > 0.5)


def test_a_baseline_that_learned_from_another_instrument_is_lost_on_this_one() -> None:
    quadrants = np.tile((1, 2, 3, 4), 20)
    clips: Any = [Clip(Path(f"{i}.mid"), int(q), str(i)) for i, q in enumerate(quadrants)]
    corpus = Corpus("emopia", clips)
    heard = np.stack([np.isin(quadrants, (1, 2)), np.isin(quadrants, (1, 4))], axis=1) * 2.0
    heard = heard + 0.1 * np.random.default_rng(2).normal(size=heard.shape)
    other = heard + np.asarray(
        (0.0, 9.0)
    )  # the second feature, that of valence, is a matter of the timbre
    flattered = baselines.cross_fit(corpus, other, "SVM").quadrants
    naive = baselines.cross_fit(corpus, other, "SVM", heard).quadrants
    assert metrics.accuracy(quadrants, flattered) == 1.0
    assert metrics.valence_accuracy(quadrants, naive) == pytest.approx(0.5, abs=0.1)


def tune(seconds: int) -> list[KeyEvent]:
    """Four notes a second, from the third second on."""
    rate = symbolic.SAMPLE_RATE
    events = []
    for i in range(4 * seconds):
        at, pitch = (8 + i) * rate // 4, 60 + (0, 4, 7, 12)[i % 4]
        events.append(KeyEvent(at, "press", 0, pitch, 70 + i % 9))
        events.append(KeyEvent(at + rate // 5, "release", 0, pitch, 0))
    return events


def test_each_key_event_is_given_once_and_in_time() -> None:
    events = tune(3)
    played = duets.player(events)
    rate = symbolic.SAMPLE_RATE
    given = [played(second * rate) for second in range(8)]
    assert [event for part in given for event in part] == events
    for second, part in enumerate(given):
        assert all((second - 1) * rate < event.at <= second * rate for event in part)


def test_keys_alone_say_what_the_model_of_notes_says() -> None:
    layout = build_layout(FeatureSettings())
    events, hop = tune(6), layout.hop_length
    alone = duets.KeysAlone(symbolic.load(), duets.player(events))
    width = layout.width
    said = []
    for first in range(0, 900, 16):
        frames = FeatureFrames(
            np.zeros((16, width), np.float32), first, layout, np.zeros((16, hop), np.float32)
        )
        said += alone.update(frames)
        alone.restart(first * hop)  # a boundary of the sound is none of the notes
    direct = symbolic.load().update(events, 900 // 16 * 16 * hop + 16 * hop)
    assert said == direct[: len(said)]
    assert said[-1].quadrant in (1, 2, 3, 4)


def test_the_page_tells_the_studies_that_were_made(tmp_path: Path) -> None:
    figure = [0.5, 0.4, 0.6]
    figures = dict.fromkeys(metrics.LABEL_FIGURES, figure)
    curve = {
        "corpus": "panda_4q",
        "recipe": "a recipe",
        "unit": "artists",
        "folds": 2,
        "n": 9,
        "shares": [{"share": 0.5, "clips": 4.0, "figures": figures}],
        "last gain": figures,
    }
    assert studies.build(results.read_studies(tmp_path)) == ""
    results.write(tmp_path, "learning_curve", curve)
    assert json.loads((tmp_path / "learning_curve.json").read_text()) == curve
    page = results.with_tables(f"{results.BEGIN}\n{results.END}", tmp_path)
    assert "| `panda_4q`, a recipe | 50 % |" in page
    assert "| clips learned from, mean | 4 |" in page
    assert ".500 [.400, .600]" in page
    assert "duets" not in page
