"""The library as a file: what goes in comes out, whatever happens to it in between."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from oscbridge.errors import LibraryError
from oscbridge.library import schema
from oscbridge.library.limits import Limits
from oscbridge.library.place import default_path, opened
from oscbridge.library.store import ORDERS, Library, SeenFile
from oscbridge.library.track import Names, Section, Track
from tests.library.crates import made_track


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.sqlite") as made:
        yield made


def full_track(path: str = "/music/a.flac") -> Track:
    """A track of which everything is known."""
    section = Section(0.0, 31.7, 0.1, -0.2, 0.7, 4, 0.5, 5, 121.3, 20, -9.7, (0.1, -0.3))
    track = made_track(path, 0.3, -0.4, "Björk")
    sound = replace(
        track.sound,
        sections=(section, replace(section, start_s=31.7, end_s=200.0, key=None)),
        embedding=(0.1, 1 / 3, -2.5),
        tempo_bpm=124.7,
        key=20,
        dominance=-0.1,
    )
    return replace(track, names=Names("Jóga", "Björk", "Homogenic", "Electronic"), sound=sound)


def test_a_track_comes_back_as_it_went_in_to_the_bit(library: Library) -> None:
    track = full_track()
    library.put([track])
    assert library.track(track.digest) == track
    assert list(library.tracks()) == [track]
    assert library.track("nobody's") is None


def test_a_track_that_is_put_again_is_replaced_and_keeps_its_number(library: Library) -> None:
    track = full_track()
    library.put([track])
    (before,) = library.connection.execute("SELECT id FROM tracks").fetchall()
    newer = replace(track, sound=replace(track.sound, energy=9, sections=()))
    library.put([newer])
    assert library.track(track.digest) == newer
    assert library.connection.execute("SELECT id FROM tracks").fetchall() == [before]


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
def test_names_in_any_encoding_come_back(library: Library) -> None:
    path = os.fsdecode(b"/music/caf\xe9 \xff.mp3")
    library.put([full_track(path)])
    (track,) = library.tracks()
    assert os.fsencode(track.path) == b"/music/caf\xe9 \xff.mp3"
    assert library.paths(track.digest) == [path]
    library.put([replace(full_track("/b.mp3"), names=Names("broken \udcff title"))])
    assert [found.names.title for found in library.find("broken title")] == ["broken ? title"]


def test_the_same_content_in_two_places_is_one_track(library: Library) -> None:
    track = full_track()
    library.put([track])
    library.put([replace(track, path="/backup/a.flac")])
    assert library.stats().tracks == 1
    assert library.stats().files == 2
    assert library.paths(track.digest) == ["/backup/a.flac", "/music/a.flac"]
    library.forget(["/backup/a.flac"])
    assert library.paths(track.digest) == ["/music/a.flac"]
    library.forget(["/music/a.flac"])
    assert library.stats().tracks == 0


def test_a_file_with_new_content_is_another_track_and_the_old_one_is_gone(
    library: Library,
) -> None:
    old, new = full_track(), replace(full_track(), digest="f" * 32)
    library.put([old], [SeenFile(old.path, 10, 1, old.digest)])
    library.put([new], [SeenFile(new.path, 11, 2, new.digest)])
    assert library.track(old.digest) is None
    assert library.track(new.digest) == new


def test_a_file_whose_tags_were_written_stays_the_same_track(library: Library) -> None:
    old = full_track()
    library.put([old], [SeenFile(old.path, 10, 1, old.digest)])
    (number,) = library.connection.execute("SELECT id FROM tracks").fetchone()
    new = replace(old, digest="f" * 32, names=Names("Jóga", "Björk", "", "Calm"))
    library.follow(old.digest, new, SeenFile(old.path, 12, 2, new.digest))
    assert list(library.tracks()) == [new]
    assert library.connection.execute("SELECT id FROM tracks").fetchone() == (number,)
    assert library.known(old.path, 12, 2) == SeenFile(old.path, 12, 2, new.digest)


def test_the_old_content_stays_a_track_where_it_also_lies_elsewhere(library: Library) -> None:
    old = full_track()
    library.put([old, replace(old, path="/copy.flac")])
    new = replace(old, digest="f" * 32)
    library.follow(old.digest, new, SeenFile(old.path, 12, 2, new.digest))
    assert library.paths(old.digest) == ["/copy.flac"]
    assert library.paths(new.digest) == [old.path]


def test_only_an_unchanged_file_is_known(library: Library) -> None:
    track = full_track()
    bad = SeenFile("/music/bad.mp3", 3, 4, "", "is empty (0 bytes)")
    library.put([track], [SeenFile(track.path, 10, 1, track.digest), bad])
    assert library.known(track.path, 10, 1) == SeenFile(track.path, 10, 1, track.digest)
    assert library.known(track.path, 11, 1) is None
    assert library.known(track.path, 10, 2) is None
    assert library.known(bad.path, 3, 4) == bad
    assert library.seen_files(readable=False) == [bad]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("jog", True),
        ("JÓGA", True),
        ("bjork homog", True),
        ("electronic joga", True),
        ("a.flac", True),
        ("flac", True),
        ("joga techno", False),
        ("oga", False),
        ('"', False),
        ("AND OR NOT", False),
        ("jo*", True),
        ("title:joga", False),
        ("-", False),
    ],
)
def test_words_are_found_by_their_beginnings(library: Library, words: str, found: bool) -> None:
    library.put([full_track()])
    assert bool(library.find(words)) is found
    assert library.count(words=words) == int(found)


def test_renamed_and_removed_tracks_are_found_by_their_new_names_alone(library: Library) -> None:
    track = full_track()
    library.put([track])
    library.put([replace(track, names=Names("Hunter", "Björk"))])
    assert not library.find("joga")
    assert library.find("hunter")
    assert library.remove([track.digest, "nobody's"]) == 1
    assert not library.find("hunter")


def test_the_index_of_words_is_what_the_names_are(library: Library) -> None:
    """SQLite's own comparison of index and table, after all that changes names."""
    tracks = crowd(30)
    library.put(tracks[:20])
    library.put(tracks[10:])
    library.put([replace(track, names=Names("other")) for track in tracks[5:9]])
    library.remove([track.digest for track in tracks[25:]])
    library.put(tracks[27:])
    library.forget([track.path for track in tracks[:3]])
    check = "INSERT INTO words (words, rank) VALUES ('integrity-check', 1)"
    library.connection.execute(check)
    library.connection.execute("DROP TRIGGER tracks_renamed")
    library.connection.execute("UPDATE tracks SET title = 'unseen' WHERE id = 5")
    with pytest.raises(sqlite3.DatabaseError, match="malformed"):  # it would have told
        library.connection.execute(check)


def crowd(count: int, seed: int = 7) -> list[Track]:
    """Tracks all over the plane."""
    dice = random.Random(seed)
    return [
        made_track(
            f"/music/{number}.mp3",
            dice.uniform(-1, 1),
            dice.uniform(-1, 1),
            dice.choice("abc"),
            energy=dice.randint(1, 10),
            tempo_bpm=dice.choice([None, dice.uniform(60, 180)]),
            key=dice.choice([None, *range(24)]),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("point", [(0.3, -0.2), (1.0, 1.0), (-0.99, 0.01), (5.0, 5.0)])
def test_the_nearest_are_those_that_measuring_all_finds(
    library: Library, point: tuple[float, float]
) -> None:
    tracks = crowd(400)
    library.put(tracks)
    for where, count in (
        (Limits(), 7),
        (Limits(energy=(9, 10)), 50),
        (Limits(keys=(3, 4)), 500),
        (Limits(energy=(9, 10), artist="a"), 20),
    ):
        meant = [t for t in tracks if where.energy is None or t.sound.energy >= 9]
        meant = [t for t in meant if not where.keys or t.sound.key in where.keys]
        meant = [t for t in meant if where.artist in t.names.artist]
        meant.sort(key=lambda t: np.hypot(t.sound.valence - point[0], t.sound.arousal - point[1]))
        assert library.near(*point, count, where) == meant[:count]


def test_limits_are_all_kept(library: Library) -> None:
    tracks = crowd(300)
    library.put(tracks)
    where = Limits(
        energy=(3, 8), tempo_bpm=(90, 150), valence=(-0.5, 0.9), quadrants=(1, 2), artist="a"
    )
    meant = {
        t.digest
        for t in tracks
        if 3 <= t.sound.energy <= 8
        and t.sound.tempo_bpm is not None
        and 90 <= t.sound.tempo_bpm <= 150
        and -0.5 <= t.sound.valence <= 0.9
        and t.sound.quadrant in (1, 2)
        and t.names.artist == "a"
    }
    assert meant
    assert {t.digest for t in library.tracks(where)} == meant
    assert library.count(where) == len(meant)


def test_tracks_come_in_every_order(library: Library) -> None:
    library.put(crowd(50))
    arousals = [t.sound.arousal for t in library.tracks(order="arousal")]
    assert arousals == sorted(arousals)
    for order in ORDERS:
        everything = [t.digest for t in library.tracks(order=order)]
        assert len(set(everything)) == 50
        assert [t.digest for t in library.tracks(order=order, count=9)] == everything[:9]


def test_columns_hold_what_tracks_hold(library: Library) -> None:
    tracks = crowd(60)
    library.put(tracks)
    columns = library.columns()
    assert len(columns) == 60
    for track in tracks:
        row, sound = columns.index(track.digest), track.sound
        assert columns.valence[row] == sound.valence
        assert columns.energy[row] == sound.energy
        assert columns.key[row] == (-1 if sound.key is None else sound.key)
        if sound.tempo_bpm is None:
            assert np.isnan(columns.tempo_bpm[row])
        else:
            assert columns.tempo_bpm[row] == sound.tempo_bpm
    assert len(Library(library.path).columns()) == 60


def test_an_empty_library_has_empty_columns(library: Library) -> None:
    assert len(library.columns()) == 0
    assert library.near(0, 0) == []
    assert library.stats().tracks == 0


def test_every_search_goes_through_an_index(library: Library) -> None:
    """At any size: no search reads all there is of all tracks."""
    library.put(crowd(300))
    library.connection.execute("ANALYZE")
    asked: list[str] = []
    library.connection.set_trace_callback(asked.append)
    list(library.tracks(Limits(energy=(3, 4)), order="energy", count=5))
    list(library.tracks(count=5))
    library.find("music", Limits(tempo_bpm=(90, 100)))
    library.near(0.1, 0.2, 5)
    library.near(0.1, 0.2, 5, Limits(artist="a"))
    library.known("/music/1.mp3", 1, 2)
    library.track("x")
    library.connection.set_trace_callback(None)
    queries = [query for query in asked if "SELECT" in query and not query.startswith("--")]
    assert len(queries) >= 7
    for query in queries:
        steps = library.connection.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
        whole = [step[3] for step in steps if step[3].startswith("SCAN")]
        assert all("INDEX" in step for step in whole), (query, steps)


def test_what_raises_in_the_middle_of_writing_leaves_nothing(library: Library) -> None:
    library.put([full_track()])
    broken = replace(full_track("/b.flac"), digest="b" * 32, names=Names(title=None))  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        library.put([replace(full_track("/c.flac"), digest="c" * 32), broken])
    assert library.stats().tracks == 1


def test_what_others_write_in_a_transaction_that_fails_is_not_there(library: Library) -> None:
    library.put([full_track()])
    with pytest.raises(sqlite3.OperationalError, match="nowhere"), library.writing() as connection:
        list(map(connection.execute, ("DELETE FROM tracks", "SELECT * FROM nowhere")))
    assert library.stats().tracks == 1


def test_a_full_disk_is_told_and_nothing_is_lost(library: Library) -> None:
    library.put([full_track()])
    (pages,) = library.connection.execute("PRAGMA page_count").fetchone()
    library.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(LibraryError, match="the disk is full"):
        library.put(crowd(2000))
    assert library.stats().tracks == 1
    assert library.verify() == []
    library.connection.execute("PRAGMA max_page_count = 1000000")
    library.put(crowd(20))
    assert library.stats().tracks == 21


def test_a_library_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with Library(path) as library:
        library.put([full_track()])
        library.connection.execute("PRAGMA user_version = 999")
    before = path.read_bytes()
    for writable in (True, False):
        with pytest.raises(LibraryError, match="newer oscbridge"):
            Library(path, writable=writable)
    assert path.read_bytes() == before


def test_a_library_of_every_older_version_is_brought_to_this_one(tmp_path: Path) -> None:
    for version in range(1, len(schema.MIGRATIONS)):
        path = tmp_path / f"{version}.sqlite"
        with sqlite3.connect(path) as connection:
            for step in schema.MIGRATIONS[:version]:
                connection.executescript(step)
            connection.execute(f"PRAGMA application_id = {schema.APPLICATION}")
            connection.execute(f"PRAGMA user_version = {version}")
        connection.close()
        with pytest.raises(LibraryError, match="older oscbridge"):
            Library(path, writable=False)
        with Library(path) as library:
            library.put([full_track()])
            assert library.verify() == []
        with Library(path, writable=False) as library:
            assert library.stats().tracks == 1


def test_what_an_older_version_wrote_is_found_by_the_same_words(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with Library(path) as library:
        library.put(crowd(20))
        library.connection.execute("DROP TABLE words")
        older = schema.MIGRATIONS[0]  # of which only the index of words has changed since
        library.connection.execute(
            older[older.index("CREATE VIRTUAL") : older.index("-- Words of")]
        )
        library.connection.execute("INSERT INTO words (words) VALUES ('rebuild')")
        library.connection.execute("PRAGMA user_version = 2")
        before = library.find("a"), library.find("mp3"), library.find("13")
    assert all(before)
    with Library(path) as library:
        assert (library.find("a"), library.find("mp3"), library.find("13")) == before
        library.connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")


def test_what_is_committed_is_on_the_disk(library: Library) -> None:
    """SQLite's own promise: in WAL mode only FULL (2) or more survives a power cut."""
    assert library.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert library.connection.execute("PRAGMA synchronous").fetchone()[0] >= 2


def test_a_step_that_fails_leaves_the_library_at_the_version_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "library.sqlite"
    with Library(path) as library:
        library.put([full_track()])
    steps = schema.MIGRATIONS
    bad = "CREATE TABLE half (x); INSERT INTO nowhere VALUES (1);"
    monkeypatch.setattr(schema, "MIGRATIONS", (*steps, bad))
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        Library(path)
    monkeypatch.setattr(schema, "MIGRATIONS", steps)
    with Library(path) as library:
        assert library.stats().tracks == 1
        tables = {name for (name,) in library.connection.execute("SELECT name FROM sqlite_master")}
    assert "half" not in tables


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "theirs.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    with pytest.raises(LibraryError, match="another program"):
        Library(path)


@pytest.mark.parametrize(
    "content", [b"no database at all" * 100, b"SQLite format 3\0" + b"x" * 9000]
)
def test_a_file_that_is_no_library_is_told_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(content)
    with pytest.raises(LibraryError, match="damaged"):
        Library(path)
    assert path.read_bytes() == content


def test_damage_inside_is_found(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with Library(path) as library:
        library.put(crowd(300))
    data = bytearray(path.read_bytes())
    for page in range(8, len(data) // 4096):
        data[page * 4096 : page * 4096 + 64] = b"\xee" * 64
    path.write_bytes(data)
    with Library(path, writable=False) as library:
        assert any("damaged" in fault for fault in library.verify())
        with pytest.raises(LibraryError, match="damaged"):
            list(library.tracks())


def test_a_library_in_a_folder_that_cannot_be_written_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "disc"
    folder.mkdir()
    with Library(folder / "library.sqlite") as library:
        library.put([full_track()])
    code = (
        "import sys; from pathlib import Path; from oscbridge.library.store import Library\n"
        "from oscbridge.errors import LibraryError\n"
        "with Library(Path(sys.argv[1]), writable=False) as library:\n"
        "    print(library.stats().tracks)\n"
        "try: Library(Path(sys.argv[1])).put([])\n"
        "except LibraryError as error: print(error)\n"
    )
    result = as_nobody(code, folder / "library.sqlite", tmp_path)
    count, complaint = result.splitlines()
    assert count == "1"
    assert "may not be written" in complaint or "cannot be opened" in complaint


def as_nobody(code: str, path: Path, tmp_path: Path) -> str:
    """Run a program that may read and not write there, whoever runs the tests."""
    import subprocess

    path.chmod(0o444)
    path.parent.chmod(0o555)
    drop = ""
    if os.geteuid() == 0:  # the superuser may write everywhere: become somebody else
        for parent in (tmp_path, *tmp_path.parents[:3]):
            if parent.stat().st_uid == 0 and parent != Path(parent.anchor):
                parent.chmod(parent.stat().st_mode | 0o055)
        drop = "import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        code = code.replace(
            "import sys;", f"import sys, numpy, models.catalogue\n{drop}import sys;"
        )
    try:
        return subprocess.run(
            [sys.executable, "-c", "import oscbridge.library.store\n" + code, str(path)],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        ).stdout
    finally:
        path.parent.chmod(0o755)


def test_readers_do_not_wait_for_a_writer(library: Library) -> None:
    library.put([full_track()])
    with library.writing() as connection:
        connection.execute("DELETE FROM tracks")
        with Library(library.path, writable=False) as reader:
            assert reader.stats().tracks == 1
    with Library(library.path, writable=False) as reader:
        assert reader.stats().tracks == 0


def test_a_writer_that_finds_the_library_held_for_long_says_so(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oscbridge.library.connection.PATIENCE_S", 0.05)
    with (
        Library(library.path) as other,
        library.writing(),
        pytest.raises(LibraryError, match="another program holds it"),
    ):
        other.put([full_track()])


def test_writers_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oscbridge.library.connection.PATIENCE_S", 60.0)  # on a busy machine
    path = tmp_path / "library.sqlite"
    Library(path).close()
    tracks = crowd(120)
    troubles: list[BaseException] = []

    def write(part: list[Track]) -> None:
        try:
            with Library(path) as library:
                for track in part:
                    library.put([track])
        except BaseException as error:  # noqa: BLE001 - shown by the assertion
            troubles.append(error)

    threads = [threading.Thread(target=write, args=(tracks[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not troubles
    with Library(path) as library:
        assert library.stats().tracks == 120


def test_the_library_lies_where_the_user_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSCBRIDGE_LIBRARY", str(tmp_path / "deep" / "mine.sqlite"))
    assert default_path() == tmp_path / "deep" / "mine.sqlite"
    with pytest.raises(LibraryError, match="oscbridge library add"):
        opened(None)
    with opened(None, writable=True) as library:
        library.put([full_track()])
    with opened(None) as library:
        assert library.stats().tracks == 1
    shutil.rmtree(tmp_path / "deep")
