"""Score and performance of S4: what was written, and how it was played, in segments of 3 s.

Conventions
-----------
Notes that began within one segment in (`models.notes`), `WIDTH` values out: first `SCORE`, what the
sheet says (structure, melody, harmony), then `PERFORMANCE`, what the hands add (strength, speed,
touch). Velocities count relative to their mean in the segment, so that a loudly set keyboard
changes nothing. `MODES` says which values a network hears.

Method
------
Yu & Lin ask for "structure, melody, harmony" of the score and for "skills, strength, speed" of the
performance, and define none: these few are ours. Notes within `CHORD_S` of each other are a chord;
the fit to major and minor keys is that of `models.symbolic_harmony`; irregularity is the normalised
pairwise variability index (Grabe & Low 2002).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.symbolic_harmony import key_scores

if TYPE_CHECKING:
    from models.notes import Notes

SEGMENT_S = 3.0
CHORD_S = 0.04
SCORE = (
    "pitch mean",
    "pitch range",
    "melody mean",
    "melody step",
    "melody leaps",
    "melody direction",
    "bass mean",
    "chord size",
    "pitch classes",
    "entropy",
    "major fit",
    "minor fit",
    "semitone clashes",
)
PERFORMANCE = (
    "density",
    "interval",
    "irregularity",
    "strength spread",
    "strength slope",
    "accent of the top",
    "touch",
    "pedal",
    "held share",
)
WIDTH = len(SCORE) + len(PERFORMANCE)
MODES = {
    "score": slice(0, len(SCORE)),
    "performance": slice(len(SCORE), WIDTH),
    "both": slice(0, WIDTH),
}


def _chord_bounds(onset_s: np.ndarray) -> np.ndarray:
    """Where chords begin and the last ends, as indices of notes, shape=(n_chords + 1,)."""
    starts = [0]
    for i, at in enumerate(onset_s.tolist()):
        if at - onset_s[starts[-1]] > CHORD_S:
            starts.append(i)
    return np.asarray([*starts, len(onset_s)])


def _score(pitch: np.ndarray, bounds: np.ndarray, sounding_s: np.ndarray) -> list[float]:
    spans = list(zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True))
    melody = np.asarray([pitch[a:b].max() for a, b in spans])
    bass = np.asarray([pitch[a:b].min() for a, b in spans])
    steps = np.diff(melody)
    classes = np.bincount(pitch % 12, weights=sounding_s + 1e-3, minlength=12)
    share = classes / classes.sum()
    fit = key_scores(share)
    near = [np.isin(np.diff(np.sort(pitch[a:b])), (1, 11)).any() for a, b in spans]
    return [
        (float(pitch.mean()) - 60.0) / 12.0,
        float(pitch.max() - pitch.min()) / 12.0,
        (float(melody.mean()) - 60.0) / 12.0,
        float(np.abs(steps).mean()) / 12.0 if len(steps) else 0.0,
        float(np.mean(np.abs(steps) > 4)) if len(steps) else 0.0,
        float(np.sign(steps).mean()) if len(steps) else 0.0,
        (float(bass.mean()) - 60.0) / 12.0,
        len(pitch) / len(spans),
        float((classes > 0).sum()) / 12.0,
        float(-(share * np.log(share + 1e-12)).sum() / np.log(12.0)),
        float(fit[:12].max()),
        float(fit[12:].max()),
        float(np.mean(near)),
    ]


def _performance(notes: Notes, bounds: np.ndarray, length_s: float) -> list[float]:
    begins = notes.onset_s[bounds[:-1]]
    gaps = np.maximum(np.diff(begins), 1e-3)
    pairs = np.abs(np.diff(gaps)) / (gaps[1:] + gaps[:-1]) if len(gaps) > 1 else np.zeros(1)
    strength = notes.velocity / notes.velocity.mean()
    place = notes.onset_s - notes.onset_s.mean()
    spread = float(np.square(place).sum())
    pressed, heard = notes.release_s - notes.onset_s, notes.end_s - notes.onset_s
    top = notes.pitch >= np.median(notes.pitch)
    return [
        float(np.log2(1.0 + len(begins) / length_s)),
        float(np.log2(np.median(gaps))) if len(gaps) else 2.0,
        2.0 * float(pairs.mean()),
        float(strength.std()),
        float(place @ strength / spread) if spread > 1e-9 else 0.0,
        float(strength[top].mean()) - 1.0,
        float(np.log2(np.median(np.maximum(pressed, 1e-2)))),
        float(np.mean(heard > pressed + 1e-3)),
        float(np.minimum(heard.sum() / length_s, 8.0)),
    ]


def describe_notes(notes: Notes, length_s: float = SEGMENT_S) -> np.ndarray:
    """The values of the notes that began in a segment, shape=(WIDTH,), float32; zeros for none."""
    if not len(notes):
        return np.zeros(WIDTH, np.float32)
    bounds = _chord_bounds(notes.onset_s)
    score = _score(notes.pitch, bounds, notes.end_s - notes.onset_s)
    return np.asarray(score + _performance(notes, bounds, length_s), dtype=np.float32)
