"""House rules that a machine can check, each with an example that breaks it.

Conventions
-----------
A rule looks at one parsed file and yields ``(line, what is wrong)``: `form` has those on how a file
reads, `structure` those on what may know what. What ruff, pyright and import-linter check (style,
docstrings, prints, types, layers) is not repeated here.
``applies`` says for which files a rule holds; paths are relative to the root of the repository.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.house.form import (
    MAX_FUNCTION_LINES,
    MAX_MODULE_LINES,
    foreign_vocabulary,
    homeless_names,
    long_functions,
    long_modules,
    machine_paths,
    silenced_errors,
    unannotated_signatures,
    untold_errors,
)
from tests.house.source import Findings, Source
from tests.house.structure import (
    eager_extras,
    fixed_sleeps,
    foreign_compilers,
    incomplete_stages,
    strangers_in_dsp,
    strangers_in_presets,
    stray_addresses,
    tests_that_cannot_fail,
    training_at_run_time,
)


@dataclass(frozen=True)
class Rule:
    """A sentence, the files for which it holds, how to find breaches, and one breach."""

    sentence: str
    applies: Callable[[Source], bool]
    find: Callable[[Source], Findings]
    breach: str
    breach_path: str = "oscbridge/example.py"


def _product(source: Source) -> bool:
    return source.in_product


def _live(source: Source) -> bool:
    return source.live


ADDRESS_TABLES = {"oscbridge/protocol.py", "oscbridge/inlets.py", "oscbridge/wire/signal.py"}


def _anything(source: Source) -> bool:
    return True


def _in(*packages: str) -> Callable[[Source], bool]:
    return lambda source: source.package in packages


LONG_BODY = "def f() -> None:\n" + "    x = 1\n" * (MAX_FUNCTION_LINES + 1)

RULES = [
    Rule(
        f"a module has at most {MAX_MODULE_LINES} lines",
        _product,
        long_modules,
        "x = 1\n" * (MAX_MODULE_LINES + 1),
    ),
    Rule(
        f"a function has at most {MAX_FUNCTION_LINES} lines", _anything, long_functions, LONG_BODY
    ),
    Rule("every name says a concept", _anything, homeless_names, "class AudioManager: ..."),
    Rule("one word a concept", _product, foreign_vocabulary, "def f(sr: int) -> None: ..."),
    Rule("public signatures are whole", _product, unannotated_signatures, "def f(x): ..."),
    Rule(
        "docstrings tell the errors",
        _live,
        untold_errors,
        'def f() -> None:\n    """Do."""\n    raise ValueError("x")',
    ),
    Rule(
        "addresses stand in the protocol table",
        lambda s: s.in_product and s.path not in ADDRESS_TABLES and s.package != "presets",
        stray_addresses,
        'x = "/oscbridge/valence"',
    ),
    Rule(
        "one decorator compiles kernels",
        lambda s: s.in_product and s.path != "dsp/jit.py",
        foreign_compilers,
        "from numba import njit",
    ),
    Rule(
        "no error is silenced by the dozen",
        _anything,
        silenced_errors,
        "with suppress(Exception): ...",
    ),
    Rule("dsp knows numpy and numba", _in("dsp"), strangers_in_dsp, "import scipy"),
    Rule("presets know msgspec", _in("presets"), strangers_in_presets, "import numpy"),
    Rule("training stays out", _live, training_at_run_time, "from models.training import data"),
    Rule("extras are imported late", _live, eager_extras, "import pyaudio"),
    Rule(
        "a stage has push, delay and reset",
        _in("dsp"),
        incomplete_stages,
        "class Mel:\n    def push(self): ...",
    ),
    Rule("tests do not sleep", _in("tests"), fixed_sleeps, "import time\ntime.sleep(1)"),
    Rule(
        "tests can fail",
        lambda source: source.package == "tests" and source.path != "tests/bench/test_speed.py",
        tests_that_cannot_fail,
        "def test_x():\n    f()",
    ),
    Rule(
        "no machine's paths",
        lambda source: source.package != "tests" or "house" not in source.path,
        machine_paths,
        "x = '/home/me/x.wav'",
    ),
]
