"""The commands, with processes that others start and that are killed.

Conventions
-----------
Scheduler and workers are those of Dask's own command line; the coordinator is the product's.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import distributed
import numpy as np
import pyarrow.dataset
import pytest
import soundfile

from oscbridge.library.far import cluster
from oscbridge.library.far.catalogue import entries
from oscbridge.library.far.dataset import Dataset
from oscbridge.library.far.job import Job
from oscbridge.library.far.listening import Ear
from oscbridge.library.store import Library
from tests.library.far_doubles import MODEL, hear

DEADLINE_S = 60.0
SAMPLE_RATE = 16_000


def wait_until(done: Callable[[], object], what: str) -> None:
    deadline_s = time.monotonic() + DEADLINE_S
    while not done():
        assert time.monotonic() < deadline_s, what
        time.sleep(0.02)


@contextlib.contextmanager
def running(*arguments: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, *arguments], text=True, start_new_session=True, **options
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a scheduler that Dask's command line started, with two workers."""
    folder = tmp_path_factory.mktemp("dask")
    told = folder / "scheduler.json"
    place = ("--scheduler-file", str(told))
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with (
        running(
            *("-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", "0"),
            *("--dashboard-address", "127.0.0.1:0", *place),
            **quiet,
        ),
        running(
            *("-m", "dask", "worker", "--nworkers", "2", "--nthreads", "1", *place),
            *("--local-directory", str(folder)),
            **quiet,
        ),
    ):
        wait_until(told.exists, "the scheduler did not start")
        with distributed.Client(scheduler_file=str(told), set_as_default=False) as client:
            client.wait_for_workers(2, timeout=DEADLINE_S)
            address = client.scheduler.address
        yield address


def build_music(folder: Path, count: int) -> list[Path]:
    """Short pieces that differ."""
    folder.mkdir()
    time_s = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    paths = [folder / f"{number}.wav" for number in range(count)]
    for number, path in enumerate(paths):
        tone = np.sin(2 * np.pi * 110.0 * (number + 2) * time_s[: len(time_s) - 100 * number])
        soundfile.write(path, 0.3 * tone, SAMPLE_RATE)
    return paths


def rows(to: Path) -> list[dict[str, Any]]:
    return pyarrow.dataset.dataset(sorted(map(str, to.glob("*.parquet")))).to_table().to_pylist()


def oscbridge(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "oscbridge", "library", *arguments],
        capture_output=True,
        text=True,
        timeout=2 * DEADLINE_S,
    )


def test_the_cluster_hears_what_a_machine_alone_hears(scheduler: str, tmp_path: Path) -> None:
    from oscbridge.library.describe import read_track

    paths = build_music(tmp_path / "music", 3)
    (tmp_path / "music" / "words.mp3").write_text("no music")
    heard = str(tmp_path / "heard")
    done = oscbridge("index", str(tmp_path / "music"), "--to", heard, "--scheduler", scheduler)
    assert done.returncode == 0, done.stderr
    assert "3 new tracks, 0 copies, 0 files unchanged, 1 unreadable, 0 not reached" in done.stderr
    assert "a million like these" in done.stderr
    library = tmp_path / "library.sqlite"
    done = oscbridge("merge", heard, "--library", str(library))
    assert done.returncode == 0, done.stderr
    with Library(library, writable=False) as opened:
        for path in paths:
            track = read_track(str(path))
            assert opened.track(track.digest) == track


def test_a_worker_of_a_foreign_cluster_is_killed_and_every_track_is_there_once(
    scheduler: str, tmp_path: Path
) -> None:
    crate = tmp_path / "crate"
    crate.mkdir()
    for number in range(30):
        (crate / f"{number:02d}.wav").write_bytes(b"sound" * (number + 1))
    (crate / "10.wav").rename(crate / "10-waits.wav")
    with cluster.opened(scheduler, 0) as client:
        pids = client.run(os.getpid)

        def strike(_what: str, _done: int, _total: int) -> None:
            """Kill the worker that waits, then let it go on: its next life finds the gate open."""
            waits = crate / "10-waits.pid"
            if waits.exists() and waits.read_text() in map(str, pids.values()):
                os.kill(int(waits.read_text()), signal.SIGKILL)
                waits.unlink()
                (crate / "go").touch()

        dataset = Dataset(str(tmp_path / "heard"), MODEL)
        tally = Job(client, dataset, Ear(hear), MODEL, watch=strike).run(entries(str(crate)))
    assert (crate / "go").exists()
    assert (tally.tracks, tally.unreadable, tally.passing) == (30, [], [])
    digests = Counter(row["digest"] for row in rows(tmp_path / "heard"))
    assert len(digests) == 30
    assert set(digests.values()) == {1}


COORDINATOR = """
import sys
from oscbridge.library.far import cluster, ledger
from oscbridge.library.far.catalogue import entries
from oscbridge.library.far.dataset import Dataset
from oscbridge.library.far.job import Job
from oscbridge.library.far.listening import Ear
from tests.library.far_doubles import MODEL, hear
ledger.ROWS = 2
if __name__ == "__main__":
    with cluster.opened(sys.argv[3], 0) as client:
        Job(client, Dataset(sys.argv[2], MODEL), Ear(hear), MODEL).run(entries(sys.argv[1]))
"""


def test_a_coordinator_that_is_killed_goes_on_where_it_was(scheduler: str, tmp_path: Path) -> None:
    crate, heard = tmp_path / "crate", tmp_path / "heard"
    crate.mkdir()
    for number in range(20):
        (crate / f"{number:02d}.wav").write_bytes(b"sound" * (number + 1))
    (crate / "10.wav").rename(crate / "10-waits.wav")
    with running("-c", COORDINATOR, str(crate), str(heard), scheduler) as coordinator:
        wait_until(lambda: len(list(heard.glob("*.parquet"))) >= 3, "nothing was written")
        os.kill(coordinator.pid, signal.SIGKILL)
    (crate / "go").touch()
    before = len(rows(heard))
    assert 6 <= before < 20
    with cluster.opened(scheduler, 0) as client:
        job = Job(client, Dataset(str(heard), MODEL), Ear(hear), MODEL)
        tally = job.run(entries(str(crate)))
    assert (tally.unchanged, tally.tracks) == (before, 20 - before)
    digests = Counter(row["digest"] for row in rows(heard))
    assert len(digests) == 20
    assert set(digests.values()) == {1}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("index", "/nowhere", "--to", "heard"), "there is no catalogue '/nowhere'"),
        (("merge", "nowhere"), "there is no dataset 'nowhere'"),
        (("index", ".", "--to", "h", "--model", "nobody"), "no model 'nobody'"),
    ],
)
def test_what_cannot_be_used_is_one_line(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = oscbridge(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())
