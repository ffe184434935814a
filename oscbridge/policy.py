"""When to ask for other music, and for which, because of what the player feels.

Conventions
-----------
No clock, no thread, no socket: `Policy.update` is called a few times a second with what is known
and says what to do and why, in one sentence. The player's feeling and the music's expression are
two things: the feeling decides whether and whereto, the music only where one starts from.

In this order, and the first that holds wins: off, opted out, a person has chosen, a quiet context,
stopped, a request is under way, too soon, too little is known, no reason to act, near enough; else
the host is asked. The rules of safety (`oscbridge.asking.safety`) bind every strategy.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec.structs import replace

from oscbridge import orders as do
from oscbridge.asking import words
from oscbridge.asking.course import Course
from oscbridge.asking.decision import Decision, Moment, Music
from oscbridge.asking.gates import Gate
from oscbridge.asking.lead import Lead, Leader
from oscbridge.asking.manner import fade_beats_of, urgency_of
from oscbridge.asking.safety import Decline, PulseWatch, no_more_exciting
from oscbridge.asking.settings import STRATEGIES, PolicySettings, is_among
from oscbridge.asking.steadiness import Steadiness
from oscbridge.asking.strategies import NEUTRAL, Point, wanted, within
from oscbridge.asking.trials import Trials

if TYPE_CHECKING:
    from oscbridge.fusion import Feeling
    from oscbridge.orders import Command, Pulse

__all__ = ["Decision", "Music", "Policy"]

AT_ONCE_S = 10.0
"""How long a wish to act now stands, if it cannot be fulfilled at once."""
MOVING = frozenset({"match", "director"})
"""Strategies whose target moves, so that a newer request may take the place of an older one."""


class Policy:
    """Decides.

    Parameters
    ----------
    settings : PolicySettings, optional
        Strategy and limits; `told` changes them.

    Attributes
    ----------
    trials : Trials
        What the bandit tries, and has learned.
    """

    def __init__(self, settings: PolicySettings | None = None) -> None:
        self._own = settings or PolicySettings()
        self.trials = Trials(self._own.seed)
        self._gate = Gate()
        self._course = Course()
        self._pulse = PulseWatch()
        self._steadiness = Steadiness()
        self._leader = Leader()
        self._decline = Decline()
        self._goal: do.Goal | None = None  # of the game
        self._context = ""
        self._stopped: tuple[float, str] = (-math.inf, "")  # until when, and what was stopped
        self._chosen_until_s = -math.inf
        self._neutral_due = False
        self._at_once_until_s = -math.inf
        self._explicit = False  # the last request was wished for, whatever the player feels

    @property
    def settings(self) -> PolicySettings:
        """What is in force: the settings, and what is being tried."""
        return self.trials.applied_to(self._own)

    def told(self, command: Command, now_s: float) -> None:
        """Take what people and programs say that concerns it; the rest is nothing to it."""
        match command:
            case do.UseStrategy(name) if name in STRATEGIES:
                self._own = replace(self._own, strategy=name)
                self._stopped = (-math.inf, "")
                self._begin_anew()
            case do.OptOut(out):
                self._own = replace(self._own, opt_out=out)
                self._begin_anew()
            case do.InContext(name):
                self._context = name
            case do.Goal(valence, arousal):
                self._goal = command
                self._own = replace(self._own, goal_valence=valence, goal_arousal=arousal)
            case do.AskNow():  # which is a choice of a person, too
                self._at_once_until_s, self._chosen_until_s = now_s + AT_ONCE_S, -math.inf
            case do.Skip() | do.CancelRequest():
                self._give_way(now_s)
            case do.MakeRequest(reason=reason) if reason in ("user", "test"):
                self._give_way(now_s)
            case do.Adjust(name, value) if name.startswith("policy/"):
                self._adjust(name.removeprefix("policy/"), value)
            case _:
                pass

    def progress(self, state: str, now_s: float) -> None:
        """Take what has become of the request that was asked for last, in the protocol's words."""
        self._course.progress(state, self._own.cooldown_s, now_s)

    def update(
        self,
        feeling: Feeling,
        music: Music | None,
        now_s: float,
        pulse: Pulse | None = None,
    ) -> Decision:
        """Decide.

        Parameters
        ----------
        feeling : Feeling
            Of the player, now.
        music : Music, optional
            What is heard of the music; None where nothing is.
        now_s : float
            The time; never earlier than before.
        pulse : Pulse, optional
            The present heart rate.
        """
        settings = self.settings
        known = feeling.known_bits >= settings.least_bits
        if known:
            feeling = self._steadiness.update(feeling, settings.steady_s, now_s)
            self._gate.update(feeling.negative, settings.negative_from, settings.negative_s, now_s)
        else:
            self._gate.wait()
        if known and music and self._leader.listen(settings, feeling, music.valence, now_s):
            self._decline.begin_anew(now_s)  # to turn round is another attempt
        moment = Moment(
            now_s,
            feeling,
            Point(*music) if music is not None else None,
            known,
            self._gate.open or now_s < self._at_once_until_s or not settings.only_negative,
            self._pulse.update(pulse, settings, now_s),
        )
        if self._decline.update(feeling.valence if known else None, settings.stop_s, now_s):
            self._stop(now_s)
        self.trials.update(feeling, now_s)
        return self._held(now_s) or self._left_alone(moment) or self._decided(moment)

    def _held(self, now_s: float) -> Decision | None:
        """Why nothing may be asked for at all."""
        settings, under_way = self._own, self._course.under_way(now_s)
        if settings.strategy == "off":
            return Decision(None, words.OFF, "off", under_way)
        if settings.opt_out:
            return Decision(None, words.OPTED_OUT, "opt_out", under_way)
        if now_s < self._chosen_until_s:
            return Decision(None, words.chosen(settings), "override")
        if is_among(self._context, settings.quiet):
            return Decision(None, words.quiet(self._context), "context", under_way)
        return None

    def _left_alone(self, moment: Moment) -> Decision | None:
        """After a stop: neutral music once, and then nothing for a while."""
        settings, now_s = self._own, moment.now_s
        until_s, strategy = self._stopped
        if now_s >= until_s:
            return None
        stopped = words.stopped(settings.stop_s, strategy)
        if not self._neutral_due:
            return Decision(None, f"{stopped}; the player is left alone.", "stopped")
        if self._course.under_way(now_s) or self._course.wait_s(settings, now_s) > 0.0:
            return Decision(None, f"{stopped}; neutral music is next.", "stopped")
        self._neutral_due = False
        target = self._kept_safe(NEUTRAL, moment)
        if moment.at is not None and target.distance(moment.at) < settings.enter:
            return Decision(None, f"{stopped}; the music is near enough to neutral.", "stopped")
        why = f"{stopped}; neutral music is asked for ({words.place(target)})."
        return self._ask(target, moment.at, settings.urgency, why, "stop", now_s)

    def _decided(self, moment: Moment) -> Decision:
        """Ask the host, unless there is no reason to, or it has to wait."""
        settings, course, now_s = self.settings, self._course, moment.now_s
        under_way, wait_s = course.under_way(now_s), course.wait_s(settings, now_s)
        directed = settings.strategy == "director"
        better = moment.known and not moment.acting and not self._explicit
        if under_way and better and not directed:
            return Decision(None, words.BETTER, "better", cancel=True)
        if under_way and (settings.strategy not in MOVING or wait_s > 0.0):
            return Decision(None, words.awaited(course.state), "outstanding")
        if wait_s > 0.0:
            return Decision(None, words.too_soon(wait_s), "dwell")
        if directed and self._goal is None:
            return Decision(None, words.NO_GOAL, "director")
        if not directed and not moment.known:
            return Decision(None, words.unsure(moment.feeling, settings), "unsure")
        if not directed and not moment.acting:
            return self._back(moment) or self._no_reason(moment.feeling)
        return self._aimed(moment, under_way=under_way)

    def _aimed(self, moment: Moment, *, under_way: bool) -> Decision:
        """Ask for what the strategy wants, if that is another music than there is."""
        settings, course, feeling = self.settings, self._course, moment.feeling
        if settings.bandit:
            settings = self.trials.begin(self._own, feeling, self._context, moment.now_s)
        if moment.fast:
            calm = self._kept_safe(Point(0.0, settings.goal_arousal), moment).arousal
            settings = replace(settings, goal_arousal=calm)
        here = course.asked or moment.at
        led = self._leader.lead(settings, here, self._steadiness.belief.mean)
        settings = replace(settings, goal_valence=led.goal.valence)
        felt = Point(feeling.valence, feeling.arousal)
        aim, course.walking = wanted(settings, felt, moment.at, course.asked)
        target = self._bounded(aim, moment)
        self._at_once_until_s = -math.inf
        least = min(settings.leave, settings.enter) if course.walking else settings.enter
        if here is not None and target.distance(here) < least:
            if under_way:
                return Decision(None, words.awaited(course.state), "outstanding")
            return Decision(None, words.near(target), "near")
        self._leader.taken = led
        bounds = words.bounds(
            limited=target != aim, fast=moment.fast, against=led.against, beyond=led.beyond
        )
        why = words.asks(target, feeling, settings, bounds)
        urgency = urgency_of(settings, self._context, self._goal, walking=course.walking)
        return self._ask(target, here, urgency, why, "ask", moment.now_s)

    def _back(self, moment: Moment) -> Decision | None:
        """From beyond the goal back to it, once the player is there."""
        here = self._course.asked or moment.at
        goal = self._leader.back(self.settings, here, self._steadiness.belief.mean)
        if goal is None:
            return None
        target = self._bounded(goal, moment)
        why = words.back(target)
        return self._ask(target, here, self.settings.urgency, why, "ask", moment.now_s)

    def _bounded(self, aim: Point, moment: Moment) -> Point:
        """Within what is safe; no extreme on the word of one sensor."""
        settings, feeling = self.settings, moment.feeling
        alone = settings.strategy != "director" and feeling.channels < 2 and not feeling.outright
        return self._kept_safe(within(aim, settings.reach) if alone else aim, moment)

    def _kept_safe(self, target: Point, moment: Moment) -> Point:
        return no_more_exciting(target, moment.at, self._course.asked) if moment.fast else target

    def _ask(
        self, target: Point, here: Point | None, urgency: float, why: str, rule: str, now_s: float
    ) -> Decision:
        course, own = self._course, self._own
        if rule == "ask" and (self.settings.strategy != "iso" or course.walking):
            self._decline.begin(now_s)  # not by the matching of iso, which is as bad as the player
        fade_beats = fade_beats_of(own, here, target)
        course.ask(target, now_s)
        self._explicit = not self._gate.open
        request = do.MakeRequest(
            target.valence, target.arousal, urgency, None, "player", own.deadline_s, fade_beats
        )
        return Decision(request, why, rule)

    def _no_reason(self, feeling: Feeling) -> Decision:
        if self._course.asked is not None:  # what was tried is over
            led = self._leader.taken
            self._begin_anew()
            self._leader.taken = led  # what went beyond the goal is still to come back
        if feeling.negative >= self._own.negative_from:
            return Decision(None, words.not_yet(feeling, self._own), "gate")
        return Decision(None, words.fine(feeling), "fine")

    def _stop(self, now_s: float) -> None:
        strategy = self.settings.strategy
        self._begin_anew()
        self._stopped = (now_s + self._own.stop_rest_s, strategy)
        self._neutral_due = True

    def _give_way(self, now_s: float) -> None:
        """A person has chosen other music."""
        self.trials.annoy()
        self._begin_anew()
        self._course.state = "done"
        self._neutral_due = False
        self._chosen_until_s = now_s + self._own.override_s

    def _begin_anew(self) -> None:
        self.trials.end()
        self._gate.reset()
        self._decline.end()
        self._course.leave()
        self._leader.taken = Lead()
        self._at_once_until_s = -math.inf

    def _adjust(self, name: str, value: float) -> None:
        number = round(value) if name == "per_minute" else value
        self._own = replace(self._own, **{name: number})
