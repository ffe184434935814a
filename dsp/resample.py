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

from dsp.held import hold, opened
from dsp.jit import kernel
from dsp.tables import shared

STOP_DB = 80.0
"""Attenuation of what would fold back, dB."""
_TRANSITION = 1.0 / 12.0
_WHOLE = 64
"""Taps that four of the longest vectors hold."""
_EMPTY = np.zeros(0, dtype=np.float32)


@kernel(reorder=True)
def _halve(near, count, taps, phases, out):
    """Every other sample, ``count`` of them: a few taps at a time over all outputs.

    Inputs two apart side by side make vectors; ``phases``, shape=(2, m), is room for them.
    """
    even, odd = phases[0], phases[1]
    half = taps.shape[0] // 2
    for i in range(count + half - 1):
        even[i] = near[2 * i]
        odd[i] = near[2 * i + 1]
    for m in range(count):
        out[m] = np.float32(0.0)
    for t in range(0, half, 2):
        e0, o0, e1, o1 = taps[2 * t], taps[2 * t + 1], taps[2 * t + 2], taps[2 * t + 3]
        first_even, first_odd, next_even, next_odd = even[t:], odd[t:], even[t + 1 :], odd[t + 1 :]
        for m in range(count):
            out[m] += e0 * first_even[m] + o0 * first_odd[m] + e1 * next_even[m] + o1 * next_odd[m]


@kernel(reorder=True)
def _resample(n, held):
    """Take the ``n`` samples that stand in ``line`` behind its history. Returns how many came out.

    Output m lies at input time m·down/up = base + fraction and needs the inputs up to
    base + look_ahead; the row of its fraction ends there. ``counters``: inputs and outputs so far.
    """
    look_ahead, up, down, taps, line, counters, phases, out = opened(held)
    width = taps.shape[1]
    taken, produced = counters[0], counters[1]
    base = produced * down // up
    fraction = produced * down - base * up
    first = base + look_ahead + 1 - taken  # of the inputs that the next output needs, in ``line``
    made = 0
    if up == 1 and down == 2:  # 48 to 24 kHz, as nearly always
        made = max((n - first) // 2 + 1, 0)
        _halve(line[first:], made, taps[0], phases, out)
        first += 2 * made
    while first <= n:
        row = taps[fraction]
        near = line[first : first + width]
        total = np.float32(0.0)
        for i in range(width):
            total += row[i] * near[i]
        out[made] = total
        made += 1
        step = (fraction + down) // up
        fraction += down - step * up
        first += step
    counters[0] = taken + n
    counters[1] = produced + made
    for start in range(0, width, max(n, 1)):  # history moves in pieces that do not overlap
        piece = line[start + n : min(start + 2 * n, width + n)]
        target = line[start : start + n]
        for i in range(piece.shape[0]):
            target[i] = piece[i]
    return made


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
        taps = build_taps(rate_in, rate_out) if rate_in != rate_out else _EMPTY[None]
        self._half = half = taps.shape[1] // 2
        self.delay = half
        # zeros before each row: sums of whole vectors, with nothing left over
        taps = shared(np.pad(taps, ((0, 0), (-taps.shape[1] % _WHOLE, 0))))
        self._past = taps.shape[1]
        longest = max(max_block, half)
        up, down = rate_out // divisor, rate_in // divisor
        self._line = np.zeros(self._past + longest, dtype=np.float32)
        self._counters = np.zeros(2, dtype=np.int64)
        phases = np.zeros((2, (self._past + longest) // 2 + 1), dtype=np.float32)
        self._out = np.zeros(longest * up // down + 2, dtype=np.float32)
        self._held = hold(half, up, down, taps, self._line, self._counters, phases, self._out)
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
        taken, produced = (int(count) for count in self._counters)
        total = -(-taken * self.rate_out // self.rate_in)
        out = self._take(np.zeros(self._half, dtype=np.float32))
        return out[: max(total - produced, 0)]

    def _take(self, samples: np.ndarray) -> np.ndarray:
        n = len(samples)
        self._line[self._past : self._past + n] = samples
        return self._out[: _resample(n, self._held)]

    def reset(self) -> None:
        """Start a new stream."""
        self._line[:] = 0.0
        self._counters[:] = 0
