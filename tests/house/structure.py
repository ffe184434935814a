"""Rules on what may know what: addresses, compilers, imports, stages, and what a test is."""

from __future__ import annotations

import ast
import re
import sys

from tests.house.source import Findings, Source, imports

OPTIONAL_PACKAGES = {
    *("pyaudio", "pyaudiowpatch", "mido", "rtmidi", "cv2", "matplotlib", "torch"),
    *("websockets", "zeroconf", "bleak", "onnxruntime", "dbus_fast"),
    *("mutagen", "dask", "distributed", "pyarrow", "fsspec"),
}
ADDRESS = re.compile(r"(?<![\w.~-])/oscbridge(/|$)")
EXAMPLE_TEXTS = {"DESCRIPTION", "EXAMPLES", "EPILOG"}


def stray_addresses(source: Source) -> Findings:
    """An address of ours stands in the protocol table and nowhere else."""
    excused = {
        id(node.body[0].value)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and ast.get_docstring(node) is not None
        and isinstance(node.body[0], ast.Expr)
    }
    for node in source.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if {t.id for t in targets if isinstance(t, ast.Name)} & EXAMPLE_TEXTS:
                excused |= {id(child) for child in ast.walk(node.value)}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Constant) or id(node) in excused:
            continue
        text = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
        if isinstance(text, str) and ADDRESS.search(text):
            yield node.lineno, f"address {text!r} belongs to oscbridge/protocol.py"


def foreign_compilers(source: Source) -> Findings:
    """Kernels are compiled by ``dsp.jit.kernel``: GIL, cache and floating point in one place."""
    for node in ast.walk(source.tree):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "numba":
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.Attribute) and ast.unparse(node).startswith("numba."):
            names = [node.attr]
        elif isinstance(node, ast.keyword) and node.arg == "fastmath":
            yield node.value.lineno, "fastmath is the affair of dsp/jit.py"
        for name in names:
            if name in ("jit", "njit", "vectorize", "guvectorize", "stencil", "cfunc"):
                yield getattr(node, "lineno", 1), f"numba.{name}: use dsp.jit.kernel"


def strangers_in_dsp(source: Source) -> Findings:
    """Only numpy, numba and dsp itself; of the standard library nothing that does I/O."""
    allowed = {"numpy", "numba", "dsp"}
    banned = {"logging", "socket", "subprocess", "threading", "time", "datetime", "random"}
    for line, name in imports(source.tree):
        root = name.partition(".")[0]
        if root in banned or (root not in allowed and root not in sys.stdlib_module_names):
            yield line, f"dsp does not import {name}"


def strangers_in_presets(source: Source) -> Findings:
    """Presets are data: msgspec and the standard library."""
    for line, name in imports(source.tree):
        root = name.partition(".")[0]
        if root not in {"msgspec", "presets", *sys.stdlib_module_names}:
            yield line, f"presets do not import {name}"


def training_at_run_time(source: Source) -> Findings:
    """A run-time model does not import how it was trained."""
    for line, name in imports(source.tree):
        if f"{name}.".startswith("models.training."):
            yield line, f"{name} is for training only"


def eager_extras(source: Source) -> Findings:
    """An optional package is imported where it is used, so that its absence is a sentence."""
    for node in source.tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for line, name in imports(ast.Module([node], [])):
                if name.partition(".")[0] in OPTIONAL_PACKAGES:
                    yield line, f"{name} comes with an extra: import it inside the function"


def incomplete_stages(source: Source) -> Findings:
    """A stage that takes samples has ``push``, ``delay`` and ``reset``."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ClassDef) or node.name.startswith("_"):
            continue
        methods = {f.name for f in node.body if isinstance(f, ast.FunctionDef)}
        if "push" not in methods:
            continue
        fields = {ast.unparse(n) for n in ast.walk(node) if isinstance(n, ast.Attribute)}
        fields |= {name for statement in node.body for name in _names_set_by(statement)}
        for part in ("delay", "reset"):
            if part not in methods and f"self.{part}" not in fields and part not in fields:
                yield node.lineno, f"stage {node.name} has no {part}"


def _names_set_by(node: ast.stmt) -> set[str]:
    """Names that a statement of a class body gives a value or a type."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def fixed_sleeps(source: Source) -> Findings:
    """A test waits for what it waits for: sleeping is for the pause of a polling loop."""
    polled = {
        id(child)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.While | ast.For)
        for child in ast.walk(node)
    }
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and id(node) not in polled:
            called = ast.unparse(node.func)
            if called in ("sleep", "time.sleep", "asyncio.sleep"):
                yield node.lineno, "a fixed sleep: poll with a deadline"


def tests_that_cannot_fail(source: Source) -> Findings:
    """A test asserts, expects an error, waits for something, or says what it expects."""
    judge = re.compile(
        r"(^|[._])(assert|expect|check|require|wait|until|raises|warns|fail|must|benchmark)"
    )
    for node in source.functions():
        if not node.name.startswith("test_"):
            continue
        judged = any(
            isinstance(child, ast.Assert)
            or (isinstance(child, ast.Call) and judge.search(ast.unparse(child.func)))
            for child in ast.walk(node)
        )
        if not judged:
            yield node.lineno, f"{node.name} asserts nothing"
