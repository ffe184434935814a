"""What somebody else says in words of their own, put in ours.

Conventions
-----------
The counterpart of `oscbridge.mapping`: a `Translation` is made of the ``[[readback]]`` of a host,
or of the ``[[hear]]`` of somebody who is only heard, and checked against our inlets once. `apply`
gives for a message what it would be under our own addresses: names of `oscbridge.inlets` and
arguments, which the receiver then checks like any others. What is not meant for us, is no number,
or lies outside what a preset accepts, gives nothing.

Some numbers mean something only beside the neutral ones of the same person (``neutral = true``):
the mean of the first seconds is taken for neutral, and until it is known nothing is said.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oscbridge.errors import SettingsError, unknown_name
from oscbridge.hosts.choices import Choices, Unsaid
from oscbridge.hosts.incoming import NUMBERS, Incoming
from oscbridge.hosts.phrases import LOOKUP, PLACE, compile_argument
from oscbridge.inlets import INLETS
from presets.schema import InboundPreset, Preset

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.hosts.phrases import Values
    from oscbridge.inlets import Inlet
    from oscbridge.protocol import Value
    from oscbridge.sensors.base import Step
    from oscbridge.wire.packet import Argument
    from presets.schema import Hear

Said = tuple[str, tuple["Value", ...]]
"""Name of an inlet, with the name that an open-ended one goes on with, and arguments."""


class Translation:
    """A preset ready to be heard.

    Parameters
    ----------
    preset : Preset or InboundPreset
        Whose words these are.
    clock : callable
        Seconds, for the finding of what is neutral.

    Raises
    ------
    SettingsError
        When the preset names something that does not exist.
    """

    def __init__(
        self, preset: Preset | InboundPreset, clock: Callable[[], float] = time.monotonic
    ) -> None:
        inbound = isinstance(preset, InboundPreset)
        self._clock = clock
        self.announce = preset.listen.announce if inbound else preset.connect.announce
        """Whether who is heard looks for us by OSCQuery on this machine."""
        self._calibrate_s = preset.listen.calibrate_s if inbound else 0.0
        self._neutral: dict[tuple[str, str], _Neutral] = {}
        self._exact: dict[str, list[_Ear]] = {}
        self._places: list[_Ear] = []  # of which some address has places
        self._open = False  # whether neutral is looked for until somebody says that it is known
        choices = Choices(preset)
        key, entries = ("hear", preset.hear) if inbound else ("readback", preset.readback)
        self._measures = any(hear.neutral for hear in entries)
        for index, hear in enumerate(entries):
            ear = _Ear(hear, choices, f"{preset.name}.toml: {key}[{index}]")
            for address in ear.incoming.exact:
                self._exact.setdefault(address, []).append(ear)
            if ear.incoming.patterns:
                self._places.append(ear)

    @property
    def inlets(self) -> dict[str, Inlet]:
        """Which of our inlets each address means; without those that have places."""
        return {address: ears[0].inlet for address, ears in self._exact.items()}

    def hears(self, address: str) -> bool:
        """Whether messages of this address mean something."""
        return address in self._exact or any(ear.incoming.matches(address) for ear in self._places)

    def calibrate(self, step: Step = "neutral") -> bool:
        """Find what is neutral; whether anything here is measured against it.

        ``neutral`` and ``reset`` find it anew from the next numbers on, ``start`` does so until
        there is a ``stop``.
        """
        if not self._measures:
            return False
        if step == "stop":
            was_open, self._open = self._open, False
            for neutral in self._neutral.values():
                neutral.until_s = min(neutral.until_s, self._clock())
            return was_open
        self._neutral.clear()
        self._open = step == "start"
        return True

    def apply(self, address: str, arguments: Sequence[Argument]) -> list[Said]:
        """What a message is in our words; nothing where it is not for us."""
        said: list[Said] = []
        for ear in dict.fromkeys((*self._exact.get(address, ()), *self._places)):
            for values in ear.incoming.read(address):
                said += self._say(ear, address, arguments, values)
        return said

    def _say(
        self, ear: _Ear, address: str, arguments: Sequence[Argument], values: Values
    ) -> list[Said]:
        try:
            given = [
                self._adjusted(ear.hear, address, number, value) if number in ear.said else value
                for number, value in zip(NUMBERS, ear.incoming.parts(arguments), strict=False)
            ]
            values |= dict(zip(NUMBERS, given, strict=False))
            ear.incoming.require(values)
            return [ear.say(values, given)]
        except Unsaid:
            return []

    def _adjusted(self, hear: Hear, address: str, number: str, value: Value) -> Value:
        """An argument that is said on, as the preset wants it. Raises `Unsaid` where it is none."""
        if isinstance(value, str):
            return value
        if not math.isfinite(value):
            raise Unsaid
        if hear.accept and not hear.accept[0] <= value <= hear.accept[1]:
            raise Unsaid
        if hear.neutral:
            now_s = self._clock()
            ends_s = math.inf if self._open else now_s + self._calibrate_s
            neutral = self._neutral.setdefault((address, number), _Neutral(ends_s))
            value = neutral.against(value, now_s)
        value += hear.offset
        return value if hear.scale is None else hear.scale.apply(value)


@dataclass(slots=True, eq=False)
class _Neutral:
    """The mean of the first seconds of one number."""

    until_s: float
    total: float = 0.0
    count: int = 0

    def against(self, value: float, now_s: float) -> float:
        """``value`` less the neutral one. Raises `Unsaid` while that is being found."""
        if now_s < self.until_s or not self.count:
            self.total += value
            self.count += 1
            raise Unsaid
        return value - self.total / self.count


class _Ear:
    """One ``[[hear]]`` or ``[[readback]]``, compiled."""

    def __init__(self, hear: Hear, choices: Choices, where: str) -> None:
        self.hear = hear
        self.incoming = Incoming(hear, choices, where)
        words = self.incoming.words
        self.inlet, name = _split_inlet(hear.to, where)
        self._name = compile_argument(f"s:{name}", words, f"{where}.to") if name else None
        self._arguments = None
        if hear.args is not None:
            self._arguments = [compile_argument(text, words, f"{where}.args") for text in hear.args]
        self.said = _numbers_in(hear.args)
        if hear.neutral and self.incoming.patterns:
            raise SettingsError(f"{where}.neutral: not for addresses that have places.")

    def say(self, values: Values, given: Sequence[Value]) -> Said:
        """What it is in our words. Raises `Unsaid` where it is nothing."""
        to = self.inlet.name if self._name is None else f"{self.inlet.name}/{self._name(values)}"
        if self._arguments is None:
            return to, tuple(given)
        return to, tuple(argument(values) for argument in self._arguments)


def _numbers_in(args: Sequence[str] | None) -> frozenset[str]:
    """Which arguments are said on, by their numbers; without a list, all of them."""
    if args is None:
        return frozenset(NUMBERS)
    names = [name for text in args for name in PLACE.findall(text)]
    looked_up = [found[2] for name in names if (found := LOOKUP.match(name))]
    return frozenset((*names, *looked_up))


def _split_inlet(to: str, where: str) -> tuple[Inlet, str]:
    """An inlet, and the text that an open-ended one goes on with, else nothing."""
    inlet = INLETS.get(to)
    if inlet is not None and not inlet.open_ended:
        return inlet, ""
    for name, inlet in INLETS.items():
        if inlet.open_ended and to.startswith(f"{name}/") and to != f"{name}/":
            return inlet, to.removeprefix(f"{name}/")
    raise SettingsError(f"{where}.to: {unknown_name('inlet', to, tuple(INLETS))}")
