"""What all lessons come to: words, labels, corrections.

Conventions
-----------
`Taught` never changes: `Taught.after` a lesson is another one, so that undoing is going back to the
one before. `Course` keeps the last of them for that. Labels are numbered from 1; a number is given
when a label comes into being, the lowest that is free, and stays with it.
"""

from __future__ import annotations

from collections import deque

import msgspec
from msgspec.structs import replace

from models.personal import MOST, Correction, Heard, Personal
from models.personal_lessons import Saying, sort_out
from models.personal_sections import MOST as MOST_WEIGHED
from models.personal_sections import Weighed
from oscbridge.labels.files import MOST as MOST_LABELS
from oscbridge.labels.place import LabelPlace, place_of_examples
from oscbridge.labels.slugs import slug_of
from oscbridge.profiles.lessons import (
    Correct,
    Define,
    Delete,
    Example,
    Given,
    Hold,
    Mark,
    Needed,
    NoSection,
    Rename,
    Reset,
    Undo,
)
from oscbridge.profiles.refusal import RefusedError, checked_label

MOST_EXAMPLES = 100
"""Of one label; older ones are forgotten."""
MOST_UNDONE = 100
"""Lessons that can be undone."""


class LabelTaught(msgspec.Struct, frozen=True):
    """A label: put somewhere (``place``: middle and radii), or known by its examples."""

    number: int
    slug: str
    name: str
    place: tuple[float, float, float, float] | None = None
    examples: tuple[Heard, ...] = ()

    def placed(self, personal: Personal) -> LabelPlace:
        """Where it lies, as this listener hears its examples."""
        place = self.place or place_of_examples([personal.point(one) for one in self.examples])
        return LabelPlace(self.number, self.slug, self.name, *place, len(self.examples))


class Taught(msgspec.Struct, frozen=True):
    """What a user has taught so far.

    Attributes
    ----------
    words : dict of int to str
        Words for quadrants.
    labels : tuple of LabelTaught
        By number.
    sayings : tuple of Saying
        Corrections, oldest first.
    marks : tuple of float
        When new sections were said to begin, seconds since 1970.
    frozen : bool
        Whether corrections are taken.
    weighed : tuple of Weighed
        Changes of which was said that they begin sections, or none.
    """

    words: dict[int, str] = {}
    labels: tuple[LabelTaught, ...] = ()
    sayings: tuple[Saying, ...] = ()
    marks: tuple[float, ...] = ()
    frozen: bool = False
    weighed: tuple[Weighed, ...] = ()

    def after(self, given: Given) -> Taught:
        """What it comes to with one lesson more.

        Raises
        ------
        ValueError
            It is an `Undo`, which is the affair of a `Course`.
        """
        match given.lesson:
            case Rename(quadrant, word):
                return replace(self, words={**self.words, quadrant: word})
            case Define() as lesson:
                place = (lesson.valence, lesson.arousal)
                radii = (lesson.valence_radius, lesson.arousal_radius)
                return self._with(
                    LabelTaught(lesson.number, lesson.slug, lesson.name, (*place, *radii))
                )
            case Delete(slug):
                return replace(self, labels=tuple(x for x in self.labels if x.slug != slug))
            case Example() as lesson:
                known = self.label(lesson.slug)
                examples = (*(known.examples if known else ()), lesson.heard)[-MOST_EXAMPLES:]
                return self._with(
                    LabelTaught(lesson.number, lesson.slug, lesson.name, None, examples)
                )
            case Correct() as lesson:
                correction = Correction(lesson.heard, lesson.valence, lesson.arousal, lesson.gain)
                sayings = (*self.sayings, Saying(correction, given.at_s))[-MOST:]
                return replace(self, sayings=sayings)
            case Mark():
                return replace(self, marks=(*self.marks, given.at_s)[-MOST:])
            case Needed(needed):
                return self._weighing(Weighed(needed, wanted=True))
            case NoSection(needed):
                return self._weighing(Weighed(needed, wanted=False))
            case Hold(frozen):
                return replace(self, frozen=frozen)
            case Reset():
                return replace(self, sayings=(), weighed=())
            case Undo():
                raise ValueError("only who knows what was before can undo")

    def label(self, slug: str) -> LabelTaught | None:
        """The label of this slug."""
        return next((label for label in self.labels if label.slug == slug), None)

    def find(self, name: str) -> LabelTaught | None:
        """The label that people mean: its slug, its name in any case, or its number, ``#3``."""
        wanted = name.strip().casefold()
        found = (x for x in self.labels if wanted in (x.slug, x.name.casefold(), f"#{x.number}"))
        return next(found, None)

    def new_label(self, name: str) -> tuple[int, str, str]:
        """Number, slug and name of the next label. Raises `RefusedError` where none can be."""
        if len(self.labels) >= MOST_LABELS:
            raise RefusedError(f"there are {MOST_LABELS} labels already: delete one first")
        if name.strip().isdecimal():
            raise RefusedError("a label is no number: 1 to 4 are the quadrants")
        taken = {label.number for label in self.labels}
        number = next(number for number in range(1, len(taken) + 2) if number not in taken)
        return number, slug_of(name, [label.slug for label in self.labels]), checked_label(name)

    def _weighing(self, weighed: Weighed) -> Taught:
        return replace(self, weighed=(*self.weighed, weighed)[-MOST_WEIGHED:])

    def _with(self, label: LabelTaught) -> Taught:
        others = (other for other in self.labels if other.slug != label.slug)
        ordered = sorted((*others, label), key=lambda one: one.number)
        return replace(self, labels=tuple(ordered))


class Course:
    """Lessons as they come, and the way back.

    Attributes
    ----------
    now : Taught
        What they come to.
    personal : Personal
        How the listener hears, by the corrections that count.
    held_back : int
        Corrections that contradict each other.
    """

    def __init__(self, start: Taught) -> None:
        self._before: deque[Taught] = deque(maxlen=MOST_UNDONE)
        self.now = start
        self._work_out()

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self._before)

    def take(self, *given: Given) -> None:
        """Take lessons in order; an `Undo` where nothing can be undone changes nothing."""
        for one in given:
            self.now = self._step(one)
        self._work_out()

    def places(self) -> tuple[LabelPlace, ...]:
        """All labels and where they lie."""
        return tuple(label.placed(self.personal) for label in self.now.labels)

    def _step(self, given: Given) -> Taught:
        if isinstance(given.lesson, Undo):
            return replace(self._before.pop(), frozen=self.now.frozen) if self._before else self.now
        if not isinstance(given.lesson, Hold | Needed):  # what a mark led to goes with it
            self._before.append(self.now)
        return self.now.after(given)

    def _work_out(self) -> None:
        counting, self.held_back = sort_out(self.now.sayings, self.now.marks)
        self.personal = Personal(counting)
