"""What all sources that bring samples from outside do with them: mix, clean, count.

Conventions
-----------
Channels are counted from 1 here, as people count them, and from 0 in `dsp.intake`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsp.intake import Intake
from oscbridge.errors import InputError

if TYPE_CHECKING:
    import numpy as np

    from oscbridge.stats import Stats


class Mixdown:
    """Interleaved frames in, clean mono out; bad samples are counted in ``stats``.

    Parameters
    ----------
    name : str
        What has the channels, for the sentence about one that does not exist.
    channels : int
        Samples of a frame.
    picked : tuple of int, optional
        Channels to mix, counted from 1; all of them by default.
    stats : Stats, optional
        Takes ``nonfinite`` and ``clipped``.
    max_block : int
        Longest block, frames.
    rows : np.ndarray, shape=(n, channels), float32, optional
        Where `take` finds frames that somebody else puts there.

    Raises
    ------
    InputError
        A picked channel does not exist.
    """

    def __init__(
        self,
        name: str,
        channels: int,
        picked: tuple[int, ...] | None,
        stats: Stats | None,
        *,
        max_block: int = 16384,
        rows: np.ndarray | None = None,
    ) -> None:
        if picked and max(picked) > channels:
            raise InputError(
                f"{name} has {channels} channel(s), channel {max(picked)} does not exist."
            )
        pick = [number - 1 for number in picked] if picked else None
        self._intake = Intake(channels, pick, max_block=max_block, rows=rows)
        self._stats = stats
        self._counted = (0, 0)

    def push(self, frames: np.ndarray) -> np.ndarray:
        """Mix frames, shape=(n, channels), float32; the result is valid until the next call."""
        samples = self._intake.push(frames)
        if self._intake.mended:
            self._count()
        return samples

    def take(self, at: int, n: int) -> np.ndarray:
        """Mix ``n`` of the rows from row ``at`` on, as `push` does; the first follows the last."""
        samples = self._intake.take(at, n)
        if self._intake.mended:
            self._count()
        return samples

    def _count(self) -> None:
        counted = (self._intake.nonfinite, self._intake.clipped)
        if self._stats is not None:
            self._stats.nonfinite += counted[0] - self._counted[0]
            self._stats.clipped += counted[1] - self._counted[1]
        self._counted = counted
