"""Faces in a picture: found by a cascade, and one of them followed from frame to frame.

Conventions
-----------
A picture is uint8, shape=(height, width) grey or (height, width, 3) in OpenCV's order blue, green,
red. A `Box` is in pixels of the picture that was given, x to the right, y down. *Left* and *right*
are those of the picture.

Faces are found by the boosted cascades that OpenCV 4 ships (P. Viola & M. Jones, Robust real-time
face detection, 2004): nothing to download, a few milliseconds a frame, upright faces that look at
the camera. Profiles, strong tilt and covered faces are missed, and that is no opinion, not a wrong
one. The search is done at `SEARCH_WIDTH`; a face narrower than a tenth of the picture is not found.

A `FaceTracker` keeps to the face that it chose: another one is taken only when that one has not
been seen for `KEEP_S`. Where it was last seen is looked at first, which costs a tenth of a search.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    import numpy as np

Choice = Literal["largest", "left", "right"]
"""Which face is chosen where there are several."""

SEARCH_WIDTH = 320
"""Pixels; wider pictures are reduced to it before they are searched."""
KEEP_S = 1.0
"""How long a face that is not seen is waited for before another one is chosen."""
_SMALLEST = 30
_FAR = 0.6
"""Share of its width that a face may move from one search to the next."""
_MARGIN = 0.5


class Box(NamedTuple):
    """A square around a face, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the box."""
        return self.x + 0.5 * self.width, self.y + 0.5 * self.height


class FaceError(RuntimeError):
    """What is needed to look at faces is not there: one sentence that says what."""


def load_cv2() -> Any:
    """Import OpenCV.

    Raises
    ------
    ImportError
        It is not installed.
    FaceError
        It is a version without cascades.
    """
    import cv2

    if not hasattr(cv2, "CascadeClassifier") or not hasattr(cv2, "data"):
        raise FaceError(
            f"OpenCV {cv2.__version__} ships no face cascades: "
            'pip install "opencv-python-headless>=4.10,<5"'
        )
    return cv2


@lru_cache
def load_cascade(name: str) -> Any:
    """Load one of the cascades that OpenCV ships, ``frontalface_alt2``.

    Raises
    ------
    ImportError
        OpenCV is not installed.
    FaceError
        It lacks this cascade.
    """
    cv2 = load_cv2()
    path = Path(cv2.data.haarcascades) / f"haarcascade_{name}.xml"
    cascade = cv2.CascadeClassifier(str(path))
    if cascade.empty():
        raise FaceError(f"OpenCV {cv2.__version__} lacks the cascade {path.name}: install it again")
    return cascade


def to_grey(picture: np.ndarray) -> np.ndarray:
    """Brightness of a picture, shape=(height, width), uint8."""
    if picture.ndim == 2:
        return picture
    cv2 = load_cv2()
    return cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)


def reduce(picture: np.ndarray, factor: float) -> np.ndarray:
    """A picture made smaller by ``factor``, each pixel the mean of those that it replaces."""
    if factor >= 1.0:
        return picture
    cv2 = load_cv2()
    return cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def cut_face(picture: np.ndarray, box: Box, side: int) -> np.ndarray:
    """The face in ``box``, shape=(side, side) or (side, side, 3); what lies outside is left out."""
    cv2 = load_cv2()
    part = picture[max(box.y, 0) : box.y + box.height, max(box.x, 0) : box.x + box.width]
    way = cv2.INTER_AREA if part.shape[1] > side else cv2.INTER_LINEAR
    return cv2.resize(part, (side, side), interpolation=way)


def find_faces(grey: np.ndarray, search_width: int = SEARCH_WIDTH) -> list[Box]:
    """Find all faces of a grey picture, the largest first.

    Parameters
    ----------
    grey : np.ndarray, shape=(height, width), uint8
    search_width : int
        Pixels; a wider picture is reduced to it.

    Raises
    ------
    ImportError, FaceError
        As `load_cascade`.
    """
    factor = min(search_width / grey.shape[1], 1.0)
    small = reduce(grey, factor)
    return sorted(
        (Box(*(round(v / factor) for v in found)) for found in _detect(small, _SMALLEST, None)),
        key=lambda box: -box.width,
    )


def _detect(grey: np.ndarray, smallest: int, largest: int | None) -> list[tuple[int, ...]]:
    cascade = load_cascade("frontalface_alt2")
    sizes: dict[str, tuple[int, int]] = {"minSize": (smallest, smallest)}
    if largest is not None:
        sizes["maxSize"] = (largest, largest)
    found = cascade.detectMultiScale(grey, scaleFactor=1.1, minNeighbors=4, **sizes)
    return [tuple(int(v) for v in box) for box in found]


def choose(faces: list[Box], choice: Choice) -> Box | None:
    """The one of some faces, the largest first, that is chosen; None where there are none."""
    if choice == "largest" or not faces:
        return faces[0] if faces else None
    pick = min if choice == "left" else max
    return pick(faces, key=lambda box: box.centre[0])


class FaceTracker:
    """Follows one face.

    Parameters
    ----------
    choice : {"largest", "left", "right"}
        Which face to choose; the choice is kept as long as that face is seen.

    Attributes
    ----------
    changes : int
        How often a face was chosen: tells whether this is still the same one.
    """

    def __init__(self, choice: Choice = "largest") -> None:
        self._choice: Choice = choice
        self._box: Box | None = None
        self._seen_s = 0.0
        self.changes = 0

    def update(self, grey: np.ndarray, time_s: float) -> Box | None:
        """Find the face in the next picture, shape=(height, width); None where it is not seen."""
        last = self._box
        if last is not None:
            found = self._look_near(grey, last) or self._nearest(find_faces(grey), last)
            if found is not None:
                self._box, self._seen_s = found, time_s
                return found
            if time_s - self._seen_s <= KEEP_S:
                return None
        self._box = choose(find_faces(grey), self._choice)
        if self._box is not None:
            self._seen_s = time_s
            self.changes += 1
        return self._box

    def reset(self) -> None:
        """Forget the face."""
        self._box = None

    def _look_near(self, grey: np.ndarray, last: Box) -> Box | None:
        """Search around where the face was, for about its size."""
        margin = int(_MARGIN * last.width)
        left, top = max(last.x - margin, 0), max(last.y - margin, 0)
        part = grey[top : last.y + last.height + margin, left : last.x + last.width + margin]
        factor = min(100.0 / last.width, 1.0)
        small = reduce(part, factor)
        width = last.width * factor
        found = [
            Box(*(round(v / factor) for v in box))
            for box in _detect(small, int(0.7 * width), int(1.4 * width) + 1)
        ]
        return self._nearest([Box(b.x + left, b.y + top, b.width, b.height) for b in found], last)

    def _nearest(self, faces: list[Box], last: Box) -> Box | None:
        """The face that can be the one that was at ``last``, if any."""

        def distance(box: Box) -> float:
            (x, y), (was_x, was_y) = box.centre, last.centre
            return max(abs(x - was_x), abs(y - was_y)) / last.width

        near = [
            box
            for box in faces
            if distance(box) <= _FAR and 0.6 <= box.width / last.width <= 1.0 / 0.6
        ]
        return min(near, key=distance, default=None)
