"""How kernels are compiled: one decorator, one cache folder, one rule about floating point.

Conventions
-----------
``@kernel`` is ``numba.njit(nogil=True, cache=True)``. Compiled code lives in a folder below the
user's cache that is keyed by the text of *all* files of this package and of ``models`` beside it,
whose kernels call ours: numba itself only watches the file in which a function stands, and would
run a stale kernel after a callee in another file changed. ``NUMBA_CACHE_DIR`` overrides the folder.

Floating point: never bare ``fastmath``, which deletes ``isfinite`` checks.
``@kernel(reorder=True)`` allows sums to be reordered and multiply-adds to be fused; NaN and
infinity keep their meaning. The result is still the same on every run and for every split of the
input, because the same loop runs over the same values.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numba

Kernel = Callable[..., Any]

_REORDER = {"reassoc", "contract", "nsz"}


def _source_digest() -> str:
    """Hash of every kernel source and of the compiler, 16 hex digits."""
    digest = hashlib.sha256(numba.__version__.encode())
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


def cache_folder() -> Path:
    """Folder of the compiled kernels of exactly this source; made if it is not there.

    Falls back to the temporary folder where the user's cache cannot be written.
    """
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(given)
    name = f"kernels-{_source_digest()}"
    for parent in (_user_cache() / "oscbridge", Path(tempfile.gettempdir()) / "oscbridge-cache"):
        folder = parent / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (OSError, RuntimeError):
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="oscbridge-cache-"))


CACHE_FOLDER = cache_folder()
os.environ.setdefault("NUMBA_CACHE_DIR", str(CACHE_FOLDER))
# numba read its settings when it was imported, which may have been before us
_settings: Any = import_module("numba.core.config")
_settings.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]


def kernel(
    function: Kernel | None = None, *, reorder: bool = False, inline: bool = False
) -> Kernel:
    """Compile a function of arrays and scalars to machine code that releases the GIL.

    Parameters
    ----------
    function : callable
        Arrays and scalars in, nothing allocated, nothing raised.
    reorder : bool
        Let the compiler reorder sums and fuse multiply-adds (see the module's convention).
    inline : bool
        Make it part of whichever kernel calls it: for the smallest ones, whose values live in
        registers.
    """
    compile_: Kernel = numba.njit(
        nogil=True, cache=True, fastmath=_REORDER if reorder else False, forceinline=inline
    )
    return compile_ if function is None else compile_(function)
