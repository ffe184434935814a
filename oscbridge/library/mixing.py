"""Which tracks can follow one another without a break: key and tempo, as DJs count them.

Conventions
-----------
A tempo fits when the following track, played up to `WIDEST_SHIFT` faster or slower, keeps the beat
of the one before it, at the same, the double or the half tempo. What is not known fits nothing: a
track is left out rather than clash.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from oscbridge.library import camelot

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from oscbridge.library.track import Track

WIDEST_SHIFT = 0.06
"""What a pitch fader may do, as a share of the tempo: the range of a turntable's is 8 %."""
OCTAVES = (1.0, 2.0, 0.5)
"""Of tempo: beats of one track for each beat of the other."""


class Groove(NamedTuple):
    """What the next track is mixed into.

    Attributes
    ----------
    tempo_bpm : float
        Beats a minute, NaN where unknown.
    key : int
        Index into `oscbridge.library.track.KEYS`, -1 where unknown.
    """

    tempo_bpm: float
    key: int


def groove_of(track: Track) -> Groove:
    """Tempo and key of a track."""
    tempo_bpm, key = track.sound.tempo_bpm, track.sound.key
    return Groove(math.nan if tempo_bpm is None else tempo_bpm, -1 if key is None else key)


def tempo_shift(tempo_bpm: float, tempos_bpm: ArrayLike) -> np.ndarray:
    """How much faster each track has to be played to keep the beat.

    Parameters
    ----------
    tempo_bpm : float
        Of the music before it, beats a minute.
    tempos_bpm : array_like, shape=(n,)
        Of the tracks, beats a minute, NaN where unknown.

    Returns
    -------
    np.ndarray, shape=(n,), float64
        The smallest such change as a share, 0.02 for 2 % faster; NaN where a tempo is not known.
    """
    tempos = np.asarray(tempos_bpm, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        changes = np.stack([octave * tempo_bpm / tempos - 1.0 for octave in OCTAVES])
    changes[~np.isfinite(changes)] = np.nan
    known = ~np.isnan(changes[0])
    shifts = np.full(tempos.shape, np.nan)
    nearest = np.argmin(np.abs(changes[:, known]), axis=0)
    shifts[known] = np.take_along_axis(changes[:, known], nearest[None], axis=0)[0]
    return shifts


def tempo_fits(tempo_bpm: float, tempos_bpm: ArrayLike) -> np.ndarray:
    """Which tracks keep the beat within `WIDEST_SHIFT`, shape=(n,), bool."""
    # Whole thousandths of a percent, so that exactly 6 % is 6 % whatever the rounding.
    return np.round(np.abs(tempo_shift(tempo_bpm, tempos_bpm)), 5) <= WIDEST_SHIFT


def fits(groove: Groove, tempos_bpm: ArrayLike, keys: ArrayLike) -> np.ndarray:
    """Which tracks fit both key and tempo, shape=(n,), bool."""
    return tempo_fits(groove.tempo_bpm, tempos_bpm) & camelot.fits(groove.key, keys)
