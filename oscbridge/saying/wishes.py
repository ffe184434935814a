"""What the player feels, told; and the requests for other music, the policy's and everybody's.

Conventions
-----------
Times are seconds that the caller reads off a clock; what is returned are messages that have to
leave, in order. The player is told at most `RATE_HZ` times a second, and once a second while what
is known of him or her fades. The policy is asked `DECIDE_HZ` times a second unless it is off; what
it decides is told, and logged, when another rule decides than before.
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING

from oscbridge import orders as do
from oscbridge.fusion import Feeling, Fusion
from oscbridge.library.signals import messages_of as suggestion
from oscbridge.policy import Decision, Music, Policy
from oscbridge.protocol import SIGNALS
from oscbridge.requests import RequestBook
from oscbridge.saying.music_request import RequestSettings, ask
from oscbridge.saying.rates import Cadence

if TYPE_CHECKING:
    from oscbridge.asking.settings import PolicySettings
    from oscbridge.fusion import FusionSettings
    from oscbridge.labels import Labels
    from oscbridge.protocol import Message
    from oscbridge.saying.announcer import Announcer
    from oscbridge.saying.quantise_point import Feedback

    Place = tuple[float, float]

_log = logging.getLogger("oscbridge.policy")

RATE_HZ = 10.0
FADE_S = 1.0
DECIDE_HZ = 4.0
PULSE_S = 15.0
"""A heart rate is the present one for so long."""
MIDDLING = 0.5
"""Urgency of a request that does not say how urgent it is."""

_STATE = SIGNALS["request/state"]


class Wishes:
    """Follows the player, and keeps the requests.

    Parameters
    ----------
    announcer : Announcer
        Holds the values.
    labels : Labels
        The words for quadrants. `rename` changes them.
    requests : RequestSettings, optional
        How other music is asked for.
    fusion : FusionSettings, optional
        How sensors become one player.
    policy : PolicySettings, optional
        When other music is asked for because of what the player feels.

    Attributes
    ----------
    feeling : Feeling
        Of the player, as it was told last.
    decision : Decision
        Of the policy, as it was told last.
    """

    def __init__(
        self,
        announcer: Announcer,
        labels: Labels,
        requests: RequestSettings | None = None,
        fusion: FusionSettings | None = None,
        policy: PolicySettings | None = None,
    ) -> None:
        self.feeling = Feeling()
        self.decision = Decision(None, "", "")
        self._announcer = announcer
        self._settings = requests or RequestSettings()
        self._book = RequestBook(self._settings, labels)
        self._fusion = Fusion(fusion)
        self._policy = Policy(policy)
        self._said = Cadence(RATE_HZ)
        self._fresh = False
        self._told_s = -math.inf
        self._pulse: tuple[float, do.Pulse] | None = None
        self._decisions = Cadence(DECIDE_HZ)
        self._turned = True  # what the policy is asked about has changed
        self._own = 0  # number of the policy's last request

    @property
    def strategy(self) -> str:
        """By which other music is asked for."""
        return self._policy.settings.strategy

    @property
    def last_request(self) -> int:
        """Number of the newest request; 0 before the first."""
        return self._book.last_id

    @property
    def due_s(self) -> float:
        """When there is something to say or to decide, if nothing comes."""
        said_s = self._said.due_s if self._fresh else self._fades_s
        decided_s = self._decisions.due_s if self._active else math.inf
        return min(said_s, decided_s, self._book.due_s)

    @property
    def _fades_s(self) -> float:
        """When what is known of the player is another thing although nobody says anything."""
        return min(self._fusion.due_s, self._told_s + FADE_S) if self._fusion.known else math.inf

    @property
    def _active(self) -> bool:
        return self._turned or self.strategy != "off"

    def rename(self, labels: Labels) -> None:
        """Use other words for quadrants from the next request on."""
        self._book.rename(labels)

    def obey(self, command: do.Command, now_s: float) -> list[Message]:
        """Take what concerns the player, the policy or a request; the rest is nothing to it."""
        if isinstance(command, do.Felt | do.Forget):
            self._fusion.update(command, now_s)
            self._fresh = True
            return []
        if isinstance(command, do.Pulse):
            self._pulse = now_s, command
            return []
        if isinstance(command, do.Suggested):
            return suggestion(command)
        if isinstance(command, do.CancelRequest) and not self._book.is_outstanding(command.id):
            return []  # nothing was taken back, so nobody has chosen either
        self._policy.told(command, now_s)
        self._turned = True
        match command:
            case do.MakeRequest():
                return self._make(command, now_s)
            case do.AckRequest(id, state):
                return self._followed(self._book.ack(id, state, now_s), now_s)
            case do.CancelRequest(id):
                return self._followed(self._book.cancel(id, now_s), now_s)
            case _:
                return []

    def infer(self, seen: Feedback, now_s: float) -> list[Message]:
        """Take what is seen of a host that may not acknowledge."""
        return self._followed(self._book.infer(seen, now_s), now_s)

    def update(self, music: Place | None, now_s: float, *, held: bool) -> list[Message]:
        """Let time pass.

        Parameters
        ----------
        music : tuple of (valence, arousal), optional
            What the music expresses; None where that is not known.
        now_s : float
            The time.
        held : bool
            Whether everything is held as it is: then nothing is decided.
        """
        out = self._followed(self._book.update(now_s), now_s)
        if music is not None:
            self._fusion.hear(*music, now_s)
        self._tell(music, now_s)
        if self._active and self._decisions.ready(now_s) and not held:
            out += self._decide(music, now_s)
        return out

    def _tell(self, music: Place | None, now_s: float) -> None:
        self._fresh = self._fresh or now_s >= self._fades_s
        if not self._fresh or not self._said.ready(now_s):
            return
        self.feeling = feeling = self._fusion.feeling(now_s)
        self._fresh, self._told_s = False, now_s
        hold = self._announcer.hold
        hold("player/valence", feeling.valence)
        hold("player/arousal", feeling.arousal)
        hold("player/confidence", feeling.confidence)
        hold("player/negative", feeling.negative)
        hold("player/uncertainty/valence", feeling.valence_sd)
        hold("player/uncertainty/arousal", feeling.arousal_sd)
        hold("player/source", feeling.source)
        if music is not None and feeling.channels > 0:
            hold("gap", feeling.valence - music[0], feeling.arousal - music[1])
        self._announcer.fresh = True

    def _decide(self, music: Place | None, now_s: float) -> list[Message]:
        self._turned = False
        pulse = self._pulse[1] if self._pulse and now_s - self._pulse[0] < PULSE_S else None
        at = Music(*music) if music is not None else None
        decision = self._policy.update(self._fusion.feeling(now_s), at, now_s, pulse)
        self._announcer.hold("policy/strategy", self.strategy)
        if decision.rule != self.decision.rule:
            self.decision = decision
            self._announcer.hold("policy/decision", decision.rule, decision.words)
            _log.info("%s", decision.words)
        out = [
            SIGNALS["policy/trial"].message(trial.context, trial.choice.name, *trial[2:])
            for trial in self._policy.trials.take()
        ]
        if decision.cancel:
            out += self._followed(self._book.cancel(self._own, now_s), now_s)
        if decision.request is not None:
            self._own = self._book.last_id + 1
            out += self._make(decision.request, now_s)
        return out

    def _make(self, command: do.MakeRequest, now_s: float) -> list[Message]:
        wanted = ask(
            self._settings,
            command.valence,
            command.arousal,
            urgency=MIDDLING if command.urgency is None else command.urgency,
            quantise=command.quantise,
            reason=command.reason,
            deadline_s=command.deadline_s,
            fade_beats=command.fade_beats,
        )
        return self._followed(self._book.make(wanted, now_s), now_s)

    def _followed(self, said: list[Message], now_s: float) -> list[Message]:
        """Let the policy know what becomes of its own last request."""
        for signal, args in said:
            if signal is _STATE and args[0] == self._own:
                self._policy.progress(str(args[1]), now_s)
        return said
