"""What is reached when all of the music is there: three offline methods, and a clock.

Conventions
-----------
Each function takes the feature frames of a stream, shape=(n_frames, width), and returns the
instants of its boundaries in seconds, rising. They see what the detectors see: the mel cepstrum, a
mean every `STEP_S`. None can run live. What has to be set (penalty, threshold) was chosen on the
tuning list; ``agglomerative`` must be told how many segments there are and is told the truth.

References
----------
Foote (2000), "Automatic audio segmentation using a measure of audio novelty". Killick, Fearnhead &
Eckley (2012), "Optimal detection of changepoints with a linear computational cost" (PELT); Arlot,
Celisse & Harchaoui (2019), "A kernel multiple change-point algorithm via model selection", both as
in ruptures. McFee & Ellis (2014), "Learning to segment songs with ordinal linear discriminant
analysis", whose clustering is librosa's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsp.novelty import MEL_FLOOR_DB, build_cepstrum

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsp.layout import FeatureLayout
    from models.training.boundaries.build import Truth

STEP_S = 0.25
FOOTE_S = 16.0
"""Side of the checkerboard."""
FOOTE_LIMIT = 0.12
KERNEL_PENALTY = 5.0
PERIOD_S = 18.0
"""About the mean length of a stretch."""
_COEFFICIENTS = 12


def steps(values: np.ndarray, layout: FeatureLayout) -> np.ndarray:
    """Mean cepstra of each `STEP_S`, shape=(n, 12)."""
    log_mel = np.maximum(np.asarray(values[:, layout.span("log_mel")]), MEL_FLOOR_DB)
    cepstra = log_mel @ build_cepstrum(log_mel.shape[1], _COEFFICIENTS).T
    hops = round(STEP_S * layout.sample_rate / layout.hop_length)
    n = len(cepstra) // hops
    return cepstra[: n * hops].reshape(n, hops, -1).mean(axis=1)


def _seconds(at: np.ndarray, layout: FeatureLayout) -> np.ndarray:
    """Steps to seconds; frames lie half a frame back."""
    hops = round(STEP_S * layout.sample_rate / layout.hop_length)
    step_s = hops * layout.hop_length / layout.sample_rate
    return np.asarray(at) * step_s - 0.5 * layout.n_fft / layout.sample_rate


def _standard(x: np.ndarray) -> np.ndarray:
    """Each coefficient in standard deviations of the stream."""
    return (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-6)


def novelty(x: np.ndarray, side: int) -> np.ndarray:
    """Foote's novelty: cosine similarity under a Gaussian-tapered checkerboard, shape=(n,)."""
    half = side // 2
    directions = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)
    padded = np.pad(directions, ((half, half), (0, 0)), mode="edge")
    offsets = np.arange(-half, half) + 0.5
    taper = np.exp(-2.0 * (offsets / half) ** 2)
    kernel = np.outer(np.sign(offsets) * taper, np.sign(offsets) * taper)
    kernel /= np.abs(kernel).sum()
    found = np.empty(len(x))
    for i in range(len(x)):
        around = padded[i : i + 2 * half]
        found[i] = float(np.sum(kernel * (around @ around.T)))
    return found


def foote(values: np.ndarray, layout: FeatureLayout, _truth: Truth) -> np.ndarray:
    """Peaks of the novelty above `FOOTE_LIMIT`, the highest within half a kernel."""
    x = _standard(steps(values, layout))
    side = round(FOOTE_S / STEP_S)
    curve = novelty(x, side)
    reach = side // 4
    peaks = [
        i
        for i in range(1, len(curve) - 1)
        if curve[i] > FOOTE_LIMIT and curve[i] >= curve[max(0, i - reach) : i + reach + 1].max()
    ]
    return _seconds(np.asarray(peaks, dtype=float), layout)


def kernel_changes(values: np.ndarray, layout: FeatureLayout, _truth: Truth) -> np.ndarray:
    """Kernel change points, PELT's pruning, a penalty a change (ruptures, Gaussian kernel)."""
    import ruptures

    x = _standard(steps(values, layout))
    search = ruptures.KernelCPD(kernel="rbf", min_size=8).fit(x)
    return _seconds(np.asarray(search.predict(pen=KERNEL_PENALTY)[:-1], dtype=float), layout)


def agglomerative(values: np.ndarray, layout: FeatureLayout, truth: Truth) -> np.ndarray:
    """Temporally constrained clustering into as many segments as there are (librosa)."""
    import librosa

    x = _standard(steps(values, layout))
    starts = librosa.segment.agglomerative(x.T, len(truth.times_s) + 1)
    return _seconds(np.sort(starts[starts > 0]).astype(float), layout)


def periodic(_values: np.ndarray, _layout: FeatureLayout, truth: Truth) -> np.ndarray:
    """A boundary every `PERIOD_S`, whatever is heard."""
    return np.arange(PERIOD_S, truth.duration_s - 1.0, PERIOD_S)


REFERENCES: dict[str, Callable[[np.ndarray, FeatureLayout, Truth], np.ndarray]] = {
    "kernel": kernel_changes,
    "foote": foote,
    "agglomerative": agglomerative,
    "periodic": periodic,
}
