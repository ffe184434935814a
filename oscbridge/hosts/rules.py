"""The entries of a preset, compiled: from values of the moment to a message for the wire.

Conventions
-----------
A `Phrase` is an address and arguments with places to fill in; a `Rule` is what one ``[[map]]`` or
``[[on]]`` says, under which conditions and with which scales. Both raise `Unsaid` where there is
nothing to say. Messages of one address and type share one `Signal`, which is a fast key for
whoever packs them; true and false are types of their own (``T``, ``F``) without an argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from oscbridge.errors import SettingsError, unknown_name
from oscbridge.hosts.choices import Unsaid
from oscbridge.hosts.phrases import Argument, Vocabulary, compile_address, compile_argument
from oscbridge.protocol import SIGNALS, Message, Signal, signal_of
from oscbridge.saying.rates import Cadence
from oscbridge.wire.arguments import Arg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from oscbridge.hosts.choices import Choices
    from oscbridge.hosts.phrases import Values
    from oscbridge.protocol import Value, When
    from presets import schema
    from presets.scaling import Scale, Span

SINGLE = tuple(signal.name for signal in SIGNALS.values() if len(signal.args) == 1)
"""Signals whose newest value every text may name."""
TARGET = "quadrant"
"""Of a request for other music: the quadrant of what is asked for."""
WORD = "word"

_TEXTS = frozenset(name for name in SINGLE if SIGNALS[name].types == "s")
_YES, _NO = Arg("yes", "T"), Arg("no", "F")


class Phrase:
    """An address and arguments with places to fill in.

    Parameters
    ----------
    name : str
        What makes it be said, for people.
    when : When
        The occasion.
    address : callable
        Address for the values of the moment.
    arguments : sequence of Argument
        In order.
    """

    def __init__(
        self,
        name: str,
        when: When,
        address: Callable[[Values], str],
        arguments: Sequence[Argument],
    ) -> None:
        self._name = name
        self._when: When = when
        self._address = address
        self._arguments = tuple(arguments)
        self._signals: dict[tuple[str, str], Signal] = {}

    def say(self, values: Values) -> Message:
        """Message for these values. Raises `Unsaid` where one is missing."""
        address = self._address(values)
        types = ""
        said: list[Value] = []
        for argument in self._arguments:
            value = argument(values)
            if argument.kind == "b":
                types += "T" if value else "F"
            else:
                types += argument.kind
                said.append(value)
        signal = self._signals.get((address, types))
        if signal is None:
            signal = self._signals[address, types] = self._signal(address, types)
        return Message(signal, tuple(said))

    def _signal(self, address: str, types: str) -> Signal:
        args = tuple(
            {"T": _YES, "F": _NO}.get(kind, argument.arg)
            for kind, argument in zip(types, self._arguments, strict=True)
        )
        return Signal(f"{self._name} -> {address}", self._when, args, "", address=address)


class _Filled(dict[str, "Value"]):
    """Values in which a number that nobody has said yet is another one."""

    def __init__(self, values: Values, otherwise: float) -> None:
        super().__init__(values)
        self._otherwise = otherwise

    def __missing__(self, name: str) -> Value:
        if name in _TEXTS:
            raise KeyError(name)
        return self._otherwise


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One ``[[map]]`` or ``[[on]]``."""

    says: Phrase
    choices: Choices
    release: Phrase | None = None
    release_s: float = 0.0
    scale: Scale | None = None
    scales: tuple[tuple[str, Scale], ...] = ()
    words: tuple[str, ...] = ()
    accept: Span | None = None
    otherwise: float | None = None
    when: tuple[tuple[str, tuple[schema.Scalar, ...]], ...] = ()
    cadence: Cadence | None = None

    def values(self, known: Values, signal: Signal, args: Sequence[Value]) -> Values:
        """Values of the moment as this rule sees them. Raises `Unsaid` where it has to be silent.

        Parameters
        ----------
        known : dict
            Newest value of each one-argument signal.
        signal, args
            What triggered it.
        """
        values = dict(known) if self.otherwise is None else _Filled(known, self.otherwise)
        for arg, value in zip(signal.args, args, strict=True):
            if isinstance(value, str):
                values[arg.name] = value
                continue
            if self.accept and not self.accept[0] <= value <= self.accept[1]:
                raise Unsaid
            values[arg.name] = value if self.scale is None else self.scale.apply(value)
        if len(args) == 1:
            values[signal.name] = values[signal.args[0].name]
        for name, scale in self.scales:
            value = values.get(name, self.otherwise)
            if value is None or isinstance(value, str):
                raise Unsaid
            values[name] = scale.apply(value)
        for name, allowed in self.when:
            if not self._holds(values, name, allowed):
                raise Unsaid
        if self.words:
            values[WORD] = self._word(args[0])
        return values

    def _holds(self, values: Values, name: str, allowed: tuple[schema.Scalar, ...]) -> bool:
        if name in values:
            return values[name] in allowed
        return self.choices.single.get(name) in allowed

    def _word(self, place: Value) -> str:
        word = self.words[place] if isinstance(place, int) and place < len(self.words) else ""
        if not word:
            raise Unsaid
        return word


def compile_say(say: schema.Say, choices: Choices, values: Sequence[str], where: str) -> Phrase:
    """Compile a message of ``[connect]``. Raises ``SettingsError``."""
    words = Vocabulary(values, frozenset(), choices)
    arguments = [compile_argument(text, words, f"{where}.args") for text in say.args]
    return Phrase("connect", "start", compile_address(say.address, words, where), arguments)


def compile_map(entry: schema.Map, choices: Choices, where: str) -> tuple[Signal, Rule]:
    """Compile a ``[[map]]``; the signal is what triggers it.

    Raises
    ------
    SettingsError
        It names something that does not exist, or that is of another kind.
    """
    source = _source(entry.source, f"{where}.source")
    words = _vocabulary(source, choices, where, word=bool(entry.words))
    texts = entry.args
    if texts is None:
        texts = ("s:{word}",) if entry.words else _as_it_is(source)
    for name in entry.scales:
        if name not in words.values:
            raise SettingsError(f"{where}.scales: {unknown_name('value', name, (*words.values,))}")
    rule = Rule(
        _phrase(source, entry.address, texts, words, where),
        choices,
        scale=_scale(entry, choices, where),
        scales=tuple(entry.scales.items()),
        words=entry.words,
        accept=entry.accept,
        otherwise=entry.otherwise,
        when=_when(entry.when, words, where),
        cadence=Cadence(entry.rate_hz) if entry.rate_hz else None,
    )
    return source, rule


def compile_on(entry: schema.On, choices: Choices, where: str) -> tuple[Signal, Rule]:
    """Compile an ``[[on]]``; the signal is what triggers it.

    Raises
    ------
    SettingsError
        It names something that does not exist, or that is of another kind.
    """
    source = _source(entry.event, f"{where}.event")
    words = _vocabulary(source, choices, where)
    release = None
    if entry.release is not None:
        release = _phrase(source, entry.address, entry.release, words, where)
    texts = _as_it_is(source) if entry.args is None else entry.args
    rule = Rule(
        _phrase(source, entry.address, texts, words, where),
        choices,
        release,
        entry.release_s,
        when=_when(entry.when, words, where),
    )
    return source, rule


def _source(name: str, where: str) -> Signal:
    source = signal_of(name)
    if source is None:
        raise SettingsError(f"{where}: {unknown_name('signal', name, tuple(SIGNALS))}")
    return source


def _vocabulary(source: Signal, choices: Choices, where: str, *, word: bool = False) -> Vocabulary:
    own = [arg.name for arg in source.args]
    values = (*own, *SINGLE, *((WORD,) if word else ()))
    for name in choices.single:
        if name in values:
            raise SettingsError(f"{where}: pick.{name}: this is the name of a value: call it else.")
    texts = _TEXTS | {arg.name for arg in source.args if arg.type == "s"} | {WORD}
    return Vocabulary(values, texts, choices)


def _as_it_is(source: Signal) -> tuple[str, ...]:
    return tuple(f"{arg.type}:{{{arg.name}}}" for arg in source.args)


def _phrase(
    source: Signal, address: str, texts: Sequence[str], words: Vocabulary, where: str
) -> Phrase:
    arguments = [compile_argument(text, words, f"{where}.args") for text in texts]
    place = compile_address(address, words, f"{where}.address")
    return Phrase(source.name, source.when, place, arguments)


def _scale(entry: schema.Map, choices: Choices, where: str) -> Scale | None:
    """Scale of a map, with the ends of its range as they were picked."""
    if entry.scale is None or entry.scale_to is None:
        return entry.scale
    low, high = (_end(text, choices, f"{where}.scale_to") for text in entry.scale_to)
    return msgspec.structs.replace(entry.scale, to=(low, high))


def _end(text: str, choices: Choices, where: str) -> float:
    try:
        return float(text)
    except ValueError:
        choices.require(text, (), where)
    picked = choices.single.get(text)
    if not isinstance(picked, int | float):
        raise SettingsError(f"{where}: {text} = {picked!r} is not allowed: a number")
    return float(picked)


def _when(
    conditions: Mapping[str, tuple[schema.Scalar, ...]], words: Vocabulary, where: str
) -> tuple[tuple[str, tuple[schema.Scalar, ...]], ...]:
    for name in conditions:
        if name not in words.values:
            words.choices.require(name, words.values, f"{where}.when")
    return tuple(conditions.items())
