"""Goes through a recorded session once more: the same input, the same composer, the same words.

Conventions
-----------
Nothing here has a clock: the composer gets the instants that were recorded. What it says now is
compared with what it said then, message by message, as the bytes of their JSON: bit for bit. A
difference means that this oscbridge decides otherwise than the one that recorded (`Step.head` says
which that was), or that lines were lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from oscbridge.beginning import Beginning, build_composer
from oscbridge.config import Config
from oscbridge.errors import InputError, SettingsError
from oscbridge.recorded.reader import Begun, Said, Turn
from presets import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oscbridge.protocol import Message
    from oscbridge.recorded.reader import Passage


class Step(NamedTuple):
    """One turn of the composer.

    Attributes
    ----------
    turn : Turn
        What came in, and when.
    said : list of Message
        What the composer says of it now.
    recorded : list of Said
        What it said then.
    """

    turn: Turn
    said: list[Message]
    recorded: list[Said]

    @property
    def difference(self) -> str:
        """The first difference between now and then in words, empty where there is none."""
        then = [(said.signal, said.args) for said in self.recorded]
        now = [(signal.name, args) for signal, args in self.said]
        if _bytes(then) == _bytes(now):
            return ""
        for before, after in zip(then, now, strict=False):
            if _bytes(before) != _bytes(after):
                return f"{_words(*after)} instead of {_words(*before)}"
        longer, what = (now, "more") if len(now) > len(then) else (then, "less")
        return f"{_words(*longer[min(len(now), len(then))])} {what}"


def settings_of(passage: Passage, begun: Begun) -> Config:
    """The settings of a session. Raises `SettingsError` where this version has none such."""
    try:
        return reading.convert(begun.settings, Config, str(passage.path))
    except reading.ReadingError as error:
        version = passage.head.version
        raise SettingsError(f"{error} (recorded by oscbridge {version})") from None


def replay(passage: Passage) -> Iterator[Step]:
    """Go through a session; one step for each turn of its composer.

    Raises
    ------
    InputError
        A line is damaged, or the record says nothing of what came in.
    SettingsError
        Its settings are none of this version.
    """
    happenings = passage.happenings()
    begun = next((one for one in happenings if isinstance(one, Begun)), None)
    if begun is None:
        raise InputError(
            f"{str(passage.path)!r} says only what went out, not what came in (oscbridge "
            f"{passage.head.version}): it cannot be replayed."
        )
    composer = build_composer(settings_of(passage, begun), beginning_of(begun))
    step: Step | None = None
    for one in happenings:
        if isinstance(one, Turn):
            if step is not None:
                yield step
            step = Step(one, composer.compose(one.states, one.events, one.now_s), [])
        elif isinstance(one, Said) and step is not None:
            step.recorded.append(one)
    if step is not None:
        yield step


def beginning_of(begun: Begun) -> Beginning:
    """Where the stream of a session began."""
    return Beginning(
        begun.session, begun.start_s, begun.analysis_s, begun.smoothing_s, begun.input_s
    )


def _bytes(said: object) -> bytes:
    return msgspec.json.encode(said)


def _words(signal: str, args: tuple[int | float | str, ...]) -> str:
    return " ".join((signal, *map(str, args)))
