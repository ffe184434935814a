"""``oscbridge doctor``: one line a check, the command that mends it, and a verdict."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from oscbridge.diagnosis.checks import CHECKS, examine

if TYPE_CHECKING:
    import argparse

    from oscbridge.diagnosis.finding import Finding

DESCRIPTION = """\
Check what oscbridge needs on this machine: what works, what does not, and what mends it.
The exit status is 0 if the main job works (sound in, OSC out), 1 if it does not."""

EXAMPLES = """\
examples:
  oscbridge doctor
  oscbridge doctor --json          for a bug report or a script

next: oscbridge demo, and beside it oscbridge monitor"""

_MARKS = {
    "ok": ("ok", "\x1b[32m"),
    "limited": ("limited", "\x1b[33m"),
    "broken": ("BROKEN", "\x1b[31m"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge doctor``."""
    parser.add_argument("--json", action="store_true", help="one JSON object with all findings")


def run(args: argparse.Namespace) -> int:
    """Run all checks, print them, and return 0 if the main job works, else 1."""
    findings: list[Finding] = []
    for name, check in CHECKS:
        finding = examine(name, check)
        findings.append(finding)
        if not args.json:
            _print_finding(finding)
    works = all(finding.verdict != "broken" for finding in findings)
    if args.json:
        print(json.dumps({"works": works, "findings": [asdict(f) for f in findings]}, indent=2))
    else:
        print(_verdict(findings))
    return 0 if works else 1


def _print_finding(finding: Finding) -> None:
    word, colour = _MARKS[finding.verdict]
    mark = f"{word:<8}"
    if sys.stdout.isatty():
        mark = f"{colour}{mark}\x1b[0m"
    print(f"{mark} {finding.check:<13} {finding.detail}")
    if finding.remedy:
        print(f"{'':22} → {finding.remedy}", flush=True)


def _verdict(findings: list[Finding]) -> str:
    broken = [finding.check for finding in findings if finding.verdict == "broken"]
    limited = [finding.check for finding in findings if finding.verdict == "limited"]
    if broken:
        return f"\nThe main job does not work yet: mend {', '.join(broken)} first."
    if limited:
        return f"\nThe main job works: try 'oscbridge demo'. Limited: {', '.join(limited)}."
    return "\nEverything works: try 'oscbridge demo'."
