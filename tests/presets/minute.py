"""A scripted minute of music, as a real composer and a real book of requests tell it.

Conventions
-----------
Twenty moments a second, a clock of its own, no threads: a minute takes milliseconds. The music
walks through the four quadrants, ten seconds each and back to the first; there are beats,
boundaries, a steady tempo, a pause of sound; six times somebody asks for other music, in each
quadrant and with each quantise that matters.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import replace

from models.types import quadrant_of
from oscbridge.composer import Composer
from oscbridge.config import SendSettings
from oscbridge.events import Beat, Boundary, Event, Novelty, SegmentEnded, SignalLevel, State, Tempo
from oscbridge.labels import Labels
from oscbridge.protocol import Message
from oscbridge.requests import RequestBook
from oscbridge.saying.music_request import RequestSettings, ask
from oscbridge.saying.quadrant_tracker import QuadrantSettings
from tests.process.doubles import RATE_HZ, affect

STEP_S = 0.05
SECONDS = 60
CORNERS = [(0.8, 0.7), (-0.8, 0.7), (-0.8, -0.7), (0.8, -0.7), (0.8, 0.7), (-0.8, -0.7)]
"""Where the music is, ten seconds each."""
REQUESTS = {
    5: (0.6, -0.6, "bar"),
    14: (-0.6, -0.6, "beat"),
    23: (-0.6, 0.6, "now"),
    32: (0.6, 0.6, "4bar"),
    41: (0.6, -0.6, "8bar"),
    50: (-0.6, 0.6, "2bar"),
}
"""At which second, what, and where it is to begin."""
SILENT_S = (55.0, 59.0)


@functools.cache
def minute() -> list[tuple[float, list[Message]]]:
    """Give each instant, seconds from 0, and what is said then."""
    return list(_told())


def _told() -> Iterator[tuple[float, list[Message]]]:
    composer = Composer(SendSettings(), QuadrantSettings(), Labels(), "cafe", 0.0)
    book = RequestBook(RequestSettings(), Labels())
    for step in range(int(SECONDS / STEP_S)):
        now_s = step * STEP_S
        messages = composer.compose(_states(now_s, step), _events(now_s, step), now_s)
        messages += book.update(now_s)
        if step % 20 == 0 and (wish := REQUESTS.get(step // 20)):
            valence, arousal, quantise = wish
            request = ask(RequestSettings(), valence, arousal, quantise=quantise)
            messages += book.make(request, now_s)
        yield now_s, messages


def _states(now_s: float, step: int) -> list[State]:
    if SILENT_S[0] <= now_s < SILENT_S[1]:
        return []
    stop = round(now_s * RATE_HZ)
    valence, arousal = CORNERS[min(int(now_s / 10), len(CORNERS) - 1)]
    sway = 0.15 * math.sin(now_s * 1.7)
    shares = [0.1, 0.1, 0.1, 0.1]
    shares[quadrant_of(valence, arousal) - 1] = 0.7
    state = affect(valence + sway, arousal + sway, 0.9, now_s)
    return [
        replace(state, quadrant_probabilities=tuple(shares)),
        SignalLevel(0.6 + sway, 0.5 - sway, stop, RATE_HZ),
        Novelty(0.5 + sway, stop, RATE_HZ),
        Tempo(120.0 if step > 40 else 0.0, stop, RATE_HZ),
    ]


def _events(now_s: float, step: int) -> list[Event]:
    stop = round(now_s * RATE_HZ)
    events: list[Event] = []
    if step % 10 == 0:
        index = step // 10
        events.append(Beat(index, stop, 0.9, index // 4 if index % 4 == 0 else -1, 120.0, RATE_HZ))
    if step and step % 200 == 20:
        number = step // 200
        events.append(Boundary(number, stop, stop, 0.8, RATE_HZ))
        start = max(stop - 10 * RATE_HZ, 0)
        events.append(SegmentEnded(number - 1, start, stop, RATE_HZ, 0.5, 0.5, 1, 0.9))
    return events
