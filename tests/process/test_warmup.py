"""Where machine code is kept, when it counts as ours, and that a first start compiles all of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dsp import jit
from oscbridge import warmup
from tests.house.source import PACKAGES, ROOT

FOLDER = "from dsp.jit import CACHE_FOLDER; print(CACHE_FOLDER)"


def printed(program: str, where: Path, **env: str) -> str:
    """What a program prints that imports our packages from ``where``."""
    private = ("NUMBA_CACHE_DIR", "PYTHONPATH")
    rest = {key: value for key, value in os.environ.items() if key not in private}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=where,
        env={**rest, "PYTHONPATH": str(where), "PYTHONDONTWRITEBYTECODE": "1", **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """Copy our packages, as an installation that nobody may write to."""
    home = tmp_path / "installation"
    unwanted = shutil.ignore_patterns("__pycache__", "training", "results")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, home / package, ignore=unwanted)
    return home


def test_the_folder_is_keyed_by_the_processor() -> None:
    ours = printed(FOLDER, ROOT)
    assert printed(FOLDER, ROOT) == ours
    assert printed(FOLDER, ROOT, NUMBA_CPU_NAME="haswell") != ours
    assert printed(FOLDER, ROOT, NUMBA_CPU_FEATURES="+sse2") != ours


def test_the_folder_is_keyed_by_every_source(installation: Path) -> None:
    before = printed(FOLDER, installation)
    assert before == printed(FOLDER, ROOT)
    for changed in ("dsp/mel.py", "dsp/detectors/cells.py", "models/pools.py"):
        with (installation / changed).open("a") as source:
            source.write("# changed\n")
        after = printed(FOLDER, installation)
        assert after != before
        before = after


def test_a_chosen_folder_holds_one_folder_a_key_and_children_use_the_same(tmp_path: Path) -> None:
    chosen = {"NUMBA_CACHE_DIR": str(tmp_path)}
    ours = printed(FOLDER, ROOT, **chosen)
    assert Path(ours).parent == tmp_path
    assert printed(FOLDER, ROOT, NUMBA_CACHE_DIR=ours) == ours
    assert Path(printed(FOLDER, ROOT, NUMBA_CPU_NAME="haswell", NUMBA_CACHE_DIR=ours)) != Path(ours)


@pytest.mark.compiled
def test_kernels_of_an_installation_that_is_read_only_are_kept_in_the_users_cache(
    installation: Path, tmp_path: Path
) -> None:
    before = sorted(installation.rglob("*"))
    for path in before:
        path.chmod(0o555 if path.is_dir() else 0o444)
    printed("from dsp.intake import Intake; Intake(2)", installation, XDG_CACHE_HOME=str(tmp_path))
    assert list((tmp_path / "oscbridge").glob("kernels-*/*/*.nbc"))
    assert sorted(installation.rglob("*")) == before
    for path in before:
        path.chmod(0o755)


def test_a_folder_of_somebody_else_is_never_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "given"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(jit.tempfile, "tempdir", str(tmp_path))
    assert jit.cache_folder().is_relative_to(tmp_path / "given")
    monkeypatch.setattr(jit, "_is_ours", lambda folder: "given" not in str(folder))
    assert jit.cache_folder().is_relative_to(tmp_path / "cache")
    monkeypatch.setattr(jit, "_is_ours", lambda _: False)
    last = jit.cache_folder()
    assert last.is_relative_to(tmp_path)
    assert last.stat().st_mode & 0o077 == 0
    monkeypatch.undo()
    assert jit._is_ours(tmp_path)
    stranger = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: stranger)
    assert not jit._is_ours(tmp_path)


KERNELS = """
import gc, json, sys
import numpy as np
{build}
compiled = set()
for thing in gc.get_objects():
    function = getattr(type(thing), "__name__", "") == "CPUDispatcher" and thing.py_func
    if function and function.__module__.startswith(("dsp.", "models.")):
        name = f"{{function.__module__}}.{{function.__name__}}"
        compiled |= {{f"{{name}}{{signature}}" for signature in thing.signatures}}
print(json.dumps(sorted(compiled)))
"""
ALL_PARTS = "from oscbridge.warmup import PARTS\nfor part in PARTS.values(): part.build()"
RUN = """
from dsp.types import AudioBlock
from dsp.intake import Intake
from oscbridge.analyzer import Analyzer
intake, analyzer = Intake(2), Analyzer(48000)
noise = np.random.default_rng(1).uniform(-0.1, 0.1, (6 * 48000, 2)).astype(np.float32)
for at in range(0, len(noise), 4096):
    samples = intake.push(noise[at : at + 4096])
    analyzer.push(AudioBlock(samples, at, 48000))
analyzer.finish()
"""


@pytest.mark.compiled
def test_what_a_run_needs_is_what_the_first_start_compiles() -> None:
    def kernels(build: str) -> set[str]:
        program = KERNELS.format(build=build)
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return set(json.loads(done.stdout))

    kernels(ALL_PARTS)  # what is loaded later comes without the kernels that it calls
    made, needed = kernels(ALL_PARTS), kernels(RUN)
    assert len(needed) > 10
    assert needed - made == set()


def test_work_is_dealt_out_in_its_order_and_evenly() -> None:
    costs = {"a": 4, "b": 3, "c": 3, "d": 2, "e": 2}
    assert warmup.deal(costs, 1) == [["a", "b", "c", "d", "e"]]
    assert warmup.deal(costs, 2) == [["a", "d", "e"], ["b", "c"]]
    assert warmup.deal(costs, 64) == [["a"], ["b"], ["c"], ["d"], ["e"]]


def test_a_child_that_fails_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warmup, "module_arguments", lambda _: ("-c", "raise SystemExit(3)"))
    assert not warmup.compile_apart(lambda what, elapsed_s: None)


def test_children_say_what_they_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import sys; print('\\n'.join(sys.argv[1:]))"
    monkeypatch.setattr(warmup, "module_arguments", lambda _: ("-c", program))
    said: list[str] = []
    assert warmup.compile_apart(lambda what, elapsed_s: said.append(what))
    assert set(said) - {"--watched"} == set(warmup.PARTS)


def test_the_line_of_progress_is_for_terminals_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with warmup.progress("compiling") as tell:
        tell("dsp.fft.spectra", 3.2)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with warmup.progress("compiling") as tell:
        tell("dsp.fft.spectra", 3.2)
    shown = capsys.readouterr().err
    assert "oscbridge: compiling, 3 s: dsp.fft.spectra" in shown
    assert shown.endswith("\r\x1b[K")
