"""When to ask for other music, and for which, because of what the player feels.

Conventions
-----------
No clock, no thread, no socket: `Policy.update` is called a few times a second with what is known
and says what to do and why, in one sentence. The player's feeling and the music's expression are
two things: the feeling decides whether and whereto, the music only where one starts from.

In this order, and the first that holds wins: off, opted out, stopped, a person has chosen, a quiet
context, a request is under way, too soon, too little is known, no reason to act, near enough; else
the host is asked. Rules of safety (`oscbridge.asking.safety`) bind every strategy.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from oscbridge import orders as do
from oscbridge.asking import words
from oscbridge.asking.gates import Gate, Pace
from oscbridge.asking.safety import Decline, PulseWatch
from oscbridge.asking.settings import STRATEGIES, PolicySettings
from oscbridge.asking.strategies import NEUTRAL, Point, walked, within

if TYPE_CHECKING:
    from oscbridge.fusion import Feeling
    from oscbridge.orders import Command, MakeRequest, Pulse

UNDER_WAY = frozenset({"waiting", "sent", "queued"})
FAILED = frozenset({"rejected", "expired"})
BEAT_URGENCY = 0.75
"""In urgent contexts: music that begins with the next beat."""
WALK_URGENCY = 0.5
"""Share of the urgency that a step of iso has: steps can wait for a phrase."""


class Music(NamedTuple):
    """What the music expresses, as it is told: -1..1."""

    valence: float
    arousal: float


class Decision(NamedTuple):
    """What to do, and why.

    Attributes
    ----------
    request : MakeRequest, optional
        What to ask the host for.
    words : str
        One sentence for people.
    rule : str
        The rule that decided, one word.
    cancel : bool
        Whether the outstanding request is to be taken back.
    """

    request: MakeRequest | None
    words: str
    rule: str
    cancel: bool = False


class Policy:
    """Decides.

    Parameters
    ----------
    settings : PolicySettings, optional
        Strategy and limits; `told` changes them.
    """

    def __init__(self, settings: PolicySettings | None = None) -> None:
        self.settings = settings or PolicySettings()
        self._gate = Gate()
        self._pace = Pace()
        self._pulse = PulseWatch()
        self._decline = Decline()
        self._goal: Point | None = None  # of the game
        self._goal_urgency: float | None = None
        self._context = ""
        self._state = "done"  # of the request that was asked for last
        self._asked: Point | None = None  # where the music is to be by now
        self._before: Point | None = None  # and was to be before the last request
        self._walking = False
        self._stopped_until_s = -math.inf
        self._chosen_until_s = -math.inf
        self._neutral_due = False
        self._at_once = False

    def told(self, command: Command, now_s: float) -> None:
        """Take what people and programs say that concerns it; the rest is nothing to it."""
        match command:
            case do.UseStrategy(name) if name in STRATEGIES:
                self.settings = replace(self.settings, strategy=name)
                self._stopped_until_s = -math.inf
                self._begin_anew()
            case do.OptOut(out):
                self.settings = replace(self.settings, opt_out=out)
                self._begin_anew()
            case do.InContext(name):
                self._context = name
            case do.Goal(valence, arousal, urgency):
                self._goal, self._goal_urgency = Point(valence, arousal), urgency
                self.settings = replace(self.settings, goal_valence=valence, goal_arousal=arousal)
            case do.AskNow():
                self._at_once = True
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
        self._state = state
        if state == "started":
            self._pace.begin(now_s)
        if state in FAILED:
            self._asked = self._before
            self._pace.rest(now_s + self.settings.cooldown_s)

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
        fast = self._pulse.update(pulse, settings, now_s)
        bad = feeling.negative if known else 0.0
        acting = self._gate.update(bad, settings.negative_from, settings.negative_s, now_s)
        if self._decline.update(feeling.valence if known else None, settings.stop_s, now_s):
            self._stop(now_s)
        at = Point(*music) if music is not None else None
        return (
            self._held(now_s)
            or self._left_alone(at, now_s, fast=fast)
            or self._paused(now_s, acting=acting)
            or self._asking(feeling, at, now_s, acting=acting, fast=fast)
        )

    def _held(self, now_s: float) -> Decision | None:
        """Why nothing may be asked for at all."""
        settings = self.settings
        under_way = self._state in UNDER_WAY
        if settings.strategy == "off":
            return Decision(None, words.OFF, "off", under_way)
        if settings.opt_out:
            return Decision(None, words.OPTED_OUT, "opt_out", under_way)
        if now_s < self._chosen_until_s:
            return Decision(None, words.chosen(settings), "override")
        if self._context in settings.quiet:
            return Decision(None, words.quiet(self._context), "context", under_way)
        return None

    def _left_alone(self, at: Point | None, now_s: float, *, fast: bool) -> Decision | None:
        """After a stop: neutral music once, and then nothing for a while."""
        settings = self.settings
        if now_s >= self._stopped_until_s:
            return None
        if not self._neutral_due:
            return Decision(None, words.stopped(settings, "the player is left alone"), "stopped")
        if self._wait_s(now_s) > 0.0 or self._state in UNDER_WAY:
            return Decision(None, words.stopped(settings, "neutral music is next"), "stopped")
        self._neutral_due = False
        target = self._kept_safe(NEUTRAL, at, fast=fast)
        if at is not None and target.distance(at) < settings.enter:
            return Decision(None, words.stopped(settings, "the music is neutral"), "stopped")
        why = words.stopped(settings, f"neutral music is asked for, {words.place(target)}")
        return self._ask(target, settings.urgency, why, "stop", now_s)

    def _paused(self, now_s: float, *, acting: bool) -> Decision | None:
        """Why the next request has to wait."""
        if self._state in UNDER_WAY:
            better = not acting and self.settings.only_negative and not self._at_once
            if better and self.settings.strategy != "director":
                return Decision(None, words.BETTER, "better", cancel=True)
            return Decision(None, words.awaited(self._state), "outstanding")
        wait_s = self._wait_s(now_s)
        return Decision(None, words.too_soon(wait_s), "dwell") if wait_s > 0.0 else None

    def _asking(
        self, feeling: Feeling, at: Point | None, now_s: float, *, acting: bool, fast: bool
    ) -> Decision:
        """Ask the host, unless there is no reason to."""
        settings = self.settings
        directed = settings.strategy == "director"
        if directed and self._goal is None:
            return Decision(None, words.NO_GOAL, "director")
        if not directed:
            if feeling.known_bits < settings.least_bits:
                return Decision(None, words.unsure(feeling, settings), "unsure")
            if settings.only_negative and not acting and not self._at_once:
                return self._no_reason(feeling)
        wanted = self._target(feeling, at)
        alone = not directed and feeling.channels < 2 and not feeling.outright
        target = within(wanted, settings.reach) if alone else wanted
        target = self._kept_safe(target, at, fast=fast)
        here, self._at_once = self._asked or at, False
        least = min(settings.leave, settings.enter) if self._walking else settings.enter
        if here is not None and target.distance(here) < least:
            return Decision(None, words.near(target), "near")
        why = words.asks(target, feeling, settings, limited=alone and target != wanted, fast=fast)
        return self._ask(target, self._urgency(), why, "ask", now_s)

    def _target(self, feeling: Feeling, at: Point | None) -> Point:
        """Where the strategy wants the music."""
        settings = self.settings
        felt = Point(feeling.valence, feeling.arousal)
        goal = Point(settings.goal_valence, settings.goal_arousal)
        match settings.strategy:
            case "match":
                return felt
            case "director":
                return self._goal or goal
            case "compensate":
                return goal
            case _:
                matches = at is not None and at.distance(felt) < settings.enter
                here = self._asked or (at if matches else None)
                self._walking = here is not None
                return felt if here is None else walked(here, goal, settings.step)

    def _kept_safe(self, target: Point, at: Point | None, *, fast: bool) -> Point:
        """Never more exciting while the heart is fast."""
        if not fast:
            return target
        known = [point.arousal for point in (at, self._asked) if point is not None] or [0.0]
        return target._replace(arousal=min(target.arousal, *known))

    def _urgency(self) -> float:
        settings = self.settings
        urgency = settings.urgency * (WALK_URGENCY if self._walking else 1.0)
        if settings.strategy == "director" and self._goal_urgency is not None:
            urgency = self._goal_urgency
        return max(urgency, BEAT_URGENCY) if self._context in settings.urgent else urgency

    def _wait_s(self, now_s: float) -> float:
        """How long until the host may be asked again; 0 for now."""
        settings = self.settings
        stay_s = max(settings.dwell_s, settings.step_s if self._walking else 0.0)
        return self._pace.wait_s(stay_s, settings.per_minute, now_s)

    def _ask(self, target: Point, urgency: float, why: str, rule: str, now_s: float) -> Decision:
        if self._asked is None and rule == "ask":
            self._decline.begin(now_s)
        self._before, self._asked = self._asked, target
        self._state = "waiting"
        self._pace.ask(now_s)
        deadline_s = self.settings.deadline_s
        request = do.MakeRequest(*target, urgency, reason="player", deadline_s=deadline_s)
        return Decision(request, why, rule)

    def _no_reason(self, feeling: Feeling) -> Decision:
        if self._asked is not None:  # what was tried is over
            self._begin_anew()
        if feeling.negative >= self.settings.negative_from:
            return Decision(None, words.not_yet(feeling, self.settings), "gate")
        return Decision(None, words.fine(feeling), "fine")

    def _stop(self, now_s: float) -> None:
        self._begin_anew()
        self._stopped_until_s = now_s + self.settings.stop_rest_s
        self._neutral_due = True

    def _give_way(self, now_s: float) -> None:
        """A person has chosen other music."""
        self._begin_anew()
        self._state = "done"
        self._neutral_due = False
        self._chosen_until_s = now_s + self.settings.override_s

    def _begin_anew(self) -> None:
        self._gate.reset()
        self._decline.end()
        self._asked = self._before = None
        self._walking = self._at_once = False

    def _adjust(self, name: str, value: float) -> None:
        number = round(value) if name == "per_minute" else value
        self.settings = replace(self.settings, **{name: number})
