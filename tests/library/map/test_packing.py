"""What lies in the page: as small as it was promised, and the same when others unpack it."""

from __future__ import annotations

import base64
import gzip
import json
import re
import struct
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from oscbridge.labels import Labels
from oscbridge.library.map.packing import joined_sections, pack
from oscbridge.library.map.page import build_page
from oscbridge.library.track import Section
from tests.library.map.made_up import made_up_tracks

MOST_BYTES = 1_000_000


def unpack(packed: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """Read by the description alone."""
    whole = gzip.decompress(packed)
    (length,) = struct.unpack_from("<I", whole)
    document = json.loads(whole[4 : 4 + length])
    arrays, at = {}, 4 + length
    for name, code, count in document["arrays"]:
        kind = np.dtype(code).newbyteorder("<")
        arrays[name] = np.frombuffer(whole, kind, count, at)
        at += count * kind.itemsize
    assert at == len(whole)
    return document, arrays


def unpack_page(path: Path) -> tuple[dict, dict[str, np.ndarray]]:
    """Find the packed library in a page, and read it."""
    found = re.search(r'type="application/gzip">([^<]*)<', path.read_text("utf-8"))
    assert found
    return unpack(base64.b64decode(found[1]))


def test_ten_thousand_tracks_are_a_page_of_less_than_a_megabyte() -> None:
    assert len(build_page(made_up_tracks(10_000), Labels()).encode()) < MOST_BYTES


def test_what_was_packed_is_there_again() -> None:
    tracks = made_up_tracks(200, seed=3)
    document, arrays = unpack(pack(tracks))
    for name, digits in (("valence", 1e4), ("arousal", 1e4), ("valence_sd", 100.0)):
        wanted = [getattr(track.sound, name) for track in tracks]
        assert arrays[name] / digits == pytest.approx(wanted, abs=0.51 / digits)
    assert [tuple(names) for names in document["names"]] == [
        (track.names.title, track.names.artist, track.path.rsplit("/", 1)[1]) for track in tracks
    ]
    folders = [document["folders"][i] for i in arrays["folder"]]
    files = [names[2] for names in document["names"]]
    assert [a + b for a, b in zip(folders, files, strict=True)] == [t.path for t in tracks]
    assert [document["genres"][i] for i in arrays["genre"]] == [t.names.genre for t in tracks]
    tempos = [round(10 * (track.sound.tempo_bpm or 0.0)) for track in tracks]
    assert arrays["tempo_bpm"].tolist() == tempos
    keys = [-128 if track.sound.key is None else track.sound.key for track in tracks]
    assert arrays["key"].tolist() == keys
    assert arrays["sections"].tolist() == [len(track.sound.sections) for track in tracks]
    ends_s = [section.end_s for track in tracks for section in track.sound.sections]
    assert arrays["section_end_s"].tolist() == pytest.approx(ends_s, abs=0.51)


def test_where_files_lie_can_be_kept_back() -> None:
    tracks = made_up_tracks(20)
    document, arrays = unpack(pack(tracks, paths=False))
    assert document["folders"] == [""]
    assert not arrays["folder"].any()
    assert "/music" not in json.dumps(document)


def test_equal_libraries_make_equal_pages() -> None:
    assert build_page(made_up_tracks(50), Labels()) == build_page(made_up_tracks(50), Labels())


def section(start_s: float, end_s: float, valence: float) -> Section:
    return Section(start_s, end_s, valence, 0.0, 1.0, 1)


def test_short_sections_join_the_neighbour_that_is_like_them() -> None:
    course = [section(0, 40, 0.8), section(40, 44, 0.2), section(44, 90, 0.1), section(90, 99, 0.9)]
    joined = joined_sections(course, 3)
    assert [(one.start_s, one.end_s) for one in joined] == [(0, 40), (40, 90), (90, 99)]
    assert joined[1].valence == pytest.approx((4 * 0.2 + 46 * 0.1) / 50)


def test_joined_sections_span_the_track_and_keep_its_mean() -> None:
    for track in made_up_tracks(30, seed=1):
        course = track.sound.sections
        joined = joined_sections(course, 4)
        assert len(joined) == min(len(course), 4)
        assert (joined[0].start_s, joined[-1].end_s) == (0.0, track.sound.duration_s)
        assert all(a.end_s == b.start_s for a, b in pairwise(joined))
        means = [
            sum((one.end_s - one.start_s) * one.valence for one in some) / track.sound.duration_s
            for some in (course, joined)
        ]
        assert means[0] == pytest.approx(means[1])
