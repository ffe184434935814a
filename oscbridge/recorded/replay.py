"""Goes through a recorded session once more: the same input, the same composer, the same words.

Conventions
-----------
Nothing here has a clock: the composer gets the instants that were recorded. What it says now is
compared with what it said then, message by message, as the bytes of their JSON: bit for bit. A
difference means that this oscbridge decides otherwise than the one that recorded, or that lines
were lost. The last turn of a session that did not come to its end is *torn*: some of what it said
is missing, and it shows no difference.
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

    _Words = tuple[str, tuple[int | float | str, ...]]


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
    torn : bool
        Whether the record breaks off within the turn.
    """

    turn: Turn
    said: list[Message]
    recorded: list[Said]
    torn: bool = False

    @property
    def difference(self) -> str:
        """The first difference between now and then in words, empty where there is none."""
        then, now = self._then, self._now
        if self.torn or _bytes(then) == _bytes(now):
            return ""
        for before, after in zip(then, now, strict=False):
            if _bytes(before) != _bytes(after):
                return f"{_words(*after)} instead of {_words(*before)}"
        longer, what = (now, "more") if len(now) > len(then) else (then, "less")
        return f"{_words(*longer[min(len(now), len(then))])} {what}"

    @property
    def breaks_off(self) -> bool:
        """Whether the record has the beginning of what is said now, and no more."""
        then, now = self._then, self._now
        return len(then) < len(now) and _bytes(then) == _bytes(now[: len(then)])

    @property
    def _then(self) -> list[_Words]:
        return [(said.signal, said.args) for said in self.recorded]

    @property
    def _now(self) -> list[_Words]:
        return [(signal.name, args) for signal, args in self.said]


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
    if step is not None:  # killed between a turn and its words: nothing else is torn then
        yield step._replace(torn=passage.torn or step.breaks_off)


def beginning_of(begun: Begun) -> Beginning:
    """Where the stream of a session began."""
    return Beginning(
        begun.session, begun.start_s, begun.analysis_s, begun.smoothing_s, begun.input_s
    )


def _bytes(said: object) -> bytes:
    return msgspec.json.encode(said)


def _words(signal: str, args: tuple[int | float | str, ...]) -> str:
    return " ".join((signal, *map(str, args)))
