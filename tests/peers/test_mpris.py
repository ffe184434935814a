"""What real players of a desktop play: mpv says it by MPRIS, on a message bus of its own."""

from __future__ import annotations

import asyncio
import os
import queue
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus

from oscbridge.library.history.listens import Listen, between
from oscbridge.library.history.mpris import Watch
from oscbridge.library.history.naming import path_in
from oscbridge.library.place import opened
from tests.sensors.hearing import until

pytestmark = pytest.mark.peer("dbus-daemon", "mpv")

RATE = 8000


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[str]]:
    """Give a session bus of its own."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert daemon.stdout is not None
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.stdout.readline().strip())
    yield daemon
    daemon.terminate()
    daemon.wait(10.0)


class Mpv:
    """An mpv without sound that waits at the beginning of a list, and is told to go on."""

    def __init__(self, folder: Path, *arguments: Path | str) -> None:
        self._socket = folder / "mpv.socket"
        self._process = subprocess.Popen(
            [
                *("mpv", "--no-config", "--load-scripts=no", "--ao=null", "--no-video", "--pause"),
                *("--script=/etc/mpv/scripts/mpris.so", f"--input-ipc-server={self._socket}"),
                *("--really-quiet", *map(str, arguments)),
            ]
        )
        until(self._socket.exists)

    def play(self) -> None:
        """Have it go on."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self._socket))
            line.sendall(b'{"command": ["set_property", "pause", false]}\n')
            line.recv(4096)

    def close(self) -> None:
        """End it; a second call does nothing."""
        self._process.terminate()
        self._process.wait(10.0)


def _song(folder: Path, title: str, artist: str, seconds: float) -> Path:
    path = folder / f"{title}.ogg"
    with soundfile.SoundFile(path, "w", RATE, 1) as file:
        file.title, file.artist = title, artist
        file.write(0.1 * np.sin(np.arange(round(seconds * RATE)) / 5.0))
    return path


def test_what_a_player_plays_is_a_listen_when_enough_was_heard(
    bus: subprocess.Popen[str], tmp_path: Path
) -> None:
    whole = _song(tmp_path, "Wären", "Ann", 3.0)
    mpv = Mpv(tmp_path, whole, _song(tmp_path, "B", "Bob", 30.0))
    listens: queue.Queue[Sequence[Listen]] = queue.Queue()
    watch = Watch(listens.put, shortest_s=1.0)
    try:
        until(lambda: watch.players == ("mpv",))
        began_s = time.time()
        mpv.play()
        (first,) = listens.get(timeout=20.0)
        assert (first.title, first.artist, first.source) == ("Wären", "Ann", "mpris")
        assert path_in(first.path) == str(whole)
        assert began_s - 5.0 < first.time_s < time.time()
        mpv.close()  # in the middle of the second one
        until(lambda: not watch.players)
    finally:
        mpv.close()
        watch.close()
        watch.close()
    assert listens.empty()
    assert watch.detail == ""


def test_what_plays_when_the_watch_ends_counts_if_enough_was_heard(
    bus: subprocess.Popen[str], tmp_path: Path
) -> None:
    mpv = Mpv(tmp_path, _song(tmp_path, "Long", "Ann", 2.0), _song(tmp_path, "B", "Bob", 30.0))
    listens: queue.Queue[Sequence[Listen]] = queue.Queue()
    watch = Watch(listens.put, shortest_s=0.1)
    try:
        until(lambda: watch.players)
        mpv.play()
        (first,) = listens.get(timeout=20.0)  # and now "B" plays, of which too little is heard
    finally:
        watch.close()
        mpv.close()
    assert first.title == "Long"
    assert listens.empty()


def test_a_player_that_talks_nonsense_harms_nobody(
    bus: subprocess.Popen[str], tmp_path: Path
) -> None:
    listens: queue.Queue[Sequence[Listen]] = queue.Queue()
    watch = Watch(listens.put, shortest_s=0.1)
    try:
        asyncio.run(_talk_nonsense(watch))
        assert watch.detail == ""
        listen, *_ = listens.get(timeout=20.0)
    finally:
        watch.close()
    assert (listen.title, listen.artist) == ("Good", "Ann, Bob")
    assert listens.empty()


async def _talk_nonsense(watch: Watch) -> None:
    """Be a player that answers no question, and says all kinds of things, at last a good one."""
    player = await MessageBus().connect()
    await player.request_name("org.mpris.MediaPlayer2.nonsense")
    await asyncio.to_thread(until, lambda: watch.players)
    good = {
        "xesam:title": Variant("s", "Good"),
        "xesam:artist": Variant("as", ["Ann", "Bob"]),
        "mpris:length": Variant("x", 200_000),
    }
    for changed in (
        {"PlaybackStatus": Variant("s", "Playing")},
        {"Metadata": Variant("s", "none"), "Rate": Variant("s", "fast")},
        {"Metadata": Variant("a{sv}", {"mpris:length": Variant("x", -5)})},
        {"Metadata": Variant("a{sv}", {"xesam:title": Variant("i", 7)})},
        {"Metadata": Variant("a{sv}", good)},
        {"PlaybackStatus": Variant("s", "Stopped")},
    ):
        body = ["org.mpris.MediaPlayer2.Player", changed, []]
        await player.send(
            Message.new_signal(
                "/org/mpris/MediaPlayer2",
                "org.freedesktop.DBus.Properties",
                "PropertiesChanged",
                "sa{sv}as",
                body,
            )
        )
        if "Metadata" in changed and changed["Metadata"].value is good:
            await asyncio.sleep(0.15)  # three quarters of it, at least
    player.disconnect()


def test_a_bus_that_is_not_there_is_said_and_found_when_it_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"unix:path={tmp_path / 'bus'}"
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setattr("oscbridge.library.history.mpris._AGAIN_S", 0.05)
    watch = Watch(lambda _: None)
    try:
        until(lambda: "no session bus" in watch.detail)
        daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", f"--address={address}"])
        try:
            until(lambda: not watch.detail)
        finally:
            daemon.terminate()
            daemon.wait(10.0)
        until(lambda: watch.detail)
    finally:
        watch.close()


def test_the_command_keeps_what_players_play_until_it_is_ended(
    bus: subprocess.Popen[str], tmp_path: Path
) -> None:
    library = tmp_path / "library.sqlite"
    songs = [_song(tmp_path, *names, 40.0) for names in (("Wären", "Ann"), ("B", "Bob"))]
    mpv = Mpv(tmp_path, *songs, "--speed=20")
    follower = subprocess.Popen(
        [sys.executable, "-m", "oscbridge", "library", "history", "follow"],
        env={**os.environ, "OSCBRIDGE_LIBRARY": str(library), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert follower.stdout is not None
        assert follower.stderr is not None
        assert any("following mpv" in line for line in follower.stderr)
        mpv.play()
        assert follower.stdout.readline() == "Ann - Wären\n"
    finally:
        follower.send_signal(signal.SIGINT)
        _, err = follower.communicate(timeout=20.0)
        mpv.close()
    assert (follower.returncode, err) == (0, "")
    with opened(str(library)) as kept:
        first, *_ = between(kept, 0.0, time.time())
    assert (first.title, first.artist, first.source) == ("Wären", "Ann", "mpris")
