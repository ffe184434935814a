"""What `.ci/suite.py` makes of real runs of pytest: who fails once, always, or in a crowd."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.source import ROOT

SOUND = """
def test_that_is_right():
    pass
"""
ONCE = """
import pathlib

def test_that_fails_the_first_time():
    mark = pathlib.Path(__file__).with_name("was-here")
    again = mark.exists()
    mark.touch()
    assert again, "it was late"
"""
ALWAYS = """
def test_that_is_wrong():
    assert 1 == 2
"""
CROWD = """
import pathlib
import pytest

@pytest.mark.parametrize("one", range(6))
def test_that_fails_the_first_time(one):
    mark = pathlib.Path(__file__).with_name(f"was-here-{one}")
    again = mark.exists()
    mark.touch()
    assert again
"""
BROKEN = """
import os

def test_that_ends_python():
    os._exit(1)
"""


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give the module as it stands in a project of its own, without tests yet."""
    (tmp_path / ".ci").mkdir()
    (tmp_path / "build").mkdir()
    (tmp_path / "pytest.ini").touch()
    path = shutil.copy(ROOT / ".ci" / "suite.py", tmp_path / ".ci")
    spec = importlib.util.spec_from_file_location("suite_of_another", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)  # dataclasses look for it there
    spec.loader.exec_module(module)
    return module


def outcome(suite: ModuleType, **tests: str) -> tuple[str, list[str]]:
    """Run tests in files of these names; what is printed last, and what is kept as late."""
    for name, text in tests.items():
        (suite.ROOT / f"test_{name}.py").write_text(text)
    # Plug-ins of ours would only take time.
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    suite.say(suite.whole_suite(env, []), 1.5)
    said = suite.SUMMARY.read_text(encoding="utf-8").strip("= \n")
    return said, suite.SECOND_TIME.read_text(encoding="utf-8").splitlines()


def test_who_fails_once_has_passed_and_nobody_overlooks_it(
    suite: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    late = "compiled: test_once::test_that_fails_the_first_time"
    assert outcome(suite, sound=SOUND, once=ONCE) == ("2 passed in 1.50s", [late])
    seen = capfd.readouterr().out
    assert "AssertionError: it was late" in seen
    assert f"Passed only the second time:\n  {late}\n" in seen
    assert "\nFailed:" not in seen


def test_who_fails_again_has_failed_and_others_are_not_run_again(
    suite: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    late = "compiled: test_once::test_that_fails_the_first_time"
    said = outcome(suite, sound=SOUND, once=ONCE, always=ALWAYS)
    assert said == ("1 failed, 2 passed in 1.50s", [late])
    seen = capfd.readouterr().out
    assert "1 failed, 1 passed in" in seen
    assert "\nFailed:\n  compiled: test_always::test_that_is_wrong\n" in seen


def test_a_crowd_is_not_run_again(suite: ModuleType) -> None:
    assert outcome(suite, sound=SOUND, crowd=CROWD) == ("6 failed, 1 passed in 1.50s", [])


def test_what_ends_python_stays_a_failure(suite: ModuleType) -> None:
    assert outcome(suite, sound=SOUND, broken=BROKEN) == ("1 failed, 0 passed in 1.50s", [])


def test_a_module_that_cannot_be_read_stays_a_failure(suite: ModuleType) -> None:
    said = outcome(suite, sound=SOUND, broken="import nothing_of_this_name")
    assert said == ("1 failed, 0 passed in 1.50s", [])
