"""Write ``BENCHMARKS.md`` and its picture from what the benchmarks measured: ``make bench``.

::

    python -m tests.bench.report build/benchmarks.json     from a fresh run
    python -m tests.bench.report                           from the results that are kept
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from oscbridge.measuring.material import HOP_S
from tests.bench.picture import draw
from tests.bench.results import (
    Results,
    judge,
    ratio,
    saturated,
    streams_a_core,
    sum_up,
)
from tests.bench.suite import Suite
from tests.bench.suites import load_suites

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).parent / "results"
PAGE = ROOT / "BENCHMARKS.md"
VERDICTS = {True: "reached", False: "not reached", None: "not measured"}
BEGIN, END = "<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"


def main(arguments: list[str]) -> int:
    """Write results, picture and page; return the exit status."""
    KEPT.mkdir(exist_ok=True)
    kept = KEPT / "speed.json"
    if arguments:
        results = sum_up(json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
        kept.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    else:
        results = json.loads(kept.read_text(encoding="utf-8"))
    draw(results, KEPT / "speed.png")
    page = PAGE.read_text(encoding="utf-8")
    marked = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not marked.search(page):
        print(f"{PAGE.name} has lost its markers {BEGIN} and {END}", file=sys.stderr)
        return 1
    text = f"{BEGIN}\n\n{write(results)}\n\n{END}"
    PAGE.write_text(marked.sub(lambda _: text, page), encoding="utf-8")
    verdicts = judge(results)
    for verdict in verdicts:
        print(f"  {VERDICTS[verdict.reached]:<13} {verdict.goal}: {verdict.measured}")
    reached = sum(verdict.reached is True for verdict in verdicts)
    print(f"{PAGE.name}: {reached} of {len(verdicts)} goals reached")
    return 0


def write(results: Results) -> str:
    """The measured part of the page, Markdown."""
    parts = [
        "![Microseconds a hop of every stage beside its peers](tests/bench/results/speed.png)",
        _machine(results),
        "## Goals",
        _goals(results),
        *(part for suite in load_suites().values() for part in _suite(suite, results)),
        "## At the pace of real life",
        _paced(results),
        "## Many streams",
        _streams(results),
    ]
    return "\n\n".join(parts)


def _machine(results: Results) -> str:
    machine = results["machine"]
    versions = ", ".join(f"{name} {machine[name]}" for name in ("python", "numpy", "numba"))
    lines = [
        f"Measured on {results['measured_on']}: {machine['processor']}, {machine['cores']} cores, "
        f"{machine['system']}, {versions}; one thread."
    ]
    if results["missing"]:
        lines += [f"- **missing**: {m['contender']} ({m['reason']})" for m in results["missing"]]
    else:
        lines.append("No peer was missing.")
    return "\n".join(lines)


def _goals(results: Results) -> str:
    rows = [
        [v.goal, v.measured, "reached" if v.reached else f"**{VERDICTS[v.reached]}**"]
        for v in judge(results)
    ]
    return _table(["goal", "measured", ""], rows)


def _suite(suite: Suite, results: Results) -> list[str]:
    figures = results["suites"][suite.name]
    title = f"## {suite.name[0].upper()}{suite.name[1:]}"
    head = ["", "× real time", "× ours"] if suite.whole else ["", "median", "p99", "mean", "× ours"]
    first = next(iter(suite.contenders))
    rows: list[list[str]] = []
    for name in suite.contenders:
        if name not in figures:
            rows.append([name, *["missing"] * (len(head) - 1)])
            continue
        one = figures[name]
        values = (
            [f"{one['times']:,.0f}"]
            if suite.whole
            else [f"{one[key]:,.1f}" for key in ("median_us", "p99_us", "mean_us")]
        )
        times = ratio(suite, figures, name)
        shown = f"{1.0 / times:.2f}" if suite.whole else f"{times:,.1f}"
        cells = [name, *values, "1" if name == first else shown]
        rows.append([f"**{cell}**" for cell in cells] if name == first else cells)
    unit = "" if suite.whole else " µs a call."
    said = f"{suite.what[0].upper()}{suite.what[1:]}.{unit}{' ' + suite.note if suite.note else ''}"
    return [title, said, _table(head, rows)]


def _paced(results: Results) -> str:
    rows: list[list[str]] = []
    for name, one in results["paced"].items():
        times = [f"{one[key]:,.0f}" for key in ("p50_us", "p99_us", "late_p99_us")]
        rows.append([name, *times, f"{100.0 * one['core_share']:.1f} %"])
    process = results["process"]
    return (
        "One hop every 10.67 ms, asleep in between: caches have grown cold, as they are live. µs "
        "from block in to packets out; *woken late* is what the system adds before.\n\n"
        + _table(["", "p50", "p99", "woken late, p99", "of a core"], rows)
        + "\n\nA whole run with all its threads, from a file at the pace of real life, took "
        f"{100.0 * process['core_share']:.1f} % of a core; its first packet left "
        f"{process['first_packet_s']:.2f} s after the start of the process (best of three)."
    )


def _streams(results: Results) -> str:
    hot = [
        [count, f"{100.0 * share:.1f} %", f"{1e6 * share * HOP_S / int(count):.0f}"]
        for count, share in results["streams"]["core_share"].items()
    ]
    live = [
        [count, f"{100.0 * run['core_share']:.1f} %", f"{100.0 * run['kept']:.0f} %"]
        for count, run in results["runs"].items()
    ]
    return (
        "Streams in one process, each with everything and its own packets, pushed in turn without "
        "a pause, each at another place of the music. "
        f"{_filled(results['streams']['core_share'])}\n\n"
        + _table(["streams", "of a core", "µs a stream and hop"], hot)
        + "\n\nThe same as a run in real time: one thread takes the turns of all, which have their "
        "blocks at the same instants.\n\n" + _table(["streams", "of a core", "heard in time"], live)
    )


def _filled(shares: dict[str, float]) -> str:
    more = "" if saturated(shares) else "more than "
    return f"One core is filled by {more}{streams_a_core(shares)}."


def _table(head: list[str], rows: list[list[str]]) -> str:
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
