"""Apply a preset: what we have to say, put in the words of a host.

Conventions
-----------
A `Mapping` is a preset checked against our namespace once; `apply` then turns messages under our
own signals into messages that are ready for the wire. A plain preset passes them on (under another
prefix if wanted, opt-in signals only when asked for). A map is triggered by its source signal and
may look at any other one-argument signal, of which the newest value counts; a message that needs a
value which is not known yet is not sent. Limits of rate skip messages: the refresh of the
dispatcher brings the last value within a second.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.errors import SettingsError, unknown_name
from oscbridge.protocol import INT_MAX, PREFIX, SIGNALS, Arg, Message, Signal, Value
from oscbridge.rates import Cadence
from presets import reading, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from presets.scaling import Scale

_TOKEN = re.compile(r"\{([^{}]*)\}")
_FLOAT_LIMIT = 3.4e38

Values = dict[str, Value]


def preset_names() -> list[str]:
    """Names of the presets that ship."""
    return schema.names()


def load_preset(name: str) -> schema.Preset:
    """Read the preset ``name``, or the preset file ``name`` (ends in ``.toml``).

    Raises
    ------
    SettingsError
        When there is none, or its file breaks the rules.
    """
    if name.endswith(".toml"):
        path = Path(name).expanduser()
    elif name in preset_names():
        path = schema.path_of(name)
    else:
        raise unknown_name("preset", name, preset_names())
    try:
        return schema.read(path)
    except reading.ReadingError as error:
        raise SettingsError(str(error)) from None


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    """A map or event of a preset, compiled."""

    says: Signal  # the host's
    build: tuple[Callable[[Values], Value], ...]
    scale: Scale | None = None
    words: tuple[str, ...] = ()
    cadence: Cadence | None = None


class Mapping:
    """A preset ready for use.

    Parameters
    ----------
    preset : Preset
        What the host wants.
    prefix : str
        Replaces ``/oscbridge`` in our own addresses.
    optional : sequence of str
        Opt-in signals that go out as well (plain presets).
    clock : callable
        Seconds, for limits of rate.

    Raises
    ------
    SettingsError
        When the preset or ``optional`` names signals that do not exist.
    """

    def __init__(
        self,
        preset: schema.Preset,
        *,
        prefix: str = PREFIX,
        optional: Sequence[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ascii_only = preset.target.ascii
        self._clock = clock
        self._values: Values = {}
        self._rules: dict[Signal, list[_Rule]] = {}
        said = _plain_signals(prefix, optional)
        self._plain = said if preset.plain else None
        self._as_it_is = prefix == PREFIX
        for index, entry in enumerate(preset.map):
            self._add(entry, entry.source, f"{preset.name}.toml: map[{index}]")
        for index, event in enumerate(preset.on):
            self._add(event, event.event, f"{preset.name}.toml: on[{index}]")

    def apply(self, messages: Sequence[Message]) -> list[Message]:
        """Messages for the wire, in order."""
        if self._plain is not None:
            plain = self._plain
            if self._as_it_is:
                return [message for message in messages if message[0] in plain]
            return [Message(plain[signal], args) for signal, args in messages if signal in plain]
        result: list[Message] = []
        for signal, args in messages:
            if len(args) == 1:
                self._values[signal.name] = args[0]
            for rule in self._rules.get(signal, ()):
                said = self._say(rule, signal, args)
                if said is not None:
                    result.append(said)
        return result

    def _say(self, rule: _Rule, signal: Signal, args: tuple[Value, ...]) -> Message | None:
        values = dict(self._values)
        for arg, value in zip(signal.args, args, strict=True):
            if rule.scale is not None and not isinstance(value, str):
                values[arg.name] = rule.scale.apply(value)
            else:
                values[arg.name] = value
        if len(args) == 1:
            values[signal.name] = values[signal.args[0].name]
        if rule.words:
            place = args[0]
            word = rule.words[place] if isinstance(place, int) and place < len(rule.words) else ""
            if not word:  # the preset has no word for this
                return None
            values["word"] = word
        try:
            message = rule.says.message(*(build(values) for build in rule.build))
        except KeyError:  # a value that nobody has said yet
            return None
        in_time = rule.cadence is None or rule.cadence.ready(self._clock())
        return message if in_time else None

    def _add(self, entry: schema.Map | schema.On, name: str, where: str) -> None:
        source = SIGNALS.get(name)
        if source is None:
            key = "source" if isinstance(entry, schema.Map) else "event"
            raise SettingsError(f"{where}.{key}: {unknown_name('signal', name, tuple(SIGNALS))}")
        own = [arg.name for arg in source.args]
        tokens = [*own, *(s.name for s in SIGNALS.values() if len(s.args) == 1)]
        texts = entry.args
        words = entry.words if isinstance(entry, schema.Map) else ()
        if words:
            tokens.append("word")
        if not texts:
            both = zip(source.types, own, strict=True)
            texts = ("s:{word}",) if words else tuple(f"{t}:{{{n}}}" for t, n in both)
        build = tuple(_compile(text, tokens, f"{where}.args") for text in texts)
        says = Signal(
            name=f"{name} -> {entry.address}",
            when=source.when,
            args=tuple(_host_arg(text) for text in texts),
            description="",
            address=entry.address,
        )
        rule = _Rule(says, build)
        if isinstance(entry, schema.Map):
            cadence = Cadence(entry.rate_hz) if entry.rate_hz else None
            rule = _Rule(says, build, entry.scale, words, cadence)
        self._rules.setdefault(source, []).append(rule)


def _plain_signals(prefix: str, optional: Sequence[str]) -> dict[Signal, Signal]:
    """Which of our signals go out, and as what."""
    extra = tuple(signal.name for signal in SIGNALS.values() if signal.optional)
    for name in optional:
        if name not in extra:
            raise unknown_name("opt-in signal", name, extra)
    wanted = [s for s in SIGNALS.values() if not s.optional or s.name in optional]
    if prefix == PREFIX:
        return {signal: signal for signal in wanted}
    return {s: replace(s, address=f"{prefix}/{s.name}") for s in wanted}


def _host_arg(text: str) -> Arg:
    match text[0]:
        case "i":
            return Arg(text, "i", -INT_MAX, INT_MAX)
        case "f":
            return Arg(text, "f", -_FLOAT_LIMIT, _FLOAT_LIMIT)
        case _:
            return Arg(text, "s")


def _compile(text: str, tokens: Sequence[str], where: str) -> Callable[[Values], Value]:
    """Function that builds the argument ``text``; raises ``KeyError`` while a value is unknown."""
    kind, _, body = text.partition(":")
    names = _TOKEN.findall(body)
    for name in names:
        if name not in tokens:
            raise SettingsError(f"{where}: {unknown_name('value', name, tuple(tokens))}")
    if len(names) == 1 and body == f"{{{names[0]}}}":
        name = names[0]
        if kind != "s" and _is_text(name):
            raise SettingsError(f"{where}: {text!r}: {name!r} is text, so write s:{{{name}}}.")
        return lambda values: values[name]
    if kind == "s":
        return lambda values: _TOKEN.sub(lambda found: str(values[found[1]]), body)
    try:
        number = int(body) if kind == "i" else float(body)
    except ValueError:
        raise SettingsError(
            f"{where}: {text!r} is not allowed: after {kind}: comes a number or one {{name}}."
        ) from None
    return lambda _: number


def _is_text(name: str) -> bool:
    texts = {arg.name for signal in SIGNALS.values() for arg in signal.args if arg.type == "s"}
    return name in texts or name == "word" or (name in SIGNALS and SIGNALS[name].types == "s")
