"""Causal Mallat pyramid: a wavelet transform that runs on a stream.

Conventions
-----------
Level 1 is the finest. Level ``l`` turns the approximation of level ``l - 1`` (the signal itself for
level 1) into half as many approximation and detail coefficients::

    approx_l[k] = Σ_t low[t]  · approx_{l-1}[2k + 1 - t]
    detail_l[k] = Σ_t high[t] · approx_{l-1}[2k + 1 - t]

A coefficient appears as soon as its newest sample is there; what lies before the stream is zero. So
the output equals ``pywt.wavedec(signal, mode="zero")`` with the same taps, coefficient by
coefficient, for every coefficient that does not look beyond the end, and no split of the input
changes it.

Method: S. Mallat, A theory for multiresolution signal decomposition (1989), with state carried
between blocks. Filters as in `dsp.filters`. Kernels run in the dtype that they are given.
"""

from __future__ import annotations

import numpy as np

from dsp.decibels import decibels
from dsp.filters import taps as filter_taps
from dsp.held import hold, opened
from dsp.jit import kernel

SILENCE_DB = -120.0
"""Floor of the band powers, dB re full scale."""


@kernel(reorder=True)
def _filter(source, made, taps, approx, detail):
    """Coefficients of one level from inputs that begin with the oldest of the first coefficient.

    Two taps at a time over all coefficients: inputs two apart side by side make vectors.
    """
    length = taps.shape[1]
    for t in range(0, length, 2):
        low0, low1 = taps[0, t], taps[0, t + 1]
        high0, high1 = taps[1, t], taps[1, t + 1]
        pairs = source[length - 2 - t :]
        if t == 0:
            for k in range(made):
                approx[k] = low0 * pairs[2 * k + 1] + low1 * pairs[2 * k]
                detail[k] = high0 * pairs[2 * k + 1] + high1 * pairs[2 * k]
        else:
            for k in range(made):
                approx[k] += low0 * pairs[2 * k + 1] + low1 * pairs[2 * k]
                detail[k] += high0 * pairs[2 * k + 1] + high1 * pairs[2 * k]


@kernel
def push_pyramid(n, state):
    """Feed the ``n`` samples that stand in ``line[0]`` behind its history through all levels.

    ``line[l]`` holds the last L - 1 inputs of level l + 1, then the new ones;
    ``coefficients[:, l]`` receives the new approximation and detail; ``counts`` are, level by
    level, the number of inputs so far modulo 2 and of new coefficients.
    """
    taps, line, coefficients, counts = state
    past = taps.shape[1] - 1
    for level in range(line.shape[0]):
        source = line[level]
        first = 1 - counts[0, level]
        made = (n - first + 1) // 2
        approx, detail = coefficients[0, level], coefficients[1, level]
        _filter(source[first:], made, taps, approx, detail)
        counts[0, level] = (counts[0, level] + n) % 2
        counts[1, level] = made
        for i in range(past):
            source[i] = source[n + i]
        if level + 1 < line.shape[0]:
            target = line[level + 1, past : past + made]
            for i in range(made):
                target[i] = approx[i]
        n = made


@kernel
def _push(n, held):
    push_pyramid(n, opened(held))


@kernel(reorder=True)
def push_bands(hop, state, out):
    """Mean power of each band in one hop, dB: approx first, then details from coarse to fine."""
    taps, line, coefficients, counts = state
    n, levels = hop.shape[0], line.shape[0]
    past = taps.shape[1] - 1
    target = line[0, past : past + n]
    for i in range(n):
        target[i] = hop[i]
    push_pyramid(n, state)
    for band in range(levels + 1):
        level = levels - 1 if band == 0 else levels - band
        values = coefficients[min(band, 1), level, : counts[1, level]]
        total = np.float32(0.0)
        for i in range(values.shape[0]):
            total += values[i] * values[i]
        # 2^level samples make one coefficient of unit-norm filters: divide to stay in power
        out[band] = decibels(total / np.float32(n), SILENCE_DB)


@kernel
def _bands(hops, state, out):
    for h in range(out.shape[0]):
        push_bands(hops[h], state, out[h])


class WaveletPyramid:
    """Streaming discrete wavelet transform.

    Parameters
    ----------
    wavelet : {"db4", "haar", "db2", "sym8"}
        Which filters.
    levels : int
        Depth, 1..12. With 24 kHz input, seven levels reach down to 94 Hz.
    max_block : int
        Longest block that `push` will be given, samples.
    dtype : numpy dtype
        float32 for live use, float64 for measurements.

    Attributes
    ----------
    delay : int
        Samples that the deepest coefficient looks back over.

    Raises
    ------
    ValueError
        Unknown wavelet or depth out of range.
    """

    def __init__(
        self,
        wavelet: str = "db4",
        levels: int = 7,
        max_block: int = 16384,
        dtype: type[np.floating] = np.float32,
    ) -> None:
        if not 1 <= levels <= 12:
            raise ValueError(f"levels must be in 1..12, not {levels}")
        self.wavelet = wavelet
        self.levels = levels
        self.max_block = max_block
        taps = np.stack(filter_taps(wavelet)).astype(dtype)
        self._past = taps.shape[1] - 1
        self._line = np.zeros((levels, self._past + max_block), dtype=dtype)
        self._coefficients = np.zeros((2, levels, max_block // 2 + 1), dtype=dtype)
        self._counts = np.zeros((2, levels), dtype=np.int64)
        self.state = (taps, self._line, self._coefficients, self._counts)
        self._held = hold(*self.state)
        self._shown: list[int] = []
        self._views: list[np.ndarray] = []
        self._bands = np.zeros((max_block >> levels, levels + 1), dtype=np.float32)
        self.delay = self._past * (2**levels - 1)

    def push(self, samples: np.ndarray) -> list[np.ndarray]:
        """Transform a block.

        Parameters
        ----------
        samples : np.ndarray, shape=(n,)

        Returns
        -------
        list of np.ndarray
            New coefficients in PyWavelets' order: approx of the deepest level, then details from
            coarse to fine; views, valid until the next push.

        Raises
        ------
        ValueError
            A block longer than ``max_block``.
        """
        n = len(samples)
        if n > self.max_block:
            raise ValueError(f"block of {n} samples is longer than max_block {self.max_block}")
        self._line[0, self._past : self._past + n] = samples
        _push(n, self._held)
        counts: list[int] = self._counts[1].tolist()
        if counts != self._shown:  # equal blocks, as they come, show the same stretches
            self._shown = counts
            approx, detail = self._coefficients
            self._views = [approx[-1, : counts[-1]]]
            self._views += [row[:count] for row, count in zip(detail, counts, strict=True)][::-1]
        return self._views

    def band_power(self, hops: np.ndarray) -> np.ndarray:
        """Power of each band in each hop, which is pushed through the pyramid in turn.

        Parameters
        ----------
        hops : np.ndarray, shape=(n_hops, hop_length), float32
            ``hop_length`` a multiple of ``2**levels``, so that every hop makes the same
            coefficients; ``n_hops * hop_length`` is ``max_block`` at most.

        Returns
        -------
        np.ndarray, shape=(n_hops, levels + 1), float32
            dB re full scale, `SILENCE_DB` at least: approx, then coarse to fine. The bands' powers
            add up to the power of the hop (Parseval), delayed by the filters. A view, valid until
            the next call.

        Raises
        ------
        ValueError
            A hop length that the depth does not divide, or more than ``max_block`` samples.
        """
        if hops.shape[1] % (1 << self.levels):
            raise ValueError(f"hop_length {hops.shape[1]} must be a multiple of {1 << self.levels}")
        if hops.size > self.max_block:
            raise ValueError(f"{hops.size} samples are more than max_block {self.max_block}")
        out = self._bands[: len(hops)]
        _bands(hops, self.state, out)
        return out

    def reset(self) -> None:
        """Start a new stream."""
        self._line[:] = 0.0
        self._counts[:] = 0
