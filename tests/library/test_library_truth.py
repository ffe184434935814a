"""What the scores say by which tempo and key of the library are judged."""

from __future__ import annotations

from pathlib import Path

import mido
import pytest

from models.training.corpora import Clip
from tests.bench.library_truth import judge_key, judge_tempo, read_score


def score(path: Path, tempi: list[tuple[float, float]], *signatures: str) -> Path:
    """A score with tempi, each for some seconds."""
    track = mido.MidiTrack()
    track += [mido.MetaMessage("key_signature", key=name) for name in signatures]
    for bpm, took_s in tempi:
        track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm)))
        ticks = round(mido.second2tick(took_s, 480, mido.bpm2tempo(bpm)))
        track.append(mido.Message("note_on", note=60))
        track.append(mido.Message("note_off", note=60, time=ticks))
    file = mido.MidiFile(ticks_per_beat=480)
    file.tracks.append(track)
    file.save(path)
    return path


@pytest.mark.parametrize(
    ("tempi", "signatures", "tempo_bpm", "major"),
    [
        ([(90.0, 20.0)], ["F#m"], 90.0, 9),
        ([(90.0, 19.0), (92.0, 20.0), (60.0, 2.0)], ["Eb"], 92.0, 3),
        ([(90.0, 10.0), (120.0, 10.0)], ["D#m"], None, 6),
        ([(90.0, 70.0), (120.0, 70.0)], ["G", "D"], 90.0, None),  # only a minute is heard
        ([], ["C"], None, None),
    ],
)
def test_a_score_counts_where_it_says_one_tempo_and_one_signature(
    tmp_path: Path,
    tempi: list[tuple[float, float]],
    signatures: list[str],
    tempo_bpm: float | None,
    major: int | None,
) -> None:
    clip = Clip(score(tmp_path / "score.mid", tempi, *signatures), 1, "", "vgmidi")
    found = read_score(clip)
    assert found.tempo_bpm == (None if tempo_bpm is None else pytest.approx(tempo_bpm, abs=0.01))
    assert found.major == major


def test_a_tempo_is_right_within_four_percent_and_an_octave_off_is_told_apart() -> None:
    assert judge_tempo(100.0, 103.9) == (1.0, 1.0)
    assert judge_tempo(100.0, 104.1) == (0.0, 0.0)
    assert judge_tempo(100.0, 50.5) == (0.0, 1.0)
    assert judge_tempo(100.0, None) == (0.0, 0.0)


def test_a_key_is_judged_as_mirex_does_but_for_major_and_minor() -> None:
    a_major, f_sharp_minor, e_major, a_minor = 9, 18, 4, 21
    assert judge_key(9, a_major) == judge_key(9, f_sharp_minor) == (1.0, 0.0, 1.0)
    assert judge_key(9, e_major) == (0.0, 1.0, 0.5)
    assert judge_key(9, a_minor) == judge_key(9, None) == (0.0, 0.0, 0.0)
