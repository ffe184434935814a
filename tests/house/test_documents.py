"""README, CHANGELOG and lists say what is so."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from oscbridge import __version__
from oscbridge.cli import COMMANDS
from tests.house.form import MACHINE_PATH
from tests.house.source import ROOT

SECTIONS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
MARKDOWN = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in (".", "dsp", "models", "presets", "examples", "oscbridge")
    for path in (ROOT / folder).glob("*.md")
)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def numbered(name: str) -> list[tuple[str, str]]:
    return [(f"{name}:{n}", line) for n, line in enumerate(read(name).splitlines(), 1)]


@pytest.mark.parametrize("table", ["protocol", "inlets", "midi.table"])
def test_the_tables_of_the_wire_in_the_readme_are_the_generated_ones(table: str) -> None:
    generated = subprocess.run(
        [sys.executable, "-m", f"oscbridge.{table}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    shown = re.search(
        rf"<!-- {table}:begin -->\n(.*?)<!-- {table}:end -->", read("README.md"), re.DOTALL
    )
    assert shown, f"README.md has lost the markers of the table of {table}"
    assert shown[1].strip() == generated.strip(), (
        f"README.md: put the output of  python -m oscbridge.{table}  between the markers"
    )


def test_the_readme_knows_every_command_and_no_other() -> None:
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", read("README.md"), re.DOTALL))
    named = set(re.findall(r"\boscbridge ([a-z]+)\b", code))
    assert named == set(COMMANDS)


def test_the_readme_names_every_environment_variable_of_ours() -> None:
    read_by_us = {
        name
        for package in ("oscbridge", "models", "dsp", "presets")
        for path in (ROOT / package).rglob("*.py")
        for name in re.findall(r"\bOSCBRIDGE_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }
    assert read_by_us == set(re.findall(r"\bOSCBRIDGE_[A-Z_]+\b", read("README.md")))


def help_of(*words: str) -> str:
    command = [sys.executable, "-m", "oscbridge", *words, "--help"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_options_that_the_readme_names_exist(command: str) -> None:
    quoted = re.findall(r"`([^`\n]*)`", read("README.md"))
    said = [text for text in quoted if re.search(rf"\boscbridge {command}\b", text)]
    row = re.search(rf"^\| `oscbridge {command}\b.*$", read("README.md"), re.MULTILINE)
    assert row, f"the command reference of README.md has no row for {command}"
    help_text = help_of(command)
    actions = re.search(r"\n  ACTION\n((?: {4}.*\n)+)", help_text)
    if actions:  # each has options of its own
        known = set(re.findall(r"^ {4}([a-z]+)\b", actions[1], re.MULTILINE))
        named = set(re.findall(rf"\boscbridge {command} ([a-z]+)", " ".join(said)))
        help_text += "".join(help_of(command, action) for action in sorted(known & named))
    wanted = set(re.findall(r"--[a-z-]+", " ".join([*said, row[0]]))) - {"--help"}
    missing = sorted(option for option in wanted if option not in help_text)
    assert not missing, f"oscbridge {command} has no {', '.join(missing)}"


@pytest.mark.parametrize("name", MARKDOWN)
def test_links_inside_the_repository_lead_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    broken = [
        f"{place}: {target}"
        for place, line in numbered(name)
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", line)
        if "://" not in target and not (folder / target).exists()
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("name", MARKDOWN)
def test_no_document_names_a_path_of_one_machine(name: str) -> None:
    found = [f"{place}: {line}" for place, line in numbered(name) if MACHINE_PATH.search(line)]
    assert not found, "\n".join(found)


def test_the_changelog_keeps_its_form() -> None:
    headings = [line for _, line in numbered("CHANGELOG.md") if line.startswith("#")]
    assert headings[0] == "# Changelog"
    versions = [line for line in headings if line.startswith("## ")]
    assert versions, "no version"
    for line in versions:
        assert re.fullmatch(r"## \[(Unreleased\]|\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d)", line), line
    for line in headings:
        if line.startswith("### "):
            assert line[4:] in SECTIONS, line


def test_the_changelog_tells_the_current_version_or_what_comes_next() -> None:
    newest = re.search(r"^## \[([^\]]+)\]", read("CHANGELOG.md"), re.MULTILINE)
    assert newest
    assert newest[1] in ("Unreleased", __version__)


def test_every_peer_in_the_list_says_what_it_proves() -> None:
    lines = [line for line in read("tests/hosts.txt").splitlines() if line and line[0] != "#"]
    assert lines
    for line in lines:
        assert re.fullmatch(r"[a-z0-9][a-z0-9.+-]+ +# \S.*", line), line


def test_the_makefile_explains_every_target() -> None:
    makefile = read("Makefile")
    targets = re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)
    explained = re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)
    assert targets == explained
