"""Corpora are read as they are published, and divided so that nobody is on both sides."""

import csv
import json
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from models.training.corpora import GEMS, emotify_axes, load_corpus, read_mono
from models.training.splits import FOLDS, assign_folds, split_digest


def write_table(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.DictWriter(stream, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


def write_midi(path: Path, seconds: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    track = mido.MidiTrack(
        [
            mido.Message("note_on", note=60),
            mido.Message("note_off", note=60, time=int(seconds * 960)),
        ]
    )
    mido.MidiFile(ticks_per_beat=480, tracks=[track]).save(path)


def test_clips_are_read_with_their_artists(tmp_path: Path) -> None:
    (tmp_path / "panda_4q").mkdir()
    soundfile.write(tmp_path / "panda_4q" / "a.wav", np.zeros((4800, 2)), 48000)
    row = {"file": "a.wav", "quadrant": "Q3", "artist": " The Band "}
    write_table(tmp_path / "panda_4q" / "labels.csv", [row])
    (clip,) = load_corpus("panda_4q", tmp_path)
    assert (clip.quadrant, clip.group, clip.targets) == (3, "the band", (0.0, 0.0))
    assert read_mono(clip.path, 24000).shape == (2400,)
    write_table(tmp_path / "panda_4q" / "labels.csv", [{**row, "file": "b.wav"}])
    with pytest.raises(FileNotFoundError, match=r"b\.wav"):
        load_corpus("panda_4q", tmp_path)


def test_listeners_of_a_piece_become_probabilities(tmp_path: Path) -> None:
    name = "midi/Other_PC_My Game_Tune.mid"
    write_midi(tmp_path / "vgmidi" / name, 20.0)
    listeners = [
        {"id": "1", "valence": [0.5, 0.1], "arousal": [-0.2, -0.2]},
        {"id": "2", "valence": [0.3, 0.3], "arousal": [-0.4, 0.0]},
        {"id": "3", "valence": [-0.6, 0.0], "arousal": [0.2, 0.3]},
    ]
    piece = {"file": name, "series": "Other", "listeners": listeners}
    (tmp_path / "vgmidi" / "annotations.json").write_text(json.dumps([piece]))
    (clip,) = load_corpus("vgmidi", tmp_path)
    assert clip.group == "My Game"
    assert clip.valence == pytest.approx(2 / 3)
    assert clip.arousal == pytest.approx(1 / 3)
    assert clip.mean_valence == pytest.approx((0.3 + 0.3 - 0.3) / 3)
    assert clip.quadrant == 4


def test_pieces_that_are_too_short_are_left_out(tmp_path: Path) -> None:
    rows = []
    for name, seconds in (("a", 3.0), ("b", 30.0)):
        write_midi(tmp_path / "ym2413_mdb" / f"{name}.mid", seconds)
        title = "01 - A Game - Tune"
        rows.append({"file": f"{name}.mid", "quadrant": "Q2", "game": "", "title": title})
    write_table(tmp_path / "ym2413_mdb" / "labels.csv", rows)
    (clip,) = load_corpus("ym2413_mdb", tmp_path)
    assert (clip.path.stem, clip.quadrant, clip.group) == ("b", 2, "a game - tun")


def test_what_was_felt_becomes_arousal_and_valence() -> None:
    felt = np.zeros((4, 9))
    felt[0, GEMS.index("power")] = 1.0
    felt[1, GEMS.index("calmness")] = 1.0
    felt[2, GEMS.index("sadness")] = 1.0
    felt[3, GEMS.index("joyful_activation")] = 1.0
    arousal, valence = emotify_axes(felt)
    assert arousal.tolist() == [1.0, -1.0, -1.0, 1.0]
    assert valence.tolist() == [0.0, 0.5, -1.0, 1.0]


def test_no_group_is_on_both_sides_and_every_order_gives_its_division() -> None:
    rng = np.random.default_rng(0)
    quadrants = rng.integers(1, 5, 400).tolist()
    groups = [f"artist {n}" for n in rng.integers(0, 150, 400)]
    folds = assign_folds(quadrants, groups)
    assert set(folds) == set(range(FOLDS))
    for group in set(groups):
        assert len({f for f, g in zip(folds, groups, strict=True) if g == group}) == 1
    shares = [np.mean(np.asarray(quadrants)[folds == k] <= 2) for k in range(FOLDS)]
    assert np.ptp(shares) < 0.12
    assert np.array_equal(folds, assign_folds(quadrants, groups))
    assert split_digest(folds, groups) == split_digest(folds.copy(), list(groups))
    assert split_digest(folds, groups) != split_digest(np.roll(folds, 1), groups)
