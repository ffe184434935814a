"""Rules on how a file reads: size, names, vocabulary, signatures, errors."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import Findings, Source

MAX_MODULE_LINES = 300
MAX_FUNCTION_LINES = 70
HOMELESS = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"}
OUR_WORD = {
    "sr": "sample_rate",
    "fs": "sample_rate",
    "rate": "sample_rate, or a name with its unit",
    "hop_size": "hop_length",
    "window_size": "n_fft",
    "timeout": "timeout_s",
    "duration": "duration_s",
    "latency": "latency_s",
    "time": "time_s",
    "freq": "a name with _hz",
    "frequency": "a name with _hz",
    "mood": "valence, arousal or quadrant",
}
VAGUE_VERBS = re.compile(r"^(process|handle|do)(_|$)")
MACHINE_PATH = re.compile(r"(?<![a-z.])(/home/|/root/|/Users/|/work/|C:\\?Users)")


def _decorators(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    names: set[str] = set()
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        names.add(ast.unparse(target).rpartition(".")[2])
    return names


def long_modules(source: Source) -> Findings:
    """A module over the limit is asking to be two."""
    lines = source.text.count("\n")
    if lines > MAX_MODULE_LINES:
        yield 1, f"{lines} lines; over {MAX_MODULE_LINES} it is asking to be two modules"


def long_functions(source: Source) -> Findings:
    """A function is read on one screen; its docstring does not count."""
    for node in source.functions():
        first = node.body[0]
        spoken = (
            (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) is not None else 0
        )
        lines = (node.end_lineno or 0) - node.lineno + 1 - spoken
        if lines > MAX_FUNCTION_LINES:
            yield (
                node.lineno,
                f"{node.name} has {lines} lines of code (at most {MAX_FUNCTION_LINES})",
            )


def homeless_names(source: Source) -> Findings:
    """If something has no home, a concept is missing."""
    for part in Path(source.path).with_suffix("").parts:
        if set(part.lower().split("_")) & HOMELESS:
            yield 1, f"{part!r} names no concept"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            words = {word.lower() for word in re.findall(r"[A-Z][a-z]*", node.name)}
            if words & HOMELESS:
                yield node.lineno, f"class {node.name} names no concept"


def foreign_vocabulary(source: Source) -> Findings:
    """One word a concept, the unit in the name (CONTRIBUTING.md, vocabulary)."""
    for name, node, _ in source.public():
        if VAGUE_VERBS.match(node.name):
            yield node.lineno, f"{name}: say push, update, send, open or what it does"
        arguments = node.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            if argument.arg in OUR_WORD:
                yield argument.lineno, f"{name}: {argument.arg} is {OUR_WORD[argument.arg]} here"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            for field in node.body:
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    word = field.target.id
                    if word in OUR_WORD:
                        yield field.lineno, f"{node.name}.{word} is {OUR_WORD[word]} here"


def unannotated_signatures(source: Source) -> Findings:
    """Public signatures are whole; kernels are typed by their first call."""
    for name, node, _ in source.public():
        if "kernel" in _decorators(node):
            continue
        arguments = node.args
        listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        listed += [a for a in (arguments.vararg, arguments.kwarg) if a]
        bare = [a.arg for a in listed if a.annotation is None and a.arg not in ("self", "cls")]
        if bare:
            yield node.lineno, f"{name} leaves {', '.join(bare)} without a type"
        if node.returns is None and node.name not in ("__init__", "__post_init__"):
            yield node.lineno, f"{name} does not say what it returns"


def untold_errors(source: Source) -> Findings:
    """What a public function raises itself, its docstring tells."""
    for name, node, said in source.public():
        for raised in sorted(set(_raised_by(node))):
            if raised.rpartition(".")[2] not in said:
                yield node.lineno, f"{name} raises {raised}, its docstring does not say so"


def _raised_by(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """Names of the exceptions that the body itself constructs and that can leave it."""
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            raised = ast.unparse(node.exc.func)
            if raised.rpartition(".")[2][:1].isupper() and raised not in (
                "NotImplementedError",
                "SystemExit",
            ):
                yield raised


def silenced_errors(source: Source) -> Findings:
    """``suppress(Exception)`` is ``except Exception: pass`` in its Sunday best."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
            for argument in node.args:
                if ast.unparse(argument) in ("Exception", "BaseException"):
                    yield node.lineno, "name the errors that may happen here"


def machine_paths(source: Source) -> Findings:
    """Nothing depends on where it was written."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if MACHINE_PATH.search(line):
            yield number, f"a path of one machine: {line.strip()[:60]}"
