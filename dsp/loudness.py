"""Loudness as broadcasters measure it: K-weighted powers of tenths of a second, their gated mean.

Conventions
-----------
Frames of any number of channels in, ±1 full scale. Out comes one power each `STEP_S`: the mean
square of the weighted samples, channels added up as BS.1770 weighs them (five channels are L R C Ls
Rs, six L R C LFE Ls Rs, others count alike). A full-scale sine of 997 Hz on one channel has
-3.01 LUFS. Loudness of nothing, or of less than `BLOCK_S`, is -inf.

Method
------
ITU-R BS.1770-4: a shelf for the head, a high-pass, power of blocks of 400 ms that overlap by three
quarters, those above -70 LUFS, of these the ones at most 10 LU below their mean. The filters are
the recommendation's analogue ones, brought to any rate by the bilinear transform; its parameters
are those that give its own coefficients at 48 kHz (B. De Man, Evaluation of implementations of the
EBU R128 loudness measurement, AES 145, 2018).
"""

from __future__ import annotations

import math

import numpy as np

from dsp.jit import kernel

STEP_S = 0.1
"""Distance of the powers, seconds."""
BLOCK_S = 0.4
"""Length of the blocks that are gated, seconds."""
_STEPS = round(BLOCK_S / STEP_S)
_SILENT_LUFS, _BELOW_LU = -70.0, 10.0
_OFFSET_LUFS = -0.691
_SURROUND = 1.41
_VANISHED = 1e-30  # filters that ring out must not become denormal, which is slow


@kernel
def _push(frames, gains, filters, memory, counted, powers):
    """Weigh frames; return how many powers are complete.

    ``filters``: b0 b1 b2 a1 a2 of each stage. ``memory``: shape=(channels, 2, 2). ``counted``:
    power and frames of the open step, frames of a step.
    """
    made = 0
    channels = gains.shape[0]
    for n in range(frames.shape[0]):
        for c in range(channels):
            x = np.float64(frames[n, c])
            if not math.isfinite(x):
                x = 0.0
            for s in range(2):
                f, z = filters[s], memory[c, s]
                y = f[0] * x + z[0]
                z[0] = f[1] * x - f[3] * y + z[1]
                z[1] = f[2] * x - f[4] * y
                x = y
            counted[0] += gains[c] * x * x
        counted[1] += 1.0
        if counted[1] >= counted[2]:
            powers[made] = counted[0] / counted[2]
            made += 1
            counted[0] = 0.0
            counted[1] = 0.0
    for c in range(channels):
        for s in range(2):
            for k in range(2):
                if abs(memory[c, s, k]) < _VANISHED:
                    memory[c, s, k] = 0.0
    return made


def build_weighting(sample_rate: int) -> np.ndarray:
    """Build the two filters of the K-weighting, shape=(2, 5): b0 b1 b2 a1 a2 each."""
    k = math.tan(math.pi * 1681.974450955533 / sample_rate)
    q = 0.7071752369554196
    high = 10.0 ** (3.999843853973347 / 20.0)
    band = high**0.4996667741545416
    a0 = 1.0 + k / q + k * k
    shelf = (
        (high + band * k / q + k * k) / a0,
        2.0 * (k * k - high) / a0,
        (high - band * k / q + k * k) / a0,
        2.0 * (k * k - 1.0) / a0,
        (1.0 - k / q + k * k) / a0,
    )
    k = math.tan(math.pi * 38.13547087602444 / sample_rate)
    q = 0.5003270373238773
    a0 = 1.0 + k / q + k * k
    high_pass = (1.0, -2.0, 1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0)
    return np.asarray((shelf, high_pass))


def build_gains(channels: int) -> np.ndarray:
    """Build what the power of each channel counts, shape=(channels,)."""
    gains = np.ones(channels)
    if channels in (5, 6):
        gains[-2:] = _SURROUND
    if channels == 6:
        gains[3] = 0.0
    return gains


class LoudnessMeter:
    """K-weighted powers of a stream.

    Parameters
    ----------
    sample_rate : int
        Hz.
    channels : int
    max_block : int
        Longest block that `push` will be given, frames.

    Raises
    ------
    ValueError
        No channel, or a rate that has no tenth of a second.
    """

    delay = 0

    def __init__(self, sample_rate: int, channels: int, max_block: int = 65536) -> None:
        if sample_rate < 100 or channels < 1:
            raise ValueError(f"no loudness of {channels} channels at {sample_rate} Hz")
        step = round(STEP_S * sample_rate)
        self._filters = build_weighting(sample_rate)
        self._gains = build_gains(channels)
        self._memory = np.zeros((channels, 2, 2))
        self._counted = np.asarray([0.0, 0.0, step])
        self._powers = np.zeros(max_block // step + 1)
        self._most = max_block
        self.push(np.zeros((1, channels), dtype=np.float32))
        self.reset()

    def push(self, frames: np.ndarray) -> np.ndarray:
        """Take a block; return the powers of the steps that it completes, a view.

        Parameters
        ----------
        frames : np.ndarray, shape=(n, channels), float32

        Returns
        -------
        np.ndarray, shape=(n_steps,), float64

        Raises
        ------
        ValueError
            A longer block than was said, or other channels.
        """
        if frames.ndim != 2 or frames.shape[1] != len(self._gains) or len(frames) > self._most:
            raise ValueError(f"no block of {self._most} frames or less: shape {frames.shape}")
        frames = np.ascontiguousarray(frames, dtype=np.float32)
        made = _push(frames, self._gains, self._filters, self._memory, self._counted, self._powers)
        return self._powers[:made]

    def reset(self) -> None:
        """Start a new stream."""
        self._memory[:] = 0.0
        self._counted[:2] = 0.0


def integrated_lufs(powers: np.ndarray) -> float:
    """Integrated loudness of powers, shape=(n_steps,); -inf where there is nothing to hear."""
    if len(powers) < _STEPS:
        return -math.inf
    sums = np.concatenate(([0.0], np.cumsum(powers)))
    blocks = np.maximum(sums[_STEPS:] - sums[:-_STEPS], 0.0) / _STEPS
    heard = blocks[blocks > _power_of(_SILENT_LUFS)]
    if not len(heard):
        return -math.inf
    gate = heard.mean() * 10.0 ** (-_BELOW_LU / 10.0)
    return _lufs_of(float(heard[heard > gate].mean()))


def _power_of(lufs: float) -> float:
    return 10.0 ** ((lufs - _OFFSET_LUFS) / 10.0)


def _lufs_of(power: float) -> float:
    return _OFFSET_LUFS + 10.0 * math.log10(power)
