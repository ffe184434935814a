"""Notes to features II: key and mode, chords, dissonance, and the lines of bass and melody.

Conventions
-----------
Pitch classes 0..11 count semitones from C; a *key-relative* class counts from the tonic. Keys are
found by correlation with the profiles of Krumhansl and Kessler (1982) and of Temperley (1999), on
durations as they sound. Mode is the difference between the best major and the best minor key.
*Tonal distance* lies in the space of Harte, Sandler and Gasser (2006): circles of fifths, minor and
major thirds. Dissonance weighs each interval class of notes that sound together as Huron (1994)
does. All is independent of transposition, except where a name ends in ``_class``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from models.notes import Notes

Features = dict[str, float]

_KRUMHANSL = np.array(
    [
        [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
        [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
    ]
)
_TEMPERLEY = np.array(
    [
        [5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0],
        [5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0],
    ]
)
_CONSONANCE = np.array([0.0, -1.428, -0.582, 0.594, 0.386, 1.240, -0.453])
"""Aggregate consonance of interval classes 0..6 (Huron 1994, table 2)."""
_CHORDS = {
    "major": (0, 4, 7),
    "minor": (0, 3, 7),
    "diminished": (0, 3, 6),
    "augmented": (0, 4, 8),
    "suspended": (0, 5, 7),
    "dominant_seventh": (0, 4, 7, 10),
    "major_seventh": (0, 4, 7, 11),
    "minor_seventh": (0, 3, 7, 10),
    "fifth": (0, 7),
}
WINDOW_S = 4.0
"""Stretch in which key and chord are looked for, seconds."""
BEAT_S = 1.0
_DECAY_S = 1.5
"""A piano note fades: what sounds longer than this counts little more."""


def _key_table(profiles: np.ndarray) -> np.ndarray:
    """All 24 keys as standardised rows: 12 major, 12 minor."""
    keys = np.array([np.roll(profile, tonic) for profile in profiles for tonic in range(12)])
    keys = keys - keys.mean(axis=1, keepdims=True)
    return keys / np.linalg.norm(keys, axis=1, keepdims=True)


_KEYS = np.stack([_key_table(_KRUMHANSL), _key_table(_TEMPERLEY)])
_FIFTHS = np.array(
    [
        f(2 * np.pi * k * np.arange(12) / 12) * weight
        for k, weight in ((7, 1.0), (3, 1.0), (4, 0.5))
        for f in (np.sin, np.cos)
    ]
)
_CHORD_ROWS = np.array(
    [
        [1.0 / np.sqrt(len(tones)) if (c - root) % 12 in tones else 0.0 for c in range(12)]
        for tones in _CHORDS.values()
        for root in range(12)
    ]
)


def key_scores(histogram: np.ndarray) -> np.ndarray:
    """Correlation of pitch-class histograms with keys, shape=(…, 24): 12 major, 12 minor."""
    centred = histogram - histogram.mean(axis=-1, keepdims=True)
    length = np.linalg.norm(centred, axis=-1, keepdims=True)
    return np.einsum("...c,pkc->...pk", centred / np.maximum(length, 1e-9), _KEYS).mean(axis=-2)


def _weights(notes: Notes) -> np.ndarray:
    sounding = notes.end_s - notes.onset_s
    return _DECAY_S * (1.0 - np.exp(-np.maximum(sounding, 0.02) / _DECAY_S))


def _windowed(notes: Notes, weight: np.ndarray, length_s: float) -> np.ndarray:
    """Pitch-class histogram of each window of ``length_s`` by onset, shape=(n, 12)."""
    slot = ((notes.onset_s - notes.onset_s[0]) / length_s).astype(np.int64)
    table = np.zeros((int(slot[-1]) + 1, 12))
    np.add.at(table, (slot, notes.pitch % 12), weight)
    return table[table.sum(axis=1) > 0]


def _mode(scores: np.ndarray) -> np.ndarray:
    return scores[..., :12].max(axis=-1) - scores[..., 12:].max(axis=-1)


def _entropy(share: np.ndarray) -> float:
    positive = share[share > 0]
    return float(-(positive * np.log(positive)).sum() / np.log(len(share)))


def describe_harmony(notes: Notes, starts: np.ndarray) -> Features:
    """Key, mode, scale degrees, chords and dissonance of a stretch."""
    weight = _weights(notes)
    histogram = np.bincount(notes.pitch % 12, weight, minlength=12)
    histogram /= histogram.sum()
    scores = key_scores(histogram)
    key = int(scores.argmax())
    tonic, minor = key % 12, key // 12
    ordered = np.sort(scores)[::-1]
    features: Features = {
        "mode": float(_mode(scores)),
        "mode_is_minor": float(minor),
        "key_strength": float(ordered[0]),
        "key_clarity": float(ordered[0] - ordered[1]),
        "parallel_mode": float(scores[tonic] - scores[12 + tonic]),
        "class_entropy": _entropy(histogram),
        "classes_used": float((histogram > 0.01).sum()),
    }
    relative = np.roll(histogram, -tonic)
    features |= {f"degree_{i}": float(relative[i]) for i in range(12)}
    # degrees from the tonic of the major scale that holds the key: C for C major and A minor
    collection = (tonic + 3 * minor) % 12
    spread = np.roll(histogram, -collection)
    features |= {f"scale_{i}": float(spread[i]) for i in range(12)}
    features["outside_scale"] = float(spread[[1, 3, 6, 8, 10]].sum())
    bass = np.minimum.reduceat(notes.pitch, starts)
    bass_share = np.bincount((bass - collection) % 12, minlength=12) / len(bass)
    features |= {f"bass_scale_{i}": float(bass_share[i]) for i in range(12)}
    features |= _course_of_keys(notes, weight)
    features |= _chords(notes, weight, collection)
    return features | _dissonance(notes)


def _course_of_keys(notes: Notes, weight: np.ndarray) -> Features:
    windows = _windowed(notes, weight, WINDOW_S)
    scores = key_scores(windows)
    mode = _mode(scores)
    keys = scores.argmax(axis=1)
    share = windows / windows.sum(axis=1, keepdims=True)
    place = share @ _FIFTHS.T
    steps = np.linalg.norm(np.diff(place, axis=0), axis=1)
    return {
        "window_mode_mean": float(mode.mean()),
        "window_mode_sd": float(mode.std()),
        "window_mode_last": float(mode[-1]),
        "window_minor_share": float(np.mean(keys >= 12)),
        "window_key_strength": float(scores.max(axis=1).mean()),
        "window_key_changes": float(np.mean(keys[1:] != keys[:-1])) if len(keys) > 1 else 0.0,
        "window_entropy": float(np.mean([_entropy(row) for row in share])),
        "tonal_spread": float(np.linalg.norm(place - place.mean(axis=0), axis=1).mean()),
        "tonal_steps": float(steps.mean()) if len(steps) else 0.0,
    }


def _chords(notes: Notes, weight: np.ndarray, collection: int) -> Features:
    """Shares of chord kinds in windows of one beat, how often they change, and how roots move."""
    beats = _windowed(notes, weight, BEAT_S)
    beats = np.sqrt(beats)
    beats /= np.linalg.norm(beats, axis=1, keepdims=True)
    fit = beats @ _CHORD_ROWS.T
    best = fit.argmax(axis=1)
    kind, root = best // 12, best % 12
    share = np.bincount(kind, minlength=len(_CHORDS)) / len(kind)
    features = {f"chord_{name}": float(s) for name, s in zip(_CHORDS, share, strict=True)}
    triads = fit.reshape(len(fit), len(_CHORDS), 12).max(axis=2)
    degree = np.bincount((root - collection) % 12, minlength=12) / len(root)
    moves = np.bincount((root[1:] - root[:-1]) % 12, minlength=12) / max(len(root) - 1, 1)
    features |= {f"root_scale_{i}": float(degree[i]) for i in range(12)}
    features |= {f"root_move_{i}": float(moves[i]) for i in range(12)}
    features |= {
        "chord_fit": float(fit.max(axis=1).mean()),
        "chord_majorness": float((triads[:, 0] - triads[:, 1]).mean()),
        "chord_tension": float((triads[:, 2:4].max(axis=1) - triads[:, :2].max(axis=1)).mean()),
        "chord_entropy": _entropy(degree),
    }
    return features


def _dissonance(notes: Notes) -> Features:
    """Intervals between notes that sound together, weighted by how long they do."""
    classes = np.zeros(12)
    close, together = 0.0, 1e-9
    n = len(notes)
    for distance in range(1, min(12, n)):
        first, second = slice(0, n - distance), slice(distance, n)
        overlap = np.minimum(notes.end_s[first], notes.end_s[second]) - notes.onset_s[second]
        overlap = np.minimum(np.maximum(overlap, 0.0), 1.0)
        interval = np.abs(notes.pitch[second] - notes.pitch[first])
        classes += np.bincount(interval % 12, overlap, minlength=12)
        close += float(overlap[(interval > 0) & (interval < 3)].sum())
        together += float(overlap.sum())
    share = classes / together
    folded = np.array([share[i] + (share[12 - i] if 0 < i < 6 else 0.0) for i in range(7)])
    features = {f"together_{i}": float(share[i]) for i in range(12)}
    features["consonance"] = float((folded * _CONSONANCE).sum())
    features["clusters"] = close / together
    return features


def describe_melody(notes: Notes, starts: np.ndarray) -> Features:
    """Steps of the highest and lowest line."""
    features: Features = {}
    for name, pick in (("melody", np.maximum), ("bass_line", np.minimum)):
        line = pick.reduceat(notes.pitch, starts)
        step = np.diff(line)
        size = np.abs(step)
        count = max(len(step), 1)
        turns = np.sign(step[1:]) * np.sign(step[:-1])
        features |= {
            f"{name}_repeats": float((size == 0).sum() / count),
            f"{name}_seconds": float(((size > 0) & (size < 3)).sum() / count),
            f"{name}_semitones": float((size == 1).sum() / count),
            f"{name}_thirds": float(((size > 2) & (size < 5)).sum() / count),
            f"{name}_fifths": float(((size > 4) & (size < 8)).sum() / count),
            f"{name}_octaves": float((size == 12).sum() / count),
            f"{name}_leaps": float((size > 7).sum() / count),
            f"{name}_size": float(size.mean()) if len(step) else 0.0,
            f"{name}_rises": float((step > 0).sum() / count),
            f"{name}_turns": float((turns < 0).mean()) if len(turns) else 0.0,
            f"{name}_variety": len(np.unique(line)) / len(line),
        }
    return features
