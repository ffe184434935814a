"""Labelled faces, and who is examined on which: no person, and no picture, on two sides.

Conventions
-----------
A face is grey, 48×48, uint8. Its target is a distribution over labels of `models.face_labels`: one
label, or how those who saw it voted. A *group* is what must not stand on two sides: the person
where the data say who it is, else the picture itself, so that copies of it stay together. Data that
are divided by those who gave them keep that division; copies of what is held out are then left out
of what is learned from.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from models.face_labels import LABELS
from models.face_network import SIDE
from models.training.splits import split_digest

PARTS = ("train", "dev", "test")
TENTHS = 10
FEWEST_GROUPS = 3


class FaceDataError(ValueError):
    """The data cannot be used: one sentence that says what is expected."""


@dataclass(frozen=True)
class FaceSet:
    """Labelled faces.

    Attributes
    ----------
    name : str
        Which data they are.
    pixels : np.ndarray, shape=(n, 48, 48), uint8
    targets : np.ndarray, shape=(n, len(labels)), float32
        Rows sum to 1.
    labels : tuple of str
    groups : np.ndarray of str, shape=(n,)
    parts : np.ndarray of str, shape=(n,)
        One of `PARTS`, or empty where the data do not say.
    persons : bool
        Whether groups are persons.
    left_out : tuple of str
        What could not be used, a sentence each.
    """

    name: str
    pixels: np.ndarray
    targets: np.ndarray
    labels: tuple[str, ...]
    groups: np.ndarray
    parts: np.ndarray
    persons: bool
    left_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.pixels)

    def take(self, rows: np.ndarray) -> FaceSet:
        """Some of the faces, by index or mask, shape=(k,) or (n,)."""
        return replace(
            self,
            pixels=self.pixels[rows],
            targets=self.targets[rows],
            groups=self.groups[rows],
            parts=self.parts[rows],
        )

    def part(self, name: str) -> FaceSet:
        """The faces of one of `PARTS`."""
        return self.take(self.parts == name)

    @property
    def truth(self) -> np.ndarray:
        """Number of the likeliest label of each face, shape=(n,)."""
        return self.targets.argmax(axis=1)

    @property
    def digest(self) -> str:
        """Hash of all of it."""
        content = hashlib.sha256(self.pixels.tobytes() + self.targets.tobytes())
        content.update(split_digest(self.parts, list(self.groups)).encode())
        return content.hexdigest()[:16]


def build_set(
    name: str,
    pixels: list[np.ndarray],
    targets: list[np.ndarray],
    groups: list[str],
    parts: list[str],
    left_out: tuple[str, ...] = (),
) -> FaceSet:
    """Build a set from faces, shape=(48, 48), with targets over all `LABELS`, shape=(8,).

    An empty group stands for a picture of nobody in particular. Labels that never occur go.

    Raises
    ------
    FaceDataError
        There are no faces, or fewer than two labels.
    """
    if not pixels:
        raise FaceDataError(f"{name} holds no labelled faces")
    stack = np.stack(pixels)
    votes = np.stack(targets).astype(np.float32)
    there = votes.sum(axis=0) > 0.0
    if there.sum() < 2:
        raise FaceDataError(f"{name} has one label only: there is nothing to tell apart")
    return FaceSet(
        name,
        stack,
        votes[:, there] / votes[:, there].sum(axis=1, keepdims=True),
        tuple(label for label, one in zip(LABELS, there, strict=True) if one),
        np.asarray([g or _picture_digest(p) for g, p in zip(groups, stack, strict=True)]),
        np.asarray(parts, dtype="U5"),
        persons=all(groups),
        left_out=left_out,
    )


def _picture_digest(pixels: np.ndarray) -> str:
    return hashlib.sha256(pixels.tobytes()).hexdigest()[:16]


def one_hot(label: str) -> np.ndarray:
    """The target of a face with one label, shape=(8,)."""
    return np.asarray([float(label == one) for one in LABELS], np.float32)


def divide(faces: FaceSet) -> FaceSet:
    """Give every face a part: as the data say, else tenths of the groups, one dev and one test.

    Raises
    ------
    FaceDataError
        There are too few groups.
    """
    if not (faces.parts == "test").any():
        tenths = assign_tenths(faces)
        parts = np.where(tenths == 0, "test", np.where(tenths == 1, "dev", "train"))
        return replace(faces, parts=parts.astype("U5"))
    faces = _without_copies(faces)
    if not (faces.parts == "dev").any():
        rows = np.flatnonzero(faces.parts == "train")
        parts = faces.parts.copy()
        parts[rows[assign_tenths(faces.take(rows)) == 0]] = "dev"
        faces = replace(faces, parts=parts)
    return faces


def assign_tenths(faces: FaceSet) -> np.ndarray:
    """Number 0..9 of a tenth for every face, shape=(n,): by group, labels alike in all of them.

    Where there are fewer than ten groups there are as many parts as groups.

    Raises
    ------
    FaceDataError
        There are too few groups.
    """
    count = min(TENTHS, len(set(faces.groups)))
    if count < FEWEST_GROUPS:
        raise FaceDataError(
            f"{faces.name} shows {count} person{'s' * (count > 1)}: at least {FEWEST_GROUPS} are "
            "needed, to learn from some and be examined on others"
        )
    tenths = np.zeros(len(faces), int)
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=0)
    for k, (_, rows) in enumerate(splitter.split(faces.truth, faces.truth, faces.groups)):
        tenths[rows] = k
    return tenths


def _without_copies(faces: FaceSet) -> FaceSet:
    """Leave out what is to be learned from and is also held out."""
    held_out: set[str] = set()
    keep = np.ones(len(faces), bool)
    for part in ("test", "dev", "train"):
        rows = np.flatnonzero(faces.parts == part)
        keep[rows] = [str(group) not in held_out for group in faces.groups[rows]]
        held_out |= set(map(str, faces.groups[rows]))
    gone = int((~keep).sum())
    told = (f"{gone} faces stand in two parts: left out of the one that is learned from",)
    return replace(faces.take(keep), left_out=(*faces.left_out, *(told if gone else ())))


def to_side(face: np.ndarray) -> np.ndarray:
    """A grey face of any size as 48×48."""
    import cv2

    if face.shape == (SIDE, SIDE):
        return face
    way = cv2.INTER_AREA if face.shape[0] > SIDE else cv2.INTER_LINEAR
    return cv2.resize(face, (SIDE, SIDE), interpolation=way)
