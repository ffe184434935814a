"""Power spectra of real frames: our own real FFT in numba.

Conventions
-----------
In: a stretch of samples that holds overlapping frames (`dsp.framing`), float32. Out: ``|X|²``,
shape (n_frames, n_fft // 2 + 1), float32, not scaled: equal to ``np.abs(np.fft.rfft(window *
frame)) ** 2``. The window is periodic (Hann by default). ``n_fft`` is a power of two, `SHORTEST` or
more.

Method
------
A real frame of N samples is a complex signal of M = N / 2 numbers (even samples real, odd samples
imaginary). Its transform is a Stockham sequence of radix-4 passes, with one of radix 2 at the end
where M is no power of four. A pass takes point p of every transform of n points with the points
p + n/4, p + n/2 and p + 3n/4, and leaves four transforms of n/4 points each, the four results of a
butterfly ``s`` numbers apart, ``s = M / n``. So the spectrum comes out in order, and all passes but
the first two work on runs of 16 numbers or more, one vector after the other (`dsp.vectors`). In the
first two the runs are 1 and 4 numbers long: there a vector holds several butterflies, whose results
are interleaved. The last step separates the spectra of even and odd samples and takes the power.

All tables are computed in float64 and rounded once.
"""

from __future__ import annotations

import numpy as np

from dsp.jit import kernel
from dsp.tables import shared
from dsp.vectors import (
    LANES,
    interleaved,
    load,
    load_mirrored,
    load_pairs,
    spread,
    store,
    store_power,
    store_power_mirrored,
    turned,
    weighted,
)

SHORTEST = 8 * LANES
"""Shortest frame: a quarter of its complex points fills a vector."""


@kernel(reorder=True, inline=True)
def _butterfly(a, b, c, d):
    """Transform four points."""
    ac, ac_difference = a + c, a - c
    bd, bd_turned = b + d, turned(b - d)
    return ac + bd, ac_difference + bd_turned, ac - bd, ac_difference - bd_turned


@kernel(reorder=True, inline=True)
def _store_run(y, at, a, b, c, d):
    store(y, at, a)
    store(y, at + LANES, b)
    store(y, at + 2 * LANES, c)
    store(y, at + 3 * LANES, d)


@kernel(reorder=True)
def _first_pass(frame, window, twiddles, y):
    """Runs of 1: sixteen butterflies at once, straight from the samples."""
    quarter = twiddles.shape[2]
    for p in range(0, quarter, LANES):
        a, b, c, d = _butterfly(
            weighted(load_pairs(frame, p), load(window, p)),
            weighted(load_pairs(frame, p + quarter), load(window, p + quarter)),
            weighted(load_pairs(frame, p + 2 * quarter), load(window, p + 2 * quarter)),
            weighted(load_pairs(frame, p + 3 * quarter), load(window, p + 3 * quarter)),
        )
        b, c, d = b * load(twiddles[0], p), c * load(twiddles[1], p), d * load(twiddles[2], p)
        a, b, c, d = interleaved(1, a, b, c, d)
        _store_run(y, 4 * p, a, b, c, d)


@kernel(reorder=True)
def _second_pass(x, twiddles, y):
    """Runs of 4: four butterflies of four numbers at once."""
    quarter = twiddles.shape[2]
    for i in range(0, quarter, LANES):
        a, b, c, d = _butterfly(
            load(x, i), load(x, i + quarter), load(x, i + 2 * quarter), load(x, i + 3 * quarter)
        )
        b, c, d = b * load(twiddles[0], i), c * load(twiddles[1], i), d * load(twiddles[2], i)
        a, b, c, d = interleaved(4, a, b, c, d)
        _store_run(y, 4 * i, a, b, c, d)


@kernel(reorder=True)
def _later_pass(x, twiddles, y, s):
    """Runs of ``s`` numbers, a multiple of 16, with one twiddle each."""
    quarter = twiddles.shape[2]
    for i in range(0, quarter, s):  # exp(-2πi p/n) with p = i/s and n = M/s
        w1, w2, w3 = spread(twiddles[0], i), spread(twiddles[1], i), spread(twiddles[2], i)
        for q in range(i, i + s, LANES):
            a, b, c, d = _butterfly(
                load(x, q), load(x, q + quarter), load(x, q + 2 * quarter), load(x, q + 3 * quarter)
            )
            at = q + 3 * i
            store(y, at, a)
            store(y, at + s, b * w1)
            store(y, at + 2 * s, c * w2)
            store(y, at + 3 * s, d * w3)


@kernel(reorder=True)
def _last_pass(x, y, s):
    """Two points left: no twiddle."""
    for q in range(0, s, LANES):
        a, b = load(x, q), load(x, q + s)
        store(y, q, a + b)
        store(y, q + s, a - b)


@kernel(reorder=True)
def _separate_power(z, fold, out):
    """Spectra of even and odd samples from the packed one, combined, squared.

    With E = Z[k] + Z*[M-k] and O = (Z[k] - Z*[M-k]) / i, both halved by the window's scale:
    X[k] = E + exp(-2πi k/N) O and X[M-k] = (E - exp(-2πi k/N) O)*.
    """
    m = out.shape[0] - 1
    for k in range(1, m // 2 + 1, LANES):
        near, far = load(z, k), load_mirrored(z, m - k)
        even, odd = near + far, (near - far) * load(fold, k)
        store_power(out, k, even + odd)
        store_power_mirrored(out, m - k, even - odd)
    four = np.float32(4.0)
    total = z[0, 0] + z[1, 0]
    difference = z[0, 0] - z[1, 0]
    out[0] = four * total * total
    out[m] = four * difference * difference


@kernel(reorder=True)
def push_spectrum(frame, state, out):
    """Power of one frame, shape=(n_fft // 2 + 1,), with the state of a `PowerSpectrum`."""
    window, twiddles, fold, work = state
    x, y = work[0], work[1]
    m = window.shape[1]
    _first_pass(frame, window, twiddles[0], x)
    _second_pass(x, twiddles[1], y)
    s = np.int64(LANES)  # no literal, for which passes would be compiled once more
    while 4 * s <= m:
        _later_pass(y, twiddles[0], x, s)
        x, y = y, x
        s *= 4
    if s < m:
        _last_pass(y, x, s)
        x, y = y, x
    _separate_power(y, fold, out)


@kernel
def _spectra(stretch, n_fft, hop_length, state, out):
    for f in range(out.shape[0]):
        push_spectrum(stretch[f * hop_length : f * hop_length + n_fft], state, out[f])


def build_hann(n_fft: int) -> np.ndarray:
    """Build the periodic Hann window, shape=(n_fft,), float64."""
    return 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(n_fft) / n_fft)


def _build_complex(angles: np.ndarray) -> np.ndarray:
    """Build exp(-i·angle), real parts before imaginary parts, float32."""
    return np.stack([np.cos(angles), -np.sin(angles)], axis=-2).astype(np.float32)


class PowerSpectrum:
    """Windowed power spectra of frames of one length.

    Parameters
    ----------
    n_fft : int
        Frame length, a power of two, `SHORTEST` or more.
    hop_length : int
        Distance of frames, samples.
    window : np.ndarray, shape=(n_fft,), optional
        Analysis window; periodic Hann by default.
    max_frames : int
        Most frames that `push` will be given.

    Raises
    ------
    ValueError
        ``n_fft`` no power of two, or a window of another length.
    """

    delay = 0

    def __init__(
        self,
        n_fft: int,
        hop_length: int,
        window: np.ndarray | None = None,
        max_frames: int = 72,
    ) -> None:
        if n_fft < SHORTEST or n_fft & (n_fft - 1):
            raise ValueError(f"n_fft must be a power of two, {SHORTEST} or more, not {n_fft}")
        window = build_hann(n_fft) if window is None else np.asarray(window, dtype=np.float64)
        if window.shape != (n_fft,):
            raise ValueError(f"window has shape {window.shape}, expected ({n_fft},)")
        if hop_length < 1:
            raise ValueError(f"hop_length must be 1 or more, not {hop_length}")
        self.n_fft = n_fft
        self.hop_length = hop_length
        self.n_bins = n_fft // 2 + 1
        m = n_fft // 2
        quarter = np.arange(m // 4)
        passes = 2.0 * np.pi / m * np.stack([quarter, quarter // 4 * 4])
        fold = 2.0 * np.pi / n_fft * (np.arange(m // 2 + 1) + m / 2)  # the 1/i is a quarter turn
        self.state = (
            shared((0.5 * np.stack([window[0::2], window[1::2]])).astype(np.float32)),
            shared(_build_complex(np.arange(1, 4)[:, None] * passes[:, None])),
            shared(_build_complex(fold)),
            # runs of 16 beyond each row keep the rows off each other's cache sets
            np.zeros((2, 2, m + 3 * LANES), dtype=np.float32),
        )
        self._out = np.zeros((max_frames, self.n_bins), dtype=np.float32)

    def push(self, stretch: np.ndarray) -> np.ndarray:
        """Transform all frames of a stretch.

        Parameters
        ----------
        stretch : np.ndarray, shape=(n_fft + (n_frames - 1) * hop_length,), float32
            As `Framing.push` returns it; shorter than ``n_fft`` it holds no frame.

        Returns
        -------
        np.ndarray, shape=(n_frames, n_fft // 2 + 1), float32
            ``|X|²``; a view, valid until the next push.

        Raises
        ------
        ValueError
            More frames than ``max_frames``.
        """
        n_frames = max((len(stretch) - self.n_fft) // self.hop_length + 1, 0)
        if n_frames > len(self._out):
            raise ValueError(f"{n_frames} frames are more than max_frames {len(self._out)}")
        out = self._out[:n_frames]
        if n_frames:
            _spectra(stretch, self.n_fft, self.hop_length, self.state, out)
        return out

    def reset(self) -> None:
        """Do nothing: a spectrum remembers nothing."""
