"""What a user teaches, one lesson at a time: what the log of a profile is made of.

Conventions
-----------
Each lesson is complete: what was meant has been worked out when it was given, so that a log means
the same to every version that reads it. What the base said of the moment (`models.personal.Heard`)
is part of it. Lessons are JSON objects whose ``lesson`` says which they are.
"""

from __future__ import annotations

import msgspec

from models.personal import Heard  # noqa: TC001 - msgspec reads the annotations
from oscbridge.labels.files import Coordinate, Radius  # noqa: TC001 - as above
from oscbridge.labels.quadrants import Label  # noqa: TC001 - as above


class _Lesson(msgspec.Struct, frozen=True, tag_field="lesson", omit_defaults=True):
    """Any of them."""


class Rename(_Lesson, frozen=True, tag="rename"):
    """Another word for a quadrant."""

    quadrant: int
    word: Label


class Define(_Lesson, frozen=True, tag="define"):
    """A label for a region of the plane; one of that slug is put there instead."""

    number: int
    slug: str
    name: Label
    valence: Coordinate
    arousal: Coordinate
    valence_radius: Radius
    arousal_radius: Radius


class Delete(_Lesson, frozen=True, tag="delete"):
    """A label is no more."""

    slug: str


class Example(_Lesson, frozen=True, tag="example"):
    """What played then is this label; with the first example it comes into being."""

    number: int
    slug: str
    name: Label
    heard: Heard


class Correct(_Lesson, frozen=True, tag="correct"):
    """What played then lies elsewhere; ``words`` are what was said."""

    heard: Heard
    valence: float | None
    arousal: float | None
    gain: float
    words: str


class Mark(_Lesson, frozen=True, tag="mark"):
    """A new section began, called ``label`` if it was called anything."""

    label: str = ""
    heard: Heard | None = None


class Needed(_Lesson, frozen=True, tag="needed"):
    """A section was marked that the detector would have told from this sensitivity on."""

    needed: float


class NoSection(_Lesson, frozen=True, tag="no section"):
    """A section was told that is none, as from this sensitivity on."""

    needed: float


class Hold(_Lesson, frozen=True, tag="hold"):
    """Learn nothing from corrections any more, or again."""

    frozen: bool


class Reset(_Lesson, frozen=True, tag="reset"):
    """Forget all corrections; labels stay."""


class Undo(_Lesson, frozen=True, tag="undo"):
    """The last lesson was none."""


Lesson = (
    Rename | Define | Delete | Example | Correct | Mark | Needed | NoSection | Hold | Reset | Undo
)


class Given(msgspec.Struct, frozen=True):
    """A lesson, and when it was given: seconds since 1970."""

    at_s: float
    lesson: Lesson
