"""The picture of the map: what is drawn where, and what cannot be written."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from oscbridge.errors import SettingsError
from oscbridge.labels import Labels
from oscbridge.library.map.picture import MARKERS, draw_map
from tests.library.map.made_up import made_up_tracks

SVG = "{http://www.w3.org/2000/svg}"


def collections_of(path: Path) -> list[ET.Element]:
    """The points of an SVG, a group for each quadrant from 0 on."""
    groups = [
        group
        for group in ET.parse(path).iter(f"{SVG}g")
        if group.get("id", "").startswith("PathCollection")
    ]
    assert len(groups) == len(MARKERS)
    return groups


def test_every_track_is_a_point_at_its_place(tmp_path: Path) -> None:
    tracks = made_up_tracks(300, seed=4)
    draw_map(tracks, Labels(), tmp_path / "map.svg")
    groups = collections_of(tmp_path / "map.svg")
    for quadrant in (1, 3, 4):
        uses = list(groups[quadrant].iter(f"{SVG}use"))
        points = np.array([(float(use.attrib["x"]), float(use.attrib["y"])) for use in uses])
        its = [track.sound for track in tracks if track.sound.quadrant == quadrant]
        wanted = np.array([(sound.valence, sound.arousal) for sound in its])
        assert len(points) == len(wanted)
        for axis, slope in ((0, 1.0), (1, -1.0)):  # the y axis of SVG points down
            fitted = np.polyfit(wanted[:, axis], points[:, axis], 1)
            assert fitted[0] * slope > 0.0
            assert np.polyval(fitted, wanted[:, axis]) == pytest.approx(points[:, axis], abs=0.01)
    triangles = list(groups[2].iter(f"{SVG}path"))  # short paths are written out one by one
    assert len(triangles) == sum(track.sound.quadrant == 2 for track in tracks)


def test_it_says_how_many_there_are_in_the_user_s_words(tmp_path: Path) -> None:
    tracks = made_up_tracks(80, seed=4)
    draw_map(tracks, Labels(q3="$melancholisch"), tmp_path / "map.svg")
    said = re.sub(r"&#x?\w+;", " ", (tmp_path / "map.svg").read_text("utf-8"))
    assert "80 tracks by what they express" in said
    sad = sum(track.sound.quadrant == 3 for track in tracks)
    assert f"{sad} $melancholisch" in said


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_libraries_of_any_size_are_drawn(tmp_path: Path, count: int) -> None:
    draw_map(made_up_tracks(count), Labels(), tmp_path / "map.png")
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be written"):
        draw_map(made_up_tracks(3), Labels(), tmp_path / "nowhere" / "map.png")
