"""Sounds that are no music, made by arithmetic: what the gate learns to turn away.

Conventions
-----------
A generator takes ``(seconds, sample_rate, rng)`` and returns mono float32, shape=(n,); all
randomness comes from ``rng``. `SOUNDS` names them all. Each call is another wind, another keyboard:
the parameters are drawn anew. None pretends to be the real thing: together they span what real
noises have in common and music has not (no notes that follow one another, no pulse with notes on
it). Speech comes from `models.training.speech`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.training.augment import mix_under

Generator = Callable[[float, int, np.random.Generator], np.ndarray]


def coloured_noise(seconds: float, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Steady noise, blue (+3 dB an octave) to brown (-6), through a random equaliser."""
    n = int(seconds * sample_rate)
    hz = np.maximum(np.fft.rfftfreq(n, 1.0 / sample_rate), 20.0)
    octave = np.log2(hz / 20.0)
    curve_db = rng.uniform(-6.0, 3.0) * octave
    curve_db += np.interp(octave, np.arange(11), rng.normal(0.0, 4.0, 11))
    spectrum = rng.standard_normal(len(hz)) + 1j * rng.standard_normal(len(hz))
    return _unit(np.fft.irfft(spectrum * 10.0 ** (curve_db / 20.0), n))


def wind(seconds: float, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Noise in gusts: waves, wind, passing cars."""
    noise = coloured_noise(seconds, sample_rate, rng)
    gusts = _slow(len(noise), sample_rate, rng.uniform(0.1, 2.0), rng)
    return _unit(noise * 10.0 ** (0.4 * gusts))


def rain(seconds: float, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Short resonances at random instants, sparse drops to dense frying."""
    rate_hz = 10.0 ** rng.uniform(0.7, 3.0)
    hits = np.zeros(int(seconds * sample_rate))
    count = rng.poisson(rate_hz * seconds)
    hits[rng.integers(0, len(hits), count)] = rng.exponential(1.0, count)
    low_hz = rng.uniform(500.0, 3000.0)
    drop = _knock(sample_rate, rng, (low_hz, 3.0 * low_hz), rng.uniform(0.001, 0.01))
    return _over(_convolve(hits, drop), coloured_noise, 25.0, sample_rate, rng)


def applause(seconds: float, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Hands that clap, each at its own pace; a few people to a hall."""
    n = int(seconds * sample_rate)
    mix = np.zeros(n)
    for _ in range(int(10.0 ** rng.uniform(0.5, 2.0))):
        pace_s = rng.uniform(0.18, 0.4)
        at_s = rng.uniform(0.0, pace_s) + pace_s * np.arange(int(seconds / pace_s) + 1)
        at_s += rng.normal(0.0, 0.1 * pace_s, len(at_s))
        at = (np.clip(at_s, 0.0, seconds - 0.01) * sample_rate).astype(int)
        hands = np.zeros(n)
        hands[at] = rng.uniform(0.4, 1.0, len(at))
        clap = _knock(sample_rate, rng, (600.0, 3500.0), rng.uniform(0.003, 0.012))
        mix += rng.uniform(0.1, 1.0) * _convolve(hands, clap)
    swell = 10.0 ** (_slow(n, sample_rate, 0.3, rng) * rng.uniform(0.0, 0.3))
    return _unit(mix * swell)


def knocks(seconds: float, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Typing, clicks, crockery, steps, hammering: knocks in bursts or at a walking pace."""
    n = int(seconds * sample_rate)
    if rng.random() < 0.5:  # steps: nearly even, all alike
        pace_s = rng.uniform(0.3, 1.0)
        at_s = np.cumsum(rng.normal(pace_s, 0.06 * pace_s, int(seconds / pace_s) + 1))
    else:  # typing: bursts and pauses
        at_s = np.cumsum(rng.gamma(1.2, rng.uniform(0.05, 0.25), int(seconds * 20)))
    at = (at_s[at_s < seconds - 0.05] * sample_rate).astype(int)
    mix = np.zeros(n)
    low_hz = 10.0 ** rng.uniform(1.8, 3.4)
    for _ in range(int(rng.integers(1, 5))):
        hits = np.zeros(n)
        hits[at[rng.random(len(at)) < 0.6]] = rng.uniform(0.3, 1.0)
        decay_s = 10.0 ** rng.uniform(-3.0, -1.3)
        mix += _convolve(hits, _knock(sample_rate, rng, (low_hz, 4.0 * low_hz), decay_s))
    return _over(mix, coloured_noise, rng.uniform(15.0, 45.0), sample_rate, rng)


def hum(seconds: float, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Mains hum, a fan, an engine: harmonics of one low tone that hardly moves, and noise."""
    n = int(seconds * sample_rate)
    drift = rng.choice([0.0, 0.003, 0.05]) * _slow(n, sample_rate, rng.uniform(0.1, 1.0), rng)
    base_hz = rng.choice([50.0, 60.0, rng.uniform(25.0, 200.0)])
    phase = 2.0 * np.pi * np.cumsum(base_hz * (1.0 + drift)) / sample_rate
    mix = np.zeros(n)
    for k in range(1, int(rng.integers(2, 30))):
        if k * base_hz < 0.45 * sample_rate:
            mix += rng.exponential(1.0) / k ** rng.uniform(0.3, 1.5) * np.sin(k * phase)
    return _over(mix, coloured_noise, rng.uniform(-5.0, 35.0), sample_rate, rng)


def signal_tones(seconds: float, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """A steady tone, a beeper, a dial tone, a siren, an alarm of two tones."""
    n = int(seconds * sample_rate)
    t = np.arange(n) / sample_rate
    base_hz = 10.0 ** rng.uniform(2.2, 3.5)
    period_s = 10.0 ** rng.uniform(-0.6, 0.8)
    cycle = (t / period_s) % 1.0
    kind = rng.integers(4)
    hz, gate = np.full(n, base_hz), np.ones(n)
    if kind == 1:
        gate = (cycle < rng.uniform(0.1, 0.7)).astype(float)
    elif kind == 2:  # siren: up and down
        sweep = np.abs(2.0 * cycle - 1.0) if rng.random() < 0.7 else cycle
        hz = base_hz * 2.0 ** (rng.uniform(0.3, 1.5) * sweep)
    elif kind == 3:
        hz = np.where(cycle < 0.5, base_hz, base_hz * 2.0 ** rng.uniform(-0.6, 0.6))
    phase = 2.0 * np.pi * np.cumsum(hz) / sample_rate
    fall = rng.uniform(0.5, 3.0)
    partials = range(1, int(rng.integers(2, 9)))
    wave = sum(np.sin(k * phase) / k**fall for k in partials if k * base_hz < 0.3 * sample_rate)
    return _over(gate * wave, coloured_noise, rng.uniform(10.0, 60.0), sample_rate, rng)


def calls(seconds: float, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Animals: short gliding calls, birds to whales and dogs, with pauses, over a soft noise."""
    n = int(seconds * sample_rate)
    mix = np.zeros(n)
    base_hz = 10.0 ** rng.uniform(1.9, 3.7)
    long_s = min(10.0 ** rng.uniform(-1.5, 0.3), 400.0 / base_hz)
    rough = rng.random() < 0.4
    at = 0
    while at < n:
        length = max(int(long_s * rng.uniform(0.3, 1.5) * sample_rate), 200)
        t = np.linspace(0.0, 1.0, length)
        bends = rng.normal(0.0, rng.uniform(0.05, 0.5), 5).cumsum()
        hz = base_hz * 2.0 ** np.interp(t, np.linspace(0.0, 1.0, 5), bends)
        phase = 2.0 * np.pi * np.cumsum(hz) / sample_rate
        if rough:
            phase += rng.uniform(0.5, 3.0) * np.cumsum(rng.normal(0.0, 0.2, length))
        call = np.sin(phase)
        for k in range(2, int(rng.integers(2, 8))):
            if k * base_hz < 0.25 * sample_rate:
                call = call + rng.uniform(0.0, 1.0) / k * np.sin(k * phase)
        call = call * np.sin(np.pi * t) ** rng.uniform(0.2, 1.0)
        stop = min(at + length, n)
        mix[at:stop] += rng.uniform(0.3, 1.0) * call[: stop - at]
        at = stop + int(rng.exponential(long_s * rng.uniform(0.3, 4.0)) * sample_rate)
    return _over(mix, coloured_noise, rng.uniform(15.0, 50.0), sample_rate, rng)


def bangs(seconds: float, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Doors, falling things, thunder, explosions: rare bursts of noise that die away."""
    n = int(seconds * sample_rate)
    mix = np.zeros(n)
    at = 0
    while at < n:
        decay_s = 10.0 ** rng.uniform(-1.5, 0.3)
        burst = coloured_noise(4.0 * decay_s + 0.1, sample_rate, rng)
        burst *= np.exp(-np.arange(len(burst)) / (decay_s * sample_rate))
        stop = min(at + len(burst), n)
        mix[at:stop] += rng.uniform(0.2, 1.0) * burst[: stop - at]
        at += int(rng.exponential(rng.uniform(0.4, 2.5)) * sample_rate) + sample_rate // 20
    return _over(mix, coloured_noise, rng.uniform(20.0, 50.0), sample_rate, rng)


SOUNDS: dict[str, Generator] = {
    "noise": coloured_noise,
    "wind": wind,
    "rain": rain,
    "applause": applause,
    "knocks": knocks,
    "hum": hum,
    "tones": signal_tones,
    "calls": calls,
    "bangs": bangs,
}
"""Every kind of sound that is neither speech nor music, by name."""


def _rms(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


def _unit(samples: np.ndarray) -> np.ndarray:
    """Bring to 0.1 RMS (-20 dB)."""
    return (samples * (0.1 / max(_rms(samples), 1e-9))).astype(np.float32)


def _over(
    samples: np.ndarray,
    floor: Generator,
    snr_db: float,
    sample_rate: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Put a sound over a floor of noise: nothing real stands in digital silence."""
    noise = floor((len(samples) + 1) / sample_rate, sample_rate, rng)
    return _unit(mix_under(samples, noise[: len(samples)], snr_db))


def _convolve(samples: np.ndarray, tail: np.ndarray) -> np.ndarray:
    size = 1 << int(np.ceil(np.log2(len(samples) + len(tail))))
    wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(tail, size), size)
    return wet[: len(samples)]


def _knock(
    sample_rate: int, rng: np.random.Generator, limits_hz: tuple[float, float], decay_s: float
) -> np.ndarray:
    """One knock: noise and a few resonances between the limits, dying away."""
    t = np.arange(int(6.0 * decay_s * sample_rate) + 8) / sample_rate
    knock = rng.uniform(0.0, 1.5) * rng.standard_normal(len(t))
    for _ in range(int(rng.integers(1, 5))):
        knock += np.sin(2.0 * np.pi * rng.uniform(*limits_hz) * t + rng.uniform(0.0, 6.3))
    return knock * np.exp(-t / decay_s)


def _slow(n: int, sample_rate: int, rate_hz: float, rng: np.random.Generator) -> np.ndarray:
    """Smooth random curve, about -2..2, that turns ``rate_hz`` times a second."""
    knots = max(int(n / sample_rate * rate_hz), 2) + 2
    return np.interp(np.linspace(0.0, knots - 1, n), np.arange(knots), rng.standard_normal(knots))
