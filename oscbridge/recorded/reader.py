"""Reads a record: which sessions are in it, and what happened in one of them.

Conventions
-----------
A file holds one session after the other, counted from 1. Every line is checked as it is read. A
last line that is not whole is what a crash or a full disk leaves behind: it is passed over, and the
session is *torn*. Any other line that is no line of ours is an error that says which;
`Passage.damaged` instead counts them where the caller can do without.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from oscbridge.errors import InputError
from oscbridge.recorded.lines import FORMAT, as_result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from oscbridge.events import Event, State


class Head(msgspec.Struct, frozen=True):
    """The first line of a session."""

    record: int
    version: str
    started: str


class Begun(msgspec.Struct, frozen=True):
    """Where its stream began (`oscbridge.beginning`)."""

    session: str
    start_s: float
    analysis_s: float
    smoothing_s: float
    input_s: float
    input: str
    settings: dict[str, Any]
    audio: str | None = None


class Missing(msgspec.Struct, frozen=True):
    """Samples that were lost: their place in the sound file, and how many."""

    at: int
    samples: int


class _Turn(msgspec.Struct, frozen=True):
    now_s: float
    states: int
    came: list[list[Any]] = msgspec.field(name="in")


class _Line(msgspec.Struct, frozen=True):
    record: int | None = None
    time_s: float = 0.0
    begin: Begun | None = None
    turn: _Turn | None = None
    signal: str | None = None
    args: tuple[int | float | str, ...] = ()
    mark: str | None = None
    gap: Missing | None = None


class Turn(NamedTuple):
    """What came in by an instant, and was composed then."""

    time_s: float
    now_s: float
    states: list[State]
    events: list[Event]


class Said(NamedTuple):
    """A message that left."""

    time_s: float
    signal: str
    args: tuple[int | float | str, ...]


class Marked(NamedTuple):
    """A person said that a new section begins."""

    time_s: float
    label: str


Happening = Begun | Turn | Said | Marked | Missing


@dataclass(slots=True)
class Passage:
    """A session of a record.

    Attributes
    ----------
    path : Path
        The file.
    number : int
        Which of its sessions, from 1.
    head : Head
        Its first line.
    start, stop : int
        The bytes of its lines after the head.
    line : int
        Number of the line after the head, from 1.
    damaged : int
        Lines that could not be read, by `happenings` with ``strict=False``.
    read : int
        Bytes that `happenings` has read so far.
    torn : bool
        Whether its last line is not whole; known when `happenings` has come to its end.
    """

    path: Path
    number: int
    head: Head
    start: int
    stop: int
    line: int
    damaged: int = field(default=0, init=False)
    read: int = field(default=0, init=False)
    torn: bool = field(default=False, init=False)

    def happenings(self, *, strict: bool = True) -> Iterator[Happening]:
        """What happened, in order; where not ``strict``, damaged lines are counted and left out.

        Raises
        ------
        InputError
            A line is damaged.
        """
        self.damaged = self.read = 0
        self.torn = False
        decode = msgspec.json.Decoder(_Line).decode
        number = self.line - 1
        with self.path.open("rb") as file:
            file.seek(self.start)
            while file.tell() < self.stop and (text := file.readline(self.stop - file.tell())):
                number += 1
                self.read += len(text)
                last = file.tell() >= self.stop
                if not text.endswith(b"\n"):
                    self.torn = True
                    return
                try:
                    happening = _happening(decode(text))
                except (msgspec.MsgspecError, ValueError, KeyError, TypeError) as error:
                    if last:  # torn, and a later session has begun a line of its own
                        self.torn = True
                        return
                    if strict:
                        where = f"{str(self.path)!r}, line {number}"
                        raise InputError(f"{where}: damaged: {error}.") from None
                    self.damaged += 1
                    continue
                if happening is not None:
                    yield happening


def read_sessions(path: Path) -> list[Passage]:
    """Find the sessions of a record.

    Raises
    ------
    InputError
        It cannot be read, is no record, or was made by a newer oscbridge.
    """
    try:
        return _find_sessions(path)
    except OSError as error:
        raise InputError(f"cannot read {str(path)!r}: {error.strerror}.") from None


def choose_session(path: Path, number: int | None) -> Passage:
    """Find session ``number`` of a record, or its last. Raises `InputError`, as `read_sessions`."""
    found = read_sessions(path)
    if number is None:
        return found[-1]
    if number > len(found):
        count = f"{len(found)} session{'s' * (len(found) != 1)}"
        raise InputError(f"{str(path)!r} holds {count}, there is no number {number}.")
    return found[number - 1]


def _find_sessions(path: Path) -> list[Passage]:
    found: list[Passage] = []
    decode = msgspec.json.Decoder(Head).decode
    at = 0
    with path.open("rb") as file:
        for number, text in enumerate(file, start=1):
            at += len(text)
            if text.startswith(b'{"record":'):
                try:
                    head = decode(text)
                except msgspec.MsgspecError as error:
                    where = f"{str(path)!r}, line {number}"
                    raise InputError(f"{where}: damaged: {error}.") from None
                if head.record > FORMAT:
                    raise InputError(
                        f"{str(path)!r} was recorded by oscbridge {head.version}, which is newer "
                        f"than this one (format {head.record}, known is {FORMAT}): update it."
                    )
                found.append(Passage(path, len(found) + 1, head, at, at, number + 1))
            elif not found:
                raise InputError(f"{str(path)!r} is no record of oscbridge (run --record FILE).")
            found[-1].stop = at
    if not found:
        raise InputError(f"{str(path)!r} is empty.")
    return found


def _happening(line: _Line) -> Happening | None:
    """What a line says; None where it is of a kind that a later version has added."""
    if line.signal is not None:
        return Said(line.time_s, line.signal, line.args)
    if line.turn is not None:
        came = [as_result(plain) for plain in line.turn.came]
        states, events = came[: line.turn.states], came[line.turn.states :]
        return Turn(line.time_s, line.turn.now_s, states, events)  # type: ignore[arg-type]
    if line.mark is not None:
        return Marked(line.time_s, line.mark)
    return line.begin or line.gap
