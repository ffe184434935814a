"""Which presets there are, and how their files are read.

Conventions
-----------
Shipped presets lie beside this module, the user's own in `own_folder`; where both have a name, the
user's wins. A file that says ``like = "other"`` takes over all that it does not say itself: tables
are joined key by key, lists of tables (``[[map]]``) are added to the other's, and everything else
takes the other's place. That is how users pick: three lines, and what ships can still be mended.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from presets.reading import ReadingError, convert, read_toml, unknown_key
from presets.schema import InboundPreset, Preset

OWN_FOLDER = "OSCBRIDGE_PRESETS"
"""Environment variable that names the user's own folder of presets."""
LIKE = "like"
MOST_LIKE = 4
"""Files that may be like one another in a row."""

AnyPreset = Preset | InboundPreset


def settings_folder() -> Path:
    """Where this system keeps what users set in oscbridge."""
    home = Path.home()
    if sys.platform == "win32":
        settings = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        settings = home / "Library" / "Application Support"
    else:
        settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return settings / "oscbridge"


def own_folder() -> Path:
    """Where the user's presets lie: `OWN_FOLDER`, or beside her settings."""
    said = os.environ.get(OWN_FOLDER)
    return Path(said) if said else settings_folder() / "presets"


def shipped_folder() -> Path:
    """Where the presets lie that ship."""
    return Path(__file__).parent


def paths() -> dict[str, Path]:
    """File of each preset by its name, the user's before the shipped one."""
    found = {path.stem: path for path in shipped_folder().glob("*.toml")}
    found |= {path.stem: path for path in own_folder().glob("*.toml")}
    return dict(sorted(found.items()))


def has_section(path: Path, section: str) -> bool:
    """Whether a preset file can be read and has ``[target]`` or ``[listen]``, its own or not."""
    try:
        return section in _read_like(path, MOST_LIKE)[0]
    except ReadingError:
        return False


def is_own(path: Path) -> bool:
    """Whether a preset is the user's."""
    return path.parent != shipped_folder()


def read(path: Path) -> AnyPreset:
    """Read a preset file, and those that it is like.

    Raises
    ------
    ReadingError
        When one cannot be read, is no TOML, or a key or value is not allowed.
    """
    data, files = _read_like(path, MOST_LIKE)
    where = str(path)
    kind = _kind(data, where)
    preset = convert(data, kind, where)
    return msgspec.structs.replace(preset, name=path.stem, files=tuple(map(str, files)))


def _kind(data: dict[str, Any], where: str) -> type[Preset] | type[InboundPreset]:
    if "target" in data and "listen" in data:
        raise ReadingError(f"{where}: [target] and [listen] make two presets: write two files")
    if "target" not in data and "listen" not in data:
        raise ReadingError(
            f"{where}: the section [target] is missing (who is told), or [listen] (who is heard)"
        )
    return Preset if "target" in data else InboundPreset


def _read_like(path: Path, left: int) -> tuple[dict[str, Any], list[Path]]:
    """Data of a file, completed by the one that it is like, and all files that were read."""
    data = read_toml(path)
    for key in ("name", "files"):
        if key in data:
            raise ReadingError(f"{path}: no key {key!r}: a preset is called as its file is")
    other = data.pop(LIKE, None)
    if other is None:
        return data, [path]
    known = paths()
    if not isinstance(other, str) or not left:
        raise ReadingError(f"{path}: {LIKE} = {other!r} is not allowed: the name of one preset")
    place = known.get(other)
    if place == path:  # one's own "reaper" may be like the "reaper" that ships
        place = shipped_folder() / f"{other}.toml"
    if place is None or not place.exists():
        listed = unknown_key(other, list(known), LIKE).replace("no key", "no preset")
        raise ReadingError(f"{path}: {listed}")
    base, files = _read_like(place, left - 1)
    return _join(base, data), [path, *files]


def _join(base: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    joined = dict(base)
    for key, value in data.items():
        old = joined.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            joined[key] = _join(old, value)
        elif isinstance(old, list) and isinstance(value, list) and _are_tables([*old, *value]):
            joined[key] = [*old, *value]
        else:
            joined[key] = value
    return joined


def _are_tables(items: list[Any]) -> bool:
    return all(isinstance(item, dict) for item in items)


class Watch:
    """Notices that the files of a preset were changed; look at it once a second or so."""

    def __init__(self, preset: AnyPreset) -> None:
        self._files = tuple(map(Path, preset.files))
        self._seen = self._look()

    def changed(self) -> bool:
        """Whether a file has changed since the last call, or since the beginning."""
        now = self._look()
        if now == self._seen or None in now:  # one that is being replaced is not there for a moment
            return False
        self._seen = now
        return True

    def _look(self) -> tuple[tuple[int, int] | None, ...]:
        return tuple(_stamp(path) for path in self._files)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size
