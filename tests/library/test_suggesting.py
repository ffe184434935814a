"""Play this next: requests answered from a library, part by part and over real UDP."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from subprocess import PIPE
from urllib.parse import unquote, urlsplit

import pytest
from pythonosc.udp_client import SimpleUDPClient

from oscbridge.beginning import Beginning, build_composer
from oscbridge.cli import main
from oscbridge.config import load
from oscbridge.dispatch import Dispatcher
from oscbridge.errors import LibraryError
from oscbridge.inlets import INLETS
from oscbridge.library.chooser import Chooser
from oscbridge.library.hearer import hearer_of
from oscbridge.library.place import default_path
from oscbridge.library.settings import LibrarySettings
from oscbridge.library.store import Library
from oscbridge.library.suggested import LONGEST, Suggested, suggested
from oscbridge.library.suggesting import Suggester, SuggestionOutput
from oscbridge.orders import Command, Felt, MakeRequest, Mark, Skip
from oscbridge.outbox import Outbox
from oscbridge.outputs.record import RecordOutput
from oscbridge.protocol import SIGNALS
from oscbridge.saying.music_request import RequestSettings, ask, messages_of
from oscbridge.sources.none import NoSound
from oscbridge.stats import Stats
from tests.conftest import OscEar
from tests.library.crates import made_track, make_library
from tests.process.doubles import Collector

DEADLINE_S = 20.0


class Told:
    """Takes what was chosen, in a thread of the suggester's."""

    def __init__(self) -> None:
        self.commands: queue.SimpleQueue[Command] = queue.SimpleQueue()

    def put(self, results: Iterable[Command]) -> None:
        for result in results:
            self.commands.put(result)

    def next(self) -> Suggested:
        found = self.commands.get(timeout=DEADLINE_S)
        assert isinstance(found, Suggested)
        return found


@pytest.fixture
def crate(tmp_path: Path) -> Path:
    music = tmp_path / "music"
    return make_library(
        tmp_path / "crate.sqlite",
        [
            made_track(music / "calm.flac", 0.5, -0.5, "Ann", tempo_bpm=90.0, key=21),
            made_track(music / "calmer.flac", 0.5, -0.7, "Ann"),
            made_track(music / "quiet.flac", 0.3, -0.3, "Bob", energy=3),
            made_track(music / "wild.flac", -0.6, 0.8, "Cy"),
        ],
    )


@pytest.fixture
def noting(crate: Path) -> Iterator[tuple[SuggestionOutput, Told]]:
    suggester = Suggester(LibrarySettings(path=str(crate)), "music")
    output, told = suggester.output(), Told()
    output.receiver = told
    yield output, told
    suggester.close()
    suggester.close()


def request(output: SuggestionOutput, id: int, valence: float, arousal: float) -> None:
    wanted = ask(RequestSettings(), valence, arousal)
    output.send(messages_of(id, wanted, "label"))


def state(output: SuggestionOutput, id: int, word: str) -> None:
    output.send([SIGNALS["request/state"].message(id, word)])


def test_a_request_is_answered_by_the_nearest_track_and_a_skip_by_the_next_best(
    noting: tuple[SuggestionOutput, Told],
) -> None:
    output, told = noting
    request(output, 7, 0.5, -0.5)
    first = told.next()
    assert (first.id, first.title, first.artist) == (7, "calm", "Ann")
    assert (first.tempo_bpm, first.key) == (90.0, "Am")
    assert Path(first.path).is_file()
    output.obey(Skip())
    second = told.next()
    assert (second.id, second.title) == (7, "quiet")  # "calmer" is nearer, but of the same artist
    assert (second.tempo_bpm, second.key) == (0.0, "")
    output.obey(Skip())
    assert told.next().title == "wild"
    output.obey(Skip())
    assert told.next().title == "calmer"  # nobody else is left
    output.obey(Skip())
    request(output, 8, 0.5, -0.5)
    state(output, 8, "expired")
    output.obey(Skip())
    output.close()
    assert told.commands.empty()


def test_nothing_follows_a_request_that_is_over(noting: tuple[SuggestionOutput, Told]) -> None:
    output, told = noting
    output.obey(Skip())  # before anything was asked for
    request(output, 1, 0.5, -0.5)
    assert told.next().id == 1
    for word in ("cancelled", "rejected", "expired"):
        state(output, 1, word)
        output.obey(Skip())
    request(output, 2, -0.6, 0.8)
    assert (told.next().id, told.commands.empty()) == (2, True)


def test_what_is_not_where_it_was_is_passed_over_and_said(crate: Path) -> None:
    (crate.parent / "music" / "calm.flac").unlink()
    with Library(crate, writable=False) as library:
        chooser = Chooser(library, LibrarySettings())
        played: list[str] = []
        found = chooser.choose(1, 0.5, -0.5, played)
        assert found is not None
        assert found.title == "calmer"
        assert "not where they were (oscbridge library add): 1 tracks" in chooser.detail
        assert len(played) == 1
        for _ in range(2):
            chooser.choose(1, 0.5, -0.5, played)
        assert chooser.choose(1, 0.5, -0.5, played) is None
        assert "nothing is left to suggest" in chooser.detail


def test_a_track_that_is_added_while_it_runs_is_suggested_from_the_next_request_on(
    crate: Path,
) -> None:
    with Library(crate, writable=False) as library:
        chooser = Chooser(library, LibrarySettings())
        make_library(crate, [made_track(crate.parent / "new.flac", -0.9, -0.9)])
        chooser.refresh()
        found = chooser.choose(1, -0.9, -0.9, [])
        assert found is not None
        assert found.title == "new.flac"


def test_a_mixable_track_is_preferred_to_a_slightly_nearer_one(tmp_path: Path) -> None:
    crate = make_library(
        tmp_path / "crate.sqlite",
        [
            made_track(tmp_path / "a.flac", 0.5, 0.5, tempo_bpm=124.0, key=21),
            made_track(tmp_path / "b.flac", 0.5, 0.45, tempo_bpm=90.0, key=3),
            made_track(tmp_path / "c.flac", 0.5, 0.4, tempo_bpm=126.0, key=16),
        ],
    )
    with Library(crate, writable=False) as library:
        titles: dict[str, list[str]] = {}
        for how in ("nearest", "mix"):
            chooser = Chooser(library, LibrarySettings(suggest=how))  # type: ignore[arg-type]
            played: list[str] = []
            found = [chooser.choose(1, 0.5, 0.5, played) for _ in range(3)]
            titles[how] = [one.title for one in found if one]
    assert titles == {
        "nearest": ["a.flac", "b.flac", "c.flac"],
        "mix": ["a.flac", "c.flac", "b.flac"],
    }


def test_a_library_that_is_named_and_not_there_is_refused_and_none_at_all_is_fine(
    tmp_path: Path,
) -> None:
    with pytest.raises(LibraryError, match="there is no library"):
        Suggester(LibrarySettings(path=str(tmp_path / "none.sqlite")), "music")
    silent = Suggester(LibrarySettings(), "music")
    assert silent.words() == ""
    request(silent.output(), 1, 0.5, 0.5)
    silent.close()


def test_a_damaged_library_is_said_and_nothing_else_happens(tmp_path: Path) -> None:
    damaged = tmp_path / "crate.sqlite"
    damaged.write_bytes(b"no database at all, but long enough to look at" * 100)
    suggester = Suggester(LibrarySettings(path=str(damaged)), "music")
    output = suggester.output()
    request(output, 1, 0.5, 0.5)
    end_s = time.monotonic() + DEADLINE_S
    while not output.detail and time.monotonic() < end_s:
        time.sleep(0.01)
    assert "nothing is suggested" in output.detail
    suggester.close()


def test_a_damaged_track_is_passed_over_and_said(crate: Path) -> None:
    with Library(crate) as library:
        spoil = "UPDATE details SET sections = x'ff' WHERE track = 1"
        library.connection.execute(spoil)
        assert library.verify() == ["1 tracks are damaged: oscbridge library add --again FOLDER"]
    with Library(crate, writable=False) as library:
        chooser = Chooser(library, LibrarySettings())
        found = chooser.choose(1, 0.5, -0.5, [])
        assert found is not None
        assert found.title == "calmer"
        assert chooser.detail.endswith("cannot be read (oscbridge library verify): 1 tracks")
        with pytest.raises(LibraryError, match=r"calm.flac' is damaged; oscbridge library add"):
            list(library.tracks())


def test_why_nothing_is_left_is_said_with_numbers(crate: Path) -> None:
    (crate.parent / "music" / "calm.flac").unlink()
    make_library(crate, [made_track(crate.parent / "short.flac", 0.0, 0.0, duration_s=29.0)])
    with Library(crate, writable=False) as library:
        chooser = Chooser(library, LibrarySettings())
        played: list[str] = []
        while chooser.choose(1, 0.0, 0.0, played):
            pass
    assert chooser.detail == (
        "nothing is left to suggest: of 5 tracks 3 were suggested, 1 are gone, "
        "1 are shorter than 30 s"
    )


def run_with(library: Path) -> tuple[int, list[str], list[str]]:
    """A run of a moment with a library: its status, what it prints, and what it complains about."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "oscbridge", "run", "--source", "none", "--no-port", "--plain"),
            *("--strategy", "match", "--seconds", "0.5", "--library", str(library)),
        ],
        capture_output=True,
        text=True,
        timeout=60.0,
    )
    return done.returncode, done.stdout.splitlines(), done.stderr.splitlines()


SPOILED = {
    "rows": ("UPDATE tracks SET valence = 'high'", "is damaged: oscbridge library verify"),
    "another model": ("", "4 of 4 tracks were heard by another model than music@"),
    "short tracks": ("UPDATE tracks SET duration_s = 9", "all 4 tracks are shorter than 30 s"),
    "no tracks": ("DELETE FROM tracks", "nothing can be suggested: no track is in the library"),
}


@pytest.mark.parametrize("what", SPOILED)
def test_a_run_says_once_at_its_start_what_is_wrong_with_its_library_and_goes_on(
    crate: Path, what: str
) -> None:
    spoil, sentence = SPOILED[what]
    with Library(crate) as library:
        if spoil:
            library.connection.execute(f"UPDATE tracks SET model = '{hearer_of('music')}'")
            library.connection.execute(spoil)
    status, _, complaints = run_with(crate)
    assert status == 0
    assert len(complaints) == 1
    assert sentence in complaints[0]


def test_a_run_says_that_a_page_of_its_library_is_damaged(crate: Path) -> None:
    with Library(crate) as library:
        many = [made_track(crate.parent / "music" / f"{n}.flac", 0.1, 0.1) for n in range(400)]
        library.put(many)
        library.connection.execute(f"UPDATE tracks SET model = '{hearer_of('music')}'")
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'details'"
        (page,) = library.connection.execute(query).fetchone()
    content = bytearray(crate.read_bytes())
    content[(page - 1) * 4096 + 8 : page * 4096] = b"\xee" * (4096 - 8)
    crate.write_bytes(content)
    status, _, complaints = run_with(crate)
    assert status == 0
    assert len(complaints) == 1
    assert "damaged" in complaints[0]


def test_every_path_can_be_said_and_opened_or_is_left_out(tmp_path: Path) -> None:
    strange = tmp_path / os.fsdecode(b"caf\xe9 \xff 100%.flac")
    found = suggested(1, made_track(strange, 0.0, 0.0), str(strange))
    assert found is not None
    assert found.path == found.uri
    assert os.fsdecode(
        os.fsencode(unquote(urlsplit(found.uri).path, errors="surrogateescape"))
    ) == (str(strange))
    assert found.title.encode("utf-8")
    plain = suggested(1, made_track("/music/Björk/Jóga.flac", 0.0, 0.0), "/music/Björk/Jóga.flac")
    assert plain is not None
    assert (plain.path, plain.title) == ("/music/Björk/Jóga.flac", "Jóga.flac")
    assert plain.uri.isascii()
    assert unquote(urlsplit(plain.uri).path) == plain.path
    url = suggested(1, made_track("https://host/x.mp3", 0.0, 0.0), "https://host/x.mp3")
    assert url is not None
    assert url.path == url.uri == "https://host/x.mp3"
    assert suggested(1, made_track("/x", 0.0, 0.0), "/" + "x" * LONGEST) is None
    longer = suggested(1, made_track("/x", 0.0, 0.0), "/" + "é" * (LONGEST // 2 - 1))
    assert longer is not None
    assert longer.uri == ""


def test_who_speaks_never_waits_for_who_chooses(
    crate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    choose = Chooser.choose

    def slowly(self: Chooser, *wanted: object) -> Suggested | None:
        begun.set()
        go_on.wait(DEADLINE_S)
        return choose(self, *wanted)  # type: ignore[arg-type]

    monkeypatch.setattr(Chooser, "choose", slowly)
    suggester = Suggester(LibrarySettings(path=str(crate)), "music")
    noting, told = suggester.output(), Told()
    kept = Collector()
    subject = build_composer(load(), Beginning("cafe", time.monotonic(), 0.1, 0.1, 0.0))
    dispatcher = Dispatcher(Outbox(Stats()), subject, [noting, kept], Stats())
    noting.receiver = told
    dispatcher.put([MakeRequest(0.5, -0.5)])
    assert begun.wait(DEADLINE_S)  # the choice is being made, and takes for ever
    assert "request/go" in kept.names()
    for number in range(100):
        dispatcher.put([Mark(str(number)), Felt("osc", 0.01 * number, 0.0, 1.0)])
    assert told.commands.empty()
    go_on.set()
    assert told.next().title == "calm"
    suggester.close()


def test_a_record_holds_what_was_suggested_and_says_it_again(
    crate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "evening.jsonl"
    record = RecordOutput(path)
    beginning = Beginning("cafe", 1.0, 0.1, 0.1, 0.0)
    record.begin(load(), beginning, NoSound())
    subject = build_composer(load(), beginning)
    with Library(crate, writable=False) as library:
        found = Chooser(library, LibrarySettings()).choose(1, 0.5, -0.5, [])
    assert found is not None
    for number, events in enumerate([[], [MakeRequest(0.5, -0.5)], [found], []]):
        now_s = 1.0 + 0.25 * number
        record.attend([], events, now_s)
        record.send(subject.compose([], events, now_s))
    record.close()
    assert main(["replay", str(path)]) == 0
    assert "said again bit for bit" in capsys.readouterr().out
    assert path.read_text("utf-8").count(found.path) >= 4


def test_a_running_bridge_suggests_what_the_policy_and_people_ask_for(
    crate: Path, osc_ear: OscEar, free_udp_port: int, tmp_path: Path
) -> None:
    oscbridge = [sys.executable, "-m", "oscbridge"]
    quick = tmp_path / "quick.toml"
    quick.write_text("[policy]\nnegative_s = 0.5\ndwell_s = 60\n", encoding="utf-8")
    bridge = subprocess.Popen(
        [
            *(*oscbridge, "run", "--source", "none", "--config", str(quick), "--plain"),
            *("--strategy", "match", "--library", str(crate)),
            *("--port", str(free_udp_port), "--to", osc_ear.target),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    player = SimpleUDPClient("127.0.0.1", free_udp_port)
    try:
        osc_ear.wait_for("/oscbridge/policy/decision", deadline_s=60.0)
        while not osc_ear.of("/oscbridge/suggest/go"):
            player.send_message(INLETS["in/affect/va"].address, [-0.6, 0.6])
            beats = len(osc_ear.of("/oscbridge/heartbeat"))
            osc_ear.wait_for("/oscbridge/heartbeat", count=beats + 1)
        assert osc_ear.of("/oscbridge/suggest/go")[0].args[2] == "wild"
        asking = subprocess.Popen(
            [
                *(*oscbridge, "request", "make", "0.5", "-0.5", "--wait"),
                *("--to", f"127.0.0.1:{free_udp_port}"),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        go = osc_ear.wait_for("/oscbridge/suggest/go", count=2)[1]
        whole = osc_ear.wait_for("/oscbridge/suggest", count=2)[1]
        path = str(crate.parent / "music" / "calm.flac")
        assert go.args == (2, path, "calm", "Ann")
        assert whole.args == (2, path, "calm", "Ann", 0.5, -0.5, 5, 90.0, "Am", 200.0)
        assert osc_ear.of("/oscbridge/suggest/uri")[1].args == (Path(path).as_uri(),)
        said = [one.address for one in osc_ear.heard if "/suggest" in one.address]
        assert said[-2:] == [go.address, whole.address]
        assert len(said) == 2 * 12
        player.send_message(INLETS["in/request/ack"].address, [2, "done"])
        printed, _ = asking.communicate(timeout=30.0)
        assert asking.returncode == 0
        assert f"suggests for request 2: Ann - calm, {path}" in printed
        player.send_message(INLETS["in/policy/skip"].address, [])
        assert osc_ear.wait_for("/oscbridge/suggest/go", count=3)[2].args[2] == "quiet"
    finally:
        bridge.send_signal(signal.SIGINT)
        out, _ = bridge.communicate(timeout=30.0)
    assert bridge.returncode == 0
    assert f"suggesting from {crate}" in out


@pytest.mark.skipif(sys.platform == "darwin", reason="the user's data folder cannot be another one")
def test_a_user_sees_a_suggestion_from_the_own_library_while_everything_still_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_udp_port: int
) -> None:
    """Three processes and pipes between them: what is seen is seen at once, not at the end."""
    for name in ("XDG_DATA_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "data"))
    monkeypatch.delenv("OSCBRIDGE_LIBRARY")
    calm = make_library(default_path(), [made_track(tmp_path / "calm.flac", 0.5, -0.5, "Ann")])
    oscbridge = [sys.executable, "-m", "oscbridge"]
    with contextlib.ExitStack() as ended:
        monitor = subprocess.Popen(
            [*oscbridge, "monitor", "0"], stdout=PIPE, stderr=PIPE, text=True
        )
        ended.callback(end, monitor)
        assert monitor.stderr is not None
        port = re.search(r":(\d+) ", monitor.stderr.readline())
        assert port is not None
        bridge = subprocess.Popen(
            [
                *(*oscbridge, "run", "--source", "demo", "--suggest", "mix", "--plain"),
                *("--to", f"127.0.0.1:{port[1]}", "--port", str(free_udp_port)),
            ],
            stdout=PIPE,
            text=True,
        )
        ended.callback(end, bridge)
        assert f"suggesting from {calm}" in read_until(bridge, "suggesting from")
        read_until(monitor, "/oscbridge/heartbeat")
        make = ("request", "make", "0.6", "-0.4", "--to", f"127.0.0.1:{free_udp_port}")
        subprocess.run([*oscbridge, *make], check=True, timeout=60.0, capture_output=True)
        said = read_until(monitor, "/oscbridge/suggest/go  ")
        assert str(tmp_path / "calm.flac") in said


def read_until(process: subprocess.Popen[str], word: str) -> str:
    """The next line of a process with a word in it; waits at most a minute, then ends it."""
    late = threading.Timer(60.0, process.kill)
    late.start()
    try:
        assert process.stdout is not None
        return next(line for line in process.stdout if word in line)
    finally:
        late.cancel()


def end(process: subprocess.Popen[str]) -> None:
    """End a process as Ctrl-C does, and close its pipes."""
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30.0)
