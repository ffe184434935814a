"""Faces: found, judged, named and placed on the plane, with a photograph as a witness."""

from __future__ import annotations

from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
import pytest

from models import face
from models.face import MOST_CONFIDENCE
from models.face_calibration import NEUTRAL_S, Calibration
from models.face_finder import Box, cut_face, find_faces, to_grey
from models.face_labels import LABELS, POINTS, label_of_word, point_of, polarity
from models.face_quality import judge
from models.face_signs import SignsModel
from models.types import quadrant_of
from tests.drawn_faces import draw, empty, two


@pytest.fixture(scope="module")
def photograph() -> np.ndarray:
    """Give the portrait of Grace Hopper that comes with matplotlib: one face, which smiles."""
    path = Path(mpl.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    picture = cv2.imread(str(path))
    assert picture is not None
    return picture


def test_the_face_of_a_photograph_is_found_well_seen_and_smiling(photograph: np.ndarray) -> None:
    (box,) = find_faces(to_grey(photograph))
    assert box.x < 256 < box.x + box.width, "her nose"
    assert box.y < 230 < box.y + box.height
    assert judge(to_grey(photograph), box).overall > 0.8
    said = SignsModel().update(photograph, box, 0.0)
    assert said.valence > 0.4
    assert 0.0 < said.confidence <= MOST_CONFIDENCE


def test_blur_shade_and_distance_are_seen_as_such(photograph: np.ndarray) -> None:
    grey = to_grey(photograph)
    (box,) = find_faces(grey)
    good = judge(grey, box)
    blurred = judge(cv2.GaussianBlur(grey, (0, 0), 10.0), box)
    shaded = judge((grey * 0.25).astype(np.uint8), box)
    half = judge(cv2.resize(grey, None, fx=0.2, fy=0.2), Box(*(int(v * 0.2) for v in box)))
    assert blurred.sharp < 0.5 < good.sharp
    assert shaded.light < 0.5 < good.light
    assert half.size < 0.5 < good.size
    turned = grey.copy()
    turned[:, : box.x + box.width // 2] //= 5
    assert judge(turned, box).pose < good.pose


def test_faces_are_told_largest_first_and_nobody_is_nobody() -> None:
    assert [box.width > 100 for box in find_faces(two(90.0, 125.0))] == [True, False]
    assert find_faces(empty()) == []


def test_a_face_at_the_edge_is_cut_to_what_there_is() -> None:
    picture = draw()
    assert cut_face(picture, Box(-20, -10, 80, 80), 48).shape == (48, 48)
    assert 0.0 <= judge(picture, Box(280, 200, 80, 80)).overall <= 1.0


@pytest.mark.parametrize(
    ("word", "label"),
    [
        ("Happy", "happiness"),
        ("3_happy", "happiness"),
        ("ANGRY", "anger"),
        ("surprised", "surprise"),
        ("05-sad", "sadness"),
        ("Normal", "neutral"),
        ("hungry", None),
        ("", None),
    ],
)
def test_words_of_data_sets_are_understood(word: str, label: str | None) -> None:
    assert label_of_word(word) == label


def test_labels_lie_in_the_quadrants_of_their_words() -> None:
    quadrants = {label: quadrant_of(*POINTS[label]) for label in LABELS}
    assert quadrants["happiness"] == quadrants["surprise"] == 1
    assert {quadrants[label] for label in ("anger", "fear", "disgust", "contempt")} == {2}
    assert quadrants["sadness"] == 3
    assert {polarity(label) for label in ("neutral", "surprise")} == {0}
    assert point_of(("happiness", "neutral"), np.array([0.5, 0.5])) == pytest.approx((0.405, 0.255))


def test_what_is_neutral_is_the_median_of_what_is_seen_for_a_while() -> None:
    calibration = Calibration()
    calibration.calibrate("neutral")
    for i in range(21):
        value = 100.0 if i == 3 else 1.0
        calibration.update(np.array([value]), i * NEUTRAL_S / 20)
    assert calibration.kept == [1.0]
    calibration.calibrate("start")
    for value in (2.0, 3.0, 4.0):
        calibration.update(np.array([value]), 100.0 + value)
    assert calibration.kept == [1.0]
    calibration.calibrate("stop")
    assert calibration.kept == [3.0]
    calibration.calibrate("reset")
    assert calibration.kept == []


def test_a_calibration_without_anything_seen_changes_nothing() -> None:
    calibration = Calibration()
    calibration.restore([0.5])
    calibration.calibrate("start")
    calibration.calibrate("stop")
    assert calibration.kept == [0.5]


def test_an_unknown_model_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OSCBRIDGE_MODELS", str(tmp_path))
    assert face.names() == ["signs"]
    with pytest.raises(KeyError):
        face.load("smiles")
