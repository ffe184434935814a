"""All of the analysis of a whole file, decoding too: what ``oscbridge analyze`` does."""

from __future__ import annotations

from pathlib import Path

from oscbridge.analyzer import Analyzer
from oscbridge.measuring import process
from oscbridge.measuring.material import DEVICE_RATE_HZ
from oscbridge.offline.ahead import heard_ahead
from oscbridge.sources.file import File
from oscbridge.sources.settings import SourceSettings
from tests.bench.suite import OURS, Bench, Case, Goal, Suite

REPEATS = 6


def ours(bench: Bench) -> Case:
    """``oscbridge analyze``: decoding, features, beats, boundaries, music model."""
    path = bench.folder / "music.wav"
    process.write_wav(bench.material, path)
    analyzer = Analyzer(DEVICE_RATE_HZ)

    def analyse(wav: Path) -> None:
        analyzer.reset()
        source = File(str(wav), SourceSettings(), realtime=False)
        for heard in heard_ahead(source, analyzer):
            for frames in heard.frames:
                analyzer.follow(frames)
        analyzer.finish()
        source.close()

    return Case(analyse, [path] * REPEATS, warm_up=1, hops=len(bench.material.hops))


SUITE = Suite(
    name="analyze",
    what="a WAV file of 48 kHz: decoding, features, beats, boundaries, valence and arousal; two "
    "threads, on two processors where there are two",
    contenders={OURS: ours},
    goals=(Goal(least_times=1000.0),),
    whole=True,
)
