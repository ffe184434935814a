"""Labelled music of one's own: figures against scikit-learn, words, groups, and the command."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, r2_score

from models.labelled.files import Labelled
from oscbridge.cli import main
from oscbridge.errors import SettingsError
from oscbridge.labels import Labels
from oscbridge.library.evaluation.verdict import Answer, judge
from oscbridge.library.evaluation.words import reader_of
from oscbridge.library.store import Library, SeenFile
from oscbridge.library.track import Names, Track
from tests.library.map.made_up import made_up_tracks


def answers(count: int, *, rated: bool) -> list[Answer]:
    """Answers of a model that is right more often than not."""
    random = np.random.default_rng(5)
    found: list[Answer] = []
    for number, track in enumerate(made_up_tracks(count, seed=6)):
        wrong = random.random() < 0.3
        truth = int(random.integers(1, 5)) if wrong else track.sound.quadrant
        point = np.clip(
            random.normal((track.sound.valence, track.sound.arousal), 0.2), -1.0, 1.0
        ).tolist()
        file = Labelled(Path(track.path), f"{number}.wav", truth, f"{number}.wav")
        found.append(
            Answer(replace(file, valence=point[0], arousal=point[1]) if rated else file, track)
        )
    return found


def test_figures_are_scikit_learns() -> None:
    these = answers(150, rated=True)
    verdict = judge(these)
    truth = [one.label.quadrant for one in these]
    said = [one.track.sound.quadrant for one in these]
    assert verdict.figures["quadrant accuracy"].value == pytest.approx(accuracy_score(truth, said))
    macro_f1 = f1_score(truth, said, average="macro")
    assert verdict.figures["macro F1"].value == pytest.approx(macro_f1)
    assert verdict.confusion.tolist() == confusion_matrix(truth, said, labels=[1, 2, 3, 4]).tolist()
    for axis in ("valence", "arousal"):
        rated = [getattr(one.label, axis) for one in these]
        heard = [getattr(one.track.sound, axis) for one in these]
        figures = verdict.values[axis]
        assert figures["R squared"].value == pytest.approx(r2_score(rated, heard))
        assert figures["Pearson r"].value == pytest.approx(np.corrcoef(rated, heard)[0, 1])


def test_the_baseline_is_the_most_frequent_label_and_the_gain_is_what_separates_them() -> None:
    these = answers(150, rated=False)
    verdict = judge(these)
    truth = [one.label.quadrant for one in these]
    most = max(map(truth.count, (1, 2, 3, 4))) / len(truth)
    baseline, gain = verdict.of_majority["quadrant accuracy"], verdict.gains["quadrant accuracy"]
    assert baseline.value == pytest.approx(most)
    accuracy = verdict.figures["quadrant accuracy"]
    assert gain.value == pytest.approx(accuracy.value - baseline.value)
    assert accuracy.low < accuracy.value < accuracy.high
    assert verdict.values == {}


def test_the_surest_mistakes_are_mistakes_and_the_surest() -> None:
    these = answers(150, rated=False)
    wrong = [one for one in these if one.label.quadrant != one.track.sound.quadrant]
    surest = sorted((one.track.sound.confidence for one in wrong), reverse=True)[:5]
    assert [one.track.sound.confidence for one in judge(these).mistakes] == surest


def test_a_quadrant_that_is_not_known_is_never_right() -> None:
    these = answers(40, rated=False)
    silent = [
        Answer(one.label, replace(one.track, sound=replace(one.track.sound, quadrant=0)))
        for one in these
    ]
    verdict = judge(silent)
    assert verdict.figures["quadrant accuracy"].value == 0.0
    assert verdict.unknown == 40
    assert verdict.mistakes == []


def test_groups_are_those_of_the_labels_else_artists_else_files() -> None:
    track = made_up_tracks(1)[0]
    nameless = replace(track, names=Names())
    told = Labelled(Path("a"), "a.wav", 1, "Opus 3")
    untold = Labelled(Path("a"), "a.wav", 1, "a.wav")
    assert Answer(told, track).group == "opus 3"
    assert Answer(untold, track).group == track.names.artist.casefold()
    assert Answer(untold, nameless).group == "a.wav"


def test_words_are_the_user_s_then_those_of_sets_then_plain_ones(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[quadrants]\n"3" = "Herbst"\n'
        '[[label]]\nname = "Fog"\nvalence = -0.4\narousal = -0.5\n'
        '[[label]]\nname = "edge"\nvalence = 0.05\narousal = 0.5\n'
        '[[label]]\nname = "loud"\narousal = 0.9\nvalence = -0.5\nvalence_radius = 100\n',
        "utf-8",
    )
    quadrant_of = reader_of([str(own), "gems"], Labels(q2="wild"))
    words = {"WILD": 2, "herbst": 3, "Fog": 3, "tenderness": 4, "anger": 2, "Q1": 1, "4": 4}
    assert {word: quadrant_of(word) for word in words} == words
    for vague in ("edge", "loud", "nostalgia", "party"):
        assert quadrant_of(vague) is None
    with pytest.raises(SettingsError, match="no set of labels 'nope'"):
        reader_of(["nope"], Labels())


@pytest.fixture
def labelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[Track]]:
    """Lay out a folder whose files the library has heard: they hold no sound."""
    monkeypatch.setattr("oscbridge.library.evaluation.hearing.identity_of", lambda _: MODEL)
    monkeypatch.setenv("OSCBRIDGE_LIBRARY", str(tmp_path / "library.sqlite"))
    tracks: list[Track] = []
    files: list[SeenFile] = []
    for number, track in enumerate(made_up_tracks(24, seed=8)):
        path = tmp_path / "music" / f"{number}.wav"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"not heard again")
        stat = path.stat()
        tracks.append(replace(track, path=str(path)))
        files.append(SeenFile(str(path), stat.st_size, stat.st_mtime_ns, track.digest))
    with Library(tmp_path / "library.sqlite") as library:
        library.put(tracks, files)
    return tmp_path / "music", tracks


MODEL = made_up_tracks(1)[0].sound.model


def test_what_the_library_knows_is_judged_without_listening(
    labelled: tuple[Path, list[Track]], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, tracks = labelled
    rows = [f"{i};{t.sound.quadrant};{t.names.artist}" for i, t in enumerate(tracks)]
    (folder / "labels.csv").write_text("\n".join(["file;label;artist", *rows]), "utf-8")
    assert main(["library", "evaluate", str(folder), "--json"]) == 0
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["heard_by"] == MODEL
    assert verdict["n"] == 24
    assert verdict["groups"] == len({track.names.artist for track in tracks})
    assert verdict["model"]["quadrant accuracy"] == [1.0, 1.0, 1.0]
    assert verdict["surest_mistakes"] == verdict["left_out"] == []
    assert main(["library", "evaluate", str(folder)]) == 0
    table = capsys.readouterr().out
    assert "quadrant accuracy" in table
    assert "narrower than the truth" in table


def test_what_cannot_be_judged_is_told_and_left_out(
    labelled: tuple[Path, list[Track]], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, tracks = labelled
    (folder / "0.wav").write_bytes(b"changed since, and no sound at all")
    ratings = folder.parent / "ratings.csv"
    sure = next(i for i, track in enumerate(tracks) if i > 3)
    rows = ["0,5,5", "1,8,2", "2,11,5", "nowhere,5,5", f"{sure},3,7", f"{sure},3,7"]
    ratings.write_text("\n".join(["track,valence,arousal", *rows]), "utf-8")
    command = ["library", "evaluate", str(folder), "--labels", str(ratings)]
    assert main([*command, "--scale", "1", "9"]) == 0
    printed = capsys.readouterr()
    assert "2 files rated" in printed.out
    assert "0: " in printed.err
    assert "line 4 of ratings.csv: valence 11 is outside 1..9" in printed.err
    assert "there is no such file" in printed.err
    assert "is named again" in printed.err
    assert main(command) == 2
    assert "Is the scale another one" in capsys.readouterr().err
    assert main([*command, "--scale", "9", "1"]) == 2
    assert "the first has to be the smaller one" in capsys.readouterr().err


def test_a_folder_without_labels_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["library", "evaluate", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "holds neither labels.csv nor folders named by quadrant" in told
    assert told.count("\n") == 1
