"""Where in the input the next frame is complete: a block that ends before leads to nothing.

Conventions
-----------
Positions count samples of the input from the start of the stream. Frame ``i`` is complete with the
internal sample ``(i + 1) · hop_length - 1``, and internal sample ``m`` with the input sample
``floor(m · rate_in / rate_out) + look_ahead`` (`dsp.framing`, `dsp.resample`).
"""

from __future__ import annotations

import math


class HopGrid:
    """The instants of the input at which frames are complete.

    Parameters
    ----------
    rate_in, rate_out : int
        Of the input and inside, Hz.
    hop_length : int
        Internal samples between two frames.
    look_ahead : int
        Input samples that the resampler looks ahead to.
    """

    def __init__(self, rate_in: int, rate_out: int, hop_length: int, look_ahead: int) -> None:
        divisor = math.gcd(rate_in, rate_out)
        self._up, down = rate_out // divisor, rate_in // divisor
        self._period = hop_length * down
        self._shift = down - 1 - look_ahead * self._up

    def missing(self, pushed: int) -> int:
        """How many input samples are missing to the next frame, after ``pushed`` of them."""
        # In parts of an input sample: frame i is complete at (i + 1) * period.
        at = pushed * self._up + self._shift
        rest = self._period - (at % self._period if at >= 0 else at)
        return -(-rest // self._up)
