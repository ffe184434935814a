"""What the compiler makes sure of in all kernels."""

from __future__ import annotations

import numpy as np
import pytest
from numba.core.errors import NumbaError

from dsp.jit import kernel


@kernel
def _make_array(n):
    return np.zeros(n)[0]


@kernel
def _copy_slice(x, y):
    x[:] = y


@pytest.mark.compiled
def test_a_kernel_that_allocates_is_refused() -> None:
    with pytest.raises(NumbaError):
        _make_array(3)
    with pytest.raises(NumbaError, match="NRT required"):  # two arrays may overlap: numba copies
        _copy_slice(np.zeros(3), np.ones(3))
