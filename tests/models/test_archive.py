"""Arrays as bytes: what was packed comes out, and whatever else comes in is one error."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import archive

ARRAYS = {
    "w": np.arange(6, dtype=np.float16).reshape(2, 3),
    "b": np.float32(2.0),
    "k": np.arange(3),
}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_happens_to_the_bytes_unpacking_gives_arrays_or_one_error(
    data: st.DataObject,
) -> None:
    blob = bytearray(archive.pack({key: np.asarray(array) for key, array in ARRAYS.items()}))
    if data.draw(st.booleans()):
        del blob[data.draw(st.integers(0, len(blob) - 1)) :]
    for _ in range(data.draw(st.integers(0, 6))):
        if blob:
            blob[data.draw(st.integers(0, len(blob) - 1))] = data.draw(st.integers(0, 255))
    try:
        arrays = archive.unpack(bytes(blob))
    except archive.ArchiveError:
        arrays = {}
    else:
        assert all(array.dtype.name in archive.NUMBERS for array in arrays.values())
    assert sum(array.nbytes for array in arrays.values()) <= len(blob)


def test_arrays_keep_shape_dtype_and_order_and_the_same_arrays_give_the_same_bytes() -> None:
    arrays = {
        "half": np.asarray([[1.0, 65504.0]], dtype=np.float16),
        "single": np.asarray(3.0),
        "empty": np.zeros((0, 4), dtype=np.int8),
        "turned": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    }
    blob = archive.pack(arrays)
    assert archive.pack(arrays) == blob
    for key, array in archive.unpack(blob).items():
        assert array.dtype == arrays[key].dtype
        assert array.shape == arrays[key].shape
        assert np.array_equal(array, arrays[key])
        assert array.flags.c_contiguous
        assert array.flags.writeable


def test_objects_and_texts_cannot_be_written() -> None:
    with pytest.raises(archive.ArchiveError, match="plain numbers"):
        archive.pack({"w": np.asarray([object()])})
