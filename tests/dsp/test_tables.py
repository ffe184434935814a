"""Tables that streams share: one in memory, by what they hold, for as long as one has them."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from dsp.fft import PowerSpectrum
from dsp.tables import LINE, shared


def table(first: float = 0.0) -> np.ndarray:
    return np.arange(first, first + 300.0, dtype=np.float32).reshape(3, 100)


def test_equal_tables_are_one() -> None:
    one, other = shared(table()), shared(table())
    assert one is other
    np.testing.assert_array_equal(one, table())


@pytest.mark.parametrize(
    "different",
    [table(1.0), table().reshape(100, 3), table().astype(np.float64), table().view(np.int32)],
    ids=["numbers", "shape", "precision", "kind"],
)
def test_different_tables_are_not(different: np.ndarray) -> None:
    kept = shared(table())
    ours = shared(different)
    assert ours is not kept
    np.testing.assert_array_equal(ours, different)
    assert ours.dtype == different.dtype


def test_a_table_begins_with_a_line_of_cache_and_is_read_only() -> None:
    turned = shared(table().T)
    assert turned.ctypes.data % LINE == 0
    assert turned.flags.c_contiguous
    with pytest.raises(ValueError, match="read-only"):
        turned[0, 0] = 1.0


def test_whoever_gave_it_may_change_what_he_gave() -> None:
    given = table(7.0)
    ours = shared(given)
    given[:] = 0.0
    np.testing.assert_array_equal(ours, table(7.0))


def test_a_table_goes_with_the_last_who_has_it() -> None:
    one, other = shared(table(5.0)), shared(table(5.0))
    watched = weakref.ref(one)
    del one
    gc.collect()
    assert watched() is not None
    del other
    gc.collect()
    assert watched() is None


def test_stages_of_one_kind_have_one_window() -> None:
    one, other = PowerSpectrum(512, 128), PowerSpectrum(512, 256)
    assert one.state[0] is other.state[0]
    assert one.state[3] is not other.state[3]  # room to compute in is everyone's own
