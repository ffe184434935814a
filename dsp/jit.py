"""How kernels are compiled: one decorator, one cache folder, one rule about floating point.

Conventions
-----------
``@kernel`` is ``numba.njit(nogil=True, cache=True)``. Compiled code lives in a folder below the
user's cache that is keyed by the text of *all* files of this package and of ``models`` beside it,
whose kernels call ours: numba itself only watches the file in which a function stands, and would
run a stale kernel after a callee in another file changed. Versions of Python and numba and the
processor are in the key as well. ``NUMBA_CACHE_DIR`` chooses another folder for such folders.

Floating point: never bare ``fastmath``, which deletes ``isfinite`` checks.
``@kernel(reorder=True)`` allows sums to be reordered and multiply-adds to be fused; NaN and
infinity keep their meaning. The result is still the same on every run and for every split of the
input, because the same loop runs over the same values.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numba
import numpy as np

Kernel = Callable[..., Any]

_PREFIX = "kernels-"
_REORDER = {"reassoc", "contract", "nsz"}


def instructions() -> str:
    """Say what the processor that is compiled for can do, in LLVM's words: ``+avx2,+f16c``…"""
    machine: Any = import_module("llvmlite.binding")
    chosen: str | None = _settings.CPU_FEATURES
    return str(machine.get_host_cpu_features().flatten()) if chosen is None else chosen


def _target() -> tuple[object, ...]:
    """Everything but the sources that machine code depends on."""
    machine: Any = import_module("llvmlite.binding")
    name = _settings.CPU_NAME or machine.get_host_cpu_name()
    return (numba.__version__, sys.version_info[:3], name, instructions(), _settings.ENABLE_AVX)


def _key() -> str:
    """Hash of every kernel source and of what it is compiled by and for, 16 hex digits."""
    digest = hashlib.sha256(repr(_target()).encode())
    here = Path(__file__).parent
    for path in sorted([*here.rglob("*.py"), *here.parent.glob("models/*.py")]):
        digest.update(f"{path.parent.name}/{path.name}".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _user_cache() -> Path:
    """The user's cache folder by the platform's own rule."""
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    if "XDG_CACHE_HOME" in os.environ:
        return Path(os.environ["XDG_CACHE_HOME"])
    mac = Path.home() / "Library" / "Caches"
    return mac if mac.is_dir() else Path.home() / ".cache"


def _parents() -> Iterator[Path]:
    """Folders that may hold ours, the best first."""
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        folder = Path(given)  # a parent process of ours hands on its own folder
        yield folder.parent if folder.name.startswith(_PREFIX) else folder
    yield _user_cache() / "oscbridge"
    yield Path(tempfile.gettempdir()) / f"oscbridge-{_user()}"


def _user() -> int:
    """Number of the user; 0 where users have their own temporary folders (Windows)."""
    return os.getuid() if hasattr(os, "getuid") else 0


def _is_ours(folder: Path) -> bool:
    """Whether nobody else can have put anything there: what is loaded from it is run."""
    return folder.stat().st_uid == _user() and os.access(folder, os.W_OK)


def cache_folder() -> Path:
    """Folder of the compiled kernels of exactly this source and machine; made if not there.

    Where the user's cache cannot be written, it is in the temporary folder.
    """
    name = f"{_PREFIX}{_key()}"
    for parent in _parents():
        folder = parent / name
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_ours(parent) and _is_ours(folder):
                return folder
        except (OSError, RuntimeError):
            continue
    return Path(tempfile.mkdtemp(prefix="oscbridge-cache-"))


# numba read its settings when it was imported, which may have been before us
_settings: Any = import_module("numba.core.config")
_njit: Any = numba.njit  # whose types do not name all that it takes
CACHE_FOLDER = cache_folder()
_settings.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"] = str(CACHE_FOLDER)


def runs_compiled() -> bool:
    """Whether kernels are machine code, not plain Python (``NUMBA_DISABLE_JIT=1``)."""
    return not _settings.DISABLE_JIT


def build_records(dtype: np.dtype[np.void], n: int = 1) -> np.ndarray:
    """Records of zeros, shape=(n,), whose fields kernels reach by name (``state[0].frame``).

    A plain array: numba takes in an `np.recarray`, which plain Python needs for this, ten times as
    slowly.
    """
    records = np.zeros(n, dtype=dtype)
    return records if runs_compiled() else records.view(np.recarray)


def kernel(
    function: Kernel | None = None,
    *,
    reorder: bool = False,
    inline: bool = False,
    part: bool = False,
) -> Kernel:
    """Compile a function of arrays and scalars to machine code that releases the GIL.

    Parameters
    ----------
    function : callable
        Arrays and scalars in, nothing allocated (the compiler refuses it), nothing raised. A slice
        takes a number, not an array, for which numba would allocate: write the loop.
    reorder : bool
        Let the compiler reorder sums and fuse multiply-adds (see the module's convention).
    inline : bool
        Put its machine code into whichever kernel calls it: for the smallest ones, whose values
        live in registers.
    part : bool
        Compile it with the one kernel that calls it, and as that one says, not by itself: written
        apart to be read, it is no slower to compile than if it were not.
    """
    compile_: Kernel = _njit(
        nogil=True,
        cache=True,
        error_model="numpy",  # a division by zero is infinite: kernels raise nothing
        no_cfunc_wrapper=True,  # for callers in C, of which there are none
        fastmath=_REORDER if reorder else False,
        forceinline=inline,
        _nrt=False,  # no allocation, so nothing to count: a tenth less to compile, and checked
        inline="always" if part else "never",
    )
    return compile_ if function is None else compile_(function)
