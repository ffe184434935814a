"""The Python files of this repository as the house rules see them: text and syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("oscbridge", "dsp", "models", "presets")
Findings = Iterator[tuple[int, str]]
OFFLINE = ("models/training/",)


@dataclass(frozen=True)
class Source:
    """One Python file: where it stands and what it says."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, self.path)

    @property
    def package(self) -> str:
        """First folder of the path."""
        return self.path.partition("/")[0]

    @property
    def in_product(self) -> bool:
        """True for what users run."""
        return self.package in PACKAGES

    @property
    def live(self) -> bool:
        """True for what may run beside live sound."""
        return self.in_product and not self.path.startswith(OFFLINE)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """All functions and methods, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def public(self) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef, str]]:
        """Public functions and methods: name, node, and the docstring that describes them."""
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield node.name, node, ast.get_docstring(node) or ""
            elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                about = ast.get_docstring(node) or ""
                for child in node.body:
                    if not isinstance(child, ast.FunctionDef):
                        continue
                    said = ast.get_docstring(child) or ""
                    if child.name in ("__init__", "__post_init__"):
                        yield f"{node.name}.{child.name}", child, about + said
                    elif not child.name.startswith("_"):
                        yield f"{node.name}.{child.name}", child, said


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and full name of every absolute import below ``tree``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module


def sources() -> list[Source]:
    """Every Python file of the product, its tests, examples and scripts."""
    found: list[Source] = []
    for folder in (*PACKAGES, "tests", "examples", ".ci"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            found.append(Source(name, path.read_text(encoding="utf-8")))
    return found
