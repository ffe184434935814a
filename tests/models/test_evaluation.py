"""The evaluation of models: folds, baselines, the whole command on toy music."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from models.training import baselines, cohort, evaluate, figures, reference, results
from models.training.corpora import Clip
from models.training.hearing import listen
from models.training.statistics import librosa_frames, sum_up
from models.training.takes import TakeStore
from models.weights import FOLDER as WEIGHTS
from models.weights import Weights, write_weights
from tests.dsp.signals import RATE, noise, sine
from tests.models.toys import MUSIC, Toy


def write_corpus(folder: Path, n: int) -> None:
    """Clips of the four quadrants as the toy hears them, and one that it gets wrong."""
    (folder / "panda_4q").mkdir(parents=True)
    lines = ["file,quadrant,artist"]
    for i in range(n):
        quadrant = i % 4 + 1
        level = 0.5 if quadrant <= 2 else 0.02
        bright = quadrant in (1, 4)
        samples = noise(4 * RATE, i, level) if bright else sine(200 + i, 4 * RATE, level)
        soundfile.write(folder / "panda_4q" / f"{i}.wav", samples, RATE)
        lines.append(f"{i}.wav,Q{quadrant if i else 3},artist {i // 2}")
    (folder / "panda_4q" / "labels.csv").write_text("\n".join(lines) + "\n")


def write_folds(folder: Path, name: str = "toy") -> None:
    for k in range(5):
        write_weights(
            f"{name}-{k}", {"a": np.full(7, k, np.float32)}, {"model": "toy"}, folder=folder
        )


@pytest.fixture
def toy_music(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_corpus(tmp_path / "data", 24)
    write_folds(tmp_path / "folds")
    for part in ("npz", "json"):  # the detector of boundaries
        shutil.copy(WEIGHTS / f"turns.{part}", tmp_path / "folds")

    def load(module: str, weights: Weights) -> Toy:
        return Toy()

    monkeypatch.setattr(cohort.catalogue, "load_weights", load)
    return tmp_path


def run(folder: Path, *more: str) -> int:
    page = folder / "README.md"
    if not page.is_file():
        page.write_text(f"before\n{results.BEGIN}\noutdated\n{results.END}\nafter\n")
    folders = {"--data": "data", "--folds": "folds", "--cache": "cache", "--out": "results"}
    paths = [text for flag, name in folders.items() for text in (flag, str(folder / name))]
    return evaluate.main(["toy", *paths, "--readme", str(page), "--corpora", "panda_4q", *more])


def test_one_command_examines_a_model_and_writes_everything(
    toy_music: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(toy_music, "--conditions", "gain-24", "--limit", "24") == 0
    found = json.loads((toy_music / "results" / "toy.json").read_text())
    facts = found["corpora"]["panda_4q"]
    assert facts["n"] == 24
    assert facts["groups"] == 12
    assert facts["clip"]["quadrant accuracy"][0] == 0.9583  # one label is wrong, on purpose
    assert np.trace(facts["confusion"]) == 23
    assert facts["clip"]["calibration error"][0] == pytest.approx(23 / 24 - 0.6, abs=1e-3)
    assert facts["seconds"]["3"]["quadrant accuracy"][0] == 0.9583
    assert "5" not in facts["seconds"]  # the clips end before
    quieter = found["conditions"]["panda_4q"]["gain-24"]
    # 24 dB less, and everything is calm to the toy: half of its answers are lost
    assert quieter["arousal accuracy"]["value"][0] == pytest.approx(0.5, abs=0.06)
    assert quieter["quadrant accuracy"]["change"][0] < -0.4
    assert found["parameters"] == 7
    assert {path.stem for path in (toy_music / "results").glob("*.png")} == {
        "confusion",
        "calibration",
        "evidence",
        "conditions",
    }
    page = (toy_music / "README.md").read_text()
    assert page.startswith("before\n")
    assert page.endswith("after\n")
    assert "outdated" not in page
    assert ".958 [" in page
    assert "toy" in capsys.readouterr().out

    def silence(*_: object) -> None:
        raise AssertionError("what was heard is not heard again")

    monkeypatch.setattr(cohort, "listen", silence)
    assert run(toy_music, "--conditions", "gain-24", "--limit", "24") == 0
    write_weights("toy-3", {"a": np.ones(7, np.float32)}, {"model": "toy"}, toy_music / "folds")
    with pytest.raises(AssertionError, match="not heard again"):
        run(toy_music, "--conditions", "gain-24", "--limit", "24")


def test_every_clip_is_heard_by_the_model_that_has_not_learned_from_it(
    toy_music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[float, str]] = []

    class Told(Toy):
        def __init__(self, fold: float) -> None:
            super().__init__()
            self.fold = fold

    def load(module: str, weights: Weights) -> Told:
        return Told(float(weights.arrays["a"][0]))

    class Listening(TakeStore):
        def take(self, clip: Clip, condition: str) -> object:
            heard.append((-1.0, clip.path.name))
            return super().take(clip, condition)

    def note(model: Told, take: object, layout: object) -> object:
        heard[-1] = (model.fold, heard[-1][1])
        return listen(model, take, layout)  # type: ignore[arg-type]

    monkeypatch.setattr(cohort.catalogue, "load_weights", load)
    monkeypatch.setattr(cohort, "TakeStore", Listening)
    monkeypatch.setattr(cohort, "listen", note)
    assert run(toy_music, "--conditions", "--limit", "24") == 0
    corpus = evaluate.open_corpus("panda_4q", toy_music / "data")
    expected = {clip.path.name: fold for clip, fold in zip(corpus.clips, corpus.folds, strict=True)}
    assert {name: fold for fold, name in heard} == expected
    assert len(set(expected.values())) == 5


def test_takes_are_prepared_before_there_is_a_model(toy_music: Path) -> None:
    folders = [text for name in ("data", "folds", "cache") for text in (f"--{name}", name)]
    paths = [text if text[0] == "-" else str(toy_music / text) for text in folders]
    what = ["--corpora", "panda_4q", "--conditions", "gain-24", "--limit", "8", "--prepare"]
    assert evaluate.main([*paths, *what]) == 0
    made = sorted(p.parent.name for p in (toy_music / "cache" / "sound").rglob("*.npz"))
    assert made == ["clean"] * 8 + ["gain-24"] * 8
    assert len(list((toy_music / "cache" / "frames").glob("*.npz"))) == 16
    assert not (toy_music / "results").exists()


@pytest.mark.parametrize("missing", ["toy-2", "turns"])
def test_missing_weights_are_told_in_one_line(
    missing: str, toy_music: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (toy_music / "folds" / f"{missing}.npz").unlink()
    assert run(toy_music) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert missing in error
    assert len(error.splitlines()) == 1


def test_equal_results_draw_equal_files(toy_music: Path) -> None:
    assert run(toy_music, "--conditions", "--limit", "8") == 0
    folder = toy_music / "results"
    before = (folder / "confusion.png").read_bytes()
    figures.draw_all(folder)
    assert (folder / "confusion.png").read_bytes() == before


def test_librosa_statistics_are_195() -> None:
    frames = librosa_frames(MUSIC[: 2 * RATE], RATE)
    assert frames.shape[1] == 39
    assert sum_up(frames).shape == (195,)
    ramp = np.stack([np.arange(101.0), np.ones(101)], axis=1)
    assert sum_up(ramp).tolist() == pytest.approx(
        [50, 1, np.arange(101).std(), 0, 10, 1, 90, 1, 1, 0]
    )


def test_baselines_stand_beside_on_the_same_folds(
    toy_music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {
        name: baselines.CLASSIFIERS[name].set_params(**more)
        for name, more in ((baselines.MAJORITY, {}), ("extra trees", {"n_estimators": 20}))
    }
    monkeypatch.setattr(baselines, "CLASSIFIERS", few)
    monkeypatch.setattr(reference, "CLASSIFIERS", few)
    assert run(toy_music, "--conditions") == 0
    found = json.loads((toy_music / "results" / "baselines.json").read_text())
    figures_of = found["corpora"]["panda_4q"]
    assert set(figures_of) - {"n", "split"} == {
        "majority",
        "extra trees, frames",
        "extra trees, librosa",
    }
    assert figures_of["majority"]["macro F1"][0] < 0.15
    assert figures_of["extra trees, frames"]["quadrant accuracy"][0] > 0.9
    toy = json.loads((toy_music / "results" / "toy.json").read_text())
    against = toy["corpora"]["panda_4q"]["against"]
    assert against["baseline"] in figures_of
    assert "extra trees, librosa" in (toy_music / "README.md").read_text()
