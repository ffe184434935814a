"""The features of a frame by essentia's algorithms, wavelets by PyWavelets.

Conventions
-----------
As `NumpyFeatures`. Chroma is essentia's HPCP of its spectral peaks.
"""

from __future__ import annotations

import essentia.standard as es
import numpy as np

from oscbridge.measuring.material import RATE_HZ, SETTINGS
from tests.bench.peers.numpy_features import FMAX_HZ, FMIN_HZ, N_FFT, NumpyFeatures


class EssentiaFeatures(NumpyFeatures):
    """All features of a stream, hop by hop."""

    def __init__(self) -> None:
        super().__init__()
        self._windowing = es.Windowing(type="hann", normalized=False, zeroPhase=False, size=N_FFT)
        self._spectrum = es.Spectrum(size=N_FFT)
        self._bands = es.MelBands(
            inputSize=N_FFT // 2 + 1,
            numberBands=SETTINGS.n_mels,
            sampleRate=RATE_HZ,
            lowFrequencyBound=SETTINGS.fmin,
            highFrequencyBound=SETTINGS.fmax,
            warpingFormula="slaneyMel",
            weighting="linear",
            normalize="unit_tri",
        )
        self._energy = es.InstantPower()
        self._zcr = es.ZeroCrossingRate()
        self._centre = es.Centroid(range=RATE_HZ / 2)
        self._peaks = es.SpectralPeaks(
            sampleRate=RATE_HZ, minFrequency=FMIN_HZ, maxFrequency=FMAX_HZ, maxPeaks=100
        )
        self._hpcp = es.HPCP(
            size=12, sampleRate=RATE_HZ, minFrequency=FMIN_HZ, maxFrequency=FMAX_HZ, harmonics=0
        )

    def push(self, hop: np.ndarray) -> np.ndarray:
        """Take 256 samples; return the frame's features in the order of `dsp.features`."""
        spectrum = self._spectrum(self._windowing(self._frame.push(hop)))
        log_mel = 10.0 * np.log10(np.maximum(self._bands(spectrum), 1e-10))
        chroma = self._hpcp(*self._peaks(spectrum))
        energy = 10.0 * np.log10(max(self._energy(hop), 1e-12))
        scalars = [energy, self._zcr(hop), self._centre(spectrum), self.onset(log_mel)]
        return np.concatenate([log_mel, self.wavelet(hop), scalars, chroma])
