"""The C# of the package, compiled by mono: which files make which program, and how they run.

Conventions
-----------
The very files of ``examples/unity`` are compiled, none is copied; `UNITY` is the stand-in of
``tests/unity/stub`` for what Unity itself brings. Every warning is an error, and the language is
C# 7, the oldest that the package promises.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "examples" / "unity"
HERE = ROOT / "tests" / "unity"

FLAGS = ("-nologo", "-warnaserror", "-warn:4", "-langversion:7")
DEADLINE_S = 30.0


@dataclass(frozen=True)
class Assembly:
    """A library or program: the files that it is made of, what it refers to, what is defined."""

    name: str
    sources: tuple[str, ...]
    references: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()

    @property
    def is_program(self) -> bool:
        """Whether it runs by itself."""
        return self.name.endswith(".exe")

    @property
    def files(self) -> list[Path]:
        """Its source files."""
        return sorted(path for pattern in self.sources for path in ROOT.glob(pattern))


CORE, UNITY, PLAYER = "Oscbridge.Core.dll", "UnityStub.dll", "Oscbridge.Unity.dll"
CHECKS, SAMPLES, ADAPTERS = "Oscbridge.Checks.dll", "Samples.dll", "Adapters.dll"
ENGINE = (UNITY, CORE, PLAYER)

ASSEMBLIES = (
    Assembly(CORE, ("examples/unity/Runtime/Core/*.cs",)),  # no engine: it compiles without one
    Assembly(UNITY, ("tests/unity/stub/*.cs",)),
    Assembly(PLAYER, ("examples/unity/Runtime/*.cs",), (UNITY, CORE)),
    Assembly("Oscbridge.Unity.Editor.dll", ("examples/unity/Editor/*.cs",), ENGINE),
    Assembly(
        "NewInput.dll", ("examples/unity/Runtime/*.cs",), (UNITY, CORE), ("ENABLE_INPUT_SYSTEM",)
    ),
    Assembly(
        "OldInput.dll",
        ("examples/unity/Runtime/*.cs",),
        (UNITY, CORE),
        ("ENABLE_LEGACY_INPUT_MANAGER",),
    ),
    Assembly(SAMPLES, ("examples/unity/Samples~/**/*.cs",), ENGINE),
    Assembly(
        ADAPTERS,
        ("examples/unity/Runtime/Adapters/**/*.cs",),
        ENGINE,
        ("OSCBRIDGE_FMOD", "OSCBRIDGE_WWISE"),
    ),
    Assembly(
        "AdaptersOfOldWwise.dll",
        ("examples/unity/Runtime/Adapters/**/*.cs",),
        ENGINE,
        ("OSCBRIDGE_WWISE", "OSCBRIDGE_WWISE_BEFORE_2024"),
    ),
    Assembly("Examples.dll", ("examples/fmod/*.cs",), (UNITY,)),
    Assembly("NoAdapters.dll", ("examples/unity/Runtime/Adapters/**/*.cs",), ENGINE),
    Assembly(CHECKS, ("examples/unity/Tests/Checks/*.cs",), (CORE,)),
    Assembly("Oscbridge.Unity.Tests.dll", ("examples/unity/Tests/Editor/*.cs",), (*ENGINE, CHECKS)),
    Assembly(
        "EngineChecks.dll",
        ("tests/unity/programs/EngineChecks.cs",),
        (*ENGINE, CHECKS, SAMPLES, ADAPTERS),
    ),
    Assembly("RunChecks.exe", ("tests/unity/programs/RunChecks.cs",), (CHECKS,)),
    Assembly("Peer.exe", ("tests/unity/programs/Peer.cs",), ENGINE),
    Assembly("Steady.exe", ("tests/unity/programs/Steady.cs",), ENGINE),
)


def compile_assembly(assembly: Assembly, folder: Path) -> str:
    """Compile into ``folder``; return what the compiler complains about, empty where nothing."""
    done = subprocess.run(
        [
            "mcs",
            *FLAGS,
            f"-target:{'exe' if assembly.is_program else 'library'}",
            *(f"-define:{word}" for word in assembly.defines),
            *(f"-reference:{folder / name}" for name in assembly.references),
            f"-out:{folder / assembly.name}",
            *map(str, assembly.files),
        ],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def check_names(*patterns: str) -> list[str]:
    """Names of the checks, ``Class.Method``, as they stand in the sources."""
    names: list[str] = []
    for path in sorted(path for pattern in patterns for path in ROOT.glob(pattern)):
        suite = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if found := re.match(r"\s*public static class (\w+Checks)\b", line):
                suite = found[1]
            elif suite and (found := re.match(r"\s*public static void (\w+)\(\)", line)):
                names.append(f"{suite}.{found[1]}")
    return names
