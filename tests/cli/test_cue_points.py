"""Sections for editors: every format is read back by a reader that is not ours."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path

import jams as jams_reader
import mir_eval
import pytest

from oscbridge.errors import InputError, SettingsError
from oscbridge.offline import destinations
from oscbridge.offline.cue_points import (
    FORMATS,
    Section,
    Sheet,
    audacity,
    cue,
    jams,
    reaper,
    reaper_markers,
    table,
)

SECTIONS = (
    Section(0.0, 12.345678, 1, "happy", 0.5, 0.25, 0.0),
    Section(12.345678, 61.5, 2, "très agité", -0.4, 0.7, 0.75),
    Section(61.5, 3725.0625, 0, 'say "what"', 0.0, 0.0, 1.0),
)
SHEET = Sheet("set.wav", "music@0123456789ab", SECTIONS)
STARTS_S = [section.start_s for section in SECTIONS]


def test_a_label_track_is_read_by_mir_eval(tmp_path: Path) -> None:
    path = tmp_path / "set.txt"
    path.write_text(audacity(SHEET), encoding="utf-8")
    intervals, labels = mir_eval.io.load_labeled_intervals(str(path), delimiter="\t")
    assert intervals.tolist() == [[s.start_s, s.end_s] for s in SECTIONS]
    assert labels == [s.label for s in SECTIONS]


def test_a_table_holds_everything_that_is_known() -> None:
    rows = list(csv.DictReader(io.StringIO(table(SHEET))))
    assert [int(row["number"]) for row in rows] == [1, 2, 3]
    for row, section in zip(rows, SECTIONS, strict=True):
        for name in ("start_s", "end_s", "valence", "arousal", "strength"):
            assert float(row[name]) == getattr(section, name)
        assert (int(row["quadrant"]), row["label"]) == (section.quadrant, section.label)


def test_jams_is_valid_by_its_schema_and_holds_sections_and_their_points(tmp_path: Path) -> None:
    path = tmp_path / "set.jams"
    path.write_text(jams(SHEET), encoding="utf-8")
    document = jams_reader.load(str(path), validate=True, strict=True)
    assert document.file_metadata.duration == SECTIONS[-1].end_s
    (words,) = document.search(namespace="segment_open")
    intervals, values = words.to_interval_values()
    assert intervals.ravel() == pytest.approx([t for s in SECTIONS for t in (s.start_s, s.end_s)])
    assert values == [section.label for section in SECTIONS]
    (points,) = document.search(namespace="mood_thayer")
    assert [list(o.value) for o in points.data] == [[s.valence, s.arousal] for s in SECTIONS]


@pytest.mark.peer("cueprint", "cuebreakpoints")
def test_a_cue_sheet_is_read_by_cuetools(tmp_path: Path) -> None:
    path = tmp_path / "set.cue"
    path.write_text(cue(SHEET), encoding="utf-8")

    def read(*command: str) -> list[str]:
        done = subprocess.run(
            [*command, str(path)], capture_output=True, text=True, encoding="utf-8", check=True
        )
        return done.stdout.splitlines()

    assert read("cueprint", "-d", "%N\n") == ["3"]
    assert read("cueprint", "-t", "%t\n") == ["happy", "très agité", "say 'what'"]
    heard_s = []
    for line in read("cuebreakpoints"):
        minutes, seconds, frames = line.replace(".", ":").split(":")
        heard_s.append(60 * int(minutes) + int(seconds) + int(frames) / 75)
    assert heard_s == pytest.approx(STARTS_S[1:], abs=0.5 / 75 + 1e-6)


def test_a_cue_sheet_names_the_kind_of_file() -> None:
    for file, kind in [("a.mp3", "MP3"), ("a.AIFF", "AIFF"), ("a.flac", "WAVE")]:
        assert f'FILE "{file}" {kind}\n' in cue(Sheet(file, "", SECTIONS))


def test_a_cue_sheet_with_more_tracks_than_there_may_be_is_refused_with_what_helps() -> None:
    many = [Section(i, i + 1, 1, "happy", 0.0, 0.0, 0.5) for i in range(100)]
    with pytest.raises(InputError, match=r"100 sections, and a cue sheet holds 99: lower --sens"):
        cue(Sheet("set.wav", "", many))


def seconds_of(clock: str) -> float:
    """Read ``h:mm:ss.mmm`` as REAPER shows it."""
    total = 0.0
    for part in clock.split(":"):
        total = 60.0 * total + float(part)
    return total


def test_regions_and_markers_of_reaper_have_its_columns_and_its_clock() -> None:
    regions = list(csv.DictReader(io.StringIO(reaper(SHEET))))
    assert list(regions[0]) == ["#", "Name", "Start", "End", "Length"]
    assert [row["#"] for row in regions] == ["R1", "R2", "R3"]
    for row, section in zip(regions, SECTIONS, strict=True):
        assert row["Name"] == section.label
        assert seconds_of(row["Start"]) == pytest.approx(section.start_s, abs=5.01e-4)
        assert seconds_of(row["End"]) == pytest.approx(section.end_s, abs=5.01e-4)
    assert regions[2]["End"] == "1:02:05.062"
    markers = list(csv.DictReader(io.StringIO(reaper_markers(SHEET))))
    assert [(row["#"], row["End"]) for row in markers] == [("M1", ""), ("M2", ""), ("M3", "")]
    assert [seconds_of(row["Start"]) for row in markers] == pytest.approx(STARTS_S, abs=5.01e-4)


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_of_one_section_is_a_sheet_in_every_format(form: str) -> None:
    text = FORMATS[form](Sheet("a.wav", "m", SECTIONS[:1]))
    assert "happy" in text
    assert text.endswith("\n")


@pytest.mark.parametrize(
    ("name", "given", "form"),
    [
        ("a.txt", None, "audacity"),
        ("a.CSV", None, "csv"),
        ("a.jams", None, "jams"),
        ("a.cue", None, "cue"),
        ("a.csv", "reaper", "reaper"),
        ("a.labels", "audacity", "audacity"),
    ],
)
def test_the_ending_says_the_format_unless_a_name_does(
    name: str, given: str | None, form: str
) -> None:
    assert destinations.sheet_format(Path(name), given) == form


@pytest.mark.parametrize(
    ("name", "given", "complaint"),
    [
        ("a.lab", None, r"\.txt \(audacity\), .*ends with none of them: say --labels-format"),
        ("a.csv", "reapr", r"no format for labels 'reapr'. Did you mean 'reaper'\?"),
        (None, "cue", "belongs to --labels"),
    ],
)
def test_a_format_that_nobody_knows_is_refused_with_those_that_there_are(
    name: str | None, given: str | None, complaint: str
) -> None:
    with pytest.raises(SettingsError, match=complaint):
        destinations.sheet_format(Path(name) if name else None, given)


def test_label_files_of_several_files_have_names_of_their_own(tmp_path: Path) -> None:
    files = ["x/one.wav", "y/two.wav", "y/one.wav"]
    paths = destinations.sheet_paths(tmp_path / "out.txt", files, replace=False)
    assert [paths[i].name for i in range(3)] == ["out-one.txt", "out-two.txt", "out-one-3.txt"]


def test_a_label_file_that_exists_is_replaced_only_by_force(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("0\t1\tcorrected by hand\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="add --force to replace it"):
        destinations.sheet_paths(path, ["a.wav"], replace=False)
    assert destinations.sheet_paths(path, ["a.wav"], replace=True) == {0: path}


def test_text_stays_text_in_json() -> None:
    document = json.loads(jams(SHEET))
    assert document["annotations"][0]["data"][1]["value"] == "très agité"
