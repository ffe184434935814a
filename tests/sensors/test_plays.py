"""What a host says was played is kept in the library, through a bridge that runs."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from pythonosc.udp_client import SimpleUDPClient

from oscbridge.cli import main
from oscbridge.errors import MissingExtraError
from oscbridge.inlets import INLETS
from oscbridge.sensors import plays
from oscbridge.sensors.base import Told
from oscbridge.sensors.plays import Config, Plays
from tests.conftest import OscEar
from tests.sensors.hearing import until


def _kept(path: Path) -> list[tuple[object, ...]]:
    """What is in the file, as SQLite itself reads it."""
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as connection:
        try:
            return connection.execute(
                "SELECT time_s, title, artist, CAST(path AS TEXT), source FROM plays ORDER BY id"
            ).fetchall()
        except sqlite3.OperationalError:  # it is just being made
            return []


def _say(sensor: Plays, *values: str) -> None:
    assert sensor.hear(Told("in/played", values, "", "osc")) == ()


def test_titles_and_paths_are_told_apart_and_kept_in_order(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    sensor = Plays(Config(library=str(path)), clock=iter(range(100, 200)).__next__)
    _say(sensor, "Hero", "Neu!")
    _say(sensor, "Intro / Outro")
    _say(sensor, "/music/hero.flac")
    _say(sensor, "C:\\music\\hero.flac")
    _say(sensor, "music/hero.flac")
    _say(sensor, "file:///music/hero.flac")
    _say(sensor, "/ (deleted)", "Slash")
    sensor.close()
    sensor.close()
    assert _kept(path) == [
        (100.0, "Hero", "Neu!", "", "osc"),
        (101.0, "Intro / Outro", "", "", "osc"),
        (102.0, "", "", "/music/hero.flac", "osc"),
        (103.0, "", "", "C:\\music\\hero.flac", "osc"),
        (104.0, "", "", "music/hero.flac", "osc"),
        (105.0, "", "", "file:///music/hero.flac", "osc"),
        (106.0, "/ (deleted)", "Slash", "", "osc"),
    ]


def test_what_has_no_name_is_refused_and_makes_no_library(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    sensor = Plays(Config(library=str(path)))
    with pytest.raises(ValueError, match="a title or a path"):
        sensor.hear(Told("in/played", ("  ",), "", "osc"))
    assert not sensor.calibrate("reset")
    sensor.close()
    assert not path.exists()


def test_what_cannot_be_written_is_said_and_written_when_it_can(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.write_text("in the way")
    sensor = Plays(Config(library=str(folder / "library.sqlite")))
    _say(sensor, "Hero")
    until(lambda: "plays are not kept" in sensor.detail)
    folder.unlink()
    _say(sensor, "Isi")
    until(lambda: not sensor.detail)
    sensor.close()
    assert [title for _, title, *_ in _kept(folder / "library.sqlite")] == ["Hero", "Isi"]


def test_following_players_without_the_package_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plays, "PACKAGE", "no_such_package")
    with pytest.raises(MissingExtraError, match=r"oscbridge\[players\]"):
        plays.open(Config(mpris=True), lambda _: None)


@pytest.mark.parametrize(("own", "said"), [("", "suggests.sqlite"), ("own.sqlite", "own.sqlite")])
def test_plays_are_kept_in_the_library_that_suggests_unless_another_is_named(
    own: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "settings.toml"
    config.write_text(f'[sensors.plays]\nlibrary = "{own}"\n')
    command = ["run", "--config", str(config), "--library", "suggests.sqlite", "--print-config"]
    assert main(command) == 0
    section = capsys.readouterr().out.partition("[sensors.plays]")[2]
    assert f'library = "{said}"' in section.partition("[")[0]


def test_a_host_tells_a_bridge_that_runs_what_was_put_on(
    tmp_path: Path, osc_ear: OscEar, free_udp_port: int
) -> None:
    path = tmp_path / "library.sqlite"
    bridge = subprocess.Popen(
        [
            *(sys.executable, "-m", "oscbridge", "run", "--source", "none", "--strategy", "match"),
            *("--sense", "plays", "--port", str(free_udp_port), "--to", osc_ear.target, "--plain"),
        ],
        env={**os.environ, "OSCBRIDGE_LIBRARY": str(path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        osc_ear.wait_for("/oscbridge/policy/strategy", deadline_s=60.0)
        began_s = time.time()
        host = SimpleUDPClient("127.0.0.1", free_udp_port)
        host.send_message(INLETS["in/played"].address, ["Wären", "Ann"])
        until(lambda: _kept(path))
    finally:
        bridge.send_signal(signal.SIGINT)
        out, _ = bridge.communicate(timeout=30.0)
    assert bridge.returncode == 0
    assert "told of the player by" not in out  # it says nothing of what anybody feels
    ((time_s, *rest),) = _kept(path)
    assert rest == ["Wären", "Ann", "", "osc"]
    assert began_s <= float(str(time_s)) <= time.time()
