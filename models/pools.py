"""Pools: feature frames summed up in steps of 171 ms, all that the models' front ends look at.

Conventions
-----------
`Pooling` sums up `POOL` frames and the sound under them in one *pool*. `pool_spans` says where each
part stands:

===========  =========  ===========================================================================
part         width      meaning
===========  =========  ===========================================================================
bands        n_bands    means of log-mel, then wavelet, dB
energy       1          mean, dB re full scale
onset        3          mean, maximum and deviation of the onset strength, dB
zcr          1          mean, crossings a sample
centroid     1          mean, Hz
flutter      16         deviation within the pool of groups of four mel bands, dB
onsets       `POOL`     the onset strengths themselves, dB
pitch        `PITCHES`  semitones that sound (`dsp.pitch`), sum 1
peakiness    48         moments of irregularity and crest (`models.peakiness`), 10 dB
power        1          mean of the energy as power, 1 = full scale
===========  =========  ===========================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsp.held import hold, opened
from dsp.jit import kernel
from dsp.pitch import PITCHES, PitchSalience
from models.peakiness import add_peakiness, peakiness_width

if TYPE_CHECKING:
    from dsp.layout import FeatureLayout
    from dsp.types import FeatureFrames

POOL = 16
"""Frames a pool."""
GROUP = 4
"""Mel bands a group of the flutter."""
SILENCE_DB = -60.0
"""Mean power of a pool under which it is silence, dB re full scale."""


def pool_spans(n_mels: int = 64, n_wavelet: int = 8) -> dict[str, slice]:
    """Where the parts of a pool stand."""
    widths = {
        "bands": n_mels + n_wavelet,
        "energy": 1,
        "onset": 3,
        "zcr": 1,
        "centroid": 1,
        "flutter": n_mels // GROUP,
        "onsets": POOL,
        "pitch": PITCHES,
        "peakiness": peakiness_width(n_mels),
        "power": 1,
    }
    spans: dict[str, slice] = {}
    at = 0
    for name, width in widths.items():
        spans[name] = slice(at, at + width)
        at += width
    return spans


@kernel(part=True)
def _close(sums, columns, pool):
    """Sums of `POOL` frames to a pool."""
    n_mels, n_wavelet, peaks = columns[6], columns[7], columns[8]
    n = n_mels + n_wavelet
    groups = n_mels // GROUP
    flutter = n + 6
    onsets = flutter + groups
    for i in range(onsets):
        pool[i] = sums[i] / POOL
    pool[n + 2] = sums[n + 2]
    pool[n + 3] = np.sqrt(max(pool[n + 3] - pool[n + 1] * pool[n + 1], 0.0))
    for g in range(groups):
        mean = 0.0
        for b in range(GROUP * g, GROUP * g + GROUP):
            mean += sums[b] / POOL
        mean /= GROUP
        square = sums[flutter + g] / POOL
        pool[flutter + g] = np.sqrt(max(square - mean * mean, 0.0))
    for i in range(POOL):
        pool[onsets + i] = sums[onsets + i]
    for i in range(peaks, sums.shape[0]):
        pool[i] = sums[i] / POOL


@kernel
def _pool(values, hops, held):
    """Add frames to the open pool; write each pool that is full. Returns how many.

    ``columns``: where log_mel, wavelet, energy, zcr, centroid, onset begin, then the numbers of mel
    and wavelet bands, then where the peakiness of a pool begins. ``sums`` has the layout of a pool,
    squares in the place of deviations. The pitch is left as it is; ``sound`` receives the samples
    of these pools and of the open one; ``before`` is the frame before (`add_peakiness`).
    """
    columns, sums, counter, sound, before, pools = opened(held)
    n_mels, n_wavelet, peaks = columns[6], columns[7], columns[8]
    n = n_mels + n_wavelet
    groups = n_mels // GROUP
    flutter = n + 6
    onsets = flutter + groups
    last = pools.shape[1] - 1
    made = 0
    for f in range(values.shape[0]):
        frame = values[f]
        for b in range(n_mels):
            sums[b] += frame[columns[0] + b]
        for g in range(groups):
            mean = np.float32(0.0)
            for b in range(GROUP * g, GROUP * g + GROUP):
                mean += frame[columns[0] + b]
            mean /= GROUP
            sums[flutter + g] += mean * mean
        for b in range(n_wavelet):
            sums[n_mels + b] += frame[columns[1] + b]
        energy = frame[columns[2]]
        onset = frame[columns[5]]
        sums[n] += energy
        sums[n + 1] += onset
        sums[n + 2] = max(sums[n + 2], onset)
        sums[n + 3] += onset * onset
        sums[n + 4] += frame[columns[3]]
        sums[n + 5] += frame[columns[4]]
        sums[onsets + counter[0]] = onset
        add_peakiness(frame[columns[0] : columns[0] + n_mels], before, sums[peaks:last])
        sums[last] += 10.0 ** (energy / 10.0)
        samples = sound[made * POOL + counter[0]]
        for i in range(hops.shape[1]):
            samples[i] = hops[f, i]
        counter[0] += 1
        if counter[0] == POOL:
            _close(sums, columns, pools[made])
            sums[:] = 0.0
            counter[0] = 0
            made += 1
    return made


class Pooling:
    """Feature frames to pools.

    Parameters
    ----------
    layout : FeatureLayout
        Layout of the frames.
    max_frames : int
        Most frames that one `push` will be given.

    Attributes
    ----------
    width : int
        Values a pool.
    delay : int
        Samples that one pool spans.
    """

    def __init__(self, layout: FeatureLayout, max_frames: int = 72) -> None:
        names = ("log_mel", "wavelet", "energy", "zcr", "centroid", "onset")
        parts = [layout.span(name) for name in names]
        n_mels, n_wavelet = (part.stop - part.start for part in parts[:2])
        spans = pool_spans(n_mels, n_wavelet)
        peaks = spans["peakiness"]
        plan = [part.start for part in parts] + [n_mels, n_wavelet, peaks.start]
        self._columns = np.asarray(plan, dtype=np.int64)
        self._pitch_span = spans["pitch"]
        self.width = spans["power"].stop
        self.delay = POOL * layout.hop_length
        self._sound = np.zeros((max_frames + POOL, layout.hop_length), dtype=np.float32)
        self._pitch = PitchSalience(
            layout.sample_rate, 2 * self.delay, self.delay, max_block=self._sound.size
        )
        self._max_frames = max_frames
        self._sums = np.zeros(self.width)
        self._counter = np.zeros(1, dtype=np.int64)
        self._pools = np.zeros((max_frames // POOL + 1, self.width), dtype=np.float32)
        self._before = np.zeros((peaks.stop - peaks.start) // 3 + 1, dtype=np.float32)
        state = (self._sums, self._counter, self._sound, self._before)
        self._held = hold(self._columns, *state, self._pools)
        silence = np.zeros((POOL, layout.hop_length), dtype=np.float32)
        _pool(np.zeros((POOL, layout.width), dtype=np.float32), silence, self._held)
        self.reset()

    def push(self, frames: FeatureFrames) -> tuple[np.ndarray, tuple[int, ...]]:
        """Take frames; return the pools that they complete.

        Returns
        -------
        pools : np.ndarray, shape=(n_pools, width), float32
            A view, valid until the next push.
        stops : tuple of int
            Sample index at which each pool was complete.

        Raises
        ------
        ValueError
            More frames than ``max_frames``.
        """
        if len(frames) > self._max_frames:
            raise ValueError(f"{len(frames)} frames are more than max_frames {self._max_frames}")
        waiting = int(self._counter[0])
        made = _pool(frames.values, frames.hops, self._held)
        pools = self._pools[:made]
        if not made:
            return pools, ()
        taken = made * POOL
        pools[:, self._pitch_span] = self._pitch.push(self._sound[:taken].reshape(-1))
        left = waiting + len(frames) - taken
        self._sound[:left] = self._sound[taken : taken + left]
        first, hop = frames.first - waiting + POOL, frames.layout.hop_length
        return pools, tuple((first + i) * hop for i in range(0, taken, POOL))

    def reset(self) -> None:
        """Start a new stream."""
        self._sums[:] = 0.0
        self._counter[:] = 0
        self._before[:] = 0.0
        self._pitch.reset()


def is_silent(pool: np.ndarray) -> bool:
    """Whether a pool is silence: its mean power is under `SILENCE_DB`."""
    return bool(pool[-1] < 10.0 ** (SILENCE_DB / 10.0))
