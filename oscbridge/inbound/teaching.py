"""What is done about a call that teaches: labels, corrections, marks.

Conventions
-----------
As in `oscbridge.inbound.actions`. A lesson has been learned, and is on the disk, when its action
returns; what that changes is the same for all streams, and waits in `Teaching.take_news` for who
tells them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.inbound.call import Refused
from oscbridge.orders import Learned, Mark, Rename, UseLabels
from oscbridge.profile import Profile, RefusedError
from oscbridge.profiles.taught import Taught
from oscbridge.protocol import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.inbound.actions import Action
    from oscbridge.inbound.answers import Answers
    from oscbridge.inbound.call import Call
    from oscbridge.orders import Command


class Teaching:
    """Has a profile learn.

    Parameters
    ----------
    answers : Answers
        Says which labels there are.

    Attributes
    ----------
    profile : Profile
        What the user has taught.
    actions : dict of str to Action
        By the name of the inlet.
    marks_are_recorded : bool
        Whether there is a record in which marks are kept, too.
    """

    def __init__(self, answers: Answers) -> None:
        self.profile = Profile()
        self._answers = answers
        self._news = False
        self.actions: dict[str, Action] = {
            "in/label/set": self._rename,
            "in/label/define": _lesson(self, lambda p, call: p.define(*_region(call))),
            "in/label/delete": _lesson(self, lambda p, call: p.delete(str(call.values[0]))),
            "in/label/train": _lesson(self, _train),
            "in/label/train/undo": _lesson(self, lambda p, _: p.undo()),
            "in/label/wrong": _lesson(self, lambda p, call: p.wrong(call.streams[0])),
            "in/label/list": self._list,
            "in/personal/va": _lesson(self, _correct),
            "in/personal/freeze": _lesson(self, _hold),
            "in/personal/reset": _lesson(self, lambda p, _: p.reset()),
            "in/segment/mark": self._mark,
        }

    def commands(self) -> list[Command]:
        """What all streams have to know: words, labels, how much was learned."""
        profile = self.profile
        words = profile.words()
        taught = profile.taught
        renamed = [Rename(quadrant, words.of(quadrant)) for quadrant in taught.words]
        return [*renamed, UseLabels(profile.places()), learned_of(profile)]

    def first_commands(self) -> list[Command]:
        """`commands`, if there is a profile, or anything was taught."""
        profile = self.profile
        return self.commands() if profile.name or profile.taught != Taught() else []

    def take_news(self) -> list[Command]:
        """`commands`, if something was taught since the last call."""
        news, self._news = self._news, False
        return self.commands() if news else []

    def give(self, lesson: Callable[[], None]) -> Sequence[Command]:
        """Give a lesson. Raises `Refused` where it cannot be given, or not be kept."""
        try:
            lesson()
        except RefusedError as error:
            raise Refused(str(error)) from None
        self._news = True
        if self.profile.trouble:
            raise Refused(self.profile.trouble)
        return ()

    def _rename(self, call: Call) -> Sequence[Command]:
        quadrant, word = int(call.values[0]), str(call.values[1])
        return self.give(lambda: self.profile.rename(quadrant, word))

    def _mark(self, call: Call) -> Sequence[Command]:
        label = str(call.values[0]) if call.values else ""
        self.give(lambda: self.profile.mark(call.streams[0], label))
        return [Mark(label)]

    def _list(self, call: Call) -> Sequence[Command]:
        for place in self.profile.places():
            facts = place.number, place.slug, place.name, place.examples
            self._answers.reply(call.sender, SIGNALS["labels"], *facts)
        count = len(self.profile.places())
        self._answers.reply(call.sender, SIGNALS["labels"], 0, "", "", count)  # the end
        return ()


def learned_of(profile: Profile) -> Learned:
    """What was learned from corrections, for people."""
    count, held_back = profile.personal.count, profile.held_back
    words = f"{count} correction{'s' * (count != 1)}"
    if held_back:
        words += f"; {held_back} contradict each other and wait: say the same twice in a row"
    if profile.taught.frozen:
        words += "; frozen"
    if profile.trouble:
        words += f"; {profile.trouble}"
    return Learned(profile.name, count, held_back, profile.taught.frozen, words)


def _lesson(teaching: Teaching, give: Callable[[Profile, Call], None]) -> Action:
    """The action of an inlet that gives a lesson."""
    return lambda call: teaching.give(lambda: give(teaching.profile, call))


def _train(profile: Profile, call: Call) -> None:
    profile.teach(call.streams[0], str(call.values[0]))


def _correct(profile: Profile, call: Call) -> None:
    profile.correct(call.streams[0], float(call.values[0]), float(call.values[1]))


def _hold(profile: Profile, call: Call) -> None:
    profile.hold(frozen=bool(call.values[0]))


def _region(call: Call) -> tuple[str, tuple[float, float], tuple[float, float]]:
    name, valence, arousal, *radii = call.values
    across, along = float(radii[0]), float(radii[-1])
    return str(name), (float(valence), float(arousal)), (across, along)
