"""What must hold of the package in itself, written in C# and run under mono.

The checks in ``examples/unity/Tests/Checks`` are the same that Unity's Test Runner runs for users;
those in ``programs/EngineChecks.cs`` need the stub's clock and sockets of their own.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.unity.csharp import CHECKS, DEADLINE_S, check_names

pytestmark = pytest.mark.peer("mcs", "mono")

NAMES = check_names("examples/unity/Tests/Checks/*.cs", "tests/unity/programs/EngineChecks.cs")


@pytest.fixture(scope="module")
def verdicts(built: Path) -> dict[str, str]:
    """Give what became of each check: ``ok``, or why it failed."""
    done = subprocess.run(
        ["mono", built / "RunChecks.exe", built / CHECKS, built / "EngineChecks.dll"],
        capture_output=True,
        text=True,
        timeout=2 * DEADLINE_S,
        check=False,
    )
    found: dict[str, str] = {}
    for line in done.stdout.splitlines():
        verdict, _, rest = line.partition(" ")
        name, _, why = rest.partition(": ")
        found[name] = why or verdict
    return found


def test_the_list_is_the_one_that_the_program_finds(verdicts: dict[str, str]) -> None:
    assert sorted(verdicts) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_holds(name: str, verdicts: dict[str, str]) -> None:
    assert verdicts.get(name, "it did not run") == "ok"
