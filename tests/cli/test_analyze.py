"""``oscbridge analyze``: the contract of its records, which other programs read."""

from __future__ import annotations

import io
import json
import math
import os
import re
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile

from oscbridge.offline.table_report import TableReport
from tests.cli.sounds import CHANGES_S, LENGTH_S

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

Record = dict[str, Any]

KEYS = {
    "affect": "type file time_s valence arousal confidence quadrant label",
    "boundary": "type file time_s decided_s strength",
    "beat": "type file time_s index bar tempo_bpm confidence",
    "segment": "type file start_s end_s valence arousal quadrant label",
    "summary": "type file duration_s valence arousal quadrant label quadrant_probabilities"
    " realtime_factor model",
}
LABELS = ("unknown", "happy", "tense", "sad", "relaxed")


@pytest.fixture(scope="module")
def lines(program: Program) -> list[str]:
    """Analyse two files once for all tests that only read."""
    done = program.run("analyze", "--json", "music.wav", "music.flac")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def records(lines: list[str]) -> list[Record]:
    """Records of ``music.wav``."""
    return [record for record in map(json.loads, lines) if record["file"] == "music.wav"]


def of(records: list[Record], kind: str) -> list[Record]:
    return [record for record in records if record["type"] == kind]


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for item in value.values() for number in numbers(item)]
    if isinstance(value, list):
        return [number for item in value for number in numbers(item)]
    return [value] if isinstance(value, int | float) else []


def test_every_line_has_the_documented_keys_in_the_documented_order(lines: list[str]) -> None:
    kinds = set()
    for record in map(json.loads, lines):
        assert list(record) == KEYS[record["type"]].split()
        kinds.add(record["type"])
    assert kinds | {"beat"} == set(KEYS)  # beats are told where they are believed


def test_beats_are_records_too_and_bars_are_numbered_where_they_begin(
    program: Program, tmp_path: Path
) -> None:
    """Strokes at 120 BPM, the first of four louder and lower."""
    time_s = np.arange(20 * 44_100) / 44_100
    into_s, first = time_s % 0.5, np.floor(time_s / 0.5) % 4 == 0
    tone = np.sin(2 * np.pi * np.where(first, 110.0, 330.0) * into_s)
    strokes = np.where(first, 0.5, 0.2) * np.exp(-into_s / 0.08) * tone
    soundfile.write(tmp_path / "strokes.wav", strokes, 44_100)
    done = program.run("analyze", "--json", str(tmp_path / "strokes.wav"))
    assert done.returncode == 0, done.stderr
    beats = of([json.loads(line) for line in done.stdout.splitlines()], "beat")
    assert len(beats) >= 20
    for beat in beats:
        assert list(beat) == KEYS["beat"].split()
    assert [beat["index"] for beat in beats] == list(range(len(beats)))
    assert beats[-1]["tempo_bpm"] == pytest.approx(120.0, rel=0.02)
    late = [beat["time_s"] for beat in beats if beat["time_s"] > 10.0]
    assert max(abs(t - round(t / 0.5) * 0.5) for t in late) < 0.07
    bars = [beat["bar"] for beat in beats if beat["bar"] is not None]
    assert bars == list(range(len(bars)))


def test_every_number_is_finite_and_in_its_range(lines: list[str]) -> None:
    for record in map(json.loads, lines):
        assert all(math.isfinite(number) for number in numbers(record))
        for name in ("valence", "arousal"):
            assert -1.0 <= record.get(name, 0.0) <= 1.0
        for name in ("confidence", "strength"):
            assert 0.0 <= record.get(name, 0.0) <= 1.0
        quadrant = record.get("quadrant", 0)
        assert type(quadrant) is int
        assert record.get("label", LABELS[quadrant]) == LABELS[quadrant]


def test_the_summary_is_the_last_record_of_each_file(lines: list[str]) -> None:
    records = [json.loads(line) for line in lines]
    last = {record["file"]: record["type"] for record in records}
    assert last == {"music.wav": "summary", "music.flac": "summary"}
    assert len(of(records, "summary")) == 2


def test_affect_comes_twice_a_second_or_more_from_start_to_end(records: list[Record]) -> None:
    times = [0.0, *(record["time_s"] for record in of(records, "affect")), LENGTH_S]
    assert max(later - earlier for earlier, later in pairwise(times)) <= 0.5
    assert times == sorted(times)


def test_changes_of_the_music_are_found_where_they_are_and_known_later(
    program: Program,
) -> None:
    done = program.run("analyze", "--json", "--sensitivity", "1", "music.wav")
    boundaries = of([json.loads(line) for line in done.stdout.splitlines()], "boundary")
    for change_s in CHANGES_S:
        assert min(abs(boundary["time_s"] - change_s) for boundary in boundaries) < 1.0
    assert all(boundary["decided_s"] >= boundary["time_s"] for boundary in boundaries)


def test_segments_cover_the_file_and_meet_at_the_boundaries(records: list[Record]) -> None:
    segments = of(records, "segment")
    starts = [segment["start_s"] for segment in segments]
    ends = [segment["end_s"] for segment in segments]
    assert starts[0] == 0.0
    assert ends[-1] == pytest.approx(LENGTH_S, abs=0.05)
    assert starts[1:] == ends[:-1] == [b["time_s"] for b in of(records, "boundary")]


def test_records_come_in_the_order_in_which_they_became_known(records: list[Record]) -> None:
    known = [
        record.get("decided_s", record.get("time_s"))
        for record in records
        if record["type"] in ("affect", "boundary")
    ]
    assert known == sorted(known)


def test_the_summary_tells_length_model_and_probabilities(records: list[Record]) -> None:
    summary = records[-1]
    assert summary["duration_s"] == pytest.approx(LENGTH_S, abs=1e-3)
    assert re.fullmatch(r"music@[0-9a-f]{6,}", summary["model"])
    assert len(summary["quadrant_probabilities"]) == 4
    assert sum(summary["quadrant_probabilities"]) == pytest.approx(1.0, abs=1e-5)
    assert summary["realtime_factor"] > 0.0


@pytest.mark.parametrize("block_size", ["17", "4096"])
def test_the_block_size_changes_no_record(
    program: Program, lines: list[str], block_size: str
) -> None:
    done = program.run("analyze", "--json", "--block-size", block_size, "music.wav", "music.flac")
    assert done.returncode == 0, done.stderr
    factor = re.compile(r'"realtime_factor": [0-9.]+')
    expected = [factor.sub("", line) for line in lines]
    assert [factor.sub("", line) for line in done.stdout.splitlines()] == expected


def test_silence_is_analysed_as_unknown(program: Program) -> None:
    done = program.run("analyze", "--json", "silence.wav")
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert {record["quadrant"] for record in of(records, "affect")} == {0}
    assert (records[-1]["quadrant"], records[-1]["label"]) == (0, "unknown")


def test_each_bad_file_is_one_line_and_the_others_are_analysed(program: Program) -> None:
    complaints = {
        "missing.wav": "no file",
        "folder.wav": "folder",
        "empty.wav": "empty",
        "nothing.wav": "no samples",
        "blink.wav": "too short",
        "text.wav": "not audio",
    }
    first, *others = complaints
    done = program.run("analyze", "--json", first, "music.flac", *others, "silence.wav")
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert len(lines) == len(complaints)
    for line, (file, complaint) in zip(lines, complaints.items(), strict=True):
        assert line.startswith("oscbridge: ")
        assert file in line
        assert complaint in line
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert {record["file"] for record in records} == {"music.flac", "silence.wav"}
    assert len(of(records, "summary")) == 2


def test_a_file_that_breaks_off_is_analysed_as_far_as_it_goes(program: Program) -> None:
    done = program.run("analyze", "--json", "torn.flac")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "breaks off" in done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    assert summary["type"] == "summary"
    assert 0.5 < summary["duration_s"] < 8.0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--model", "oracle"], "There are: cnn_lstm, "),
        (["--block-size", "0"], "block size"),
        (["--block-size", "many"], "block size"),
        (["--plot", "out.jpg"], ".png"),
        (["--plot", "nowhere/out.png"], "nowhere"),
        (["--plot", "folder.png"], "cannot be written"),
        (["--config", "missing.toml"], "missing.toml"),
        (["--labels", "a.lab"], "--labels-format"),
        (["--labels", "nowhere/a.txt"], "nowhere"),
        (["--labels", "a.csv", "--labels-format", "reeper"], "reaper-markers"),
        (["--labels-format", "cue"], "--labels"),
        (["--split", "music.wav"], "not a folder"),
        (["--rule", "magic"], "There are: "),
        (["--sensitivity", "2"], "from 0 to 1"),
        (["--min-segment", "-1"], "a time in seconds"),
    ],
)
def test_a_wrong_option_is_one_line_that_says_what_is_allowed(
    program: Program, arguments: list[str], complaint: str
) -> None:
    done = program.run("analyze", "--json", "music.flac", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert complaint in line


def test_the_labels_of_a_settings_file_are_used(program: Program, tmp_path: Path) -> None:
    names = {
        str(number): word for number, word in enumerate(["?", "froh", "wild", "trüb", "still"])
    }
    settings = "\n".join(f'{number} = "{word}"' for number, word in names.items())
    (tmp_path / "my.toml").write_text(f"[labels]\n{settings}\n", encoding="utf-8")
    done = program.run("analyze", "--json", "--config", str(tmp_path / "my.toml"), "music.flac")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    assert summary["label"] == names[str(summary["quadrant"])]


def test_without_json_people_get_a_table_of_segments_and_an_overview(program: Program) -> None:
    done = program.run("analyze", "music.wav", "music.flac")
    assert done.returncode == 0, done.stderr
    for words in ("music.wav", "music.flac", "0:17.5", "0:08.0", "valence", "arousal"):
        assert words in done.stdout
    assert "{" not in done.stdout


def test_the_overview_in_a_pipe_has_each_name_as_it_is_and_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    printed = io.StringIO()
    report = TableReport(printed)
    names = [f"{'a long way down/' * 8}[red] :smile: {number}.flac" for number in (1, 2)]
    for name in names:
        report.add(
            {
                "type": "summary", "file": name, "duration_s": 60.0, "label": "happy",
                "quadrant": 1, "valence": 0.5, "arousal": 0.5, "quadrant_probabilities": [0.9],
                "realtime_factor": 9.0, "model": "music",
            }
        )  # fmt: skip
        report.end_file()
    before = len(printed.getvalue())
    report.finish()
    rows = [line for line in printed.getvalue()[before:].splitlines() if "1:00.0" in line]
    assert [row[: row.index(".flac")].strip() + ".flac" for row in rows] == names


def test_a_plot_shows_every_file_in_a_picture_of_its_own(program: Program, tmp_path: Path) -> None:
    image = pytest.importorskip("matplotlib.image")
    done = program.run(
        "analyze", "--plot", str(tmp_path / "out.png"), "music.wav", "music.flac", "text.wav"
    )
    assert done.returncode == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out-music-2.png", "out-music.png"]
    pixels = image.imread(tmp_path / "out-music.png")
    assert pixels.shape[0] > 800
    assert pixels.std() > 0.05


def test_sections_are_written_for_an_editor_and_the_file_is_cut_at_them(
    program: Program, tmp_path: Path
) -> None:
    labels, folder = tmp_path / "music.txt", tmp_path / "pieces"
    wanted = ["--labels", str(labels), "--split", str(folder)]
    done = program.run("analyze", "--json", *wanted, "music.wav")
    assert done.returncode == 0, done.stderr
    segments = of([json.loads(line) for line in done.stdout.splitlines()], "segment")
    assert len(segments) > 1
    rows = [line.split("\t") for line in labels.read_text(encoding="utf-8").splitlines()]
    assert [(float(a), float(b), c) for a, b, c in rows] == [
        (s["start_s"], s["end_s"], s["label"]) for s in segments
    ]
    pieces = sorted(folder.iterdir())
    assert [piece.stem for piece in pieces] == [
        f"music-{n:02d}-{s['label']}" for n, s in enumerate(segments, 1)
    ]
    joined = [soundfile.read(piece, dtype="int16")[0] for piece in pieces]
    original = soundfile.read(program.folder / "music.wav", dtype="int16")[0]
    np.testing.assert_array_equal(np.concatenate(joined), original)
    told = done.stderr.splitlines()
    assert f"{len(segments)} sections, audacity" in told[0]
    assert f"{len(segments)} pieces in" in told[1]
    again = program.run("analyze", *wanted, "music.wav")
    assert (again.returncode, again.stdout) == (2, "")
    assert "--force" in again.stderr


def test_no_sensitivity_finds_more_than_more_of_it(program: Program) -> None:
    def count(sensitivity: str) -> int:
        done = program.run("analyze", "--json", "--sensitivity", sensitivity, "music.wav")
        assert done.returncode == 0, done.stderr
        return len(of([json.loads(line) for line in done.stdout.splitlines()], "boundary"))

    assert count("0") <= count("1")


@pytest.mark.parametrize("form", [["--json"], []], ids=["json", "table"])
def test_a_reader_that_goes_away_ends_the_analysis_quietly(started: Any, form: list[str]) -> None:
    process = started("analyze", *form, *["music.wav"] * 20)
    assert process.stdout is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.wait(60.0) == 0
    assert process.stderr is not None
    assert process.stderr.read() == ""


def test_a_file_without_the_channel_asked_for_does_not_keep_the_others_from_analysis(
    program: Program,
) -> None:
    done = program.run("analyze", "--json", "--channels", "2", "music.flac", "music.wav")
    assert done.returncode == 2
    assert done.stderr == "oscbridge: 'music.flac' has 1 channel(s), channel 2 does not exist.\n"
    assert json.loads(done.stdout.splitlines()[-1])["file"] == "music.wav"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_nobody_writes_to_is_refused_not_waited_for(
    program: Program, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    done = program.run("analyze", "--json", str(tmp_path / "pipe.wav"), "music.flac")
    assert done.returncode == 2
    assert "is no file but a pipe" in done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["file"] == "music.flac"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
def test_a_file_name_in_another_encoding_is_no_trouble(program: Program, tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/gr\xfc\xdfe.flac"
    os.link(program.folder / "music.flac", path)
    done = program.run("analyze", "--json", os.fsdecode(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert os.fsencode(json.loads(done.stdout.splitlines()[-1])["file"]) == path
    table = program.run("analyze", os.fsdecode(path))
    assert (table.returncode, table.stderr) == (0, "")
    assert r"gr\udcfc\udcdfe.flac" in table.stdout.replace("\n", "")
