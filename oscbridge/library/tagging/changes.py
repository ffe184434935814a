"""What would be written into which file, and what is left alone.

Conventions
-----------
A field that somebody else wrote, a person or another program, is theirs: it is kept unless all are
to be replaced. One that says what we wrote there last is ours, and follows the library.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oscbridge.library.tagging import Fields
from oscbridge.library.tagging.writing import TagError, fields_of

if TYPE_CHECKING:
    from oscbridge.labels import Labels
    from oscbridge.library.track import Track


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done to a file.

    Attributes
    ----------
    digest : str
        What the file is to be, by what the library heard.
    path : str
        The file.
    called : str
        Artist and title.
    says : dict of str to str
        What each of `FIELDS` says there now.
    wanted : dict of str to str
        What is to be written, by field; nothing where the file is as it should be.
    kept : dict of str to str
        What the library would say instead of fields that are somebody else's.
    trouble : str
        Why the tags cannot be read; empty where they can.
    """

    digest: str
    path: str
    called: str
    says: Fields = field(default_factory=Fields)
    wanted: Fields = field(default_factory=Fields)
    kept: Fields = field(default_factory=Fields)
    trouble: str = ""


def heard(track: Track, words: Labels) -> Fields:
    """What the library says of a track, as tags say it; empty where it does not know.

    Parameters
    ----------
    track : Track
    words : Labels
        The user's words for the quadrants.
    """
    quadrant = track.sound.quadrant
    return {
        "quadrant": words.of(quadrant) if quadrant else "",
        "energy": str(track.sound.energy),
    }


def change_of(track: Track, path: str, heard: Fields, written: Fields, *, replace: bool) -> Change:
    """See what would be written into a file.

    Parameters
    ----------
    track : Track
    path : str
        One of its files.
    heard : dict of str to str
        What the file is to say, by field; an empty one is left alone.
    written : dict of str to str
        What we wrote into it before.
    replace : bool
        Whether to replace what others wrote.
    """
    try:
        says = fields_of(path)
    except TagError as error:
        return Change(track.digest, path, track.called, trouble=str(error))
    wanted, kept = Fields(), Fields()
    for name, text in heard.items():
        if not text or says[name] == text:
            continue
        free = replace or not says[name] or says[name] == written.get(name)
        (wanted if free else kept)[name] = text
    return Change(track.digest, path, track.called, says, wanted, kept)
