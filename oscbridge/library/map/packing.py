"""All that a map shows of a library, packed small enough to lie in the page itself.

Conventions
-----------
The packed library is gzip of: the length of a JSON document (uint32), the document, then arrays
one after the other, all little-endian. The document says what the arrays are (`ARRAYS`, in their
order) and holds the texts. Tracks stand in the order in which they came; names that resemble each
other lie side by side where that order is by artist, and pack better.

Valence and arousal are ten-thousandths, of sections hundredths; deviations and confidence are
hundredths. Sections are told by their ends in whole seconds. What is not known is `UNKNOWN`, of
numbers without a sign 0.

A page of a large library shows `MOST_SECTIONS` sections at most: where that does not do, the
shortest ones of a track are joined with the neighbour that is more like them.
"""

from __future__ import annotations

import gzip
import json
import sys
from array import array
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from oscbridge.library.camelot import code_of, fits
from oscbridge.library.rows import text_of
from oscbridge.library.track import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from oscbridge.library.track import Section, Track

MOST_SECTIONS = 80_000
LEAST_SECTIONS = 4
"""Of a track, however many tracks there are."""
UNKNOWN = -128
ARRAYS = {
    "valence": "h",
    "arousal": "h",
    "valence_sd": "B",
    "arousal_sd": "B",
    "confidence": "B",
    "quadrant": "B",
    "energy": "B",
    "tempo_bpm": "H",
    "key": "b",
    "loudness_lufs": "b",
    "duration_s": "I",
    "folder": "H",
    "genre": "H",
    "sections": "H",
    "section_end_s": "I",
    "section_valence": "b",
    "section_arousal": "b",
}
"""Arrays and their types as `array.array` names them; the last three have an entry a section."""


@dataclass
class _Numbered:
    """Texts that occur often, each told once; 0 is the empty one."""

    texts: dict[str, int] = field(default_factory=lambda: {"": 0})

    def number(self, text: str) -> int:
        """Number of a text; those that come after the 65,535th are told as the empty one."""
        if text not in self.texts and len(self.texts) > 0xFFFF:
            return 0
        return self.texts.setdefault(text, len(self.texts))


def pack(tracks: Sequence[Track], *, paths: bool = True) -> bytes:
    """Pack a library.

    Parameters
    ----------
    tracks : sequence of Track
    paths : bool
        Whether to tell in which folders they lie.
    """
    arrays = {name: array(code) for name, code in ARRAYS.items()}
    folders, genres = _Numbered(), _Numbered()
    names: list[tuple[str, str, str]] = []
    most = max(LEAST_SECTIONS, MOST_SECTIONS // max(len(tracks), 1))
    joined = 0
    for track in tracks:
        folder, file = _split(track.path)
        names.append((text_of(track.names.title), text_of(track.names.artist), file))
        arrays["folder"].append(folders.number(folder) if paths else 0)
        arrays["genre"].append(genres.number(text_of(track.names.genre)))
        _add_sound(arrays, track)
        sections = joined_sections(track.sound.sections, most)
        joined += len(sections) < len(track.sound.sections)
        _add_sections(arrays, sections)
    document = {
        "names": names,
        "folders": list(folders.texts),
        "genres": list(genres.texts),
        "keys": [(name, code_of(key)) for key, name in enumerate(KEYS)],
        "fits": [[int(i) for i in fits(key, range(len(KEYS))).nonzero()[0]] for key in range(24)],
        "joined": joined,
        "arrays": [(name, code, len(arrays[name])) for name, code in ARRAYS.items()],
    }
    told = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    told += b" " * (-len(told) % 4)
    whole = len(told).to_bytes(4, "little") + told + b"".join(map(_bytes, arrays.values()))
    return gzip.compress(whole, 9, mtime=0)


def joined_sections(sections: Iterable[Section], most: int) -> list[Section]:
    """At most ``most`` sections: the shortest are joined with the neighbour more like them."""
    left = list(sections)
    while len(left) > most:
        at = min(range(len(left)), key=lambda i: left[i].end_s - left[i].start_s)
        beside = [i for i in (at - 1, at + 1) if 0 <= i < len(left)]
        other = min(beside, key=lambda i: _distance(left[i], left[at]))
        first, second = sorted((at, other))
        one, two = left[first], left[second]
        share = (two.end_s - two.start_s) / max(two.end_s - one.start_s, 1e-9)
        longer = two if share > 0.5 else one
        left[first : second + 1] = [
            replace(
                longer,
                start_s=one.start_s,
                end_s=two.end_s,
                valence=one.valence + share * (two.valence - one.valence),
                arousal=one.arousal + share * (two.arousal - one.arousal),
            )
        ]
    return left


def _distance(one: Section, other: Section) -> float:
    return (one.valence - other.valence) ** 2 + (one.arousal - other.arousal) ** 2


def _add_sound(arrays: dict[str, array[int]], track: Track) -> None:
    sound = track.sound
    row = {
        "valence": round(1e4 * sound.valence),
        "arousal": round(1e4 * sound.arousal),
        "valence_sd": _hundredths(sound.valence_sd),
        "arousal_sd": _hundredths(sound.arousal_sd),
        "confidence": _hundredths(sound.confidence),
        "quadrant": sound.quadrant,
        "energy": sound.energy,
        "tempo_bpm": min(round(10.0 * (sound.tempo_bpm or 0.0)), 0xFFFF),
        "key": UNKNOWN if sound.key is None else sound.key,
        "loudness_lufs": UNKNOWN
        if sound.loudness_lufs is None
        else min(max(round(sound.loudness_lufs), -127), 127),
        "duration_s": round(sound.duration_s),
    }
    for name, value in row.items():
        arrays[name].append(value)


def _add_sections(arrays: dict[str, array[int]], sections: Sequence[Section]) -> None:
    arrays["sections"].append(min(len(sections), 0xFFFF))
    for section in sections[:0xFFFF]:
        known = section.quadrant > 0
        arrays["section_end_s"].append(round(section.end_s))
        arrays["section_valence"].append(round(100.0 * section.valence) if known else UNKNOWN)
        arrays["section_arousal"].append(round(100.0 * section.arousal) if known else UNKNOWN)


def _hundredths(value: float) -> int:
    return min(max(round(100.0 * value), 0), 0xFF)


def _bytes(values: array[int]) -> bytes:
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def _split(path: str) -> tuple[str, str]:
    """Folder, with the separator at its end, and name of a file."""
    cut = max(path.rfind("/"), path.rfind("\\")) + 1
    return text_of(path[:cut]), text_of(path[cut:])
