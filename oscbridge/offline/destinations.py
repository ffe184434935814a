"""Where ``oscbridge analyze`` writes what, settled before anything is analysed.

Conventions
-----------
With one file a destination is what the user wrote; with several, ``OUT.png`` becomes
``OUT-NAME.png`` for each file ``NAME.EXT``. Files are counted from 0, in the order of the command
line; a file that gets nothing is not in the table.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.errors import MissingExtraError, SettingsError, unknown_name
from oscbridge.offline.cue_points import BY_ENDING, FORMATS
from oscbridge.offline.score import is_score

if TYPE_CHECKING:
    from collections.abc import Sequence

PICTURE_FORMATS = (".png", ".svg", ".pdf")


def picture_paths(wanted: Path | None, files: Sequence[str]) -> dict[int, Path]:
    """Choose the picture of each file.

    Raises
    ------
    SettingsError
        The format is unknown, the folder is not there, or the picture cannot be written.
    MissingExtraError
        matplotlib is not installed.
    """
    if wanted is None:
        return {}
    if wanted.suffix.lower() not in PICTURE_FORMATS:
        raise SettingsError(
            f"--plot writes {', '.join(PICTURE_FORMATS)}; {str(wanted)!r} ends with none of them."
        )
    _check_writable("--plot", wanted)
    if importlib.util.find_spec("matplotlib") is None:
        raise MissingExtraError("--plot", "matplotlib", "plot")
    return _one_each(wanted, files)


def sheet_format(wanted: Path | None, name: str | None) -> str:
    """Choose the format of the labels: the name that was given, else what the ending means.

    Raises
    ------
    SettingsError
        There is no such format, the ending means none, or there is nothing to write.
    """
    if wanted is None:
        if name is not None:
            raise SettingsError("--labels-format belongs to --labels: give a file too.")
        return ""
    if name is not None:
        if name not in FORMATS:
            raise unknown_name("format for labels", name, tuple(FORMATS))
        return name
    if wanted.suffix.lower() not in BY_ENDING:
        raise SettingsError(
            f"--labels knows {', '.join(f'{e} ({n})' for e, n in BY_ENDING.items())}; "
            f"{str(wanted)!r} ends with none of them: say --labels-format, one of "
            f"{', '.join(FORMATS)}."
        )
    return BY_ENDING[wanted.suffix.lower()]


def sheet_paths(wanted: Path | None, files: Sequence[str], *, replace: bool) -> dict[int, Path]:
    """Choose the label file of each file.

    Raises
    ------
    SettingsError
        The folder is not there, the file cannot be written, or it exists and may not be replaced.
    """
    if wanted is None:
        return {}
    paths = _one_each(wanted, files)
    for path in paths.values():
        _check_writable("--labels", path)
        if path.exists() and not replace:
            raise SettingsError(
                f"--labels: {str(path)!r} exists, perhaps with corrections of yours: "
                "add --force to replace it, or choose another name."
            )
    return paths


def piece_stems(folder: Path | None, files: Sequence[str]) -> dict[int, str]:
    """Choose what the names of the pieces of each file begin with.

    Raises
    ------
    SettingsError
        A file is a score, or the folder cannot take the pieces.
    """
    if folder is None:
        return {}
    from oscbridge.offline.pieces import check_folder

    stems: dict[int, str] = {}
    for number, file in enumerate(files):
        if is_score(file):
            raise SettingsError(f"--split cuts sound, and {file!r} holds notes.")
        stem = Path(file).stem
        stems[number] = stem if stem not in stems.values() else f"{stem}-{number + 1}"
        check_folder(folder, stems[number])
    return stems


def _one_each(wanted: Path, files: Sequence[str]) -> dict[int, Path]:
    if len(files) == 1:
        return {0: wanted}
    paths: dict[int, Path] = {}
    for number, file in enumerate(files):
        path = wanted.with_stem(f"{wanted.stem}-{Path(file).stem}")
        # Files of one name from two folders must not share a destination.
        if path in paths.values():
            path = path.with_stem(f"{path.stem}-{number + 1}")
        paths[number] = path
    return paths


def _check_writable(option: str, path: Path) -> None:
    if not path.parent.is_dir():
        raise SettingsError(f"{option}: there is no folder {str(path.parent)!r}.")
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise SettingsError(f"{option}: {str(path)!r} cannot be written.")
