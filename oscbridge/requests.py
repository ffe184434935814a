"""Asking a host for other music: the request, and what becomes of it.

Conventions
-----------
No clock and no socket: the caller says what time it is (seconds, monotonic) and sends what is
returned. One request is outstanding at a time; its life is ::

    waiting ─► sent ─► queued ─► started ─► done
       └────────┴────────┴─► rejected, expired, cancelled

and it ends in exactly one of ``done``, ``rejected``, ``expired``, ``cancelled``. Each state but
``waiting`` is told by ``request/state``. Ids count from 1 and never repeat within a session.

- A newer request takes the place of the outstanding one, which is cancelled, to the host as well.
- A started one is left alone by requests that nobody typed (``player``, ``music``, ``timeout``) for
  as long as it holds: they wait. People (``user``, ``test``) do not wait.
- A deadline that passes before the start ends the request, and says ``request/cancel`` for hosts
  that keep no time.
- A host that never acknowledges is watched (`RequestBook.infer`); what was seen to start is done
  when its fade and its hold are over. One that says ``started`` and no more is given `ANSWER_S`
  beyond that. Where the tempo is not known, a beat is 0.5 s.

A *dry run* goes through the same life, and says only ``request/state``.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from models.types import quadrant_of
from oscbridge.protocol import ACKS, SIGNALS
from oscbridge.saying.music_request import messages_of
from oscbridge.saying.quantise_point import Feedback, QuantisePoint

if TYPE_CHECKING:
    from oscbridge.labels import Labels
    from oscbridge.protocol import Message
    from oscbridge.saying.music_request import MusicRequest, RequestSettings

_log = logging.getLogger(__name__)

BEAT_S = 0.5
ANSWER_S = 30.0
"""How long a host that has answered is waited for beyond fade and hold."""
PEOPLE = frozenset({"user", "test"})
"""Reasons that break a hold."""
FINAL = frozenset({"done", "rejected", "expired", "cancelled"})

_PROGRESS = ("waiting", "sent", "queued", "started", "done")


@dataclass(frozen=True, slots=True)
class Standing:
    """A request and how it stands; ``since_s`` is when it came to that."""

    id: int
    request: MusicRequest
    label: str
    state: str
    since_s: float
    sent_s: float = math.inf
    point: QuantisePoint | None = None
    """Where it begins, once it is sent."""
    answered: bool = False
    """Whether the host has acknowledged anything of it."""

    @property
    def due_s(self) -> float:
        """When something happens to it by itself."""
        request = self.request
        if self.state == "started":
            over_s = self.since_s + max(request.hold_s, request.fade_beats * BEAT_S)
            return over_s + ANSWER_S if self.answered else over_s
        return self.sent_s + request.deadline_s if request.deadline_s > 0.0 else math.inf


class RequestBook:
    """Keeps the requests of a session; used by one thread.

    Parameters
    ----------
    settings : RequestSettings
        Only ``dry_run`` is obeyed here; the rest is in the requests (`ask`).
    labels : Labels
        The user's words for the quadrants. `rename` changes them.
    """

    def __init__(self, settings: RequestSettings, labels: Labels) -> None:
        self._dry_run = settings.dry_run
        self._labels = labels
        self._last_id = 0
        self._begun: Standing | None = None  # started, not done
        self._next: Standing | None = None  # waiting, sent or queued
        self._hold_until_s = -math.inf
        self._seen = Feedback()

    @property
    def last_id(self) -> int:
        """Id of the newest request; 0 before the first. May be read by any thread."""
        return self._last_id

    @property
    def outstanding(self) -> Standing | None:
        """The request that has not started yet."""
        return self._next

    @property
    def due_s(self) -> float:
        """When `update` has something to say."""
        due_s = min((s.due_s for s in (self._begun, self._next) if s), default=math.inf)
        if self._next and self._next.state == "waiting":
            due_s = min(due_s, self._hold_until_s)
        return due_s

    def rename(self, labels: Labels) -> None:
        """Use other words from the next request on."""
        self._labels = labels

    def make(self, request: MusicRequest, now_s: float) -> list[Message]:
        """Ask for other music, in place of what is outstanding.

        Returns
        -------
        list of Message
            What has to leave, in order: the cancelling of the older one, the scalars, the trigger,
            the full form, the state. Nothing while it has to wait for a hold.
        """
        out = self.cancel(None, now_s)
        self._last_id += 1
        label = self._labels.of(quadrant_of(request.valence, request.arousal))
        self._next = Standing(self._last_id, request, label, "waiting", now_s)
        if request.reason in PEOPLE or now_s >= self._hold_until_s:
            out += self._send(self._next, now_s)
        return out

    def ack(self, id: int, state: str, now_s: float) -> list[Message]:
        """Take what the host says about a request.

        What is about a request that is over or unknown, or a step back, says nothing: such words
        come late, twice or out of order on every network. Raises ``ValueError`` where ``state`` is
        no acknowledgement of the protocol.
        """
        if state not in ACKS:
            raise ValueError(f"{state!r} is none of {', '.join(ACKS)}")
        standing = self._find(id)
        if standing is None or standing.state == "waiting":
            _log.info("acknowledgement %s of request %d, which is not outstanding", state, id)
            return []
        standing = replace(standing, answered=True)
        self._put(standing)
        forward = state in FINAL or _PROGRESS.index(state) > _PROGRESS.index(standing.state)
        return self._enter(standing, state, now_s) if forward else []

    def infer(self, feedback: Feedback, now_s: float) -> list[Message]:
        """Take what is seen of a host that may not acknowledge: has the request started?"""
        seen = self._seen
        self._seen = Feedback(
            seen.beat if feedback.beat is None else feedback.beat,
            seen.bar if feedback.bar is None else feedback.bar,
        )
        standing = self._next
        if standing is None or standing.point is None or standing.answered:
            return []
        started = standing.point.passed(feedback)
        return self._enter(standing, "started", now_s) if started else []

    def is_outstanding(self, id: int | None) -> bool:
        """Whether request ``id``, or any where that is None, has not started yet."""
        return self._next is not None and id in (None, self._next.id)

    def cancel(self, id: int | None, now_s: float) -> list[Message]:
        """Take the outstanding request back, or only if it is ``id``."""
        standing = self._next
        if standing is None or id not in (None, standing.id):
            return []
        return self._call_off(standing, "cancelled", now_s)

    def update(self, now_s: float) -> list[Message]:
        """Let time pass: deadlines, holds, fades."""
        out: list[Message] = []
        if self._begun and now_s >= self._begun.due_s:
            out += self._enter(self._begun, "done", now_s)
        if self._next and now_s >= self._next.due_s:
            out += self._call_off(self._next, "expired", now_s)
        if self._next and self._next.state == "waiting" and now_s >= self._hold_until_s:
            out += self._send(self._next, now_s)
        return out

    def _find(self, id: int) -> Standing | None:
        return next((s for s in (self._begun, self._next) if s and s.id == id), None)

    def _put(self, standing: Standing) -> None:
        if standing.state == "started":
            self._begun = standing
        else:
            self._next = standing

    def _send(self, standing: Standing, now_s: float) -> list[Message]:
        """Say the request that waits; the music that started before it is history."""
        out = self._enter(self._begun, "done", now_s) if self._begun else []
        request, label = standing.request, standing.label
        places = (label, str(quadrant_of(request.valence, request.arousal)))
        point = QuantisePoint(request.quantise, places, self._seen)
        sent = replace(standing, sent_s=now_s, point=point)
        out += self._said(messages_of(standing.id, request, label))
        return out + self._enter(sent, "sent", now_s)

    def _call_off(self, standing: Standing, state: str, now_s: float) -> list[Message]:
        heard = standing.state != "waiting"
        word = [SIGNALS["request/cancel"].message(standing.id)] if heard else []
        return self._said(word) + self._enter(standing, state, now_s)

    def _enter(self, standing: Standing, state: str, now_s: float) -> list[Message]:
        """Move a request to ``state`` and say so."""
        if state == "started" or state in FINAL:
            if self._next and self._next.id == standing.id:
                self._next = None
            else:
                self._begun = None
        if state not in FINAL:
            self._put(replace(standing, state=state, since_s=now_s))
        if state in ("started", "done") and standing.state != "started":
            self._hold_until_s = now_s + standing.request.hold_s
        return [SIGNALS["request/state"].message(standing.id, state)]

    def _said(self, messages: list[Message]) -> list[Message]:
        if not self._dry_run:
            return messages
        for signal, args in messages:
            if signal.name in ("request", "request/cancel"):
                said = (f"{arg:g}" if isinstance(arg, float) else str(arg) for arg in args)
                _log.warning("dry run, not sent: %s %s", signal.name, " ".join(said))
        return []
