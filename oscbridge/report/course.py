"""What a session's record says of player, music and requests, over time.

Conventions
-----------
Times are seconds from the start of the stream. Values were said when they changed, and hold until
they were said again: a `Track` is a step function, not a number where nothing was known. What a
damaged line held is missing, and counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from oscbridge import orders as do
from oscbridge.recorded.reader import Begun, Marked, Said, Turn

if TYPE_CHECKING:
    from oscbridge.events import Event
    from oscbridge.recorded.reader import Head, Passage

LEAST_MUSIC = 0.5
"""Presence of music below which what it expresses is not told."""
ENDS = ("done", "rejected", "expired", "cancelled")


@dataclass(slots=True)
class Track:
    """A value over time.

    Attributes
    ----------
    time_s : list of float
        When it was said.
    value : list of float
        What it was from then on.
    """

    time_s: list[float] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def add(self, time_s: float, value: float) -> None:
        """Take what is said at an instant, not before the last one."""
        self.time_s.append(time_s)
        self.value.append(value)

    def at(self, time_s: np.ndarray) -> np.ndarray:
        """The value at instants, NaN before it was first said.

        Parameters
        ----------
        time_s : np.ndarray, shape=(n,), float64
            Ascending.

        Returns
        -------
        np.ndarray, shape=(n,), float64
        """
        place = np.searchsorted(self.time_s, time_s, side="right")
        return np.concatenate([[np.nan], self.value])[place]


class Request(NamedTuple):
    """A request for other music, and what became of it."""

    id: int
    at_s: float
    valence: float
    arousal: float
    reason: str
    label: str
    states: list[tuple[float, str]]

    @property
    def started_s(self) -> float | None:
        """When the music began; None where it did not."""
        return next((at_s for at_s, state in self.states if state == "started"), None)

    @property
    def end(self) -> str:
        """How it ended; its newest state where it did not."""
        return self.states[-1][1] if self.states else "sent"

    def waits_until_s(self, length_s: float) -> float:
        """When its music began or it came to nothing; the end of the session where neither did."""
        if self.started_s is not None:
            return self.started_s
        return self.states[-1][0] if self.end in ENDS else length_s


@dataclass(slots=True)
class Course:
    """A session.

    Attributes
    ----------
    head : Head
        When and by what it was recorded.
    begun : Begun, optional
        Settings and input; None in records of format 1.
    length_s : float
        Until the last line.
    felt, music : tuple of 2 Track
        Valence and arousal of the player and of the music.
    requests : list of Request
        In order.
    pulses : list of (float, float)
        Heart rates.
    resting : float, optional
        The heart rate at rest, as it was known last.
    decisions : list of (float, str)
        What the policy decided, in words, each time that another rule decided than before.
    strategy : list of (float, str)
        By which strategy, from when on.
    sources : dict of str to int
        Who told how the player feels, and how often.
    marks : list of (float, str)
        Where a person heard a new section.
    damaged : int
        Lines that could not be read.
    """

    head: Head
    begun: Begun | None = None
    length_s: float = 0.0
    felt: tuple[Track, Track] = field(default_factory=lambda: (Track(), Track()))
    music: tuple[Track, Track] = field(default_factory=lambda: (Track(), Track()))
    requests: list[Request] = field(default_factory=list)
    pulses: list[tuple[float, float]] = field(default_factory=list)
    resting: float | None = None
    decisions: list[tuple[float, str]] = field(default_factory=list)
    strategy: list[tuple[float, str]] = field(default_factory=list)
    sources: dict[str, int] = field(default_factory=dict)
    marks: list[tuple[float, str]] = field(default_factory=list)
    damaged: int = 0


def read_course(passage: Passage) -> Course:
    """Read a session. Raises `InputError` where the file cannot be read."""
    return _Reader(Course(passage.head)).read(passage)


class _Reader:
    def __init__(self, course: Course) -> None:
        self._course = course
        self._start_s: float | None = None
        self._requests: dict[int, Request] = {}
        self._label = self._rule = ""
        self._now: dict[str, float] = {}  # newest value of each signal of one number

    def read(self, passage: Passage) -> Course:
        """Go through a session and return what was noted of it."""
        course = self._course
        for one in passage.happenings(strict=False):
            if isinstance(one, Begun):
                course.begun = one
                continue
            if not isinstance(one, Turn | Said | Marked):
                continue
            if self._start_s is None:
                self._start_s = one.time_s
            at_s = course.length_s = one.time_s - self._start_s
            if isinstance(one, Said):
                self._take(one, at_s)
            elif isinstance(one, Marked):
                course.marks.append((at_s, one.label))
            else:
                for event in one.events:
                    self._hear(event, at_s)
        course.damaged = passage.damaged
        return course

    def _hear(self, event: Event, at_s: float) -> None:
        course = self._course
        if isinstance(event, do.Pulse):
            course.pulses.append((at_s, event.bpm))
            course.resting = event.resting_bpm or course.resting
        elif isinstance(event, do.Felt):
            course.sources[event.source] = course.sources.get(event.source, 0) + 1

    def _take(self, said: Said, at_s: float) -> None:
        course = self._course
        match said.signal, said.args:
            case ("valence" | "arousal" | "music" | "confidence", (float(value),)):
                self._follow(said.signal, value, at_s)
            case ("player/valence" | "player/arousal" | "player/confidence", (float(value),)):
                self._follow(said.signal, value, at_s)
            case "request/label", (str(label),):
                self._label = label
            case "request", (int(number), float(valence), float(arousal), *_, str(reason)):
                made = Request(number, at_s, valence, arousal, reason, self._label, [])
                self._requests[number] = made
                course.requests.append(made)
            case "request/state", (int(number), str(state)) if number in self._requests:
                self._requests[number].states.append((at_s, state))
            case "policy/decision", (str(rule), str(words)) if rule != self._rule:
                self._rule = rule  # it is said again while it holds
                course.decisions.append((at_s, words))
            case "policy/strategy", (str(name),):
                if not course.strategy or course.strategy[-1][1] != name:
                    course.strategy.append((at_s, name))
            case _:
                pass

    def _follow(self, name: str, value: float, at_s: float) -> None:
        """Add to the tracks what is known now."""
        self._now[name] = value
        of_player = name.startswith("player/")
        prefix, tracks = ("player/", self._course.felt) if of_player else ("", self._course.music)
        known = self._now.get(f"{prefix}confidence", 0.0) > 0.0
        known &= of_player or self._now.get("music", 0.0) >= LEAST_MUSIC
        for track, axis in zip(tracks, ("valence", "arousal"), strict=True):
            value = self._now.get(prefix + axis, np.nan) if known else np.nan
            if not track.value or not _same(track.value[-1], value):
                track.add(at_s, value)


def _same(one: float, other: float) -> bool:
    return one == other or (np.isnan(one) and np.isnan(other)).item()
