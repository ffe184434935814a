"""Labelled faces as users obtain them: FER2013, FERPlus, CK+, folders; written here, read there."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.training.face_set import FaceDataError, FaceSet, divide
from models.training.train_face import read_faces
from tests.drawn_faces import LOOKS, Person, crop, draw

VOTES = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
"""Columns of FERPlus, in its order."""
RNG = np.random.default_rng(0)


def a_face() -> np.ndarray:
    return RNG.integers(0, 256, (48, 48), dtype=np.uint8)


def write_table(path: Path, head: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([head, *rows])
    return path


def numbers(face: np.ndarray) -> str:
    return " ".join(map(str, face.ravel()))


def write_picture(path: Path, picture: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), picture)


def labels_of(faces: FaceSet) -> list[str]:
    return [faces.labels[i] for i in faces.truth]


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("fer2013.csv", ("emotion", "pixels", "Usage")),
        ("icml_face_data.csv", ("emotion", " Usage", " pixels")),
    ],
)
def test_fer2013_is_read_in_both_forms_that_kaggle_gives(
    tmp_path: Path, name: str, head: tuple[str, ...]
) -> None:
    faces = [a_face() for _ in range(4)]
    rows = []
    usages = ("Training", "Training", "PublicTest", "PrivateTest")
    for label, face, usage in zip((0, 3, 6, 3), faces, usages, strict=True):
        cells = {"emotion": label, "pixels": numbers(face), "Usage": usage}
        rows.append([cells[column.strip()] for column in head])
    read = divide(read_faces(write_table(tmp_path / name, head, rows)))
    assert (read.name, read.persons) == ("FER2013", False)
    assert labels_of(read) == ["anger", "happiness", "neutral", "happiness"]
    assert list(read.parts) == ["train", "train", "dev", "test"]
    assert np.array_equal(read.pixels, np.stack(faces))


def test_a_copy_of_what_is_held_out_is_not_learned_from(tmp_path: Path) -> None:
    faces = [a_face() for _ in range(4)]
    rows = [(i % 2, numbers(face), "Training") for i, face in enumerate(faces)]
    rows += [(0, numbers(faces[0]), "PrivateTest"), (1, numbers(faces[1]), "PublicTest")]
    table = write_table(tmp_path / "fer2013.csv", ("emotion", "pixels", "Usage"), rows)
    read = divide(read_faces(table))
    assert len(read.part("train")) == 2
    assert "2 faces stand in two parts" in read.left_out[-1]


def test_ferplus_takes_votes_from_one_table_and_pictures_from_the_other(tmp_path: Path) -> None:
    faces = [a_face() for _ in range(5)]
    usages = ("Training", "Training", "Training", "PublicTest", "PrivateTest")
    rows = [(0, numbers(f), usage) for f, usage in zip(faces, usages, strict=True)]
    write_table(tmp_path / "fer2013.csv", ("emotion", "pixels", "Usage"), rows)
    votes = [
        ("fer0000000.png", 4, 6, 0, 0, 0, 0, 0, 0, 0, 0),
        ("", 0, 0, 0, 0, 0, 0, 0, 0, 0, 10),  # no face
        ("fer0000002.png", 0, 3, 0, 0, 0, 0, 0, 0, 7, 0),  # nobody knows
        ("fer0000003.png", 0, 0, 0, 9, 1, 0, 0, 0, 0, 0),  # a single vote is left out
        ("fer0000004.png", 0, 0, 10, 0, 0, 0, 0, 0, 0, 0),
    ]
    table = write_table(
        tmp_path / "fer2013new.csv",
        ("Usage", "Image name", *VOTES, "unknown", "NF"),
        [(usage, *row) for usage, row in zip(usages, votes, strict=True)],
    )
    read = read_faces(table)
    assert labels_of(read) == ["happiness", "sadness", "surprise"]
    shares = dict(zip(read.labels, read.targets[0], strict=True))
    assert (shares["neutral"], shares["happiness"]) == pytest.approx((0.4, 0.6))
    assert dict(zip(read.labels, read.targets[1], strict=True))["sadness"] == 1.0
    assert np.array_equal(read.pixels, np.stack([faces[i] for i in (0, 3, 4)]))
    assert list(read.parts) == ["train", "dev", "test"]
    assert read.left_out == ("2 pictures on which people saw no face or no label",)


def test_ck_plus_is_read_as_its_owners_give_it_and_keeps_persons_apart(tmp_path: Path) -> None:
    codes = {"anger": 1, "happiness": 5}
    for person in range(4):
        for take, (label, code) in enumerate(codes.items(), 1):
            where = Path(f"S{person:03}") / f"{take:03}"
            for frame in range(1, 6):
                looks = LOOKS[label] if frame > 2 else {}
                stem = f"S{person:03}_{take:03}_{frame:08}"
                picture = draw(Person(skin=180 + person), **looks)
                write_picture(tmp_path / "cohn-kanade-images" / where / f"{stem}.png", picture)
            told = tmp_path / "Emotion" / where / f"S{person:03}_{take:03}_00000005_emotion.txt"
            told.parent.mkdir(parents=True)
            told.write_text(f"   {code:.7e}\n")
    read = divide(read_faces(tmp_path))
    assert (read.name, read.persons, len(read)) == ("CK+", True, 4 * 2 * 4)
    assert [labels_of(read).count(label) for label in ("neutral", *codes)] == [8, 12, 12]
    assert read.pixels.shape[1:] == (48, 48)
    assert read.pixels[0].mean() > 100, "the face, not what is around it"
    seen = [set(read.part(part).groups) for part in ("train", "dev", "test")]
    assert all(seen)
    assert not seen[0] & seen[1] | seen[1] & seen[2] | seen[0] & seen[2]


def test_folders_of_pictures_know_persons_by_name_of_file_or_of_folder(tmp_path: Path) -> None:
    for person in range(3):
        for label in ("happy", "sad"):
            name = f"S{person:03}_001_00000012.png"
            write_picture(tmp_path / "ck48" / label / name, a_face())
            write_picture(tmp_path / "own" / label / f"person{person}" / "1.jpg", a_face())
    for folder in ("ck48", "own"):
        read = read_faces(tmp_path / folder)
        assert read.persons
        assert len(set(read.groups)) == 3
        assert sorted(set(labels_of(read))) == ["happiness", "sadness"]


def test_folders_of_train_and_test_keep_their_division(tmp_path: Path) -> None:
    for part, count in (("train", 20), ("test", 4)):
        for label in ("angry", "happy"):
            for i in range(count):
                write_picture(tmp_path / part / label / f"{i}.png", a_face())
    (tmp_path / "train" / "mystery").mkdir()
    read = divide(read_faces(tmp_path))
    assert len(read.part("test")) == 8
    assert len(read.part("dev")) > 0
    assert len(read.part("train")) + len(read.part("dev")) == 40
    assert "the folder 'mystery' names no label" in read.left_out


def test_large_pictures_are_cut_to_the_face_and_those_without_one_are_counted(
    tmp_path: Path,
) -> None:
    for i, label in enumerate(("happy", "sad", "angry")):
        write_picture(tmp_path / label / f"anna{i}" / "1.png", draw())
    write_picture(tmp_path / "happy" / "anna0" / "2.png", np.full((240, 320), 90, np.uint8))
    (tmp_path / "happy" / "anna0" / "3.png").write_bytes(b"no picture")
    read = read_faces(tmp_path)
    assert len(read) == 3
    assert set(read.left_out) == {
        "1 pictures in which no face was found",
        "1 pictures that cannot be read",
    }


@pytest.mark.parametrize(
    ("head", "row", "words"),
    [
        (("emotion", "pixels"), ("0", "1 2 3"), "line 2: pixels are no square"),
        (("emotion", "pixels"), ("0", "0 0 0 999"), "line 2: pixels are no square"),
        (("emotion", "pixels"), ("9", "0 0 0 0"), "line 2: '9' is no label"),
        (("emotion", "pixels", "Usage"), ("0", "0 0 0 0", "Later"), "'later' is no part"),
        (("pixels",), ("0 0 0 0",), "columns pixels; a table of faces has emotion and pixels"),
        (("emotion", "pixels"), ("0", "0 0 0 0"), "one label only"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_with_its_line(
    tmp_path: Path, head: tuple[str, ...], row: tuple[str, ...], words: str
) -> None:
    with pytest.raises(FaceDataError, match=words):
        read_faces(write_table(tmp_path / "faces.csv", head, [row]))


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(FaceDataError, match="there is no"):
        read_faces(tmp_path / "nowhere")
    with pytest.raises(FaceDataError, match="named by label"):
        read_faces(tmp_path)
    votes = write_table(
        tmp_path / "fer2013new.csv",
        ("Usage", "Image name", *VOTES, "unknown", "NF"),
        [("Training", "a.png", *[1] * 10)],
    )
    with pytest.raises(FaceDataError, match=r"put fer2013\.csv into the same folder"):
        read_faces(votes)


def test_too_few_persons_are_not_divided(tmp_path: Path) -> None:
    for label in ("happy", "sad"):
        for person in ("anna", "bert"):
            write_picture(tmp_path / label / person / "1.png", crop(Person(), "neutral"))
    with pytest.raises(FaceDataError, match="2 persons: at least 3"):
        divide(read_faces(tmp_path))
