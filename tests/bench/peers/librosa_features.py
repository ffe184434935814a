"""The features of a frame by librosa's functions, wavelets by PyWavelets.

Conventions
-----------
As `NumpyFeatures`. Each feature is what librosa offers for it, computed from one shared spectrum
where its functions accept that.
"""

from __future__ import annotations

import librosa
import numpy as np

from oscbridge.measuring.material import RATE_HZ
from tests.bench.peers.numpy_features import N_FFT, NumpyFeatures, dense_mel


class LibrosaFeatures(NumpyFeatures):
    """All features of a stream, hop by hop; wavelets by PyWavelets as in the other peer."""

    def __init__(self) -> None:
        super().__init__()
        self._matrix = dense_mel()
        self._bands = np.full((64, 3), -60.0, dtype=np.float32)

    def push(self, hop: np.ndarray) -> np.ndarray:
        """Take 256 samples; return the frame's features in the order of `dsp.features`."""
        frame = self._frame.push(hop)
        magnitude = np.abs(librosa.stft(frame, n_fft=N_FFT, hop_length=N_FFT, center=False))
        power = magnitude**2
        log_mel = librosa.power_to_db(self._matrix @ power, ref=1.0, amin=1e-10, top_db=None)
        self._bands[:, :-1] = self._bands[:, 1:]
        self._bands[:, -1:] = np.maximum(log_mel, -60.0)
        onset = librosa.onset.onset_strength(S=self._bands, lag=2, center=False, sr=RATE_HZ)
        rms = librosa.feature.rms(y=hop, frame_length=len(hop), hop_length=len(hop), center=False)
        zcr = librosa.feature.zero_crossing_rate(
            hop, frame_length=len(hop), hop_length=len(hop), center=False
        )
        centroid = librosa.feature.spectral_centroid(S=magnitude, sr=RATE_HZ, n_fft=N_FFT)
        chroma = librosa.feature.chroma_stft(S=power, sr=RATE_HZ, n_fft=N_FFT, tuning=0.0, norm=1)
        return np.concatenate(
            [
                log_mel[:, 0],
                self.wavelet(hop),
                librosa.amplitude_to_db(rms[0], ref=1.0, amin=1e-6, top_db=None),
                zcr[0],
                centroid[0],
                onset[-1:],
                chroma[:, 0],
            ]
        )
