"""Events of the analysis in the words of the protocol.

Conventions
-----------
``age_ms`` of a message counts from the instant in the music to the sending: from the change to its
decision, and what the input needs to bring the sound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.events import Beat, Boundary, MaybeBoundary, SegmentEnded, Withdrawn
from oscbridge.protocol import SIGNALS, Message

if TYPE_CHECKING:
    from oscbridge.events import Event


def messages_of(event: Event, input_latency_s: float) -> list[Message]:
    """What to say about an event, in order; nothing of a status, which is a state on the wire."""
    if isinstance(event, Boundary):
        age_ms = (event.age_s + input_latency_s) * 1e3
        return [SIGNALS["segment/boundary"].message(event.id, age_ms, event.strength)]
    if isinstance(event, MaybeBoundary):
        age_ms = (event.age_s + input_latency_s) * 1e3
        return [SIGNALS["segment/maybe"].message(event.id, age_ms, event.probability)]
    if isinstance(event, Withdrawn):
        return [SIGNALS["segment/withdrawn"].message(event.id)]
    if isinstance(event, SegmentEnded):
        return _ended(event)
    return _beaten(event) if isinstance(event, Beat) else []


def _ended(segment: SegmentEnded) -> list[Message]:
    duration_s = (segment.stop - segment.start) / segment.sample_rate
    return [
        SIGNALS["segment/end"].message(segment.id, duration_s),
        SIGNALS["segment/summary"].message(
            segment.id, segment.valence, segment.arousal, duration_s
        ),
    ]


def _beaten(beat: Beat) -> list[Message]:
    beaten = [SIGNALS["beat"].message(beat.index, beat.confidence)]
    if beat.bar >= 0:
        beaten.append(SIGNALS["bar"].message(beat.bar, beat.confidence))
    return beaten
