"""Signals about tracks that are suggested: part of the protocol's table.

Conventions
-----------
Those of `oscbridge.protocol`, which has these rows with all others. A suggestion is said as a
request is: scalar by scalar, then ``suggest/go``, which is enough to act upon and short enough for
everybody, and whole as ``suggest``. Its id is that of the request which it answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.wire.arguments import Arg, bipolar, count, seconds, text
from oscbridge.wire.signal import Message, Signal

if TYPE_CHECKING:
    from oscbridge.library.suggested import Suggested

_ID = count("id")
_NAMES = (text("path"), text("title"), text("artist"))
_SOUND = (
    bipolar("valence"),
    bipolar("arousal"),
    Arg("energy", "i", 1, 10),
    Arg("tempo", "f", 0.0, 1000.0, "BPM"),
    text("key"),
    seconds("duration"),
)
_MEANINGS = {
    "path": "where the file lies; a URI where its name is no UTF-8",
    "uri": "the same as a URI, in plain ASCII; empty where too long",
    "title": "by its tags, or the name of the file",
    "artist": "by its tags; empty where they do not say",
    "valence": "what it expresses on the whole",
    "arousal": "what it expresses on the whole",
    "energy": "DJ energy level",
    "tempo": "0 where it is not known",
    "key": "such as Am or Db; empty where it is not known",
    "duration": "its length",
}

_WHOLE = Signal(
    "suggest",
    "event",
    (_ID, *_NAMES, *_SOUND),
    "play this next: a track of the library that answers the request of this id",
)
_SCALARS = tuple(
    Signal(f"suggest/{arg.name}", "event", (arg,), f"of the suggestion that follows: {meaning}")
    for arg, meaning in (
        (next(arg for arg in (*_NAMES, text("uri"), *_SOUND) if arg.name == name), meaning)
        for name, meaning in _MEANINGS.items()
    )
)
_GO = Signal(
    "suggest/go",
    "event",
    (_ID, *_NAMES),
    "the suggestion itself for those who take few arguments; enough to act upon",
)

SUGGESTING = (_WHOLE, *_SCALARS, _GO)


def messages_of(suggested: Suggested) -> list[Message]:
    """Say a suggestion: scalars first, then the trigger, then the whole."""
    names = suggested.path, suggested.title, suggested.artist
    sound = (
        *(suggested.valence, suggested.arousal, suggested.energy),
        *(suggested.tempo_bpm, suggested.key, suggested.duration_s),
    )
    path, title, artist = names
    return [
        *(
            signal.message(value)
            for signal, value in zip(
                _SCALARS, (path, suggested.uri, title, artist, *sound), strict=True
            )
        ),
        _GO.message(suggested.id, *names),
        _WHOLE.message(suggested.id, *names, *sound),
    ]
