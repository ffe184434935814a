"""FeatureExtractor: samples in, feature frames out. The one place that defines a frame's layout.

Conventions
-----------
Frames as in `dsp.framing`. Spectral features (``log_mel``, ``onset``, ``chroma``, ``centroid``)
look at the whole frame of ``n_fft`` samples; ``energy``, ``zcr`` and ``wavelet`` at its newest
``hop_length`` samples only, so they react first. All references are fixed: a frame's values depend
on the samples up to its end and on nothing else.

========== ===== ============================================================ =======
name       width meaning                                                      unit
========== ===== ============================================================ =======
log_mel    64    log-mel power, 30 Hz to 11 kHz (`dsp.mel`)                   dB
wavelet    8     band powers of the Mallat pyramid, approx, coarse to fine    dB re FS
energy     1     mean square of the hop (`dsp.energy`)                        dB re FS
zcr        1     zero crossings a sample                                      0..1
centroid   1     centre of mass of the spectrum (`dsp.timbre`)                Hz
onset      1     rise of the log-mel spectrogram (`dsp.rhythm`)               dB
chroma     12    pitch-class profile (`dsp.harmony`)                          sums to 1
========== ===== ============================================================ =======
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from dsp import energy, harmony, mel, rhythm
from dsp.energy import ShortTermEnergy, push_energy
from dsp.fft import PowerSpectrum, push_spectrum
from dsp.framing import Framing, push_framing
from dsp.harmony import Chroma, push_chroma
from dsp.held import hold, opened
from dsp.jit import kernel
from dsp.layout import FeatureLayout
from dsp.mel import MelBands, build_mel, push_mel
from dsp.rhythm import OnsetStrength, push_onset
from dsp.timbre import SpectralCentroid, push_centroid
from dsp.types import FeatureFrames
from dsp.wavelet import WaveletPyramid, push_bands

_CONSTANTS = (1, mel.FLOOR_DB, energy.SILENCE_DB, rhythm.GATE_DB, harmony.RANGE_DB)
"""What else changes values; also a feature computed in a new way, by its number."""


@dataclass(frozen=True, slots=True)
class FeatureSettings:
    """What a frame contains; every value changes the layout's digest.

    Attributes
    ----------
    sample_rate : int
        The internal rate, Hz.
    n_fft, hop_length, n_mels : int
        Frame length, distance of frames (samples), mel bands.
    fmin, fmax : float
        Edges of the mel bands, Hz.
    wavelet, levels : str, int
        Filters and depth of the pyramid; ``2**levels`` divides ``hop_length``.
    onset_lag : int
        Frames between the two that onset strength compares.
    """

    sample_rate: int = 24000
    n_fft: int = 2048
    hop_length: int = 256
    n_mels: int = 64
    fmin: float = 30.0
    fmax: float = 11000.0
    wavelet: str = "db4"
    levels: int = 7
    onset_lag: int = 2


def build_layout(settings: FeatureSettings) -> FeatureLayout:
    """Build the layout of the frames that these settings make."""
    return FeatureLayout(
        sample_rate=settings.sample_rate,
        n_fft=settings.n_fft,
        hop_length=settings.hop_length,
        features=(
            ("log_mel", settings.n_mels),
            ("wavelet", settings.levels + 1),
            ("energy", 1),
            ("zcr", 1),
            ("centroid", 1),
            ("onset", 1),
            ("chroma", 12),
        ),
        settings=f"{sorted(asdict(settings).items())} {_CONSTANTS}",
    )


@kernel
def _push(n, held):
    """Take the ``n`` samples that came in. Returns how many rows of ``out`` they fill.

    All of a hop is done in one call, and one frame after the other: what a stage has written is
    still in the nearest cache when the next one reads it.
    """
    framing, spectrum, bands, pyramid, energy, bin_hz, onset, chroma, columns, power, out = opened(
        held
    )
    made = push_framing(n, framing)
    _, buffer, _, n_fft, hop_length = framing
    for f in range(made):
        frame = buffer[f * hop_length : f * hop_length + n_fft]
        hop = frame[n_fft - hop_length :]
        row = out[f]
        push_spectrum(frame, spectrum, power)
        log_mel = row[columns[0] : columns[1]]
        push_mel(power, bands, log_mel)
        push_bands(hop, pyramid, row[columns[1] : columns[2]])
        row[columns[2]], row[columns[3]] = push_energy(hop, energy)
        row[columns[4]] = push_centroid(power, bin_hz)
        row[columns[5]] = push_onset(log_mel, onset)
        push_chroma(power, chroma, row[columns[6] :])
    return made


class FeatureExtractor:
    """All features of a stream.

    Parameters
    ----------
    settings : FeatureSettings
        What to compute.
    max_block : int
        Longest block that `push` will be given, samples.

    Attributes
    ----------
    layout : FeatureLayout
        Where each feature stands in a frame.
    delay : int
        Samples of look-back before a frame holds no silence from before the start.

    Raises
    ------
    ValueError
        Settings out of range, as the single stages say.
    """

    def __init__(self, settings: FeatureSettings | None = None, max_block: int = 16384) -> None:
        self.settings = settings = settings or FeatureSettings()
        self.layout = build_layout(settings)
        if settings.hop_length % (1 << settings.levels):
            raise ValueError(
                f"hop_length {settings.hop_length} is no multiple of {1 << settings.levels}, as "
                f"{settings.levels} wavelet levels need"
            )
        self.max_block = max_block
        self._framing = framing = Framing(settings.n_fft, settings.hop_length, max_block)
        self._pyramid = WaveletPyramid(settings.wavelet, settings.levels, settings.hop_length)
        self._energy = ShortTermEnergy()
        self._onset = OnsetStrength(settings.n_mels, settings.onset_lag)
        self._values = np.zeros((framing.max_frames, self.layout.width), dtype=np.float32)
        self._held = hold(
            framing.state,
            *self._states(settings),
            np.asarray([self.layout.span(name).start for name in self.layout.names]),
            np.zeros(settings.n_fft // 2 + 1, dtype=np.float32),
            self._values,
        )
        self.delay = max(framing.delay, self._pyramid.delay)
        self.reset()
        self.push(np.zeros(settings.hop_length, dtype=np.float32))
        self.reset()

    def _states(self, settings: FeatureSettings) -> tuple[object, ...]:
        """State of each stage in the order of the kernel's arguments."""
        rate, n_fft = settings.sample_rate, settings.n_fft
        bank = build_mel(rate, n_fft, settings.n_mels, settings.fmin, settings.fmax)
        return (
            PowerSpectrum(n_fft, settings.hop_length).state,
            MelBands(bank).state,
            self._pyramid.state,
            self._energy.state,
            SpectralCentroid(rate, n_fft).bin_hz,
            self._onset.state,
            Chroma(rate, n_fft).state,
        )

    def push(self, samples: np.ndarray) -> FeatureFrames:
        """Take a block; return the frames that it completes.

        Parameters
        ----------
        samples : np.ndarray, shape=(n,), float32
            Mono, finite, at the internal rate.

        Raises
        ------
        ValueError
            A block longer than ``max_block``.
        """
        made = _push(self._framing.take(samples), self._held)
        first = self._made
        self._made = first + made
        return FeatureFrames(self._values[:made], first, self.layout, self._framing.rows[:made])

    def reset(self) -> None:
        """Start a new stream."""
        self._framing.reset()
        self._pyramid.reset()
        self._energy.reset()
        self._onset.reset()
        self._made = 0
