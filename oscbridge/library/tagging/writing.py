"""Fields written into a file's tags, and the proof that nothing else was touched.

Conventions
-----------
What is written to is a draft that nobody else uses yet. mutagen writes the containers. ID3 is
opened so that mutagen understands no frame: it then carries each of them along as the bytes that
they are, in their order, doubled and broken ones too. What would have to be rewritten to be kept is
refused: ID3v2.2, and comments that are not UTF-8.

Notes
-----
``TMOO`` belongs to ID3v2.4; as Mp3tag and others do, it is written into ID3v2.3 as well, and the
version of a tag stays what it is.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, cast

from oscbridge.errors import LibraryError
from oscbridge.library.tagging import FIELDS, Fields
from oscbridge.library.tags import ASF, ID3, MP4, VORBIS, Kind, kind_of, values

if TYPE_CHECKING:
    from mutagen import FileType

_ID3V1_REACH = 131
"""Bytes at a file's end that mutagen might take for an ID3v1 tag and rewrite."""
_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_INVENTED = re.compile(r"unknown\d+")
"""What mutagen calls a comment without a name."""

Foreign = list[tuple[str, bytes]]
"""What in a file's tags is not ours: keys and contents, in their order."""


class TagError(LibraryError):
    """The tags of a file cannot be written; says why."""


def fields_of(path: str) -> Fields:
    """Read what a file says for each of `FIELDS`; empty where it says nothing.

    Raises
    ------
    TagError
        It is no file whose tags can be read.
    """
    opened = _open(path)
    kind = kind_of(opened)
    if kind is None:
        return dict.fromkeys(FIELDS, "")
    return {field: ", ".join(values(opened, getattr(kind, field))) for field in FIELDS}


def write_fields(draft: str, wanted: Fields) -> None:
    """Write fields into a file; an empty one is removed. What is not named stays.

    Parameters
    ----------
    draft : str
        A file of one's own, which is left half written where this fails.
    wanted : dict of str to str
        Some of `FIELDS`.

    Raises
    ------
    TagError
        The file has no tags that can be written without touching what is not ours.
    """
    opened = _open_bare(draft)
    kind = kind_of(opened)
    if kind is None:
        raise TagError("a file of this kind has no tags that oscbridge could write")
    before = _foreign(opened, kind)
    _require_whole(opened, kind)
    size = os.path.getsize(draft)
    with open(draft, "rb") as stream:
        stream.seek(-min(_ID3V1_REACH, size), os.SEEK_END)
        end = stream.read()
    tag_size = _leading_tag(opened)
    for field, text in wanted.items():
        _set(opened, kind, getattr(kind, field), text)
    _save(opened, kind, draft)
    written = _open_bare(draft)
    if tag_size is not None:
        _restore_end(draft, end, size - tag_size + (_leading_tag(written) or 0))
    if _foreign(written, kind) != before:
        raise TagError("something else in its tags would not have stayed as it is")
    said = fields_of(draft)
    if any(said[field] != text for field, text in wanted.items()):
        raise TagError("what was written does not read back")


def _open(path: str) -> FileType:
    """Open a file's tags as mutagen understands them. Raises `TagError`."""
    import mutagen

    try:
        with open(path, "rb") as stream:
            opened = mutagen.File(path) if stream.read(1) else None
    except OSError as error:
        raise TagError(error.strerror or str(error)) from None
    except Exception as error:  # noqa: BLE001 - broken files raise what they like
        raise TagError(f"its tags are broken: {error}") from None
    if opened is None:
        raise TagError("it is no file whose tags can be read")
    return opened


def _open_bare(path: str) -> FileType:
    """Open a file's tags so that frames of ID3 stay bytes; without tags it gets empty ones.

    Raises
    ------
    TagError
        As `_open`.
    """
    from mutagen import MutagenError

    opened = _open(path)
    if opened.tags is None:
        try:
            opened.add_tags()
        except (MutagenError, NotImplementedError):
            return opened
    if kind_of(opened) is not ID3:
        return opened
    frames: Any = {}
    try:
        bare = cast("Any", type(opened))(path, known_frames=frames, load_v1=False, translate=False)
        if bare.tags is None:
            bare.add_tags()
    except Exception as error:  # noqa: BLE001 - as above
        raise TagError(f"its tags are broken: {error}") from None
    return bare


def _require_whole(opened: FileType, kind: Kind) -> None:
    """Refuse tags that mutagen does not give back as it found them. Raises `TagError`."""
    tags: Any = opened.tags
    if kind is ID3:
        if tags.version < (2, 3, 0) and tags.unknown_frames:
            raise TagError("its tag is ID3v2.2, which would have to be converted")
        spread = tags.version >= (2, 4, 0) and getattr(tags, "f_unsynch", False)
        if spread and not all(frame[9] & 0x02 for frame in tags.unknown_frames):
            raise TagError("its tag is unsynchronised in a way that would have to be rewritten")
    if kind is VORBIS:
        texts = [tags.vendor, *(f"{key}={text}" for key, text in tags)]
        if any("\ufffd" in text for text in texts):
            raise TagError("its comments are not all UTF-8, and would be damaged")
        if any(_INVENTED.fullmatch(key) for key, _ in tags):
            raise TagError("one of its comments has no name, and would get one")


def _leading_tag(opened: FileType) -> int | None:
    """Size of the ID3 tag that a file begins with; None where ID3 is kept in another way."""
    from mutagen.id3 import ID3FileType

    if not isinstance(opened, ID3FileType):
        return None
    return int(cast("Any", opened.tags).size)


def _restore_end(path: str, end: bytes, size: int) -> None:
    """Put a file's end back, where mutagen may have rewritten an ID3v1 tag.

    Parameters
    ----------
    path : str
    end : bytes
        What the file ended with.
    size : int
        How long the file has to be.
    """
    with open(path, "r+b") as stream:
        stream.truncate(size)
        stream.seek(size - len(end))
        stream.write(end)


def _set(opened: FileType, kind: Kind, key: str, text: str) -> None:
    """Write one field, in place of all that it had."""
    tags: Any = opened.tags
    if kind is ID3:
        tags.unknown_frames = [
            frame for frame in tags.unknown_frames if frame_key(frame) != key.casefold()
        ]
        if text:
            tags.add(_frame(key, text, tags.version))
        return
    for name in [name for name in dict.fromkeys(tags.keys()) if name.casefold() == key.casefold()]:
        del tags[name]
    if text and kind is MP4:
        from mutagen.mp4 import AtomDataType, MP4FreeForm

        tags[key] = [MP4FreeForm(text.encode(), AtomDataType.UTF8)]
    elif text:
        tags[key] = [text] if kind in (VORBIS, ASF) else text


def _frame(key: str, text: str, version: tuple[int, ...]) -> Any:
    """Build a frame in the plainest encoding that its version has for the text."""
    from mutagen.id3 import TMOO, TXXX, Encoding

    try:
        text.encode("latin-1")
        encoding = Encoding.LATIN1
    except UnicodeEncodeError:
        encoding = Encoding.UTF8 if version >= (2, 4, 0) else Encoding.UTF16
    _, _, described = key.partition(":")
    if described:
        return TXXX(encoding=encoding, desc=described, text=[text])
    return TMOO(encoding=encoding, text=[text])


def _save(opened: FileType, kind: Kind, draft: str) -> None:
    """Write the tags. Raises `TagError`."""
    version = int(cast("Any", opened.tags).version[1]) if kind is ID3 else 0
    options: dict[str, Any] = (
        {"v2_version": version if version >= 3 else 4, "v23_sep": None} if kind is ID3 else {}
    )
    try:
        cast("Any", opened).save(draft, **options)
    except Exception as error:  # noqa: BLE001 - a draft is lost, nothing else
        raise TagError(f"its tags cannot be written: {error}") from None


def _foreign(opened: FileType, kind: Kind) -> Foreign:
    """All that is not ours in a file's tags, as bytes."""
    tags: Any = opened.tags
    ours = {getattr(kind, field).casefold() for field in FIELDS}
    if kind is ID3:
        keyed = [(frame_key(frame), bytes(frame)) for frame in tags.unknown_frames]
    elif kind is VORBIS:
        keyed = [(key.casefold(), f"{key}={text}".encode()) for key, text in tags]
        keyed.append(("", tags.vendor.encode()))
    else:
        keyed = sorted((key.casefold(), repr(value).encode()) for key, value in tags.items())
    blocks = [
        (f"block {block.code}", bytes(block.write()))
        for block in getattr(opened, "metadata_blocks", ())
        if block.code != 1 and block is not tags  # padding gives way
    ]
    return [(key, content) for key, content in keyed if key not in ours] + blocks


def frame_key(frame: bytes) -> str:
    """The key of a frame of ID3v2.3 or 2.4 in small letters: its name, for ``TXXX`` described.

    Parameters
    ----------
    frame : bytes
        With its header of 10 bytes.
    """
    name = frame[:4].decode("ascii", "replace").casefold()
    if name != "txxx" or len(frame) < 12 or frame[9]:  # a flag: packed, so not written by us
        return name
    text = frame[11:].decode(_ENCODINGS.get(frame[10], "latin-1"), "replace")
    return f"{name}:{text.partition(chr(0))[0].casefold()}"
