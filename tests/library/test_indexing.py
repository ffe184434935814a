"""Folders that become a library: what is taken in, what is told, and what a kill leaves behind."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

import psutil
import pytest
import soundfile

from oscbridge.errors import InputError, LibraryError
from oscbridge.library.content import digest_of
from oscbridge.library.describe import read_track
from oscbridge.library.indexing.collection import Collection
from oscbridge.library.indexing.crew import Word
from oscbridge.library.indexing.job import Index
from oscbridge.library.indexing.process import MODULE
from oscbridge.library.indexing.protection import why_undecoded
from oscbridge.library.indexing.records import Begin, Order
from oscbridge.library.indexing.worker import Worker
from oscbridge.library.listener import Listener
from oscbridge.library.store import Library
from tests.children import running
from tests.library.music_folder import command, run, write_song

SONGS = 10


class Silent:
    """Wants to know nothing; what it was told can be looked up."""

    def __init__(self) -> None:
        self.size = self.done = 0.0
        self.files = 0

    def begin(self, files: int, size: int) -> None:
        self.files, self.size = files, size

    def advance(self, path: str, size: float, *, done: bool) -> None:
        self.done += size


HEARD_BY = Listener()


class Here:
    """A crew without processes: who asks does the work."""

    def __init__(self, begin: Begin, workers: int) -> None:
        assert workers >= 1
        self._worker = Worker(begin, io.BytesIO(), HEARD_BY)

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.close()

    def words(self, orders: Iterable[Order]) -> Iterator[Word]:
        for order in orders:
            yield Word(order, self._worker.look_at(order))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oscbridge.library.indexing.job.Crew", Here)


def take(library: Library, *roots: Path, again: bool = False, retry: bool = False) -> Index:
    index = Index(library, Silent(), workers=1, again=again, retry=retry)
    index.take(Collection([str(root) for root in roots]))
    return index


def digest(path: Path) -> str:
    with path.open("rb") as stream:
        return digest_of(stream)


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("songs")
    for number in range(SONGS):
        write_song(folder / f"disc {number % 3}" / f"{number:02d} song.wav", number)
    return folder


def test_what_is_taken_in_is_what_listening_to_each_file_says(songs: Path, tmp_path: Path) -> None:
    with Library(tmp_path / "library.sqlite") as library:
        index = take(library, songs / "disc 0")
        assert index.tally.heard == 4
        for path in sorted((songs / "disc 0").iterdir()):
            assert library.track(digest(path)) == read_track(str(path))


@pytest.mark.usefixtures("here")
def test_a_second_run_opens_nothing_and_a_changed_file_alone_is_heard(
    songs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "music"
    shutil.copytree(songs / "disc 1", folder)
    with Library(tmp_path / "library.sqlite") as library:
        assert take(library, folder).tally.heard == 3
        for path in folder.iterdir():
            path.chmod(0)  # whoever opened it would be refused, the superuser excepted
        again = take(library, folder).tally
        assert (again.unchanged, again.heard, again.known) == (3, 0, 0)
        for path in folder.iterdir():
            path.chmod(0o644)
        changed = min(folder.iterdir())
        before = digest(changed)
        write_song(changed, 77)
        tally = take(library, folder).tally
        assert (tally.unchanged, tally.heard) == (2, 1)
        assert library.track(before) is None
        assert library.stats().tracks == 3


@pytest.mark.usefixtures("here")
def test_moved_copied_and_touched_files_are_known_by_their_content(
    songs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "music"
    shutil.copytree(songs / "disc 1", folder)
    with Library(tmp_path / "library.sqlite") as library:
        take(library, folder)
        first, second, third = sorted(folder.iterdir())
        first.rename(folder / "moved.wav")
        shutil.copy(second, folder / "copied.wav")
        os.utime(third, ns=(1, 1))
        tally = take(library, folder).tally
        assert (tally.heard, tally.known, tally.unchanged) == (0, 3, 1)
        assert library.stats().tracks == 3
        assert library.paths(digest(second)) == [str(folder / "copied.wav"), str(second)]
        # whoever plays it needs the place where it is now
        moved = library.track(digest(folder / "moved.wav"))
        assert moved is not None
        assert moved.path == str(folder / "moved.wav")


@pytest.mark.usefixtures("here")
def test_a_file_whose_tags_were_written_elsewhere_stays_the_same_track(tmp_path: Path) -> None:
    path = write_song(tmp_path / "music" / "a.flac", 1)
    with Library(tmp_path / "library.sqlite") as library:
        take(library, tmp_path / "music")
        (number,) = library.connection.execute("SELECT id FROM tracks").fetchone()
        write_song(path, 1, title="Tagged", artist="Somebody")
        os.utime(path, ns=(2, 2))
        assert take(library, tmp_path / "music").tally.heard == 1
        assert library.connection.execute("SELECT id, title FROM tracks").fetchall() == [
            (number, "Tagged")
        ]


@pytest.mark.usefixtures("here")
def test_again_listens_to_everything_and_retry_to_what_could_not_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    write_song(folder / "good.wav", 1)
    bad = folder / "bad.wav"
    bad.write_bytes(b"RIFF")
    with Library(tmp_path / "library.sqlite") as library:
        assert [path for path, _ in take(library, folder).tally.troubles] == [str(bad)]
        later = take(library, folder).tally
        assert (later.unreadable_before, later.troubles) == (1, [])
        repeated = take(library, folder, again=True, retry=True).tally
        assert (repeated.heard, len(repeated.troubles)) == (1, 1)
        write_song(bad, 2)
        assert take(library, folder).tally.heard == 1
        assert library.seen_files(readable=False) == []


@pytest.mark.usefixtures("here")
def test_everything_that_can_be_wrong_with_a_file_is_told_and_the_others_are_heard(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "music"
    good = write_song(folder / "good.flac", 1)
    whole = good.read_bytes()
    (folder / "empty.mp3").touch()
    (folder / "text.wav").write_text("these are words")
    (folder / "zeros.ogg").write_bytes(bytes(5000))
    (folder / "bought.m4p").write_bytes(mp4(b"drms"))
    (folder / "protected.wma").write_bytes(asf(protected=True))
    (folder / "open.m4a").write_bytes(mp4(b"mp4a"))
    (folder / "cover.jpg").write_bytes(b"a picture")
    (folder / "._good.flac").write_bytes(b"a shadow of macOS")
    write_song(folder / "short.wav", 2, seconds=0.2)
    with soundfile.SoundFile(folder / "headless.wav", "w", 44100, 1):
        pass
    torn = write_song(folder / "torn.wav", 3)
    torn.write_bytes(torn.read_bytes()[:-40000])
    broken_tags = folder / "tags.flac"
    broken_tags.write_bytes(
        whole[:42] + whole[42:].replace(b"reference", b"\xff\xfe\xff\xfe\xff\xff\xff\xff\xff")
    )
    with Library(tmp_path / "library.sqlite") as library:
        tally = take(library, folder).tally
        told = {Path(path).name: reason for path, reason in tally.troubles}
        assert "empty" in told.pop("empty.mp3")
        assert "not audio" in told.pop("text.wav")
        assert "not audio" in told.pop("zeros.ogg")
        assert "DRM" in told.pop("bought.m4p")
        assert "DRM" in told.pop("protected.wma")
        assert "AAC" in told.pop("open.m4a")
        assert "too short" in told.pop("short.wav")
        assert "no samples" in told.pop("headless.wav")
        assert told == {}
        ((path, complaint),) = tally.complaints
        assert Path(path).name == "torn.wav"
        assert "breaks off" in complaint
        heard = {Path(track.path).name for track in library.tracks()}
        assert heard == {"good.flac", "torn.wav", "tags.flac"}


def mp4(entry: bytes) -> bytes:
    """An MP4 file as far as players look to see what it holds: the sample entry lies in moov."""
    stsd = box(b"stsd", bytes(8) + box(entry, bytes(28)))
    moov = stsd
    for name in (b"stbl", b"minf", b"mdia", b"trak", b"moov"):
        moov = box(name, moov)
    return box(b"ftyp", b"M4A \0\0\0\0") + box(b"mdat", b"drms enca sinf" * 9) + moov


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def asf(*, protected: bool) -> bytes:
    """The head of a Windows Media file."""
    head = UUID("75b22630-668e-11cf-a6d9-00aa0062ce6c").bytes_le
    mark = UUID("2211b3fb-bd23-11d2-b4b7-00a0c955fc6e" if protected else str(UUID(int=1)))
    return head + struct.pack("<QI", 100, 1) + b"\1\2" + mark.bytes_le + bytes(50)


def test_formats_are_called_by_their_names(tmp_path: Path) -> None:
    for name, content, word in (
        ("a.mp4", mp4(b"mp4a"), "AAC"),
        ("b.wma", asf(protected=False), "Windows Media"),
        ("c.mp4", mp4(b"drms"), "DRM"),
        ("d.aax", b"", "DRM"),
        ("e.mp4", b"\0\0\0\1moov", "AAC"),
    ):
        (tmp_path / name).write_bytes(content)
        assert word in why_undecoded(str(tmp_path / name))
    assert why_undecoded(str(tmp_path / "nothing.wav")) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_in_circles_come_to_an_end_and_no_file_is_met_twice(
    songs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "music"
    shutil.copytree(songs / "disc 1", folder / "a")
    (folder / "a" / "up").symlink_to(folder)
    (folder / "b").symlink_to(folder / "a")
    (folder / "self").symlink_to("self")
    (folder / "gone.wav").symlink_to(tmp_path / "nothing.wav")
    (folder / "gone too").symlink_to(tmp_path / "no folder")
    outside = write_song(tmp_path / "elsewhere" / "x.wav", 50)
    (folder / "far").symlink_to(outside.parent)
    (folder / "z.wav").symlink_to(outside)
    os.mkfifo(folder / "pipe.wav")
    collection = Collection([str(folder), str(folder / "a")])
    found = [Path(file.path).resolve() for file in collection.files()]
    assert sorted(found) == sorted([*(folder / "a").glob("*.wav"), outside])
    assert {Path(path).name: why for path, why in collection.closed} == {
        "gone.wav": f"is a link to {str(tmp_path / 'nothing.wav')!r}, which is not there",
        "gone too": f"is a link to {str(tmp_path / 'no folder')!r}, which is not there",
        "pipe.wav": "is no file",
        "self": "is a link that leads to itself",
    }
    assert [Path(path).name for path, _ in collection.circles] == ["up"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.usefixtures("here")
def test_links_that_lead_nowhere_are_named_and_listed_until_they_lead_somewhere(
    tmp_path: Path,
) -> None:
    folder, target = tmp_path / "music", tmp_path / "x.wav"
    write_song(folder / "a.wav", 1)
    (folder / "gone.wav").symlink_to(target)
    (folder / "self").symlink_to("self")
    (folder / "up").symlink_to(folder)
    reasons = {
        "gone.wav": f"is a link to {str(target)!r}, which is not there",
        "self": "is a link that leads to itself",
        "up": "is a link back to a folder that it lies in",
    }
    at = ("--library", tmp_path / "library.sqlite")
    out, err = run("add", folder, *at, status=1)
    assert {line.removeprefix("oscbridge: ") for line in err.splitlines()} >= {
        f"{folder / name}: {why}" for name, why in reasons.items()
    }
    assert "2 could not be read" in out
    out, _ = run("list", "--unreadable", *at)
    assert out.splitlines() == [f"{folder / name}: {why}" for name, why in reasons.items()]
    write_song(target, 2)
    for name in ("self", "up"):
        (folder / name).unlink()
    run("add", folder, *at)
    assert run("list", "--unreadable", *at)[0] == ""
    target.unlink()  # and of a track that is gone for now nothing is forgotten
    run("add", folder, *at, status=1)
    assert len(run("list", "--json", *at)[0].splitlines()) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
@pytest.mark.usefixtures("here")
def test_names_in_any_encoding_are_taken_in(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    folder.mkdir()
    strange = os.fsdecode(b"caf\xe9 \xff\n.wav")
    write_song(folder / "plain.wav", 1).rename(folder / strange)
    write_song(folder / "日本 ünï.wav", 2)
    with Library(tmp_path / "library.sqlite") as library:
        assert take(library, folder).tally.heard == 2
        assert {Path(track.path).name for track in library.tracks()} == {strange, "日本 ünï.wav"}
    out, _ = run("list", "--library", tmp_path / "library.sqlite", "--json")
    assert len(out.splitlines()) == 2


@pytest.mark.usefixtures("here")
def test_a_folder_that_is_not_there_is_told_before_anything_is_heard(
    songs: Path, tmp_path: Path
) -> None:
    with Library(tmp_path / "library.sqlite") as library:
        with pytest.raises(InputError, match="no folder or file"):
            take(library, songs, tmp_path / "nowhere")
        assert library.stats().tracks == 0


@pytest.mark.usefixtures("here")
def test_how_far_it_is_adds_up_to_everything(songs: Path, tmp_path: Path) -> None:
    watcher = Silent()
    with Library(tmp_path / "library.sqlite") as library:
        Index(library, watcher, workers=1).take(Collection([str(songs / "disc 1")]))
    files = list((songs / "disc 1").iterdir())
    assert watcher.files == len(files)
    assert watcher.size == sum(path.stat().st_size for path in files)
    assert watcher.done == pytest.approx(watcher.size)


def test_a_file_that_takes_its_process_down_is_listed_and_the_others_are_heard(
    songs: Path, tmp_path: Path
) -> None:
    """A worker is killed in the middle of a file, as the system does that is out of memory."""
    victim: list[str] = []

    class Killer(Silent):
        def advance(self, path: str, size: float, *, done: bool) -> None:
            super().advance(path, size, done=done)
            if not victim and not done:
                victim.append(path)
                for child in running(MODULE):
                    child.kill()

    long_song = tmp_path / "music" / "00 long.wav"
    shutil.copytree(songs / "disc 1", tmp_path / "music")
    samples, rate = soundfile.read(write_song(tmp_path / "x.wav", 5, 8.0))
    with soundfile.SoundFile(long_song, "w", rate, 1) as file:
        for _ in range(40):
            file.write(samples)
    with Library(tmp_path / "library.sqlite") as library:
        index = Index(library, Killer(), workers=1)
        index.take(Collection([str(tmp_path / "music")]))
        assert victim == [str(long_song)]
        ((path, reason),) = index.tally.troubles
        assert path == str(long_song)
        assert "SIGKILL" in reason
        assert index.tally.heard == 3
        assert take(library, tmp_path / "music").tally.heard == 1  # it is tried again


def test_processes_that_cannot_work_at_all_are_given_up(
    songs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oscbridge.library.indexing.crew.MODULE", "oscbridge.no_such_module")
    with (
        Library(tmp_path / "library.sqlite") as library,
        pytest.raises(LibraryError, match="end at once"),
    ):
        take(library, songs)


def test_what_is_killed_goes_on_doubles_nothing_and_leaves_no_process(
    songs: Path, tmp_path: Path
) -> None:
    path = tmp_path / "library.sqlite"
    adding = subprocess.Popen(
        command("add", songs, "--library", path, "--workers", 2), stdout=subprocess.DEVNULL
    )
    wait_for_tracks(path, 1, adding)
    children = psutil.Process(adding.pid).children() if adding.poll() is None else []
    adding.kill()
    adding.wait()
    _, alive = psutil.wait_procs(children, timeout=20.0)
    assert alive == []
    with Library(path, writable=False) as library:
        kept = library.stats().tracks
    assert 0 < kept <= SONGS
    out, _ = run("add", songs, "--library", path)
    assert f"{kept} unchanged" in out
    assert (f"{SONGS - kept} heard" in out) == (kept < SONGS)
    with Library(path) as library:
        assert library.verify() == []
        assert library.stats().tracks == library.stats().files == SONGS
        song = max(songs.rglob("*.wav"))
        assert library.track(digest(song)) == read_track(str(song))


def wait_for_tracks(path: Path, count: int, adding: subprocess.Popen[bytes]) -> None:
    """Wait until so many tracks are committed, or it is done."""
    end_s = time.monotonic() + 60.0
    while time.monotonic() < end_s and adding.poll() is None:
        try:
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
                if connection.execute("SELECT count(*) FROM tracks").fetchone()[0] >= count:
                    return
        except sqlite3.OperationalError:
            pass
        time.sleep(0.01)
    assert adding.poll() is not None
