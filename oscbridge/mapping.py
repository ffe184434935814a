"""Apply a preset: what we have to say, put in the words of a host.

Conventions
-----------
A `Mapping` is a preset checked against our namespace once; `apply` then turns messages under our
own signals into messages that are ready for the wire. A plain preset passes them on (under another
prefix if wanted, opt-in signals only when asked for). A map is triggered by its source signal and
may look at any other one-argument signal, of which the newest value counts; a message that needs a
value which is not known yet is not sent. Limits of rate skip messages: the refresh of the
dispatcher brings the last value within a second.

In a request for other music ``quadrant`` is that of its target. What ends by itself (a button that
is let go) is said with the next news after its time: there are twenty a second while music plays.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from models.types import quadrant_of
from oscbridge.errors import SettingsError, unknown_name
from oscbridge.hosts.choices import Choices, Unsaid
from oscbridge.hosts.complaints import Complaints
from oscbridge.hosts.rules import TARGET, Rule, compile_map, compile_on, compile_say
from oscbridge.protocol import FAMILIES, PREFIX, SIGNALS, Message, Signal, signal_of
from presets import files, reading
from presets.schema import InboundPreset, Preset

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.hosts.phrases import Values
    from oscbridge.protocol import Value
    from oscbridge.wire.packet import Argument
    from presets.schema import Target

_GO, _WHOLE = SIGNALS["request/go"], SIGNALS["request"]
LEARNS_MIDI = {"mixxx": "Mixxx", "traktor": "Traktor", "rekordbox": "rekordbox", "serato": "Serato"}
"""Programs that understand no OSC, by what people call them when they ask for a preset."""
_PORT = "port"


def preset_names() -> list[str]:
    """Names of the presets that can be told something, the user's own among them."""
    return _names("target")


def inbound_names() -> list[str]:
    """Names of the presets that can be heard."""
    return _names("listen")


def load_preset(name: str) -> Preset:
    """Read the preset ``name``, or the preset file ``name`` (ends in ``.toml``).

    Raises
    ------
    SettingsError
        When there is none, or its file breaks the rules.
    """
    preset = load_any(name, preset_names)
    if isinstance(preset, InboundPreset):
        raise SettingsError(f"the preset {name!r} is heard, not told: use  --hear {name}")
    return preset


def load_inbound(name: str) -> InboundPreset:
    """Read the preset ``name`` of somebody who tells us something.

    Raises
    ------
    SettingsError
        When there is none, or its file breaks the rules.
    """
    preset = load_any(name, inbound_names)
    if isinstance(preset, Preset):
        raise SettingsError(f"the preset {name!r} is told, not heard: use  --preset {name}")
    return preset


def load_any(
    name: str, known: Callable[[], list[str]] = lambda: list(files.paths())
) -> files.AnyPreset:
    """Read a preset of either kind; ``known`` are the names that a wrong one is answered with.

    Raises
    ------
    SettingsError
        When there is none, or its file breaks the rules.
    """
    path = Path(name).expanduser() if name.endswith(".toml") else files.paths().get(name)
    if path is None:
        if program := LEARNS_MIDI.get(name.casefold()):
            raise SettingsError(
                f"{program} learns MIDI and needs no preset:  oscbridge run --midi-out , then "
                "oscbridge learn intensity  in a second terminal; "
                f"examples/{program.casefold()} has every step."
            )
        raise unknown_name("preset", name, known())
    try:
        return files.read(path)
    except reading.ReadingError as error:
        raise SettingsError(str(error)) from None


def _names(section: str) -> list[str]:
    return [name for name, path in files.paths().items() if files.has_section(path, section)]


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
        Seconds, for limits of rate and for what ends by itself.

    Raises
    ------
    SettingsError
        When the preset or ``optional`` names something that does not exist.
    """

    def __init__(
        self,
        preset: Preset,
        *,
        prefix: str = PREFIX,
        optional: Sequence[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ascii_only = preset.target.ascii
        self._clock = clock
        self._values: Values = {}
        self._rules: dict[Signal, list[Rule]] = {}
        self._releases: dict[Rule, tuple[float, Message]] = {}
        self._choices = Choices(preset, preset.names)
        self._complaints = Complaints(preset, self._choices, clock)
        self._redo = preset.connect.redo
        self._port = 0
        said = _plain_signals(prefix, optional, preset.target)
        self._plain = said if preset.plain else None
        self._as_it_is = all(own is signal for signal, own in said.items())
        self._more = frozenset(name for name in optional if name.partition("/")[0] in FAMILIES)
        self._prefix = prefix
        where = f"{preset.name}.toml"
        _check_booleans(preset, where)
        self._connect = [
            compile_say(say, self._choices, (_PORT,), f"{where}: connect.send[{index}]")
            for index, say in enumerate(preset.connect.send)
        ]
        for index, entry in enumerate(preset.map):
            self._add(*compile_map(entry, self._choices, f"{where}: map[{index}]"))
        for index, event in enumerate(preset.on):
            self._add(*compile_on(event, self._choices, f"{where}: on[{index}]"))

    @property
    def trouble(self) -> str:
        """What the host complains about, or what was picked and is not there; else empty."""
        return self._choices.trouble or self._complaints.text

    def connect(self, port: int) -> list[Message]:
        """What the host is told before anything else; ``port`` is where we hear its answers."""
        self._port = port
        result: list[Message] = []
        for phrase in self._connect:
            with contextlib.suppress(Unsaid):
                result.append(phrase.say({_PORT: port}))
        return result

    def hears(self, address: str) -> bool:
        """Whether `hear` heeds what comes under this address."""
        redo, choices, complaints = self._redo, self._choices, self._complaints
        return address in redo or choices.hears(address) or complaints.hears(address)

    def hear(self, address: str, arguments: Sequence[Argument]) -> list[Message]:
        """Take what the host says, and return what has to be said to it because of that."""
        self._choices.learn(address, arguments)
        self._complaints.hear(address, arguments)
        return self.connect(self._port) if address in self._redo else []

    def apply(self, messages: Sequence[Message]) -> list[Message]:
        """Messages for the wire, in order."""
        if self._plain is not None:
            plain = self._plain
            if self._as_it_is:
                return [m for m in messages if m[0] in plain or self._joins(m[0], plain)]
            return [
                Message(plain[signal], args[: len(plain[signal].args)])
                for signal, args in messages
                if signal in plain or self._joins(signal, plain)
            ]
        result = self._ended() if self._releases else []
        for signal, args in messages:
            if len(args) == 1:
                self._values[signal.name] = args[0]
            for rule in self._rules.get(signal, ()):
                with contextlib.suppress(Unsaid):
                    result += self._say(rule, signal, args)
        return result

    def _joins(self, signal: Signal, plain: dict[Signal, Signal]) -> bool:
        """Whether a signal is said from now on: one of a family is met when it is said first."""
        if not signal.family or not {signal.family, signal.name} & self._more:
            return False
        plain[signal] = _addressed(signal, self._prefix)
        return True

    def _ended(self) -> list[Message]:
        """What is over: buttons that are let go."""
        now_s = self._clock()
        over = [rule for rule, (due_s, _) in self._releases.items() if due_s <= now_s]
        return [self._releases.pop(rule)[1] for rule in over]

    def _say(self, rule: Rule, signal: Signal, args: tuple[Value, ...]) -> list[Message]:
        known = self._values
        if signal in (_GO, _WHOLE):
            known = {**known, TARGET: self._target(signal, args)}
        values = rule.values(known, signal, args)
        said = [rule.says.say(values)]
        if rule.cadence is not None and not rule.cadence.ready(self._clock()):
            return []
        if rule.release is not None:
            end = rule.release.say(values)
            if rule.release_s > 0.0:
                self._releases[rule] = self._clock() + rule.release_s, end
            else:
                said.append(end)
        return said

    def _target(self, signal: Signal, args: tuple[Value, ...]) -> int:
        """Quadrant of what is asked for; the scalars of a request come before its trigger."""
        valence, arousal = self._values.get("request/valence"), self._values.get("request/arousal")
        if signal is _WHOLE:
            valence, arousal = args[1], args[2]
        if not isinstance(valence, int | float) or not isinstance(arousal, int | float):
            raise Unsaid
        return quadrant_of(valence, arousal)

    def _add(self, source: Signal, rule: Rule) -> None:
        self._rules.setdefault(source, []).append(rule)


def _plain_signals(prefix: str, optional: Sequence[str], target: Target) -> dict[Signal, Signal]:
    """Which of our signals go out, and as what."""
    extra = tuple(signal.name for signal in SIGNALS.values() if signal.optional)
    for name in optional:
        known = signal_of(name)
        if name not in (*extra, *FAMILIES) and not (known and known.family):
            raise unknown_name("opt-in signal", name, (*extra, *FAMILIES))
    wanted = [s for s in SIGNALS.values() if not s.optional or s.name in optional]
    most = target.max_args
    said: dict[Signal, Signal] = {}
    for signal in wanted:
        own = signal
        if most is not None and len(signal.args) > most:
            if not target.cut_events or signal.when != "event":
                continue
            own = replace(own, args=own.args[:most])
        said[signal] = _addressed(own, prefix)
    return said


def _addressed(signal: Signal, prefix: str) -> Signal:
    """A signal as it is said under another prefix."""
    return signal if prefix == PREFIX else replace(signal, address=f"{prefix}/{signal.name}")


def _check_booleans(preset: Preset, where: str) -> None:
    """Refuse true and false for hosts that were not declared to read them."""
    entries = [("map", entry.args or ()) for entry in preset.map]
    entries += [("on", (*(entry.args or ()), *(entry.release or ()))) for entry in preset.on]
    entries += [("connect.send", entry.args) for entry in preset.connect.send]
    for key, args in entries:
        for text in args:
            if text.startswith("b:") and preset.target.profile != "vrchat":
                raise SettingsError(
                    f'{where}: {key}: {text!r} is only for hosts with profile = "vrchat": most '
                    "programs read no true and false. Write i:1 and i:0."
                )
