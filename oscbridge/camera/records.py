"""What the camera process is asked for and what it tells: lines of JSON, both ways.

Conventions
-----------
The first line that it reads is a `Watch`, then come `CameraOrder` s; the end of its input means
"stop". What it tells are `CameraRecord` s: numbers and short sentences, never a picture.
"""

from __future__ import annotations

import msgspec

from models.face import DEFAULT, Pixels, Step
from models.face_finder import Choice  # noqa: TC001 - as above


class Watch(msgspec.Struct, frozen=True, tag=True):
    """Look at the player.

    Attributes
    ----------
    device : int or str
        Number of a camera, its path, the address of a network camera, or a video file.
    face : {"largest", "left", "right"}
        Which face, where there are several.
    model : str
        As `models.face.load` takes it; with ``labels`` and ``pixels``.
    fps : float
        Pictures a second that are looked at, at most.
    neutral : tuple of float
        What was learned of the player before.
    patient : bool
        Wait for a camera that is not there, instead of refusing.
    lent : bool
        There is no device: pictures are handed over, as `Picture` s.
    """

    device: int | str = 0
    face: Choice = "largest"
    model: str = DEFAULT
    labels: tuple[str, ...] = ()
    pixels: Pixels = "0..255"
    fps: float = 10.0
    neutral: tuple[float, ...] = ()
    patient: bool = False
    lent: bool = False


class Calibrate(msgspec.Struct, frozen=True, tag=True):
    """A step of a calibration."""

    step: Step


class Picture(msgspec.Struct, frozen=True, tag=True):
    """A picture of a camera that is lent, JPEG."""

    jpeg: bytes


CameraOrder = Calibrate | Picture


class Opened(msgspec.Struct, frozen=True, tag=True):
    """The camera is on; said each time that it is opened."""

    width: int
    height: int


class Seen(msgspec.Struct, frozen=True, tag=True):
    """What the face expresses, and how far to trust that."""

    valence: float
    arousal: float
    confidence: float


class Unseen(msgspec.Struct, frozen=True, tag=True):
    """There is no face to be seen; ``dark``: nor anything else."""

    dark: bool


class Learned(msgspec.Struct, frozen=True, tag=True):
    """What is neutral for the player from now on; empty when it was forgotten."""

    neutral: tuple[float, ...]


class Gone(msgspec.Struct, frozen=True, tag=True):
    """The camera is not there just now; it is looked for."""

    detail: str


class Refused(msgspec.Struct, frozen=True, tag=True):
    """It cannot be done: a sentence for people.

    ``package`` is not installed (the extra ``extra`` has it), or, where ``setting``, a setting is
    wrong.
    """

    detail: str
    package: str = ""
    extra: str = ""
    setting: bool = False


CameraRecord = Opened | Seen | Unseen | Learned | Gone | Refused
