"""Two hours of sound in one process: memory stays small and flat."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.house.source import ROOT

LIMIT_MB = 200.0
GROWTH_MB = 4.0
MINUTES = 120

PROGRAM = """
import json, sys
import psutil
from oscbridge.analyzer import Analyzer
from oscbridge.sources.select import SourceSettings, open_source
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


@pytest.mark.timeout(900)
def test_two_hours_of_music_fit_into_flat_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(MINUTES)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    resident_mb = json.loads(done.stdout)
    print(f"\nresident: {resident_mb[0]:.0f} MB after a minute, {resident_mb[-1]:.0f} MB after all")
    assert max(resident_mb) <= LIMIT_MB
    assert resident_mb[-1] - resident_mb[MINUTES // 6] <= GROWTH_MB
