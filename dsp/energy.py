"""Short-term energy and zero crossings of each hop.

Conventions
-----------
Energy is the mean square of the hop's new samples in dB re full scale (a full-scale square wave is
0 dB, a sine -3 dB), floor `SILENCE_DB`. The zero-crossing rate is the share of sample pairs, 0..1,
whose signs differ, the last sample of the previous hop included; exact zeros count as positive. The
resolved form of equation (3.1) of the paper rule: squares, not raw samples, and M of them.
"""

from __future__ import annotations

import numpy as np

from dsp.decibels import decibels
from dsp.jit import kernel

SILENCE_DB = -120.0


@kernel(reorder=True)
def push_energy(hop, last):
    """Energy and zero-crossing rate of one hop; ``last`` holds the last sample before it."""
    total = np.float32(0.0)
    crossings = 0
    previous = last[0] < 0.0
    for i in range(hop.shape[0]):
        total += hop[i] * hop[i]
        negative = hop[i] < 0.0
        crossings += negative != previous
        previous = negative
    last[0] = hop[hop.shape[0] - 1]
    scale = np.float32(1.0 / hop.shape[0])
    return decibels(total * scale, SILENCE_DB), crossings * scale


@kernel
def _energies(hops, last, energy, zcr):
    for h in range(hops.shape[0]):
        energy[h], zcr[h] = push_energy(hops[h], last)


class ShortTermEnergy:
    """Energy and zero-crossing rate, hop by hop.

    Parameters
    ----------
    max_frames : int
        Most hops that `push` will be given.
    """

    delay = 0

    def __init__(self, max_frames: int = 72) -> None:
        self.state = np.zeros(1, dtype=np.float32)
        self._energy = np.zeros(max_frames, dtype=np.float32)
        self._zcr = np.zeros(max_frames, dtype=np.float32)

    def push(self, hops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Measure hops.

        Parameters
        ----------
        hops : np.ndarray, shape=(n_hops, hop_length), float32

        Returns
        -------
        energy, zcr : np.ndarray, shape=(n_hops,), float32
            dB re full scale, and crossings a sample; views, valid until the next push.
        """
        energy, zcr = self._energy[: len(hops)], self._zcr[: len(hops)]
        _energies(hops, self.state, energy, zcr)
        return energy, zcr

    def reset(self) -> None:
        """Start a new stream: silence came before."""
        self.state[:] = 0.0
