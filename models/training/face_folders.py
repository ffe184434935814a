"""Faces in folders: CK+ as its owners give it, and folders that are named by label.

Conventions
-----------
CK+ (P. Lucey et al., The extended Cohn-Kanade dataset, CVPR workshops 2010): sequences
``…/S005/001/S005_001_00000001.png`` from a neutral face to the height of an expression, and for
327 of them a label ``…/S005/001/S005_001_00000011_emotion.txt`` (1 anger, 2 contempt, 3 disgust,
4 fear, 5 happiness, 6 sadness, 7 surprise). The last three pictures have the label, the first is
neutral. The folder of the person is the group.

Folders: ``happy/…``, or ``train/happy/…`` and ``test/happy/…``, as FER2013, RAF-DB and CK+48 are
handed on as pictures. The group is the person where the name of the file begins as those of CK+ do,
else the sub-folder (``happy/anna/…``), else the picture itself.

Small pictures (`CUT` pixels at most) are faces already; in larger ones the largest face is looked
for, and where there is none, the picture is left out and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from models.face_finder import cut_face, find_faces
from models.face_labels import label_of_word
from models.face_network import SIDE
from models.training.face_set import FaceDataError, FaceSet, build_set, one_hot, to_side

if TYPE_CHECKING:
    from pathlib import Path

CUT = 130
ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff", ".pgm"})
LAST = 3
"""Pictures of a sequence at the height of the expression."""
NUMBERED = (
    *("neutral", "anger", "contempt", "disgust", "fear", "happiness", "sadness", "surprise"),
)
"""Labels of CK+ in the order of their numbers."""
PART_OF = {
    **dict.fromkeys(("train", "training", "fer2013train"), "train"),
    **dict.fromkeys(("dev", "val", "valid", "validation", "publictest", "fer2013valid"), "dev"),
    **dict.fromkeys(("test", "testing", "privatetest", "fer2013test"), "test"),
}
_PERSON = re.compile(r"(S\d{3})_\d{3}_\d{8}", re.IGNORECASE)
Found = list[tuple["Path", str, str, str]]
"""Pictures with label, group and part."""


def read_folder(folder: Path) -> FaceSet:
    """Read a folder of faces, whichever of the above it is.

    Raises
    ------
    FaceDataError
        It is none of them, or holds no faces.
    """
    labels = sorted(_visible(folder, "*_emotion.txt"))
    if labels:
        return _load("CK+", *_sequences(folder, labels))
    return _load(folder.name, *_named_folders(folder))


def _sequences(folder: Path, labels: list[Path]) -> tuple[Found, list[str]]:
    """Pictures of the sequences of CK+ that have a label."""
    pictures: dict[tuple[str, str], list[Path]] = {}
    for path in _visible(folder, "*.png"):
        if _PERSON.match(path.stem):
            pictures.setdefault((path.parts[-3], path.parts[-2]), []).append(path)
    found: Found = []
    missing = 0
    for path in labels:
        person, sequence = path.parts[-3:-1]
        frames = sorted(pictures.get((person, sequence), []))
        label = _number(path)
        if len(frames) <= LAST:
            missing += 1
            continue
        found.append((frames[0], "neutral", person, ""))
        found += [(frame, label, person, "") for frame in frames[-LAST:]]
    if not found:
        raise FaceDataError(
            f"{folder} holds labels of CK+ but not its pictures: cohn-kanade-images must lie below "
            "it as well"
        )
    return found, [f"{missing} labels without their pictures"] if missing else []


def _number(path: Path) -> str:
    """The label in a file of CK+, written as ``   3.0000000e+00``."""
    try:
        return NUMBERED[int(float(path.read_text(encoding="ascii")))]
    except (OSError, ValueError, IndexError, OverflowError):
        raise FaceDataError(f"{path} holds no label 0..7") from None


def _named_folders(folder: Path) -> tuple[Found, list[str]]:
    """Pictures in folders that are named by label, with folders of parts above them or without."""
    tops = sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    places = [(top, PART_OF.get(top.name.casefold(), "")) for top in tops]
    if any(part for _, part in places):
        places = [(place, part) for top, part in places if part for place in sorted(top.iterdir())]
    found: Found = []
    unknown: list[str] = []
    for place, part in places:
        label = label_of_word(place.name)
        if not place.is_dir():
            continue
        if label is None:
            unknown.append(place.name)
            continue
        for path in sorted(_visible(place, "*")):
            if path.suffix.casefold() in ENDINGS:
                found.append((path, label, _group(path, place), part))
    if not found:
        raise FaceDataError(
            f"{folder} holds neither CK+ nor folders of pictures named by label: happy, sad, angry,"
            " surprise, fear, disgust, neutral, contempt"
        )
    return found, [f"the folder {name!r} names no label" for name in unknown]


def _group(path: Path, place: Path) -> str:
    match = _PERSON.match(path.stem)
    inside = path.relative_to(place).parts[:-1]
    return match[1].upper() if match else "/".join(inside[:1])


def _load(name: str, found: Found, left_out: list[str]) -> FaceSet:
    """Read the pictures and find their faces."""
    pixels: list[np.ndarray] = []
    targets: list[np.ndarray] = []
    kept: list[tuple[str, str]] = []
    bad: Counter[str] = Counter()
    for path, label, group, part in tqdm(found, desc="faces", unit="", leave=False):
        face = _face(path)
        if isinstance(face, str):
            bad[face] += 1
            continue
        pixels.append(face)
        targets.append(one_hot(label))
        kept.append((group, part))
    told = (*left_out, *(f"{count} pictures {why}" for why, count in bad.items()))
    groups, parts = [group for group, _ in kept], [part for _, part in kept]
    return build_set(name, pixels, targets, groups, parts, told)


def _face(path: Path) -> np.ndarray | str:
    """The face of a picture, shape=(48, 48), or why there is none."""
    import cv2

    content = np.frombuffer(path.read_bytes(), np.uint8)
    grey = cv2.imdecode(content, cv2.IMREAD_GRAYSCALE) if len(content) else None
    if grey is None:
        return "that cannot be read"
    if max(grey.shape) <= CUT:
        return to_side(grey)
    boxes = find_faces(grey)
    return cut_face(grey, boxes[0], SIDE) if boxes else "in which no face was found"


def _visible(folder: Path, pattern: str) -> list[Path]:
    """Files below a folder whose names fit; what systems hide is left out."""
    return [p for p in folder.rglob(pattern) if not p.name.startswith(".") and p.is_file()]
