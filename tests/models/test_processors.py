"""Processors that widen halves, and such that cannot: the same answers of the networks."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from models.readers import Readers
from models.votes import Votes
from models.weights import read_weights
from tests.dsp.test_processors import INSTRUCTIONS

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import sys
import numpy as np
from models.half import widens_halves
from tests.models.test_processors import answers
assert widens_halves() == (sys.argv[2] == "yes")
np.save(sys.argv[1], answers())
"""
PROCESSORS = {
    "with halves": ("haswell", INSTRUCTIONS["haswell"] + ",+f16c", "yes"),
    "without": ("generic", INSTRUCTIONS["generic"], "no"),
}


def answers() -> np.ndarray:
    """Logits of the shipped networks and readings over twenty rows, shape=(20, 6)."""
    weights = read_weights("music")
    row_width, width = (weights.arrays[name].shape[1] for name in ("mean", "reader_mean"))
    votes, readers = Votes(weights, row_width), Readers(weights, width)
    rng = np.random.default_rng(3)
    said: list[np.ndarray] = []
    for _ in range(20):
        readings = readers.push(rng.normal(0.0, 2.0, width).astype(np.float32))
        logits = votes.push(rng.normal(0.0, 2.0, row_width).astype(np.float32), readings, 0.3)
        said.append(np.concatenate([logits, readings.ravel()]))
    return np.asarray(said)


@pytest.mark.compiled
@pytest.mark.parametrize("processor", PROCESSORS)
def test_networks_answer_the_same_on_every_processor(processor: str, tmp_path: Path) -> None:
    name, features, widens = PROCESSORS[processor]
    plays = {"NUMBA_CPU_NAME": name, "NUMBA_CPU_FEATURES": features}
    subprocess.run(
        [sys.executable, "-c", PROGRAM, tmp_path / "answers.npy", widens],
        env={**os.environ, **plays, "NUMBA_CACHE_DIR": str(tmp_path)},
        check=True,
    )
    theirs, ours = np.load(tmp_path / "answers.npy"), answers()
    assert np.ptp(ours) > 1.0
    np.testing.assert_allclose(theirs, ours, rtol=1e-5, atol=2e-5)
