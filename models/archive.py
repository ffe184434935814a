"""Arrays as bytes and back: an ``.npz`` from which nothing but plain numbers is ever taken.

Conventions
-----------
An archive is a zip of ``.npy`` entries as `numpy.savez` writes it, read with stricter rules,
because files travel and not everyone who hands them on is a friend:

- entries are stored, not compressed: what is read is never larger than the file (no zip bombs);
- an entry holds exactly the numbers that its header announces, and nothing else;
- numbers are booleans, integers or floating point of 16 to 64 bit, little endian; objects, which
  would need pickle, texts and records are refused before a byte of them is looked at.

The bytes depend on names, order and values of the arrays only, not on the clock.
"""

from __future__ import annotations

import io
import struct
import zipfile
from math import prod

import numpy as np

NUMBERS = ("bool", "int8", "uint8", "int16", "int32", "int64", "float16", "float32", "float64")
"""What an array may consist of."""
MOST_ARRAYS = 1024
"""More entries than that are no model."""

_SUFFIX = ".npy"
_NOT_QUITE = (
    *(zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError, LookupError),
    *(OverflowError, struct.error),
)
"""What zipfile and numpy raise for bytes that are nearly an archive of arrays."""


class ArchiveError(ValueError):
    """Bytes that are no archive of ours: says why."""


def pack(arrays: dict[str, np.ndarray]) -> bytes:
    """Write arrays of any shape into an archive.

    Raises
    ------
    ArchiveError
        An array that `unpack` would refuse.
    """
    memory = io.BytesIO()
    ordered = {key: np.asarray(array, order="C") for key, array in arrays.items()}
    for key, array in ordered.items():
        if array.dtype.name not in NUMBERS:
            raise ArchiveError(f"array {key!r} holds {array.dtype}, not plain numbers")
    np.savez(memory, allow_pickle=False, **ordered)  # pyright: ignore[reportArgumentType]
    return memory.getvalue()


def unpack(blob: bytes) -> dict[str, np.ndarray]:
    """Read an archive; the arrays are contiguous, writable and in the dtype that was stored.

    Raises
    ------
    ArchiveError
        The bytes break a rule of the module's docstring.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as archive:
            entries = archive.infolist()
            _check_entries(entries, len(blob))
            return {
                entry.filename.removesuffix(_SUFFIX): _read_array(entry, archive.read(entry))
                for entry in entries
            }
    except ArchiveError:
        raise
    except _NOT_QUITE as error:
        raise ArchiveError(f"it is no archive of arrays: {error}") from None


def describe(array: np.ndarray) -> str:
    """Say dtype and shape as cards do: ``float32 4x64x327``; a single number has no shape."""
    return " ".join([array.dtype.name, "x".join(map(str, array.shape))]).strip()


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse what is compressed, overlapping, doubled, oddly named or too much."""
    names = [entry.filename for entry in entries]
    if not entries or len(entries) > MOST_ARRAYS:
        raise ArchiveError(f"it holds {len(entries)} arrays, not 1 to {MOST_ARRAYS}")
    if len(set(names)) < len(names):
        raise ArchiveError("two of its arrays have one name")
    for entry in entries:
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
            raise ArchiveError(f"its entry {entry.filename!r} is compressed")
        if not entry.filename.endswith(_SUFFIX) or "/" in entry.filename:
            raise ArchiveError(f"its entry {entry.filename!r} is no array")
    if sum(entry.file_size for entry in entries) > size:
        raise ArchiveError("its entries announce more bytes than there are")


def _read_array(entry: zipfile.ZipInfo, content: bytes) -> np.ndarray:
    """Turn the bytes of one entry into an array."""
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    if version != (1, 0):
        raise ArchiveError(f"its entry {entry.filename!r} has an unknown header")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    if dtype.name not in NUMBERS or dtype != dtype.newbyteorder("<"):
        raise ArchiveError(f"its entry {entry.filename!r} holds {dtype}, not plain numbers")
    if any(length < 0 for length in shape):
        raise ArchiveError(f"its entry {entry.filename!r} has a negative length")
    rest = content[stream.tell() :]
    if len(rest) != prod(shape) * dtype.itemsize:
        raise ArchiveError(f"its entry {entry.filename!r} is not as long as it says")
    flat = np.frombuffer(rest, dtype)
    turned = flat.reshape(shape[::-1]).T if fortran else flat.reshape(shape)
    return np.array(turned, order="C")
