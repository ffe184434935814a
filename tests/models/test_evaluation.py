"""The evaluation of models: the live path, conditions, folds, the whole command on toy music."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.types import AudioBlock, FeatureFrames
from models import catalogue
from models.cards import REQUIRED_FIGURES
from models.training import baselines, cohort, evaluate, figures, reference, results, tables
from models.training.conditions import CLEAN, CONDITIONS, LABELS, change, code
from models.training.corpora import Clip
from models.training.hearing import Answers, Ear, listen, quadrants_of
from models.training.statistics import librosa_frames, sum_up
from models.training.takes import INSTRUMENTS, Corpus, TakeStore, voice_of
from models.types import AffectState
from models.weights import FOLDER as WEIGHTS
from models.weights import Weights, write_weights
from oscbridge.analyzer import Analyzer
from tests.dsp.signals import RATE, noise, sine

MUSIC = np.concatenate([sine(220, 7 * RATE, 0.4), noise(9 * RATE, level=0.3)])


class Toy:
    """Loud is aroused, many zero crossings are pleasant; every part is one state."""

    name = "toy"
    digest = "0" * 12
    delay = 4096

    def __init__(self, sureness: float = 0.6) -> None:
        self.sureness = sureness
        self.restarts: list[int] = []

    def update(self, frames: FeatureFrames) -> list[AffectState]:
        loud = float(frames["energy"].mean()) > -25.0
        bright = float(frames["zcr"].mean()) > 0.1
        q = np.full(4, (1.0 - self.sureness) / 3)
        q[
            {(True, True): 0, (True, False): 1, (False, False): 2, (False, True): 3}[loud, bright]
        ] = self.sureness
        a, v = q[0] + q[1] - q[2] - q[3], q[0] + q[3] - q[1] - q[2]
        return [AffectState(v, a, self.sureness, "toy", frames.stop, frames.sample_rate, tuple(q))]

    def restart(self, stop: int) -> None:
        self.restarts.append(stop)

    def reset(self) -> None:
        self.restarts.clear()


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


def test_librosa_statistics_are_195() -> None:
    frames = librosa_frames(MUSIC[: 2 * RATE], RATE)
    assert frames.shape[1] == 39
    assert sum_up(frames).shape == (195,)
    ramp = np.stack([np.arange(101.0), np.ones(101)], axis=1)
    assert sum_up(ramp).tolist() == pytest.approx(
        [50, 1, np.arange(101).std(), 0, 10, 1, 90, 1, 1, 0]
    )


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


def test_missing_folds_are_told_in_one_line(
    toy_music: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (toy_music / "folds" / "toy-2.npz").unlink()
    assert run(toy_music) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert "toy-2" in error
    assert len(error.splitlines()) == 1


def test_the_page_says_what_the_results_say() -> None:
    page = results.README.read_text(encoding="utf-8")
    assert results.with_tables(page, results.FOLDER) == page


def test_cards_of_examined_models_say_what_the_results_say() -> None:
    for path in results.FOLDER.glob("*.json"):
        found = json.loads(path.read_text(encoding="utf-8"))
        card = WEIGHTS / path.name
        if not card.is_file():
            continue
        said = json.loads(card.read_text(encoding="utf-8"))["figures"]
        if said.get("source") == f"models/results/{path.name}":
            assert said == results.card_figures(found)


def test_a_card_takes_the_figures_and_keeps_everything_else(tmp_path: Path) -> None:
    clip = {"quadrant accuracy": [0.5, 0.4, 0.6], "macro F1": [0.48, 0.39, 0.59]}
    found = {"name": "toy", "corpora": {"panda_4q": {"n": 9, "split": "abc", "clip": clip}}}
    assert not results.write_card(found, tmp_path)
    (tmp_path / "toy.json").write_text('{"name": "toy", "sha256": "ab", "figures": {"n": 1}}')
    assert results.write_card(found, tmp_path)
    card = json.loads((tmp_path / "toy.json").read_text())
    assert card["sha256"] == "ab"
    assert card["figures"]["quadrant accuracy"] == {"panda_4q": "0.500 [0.400, 0.600]"}
    assert set(REQUIRED_FIGURES) <= set(card["figures"])


def test_figures_are_written_without_leading_zeros_and_with_their_sign() -> None:
    assert tables.cell([0.6244, 0.584, 0.66]) == ".624 [.584, .660]"
    assert tables.cell([1.0, 0.9999, 1.0]) == "1.000 [1.000, 1.000]"
    assert tables.number(-0.0521) == "−.052"
    assert tables.number(-0.0001) == ".000"
    assert tables.cell(None) == "–"


def test_equal_results_draw_equal_files(toy_music: Path) -> None:
    assert run(toy_music, "--conditions", "--limit", "8") == 0
    folder = toy_music / "results"
    before = (folder / "confusion.png").read_bytes()
    figures.draw_all(folder)
    assert (folder / "confusion.png").read_bytes() == before


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
