"""How fast each stage and the whole path are, beside other libraries: measured, not asserted.

``make bench`` runs this and writes ``BENCHMARKS.md`` from it (`tests.bench.report`).
"""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from oscbridge.priority import undisturbed
from tests.bench.suite import Bench
from tests.bench.suites import load_suites

SUITES = load_suites()
ALL = [(suite.name, name) for suite in SUITES.values() for name in suite.contenders]


@pytest.mark.parametrize(("suite", "contender"), ALL, ids=[f"{s}: {c}" for s, c in ALL])
def test_speed(
    benchmark: BenchmarkFixture,
    bench: Bench,
    missing: list[dict[str, str]],
    suite: str,
    contender: str,
) -> None:
    benchmark.group = suite
    try:
        case = SUITES[suite].contenders[contender](bench)
    except ImportError as error:
        missing.append({"suite": suite, "contender": contender, "reason": str(error)})
        pytest.skip(f"{contender}: {error}")
    items = iter(case.items)
    benchmark.extra_info |= {"suite": suite, "contender": contender, "hops": case.hops}
    with undisturbed():  # the interpreter is set as for a run, whoever is measured
        benchmark.pedantic(
            case.update,
            setup=lambda: ((next(items),), {}),
            rounds=len(case.items) - case.warm_up,
            warmup_rounds=case.warm_up,
        )
    bench.sink.drain()
