"""The package as Unity's Package Manager reads it, and what is made by its scripts."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from oscbridge.inlets import INLETS
from oscbridge.protocol import SIGNALS
from tests.unity.csharp import PACKAGE, ROOT

MANIFEST = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))
ASMDEFS = sorted(PACKAGE.rglob("*.asmdef"))
STEMS = sorted(PACKAGE.glob("Samples~/**/*.ogg"))
OUTSIDE = {
    *("FMODUnity", "AK.Wwise.Unity.API", "AK.Wwise.Unity.API.WwiseTypes"),
    *("UnityEngine.TestRunner", "UnityEditor.TestRunner"),
}
FORBIDDEN = re.compile(
    r"System\.(Threading|Linq|Reflection)|\bnew Thread\b|\basync\b|\bdynamic\b|\bunsafe\b"
)
MAX_MUSIC_BYTES = 1_000_000


def visible(pattern: str) -> list[Path]:
    """Files and folders that Unity imports."""
    return [
        path
        for path in sorted(PACKAGE.rglob(pattern))
        if not any(part.endswith("~") for part in path.relative_to(PACKAGE).parts)
    ]


def run(script: str, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, PACKAGE / "Tools~" / script, *arguments],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_the_tables_are_those_of_oscbridge() -> None:
    core = PACKAGE / "Runtime" / "Core"
    shipped = [
        (core / name).read_text(encoding="utf-8") for name in ("Signals.Table.cs", "Words.Table.cs")
    ]
    assert run("make_signals.py", "--print") == "".join(shipped), (
        "the protocol has changed: run  python examples/unity/Tools~/make_signals.py"
    )


def test_the_tables_leave_nothing_out() -> None:
    text = (PACKAGE / "Runtime/Core/Signals.Table.cs").read_text(encoding="utf-8")
    assert re.findall(r'new SignalInfo\(Signal\.\w+, "([^"]+)"', text) == list(SIGNALS)
    numbers = re.findall(r"^        \w+ = (\d+),$", text, re.MULTILINE)
    assert len(numbers) == len(set(numbers)) == len(SIGNALS) + 1
    words = (PACKAGE / "Runtime/Core/Words.Table.cs").read_text(encoding="utf-8")
    assert set(INLETS) <= set(re.findall(r'public const string \w+ = "([^"]+)"', words))


def test_the_manifest_has_what_the_package_manager_wants() -> None:
    assert re.fullmatch(r"com(\.[a-z0-9-]+)+", MANIFEST["name"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", MANIFEST["version"])
    assert MANIFEST["unity"] == "2021.3"
    assert all(name.startswith("com.unity.modules.") for name in MANIFEST["dependencies"])
    for sample in MANIFEST["samples"]:
        assert list((PACKAGE / sample["path"]).glob("*.cs")), sample["path"]


def test_the_changelog_tells_the_version_of_the_manifest() -> None:
    changelog = (PACKAGE / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[([^\]]+)\]", changelog, re.MULTILINE)
    assert newest
    assert newest[1] == MANIFEST["version"]


@pytest.mark.parametrize("path", ASMDEFS, ids=lambda path: path.stem)
def test_an_assembly_refers_to_assemblies_that_there_are(path: Path) -> None:
    own = {json.loads(other.read_text(encoding="utf-8"))["name"] for other in ASMDEFS}
    definition = json.loads(path.read_text(encoding="utf-8"))
    assert definition["name"] == path.stem
    assert set(definition["references"]) <= own | OUTSIDE


def test_the_core_knows_no_engine() -> None:
    definition = json.loads((PACKAGE / "Runtime/Core/Oscbridge.Core.asmdef").read_text("utf-8"))
    assert definition["noEngineReferences"] is True
    assert definition["references"] == []


def test_every_asset_has_a_meta_file_of_its_own() -> None:
    guids: dict[str, str] = {}
    assets = [path for path in visible("*") if path.suffix != ".meta"]
    for asset in assets:
        meta = asset.with_name(asset.name + ".meta")
        assert meta.is_file(), f"{asset.name}: run  python examples/unity/Tools~/make_meta.py"
        guid = re.search(r"^guid: ([0-9a-f]{32})$", meta.read_text("utf-8"), re.MULTILINE)
        assert guid
        assert guid[1] not in guids, f"{asset} and {guids[guid[1]]}"
        guids[guid[1]] = str(asset)
    assert len(visible("*.meta")) == len(assets), "a .meta file whose asset is gone"


@pytest.mark.parametrize("path", visible("Runtime/**/*.cs"), ids=lambda path: path.name)
def test_no_thread_no_reflection_no_linq_at_run_time(path: Path) -> None:
    found = FORBIDDEN.search(path.read_text(encoding="utf-8"))
    assert found is None, found and found[0]


@pytest.mark.parametrize("path", STEMS, ids=lambda path: path.stem)
def test_a_stem_is_a_seamless_loop_of_whole_bars(path: Path) -> None:
    samples, sample_rate = soundfile.read(path)
    bars = len(samples) / (4 * 60 / 120 * sample_rate)
    seam = abs(samples[0] - samples[-1])
    if path.stem == "stinger":
        assert bars == 0.5
    else:
        assert bars == 4.0
    assert seam < np.abs(np.diff(samples)).max()
    assert np.abs(samples).max() < 1.0


def test_the_music_is_small() -> None:
    assert len(STEMS) == 7
    assert sum(path.stat().st_size for path in STEMS) < MAX_MUSIC_BYTES


def test_the_music_is_what_its_script_makes(tmp_path: Path) -> None:
    run("make_stems.py", str(tmp_path))
    for path in STEMS:
        shipped, _ = soundfile.read(path)
        made, _ = soundfile.read(tmp_path / path.name)
        assert np.corrcoef(shipped, made)[0, 1] > 0.999, path.stem


def test_the_readme_is_short_and_its_link_leads_somewhere() -> None:
    readme = (PACKAGE / "README.md").read_text(encoding="utf-8")
    assert readme.count("\n") <= 60, "over a page"
    assert len(readme.split()) < 660, "over a page"
    assert "\nTested with: " in readme
    for target in re.findall(r"\]\(([^):]+)\)", readme):
        assert (PACKAGE / target).exists()
