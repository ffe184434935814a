"""A profile: what one user has taught, applied to what is heard and kept safely as it is taught.

Conventions
-----------
One profile at a time a run, shared by its streams (`Profile.use` goes over to another one); any
thread may teach, one at a time, and any may ask. A
lesson counts when its method returns, and by then it is on the disk. Where that cannot be (a full
disk), it counts until the run ends, is tried again with the next one, and `Profile.trouble` says
so. What cannot be done raises `RefusedError`, whose text is for who asked.

What is said of music is said of what is *seen*: of what is heard, as the user has turned it
(`oscbridge.sight`). What is learned is learned of what is heard.

A profile is made with the first lesson: who teaches nothing leaves nothing behind. It is held by
one process at a time; it belongs to the model about whose answers it was taught (`Base`), and is
not applied to another one's.

See Also
--------
oscbridge.profiles : lessons, what they come to, the files.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from models.personal import heard_in
from models.personal_lessons import at_point, in_quadrant, in_region, not_there
from models.personal_marks import Sections
from models.types import UNKNOWN
from oscbridge.errors import OscbridgeError
from oscbridge.labels.quadrants import Labels
from oscbridge.profiles import lessons
from oscbridge.profiles.folder import Base
from oscbridge.profiles.keeping import Keeper
from oscbridge.profiles.lessons import Given
from oscbridge.profiles.refusal import RefusedError, checked_label
from oscbridge.profiles.taught import Course, Taught
from oscbridge.sight import UNTURNED

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.personal import Correction, Heard, Personal
    from models.types import AffectState
    from oscbridge.labels.place import LabelPlace
    from oscbridge.profiles.lessons import Lesson
    from oscbridge.profiles.opening import Opened
    from oscbridge.sight import Sight


class Profile:
    """What a user has taught.

    Parameters
    ----------
    keeper : Keeper, optional
        Writes lessons down; without one they count until the run ends.
    course : Course, optional
        What was taught before.
    labels : Labels
        Words for quadrants where the user has taught none.
    clock : callable
        Seconds since 1970.
    open_other : callable, optional
        Opens a profile by its name (`oscbridge.profiles.opening.open_kept`); without it there is
        this one alone.
    """

    def __init__(
        self,
        keeper: Keeper | None = None,
        course: Course | None = None,
        labels: Labels | None = None,
        *,
        clock: Callable[[], float] = time.time,
        open_other: Callable[[str], Opened] | None = None,
    ) -> None:
        self._keeper = keeper or Keeper("", Base("", ""))
        self._course = course or Course(Taught())
        self._labels = labels or Labels()
        self._clock = clock
        self._teaching = threading.RLock()
        self._open_other = open_other
        self._heard: dict[str, AffectState] = {}  # what the base said last, by stream
        self.sections = Sections()

    @property
    def name(self) -> str:
        """Name of the profile; empty where nothing is kept."""
        return self._keeper.name

    @property
    def trouble(self) -> str:
        """What is wrong with keeping, a sentence; empty where all is well."""
        return self._keeper.trouble

    @property
    def saved(self) -> int:
        """Number of the newest lesson on the disk."""
        return self._keeper.saved

    @property
    def personal(self) -> Personal:
        """How this listener hears."""
        return self._course.personal

    @property
    def taught(self) -> Taught:
        """What was taught."""
        return self._course.now

    @property
    def held_back(self) -> int:
        """Corrections that contradict each other and wait."""
        return self._course.held_back

    def places(self) -> tuple[LabelPlace, ...]:
        """All labels and where they lie."""
        return self._course.places()

    def words(self) -> Labels:
        """The words for quadrants."""
        labels = self._labels
        for quadrant, word in self.taught.words.items():
            labels = labels.renamed(quadrant, word)
        return labels

    def point_of(self, word: str) -> tuple[float, float] | None:
        """Where a label of the user's own lies; None where there is none."""
        wanted = self.taught.find(word)
        found = (x for x in self.places() if wanted is not None and x.slug == wanted.slug)
        place = next(found, None)
        return (place.valence, place.arousal) if place is not None else None

    def hear(self, stream: str, state: AffectState) -> AffectState:
        """What the base says of a stream, as this listener hears it."""
        if state.quadrant == UNKNOWN:
            self._heard.pop(stream, None)
            return state
        self._heard[stream] = state
        return self._course.personal.state(state)

    def use(self, name: str) -> str:
        """Go over to another profile; what people should know about it, empty where nothing.

        An empty name: nothing that is taught from now on is kept. Raises `RefusedError` where it
        cannot be used; then all stays as it is.
        """
        with self._teaching:
            if self._open_other is None:
                raise RefusedError("there is no other profile here")
            if name == self.name:
                return ""
            try:
                keeper, course, news = self._open_other(name)
            except OscbridgeError as error:
                raise RefusedError(str(error).rstrip(".")) from None
            self.weigh_marks(everything=True)
            self._keeper.close(self.taught)
            self._keeper, self._course = keeper, course
            return news

    def teach(self, stream: str, word: str, sight: Sight = UNTURNED) -> None:
        """What plays now is this: a quadrant by its number or word, a label, or a new one.

        A label that was put somewhere says where the music lies; one that is known by its examples
        has one more.
        """
        with self._teaching:
            heard = heard_in(self._now(stream))
            seen = sight.moment(heard)
            quadrant = self.words().find(word)
            label = self.taught.find(word)
            if quadrant:
                self._correct(heard, sight, in_quadrant(seen, quadrant), word)
            elif label is not None and label.place is not None:
                middle, radii = label.place[:2], label.place[2:]
                self._correct(heard, sight, in_region(seen, middle, radii), word)
            elif label is not None:
                self._give(lessons.Example(label.number, label.slug, label.name, heard))
            else:
                number, slug, name = self.taught.new_label(word)
                self._give(lessons.Example(number, slug, name, heard))

    def correct(self, stream: str, valence: float, arousal: float, sight: Sight = UNTURNED) -> None:
        """What plays now is at this point."""
        with self._teaching:
            heard = heard_in(self._now(stream))
            words = f"{valence:+.2f} {arousal:+.2f}"
            self._correct(heard, sight, at_point(heard, valence, arousal), words)

    def wrong(self, stream: str, sight: Sight = UNTURNED) -> None:
        """What is said of what plays now is wrong."""
        with self._teaching:
            state = self._now(stream)
            own, heard = self.personal.state(state), heard_in(state)
            told = sight.seen(own.valence, own.arousal)
            self._correct(heard, sight, not_there(heard, *told), "wrong")

    def mark(self, stream: str, label: str = "") -> None:
        """A new section begins now."""
        with self._teaching:
            known = self._heard.get(stream)
            self._give(lessons.Mark(label, heard_in(known) if known else None))
            self.sections.mark(stream)

    def no_section(self, stream: str) -> None:
        """The section that was told last is none: the detector is too ready.

        Raises `RefusedError` where none was told just now.
        """
        with self._teaching:
            needed = self.sections.last_told(stream)
            if needed is None:
                raise RefusedError("no section that could be taken back was told just now")
            self._require_learning()
            self._give(lessons.NoSection(needed))

    def weigh_marks(self, *, everything: bool = False) -> None:
        """Learn from marks of which it is known by now what the detector made of them."""
        with self._teaching:
            for needed in self.sections.weigh(everything=everything):
                if not self.taught.frozen:
                    self._give(lessons.Needed(needed))

    def define(self, name: str, place: tuple[float, float], radii: tuple[float, float]) -> None:
        """A label is here: a new one, or one that is moved."""
        with self._teaching:
            known = self.taught.find(name)
            kept = (known.number, known.slug, known.name) if known else self.taught.new_label(name)
            self._give(lessons.Define(*kept, *place, *radii))

    def delete(self, name: str) -> None:
        """Let a label be no more. Raises `RefusedError` where there is none."""
        with self._teaching:
            known = self.taught.find(name)
            if known is None:
                there = ", ".join(label.name for label in self.taught.labels) or "none"
                raise RefusedError(f"no label {name!r}; there are: {there}")
            self._give(lessons.Delete(known.slug))

    def rename(self, quadrant: int, word: str) -> None:
        """Another word for a quadrant."""
        with self._teaching:
            self._give(lessons.Rename(quadrant, checked_label(word)))

    def undo(self) -> None:
        """Take the last lesson back. Raises `RefusedError` where there is none."""
        with self._teaching:
            if not self._course.can_undo:
                raise RefusedError("there is nothing to take back")
            self.sections.forget_marks()  # one may be what is taken back
            self._give(lessons.Undo())

    def hold(self, *, frozen: bool) -> None:
        """Learn no more from corrections, or again."""
        with self._teaching:
            if frozen != self.taught.frozen:
                self._give(lessons.Hold(frozen))

    def reset(self) -> None:
        """Forget all corrections; labels stay, and it can be undone."""
        with self._teaching:
            self._give(lessons.Reset())

    def close(self) -> None:
        """Let go of the files; a second call does nothing."""
        with self._teaching:
            self.weigh_marks(everything=True)
            self._keeper.close(self.taught)

    def _now(self, stream: str) -> AffectState:
        """What the base says of what plays."""
        known = self._heard.get(stream)
        if known is None:
            raise RefusedError("nothing plays now that could be called anything")
        return known

    def _correct(self, heard: Heard, sight: Sight, seen: Correction, words: str) -> None:
        """Learn of what was heard what is said of it as it is seen."""
        self._require_learning()
        meant = sight.meant(seen.valence, seen.arousal)
        self._give(lessons.Correct(heard, *meant, seen.gain, words[:64]))

    def _require_learning(self) -> None:
        if self.taught.frozen:
            raise RefusedError("what is learned is frozen: let it go first")

    def _give(self, lesson: Lesson) -> None:
        """Let a lesson count, and keep it."""
        given = Given(self._clock(), lesson)
        self._course.take(given)
        self._keeper.put(given)
