"""Cartoon faces, drawn: whoever draws them knows what they express.

Conventions
-----------
Grey pictures, uint8. ``smile`` is -1 (corners down) to 1 (broad), ``mouth`` 0 to 1 (wide open),
``eyes`` 1 as usual, ``brows`` 0 to 1 (drawn down towards the nose). A `Person` differs from another
in build and colours, which tell nothing of expression. No face of a real person is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

FINER = 4
SKY = 90
WIDTH, HEIGHT = 320, 240
Looks = dict[str, float]
LOOKS: dict[str, Looks] = {
    "neutral": {},
    "happiness": {"smile": 1.0},
    "sadness": {"smile": -1.0, "eyes": 0.7},
    "surprise": {"mouth": 1.0, "eyes": 1.5},
    "anger": {"smile": -0.4, "brows": 1.0, "eyes": 0.7},
}
"""How expressions are drawn."""


@dataclass(frozen=True)
class Person:
    """What does not change with the expression."""

    skin: int = 200
    hair: int = 40
    broad: float = 0.75
    mouth_at: float = 0.58
    eyes_apart: float = 0.32

    @classmethod
    def drawn_by_lot(cls, rng: np.random.Generator) -> Person:
        """Somebody."""
        return cls(
            skin=int(rng.integers(170, 225)),
            hair=int(rng.integers(20, 80)),
            broad=float(rng.uniform(0.7, 0.8)),
            mouth_at=float(rng.uniform(0.54, 0.62)),
            eyes_apart=float(rng.uniform(0.29, 0.35)),
        )


def draw(
    person: Person | None = None,
    *,
    smile: float = 0.0,
    mouth: float = 0.0,
    eyes: float = 1.0,
    brows: float = 0.0,
    at: tuple[float, float] = (WIDTH / 2, HEIGHT / 2),
    size: float = 150.0,
    canvas: np.ndarray | None = None,
) -> np.ndarray:
    """Draw a face of ``size`` pixels at a place of a canvas, shape=(height, width); return it."""
    who = person or Person()
    ground = empty() if canvas is None else canvas
    height, width = ground.shape
    picture = cv2.resize(ground, (width * FINER, height * FINER), interpolation=cv2.INTER_NEAREST)
    r = size / 2 * FINER

    def place(x: float, y: float) -> tuple[int, int]:
        """Pixel of a point in units of half the face."""
        return int(at[0] * FINER + x * r), int(at[1] * FINER + y * r)

    def ellipse(x: float, y: float, a: float, b: float, colour: int, *more: int) -> None:
        """Draw one, filled unless an arc is given: from, to, and the width of the line."""
        start, end, line = more or (0, 360, -1)
        axes = (max(int(r * a), 1), max(int(r * b), 1))
        cv2.ellipse(picture, place(x, y), axes, 0, start, end, colour, line, cv2.LINE_AA)

    ellipse(0, -0.15, 0.85, 1.2, who.hair)
    ellipse(0, 0.1, who.broad, 1.0, who.skin)
    thick = max(int(r * 0.06), 1)
    for side in (-1, 1):
        x = side * who.eyes_apart
        ellipse(x, -0.12, 0.2, 0.14, int(0.75 * who.skin))
        ellipse(x, -0.12, 0.15, 0.09 * eyes, 235)
        ellipse(x, -0.12, 0.08, 0.09 * eyes, 30)
        inner, outer = place(x - side * 0.18, -0.3 + 0.14 * brows), place(x + side * 0.2, -0.32)
        cv2.line(picture, inner, outer, 50, thick, cv2.LINE_AA)
    cv2.line(picture, place(0, -0.05), place(0, 0.28), int(0.85 * who.skin), thick, cv2.LINE_AA)
    ellipse(0, 0.3, 0.13, 0.06, int(0.6 * who.skin), 0, 180, thick)
    xs = np.linspace(-1.0, 1.0, 41)
    half = 0.28 + 0.08 * abs(smile)
    upper = who.mouth_at - 0.15 * smile * (xs**2 - 0.4)
    lip = np.array([place(half * x, y) for x, y in zip(xs, upper, strict=True)])
    lower = upper + 0.3 * mouth * (1.0 - xs**2)
    chin = np.array([place(half * x, y) for x, y in zip(xs, lower, strict=True)])
    if mouth > 0.0:
        cv2.fillPoly(picture, [np.concatenate([lip, chin[::-1]])], 40, cv2.LINE_AA)
    cv2.polylines(picture, [lip], False, 50, thick, cv2.LINE_AA)
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (0, 0), 0.8)


def empty() -> np.ndarray:
    """A picture without anybody."""
    return np.full((HEIGHT, WIDTH), SKY, np.uint8)


def two(left: float, right: float) -> np.ndarray:
    """Two faces of these sizes; 0 for nobody there."""
    picture = empty()
    for size, x in ((left, 80.0), (right, 240.0)):
        if size:
            picture = draw(size=size, at=(x, HEIGHT / 2), canvas=picture)
    return picture


def restless(
    frames: int, fps: float, reach: float = 16.0, turns_hz: float = 1.5
) -> list[np.ndarray]:
    """A face that goes to and fro."""
    swings = np.sin(2 * np.pi * turns_hz * np.arange(frames) / fps)
    return [draw(at=(WIDTH / 2 + reach * swing, HEIGHT / 2)) for swing in swings]


def crop(person: Person, expression: str, shift: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
    """A face of 48 x 48 pixels as FER2013 has them."""
    canvas = np.full((64, 64), SKY, np.uint8)
    at = (32.0 + shift[0], 32.0 + shift[1])
    return draw(person, at=at, size=46.0, canvas=canvas, **LOOKS[expression])[8:56, 8:56]


def write_film(path: Path, frames: list[np.ndarray], fps: float) -> Path:
    """Write frames as Motion JPEG in AVI, which every OpenCV reads and writes."""
    height, width = frames[0].shape
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), fps, (width, height))
    assert film.isOpened()
    for frame in frames:
        film.write(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR))
    film.release()
    return path
