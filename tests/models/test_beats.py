"""Truth for beat trackers: scores say where their beats are, and drawn patterns are such scores."""

from __future__ import annotations

from pathlib import Path

import mido
import numpy as np
import pytest

from models.training.beats.patterns import STYLES, Pattern, draw_pattern, write_pattern
from models.training.beats.scores import read_grid


def _write(path: Path, notes: list[int], tempi: list[tuple[int, float]], meter: int = 4) -> Path:
    """A score with notes at ticks (480 a beat) and tempi (tick, BPM)."""
    events: list[tuple[int, mido.Message | mido.MetaMessage]] = [
        (0, mido.MetaMessage("time_signature", numerator=meter, denominator=4))
    ]
    events += [(at, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm))) for at, bpm in tempi]
    events += [(at, mido.Message("note_on", note=60, velocity=80)) for at in notes]
    track, now = mido.MidiTrack(), 0
    for at, message in sorted(events, key=lambda event: event[0]):
        track.append(message.copy(time=at - now))
        now = at
    mido.MidiFile(ticks_per_beat=480, tracks=[track]).save(path)
    return path


def test_beats_follow_the_tempo_map_and_count_from_the_first_note(tmp_path):
    notes = list(range(480, 480 * 17, 480))
    grid = read_grid(_write(tmp_path / "a.mid", notes, [(0, 120.0), (480 * 9, 60.0)]))
    assert grid is not None
    expected = np.concatenate([np.arange(9) * 0.5, 4.0 + np.arange(1, 8)])
    np.testing.assert_allclose(grid.beats, expected, atol=1e-6)
    np.testing.assert_allclose(grid.bars, [1.5, 3.5, 7.0, 11.0], atol=1e-6)
    assert grid.credible


def test_a_score_off_its_grid_is_not_believed(tmp_path):
    rng = np.random.default_rng(0)
    notes = sorted(rng.integers(0, 480 * 30, 200).tolist())
    grid = read_grid(_write(tmp_path / "a.mid", notes, [(0, 120.0)]))
    assert grid is not None
    assert not grid.credible


@pytest.mark.parametrize("style", STYLES)
def test_a_drawn_pattern_is_a_score_that_can_be_believed(tmp_path, style):
    pattern = draw_pattern(np.random.default_rng(4), (style,))
    path = tmp_path / "pattern.mid"
    write_pattern(pattern, path)
    grid = read_grid(path)
    assert grid is not None
    assert grid.beats[-1] > 0.75 * pattern.duration_s
    assert grid.on_beats >= 0.3
    assert len(grid.meters) == 1
    assert np.all(np.diff(grid.beats) > 0)


def test_a_ramp_changes_the_tempo_of_the_truth(tmp_path):
    write_pattern(Pattern("rock", "ramp", 120.0, 0.5, 0.0, seed=1), tmp_path / "ramp.mid")
    grid = read_grid(tmp_path / "ramp.mid")
    assert grid is not None
    steps = np.diff(grid.beats)
    assert abs(np.log(steps[-1] / steps[0])) > 0.1
    assert np.all(np.abs(np.diff(steps)) < 0.02)
