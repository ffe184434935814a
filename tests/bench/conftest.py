"""Under the table of times: how many seconds of sound each stage takes in during one second."""

from __future__ import annotations

import pytest
from _pytest.terminal import TerminalReporter


def pytest_terminal_summary(terminalreporter: TerminalReporter, config: pytest.Config) -> None:
    """Print what the benchmarks noted in ``extra_info``."""
    session = getattr(config, "_benchmarksession", None)
    noted = [
        (bench.name, bench.extra_info["times_real_time"])
        for bench in (session.benchmarks if session else [])
        if "times_real_time" in bench.extra_info
    ]
    if noted:
        terminalreporter.section("times real time, one core")
        for name, factor in noted:
            terminalreporter.write_line(f"{factor:8d} ×  {name.removeprefix('test_')}")
