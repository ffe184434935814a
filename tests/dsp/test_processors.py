"""Processors without long vectors: the same features."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dsp.features import FeatureExtractor
from dsp.resample import Resampler
from tests.dsp.signals import noise, sine

INSTRUCTIONS = {"haswell": "+avx,+avx2,+fma", "generic": ""}
"""What each may use: AVX2 but not AVX-512, and no more than any processor has."""
PROGRAM = """
import sys
import numpy as np
from tests.dsp.test_processors import features
np.save(sys.argv[1], features())
"""


def features() -> np.ndarray:
    """Everything that is computed of two seconds at 44.1 kHz."""
    sound = noise(88200, level=0.01) + sine(441.0, 88200, 0.3, rate=44100)
    resampler, extractor = Resampler(44100, 24000), FeatureExtractor()
    parts = [extractor.push(resampler.push(part)).values.copy() for part in np.split(sound, 20)]
    return np.concatenate(parts)


@pytest.mark.compiled
@pytest.mark.parametrize("processor", INSTRUCTIONS)
def test_a_processor_without_long_vectors_reaches_the_same_features(
    processor: str, tmp_path: Path
) -> None:
    plays = {"NUMBA_CPU_NAME": processor, "NUMBA_CPU_FEATURES": INSTRUCTIONS[processor]}
    subprocess.run(
        [sys.executable, "-c", PROGRAM, tmp_path / "features.npy"],
        env={**os.environ, **plays, "NUMBA_CACHE_DIR": str(tmp_path)},
        check=True,
    )
    theirs, ours = np.load(tmp_path / "features.npy"), features()
    assert len(ours) > 180
    assert np.allclose(theirs, ours, rtol=1e-5, atol=1e-4)
