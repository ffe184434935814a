"""Two hours of sound in one process: memory stays small and flat.

Measured with compiled kernels in the cache, as on every start but the very first: the compiler
itself takes some 80 MB more, once.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.house.source import ROOT

LIMIT_MB = 215.0
"""Half of it is numpy and the compiler's run time, 70 MB are the compiled kernels."""
GROWTH_MB = 4.0
MINUTES = 120

PROGRAM = """
import json, sys
import psutil
from oscbridge.analyzer import Analyzer
from oscbridge.sources.select import open_source
from oscbridge.sources.settings import SourceSettings
me = psutil.Process()
source = open_source("demo", SourceSettings(block_size=4096), realtime=False)
analyzer = Analyzer(source.sample_rate)
resident_mb, heard = [], 0
for minute in range(int(sys.argv[1])):
    while heard < (minute + 1) * 60 * source.sample_rate:
        block = source.read(1.0)
        analyzer.push(block)
        heard = block.stop
    resident_mb.append(me.memory_info().rss / 1e6)
print(json.dumps(resident_mb))
"""


def resident_mb_over(minutes: int) -> list[float]:
    """Resident memory after each minute of music, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(minutes)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.timeout(300)
def test_two_hours_of_music_fit_into_flat_memory() -> None:
    resident_mb_over(minutes=1)  # compiles what is not compiled yet
    resident_mb = resident_mb_over(MINUTES)
    print(f"\nresident: {resident_mb[0]:.0f} MB after a minute, {resident_mb[-1]:.0f} MB after all")
    assert max(resident_mb) <= LIMIT_MB
    assert resident_mb[-1] - resident_mb[MINUTES // 6] <= GROWTH_MB
