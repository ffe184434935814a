"""What is computed once in 16 hops, as a good engineer would write it with numpy.

Conventions
-----------
The same quantities as `models.pools`, `models.frontend`, `models.summary`, `models.gate` and
`models.turn_network`: a pool of statistics of 16 frames with the pitches of a long window, a row
of running means, harmony and rhythm, a summary of all so far, the music gate, and the comparison
of the last seconds with those before for boundaries. Where ours goes on to decide (candidates,
refinement to the hop, restarts) and looks at peakiness, this does not, which flatters it.
"""

from __future__ import annotations

import numpy as np
import scipy.fft
import scipy.signal

from models.weights import read_weights
from oscbridge.measuring.material import HOP_S, RATE_HZ
from tests.bench.peers.numpy_features import Window, share_out, spectral_peaks

POOL = 16
POOL_S = POOL * HOP_S
N_FFT = 8192
LOWEST, PITCHES = 33, 64
GROUPS = 16
ENERGY, ZCR, CENTROID, ONSET, CHROMA = 72, 73, 74, 75, 76
"""Columns of a frame; before them 64 mel bands and 8 wavelet bands."""
TEXTURE = 94
LONGEST_LAG = 488
"""Frames of the slowest pulse."""


class Running:
    """A leaky mean that begins as a plain one."""

    def __init__(self, width: int, span_s: float, step_s: float = POOL_S) -> None:
        self.value = np.zeros(width)
        self._rate = step_s / span_s
        self._seen = 0

    def push(self, now: np.ndarray) -> np.ndarray:
        """Take what is now; return the mean."""
        self._seen += 1
        self.value += max(self._rate, 1.0 / self._seen) * (now - self.value)
        return self.value


class Pooling:
    """Sixteen frames to a pool."""

    def __init__(self) -> None:
        self._sound = Window(N_FFT)
        self._window = scipy.signal.get_window("hann", N_FFT).astype(np.float32)
        self._bin_hz = RATE_HZ / N_FFT
        edges = 440.0 * 2.0 ** ((np.asarray([LOWEST - 1, LOWEST + PITCHES]) - 69.0) / 12.0)
        self._low, self._high = int(edges[0] / self._bin_hz), int(edges[1] / self._bin_hz) + 2

    def push(self, frames: np.ndarray, sound: np.ndarray) -> np.ndarray:
        """Take 16 frames and their 4096 samples; return texture, onsets and pitches."""
        onsets = frames[:, ONSET]
        groups = frames[:, :64].reshape(POOL, GROUPS, 4).mean(axis=2)
        spectrum = scipy.fft.rfft(self._sound.push(sound) * self._window)
        power = spectrum.real**2 + spectrum.imag**2
        pitch, weight = spectral_peaks(power, self._low, self._high, self._bin_hz, 45.0)
        return np.concatenate(
            [
                frames[:, :ENERGY].mean(axis=0),
                [frames[:, ENERGY].mean(), onsets.mean(), onsets.max(), onsets.std()],
                [frames[:, ZCR].mean(), np.log2(max(frames[:, CENTROID].mean(), 50.0) / 1e3)],
                groups.std(axis=0),
                onsets,
                share_out(pitch - LOWEST, weight, PITCHES),
            ]
        )


class Rows:
    """Pools to rows of 453 values: how it sounds now, lately, for long, its harmony and pulse."""

    def __init__(self) -> None:
        self._level = Running(1, 4.0)
        self._lately, self._average = Running(TEXTURE, 2.0), Running(TEXTURE, 10.0)
        self._square = Running(TEXTURE, 10.0)
        self._chroma, self._bass, self._past = Running(12, 8.0), Running(12, 8.0), Running(12, 0.8)
        self._chords = Running(18, 4.0)
        major = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88]
        minor = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17]
        keys = np.asarray([np.roll(p, tonic) for p in (major, minor) for tonic in range(12)])
        keys -= keys.mean(axis=1, keepdims=True)
        self._keys = keys / np.linalg.norm(keys, axis=1, keepdims=True)
        self._fold = np.zeros((PITCHES, 12))
        self._fold[np.arange(PITCHES), (LOWEST + np.arange(PITCHES)) % 12] = 1.0
        self._turned = (np.arange(12)[:, None] + np.arange(12)) % 12
        self._onsets = np.zeros(LONGEST_LAG + POOL)
        lags = 0.2 / HOP_S * 2.0 ** (np.arange(25) / 6.0)
        self._edges = np.minimum(np.round(lags).astype(np.int64), LONGEST_LAG)
        self._products = np.zeros(LONGEST_LAG)
        self._means = Running(2, 6.0)

    def push(self, pool: np.ndarray) -> np.ndarray:
        """Take a pool; return its row."""
        level = self._level.push(10.0 ** (pool[72:73] / 10.0))
        now = pool[:TEXTURE].copy()
        now[:73] = np.clip((now[:73] - 10.0 * np.log10(max(level[0], 1e-12))) / 10.0, -8.0, 8.0)
        now[78:] /= 5.0
        average = self._average.push(now)
        deviation = np.sqrt(np.maximum(self._square.push(now * now) - average * average, 0.0))
        texture = (now, self._lately.push(now), average, deviation)
        pulse = self._pulse(pool[94:110])
        return np.concatenate([*texture, self._harmony(pool[110:]), pulse]).astype(np.float32)

    def _harmony(self, pitch: np.ndarray) -> np.ndarray:
        """Key, chords, register, intervals: 51 values."""
        now = pitch @ self._fold
        low = pitch[: 60 - LOWEST] @ self._fold[: 60 - LOWEST]
        change = np.abs(now - self._past.value).sum()
        self._past.push(now)
        chroma, bass = self._chroma.push(now), self._bass.push(low)
        centred = chroma - chroma.mean()
        fits = self._keys @ centred / max(np.linalg.norm(centred), 1e-9)
        tonic = int(fits.argmax()) % 12
        fifth = now + now[self._turned[7]]
        major, minor = (fifth + now[self._turned[third]] for third in (4, 3))
        chord = np.asarray([major.max(), minor.max(), 2.0 * (major.max() - minor.max())])
        register = pitch.reshape(8, 8).sum(axis=1)
        intervals = now[self._turned[1:7]] @ now
        slow = self._chords.push(np.concatenate([chord, [change], register, intervals]))
        entropies = [-(p * np.log(p + 1e-9)).sum() for p in (pitch, chroma)]
        key = [fits[:12].max(), fits[12:].max(), 3.0 * (fits[:12].max() - fits[12:].max())]
        turned = (4.0 * chroma[self._turned[tonic]], 8.0 * bass[self._turned[tonic]])
        return np.concatenate([*turned, key, chord, slow[:3], [change], slow[3:], entropies])

    def _pulse(self, onsets: np.ndarray) -> np.ndarray:
        """Autocorrelation of the onsets by ranges of tempo: 26 values."""
        self._onsets[:-POOL] = self._onsets[POOL:]
        self._onsets[-POOL:] = np.minimum(onsets, 15.0)
        past = np.lib.stride_tricks.sliding_window_view(self._onsets, POOL)[:LONGEST_LAG]
        self._products += POOL_S / 6.0 * (past @ self._onsets[-POOL:] / POOL - self._products)
        mean, share = self._means.push(np.asarray([onsets.mean(), (onsets > 2.0).mean()]))
        variance = max(float(onsets @ onsets) / POOL - mean * mean, 1e-3)
        steady = (self._products[::-1] - mean * mean) / variance
        ranges = np.minimum(np.maximum.reduceat(steady, self._edges[:-1]), 1.0)
        return np.concatenate([ranges, [ranges.max(), 4.0 * share]])


class Summary:
    """Rows to the summary of all so far: 513 values."""

    def __init__(self, width: int = 453) -> None:
        self._tail = width - 4 * TEXTURE
        size = TEXTURE + self._tail
        self._mean, self._square = Running(size, 30.0), Running(size, 30.0)
        self._change = Running(TEXTURE, 30.0)
        self._before = np.zeros(TEXTURE)

    def push(self, row: np.ndarray) -> np.ndarray:
        """Take a row; return the summary."""
        now = np.concatenate([row[:TEXTURE], row[4 * TEXTURE :]]).astype(np.float64)
        mean = self._mean.push(now)
        deviation = np.sqrt(np.maximum(self._square.push(now * now) - mean * mean, 0.0))
        change = self._change.push(np.abs(now[:TEXTURE] - self._before))
        self._before = now[:TEXTURE]
        n = TEXTURE
        parts = (mean[:n], deviation[:n], change, mean[n:], deviation[n:], now[n:])
        return np.concatenate(parts).astype(np.float32)


class Gate:
    """Is it music: a description of 83 values through a recurrent network of 32."""

    def __init__(self) -> None:
        self._a = {k: v.astype(np.float32) for k, v in read_weights("gate").arrays.items()}
        self._hidden = np.zeros(32, dtype=np.float32)
        self._before = np.zeros(GROUPS)
        self._lately = np.zeros(PITCHES)
        self.probability = 0.5

    def push(self, pool: np.ndarray) -> float:
        """Take a pool; return the probability of music."""
        bands = pool[:64].reshape(GROUPS, 4)
        means = bands.mean(axis=1)
        pitch = pool[110:]
        largest = np.sort(pitch)[-3:]
        place = np.arange(PITCHES)
        centre = pitch @ place
        x = np.concatenate(
            [
                (means - means.mean()) / 10.0,
                bands.std(axis=1) / 5.0,
                pool[78:94] / 5.0,
                np.abs(means - self._before) / 10.0,
                pool[72:79],
                [largest[-1], largest.sum(), -(pitch * np.log(pitch + 1e-9)).sum() / 4.0],
                [centre / 64.0, np.sqrt(max(pitch @ place**2 - centre * centre, 0.0)) / 64.0],
                [np.minimum(pitch[1:], pitch[:-1]).sum(), np.minimum(pitch, self._lately).sum()],
                np.zeros(5),
            ]
        )
        self._before = means
        self._lately += POOL_S / 3.0 * (pitch - self._lately)
        a, h = self._a, self._hidden
        z = np.clip((x - a["offset"]) * a["scale"], -5.0, 5.0).astype(np.float32)
        of_input, of_state = a["w_x"] @ z + a["b_x"], a["w_h"] @ h + a["b_h"]
        gates = 1.0 / (1.0 + np.exp(-(of_input[:64] + of_state[:64])))
        new = np.tanh(of_input[64:] + gates[:32] * of_state[64:])
        self._hidden = (1.0 - gates[32:]) * new + gates[32:] * h
        logit = float(a["out"][:32] @ self._hidden + a["out"][32])
        self.probability += 0.2 * (1.0 / (1.0 + np.exp(-logit)) - self.probability)
        return self.probability


class Turns:
    """Is it other music than before: an embedding, and four comparisons of now and before."""

    def __init__(self) -> None:
        arrays = read_weights("turns").arrays
        self._a = {k: v.astype(np.float32) for k, v in arrays.items() if k != "lags"}
        self._lags = arrays["lags"].astype(np.int64)
        self._sums = np.zeros((256, 2, len(arrays["ridge"])))
        self._t = 0
        self._fold = np.zeros((PITCHES, 12))
        self._fold[np.arange(PITCHES), (LOWEST + np.arange(PITCHES)) % 12] = 6.0

    def push(self, pool: np.ndarray) -> np.ndarray:
        """Take a pool; return a logit for each lag."""
        a = self._a
        bands = np.maximum(pool[:64], pool[:64].max() - 60.0)
        pitch = pool[110:]
        x = np.concatenate(
            [
                (bands - bands.mean()) / 10.0,
                pool[78:94] / 5.0,
                pool[73:78],
                pitch @ self._fold,
                8.0 * pitch,
            ]
        )
        z = np.clip((x - a["mean"]) * a["scale"], -5.0, 5.0).astype(np.float32)
        e = np.tanh(a["w_out"] @ np.maximum(a["w_in"] @ z + a["b_in"], 0.0) + a["b_out"])
        e = np.append(e, pool[72] / 10.0)
        size, before = len(self._sums), self._sums[self._t % len(self._sums)]
        self._t += 1
        self._sums[self._t % size] = before + np.stack([e, e * e])
        return np.asarray([self._compare(j, int(r)) for j, r in enumerate(self._lags)])

    def _compare(self, j: int, r: int) -> float:
        """Logit that a turn stands ``r`` pools ago."""
        a, t, size = self._a, self._t, len(self._sums)
        middle = t - r
        if middle < 6:
            return -99.0
        far, near = min(middle, 90), min(middle, max(r, 8))
        ends = [self._sums[i % size] for i in (t, middle, middle - far, middle - near)]
        (m_r, q_r), (m_l, q_l), (m_s, q_s) = (
            (ends[0] - ends[1]) / r,
            (ends[1] - ends[2]) / far,
            (ends[1] - ends[3]) / near,
        )
        v_r, v_l, v_s = q_r - m_r * m_r, q_l - m_l * m_l, q_s - m_s * m_s
        ridge = a["ridge"]
        apart = np.abs(m_r - m_l) / np.sqrt((v_r * r + v_l * far) / (r + far) + ridge)
        soon = np.abs(m_r - m_s) / np.sqrt((v_r * r + v_s * near) / (r + near) + ridge)
        past = np.log(v_l + ridge)
        more = [np.log(far / 30.0), np.log(near / 30.0), np.sqrt((apart * apart).mean())]
        spread = np.abs(np.log(v_r + ridge) - past) / 2.0
        f = np.concatenate([apart, soon, spread, past / 2.0, more])
        hidden = np.maximum(a["w_head"][j] @ f.astype(np.float32) + a["b_head"][j], 0.0)
        return float(a["c_head"][j] + a["v_head"][j] @ hidden)
