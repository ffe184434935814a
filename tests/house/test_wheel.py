"""What users install: the wheel holds all that the code reads, and works far away from the sources.

The wheel is built and installed into a fresh environment with the base dependencies only, as
``pip install`` would; everything then runs in an empty folder, with a cache of kernels of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from oscbridge import __version__
from oscbridge.sources.select import DEMO, open_source
from oscbridge.sources.settings import SourceSettings
from tests.house.source import PACKAGES, ROOT

pytestmark = pytest.mark.timeout(420)

PIP = ["-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input"]
SECONDS = 12


@dataclass(frozen=True)
class Installation:
    """A fresh environment, an empty folder to work in, and what its programs may see."""

    scripts: Path
    folder: Path
    env: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the installed ``oscbridge``."""
        return subprocess.run(
            [str(self.scripts / "oscbridge"), *arguments],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


def run_python(python: str | Path, *arguments: str | Path, cwd: Path) -> None:
    done = subprocess.run(
        [str(python), *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run_python(sys.executable, *PIP, "wheel", "--no-deps", "-w", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Install the wheel, without extras, into an environment of its own."""
    folder = tmp_path_factory.mktemp("elsewhere")
    environment = folder / "env"
    run_python(sys.executable, "-m", "venv", environment, cwd=folder)
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    run_python(scripts / "python", *PIP, "install", wheel, cwd=folder)
    private = ("PYTHONPATH", "NUMBA_CACHE_DIR", "VIRTUAL_ENV")
    env = {name: value for name, value in os.environ.items() if name not in private}
    return Installation(scripts, folder, env | {"XDG_CACHE_HOME": str(folder / "cache")})


@pytest.fixture(scope="module")
def music(installed: Installation) -> Path:
    """Write a few seconds of the demo music as a WAV file."""
    source = open_source(DEMO, SourceSettings(section_s=4.0), realtime=False)
    blocks: list[np.ndarray] = []
    while sum(map(len, blocks)) < SECONDS * source.sample_rate:
        block = source.read(timeout_s=1.0)
        assert block is not None
        blocks.append(block.samples.copy())
    path = installed.folder / "music.wav"
    soundfile.write(path, np.concatenate(blocks), source.sample_rate)
    return path


def test_the_wheel_is_named_after_the_version(wheel: Path) -> None:
    assert wheel.name == f"oscbridge-{__version__}-py3-none-any.whl"


def test_the_wheel_holds_exactly_the_four_packages(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names} == {
        *PACKAGES,
        f"oscbridge-{__version__}.dist-info",
    }


@pytest.mark.parametrize("pattern", ["*.py", "*.toml", "weights/*", "*.md", "*.html"])
def test_the_wheel_holds_every_file_of_the_packages(wheel: Path, pattern: str) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob(pattern)
        if path.is_file()
    }
    assert wanted <= held, sorted(wanted - held)


def test_the_installed_program_is_not_the_checkout(installed: Installation) -> None:
    where = "import oscbridge, dsp, models, presets as p; print(p.__file__, oscbridge.__file__)"
    shown = subprocess.run(
        [str(installed.scripts / "python"), "-c", where],
        cwd=installed.folder,
        env=installed.env,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert str(installed.folder) in shown
    assert str(ROOT) not in shown


def test_the_installed_program_analyses_a_file(installed: Installation, music: Path) -> None:
    done = installed.run("analyze", music.name, "--json")
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    states = [record for record in records if record["type"] == "affect"]
    assert len(states) >= 2 * SECONDS - 2
    assert all(-1.0 <= record[axis] <= 1.0 for record in states for axis in ("valence", "arousal"))
    summary = records[-1]
    assert summary["type"] == "summary"
    assert summary["duration_s"] == pytest.approx(SECONDS, abs=0.1)
    assert sum(summary["quadrant_probabilities"]) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (["run", "--source", "live", "--seconds", "1"], "oscbridge[live]"),
        (["analyze", "music.wav", "--plot", "picture.png"], "oscbridge[plot]"),
        (["models", "train", "--data", "."], "oscbridge[train]"),
    ],
    ids=["live", "plot", "train"],
)
def test_a_missing_extra_is_one_sentence_with_the_command(
    installed: Installation, music: Path, arguments: list[str], extra: str
) -> None:
    done = installed.run(*arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert extra in done.stderr
    assert "Traceback" not in done.stderr
