"""Notes to features I: rhythm, dynamics, register, articulation, and the whole vector.

Conventions
-----------
A feature is a number that a stretch of notes has, in seconds, semitones or shares. `describe` gives
the vector of all notes heard in a stretch; `NAMES` are its names. Notes that begin within
`CHORD_S` of each other form a *chord* (of one note or more). Nothing looks ahead of the stretch's
end, and nothing depends on how loudly a keyboard is set: velocities are divided by their mean
(``relative=True``), except in the four features called ``velocity_*``, which are left out then.

Rhythm is described by logarithms of intervals and densities, because tempo is perceived by ratio;
irregularity by the normalised pairwise variability index (Grabe & Low 2002). Harmony stands in
`models.symbolic_harmony`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.symbolic_harmony import describe_harmony, describe_melody

if TYPE_CHECKING:
    from models.notes import Notes

Features = dict[str, float]

CHORD_S = 0.04
"""Onsets closer than this are heard as one."""
SHORTEST_S = 1e-3
FEWEST = 4
"""Fewer notes than this have no description."""
PHRASE_S = 2.0
"""Length of the windows whose differences tell how dynamics and density move, seconds."""
_INTERVAL_EDGES_S = np.array([0.09, 0.13, 0.18, 0.25, 0.36, 0.5, 0.71, 1.0])
_REGISTER_EDGES = np.array([36, 48, 55, 60, 67, 72, 79, 84])


def quantiles(name: str, values: np.ndarray) -> Features:
    """Mean, standard deviation and three quantiles; zeros where there is nothing."""
    if not len(values):
        values = np.zeros(1)
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9))
    return {
        f"{name}_mean": float(values.mean()),
        f"{name}_sd": float(values.std()),
        f"{name}_q10": float(low),
        f"{name}_q50": float(middle),
        f"{name}_q90": float(high),
    }


def chord_starts(onset_s: np.ndarray) -> np.ndarray:
    """Indices of the notes that begin a chord, shape=(n_chords,), int."""
    starts: list[int] = []
    began = -np.inf
    for i, at in enumerate(onset_s.tolist()):
        if at - began > CHORD_S:
            starts.append(i)
            began = at
    return np.array(starts, dtype=np.int64)


def _rhythm(notes: Notes, starts: np.ndarray, length_s: float) -> Features:
    onsets = notes.onset_s[starts]
    interval = np.maximum(np.diff(onsets), SHORTEST_S)
    sizes = np.diff(np.append(starts, len(notes)))
    features = {
        "density": float(np.log(len(notes) / length_s)),
        "chord_density": float(np.log(len(starts) / length_s)),
        "chord_size_mean": float(sizes.mean()),
        "chord_size_sd": float(sizes.std()),
        "chord_share": float(np.mean(sizes > 1)),
        "big_chord_share": float(np.mean(sizes > 3)),
    }
    log_interval = np.log2(interval)
    features |= quantiles("interval", log_interval)
    near = interval[1:] - interval[:-1], interval[1:] + interval[:-1]
    features["variability"] = float(np.mean(np.abs(near[0]) / near[1])) if len(near[0]) else 0.0
    bins = np.bincount(np.searchsorted(_INTERVAL_EDGES_S, interval), minlength=9)
    share = bins / max(bins.sum(), 1)
    features |= {f"interval_share_{i}": float(s) for i, s in enumerate(share)}
    features["interval_entropy"] = entropy(share)
    # how well the best steady pulse explains the onsets: the length of their mean phase vector
    periods = 2.0 ** np.linspace(np.log2(0.18), np.log2(1.4), 60)
    weight = np.sqrt(sizes)
    phase = np.exp(2j * np.pi * onsets[None, :] / periods[:, None])
    strength = np.abs(phase @ weight) / weight.sum()
    best = int(strength.argmax())
    features |= {
        "pulse": float(strength[best]),
        "pulse_period": float(np.log2(periods[best])),
        "pulse_mean": float(strength.mean()),
        "longest_gap": float(interval.max(initial=0.0)),
    }
    return features


def entropy(share: np.ndarray) -> float:
    """Entropy of a distribution, in units of the even one's."""
    positive = share[share > 0]
    return float(-(positive * np.log(positive)).sum() / np.log(max(len(share), 2)))


def _dynamics(notes: Notes, starts: np.ndarray, *, relative: bool) -> Features:
    mean = notes.velocity.mean()
    velocity = notes.velocity / mean
    features: Features = {}
    if not relative:
        features |= {
            "velocity_mean": float(mean),
            "velocity_q10": float(np.quantile(notes.velocity, 0.1)),
            "velocity_q90": float(np.quantile(notes.velocity, 0.9)),
            "velocity_max": float(notes.velocity.max()),
        }
    deviation = velocity - 1.0
    spread = velocity.std()
    low, quarter, three, high = np.quantile(velocity, (0.1, 0.25, 0.75, 0.9))
    loudest = np.maximum.reduceat(velocity, starts)
    steps = np.diff(loudest)
    features |= {
        "accent_sd": float(spread),
        "accent_q10": float(low),
        "accent_q25": float(quarter),
        "accent_q75": float(three),
        "accent_q90": float(high),
        "accent_max": float(velocity.max()),
        "accent_skew": float(np.mean(deviation**3) / max(spread**3, 1e-6)),
        "accent_steps": float(np.abs(steps).mean()) if len(steps) else 0.0,
        "accent_with_pitch": correlation(velocity, notes.pitch),
        "accent_with_time": correlation(velocity, notes.onset_s),
        "accent_with_length": correlation(velocity, notes.release_s - notes.onset_s),
        "accent_high": _mean_where(velocity, notes.pitch >= 67),
        "accent_low": _mean_where(velocity, notes.pitch < 50),
        "accent_chords": correlation(
            loudest, np.diff(np.append(starts, len(notes))).astype(np.float64)
        ),
    }
    return features


def _mean_where(values: np.ndarray, chosen: np.ndarray) -> float:
    return float(values[chosen].mean()) if chosen.any() else 1.0


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson's correlation; 0 where one of them does not vary."""
    a, b = a - a.mean(), b - b.mean()
    scale = np.sqrt((a * a).sum() * (b * b).sum())
    return float((a * b).sum() / scale) if scale > 1e-9 else 0.0


def _register(notes: Notes, starts: np.ndarray) -> Features:
    pitch = notes.pitch.astype(np.float64)
    length = np.maximum(notes.end_s - notes.onset_s, SHORTEST_S)
    top = np.maximum.reduceat(pitch, starts)
    bass = np.minimum.reduceat(pitch, starts)
    sizes = np.diff(np.append(starts, len(notes)))
    features = quantiles("pitch", pitch) | quantiles("top", top) | quantiles("bass", bass)
    shares = np.bincount(np.searchsorted(_REGISTER_EDGES, notes.pitch, side="right"), minlength=9)
    features |= {f"register_{i}": float(s) for i, s in enumerate(shares / len(pitch))}
    features |= {
        "pitch_range": float(pitch.max() - pitch.min()),
        "pitch_weighted": float((pitch * length).sum() / length.sum()),
        "pitch_number": float(len(np.unique(notes.pitch)) / np.sqrt(len(pitch))),
        "pitch_with_time": correlation(pitch, notes.onset_s),
        "chord_width": float((top - bass)[sizes > 1].mean()) if (sizes > 1).any() else 0.0,
    }
    return features


def _articulation(notes: Notes, starts: np.ndarray, length_s: float) -> Features:
    held = np.maximum(notes.release_s - notes.onset_s, SHORTEST_S)
    sounding = np.maximum(notes.end_s - notes.onset_s, SHORTEST_S)
    features = quantiles("held", np.log2(held)) | quantiles("sounding", np.log2(sounding))
    longest = np.maximum.reduceat(held, starts)
    interval = np.maximum(np.diff(notes.onset_s[starts]), SHORTEST_S)
    legato = np.clip(longest[:-1] / interval, 0.0, 4.0)
    ends = np.sort(notes.end_s)
    releases = np.sort(notes.release_s)
    at = notes.onset_s[starts] + 0.5 * CHORD_S
    began = np.searchsorted(notes.onset_s, at, side="right")
    features |= quantiles("legato", legato)
    features |= {
        "staccato_share": float(np.mean(held < 0.12)),
        "long_share": float(np.mean(held > 0.8)),
        "pedal_share": float(np.mean(sounding > held + 0.03)),
        "pedal_gain": float(np.log2(sounding.sum() / held.sum())),
        "held_polyphony": float(held.sum() / length_s),
        "sounding_polyphony": float(sounding.sum() / length_s),
        "polyphony_at_onsets": float((began - np.searchsorted(ends, at)).mean()),
        "keys_at_onsets": float((began - np.searchsorted(releases, at)).mean()),
        "ends_together": float(np.mean(np.diff(ends) < 0.005)) if len(ends) > 1 else 0.0,
    }
    return features


def _course(notes: Notes, start_s: float, stop_s: float) -> Features:
    """How density, loudness and height move from phrase to phrase, and from half to half."""
    count = max(int((stop_s - start_s) / PHRASE_S), 1)
    edges = np.linspace(start_s, stop_s, count + 1)
    cut = np.searchsorted(notes.onset_s, edges)
    cut[-1] = len(notes)
    number = np.diff(cut).astype(np.float64)
    filled = number > 0
    relative = notes.velocity / notes.velocity.mean()
    total = np.maximum(number, 1.0)
    loudness = _sums(relative, cut) / total
    height = _sums(notes.pitch.astype(np.float64), cut) / total
    rate = number / number.mean()
    half = np.searchsorted(notes.onset_s, 0.5 * (start_s + stop_s))
    early, late = slice(0, max(half, 1)), slice(min(half, len(notes) - 1), None)
    return {
        "density_course_sd": float(rate.std()),
        "density_course_max": float(rate.max()),
        "density_course_steps": float(np.abs(np.diff(rate)).mean()) if count > 1 else 0.0,
        "loudness_course_sd": float(loudness[filled].std()),
        "height_course_sd": float(height[filled].std()),
        "density_change": float(np.log((len(notes) - half + 1) / (half + 1))),
        "loudness_change": float(relative[late].mean() - relative[early].mean()),
        "height_change": float(notes.pitch[late].mean() - notes.pitch[early].mean()),
    }


def _sums(values: np.ndarray, cut: np.ndarray) -> np.ndarray:
    total = np.concatenate([[0.0], np.cumsum(values)])
    return total[cut[1:]] - total[cut[:-1]]


def features_of(notes: Notes, stop_s: float, *, relative: bool) -> Features:
    """All features by name.

    Parameters
    ----------
    notes : Notes
        At least `FEWEST`, the stretch begins with the first.
    stop_s : float
        Where the stretch ends, seconds.
    relative : bool
        Leave out what depends on how loudly the keyboard is set.

    Raises
    ------
    ValueError
        Fewer notes than `FEWEST`.
    """
    if len(notes) < FEWEST:
        raise ValueError(f"{len(notes)} notes are too few to describe, {FEWEST} are needed")
    start_s = float(notes.onset_s[0])
    length_s = max(stop_s - start_s, 0.5)
    starts = chord_starts(notes.onset_s)
    features = {"length": float(np.log(length_s))}
    features |= _rhythm(notes, starts, length_s)
    features |= _dynamics(notes, starts, relative=relative)
    features |= _register(notes, starts)
    features |= _articulation(notes, starts, length_s)
    features |= _course(notes, start_s, stop_s)
    features |= describe_harmony(notes, starts)
    features |= describe_melody(notes, starts)
    return features
