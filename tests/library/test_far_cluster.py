"""The index on a real cluster of processes: workers are killed, nothing is lost or doubled.

Conventions
-----------
What was listened to is what the workers themselves wrote down (`tests.library.far_doubles`), and
the dataset is read by pyarrow, not by us.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask
import pyarrow.dataset
import pytest
from distributed import LocalCluster

from oscbridge.errors import DeviceError
from oscbridge.library.far import cluster
from oscbridge.library.far.catalogue import entries
from oscbridge.library.far.dataset import Dataset
from oscbridge.library.far.job import Job
from oscbridge.library.far.ledger import Tally
from oscbridge.library.far.listening import Ear
from tests.library.far_doubles import MODEL, hear, heard


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two worker processes of our own; a worker that died is there again after a while."""
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        cluster.opened(None, 2) as client,
    ):
        yield client


def build_crate(folder: Path, count: int) -> Path:
    """Files that differ in content and size."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:02d}.wav").write_bytes(b"sound" * (number + 1))
    return folder


def index(client: Any, crate: Path, to: Path, **options: Any) -> Tally:
    return Job(client, Dataset(str(to), MODEL), Ear(hear), MODEL, **options).run(
        entries(str(crate))
    )


def rows(to: Path) -> list[dict[str, Any]]:
    return pyarrow.dataset.dataset(sorted(map(str, to.glob("*.parquet")))).to_table().to_pylist()


def test_every_file_is_heard_once_and_stands_in_one_row(client: Any, tmp_path: Path) -> None:
    crate = build_crate(tmp_path / "crate", 40)
    tally = index(client, crate, tmp_path / "heard")
    assert tally.tracks == 40
    assert sorted(heard(crate)) == sorted(path.name for path in crate.glob("*.wav"))
    found = rows(tmp_path / "heard")
    assert sorted(Path(row["path"]).name for row in found) == sorted(heard(crate))
    assert {row["kind"] for row in found} == {"track"}


def test_run_again_nothing_is_done(client: Any, tmp_path: Path) -> None:
    crate = build_crate(tmp_path / "crate", 5)
    index(client, crate, tmp_path / "heard")
    before = {path: path.read_bytes() for path in (tmp_path / "heard").iterdir()}
    tally = index(client, crate, tmp_path / "heard")
    assert (tally.tracks, tally.unchanged, len(heard(crate))) == (0, 5, 5)
    assert {path: path.read_bytes() for path in (tmp_path / "heard").iterdir()} == before


def test_of_files_with_the_same_bytes_one_is_heard(client: Any, tmp_path: Path) -> None:
    crate = build_crate(tmp_path / "crate", 3)
    for number in range(20):
        shutil.copy(crate / "01.wav", crate / f"copy{number}.wav")
    tally = index(client, crate, tmp_path / "heard")
    assert (tally.tracks, tally.copies, len(heard(crate))) == (3, 20, 3)
    kinds = Counter(row["kind"] for row in rows(tmp_path / "heard"))
    assert kinds == {"track": 3, "copy": 20}


def test_a_touched_file_and_one_that_comes_later_are_known_by_their_content(
    client: Any, tmp_path: Path
) -> None:
    crate = build_crate(tmp_path / "crate", 3)
    index(client, crate, tmp_path / "heard")
    os.utime(crate / "00.wav", ns=(1, 1))
    shutil.copy(crate / "02.wav", crate / "later.wav")
    tally = index(client, crate, tmp_path / "heard")
    assert (tally.unchanged, tally.copies, tally.tracks, len(heard(crate))) == (2, 2, 0, 3)
    assert index(client, crate, tmp_path / "heard").unchanged == 4


def test_a_worker_that_is_killed_in_the_middle_loses_and_doubles_nothing(
    client: Any, tmp_path: Path
) -> None:
    crate = build_crate(tmp_path / "crate", 60)
    for number in (7, 30):
        (crate / f"{number:02d}.wav").rename(crate / f"{number:02d}-once.wav")
    tally = index(client, crate, tmp_path / "heard")
    assert len(list(crate.glob("*.struck"))) == 2
    assert (tally.tracks, tally.unreadable, tally.passing) == (60, [], [])
    digests = Counter(row["digest"] for row in rows(tmp_path / "heard"))
    assert len(digests) == 60
    assert set(digests.values()) == {1}


def test_a_file_that_brings_every_worker_down_is_unreadable_and_the_others_are_heard(
    client: Any, tmp_path: Path
) -> None:
    crate = build_crate(tmp_path / "crate", 6)
    (crate / "03.wav").rename(crate / "03-always.wav")
    tally = index(client, crate, tmp_path / "heard")
    assert [Path(path).name for path, _ in tally.unreadable] == ["03-always.wav"]
    assert tally.tracks == 5
    again = index(client, crate, tmp_path / "heard")
    assert (again.unchanged, again.tracks) == (6, 0)


def test_what_is_no_music_is_remembered_with_the_reason_and_tried_again_on_request(
    client: Any, tmp_path: Path
) -> None:
    crate = build_crate(tmp_path / "crate", 2)
    (crate / "words.mp3").write_bytes(b"not music")
    (crate / "bought.m4p").write_bytes(b"not music, but bought")
    (crate / "nothing.mp3").touch()
    reasons = dict(index(client, crate, tmp_path / "heard").unreadable)
    assert reasons[str(crate / "words.mp3")] == f"{str(crate / 'words.mp3')!r} is no music."
    assert "copy-protected" in reasons[str(crate / "bought.m4p")]
    assert reasons[str(crate / "nothing.mp3")] == "it is empty"
    assert index(client, crate, tmp_path / "heard").unreadable == []
    assert len(index(client, crate, tmp_path / "heard", again=True).unreadable) == 3


def test_a_file_that_goes_away_is_told_and_not_remembered(client: Any, tmp_path: Path) -> None:
    crate = build_crate(tmp_path / "crate", 2)
    listing = tmp_path / "list.txt"
    listing.write_text("crate/00.wav\ncrate/gone.wav\n")
    tally = index(client, listing, tmp_path / "heard")
    assert tally.passing == [(str(crate / "gone.wav"), "No such file or directory")]
    assert [row["kind"] for row in rows(tmp_path / "heard")] == ["track"]


def test_a_scheduler_that_goes_away_ends_the_index_and_what_was_heard_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_S", 2.0)  # how long it is called for
    crate = build_crate(tmp_path / "crate", 30)
    foreign = LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0")
    with foreign, cluster.opened(foreign.scheduler_address, 0) as far:
        dataset = Dataset(str(tmp_path / "heard"), MODEL)
        job = Job(
            *(far, dataset, Ear(hear), MODEL),
            watch=lambda _what, done, _total: foreign.close() if done > 5 else None,
        )
        with pytest.raises(DeviceError, match="what was heard is kept"):
            job.run(entries(str(crate)))
    kept = len(rows(tmp_path / "heard"))
    assert 5 < kept < 30
    with cluster.opened(None, 1) as client:
        tally = index(client, crate, tmp_path / "heard")
    assert tally.unchanged == kept
    assert kept + tally.tracks == 30
