"""Run every check of the project and close with one line that sums up: what `make test` does.

Order: the static checks and the kernels run as plain Python share the machine, since nothing in
them depends on time; then the whole test suite, alone, with a fresh cache of compiled kernels.
A static check counts as one test. Exit status 1: something failed, and under ``OSCBRIDGE_STRICT=1``
(set by ``.ci/run``) a skipped test has failed too.

Tests of the compiled run that failed are run once more by themselves if there are at most
`MOST_AGAIN` of them, as CPython's regrtest does with ``--rerun``: many talk to real peers, on
machines that are shared. Who passes then has passed, and is named at the end and in
``build/passed-second-time.txt``, since what fails by chance is to be mended too. Where pytest
itself broke, nothing is run again.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
REPORTS = ROOT / "build"
SUMMARY = REPORTS / "test-summary.txt"
SECOND_TIME = REPORTS / "passed-second-time.txt"
MOST_AGAIN = 5
"""Failures that chance may explain: where there are more, none is run again."""
TESTS_FAILED = 1
"""Exit status of pytest: it came to the end, and tests failed."""

STATIC_CHECKS = {
    "ruff format": [str(BIN / "ruff"), "format", "--check", "--quiet", "--diff", "."],
    "ruff check": [str(BIN / "ruff"), "check", "--quiet", "."],
    "pyright": [str(BIN / "pyright")],
    "import-linter": [str(BIN / "lint-imports")],
}


@dataclass
class Tally:
    """What came out: names of what passed and failed, reasons of skips.

    What passed ``second_time`` only is among ``passed``.
    """

    passed: list[str] = field(default_factory=list[str])
    second_time: list[str] = field(default_factory=list[str])
    failed: list[str] = field(default_factory=list[str])
    skipped: list[str] = field(default_factory=list[str])
    expected_failures: int = 0

    def add(self, other: Tally) -> None:
        """Add the results of another run."""
        self.passed += other.passed
        self.second_time += other.second_time
        self.failed += other.failed
        self.skipped += other.skipped
        self.expected_failures += other.expected_failures

    def correct(self, again: Tally) -> None:
        """Forgive what failed here and passed when it was run again."""
        self.second_time = [name for name in self.failed if name in again.passed]
        self.failed = [name for name in self.failed if name not in again.passed]
        self.passed += self.second_time

    def closing_line(self, elapsed_s: float) -> str:
        """Say it as pytest does: ``=== 1 failed, 41 passed, 2 skipped in 12.3s ===``."""
        counts = [
            (len(self.failed), "failed"),
            (len(self.passed), "passed"),
            (len(self.skipped), "skipped"),
            (self.expected_failures, "xfailed"),
        ]
        said = ", ".join(f"{n} {word}" for n, word in counts if n or word == "passed")
        return f" {said} in {elapsed_s:.2f}s ".center(100, "=")


def read_junit(path: Path, suite: str) -> Tally:
    """Count the cases of one pytest run; a report that is missing counts as one failure."""
    tally = Tally()
    if not path.exists():
        return Tally(failed=[f"{suite}: pytest wrote no report"])
    for case in ET.parse(path).iter("testcase"):
        name = f"{suite}: {case.get('classname')}::{case.get('name')}"
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            tally.failed.append(name)
        elif skip is None:
            tally.passed.append(name)
        elif skip.get("type") == "pytest.xfail":
            tally.expected_failures += 1
        else:
            tally.skipped.append(f"{name}: {skip.get('message')}")
    return tally


def run_quietly(name: str, command: list[str], env: dict[str, str]) -> tuple[bool, str]:
    """Run ``command``; print one line if it succeeds, else that line and all it said."""
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    said = (done.stdout + done.stderr).strip()
    took = f"{time.monotonic() - started:6.1f} s"
    if done.returncode == 0:
        print(f"  ok      {name:<34}{took}", flush=True)
    else:
        print(f"  FAILED  {name:<34}{took}\n\n{said}\n", flush=True)
    return done.returncode == 0, said


def static_checks(env: dict[str, str]) -> Tally:
    """Check format, style, types and layers."""
    tally = Tally()
    for name, command in STATIC_CHECKS.items():
        ok, _ = run_quietly(name, command, env)
        if ok:
            tally.passed.append(name)
        else:
            tally.failed.append(name)
    return tally


def interpreted_kernels(env: dict[str, str]) -> Tally:
    """Test `dsp` with its kernels as plain Python, where an index out of range raises."""
    report = REPORTS / "interpreted.xml"
    command = pytest_command(
        report, "tests/dsp", "-q", "-m", "not compiled", "-p", "no:cacheprovider"
    )
    ok, _ = run_quietly("dsp with NUMBA_DISABLE_JIT=1", command, {**env, "NUMBA_DISABLE_JIT": "1"})
    return conclude(ok, report, "interpreted")


def whole_suite(env: dict[str, str], arguments: list[str]) -> Tally:
    """Run all tests, compiled, in the open; a few that fail once more."""
    tally, status = compiled(env, "compiled.xml", "--cache-clear", *arguments)
    if status == TESTS_FAILED and len(tally.failed) <= MOST_AGAIN:
        print(f"\nWhat failed ({len(tally.failed)}) once more, by itself:\n", flush=True)
        only = ("--last-failed", "--last-failed-no-failures=none")
        tally.correct(compiled(env, "compiled-again.xml", *only, *arguments)[0])
    return tally


def compiled(env: dict[str, str], name: str, *arguments: str) -> tuple[Tally, int]:
    """Run tests, compiled, in the open; also return pytest's exit status."""
    report = REPORTS / name
    command = pytest_command(report, "-q", *arguments)
    done = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL)
    return conclude(done.returncode == 0, report, "compiled"), done.returncode


def pytest_command(report: Path, *arguments: str) -> list[str]:
    """Build the command of one pytest run that leaves its results in ``report``."""
    report.unlink(missing_ok=True)
    return [sys.executable, "-m", "pytest", f"--junitxml={report}", *arguments]


def conclude(ok: bool, report: Path, suite: str) -> Tally:
    """Read the report; a run that broke without naming a failure is a failure itself."""
    tally = read_junit(report, suite)
    if not ok and not tally.failed:
        tally.failed.append(f"{suite}: pytest itself failed, see above")
    return tally


def say(tally: Tally, elapsed_s: float) -> None:
    """Print what is to be looked at and the closing line, and keep both in ``build``."""
    titles = {
        "Skipped, and why": tally.skipped,
        "Passed only the second time": tally.second_time,
        "Failed": tally.failed,
    }
    for title, lines in titles.items():
        if lines:
            print(f"\n{title}:", *lines, sep="\n  ")
    SECOND_TIME.write_text("".join(f"{name}\n" for name in tally.second_time), encoding="utf-8")
    closing = tally.closing_line(elapsed_s)
    SUMMARY.write_text(closing.strip() + "\n", encoding="utf-8")
    print(f"\n{closing}", flush=True)


def main() -> int:
    """Run what was asked for and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--lint", action="store_true", help="only format, style, types and layers")
    parser.add_argument("pytest", nargs="*", help="arguments for pytest, after --")
    args = parser.parse_args()

    begun = time.monotonic()
    REPORTS.mkdir(exist_ok=True)
    # Kernels are compiled anew: a stale cache must not pass a test.
    cache = tempfile.mkdtemp(prefix="oscbridge-kernels-")
    env = {**os.environ, "NUMBA_CACHE_DIR": cache, "PYTHONUNBUFFERED": "1"}
    tally = Tally()
    try:
        if args.lint:
            tally.add(static_checks(env))
        else:
            with ThreadPoolExecutor(max_workers=2) as lanes:
                running = [lanes.submit(f, env) for f in (static_checks, interpreted_kernels)]
            for lane in running:
                tally.add(lane.result())
            print()
            tally.add(whole_suite(env, args.pytest))
    finally:
        shutil.rmtree(cache, ignore_errors=True)

    say(tally, time.monotonic() - begun)
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
