"""Gives every asset of the package the .meta file that Unity wants beside it.

Conventions
-----------
Run it from the root of the repository: ``python examples/unity/Tools~/make_meta.py``. Packages that
are installed from git or an archive are read-only for Unity: it leaves out what has no ``.meta``.
A GUID is made of the asset's path within the package, so it is the same wherever this runs; scenes
refer to scripts by it, so an existing file is never touched. Folders that end in ``~`` are hidden
from Unity and need none. What remains of files that are gone is removed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
NAME = "com.oscbridge.unity"

IMPORTERS = {
    ".cs": (
        "MonoImporter:\n  externalObjects: {}\n  serializedVersion: 2\n  defaultReferences: []\n"
        "  executionOrder: 0\n  icon: {instanceID: 0}\n"
    ),
    ".asmdef": "AssemblyDefinitionImporter:\n  externalObjects: {}\n",
    ".md": "TextScriptImporter:\n  externalObjects: {}\n",
}
PACKAGE_IMPORTER = "PackageManifestImporter:\n  externalObjects: {}\n"
FOLDER_IMPORTER = "folderAsset: yes\nDefaultImporter:\n  externalObjects: {}\n"
END = "  userData: \n  assetBundleName: \n  assetBundleVariant: \n"


def guid(asset: Path) -> str:
    """The GUID of an asset, 32 hexadecimal digits."""
    path = asset.relative_to(PACKAGE).as_posix()
    return hashlib.md5(f"{NAME}/{path}".encode(), usedforsecurity=False).hexdigest()


def assets() -> list[Path]:
    """Everything that Unity imports: files and folders, none hidden."""
    found: list[Path] = []
    for path in sorted(PACKAGE.rglob("*")):
        parts = path.relative_to(PACKAGE).parts
        hidden = any(part.endswith("~") or part.startswith(".") for part in parts)
        if not hidden and path.suffix != ".meta":
            found.append(path)
    return found


def meta_of(asset: Path) -> Path:
    """Where the .meta file of an asset lies."""
    return asset.with_name(asset.name + ".meta")


def text_of(asset: Path) -> str:
    """What its .meta file says."""
    if asset.is_dir():
        importer = FOLDER_IMPORTER
    elif asset.name == "package.json":
        importer = PACKAGE_IMPORTER
    else:
        importer = IMPORTERS[asset.suffix]
    return f"fileFormatVersion: 2\nguid: {guid(asset)}\n{importer}{END}"


def main() -> None:
    """Write what is missing, remove what is left over."""
    wanted = {meta_of(asset): asset for asset in assets()}
    for meta, asset in wanted.items():
        if not meta.exists():
            meta.write_text(text_of(asset), encoding="utf-8")
    for meta in PACKAGE.rglob("*.meta"):
        if meta not in wanted:
            meta.unlink()


if __name__ == "__main__":
    main()
