"""``library match`` and ``library journey`` as their users call them."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from oscbridge.cli import main
from oscbridge.library.camelot import code_of, key_of
from tests.library.crates import made_track, make_library


@pytest.fixture(scope="module")
def crate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crate")
    rng = np.random.default_rng(4)
    grid = np.linspace(-0.9, 0.9, 10)
    tracks = [
        made_track(
            folder / "music" / f"{letter}{other} {valence:+.1f} {arousal:+.1f}.flac",
            float(valence),
            float(arousal),
            f"artist {rng.integers(40)}",
            tempo_bpm=float(rng.uniform(80.0, 160.0)),
            key=int(rng.integers(24)),
        )
        for letter, valence in zip("abcdefghij", grid, strict=True)
        for other, arousal in zip("klmnopqrst", grid, strict=True)
    ]
    return make_library(folder / "crate.sqlite", tracks)


def printed(capsys: pytest.CaptureFixture[str], crate: Path, *arguments: str) -> list[dict]:
    assert main(["library", *arguments, "--json", "--library", str(crate)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_nearest_tracks_come_first(crate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys, crate, "match", "-0.5", "0.5", "--count", "4")
    assert found[0]["title"] == "cr -0.5 +0.5"
    assert found[0]["distance"] == pytest.approx(math.hypot(0.2, 0.2), abs=1e-3)
    distances = [one["distance"] for one in found]
    assert distances == sorted(distances)
    assert printed(capsys, crate, "match", "sad", "--count", "1")[0]["title"] == "cm -0.5 -0.5"


def test_after_a_track_come_those_that_can_be_mixed_and_not_itself(
    crate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = printed(capsys, crate, "match", "0.5", "0.5", "--count", "1")[0]
    assert before["title"] == "hr +0.5 +0.5"
    found = printed(capsys, crate, "match", "--after", "hr", "--count", "100")
    assert found
    assert before["title"] not in [one["title"] for one in found]
    for one in found:
        ratios = [before["tempo_bpm"] * octave / one["tempo_bpm"] for octave in (0.5, 1.0, 2.0)]
        assert min(abs(ratio - 1.0) for ratio in ratios) <= 0.0601
        here, there = (code_of(key_of(each["key"])) for each in (before, one))
        apart = abs(int(here[:-1]) - int(there[:-1])) % 12
        same_letter = here[-1] == there[-1]
        assert apart == 0 or (apart in (1, 11) and same_letter)
    keyed = printed(capsys, crate, "match", "happy", "--key", "8A", "--count", "100")
    assert {one["key"] for one in keyed} <= {"Am", "Dm", "Em", "C"}
    named = printed(capsys, crate, "match", "happy", "--find", "bo", "--count", "9")
    assert [one["title"] for one in named] == ["bo -0.7 -0.1"]


def test_a_set_is_printed_summed_up_and_written_as_a_playlist(
    crate: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    playlist = tmp_path / "evening.m3u8"
    command = ["library", "journey", "0:calm 30:happy", "--library", str(crate)]
    assert main([*command, "--to", str(playlist)]) == 0
    out = capsys.readouterr().out
    assert "9 tracks, 30:00; on average" in out
    listed = [line for line in playlist.read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert len(listed) == len(set(listed)) == 9
    assert all(Path(line).is_file() for line in listed)
    assert main([*command, "--to", str(playlist)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_iso_leads_from_the_player_to_the_goal_in_steps_that_are_bounded(
    crate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = printed(capsys, crate, "journey", "--from", "-0.7", "0.7", "--towards", "0.5", "-0.5")
    places = [(one["valence"], one["arousal"]) for one in found]
    assert places[0] == pytest.approx((-0.7, 0.7))
    assert places[-1] == pytest.approx((0.5, -0.5))
    assert max(math.dist(a, b) for a, b in pairwise(places)) <= math.hypot(0.2, 0.2) + 1e-9
    starts = [one["start_s"] for one in found]
    assert starts == [200.0 * number for number in range(len(found))]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["match"], "needs a feeling"),
        (["match", "hapy"], "Did you mean 'happy'"),
        (["match", "happy", "--key", "13A"], "is no key"),
        (["match", "happy", "--after", "nobody"], "no track of the library is called"),
        (["match", "happy", "--after", "0.5"], "say more of its name"),
        (["match", "happy", "--tempo", "390"], "can be mixed"),
        (["match", "happy", "--genre", "polka"], "is called so, or of this genre"),
        (["match", "happy", "--tempo", "fast"], "is not a tempo in BPM"),
        (["match", "-0.4"], "two numbers from -1 to 1"),
        (["match", "happy", "--to", "next.txt"], "ends in one of"),
        (["match", "happy", "--to", "nowhere/next.m3u8"], "no such folder"),
        (["journey", "--shape", "arc", "--to", "next.txt"], "ends in one of"),
        (["journey", "--file", "nowhere.csv"], "cannot be read: No such file"),
        (["journey"], "needs one of these"),
        (["journey", "0:calm 5:sad", "--shape", "arc"], "needs one of these"),
        (["journey", "--shape", "ark"], "Did you mean 'arc'"),
        (["journey", "--from", "sad"], "give both"),
        (["journey", "--from", "energy 3", "--towards", "sad"], "no energy"),
        (["journey", "0:calm 5:sad", "--minutes", "5"], "--minutes is for --shape"),
        (["journey", "--shape", "arc", "--shortest", "500"], "shorter than 500 s (--shortest)"),
    ],
)
def test_a_mistake_is_one_line(
    crate: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    try:
        status = main(["library", *arguments, "--library", str(crate)])
    except SystemExit as end:
        status = end.code
    assert status == 2
    said = capsys.readouterr()
    assert complaint in said.err
    assert not said.out


def test_there_is_no_library_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["library", "match", "happy", "--library", str(tmp_path / "none")]) == 2
    assert "oscbridge library add" in capsys.readouterr().err
