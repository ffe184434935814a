"""Sections as other programs read them: label tracks, tables, cue sheets, regions.

Conventions
-----------
A `Section` is a stretch of a file with what it expresses; the sections of a file follow each other
without gaps. Each format is a function from sections to text, entered in `FORMATS` by its name; the
text is UTF-8, a line feed ends a line. What reads them:

=================== ======= ======================================================================
format              ending  read by
=================== ======= ======================================================================
``audacity``        .txt    Audacity: File > Import > Labels; also Sonic Visualiser, mir_eval
``csv``             .csv    tables and scripts; one row a section, everything that is known of it
``jams``            .jams   music research (jams): namespaces ``segment_open`` and ``mood_thayer``
``cue``             .cue    players and burners; 75 frames a second, at most 99 tracks
``reaper``          (.csv)  REAPER: Region/Marker Manager > Options > Import, as regions
``reaper-markers``  (.csv)  the same, as one marker where each section begins
=================== ======= ======================================================================

Times are seconds from the start of the file. REAPER reads minutes and seconds, to a millisecond.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from oscbridge import __version__
from oscbridge.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

MOST_TRACKS = 99
CUE_FRAMES = 75
"""Frames a second of a cue sheet."""
_CUE_TYPES = {".mp3": "MP3", ".aif": "AIFF", ".aiff": "AIFF"}


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a file; ``strength`` is how clear the boundary at its start is (first: 0)."""

    start_s: float
    end_s: float
    quadrant: int
    label: str
    valence: float
    arousal: float
    strength: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that can be told of a file: its name as seen from the sheet, model, sections."""

    file: str
    model: str
    sections: Sequence[Section]

    @property
    def duration_s(self) -> float:
        """Where the last section ends, seconds."""
        return self.sections[-1].end_s if self.sections else 0.0


def audacity(sheet: Sheet) -> str:
    """Label track: start, end and label, divided by tabs."""
    return "".join(f"{s.start_s:.6f}\t{s.end_s:.6f}\t{s.label}\n" for s in sheet.sections)


def table(sheet: Sheet) -> str:
    """Comma-separated values with a heading."""
    heading = ("number", "start_s", "end_s", "quadrant", "label", "valence", "arousal", "strength")
    rows = (
        (i, s.start_s, s.end_s, s.quadrant, s.label, s.valence, s.arousal, s.strength)
        for i, s in enumerate(sheet.sections, 1)
    )
    return _csv(heading, rows)


def reaper(sheet: Sheet) -> str:
    """Regions of REAPER's Region/Marker Manager."""
    rows = (
        (f"R{i}", s.label, _clock(s.start_s), _clock(s.end_s), _clock(s.end_s - s.start_s))
        for i, s in enumerate(sheet.sections, 1)
    )
    return _csv(("#", "Name", "Start", "End", "Length"), rows)


def reaper_markers(sheet: Sheet) -> str:
    """Markers of REAPER's Region/Marker Manager, one where each section begins."""
    rows = ((f"M{i}", s.label, _clock(s.start_s), "", "") for i, s in enumerate(sheet.sections, 1))
    return _csv(("#", "Name", "Start", "End", "Length"), rows)


def jams(sheet: Sheet) -> str:
    """Annotations of the JAMS schema: sections by their label, and their valence and arousal."""
    words = [(s, s.label) for s in sheet.sections]
    points = [(s, [s.valence, s.arousal]) for s in sheet.sections]
    document = {
        "annotations": [
            _annotation(sheet, "segment_open", words),
            _annotation(sheet, "mood_thayer", points),
        ],
        "file_metadata": {
            "title": Path(sheet.file).stem,
            "artist": "",
            "release": "",
            "duration": sheet.duration_s,
            "identifiers": {},
            "jams_version": "0.3.5",
        },
        "sandbox": {},
    }
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _annotation(sheet: Sheet, namespace: str, values: list[tuple[Section, Any]]) -> dict[str, Any]:
    return {
        "namespace": namespace,
        "annotation_metadata": {
            "curator": {"name": "", "email": ""},
            "annotator": {},
            "version": __version__,
            "corpus": "",
            "annotation_tools": f"oscbridge {__version__}, model {sheet.model}",
            "annotation_rules": "",
            "validation": "",
            "data_source": "program",
        },
        "data": [
            {
                "time": section.start_s,
                "duration": round(section.end_s - section.start_s, 6),
                "value": value,
                "confidence": None,
            }
            for section, value in values
        ],
        "sandbox": {},
        "time": 0.0,
        "duration": sheet.duration_s,
    }


def cue(sheet: Sheet) -> str:
    """Cue sheet, one track a section.

    Raises
    ------
    InputError
        There are more sections than a cue sheet has room for.
    """
    if len(sheet.sections) > MOST_TRACKS:
        raise InputError(
            f"{sheet.file!r} has {len(sheet.sections)} sections, and a cue sheet holds "
            f"{MOST_TRACKS}: lower --sensitivity, raise --min-segment, or choose another format."
        )
    kind = _CUE_TYPES.get(Path(sheet.file).suffix.lower(), "WAVE")
    lines = [f'REM COMMENT "oscbridge {__version__}"', f"FILE {_quoted(sheet.file)} {kind}"]
    for number, section in enumerate(sheet.sections, 1):
        frames = round(section.start_s * CUE_FRAMES)
        seconds, frame = divmod(frames, CUE_FRAMES)
        index = f"{seconds // 60:02d}:{seconds % 60:02d}:{frame:02d}"
        lines += [
            f"  TRACK {number:02d} AUDIO",
            f"    TITLE {_quoted(section.label)}",
            f"    INDEX 01 {index}",
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Put text between quotation marks, which a cue sheet cannot escape."""
    return '"' + text.replace('"', "'") + '"'


def _csv(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return stream.getvalue()


def _clock(seconds: float) -> str:
    """Write a time as ``m:ss.mmm`` (``h:mm:ss.mmm`` from one hour on)."""
    whole, millis = divmod(round(seconds * 1000.0), 1000)
    minutes, whole = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{whole:02d}.{millis:03d}"
    return f"{minutes}:{whole:02d}.{millis:03d}"


FORMATS: Mapping[str, Callable[[Sheet], str]] = MappingProxyType(
    {
        "audacity": audacity,
        "csv": table,
        "jams": jams,
        "cue": cue,
        "reaper": reaper,
        "reaper-markers": reaper_markers,
    }
)
"""Formats by their names."""
BY_ENDING: Mapping[str, str] = MappingProxyType(
    {".txt": "audacity", ".csv": "csv", ".jams": "jams", ".cue": "cue"}
)
"""What a file's ending means where nobody says otherwise."""
