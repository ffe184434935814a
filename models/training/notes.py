"""Labelled MIDI to rows of features: what the model of played notes learns from.

Conventions
-----------
A *stretch* is a part of a piece: notes heard from some onset on for some seconds, described by
`models.symbolic_features` exactly as at run time. Stretches for training are drawn at random, from
copies played louder or softer (velocity gain 0.5-1.6 with rounding and clipping at 127, and a bent
velocity curve), up to 5 % faster or slower and up to two semitones higher or lower: never so far
that tempo, register or mode would say something else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from models.midi_file import read_midi
from models.notes import Notes, play
from models.symbolic import LONGEST_S, SAMPLE_RATE, row_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.training.corpora import Clip

SHORTEST_S = 2.0
"""Shortest stretch that is learned from, seconds."""
GAINS = (0.5, 1.6)
SPEEDS = (0.95, 1.05)
SEMITONES = 2
CURVES = 0.25
"""Velocity curves are powers between exp(-this) and exp(this)."""


@dataclass(frozen=True, slots=True)
class Score:
    """Notes of a piece and where it ends, seconds."""

    notes: Notes
    stop_s: float


def read_score(clip: Clip) -> Score:
    """Read the notes of a clip that is a MIDI file.

    Raises
    ------
    MidiFileError
        It is none.
    """
    performance = read_midi(clip.path.read_bytes(), SAMPLE_RATE)
    notes = play(performance.events, performance.stop, SAMPLE_RATE)
    return Score(notes, performance.stop / SAMPLE_RATE)


def with_gain(notes: Notes, gain: float) -> Notes:
    """The same, played louder or softer: velocities are whole numbers 1..127."""
    return replace(notes, velocity=np.clip(np.round(notes.velocity * gain), 1.0, 127.0))


def vary(score: Score, rng: np.random.Generator) -> Score:
    """A copy that expresses the same."""
    gain = np.exp(rng.uniform(*np.log(GAINS)))
    power = np.exp(rng.uniform(-CURVES, CURVES))
    speed = rng.uniform(*SPEEDS)
    bent = 127.0 * (np.clip(np.round(score.notes.velocity * gain), 1.0, 127.0) / 127.0) ** power
    notes = Notes(
        score.notes.onset_s * speed,
        score.notes.release_s * speed,
        score.notes.end_s * speed,
        np.clip(score.notes.pitch + rng.integers(-SEMITONES, SEMITONES + 1), 0, 127),
        np.clip(np.round(bent), 1.0, 127.0),
    )
    return Score(notes, score.stop_s * speed)


def cut(score: Score, rng: np.random.Generator) -> Score:
    """A stretch: in three of ten cases from the beginning, log-uniform in length."""
    longest_s = max(min(score.stop_s, LONGEST_S), SHORTEST_S)
    length_s = float(np.exp(rng.uniform(np.log(SHORTEST_S), np.log(longest_s))))
    room_s = max(score.stop_s - length_s, 0.0)
    start_s = rng.uniform(0.0, room_s) if rng.random() < 0.7 else 0.0
    stop_s = min(start_s + length_s, score.stop_s)
    return Score(score.notes.heard(start_s, stop_s), stop_s)


def head(score: Score, seconds: float | None) -> Score:
    """What was heard ``seconds`` after the first note (None: all, but `LONGEST_S` at most)."""
    began_s = float(score.notes.onset_s[0]) if len(score.notes) else 0.0
    if seconds is None:
        stop_s = score.stop_s
        began_s = max(began_s, stop_s - LONGEST_S)
    else:
        stop_s = min(began_s + seconds, score.stop_s)
    return Score(score.notes.heard(began_s, stop_s), stop_s)


def rows_to_learn(scores: Sequence[Score], copies: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of random stretches of varied copies, and the index of the score of each.

    Parameters
    ----------
    scores : sequence of Score
    copies : int
        Rows a score; the first is the whole piece (its last `LONGEST_S`), varied.
    seed : int
        A score's rows depend on the seed and its place alone.

    Returns
    -------
    rows : np.ndarray, shape=(n, width), float64
    owners : np.ndarray, shape=(n,), int
    """
    rows: list[np.ndarray] = []
    owners: list[int] = []
    for number, score in enumerate(scores):
        rng = np.random.default_rng([seed, number])
        for copy in range(copies):
            varied = vary(score, rng)
            stretch = head(varied, None) if copy == 0 else cut(varied, rng)
            row = row_of(stretch.notes, stretch.stop_s)
            if row is not None:
                rows.append(row)
                owners.append(number)
    return np.asarray(rows), np.asarray(owners)
