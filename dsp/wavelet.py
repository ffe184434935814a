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

from dsp.filters import taps
from dsp.jit import kernel

SILENCE_DB = -120.0
"""Floor of the band powers, dB re full scale."""


@kernel(reorder=True)
def _pyramid(n, low, high, line, parity, approx, detail, counts):
    """Feed the ``n`` samples that stand in ``line[0]`` behind its history through all levels.

    ``line[l]`` holds the last L - 1 inputs of level l + 1, then the new ones; ``parity[l]`` counts
    the inputs of that level modulo 2; ``counts[l]`` receives the number of new coefficients.
    """
    length = low.shape[0]
    past = length - 1
    for level in range(parity.shape[0]):
        made = 0
        source = line[level]
        first = 1 - parity[level]
        for i in range(first, n, 2):
            a = low[0] * source[past + i]
            d = high[0] * source[past + i]
            for t in range(1, length):
                a += low[t] * source[past + i - t]
                d += high[t] * source[past + i - t]
            approx[level, made] = a
            detail[level, made] = d
            made += 1
        parity[level] = (parity[level] + n) % 2
        for i in range(past):
            source[i] = source[n + i]
        counts[level] = made
        if level + 1 < parity.shape[0]:
            target = line[level + 1]
            for i in range(made):
                target[past + i] = approx[level, i]
        n = made


@kernel
def _band_power_db(hops, low, high, line, parity, approx, detail, counts, out):
    """Mean power of each band in each hop, dB: approx first, then details from coarse to fine."""
    past = low.shape[0] - 1
    levels = parity.shape[0]
    for h in range(hops.shape[0]):
        n = hops.shape[1]
        for i in range(n):
            line[0, past + i] = hops[h, i]
        _pyramid(n, low, high, line, parity, approx, detail, counts)
        for band in range(levels + 1):
            level = levels - 1 if band == 0 else levels - band
            values = approx[level] if band == 0 else detail[level]
            total = 0.0
            for i in range(counts[level]):
                total += values[i] * values[i]
            # 2^level samples make one coefficient of unit-norm filters: divide to stay in power
            mean = total / n
            out[h, band] = max(10.0 * np.log10(max(mean, 1e-12)), SILENCE_DB)


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
        low, high = taps(wavelet)
        self.wavelet = wavelet
        self.levels = levels
        self.max_block = max_block
        self._low, self._high = low.astype(dtype), high.astype(dtype)
        past = len(low) - 1
        self._past = past
        self._line = np.zeros((levels, past + max_block), dtype=dtype)
        self._parity = np.zeros(levels, dtype=np.int64)
        self._approx = np.zeros((levels, max_block // 2 + 1), dtype=dtype)
        self._detail = np.zeros((levels, max_block // 2 + 1), dtype=dtype)
        self._counts = np.zeros(levels, dtype=np.int64)
        self._bands = np.zeros((max_block >> levels, levels + 1), dtype=np.float32)
        self.delay = past * (2**levels - 1)
        self.push(np.zeros(2, dtype=dtype))
        self.reset()

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
        _pyramid(n, *self._state)
        deepest = self.levels - 1
        return [self._approx[deepest, : self._counts[deepest]]] + [
            self._detail[level, : self._counts[level]] for level in range(deepest, -1, -1)
        ]

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
        _band_power_db(hops, *self._state, out)
        return out

    @property
    def _state(self) -> tuple[np.ndarray, ...]:
        return (
            self._low,
            self._high,
            self._line,
            self._parity,
            self._approx,
            self._detail,
            self._counts,
        )

    def reset(self) -> None:
        """Start a new stream."""
        self._line[:] = 0.0
        self._parity[:] = 0
        self._counts[:] = 0
