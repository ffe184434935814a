"""A file cut at its boundaries, without a sample lost, added or changed.

Conventions
-----------
A piece begins at the sample that is nearest to its section's start and ends where the next begins;
the last ends with the file. Pieces keep sample rate, channels, container and sample format: read
one after the other they are the original, bit for bit. Formats that lose on every encoding (MP3,
OGG and the like) would not be: their pieces are WAV files of 32-bit floating point, which hold what
the original decodes to. Names are ``NAME-01-happy.wav``: number and the user's word for the
quadrant. No file is ever replaced; where a piece cannot be written, none of the others stays.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import soundfile

from oscbridge.errors import InputError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from oscbridge.offline.cue_points import Section

BLOCK = 1 << 16
_SHORT = {"PCM_S8", "PCM_U8", "PCM_16", "ULAW", "ALAW", "ALAC_16", "DPCM_8", "DPCM_16"}
_LONG = {"PCM_24", "PCM_32", "ALAC_20", "ALAC_24", "ALAC_32"}
_TYPES = {
    **dict.fromkeys(_SHORT, "int16"),
    **dict.fromkeys(_LONG, "int32"),
    "FLOAT": "float32",
    "DOUBLE": "float64",
}
"""Sample formats that can be read and written without loss, and as what."""


def check_folder(folder: Path, stem: str) -> None:
    """Refuse a folder that holds pieces of a file of this name already, or that cannot be used.

    Raises
    ------
    SettingsError
        It does, it is a file, or nothing may be written there.
    """
    if folder.exists() and not folder.is_dir():
        raise SettingsError(f"--split: {str(folder)!r} is a file, not a folder.")
    if not folder.exists():
        return
    if not os.access(folder, os.W_OK):
        raise SettingsError(f"--split: {str(folder)!r} cannot be written.")
    taken = re.compile(re.escape(stem) + r"-\d{2,}-.*")
    there = sorted(path.name for path in folder.iterdir() if taken.fullmatch(path.name))
    if there:
        raise SettingsError(
            f"--split: {str(folder)!r} holds {there[0]!r} already, and nothing is replaced: "
            "choose another folder."
        )


def cut(file: str, sections: Sequence[Section], folder: Path, stem: str) -> list[Path]:
    """Cut a file into its sections; return the pieces.

    Parameters
    ----------
    file : str
        What to cut.
    sections : sequence of Section
        One or more, in order.
    folder : Path
        Where the pieces go; made if it is not there.
    stem : str
        What their names begin with.

    Raises
    ------
    InputError
        The file cannot be read any more.
    SettingsError
        A piece exists already, or cannot be written.
    """
    name: Any = os.fsencode(file) if os.name == "posix" else file
    written: list[Path] = []
    try:
        with soundfile.SoundFile(name) as source:
            folder.mkdir(parents=True, exist_ok=True)
            starts = [round(section.start_s * source.samplerate) for section in sections]
            starts[0] = 0
            paths = _paths(file, source, sections, folder, stem)
            for path, start, stop in zip(paths, starts, [*starts[1:], None], strict=True):
                _write(source, path, None if stop is None else stop - start, written)
    except soundfile.LibsndfileError as error:
        _remove(written)
        raise InputError(f"{file!r} cannot be cut: {error}.") from None
    except OSError as error:
        _remove(written)
        reason = error.strerror or str(error)
        raise SettingsError(f"--split: {error.filename or str(folder)!r}: {reason}.") from None
    except BaseException:
        _remove(written)
        raise
    return written


def _paths(
    file: str, source: soundfile.SoundFile, sections: Sequence[Section], folder: Path, stem: str
) -> list[Path]:
    ending = Path(file).suffix if source.subtype in _TYPES else ".wav"
    width = max(2, len(str(len(sections))))
    return [
        folder / f"{stem}-{number:0{width}d}-{_word(section.label)}{ending}"
        for number, section in enumerate(sections, 1)
    ]


def _word(label: str) -> str:
    """What a file's name can hold of a label."""
    return re.sub(r"[^\w-]+", "_", label).strip("_") or "unknown"


def _write(source: soundfile.SoundFile, path: Path, count: int | None, written: list[Path]) -> None:
    """Copy ``count`` samples, or all that are left, to a new file."""
    exact = source.subtype in _TYPES
    with path.open("x+b") as stream:
        written.append(path)
        with soundfile.SoundFile(
            stream,
            "w",
            samplerate=source.samplerate,
            channels=source.channels,
            format=source.format if exact else "WAV",
            subtype=source.subtype if exact else "FLOAT",
            endian=source.endian if exact else None,
        ) as piece:
            _copy_words(source, piece)
            for block in _blocks(source, count):
                piece.write(block)


def _copy_words(source: soundfile.SoundFile, piece: soundfile.SoundFile) -> None:
    """Keep artist, album and the like where the container has room for them."""
    for key, value in source.copy_metadata().items():
        try:
            setattr(piece, key, value)
        except soundfile.LibsndfileError:
            continue


def _blocks(source: soundfile.SoundFile, count: int | None) -> Iterator[Any]:
    """Yield the next ``count`` samples, or all up to the end, in blocks."""
    kind: Any = _TYPES.get(source.subtype, "float32")
    left = count
    while left is None or left > 0:
        try:
            block = source.read(
                BLOCK if left is None else min(BLOCK, left), dtype=kind, always_2d=True
            )
        except soundfile.LibsndfileError:
            return  # a file that breaks off is cut as far as it goes
        if len(block) == 0:
            return
        if left is not None:
            left -= len(block)
        yield block


def _remove(written: list[Path]) -> None:
    for path in written:
        path.unlink(missing_ok=True)
