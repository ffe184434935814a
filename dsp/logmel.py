"""Log-mel spectrogram as one stage: framing → power → mel → dB.

Conventions
-----------
Samples in, shape (n_frames, n_mels) in dB out, floor -100 dB, fixed reference. Frames as in
`dsp.framing`: equal to librosa's ``power_to_db(melspectrogram(center=False), ref=1, top_db=None)``
of the stream with ``n_fft - hop_length`` zeros before it.
"""

from __future__ import annotations

import numpy as np

from dsp.fft import PowerSpectrum, push_spectrum
from dsp.framing import Framing, push_framing
from dsp.held import hold, opened
from dsp.jit import kernel
from dsp.mel import MelBands, build_mel, push_mel


@kernel
def _push(n, held):
    """Take the ``n`` samples that came in. Returns how many rows of ``out`` they fill."""
    framing, spectrum, bands, power, out = opened(held)
    made = push_framing(n, framing)
    _, buffer, _, n_fft, hop_length = framing
    for f in range(made):
        push_spectrum(buffer[f * hop_length : f * hop_length + n_fft], spectrum, power)
        push_mel(power, bands, out[f])
    return made


class LogMel:
    """Streaming log-mel spectrogram.

    Parameters
    ----------
    sample_rate : int
        Hz.
    n_fft, hop_length, n_mels : int
        Frame length, distance of frames (samples), number of bands.
    fmin, fmax : float
        Edges of the lowest and highest band, Hz.
    max_block : int
        Longest block that `push` will be given, samples.

    Raises
    ------
    ValueError
        As `Framing`, `PowerSpectrum` and `build_mel` do.
    """

    def __init__(
        self,
        sample_rate: int = 24000,
        n_fft: int = 2048,
        hop_length: int = 256,
        n_mels: int = 64,
        fmin: float = 30.0,
        fmax: float = 11000.0,
        max_block: int = 16384,
    ) -> None:
        self._framing = Framing(n_fft, hop_length, max_block)
        spectrum = PowerSpectrum(n_fft, hop_length)
        bands = MelBands(build_mel(sample_rate, n_fft, n_mels, fmin, fmax))
        power = np.zeros(spectrum.n_bins, dtype=np.float32)
        self._out = np.zeros((self._framing.max_frames, n_mels), dtype=np.float32)
        self._held = hold(self._framing.state, spectrum.state, bands.state, power, self._out)
        self.delay = self._framing.delay
        self.push(np.zeros(hop_length, dtype=np.float32))
        self.reset()

    def push(self, samples: np.ndarray) -> np.ndarray:
        """Take samples, shape=(n,), float32; return shape=(n_frames, n_mels), dB, a view.

        Raises
        ------
        ValueError
            A block longer than ``max_block``.
        """
        return self._out[: _push(self._framing.take(samples), self._held)]

    def reset(self) -> None:
        """Start a new stream."""
        self._framing.reset()
