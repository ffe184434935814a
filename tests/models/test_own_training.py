"""Learning from a user's music: who is held out, what is chosen by whom, what is kept."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from models.labelled.files import Labelled
from models.training.fixture import build_fixture
from models.training.medleys import signs
from models.training.own import checkpoint, listening
from models.training.own.beginning import build_recipe, expert_for, networks_of
from models.training.own.checkpoint import CheckpointError, Folder, Plan, data_digest
from models.training.own.course import divide
from models.training.own.judging import HeldOut, figures
from models.training.own.learning import balance, thinned
from models.training.recurrent import export_arrays
from models.training.rows import PoolReader, RowMaker
from models.weights import read_weights

QUADRANTS = (1, 2, 3, 4)


def test_no_group_stands_in_two_parts_and_a_long_file_gives_several_clips() -> None:
    files = [
        Labelled(Path(f"{q}{i}"), f"{q}{i}", q, f"artist {q}{i % 6}")
        for q in QUADRANTS
        for i in range(12)
    ]
    pools = [[np.zeros((600 if i == 0 else 50, 3), np.float32)] * 2 for i in range(len(files))]
    clips = divide(files, pools)
    assert clips.n_parts == 5
    assert np.sum(clips.files == 0) == 3
    assert sum(len(clip[0]) for clip in clips.pools) == 600 + 50 * (len(files) - 1)
    where: dict[str, set[int]] = {}
    for number, part in zip(clips.files, clips.parts, strict=True):
        where.setdefault(files[number].group, set()).add(int(part))
    assert all(len(parts) == 1 for parts in where.values())


def test_every_quadrant_gives_equally_many_examples() -> None:
    quadrants = np.repeat(QUADRANTS, (50, 3, 20, 7))
    drawn = balance(np.arange(80), quadrants, np.random.default_rng(0))
    assert np.bincount(quadrants[drawn]).tolist() == [0, 20, 20, 20, 20]
    assert set(drawn[quadrants[drawn] == 2]) == {50, 51, 52}


def test_thinning_keeps_the_last_answer_of_every_clip() -> None:
    for n in (1, 7, 8, 9, 176):
        rows = np.arange(2.0 * n).reshape(n, 2)
        assert np.array_equal(thinned(rows)[-1], rows[-1])
        assert len(thinned(rows)) == -(-n // 8)


def test_the_beginning_is_exactly_networks_of_the_shipped_model() -> None:
    shipped, reader = read_weights("music"), PoolReader()
    heard = reader.read(build_fixture(reader.extractor.layout.sample_rate))
    weights = expert_for(shipped, [[heard]], RowMaker())
    networks = networks_of(weights, build_recipe(100, 0, weights))
    again = export_arrays(networks, np.ones(2))
    assert len(again["w"]) == len(weights.arrays["w"]) <= len(shipped.arrays["w"])
    for key, array in again.items():
        theirs = shipped.arrays[key].astype(np.float32)
        for one in array:
            assert any(np.array_equal(one, its) for its in theirs), key


def held_out(*truth_told: tuple[float, ...]) -> HeldOut:
    """Twelve files of two instants each in three parts; ``truth_told[epoch][part]``: how sure."""
    quadrants = np.tile(QUADRANTS, 3)
    files = np.repeat(np.arange(12), 2)
    parts = np.repeat(np.arange(3), 8)
    held = HeldOut(files, parts, quadrants[files])
    sign = 2.0 * signs(quadrants[files]) - 1.0
    for by_part in truth_told:
        held.epochs.append(sign * np.asarray(by_part)[parts][:, None])
    return held


def test_the_best_epoch_has_the_smallest_mean_loss_over_files() -> None:
    held = held_out((0, 0, 0), (1, 1, 1), (3, 3, 3), (3, -3, 3))
    assert held.best() == 2
    assert held.losses()[0] == pytest.approx(np.log(2.0))
    assert held.losses()[1] == pytest.approx(np.log1p(np.exp(-1.0)))


def test_no_part_is_judged_by_an_epoch_that_it_chose_itself() -> None:
    # Part 0 alone is right after epoch 1, the others after epoch 2, in which part 0 is all wrong.
    held = held_out((0, 0, 0), (4, -1, -1), (-2, 4, 4))
    told = held.honest()
    truth = np.tile(QUADRANTS, 3)
    right = told.argmax(axis=1) + 1 == truth
    assert not right[:4].any()


def test_figures_compare_with_the_beginning_and_give_intervals() -> None:
    groups = [f"g{i}" for i in range(12)]
    found = figures(held_out((-1, -1, -1), (4, 4, 4)), groups, compared=True)
    assert found["n"] == found["groups"] == 12
    accuracy = found["quadrant accuracy"]
    assert isinstance(accuracy, dict)
    assert accuracy["model"] == "1.000 [1.000, 1.000]"
    assert accuracy["where it began"].startswith("0.000")
    assert accuracy["majority"].startswith("0.250 [")
    fresh = figures(held_out((0, 0, 0), (4, 4, 4)), groups, compared=False)
    assert "where it began" not in str(fresh)


def test_a_file_is_heard_the_same_way_again_and_never_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(1)
    soundfile.write(tmp_path / "a.wav", rng.uniform(-0.1, 0.1, 16_000 * 4), 16_000)
    first = listening.hear(tmp_path / "a.wav", "ab" * 32, 5, tmp_path)
    assert len(first) == listening.VERSIONS + 1
    assert all(len(version) for version in first)
    (kept,) = tmp_path.glob("*.npz")
    kept.write_bytes(kept.read_bytes()[:-9])  # a disk that was full
    second = listening.hear(tmp_path / "a.wav", "ab" * 32, 5, tmp_path)
    (tmp_path / "a.wav").unlink()
    third = listening.hear(tmp_path / "a.wav", "ab" * 32, 5, tmp_path)
    for one, two, three in zip(first, second, third, strict=True):
        assert np.array_equal(one, two)
        assert np.array_equal(one, three)


def test_of_a_long_file_the_middle_is_heard(tmp_path: Path) -> None:
    seconds = int(listening.MIDDLE_S) + 20
    loud = np.zeros(seconds * 8_000)
    loud[10 * 8_000 : -10 * 8_000] = 0.1
    soundfile.write(tmp_path / "long.flac", loud, 8_000)
    middle = listening.read_middle(tmp_path / "long.flac", 24_000)
    assert len(middle) == listening.MIDDLE_S * 24_000
    assert np.median(np.abs(middle)) == pytest.approx(0.1, rel=0.01)
    assert np.mean(np.abs(middle) > 0.09) > 0.999


PLAN = Plan("music 123", 0, "features", "recipe", "data")


def test_a_training_is_taken_up_only_with_the_same_plan(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "t")
    folder.agree(PLAN)
    folder.agree(Plan("scratch", 0, "features", "recipe", "data"))  # nothing was learned yet
    folder.save({"epoch": 1})
    with pytest.raises(CheckpointError, match="since --from, or the shipped model itself changed"):
        folder.agree(PLAN)
    with pytest.raises(CheckpointError, match="--seed and the music or its labels changed"):
        folder.agree(Plan("scratch", 1, "features", "recipe", "other"))
    with pytest.raises(CheckpointError, match="since the version of oscbridge changed"):
        folder.agree(Plan("scratch", 0, "other", "other", "data"))
    folder.agree(Plan("scratch", 0, "features", "recipe", "data"))


def test_the_digest_of_the_data_does_not_depend_on_the_order_but_on_every_label() -> None:
    files = [("a", 1, "x"), ("b", 2, "y")]
    assert data_digest(files) == data_digest(files[::-1])
    assert data_digest(files) != data_digest([("a", 1, "x"), ("b", 3, "y")])
    assert data_digest(files) != data_digest([("a", 1, "x"), ("b", 2, "x")])


def test_what_was_kept_is_what_is_loaded_and_a_damaged_file_is_one_sentence(
    tmp_path: Path,
) -> None:
    folder = Folder(tmp_path / "t")
    assert folder.load() is None
    folder.save({"epoch": 3, "w": torch.arange(4)})
    kept = folder.load()
    assert kept is not None
    assert kept["epoch"] == 3
    assert torch.equal(kept["w"], torch.arange(4))
    path = tmp_path / "t" / "epoch.pt"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(CheckpointError, match="is damaged"):
        folder.load()


def test_two_processes_cannot_work_in_one_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "LOCK_S", 0.0)
    first = Folder(tmp_path / "t")
    with pytest.raises(CheckpointError, match="another process"):
        Folder(tmp_path / "t")
    first.remove()
    Folder(tmp_path / "t").remove()
    assert not (tmp_path / "t").exists()
