"""The model of faces that needs no training: smile → valence, motion and opening → arousal.

Conventions
-----------
Four *signs* are measured on the face, each a number that grows with what it is named after:

- ``smile``: in how many places and sizes the cascade for smiles that OpenCV 4 ships finds one in
  the lower half of the face, reduced to one size and smoothed, without which the noise of a camera
  looks like one. Some thirty for a mouth at rest, sixty and more for a broad smile.
- ``mouth``: share of the mouth's region that is darker than `DARK` of the face's median brightness.
- ``eyes``: share of the eyes' regions that differs from that median by more than a quarter: the
  white, the iris and the lashes of an open eye.
- ``motion``: mean change of the face's picture, at the place where it was, in shares of its
  brightness a second; head and features alike, light that changes as a whole left out.

They are compared with the same signs at rest: learned (`models.face_calibration`), or else general
numbers for smile and motion, and for mouth and eyes the median of the last `ADAPT_S` of this face.
Valence is the smile, and nothing else: no sign here tells sadness, anger or fear from a face at
rest. A face that does not smile is said to be neutral, with little confidence. Arousal is mostly
motion, which is why one picture alone tells hardly anything of it.

Limits and weights were chosen on drawn faces and one photograph, and confidence is not calibrated
on people: no labelled faces were at hand. It is at most `SURE` of what a face could tell
(`models.face.MOST_CONFIDENCE`), half of that for a person who was not calibrated, a third where
there is neither smile nor motion, and falls with the quality of the picture.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from models.face import DEFAULT, MOST_CONFIDENCE, Expression
from models.face_calibration import Calibrated
from models.face_finder import Box, cut_face, load_cascade, load_cv2, to_grey
from models.face_quality import judge

SIDE = 96
"""Pixels to which a face is reduced."""
SMOOTH = 1.6
"""Deviation of the smoothing, pixels: noise of 4 of 255 then adds 2 finds instead of 18."""
DARK = 0.5
ADAPT_S = 60.0
"""How far back what is usual of a face is looked for."""
SURE = 0.8
SIGNS = ("smile", "mouth", "eyes", "motion")
AT_REST = (33.0, 0.2)
"""Smile and motion of a face at rest where nothing is known of the person."""
BROAD = 33.0
"""Finds of the cascade between a mouth at rest and a broad smile."""
HAPPY = 0.8
"""Valence of a broad smile: that of *happiness* (`models.face_labels`)."""
OCTAVES = 3.0
"""Doublings of motion from rest to the most."""
_OPENING = 0.15
_LEAST_MOTION = 0.1
_FEWEST = 5


class SignsModel(Calibrated):
    """Looks for signs."""

    name = DEFAULT
    digest = ""

    def __init__(self) -> None:
        super().__init__(len(SIGNS))
        load_cascade("smile")
        self._usual: deque[tuple[float, np.ndarray]] = deque()
        self._before: tuple[np.ndarray, Box, float] | None = None
        self._motion: float | None = None

    def update(self, picture: np.ndarray, box: Box, time_s: float) -> Expression:
        """Look at the face in ``box`` of a picture, uint8, shape=(height, width[, 3])."""
        grey = to_grey(picture)
        face = cut_face(grey, box, SIDE)
        moved = self._moved(grey, box, time_s)
        signs = np.array([_smile(face), *_openings(face), AT_REST[1] if moved is None else moved])
        rest = self._at_rest(signs, time_s)
        self._usual.append((time_s, signs[1:3]))
        self._calibration.update(signs, time_s)
        smile = float(np.clip((signs[0] - rest[0]) / BROAD, -0.3, 1.0))
        mouth, eyes = np.clip((signs[1:3] - rest[1:3]) / _OPENING, -0.5, 1.0)
        motion = math.log2((signs[3] + _LEAST_MOTION) / (rest[3] + _LEAST_MOTION)) / OCTAVES
        motion = min(max(motion, -0.3), 1.0)
        arousal = float(np.clip(0.7 * motion + 0.2 * mouth + 0.2 * eyes, -1.0, 1.0))
        shown = max(abs(smile), abs(motion))
        known = 1.0 if self._calibration.learned is not None else 0.5
        confidence = MOST_CONFIDENCE * SURE * known * (1.0 + 2.0 * shown) / 3.0
        return Expression(
            valence=HAPPY * smile,
            arousal=arousal,
            confidence=confidence * judge(grey, box).overall,
            details={name: float(sign) for name, sign in zip(SIGNS, signs, strict=True)},
        )

    def reset(self) -> None:
        """Another face, or a cut: forget what was seen."""
        self._usual.clear()
        self._before = None

    def _at_rest(self, signs: np.ndarray, time_s: float) -> np.ndarray:
        """Signs of this face at rest, shape=(4,); of one just met its openings as they are."""
        while self._usual and self._usual[0][0] < time_s - ADAPT_S:
            self._usual.popleft()
        if self._calibration.learned is not None:
            return self._calibration.learned
        usual = signs[1:3]
        if len(self._usual) >= _FEWEST:
            usual = np.median([openings for _, openings in self._usual], axis=0)
        return np.array([AT_REST[0], *usual, AT_REST[1]])

    def _moved(self, grey: np.ndarray, box: Box, time_s: float) -> float | None:
        """Motion since the last picture; None where there was none, or too long ago."""
        before, self._before = self._before, (grey, box, time_s)
        if before is None or before[0].shape != grey.shape:
            return None
        was_grey, was, was_s = before
        passed_s = time_s - was_s
        if not 0.0 < passed_s < 1.0:
            return None
        pair = [_even(cut_face(each, was, SIDE // 2)) for each in (was_grey, grey)]
        return float(np.abs(pair[1] - pair[0]).mean()) / passed_s


def _even(face: np.ndarray) -> np.ndarray:
    """A face in shares of its own mean brightness, shape=(side, side), float32."""
    return face.astype(np.float32) / max(float(face.mean()), 1.0)


def _smile(face: np.ndarray) -> float:
    """In how many places a smile is found in the lower half of a face, shape=(96, 96)."""
    smooth = load_cv2().GaussianBlur(face, (0, 0), SMOOTH)
    lower = np.ascontiguousarray(smooth[int(0.55 * SIDE) :])
    _, counts = load_cascade("smile").detectMultiScale2(
        lower, scaleFactor=1.1, minNeighbors=3, minSize=(20, 10)
    )
    return float(np.sum(counts)) if len(counts) else 0.0


def _openings(face: np.ndarray) -> tuple[float, float]:
    """How open mouth and eyes are, of a face, shape=(96, 96)."""
    cv2 = load_cv2()
    smooth = cv2.GaussianBlur(face, (0, 0), 1.0).astype(np.float32)
    skin = max(float(np.median(smooth)), 1.0)
    rows, edge, middle = slice(int(0.3 * SIDE), int(0.5 * SIDE)), int(0.15 * SIDE), SIDE // 2
    mouth = smooth[int(0.65 * SIDE) : int(0.97 * SIDE), int(0.27 * SIDE) : int(0.73 * SIDE)]
    eyes = smooth[rows, edge : middle - edge // 2], smooth[rows, middle + edge // 2 : -edge]
    opened = [float(np.mean(np.abs(eye / skin - 1.0) > 0.25)) for eye in eyes]
    return float(np.mean(mouth < DARK * skin)), sum(opened) / 2.0
