"""Decibels: a logarithm that a loop can take of many values at once.

Conventions
-----------
`log2` takes positive, normal float32 values, `decibels` also zero; NaN and infinity come back as
they are. They are made of sums, products and one division, so that the compiler uses vectors where
the C library's logarithm would be called value by value. Error: 10⁻⁶ absolute, 2·10⁻⁷ relative near
x = 1.

Method
------
x = 2^e · m with m between √½ and √2, read from the bits of the number, and
ln m = 2 artanh((m - 1) / (m + 1)) by its series.
"""

from __future__ import annotations

import numpy as np

from dsp.jit import kernel

_ROOT_HALF = np.int32(0x3F3504F3)
"""Bits of √½ as a float32; its exponent field ends at bit 23."""
_EXPONENT = np.int32(23)
_TWO_OVER_LN2 = np.float32(2.0 / np.log(2.0))
_DB_AN_OCTAVE = np.float32(10.0 * np.log10(2.0))
_INFINITY = np.float32(np.inf)
_TINY = np.finfo(np.float32).tiny


@kernel(reorder=True, inline=True)
def log2(x):
    """Binary logarithm of a float32."""
    x = np.float32(x)
    bits = x.view(np.int32)
    exponent = np.int32(np.int32(bits - _ROOT_HALF) >> _EXPONENT)
    m = np.int32(bits - np.int32(exponent << _EXPONENT)).view(np.float32)
    s = (m - np.float32(1.0)) / (m + np.float32(1.0))
    square = s * s
    series = np.float32(1.0 / 9.0)
    series = series * square + np.float32(1.0 / 7.0)
    series = series * square + np.float32(1.0 / 5.0)
    series = series * square + np.float32(1.0 / 3.0)
    series = series * square + np.float32(1.0)
    value = np.float32(exponent) + _TWO_OVER_LN2 * s * series
    return value if x < _INFINITY else x


@kernel(reorder=True, inline=True)
def decibels(power, floor_db):
    """10·log10 of a float32, ``floor_db`` at least; zero is at the floor."""
    return max(_DB_AN_OCTAVE * log2(max(power, _TINY)), np.float32(floor_db))
