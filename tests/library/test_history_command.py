"""``oscbridge library history`` and ``recommend``, as their users type them."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from oscbridge.cli import main
from oscbridge.library.history.listens import Listen, between, keep
from oscbridge.library.store import Library
from tests.library.crates import made_track


@pytest.fixture
def crate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a library of two tracks, and name it as the user's own."""
    path = tmp_path / "library.sqlite"
    monkeypatch.setenv("OSCBRIDGE_LIBRARY", str(path))
    noise = 0.1 * np.random.default_rng(0).standard_normal(24000 * 3)
    soundfile.write(tmp_path / "Hero.wav", noise, 24000)
    with Library(path) as library:
        library.put(
            [
                made_track(tmp_path / "Hero.wav", 0.5, 0.6, "Neu!"),
                *(
                    made_track(tmp_path / f"Quiet {n}.wav", v, a, "Ann")
                    for n, (v, a) in enumerate([(-0.5, 0.5), (-0.5, -0.5), (0.5, -0.5)])
                ),
            ]
        )
    return path


def _log(tmp_path: Path, *rows: tuple[str, str, float]) -> Path:
    path = tmp_path / ".scrobbler.log"
    lines = [f"{artist}\t\t{title}\t\t200\tL\t{at_s:.0f}\t" for artist, title, at_s in rows]
    path.write_text("\n".join(["#AUDIOSCROBBLER/1.1", "#TZ/UTC", *lines, "a\t\tb\t\t9\tS\t9\t"]))
    return path


def test_before_anything_was_played_it_says_what_to_do(
    crate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["library", "history", "show"]) == 0
    assert "nothing is known" in capsys.readouterr().err
    assert main(["library", "recommend"]) == 2
    assert "no track of the library was played" in capsys.readouterr().err
    assert main(["library", "recommend", "--accept"]) == 2
    assert "nothing has been offered" in capsys.readouterr().err
    assert main(["library", "history", "forget"]) == 2
    assert "--before" in capsys.readouterr().err


def test_a_log_is_imported_once_shown_and_forgotten(
    crate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now_s = time.time()
    log = _log(
        tmp_path,
        ("NEU!", "hero", now_s - 3600.0),
        ("NEU!", "hero", now_s - 7200.0),
        ("Can", "Halleluwah\x1b[2J", now_s - 9000.0),
        ("Can", "Spoon", now_s - 40 * 86400.0),
    )
    assert main(["library", "history", "import", str(log)]) == 0
    said = capsys.readouterr().err
    assert "4 plays, 4 of them new" in said
    assert "1 left out: skipped by the listener" in said
    assert main(["library", "history", "import", str(log), "--library", str(crate)]) == 0
    assert "4 plays, 0 of them new" in capsys.readouterr().err
    assert main(["library", "history", "show"]) == 0
    shown = capsys.readouterr().out
    assert "kept: 4 plays, from" in shown
    assert "3 in the last 7 days, 2 of them of tracks in the library" in shown
    assert [line.split()[:2] for line in shown.splitlines() if "Neu!" in line] == [["2", "Neu!"]]
    assert "Can - Halleluwah\\x1b[2J" in shown
    assert "Spoon" not in shown
    assert main(["library", "history", "show", "--days", "60", "--rows", "1"]) == 0
    assert "and 2 more" in capsys.readouterr().out
    day = time.strftime("%Y-%m-%d", time.localtime(now_s - 20 * 86400.0))
    assert main(["library", "history", "forget", "--before", day]) == 0
    assert main(["library", "history", "forget", "--all"]) == 0
    said = capsys.readouterr().err
    assert "1 play forgotten" in said
    assert "3 plays forgotten" in said
    with Library(crate) as library:
        assert between(library, 0.0, now_s) == []


def test_a_bad_file_among_good_ones_changes_nothing(
    crate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = _log(tmp_path, ("Neu!", "Hero", time.time()))
    assert main(["library", "history", "import", str(log), str(crate)]) == 2
    assert "no listening history" in capsys.readouterr().err
    with Library(crate) as library:
        assert between(library, 0.0, time.time()) == []


def test_offers_are_explained_answered_and_written_as_a_playlist(
    crate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Library(crate) as library:
        keep(library, [Listen(time.time() - 60.0, "Hero", "Neu!")])
    assert main(["library", "recommend", "--seed", "3"]) == 0
    first = capsys.readouterr().out
    assert "by 1 track, played 1 time " in first
    assert main(["library", "recommend", "--seed", "3"]) == 0
    assert capsys.readouterr().out == first
    playlist = tmp_path / "next.m3u8"
    assert main(["library", "recommend", "--reject", "--to", str(playlist)]) == 0
    second = capsys.readouterr().out
    assert second.splitlines()[0].split(" (")[0] != first.splitlines()[0].split(" (")[0]
    assert playlist.is_file()
    assert main(["library", "recommend", "--accept"]) == 0
    assert "accepted before, and kept" in capsys.readouterr().out
    assert main(["library", "recommend", "--to", str(playlist)]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["library", "recommend", "--to", str(tmp_path / "x.doc")]) == 2
