"""``oscbridge analyze`` on MIDI files: the records of sound files, from notes that mido wrote."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import mido
import pytest

from tests.cli.conftest import Program
from tests.cli.test_analyze import KEYS

Record = dict[str, Any]


def write_tune(path: Path, seconds: int = 12) -> None:
    """A tune of C major over broken chords, 120 quarters a minute."""
    file = mido.MidiFile(ticks_per_beat=480)
    melody, chords = mido.MidiTrack(), mido.MidiTrack()
    scale = (72, 74, 76, 77, 79, 77, 76, 74)
    for i in range(seconds * 4):
        pitch, velocity = scale[(i * 3) % 8], 70 + i % 20
        melody.append(mido.Message("note_on", note=pitch, velocity=velocity, time=0))
        melody.append(mido.Message("note_off", note=pitch, time=240))
    for i in range(seconds):
        root = (48, 53, 55, 48)[i % 4]
        for step in (0, 4, 7):
            chords.append(mido.Message("note_on", channel=1, note=root + step, velocity=60, time=0))
        for step, delta in ((0, 960), (4, 0), (7, 0)):
            chords.append(mido.Message("note_off", channel=1, note=root + step, time=delta))
    file.tracks += [melody, chords]
    file.save(path)


@pytest.fixture(scope="module")
def records(program: Program) -> list[Record]:
    write_tune(program.folder / "tune.mid")
    done = program.run("analyze", "--json", "tune.mid")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_records_are_those_of_sound_files_without_boundaries(records: list[Record]) -> None:
    assert [list(record) for record in records] == [KEYS[r["type"]].split() for r in records]
    assert {record["type"] for record in records} == {"affect", "segment", "summary"}
    times = [record["time_s"] for record in records if record["type"] == "affect"]
    assert times[-1] == 12.0
    assert all(a < b for a, b in pairwise(times))


def test_the_one_segment_is_the_whole_file(records: list[Record]) -> None:
    (segment,) = [record for record in records if record["type"] == "segment"]
    (summary,) = [record for record in records if record["type"] == "summary"]
    assert (segment["start_s"], segment["end_s"]) == (0.0, summary["duration_s"]) == (0.0, 12.0)
    assert segment["quadrant"] == summary["quadrant"] in (1, 2, 3, 4)
    assert summary["model"].startswith("symbolic@")
    assert sum(summary["quadrant_probabilities"]) == pytest.approx(1.0, abs=1e-5)


def test_scores_and_sounds_make_one_table_and_a_picture_each(program: Program) -> None:
    write_tune(program.folder / "other.mid", seconds=3)
    done = program.run("analyze", "--plot", "both.png", "other.mid", "music.wav")
    assert done.returncode == 0, done.stderr
    assert "other.mid" in done.stdout
    assert "music.wav" in done.stdout
    for name in ("both-other.png", "both-music.png"):
        assert (program.folder / name).read_bytes().startswith(b"\x89PNG")


def test_bad_scores_are_one_line_each_and_the_good_one_is_analysed(program: Program) -> None:
    folder = program.folder
    write_tune(folder / "good.mid", seconds=3)
    (folder / "noise.mid").write_bytes(b"no music at all")
    (folder / "cut.mid").write_bytes((folder / "good.mid").read_bytes()[:60])
    drums = mido.MidiFile(tracks=[mido.MidiTrack()])
    drums.tracks[0].append(mido.Message("note_on", channel=9, note=38, velocity=90, time=0))
    drums.tracks[0].append(mido.Message("note_off", channel=9, note=38, time=4800))
    drums.save(folder / "drums.mid")
    done = program.run(
        "analyze", "--json", "noise.mid", "cut.mid", "drums.mid", "lost.mid", "good.mid"
    )
    assert done.returncode == 2
    complaints = done.stderr.splitlines()
    told = ("not a MIDI file", "breaks off", "no notes", "cannot be read")
    assert len(complaints) == 4
    assert all(what in line for what, line in zip(told, complaints, strict=True))
    assert {json.loads(line)["file"] for line in done.stdout.splitlines()} == {"good.mid"}


def test_another_model_of_notes_can_be_chosen_for_scores_and_for_nothing_else(
    program: Program,
) -> None:
    write_tune(program.folder / "chosen.mid")
    done = program.run("analyze", "--json", "chosen.mid", "--model", "lstm_attention_notes")
    assert done.returncode == 0, done.stderr
    *states, _, summary = (json.loads(line) for line in done.stdout.splitlines())
    assert summary["model"].startswith("lstm_attention_notes@")
    assert [state["time_s"] for state in states] == list(range(1, 13))  # it answers every second
    done = program.run("analyze", "music.wav", "--model", "lstm_attention_notes")
    assert done.returncode == 2
    assert "hears played notes" in done.stderr


def test_a_model_that_hears_sound_leaves_scores_to_the_default_one(program: Program) -> None:
    write_tune(program.folder / "left.mid", seconds=3)
    done = program.run("analyze", "--json", "left.mid", "--model", "cnn_lstm")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["model"].startswith("symbolic@")
