"""Streaming resampler: samples of any rate become samples of another, a millisecond later.

Conventions
-----------
Mono float32 in and out. Output sample ``n`` stands at the instant of input sample
``n · rate_in / rate_out``: the filter's delay is taken out of the time axis. It is computed as soon
as the input that the filter looks ahead to is there, ``delay`` input samples (1.3 ms from 44.1 kHz
and above, 2-4 ms below), one by one and not in bursts. What lies before the stream is silence.
Equal rates pass through untouched, with no delay.

Method
------
Polyphase windowed sinc: for each of the ``rate_out / gcd`` fractions of an input sample at which
outputs fall there is a row of taps, a sinc under a Kaiser window (J. Kaiser 1974) that passes up to
11/12 of the lower Nyquist frequency and stops `STOP_DB` from 13/12 on. So from 48 to 24 kHz
everything up to 11 kHz, where the mel bands end, is untouched, and what folds back lies above.
Each row is scaled to gain 1 at 0 Hz.
"""

from __future__ import annotations

import math

import numpy as np

from dsp.jit import kernel

STOP_DB = 80.0
"""Attenuation of what would fold back, dB."""
_TRANSITION = 1.0 / 12.0
_EMPTY = np.zeros(0, dtype=np.float32)


@kernel(reorder=True)
def _resample(line, origin, available, produced, up, down, taps, out):
    """Compute all outputs whose inputs are there. Returns how many.

    ``line[i]`` is input sample ``origin + i``; inputs before index ``available`` exist. Output n
    lies at input time n·down/up = base + fraction and needs the inputs base - half + 1 to
    base + half.
    """
    half = taps.shape[1] // 2
    made = 0
    while True:
        at = (produced + made) * down
        base = at // up
        if base + half >= available:
            return made
        row = taps[at % up]
        first = base - half + 1 - origin
        near = line[first : first + row.shape[0]]
        total = np.float32(0.0)
        for i in range(row.shape[0]):
            total += row[i] * near[i]
        out[made] = total
        made += 1


def build_taps(rate_in: int, rate_out: int) -> np.ndarray:
    """Build the rows of taps, shape=(rate_out / gcd, 2 · half), float32."""
    up = rate_out // math.gcd(rate_in, rate_out)
    nyquist = min(rate_in, rate_out) / 2.0 / rate_in  # cycles an input sample
    width = 2.0 * _TRANSITION * nyquist
    half = math.ceil((STOP_DB - 7.95) / (2.285 * 2.0 * math.pi * width) / 2.0)
    beta = 0.1102 * (STOP_DB - 8.7)
    fraction = np.arange(up)[:, None] / up
    offset = np.arange(1 - half, half + 1)[None, :] - fraction
    window = np.i0(beta * np.sqrt(np.maximum(1.0 - (offset / half) ** 2, 0.0))) / np.i0(beta)
    taps = np.sinc(2.0 * nyquist * offset) * window
    return (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32)


class Resampler:
    """Change of sample rate on a stream.

    Parameters
    ----------
    rate_in, rate_out : int
        Hz, 1 or more.
    max_block : int
        Longest block that `push` will be given, samples.

    Attributes
    ----------
    delay : int
        Input samples that the filter looks ahead to.

    Raises
    ------
    ValueError
        A rate that is not positive.
    """

    def __init__(self, rate_in: int, rate_out: int, max_block: int = 16384) -> None:
        if rate_in < 1 or rate_out < 1:
            raise ValueError(f"rates must be positive, not {rate_in} and {rate_out}")
        divisor = math.gcd(rate_in, rate_out)
        self.rate_in = rate_in
        self.rate_out = rate_out
        self.max_block = max_block
        self._up, self._down = rate_out // divisor, rate_in // divisor
        self._taps = build_taps(rate_in, rate_out) if rate_in != rate_out else _EMPTY[None]
        self._half = self._taps.shape[1] // 2
        self.delay = self._half
        self._past = 2 * self._half
        longest = max(max_block, self._half)
        self._line = np.zeros(self._past + longest, dtype=np.float32)
        self._out = np.zeros(longest * self._up // self._down + 2, dtype=np.float32)
        self.reset()
        self.push(np.zeros(1, dtype=np.float32))
        self.reset()

    def push(self, samples: np.ndarray) -> np.ndarray:
        """Take input samples; return the output samples that they complete.

        Parameters
        ----------
        samples : np.ndarray, shape=(n,), float32

        Returns
        -------
        np.ndarray, shape=(m,), float32
            A view, valid until the next push.

        Raises
        ------
        ValueError
            A block longer than ``max_block``.
        """
        n = len(samples)
        if n > self.max_block:
            raise ValueError(f"block of {n} samples is longer than max_block {self.max_block}")
        return samples if not self._half else self._take(samples)

    def finish(self) -> np.ndarray:
        """Return what still waits inside, at the end of the stream: silence follows it."""
        if not self._half:
            return _EMPTY
        total = -(-self._taken * self._up // self._down)
        before = self._produced
        out = self._take(np.zeros(self._half, dtype=np.float32))
        return out[: max(total - before, 0)]

    def _take(self, samples: np.ndarray) -> np.ndarray:
        n = len(samples)
        self._line[self._past : self._past + n] = samples
        origin = self._taken - self._past
        self._taken += n
        made = _resample(
            self._line[: self._past + n],
            origin,
            self._taken,
            self._produced,
            self._up,
            self._down,
            self._taps,
            self._out,
        )
        self._produced += made
        self._line[: self._past] = self._line[n : n + self._past].copy()
        return self._out[:made]

    def reset(self) -> None:
        """Start a new stream."""
        self._line[:] = 0.0
        self._taken = 0
        self._produced = 0
