"""What a training that runs in another process tells the one who started it: lines of JSON.

Conventions
-----------
The process that hears music never imports how models are trained. ``python -m models.training.own``
is a program of its own that prints one message a line; `read` decodes them, `write` encodes them.
Messages come in this order: `Step`s, at most one `Refused` or `LeftOut`, one `Begun`, `Step`s and
`Epoch`s, and at the end one of `Done`, `Refused` and `Failed`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Phase = Literal["check", "listen", "learn"]
"""Decoding every file, computing features, passes over the data."""


class Message(msgspec.Struct, frozen=True, tag=str.lower):
    """One line."""


class Step(Message, frozen=True):
    """How far one phase is: ``done`` of ``of``; ``epoch`` while learning, else 0."""

    phase: Phase
    done: int
    of: int
    epoch: int = 0


class Refused(Message, frozen=True):
    """Nothing was trained: the files that are bad, and what the set as a whole lacks."""

    bad: list[tuple[str, str]]
    lacks: list[str]
    files: int


class LeftOut(Message, frozen=True):
    """Bad files that the user wants to go on without."""

    bad: list[tuple[str, str]]


class Begun(Message, frozen=True):
    """What is learned from: files and groups, files a quadrant, where a resumed training stands."""

    files: int
    groups: int
    quadrants: list[int]
    seconds: float
    begins_from: str
    epochs: int
    epoch: int


class Epoch(Message, frozen=True):
    """One pass is done and kept: loss and accuracy on what was held out, and the best so far."""

    number: int
    loss: float
    accuracy: float
    best: int


class Done(Message, frozen=True):
    """The model is there."""

    name: str
    folder: str
    epoch: int
    early: bool
    figures: dict[str, str]
    seconds: float


class Failed(Message, frozen=True):
    """Something that the user can mend, in one sentence."""

    reason: str


AnyMessage = Step | Refused | LeftOut | Begun | Epoch | Done | Failed

_decoder = msgspec.json.Decoder(AnyMessage)


def write(message: Message) -> bytes:
    """Encode a message as one line."""
    return msgspec.json.encode(message) + b"\n"


def read(line: bytes) -> AnyMessage:
    """Decode one line.

    Raises
    ------
    ValueError
        It is no message.
    """
    return _decoder.decode(line)
