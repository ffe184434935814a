"""What a heart rate strap says: the Heart Rate Measurement of Bluetooth's Heart Rate Service.

Conventions
-----------
`read_measurement` reads one value of the characteristic 0x2A37. Its first byte holds flags: bit 0,
the rate has 16 bits instead of 8; bits 1 and 2, whether there is contact with the skin, and whether
the strap can tell; bit 3, two bytes of energy expended follow; bit 4, times between beats follow,
in 1/1024 s, oldest first. Everything is little-endian.

References
----------
Bluetooth SIG, "Heart Rate Service" 1.0, section 3.1.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

SERVICE = "0000180d-0000-1000-8000-00805f9b34fb"
CHARACTERISTIC = "00002a37-0000-1000-8000-00805f9b34fb"

_LONG_RATE, _CONTACT, _TELLS_CONTACT, _ENERGY, _INTERVALS = 1, 2, 4, 8, 16
_INTERVAL_HZ = 1024.0


class Measurement(NamedTuple):
    """One measurement.

    Attributes
    ----------
    bpm : float
        Heart rate, beats a minute; 0 where the strap has none.
    contact : bool or None
        Whether it touches the skin; None where the strap cannot tell.
    rr_s : tuple of float
        Times between the beats since the last measurement, seconds, oldest first.
    """

    bpm: float
    contact: bool | None = None
    rr_s: tuple[float, ...] = ()


def read_measurement(data: bytes | bytearray) -> Measurement:
    """Read a value of the characteristic. Raises ``ValueError`` where it is cut off."""
    try:
        flags = data[0]
        bpm = struct.unpack_from("<H" if flags & _LONG_RATE else "B", data, 1)[0]
    except (IndexError, struct.error):
        raise ValueError(f"no heart rate measurement: {bytes(data).hex() or 'nothing'}") from None
    at = 1 + (2 if flags & _LONG_RATE else 1) + (2 if flags & _ENERGY else 0)
    if at > len(data):
        raise ValueError(f"a heart rate measurement is cut off: {bytes(data).hex()}")
    rr_s: tuple[float, ...] = ()
    if flags & _INTERVALS:
        whole = len(data) - (len(data) - at) % 2
        rr_s = tuple(ticks / _INTERVAL_HZ for (ticks,) in struct.iter_unpack("<H", data[at:whole]))
    contact = bool(flags & _CONTACT) if flags & _TELLS_CONTACT else None
    return Measurement(float(bpm), contact, rr_s)
