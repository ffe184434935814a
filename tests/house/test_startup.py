"""The command line answers at once, and the live path carries nothing that only training needs.

CPU time is that of the child process alone, as the operating system accounts it; the best of
several runs counts, since a busy machine can only make a run look slower than it is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.house.source import PACKAGES, ROOT

BUDGET_S = 0.4
TRIES = 8
TRAINING_LIBRARIES = {"torch", "librosa", "scipy", "sklearn", "pywt", "tqdm"}

EVERYTHING_LIVE = """
import importlib, json, pkgutil, sys
for package in sys.argv[1:]:
    importlib.import_module(package)
    for module in pkgutil.walk_packages([package], package + "."):
        offline = f"{module.name}.".startswith("models.training.")
        if not offline and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
print(json.dumps(sorted(sys.modules)))
"""

# Where scipy is installed, numba looks at its version on import and at its BLAS when it compiles;
# that is not our import. (`test_wheel` runs the analysis where there is no scipy at all.)
NUMBA_ALONE = """
import json, sys
import numba
numba.njit(lambda x: x + 1.0)(1.0)
print(json.dumps(sorted(sys.modules)))
"""

ANALYSIS = """
import json, sys
import numpy as np
from dsp.types import AudioBlock
from oscbridge.analyzer import Analyzer
analyzer = Analyzer(44100)
noise = np.random.default_rng(1).uniform(-0.1, 0.1, 3 * 44100).astype(np.float32)
results = analyzer.push(AudioBlock(noise, 0, 44100)) + analyzer.finish()
assert results
print(json.dumps(sorted(sys.modules)))
"""


def cpu_seconds(*arguments: str) -> float:
    """User and system time of one run of ``python -m oscbridge`` with ``arguments``."""
    command = [sys.executable, "-m", "oscbridge", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    ) as child:
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return used.ru_utime + used.ru_stime


def modules_loaded_by(program: str, *arguments: str) -> set[str]:
    """Full names of all modules in memory after ``program`` has run."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def training_modules(program: str, *arguments: str) -> set[str]:
    """Which modules of training libraries ``program`` loads and numba by itself does not."""
    loaded = modules_loaded_by(program, *arguments) - modules_loaded_by(NUMBA_ALONE)
    return {name for name in loaded if name.partition(".")[0] in TRAINING_LIBRARIES}


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], ["run", "--help"], ["analyze", "--help"]], ids=" ".join
)
def test_the_command_line_answers_within_its_cpu_budget(arguments: list[str]) -> None:
    used_s: list[float] = []
    while len(used_s) < TRIES and not (used_s and min(used_s) < BUDGET_S):
        used_s.append(cpu_seconds(*arguments))
    assert min(used_s) < BUDGET_S, f"{min(used_s):.2f} s of CPU at best"


def test_importing_the_live_path_imports_no_training_library() -> None:
    assert training_modules(EVERYTHING_LIVE, *PACKAGES) == set()


def test_analysing_sound_imports_no_training_library() -> None:
    assert training_modules(ANALYSIS) == set()


def test_a_training_library_would_be_noticed() -> None:
    program = "import json, sys, numba, scipy.signal; print(json.dumps(sorted(sys.modules)))"
    assert "scipy.signal" in training_modules(program)
