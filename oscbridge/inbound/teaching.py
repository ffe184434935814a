"""What is done about a call that teaches: labels, corrections, marks.

Conventions
-----------
As in `oscbridge.inbound.actions`. A lesson has been learned, and is on the disk, when its action
returns; what that changes is the same for all streams, and waits in `Teaching.take_news` for who
tells them.

What is said of music is said of it as its stream tells it: its `oscbridge.sight` goes along.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from models.types import QUADRANTS
from oscbridge.inbound.call import Refused
from oscbridge.orders import Learned, Mark, Rename, UseLabels
from oscbridge.profile import Profile
from oscbridge.profiles.refusal import RefusedError
from oscbridge.profiles.taught import Taught
from oscbridge.protocol import SIGNALS
from oscbridge.sight import UNTURNED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from oscbridge.inbound.actions import Action
    from oscbridge.inbound.answers import Answers
    from oscbridge.inbound.call import Call
    from oscbridge.inbound.receiver import Stream
    from oscbridge.orders import Command
    from oscbridge.sight import Sight

_log = logging.getLogger(__name__)


class Teaching:
    """Has a profile learn.

    Parameters
    ----------
    answers : Answers
        Says which labels there are.
    streams : mapping of str to Stream
        Who is told, by name.

    Attributes
    ----------
    profile : Profile
        What the user has taught.
    actions : dict of str to Action
        By the name of the inlet.
    marks_are_recorded : bool
        Whether there is a record in which marks are kept, too.
    """

    def __init__(self, answers: Answers, streams: Mapping[str, Stream] | None = None) -> None:
        self.profile = Profile()
        self._answers = answers
        self._streams = {} if streams is None else streams
        self._news = self._anew = False
        self.actions: dict[str, Action] = {
            "in/label/set": self._rename,
            "in/label/define": _lesson(self, lambda p, call: p.define(*_region(call))),
            "in/label/delete": _lesson(self, lambda p, call: p.delete(str(call.values[0]))),
            "in/label/train": self._train,
            "in/label/train/undo": _lesson(self, lambda p, _: p.undo()),
            "in/label/wrong": self._wrong,
            "in/label/list": self._list,
            "in/personal/va": self._correct,
            "in/personal/freeze": _lesson(self, _hold),
            "in/personal/reset": _lesson(self, lambda p, _: p.reset()),
            "in/profile": self._use,
            "in/segment/mark": self._mark,
            "in/segment/wrong": _lesson(self, lambda p, call: p.no_section(call.streams[0])),
        }

    def commands(self) -> list[Command]:
        """What all streams have to know: words, labels, how much was learned."""
        profile = self.profile
        words = profile.words()
        said = QUADRANTS if self._anew else profile.taught.words
        self._anew = False
        renamed = [Rename(quadrant, words.of(quadrant)) for quadrant in said]
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

    def _use(self, call: Call) -> Sequence[Command]:
        """Go over to another profile: its words are said even where they are the usual ones."""
        news = ""
        try:
            news = self.profile.use(str(call.values[0]))
        except RefusedError as error:
            raise Refused(str(error)) from None
        if news:
            _log.warning("%s", news)
        self._news = self._anew = True
        return ()

    def _train(self, call: Call) -> Sequence[Command]:
        stream, word = call.streams[0], str(call.values[0])
        return self.give(lambda: self.profile.teach(stream, word, self._sight(stream)))

    def _wrong(self, call: Call) -> Sequence[Command]:
        stream = call.streams[0]
        return self.give(lambda: self.profile.wrong(stream, self._sight(stream)))

    def _correct(self, call: Call) -> Sequence[Command]:
        stream, point = call.streams[0], (float(call.values[0]), float(call.values[1]))
        return self.give(lambda: self.profile.correct(stream, *point, self._sight(stream)))

    def _sight(self, stream: str) -> Sight:
        """How the plane is seen by who is told of a stream."""
        return self._streams[stream].sight if stream in self._streams else UNTURNED

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
    if weighed := profile.taught.weighed:
        marked = sum(one.wanted for one in weighed)
        words += f"; sections by {marked} marked, {len(weighed) - marked} that were none"
    if profile.taught.frozen:
        words += "; frozen"
    if profile.trouble:
        words += f"; {profile.trouble}"
    return Learned(profile.name, count, held_back, profile.taught.frozen, words)


def _lesson(teaching: Teaching, give: Callable[[Profile, Call], None]) -> Action:
    """The action of an inlet that gives a lesson."""
    return lambda call: teaching.give(lambda: give(teaching.profile, call))


def _hold(profile: Profile, call: Call) -> None:
    profile.hold(frozen=bool(call.values[0]))


def _region(call: Call) -> tuple[str, tuple[float, float], tuple[float, float]]:
    name, valence, arousal, *radii = call.values
    across, along = float(radii[0]), float(radii[-1])
    return str(name), (float(valence), float(arousal)), (across, along)
