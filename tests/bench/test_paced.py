"""The whole hop at the pace of real life, the process around it, and how many streams fit in."""

from __future__ import annotations

from itertools import cycle, islice

import numpy as np
import pytest

from oscbridge.measuring import process
from oscbridge.measuring.material import HOP_S
from oscbridge.measuring.stages import WholeHop
from oscbridge.measuring.timing import time_each, time_paced
from oscbridge.outputs import osc
from tests.bench.results import streams_carried
from tests.bench.suite import Bench
from tests.bench.suites.whole_hop import SUITE

PACED_S = 5.0
WARM_HOPS = 100
RUN_S = 4.0
STARTS = 3
STREAMS = (1, 4, 16, 64, 128, 256, 384, 512)
"""Numbers of streams that are tried, until they are too many."""
ROUNDS = 48
RUNS = (1, 8, 16, 32, 48, 64, 80, 100, 128)
"""Numbers of streams of a run that are tried, until they are too many for one core."""
POOL = 16


@pytest.mark.parametrize("contender", SUITE.contenders)
def test_a_hop_every_ten_milliseconds(
    bench: Bench, measured: dict[str, dict[str, object]], contender: str
) -> None:
    try:
        case = SUITE.contenders[contender](bench)
    except ImportError as error:
        pytest.skip(f"{contender}: {error}")
    items = cycle(case.items)
    for item in islice(items, WARM_HOPS):
        case.update(item)
    spent, late = time_paced(case.update, islice(items, round(PACED_S / HOP_S)), HOP_S)
    assert len(spent) == len(late) > 400
    measured.setdefault("paced", {})[contender] = {
        "p50_us": 1e6 * float(np.median(spent)),
        "p99_us": 1e6 * float(np.quantile(spent, 0.99)),
        "late_p99_us": 1e6 * float(np.quantile(late, 0.99)),
        "core_share": float(spent.mean()) / HOP_S,
    }
    bench.sink.drain()


def test_the_process_with_all_its_threads(
    bench: Bench, measured: dict[str, dict[str, object]]
) -> None:
    wav = bench.folder / "run.wav"
    process.write_wav(bench.material, wav)
    starts_s = [process.seconds_to_first_packet(wav, bench.sink) for _ in range(STARTS)]
    measured["process"] = {
        "first_packet_s": min(starts_s),
        "core_share": process.measure_live(wav, RUN_S, bench.sink).core_share,
    }
    assert min(starts_s) > 0.0


@pytest.mark.timeout(300)
def test_streams_that_a_run_carries(bench: Bench, measured: dict[str, dict[str, object]]) -> None:
    """More and more streams in one run, with all its threads, until it falls behind."""
    wav = bench.folder / "streams.wav"
    process.write_wav(bench.material, wav)
    runs: dict[str, dict[str, float]] = {}
    for count in RUNS:
        load = process.measure_live(wav, RUN_S, bench.sink, count)
        bench.sink.drain()
        runs[str(count)] = {"core_share": load.core_share, "kept": load.kept}
        if streams_carried(runs)[1]:
            break
    measured["runs"] = runs
    assert runs["1"]["kept"] > 0.0


@pytest.mark.timeout(300)
def test_streams_that_a_core_carries(bench: Bench, measured: dict[str, dict[str, object]]) -> None:
    """Hops of many streams in turn, each at another place of the music and of its pool."""
    blocks = bench.material.blocks
    outputs: list[osc.OscOutput] = []
    streams: list[WholeHop] = []
    shares: dict[str, float] = {}
    try:
        for count in STREAMS:
            while len(streams) < count:
                outputs.append(osc.open(osc.Config(to=(bench.sink.target,))))
                streams.append(WholeHop([outputs[-1]]))
                for block in blocks[: len(streams) % POOL]:
                    streams[-1].update(block)

            def everyone(at: int) -> None:
                for number, stream in enumerate(streams):
                    stream.update(blocks[(at + 37 * number) % len(blocks)])

            spent = time_each(everyone, range(POOL + ROUNDS), warm_up=POOL)
            bench.sink.drain()
            shares[str(count)] = float(np.median(spent)) / HOP_S
            if shares[str(count)] > 1.0:
                break
    finally:
        for output in outputs:
            output.close()
    measured["streams"] = {"core_share": shares}
    assert shares["1"] > 0.0
