"""Strings of our own: an instrument that no soundfont has, for variety in training.

Conventions
-----------
Mono float32. Every note is a sum of stretched partials that decay, the higher the sooner, as struck
and plucked strings do (N. Fletcher & T. Rossing, The Physics of Musical Instruments, 1998, §12). A
`Tone` draws the instrument; nothing imitates a particular one.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from dsp.jit import kernel


@dataclass(frozen=True, slots=True)
class Tone:
    """An instrument.

    Attributes
    ----------
    tilt : float
        Partial ``k`` starts at ``k ** -tilt``.
    decay_s : float
        Time constant of the first partial of middle C, seconds.
    damping : float
        Partial ``k`` decays ``1 + damping (k - 1)`` times as fast.
    stretch : float
        Inharmonicity B: partial ``k`` lies at ``k f √(1 + B k²)``.
    position : float
        Where the string is struck, 0..0.5 of its length.
    attack_s, release_s : float
        Rise, and time constant after the key is let go, seconds.
    detune : float
        Distance of a second string, share of the frequency.
    """

    tilt: float
    decay_s: float
    damping: float
    stretch: float
    position: float
    attack_s: float
    release_s: float
    detune: float

    def add_note(
        self, out: np.ndarray, start: int, held: int, pitch: int, velocity: int, sample_rate: int
    ) -> None:
        """Play a note (`models.training.strokes.Instrument`)."""
        hz = 440.0 * 2.0 ** ((pitch - 69) / 12.0)
        loud = (velocity / 127.0) ** 1.5
        _add_note(out, start, held, hz, loud, float(sample_rate), astuple(self))


def draw_tone(rng: np.random.Generator) -> Tone:
    """Draw an instrument between soft piano and bright plucked string."""
    return Tone(
        tilt=float(rng.uniform(0.7, 2.2)),
        decay_s=float(np.exp(rng.uniform(np.log(0.3), np.log(2.5)))),
        damping=float(rng.uniform(0.1, 0.6)),
        stretch=float(10.0 ** rng.uniform(-4.5, -3.0)),
        position=float(rng.uniform(0.08, 0.4)),
        attack_s=float(rng.uniform(0.001, 0.012)),
        release_s=float(rng.uniform(0.03, 0.15)),
        detune=float(rng.uniform(0.0, 0.0015)),
    )


@kernel(reorder=True)
def _add_note(out, start, held, hz, level, rate, tone):
    """Add one note to ``out``; ``tone`` as in `Tone`, in its order."""
    tilt, decay_s, damping, stretch, position, attack_s, release_s, detune = tone
    n = min(held + int(5.0 * release_s * rate), out.shape[0] - start)
    decay = decay_s * (261.6 / hz) ** 0.5
    for k in range(1, 17):
        f = k * hz * np.sqrt(1.0 + stretch * k * k)
        if f > 0.45 * rate:
            break
        # soft notes are dull: the tilt grows as the level falls
        amplitude = level * k ** -(tilt + 1.2 * (1.0 - level)) * abs(np.sin(np.pi * k * position))
        if amplitude < 1e-4:
            continue
        time_s = decay / (1.0 + damping * (k - 1))
        per_sample = np.exp(-1.0 / (time_s * rate))
        audible = min(n, int(7.0 * time_s * rate))  # 60 dB
        release = np.exp(-1.0 / (release_s * rate))
        for string in range(2):
            step = 2.0 * np.pi * f * (1.0 + detune * (string - 0.5)) / rate
            c, s = np.cos(step), np.sin(step)
            x, y = amplitude * 0.5, 0.0
            rise = 1.0 / (attack_s * rate)
            for i in range(audible):
                gain = per_sample if i < held else per_sample * release
                x, y = gain * (c * x - s * y), gain * (s * x + c * y)
                out[start + i] += y * min(1.0, i * rise)
