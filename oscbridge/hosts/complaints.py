"""What hosts say is wrong: a passcode that is refused, a cue that is not there.

Conventions
-----------
A preset says under ``[[trouble]]`` which messages of its host are complaints, and in which words
people are told. The newest one is told, for as long as `FADES_S`: hosts say the same again as long
as it is so, and say nothing when it is mended.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from oscbridge.hosts.choices import Unsaid
from oscbridge.hosts.incoming import NUMBERS, Incoming
from oscbridge.hosts.phrases import compile_argument
from oscbridge.readable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.hosts.choices import Choices
    from oscbridge.wire.packet import Argument
    from presets.schema import Preset

FADES_S = 10.0
LONGEST = 200
"""Characters of a complaint that are told."""


class Complaints:
    """Listens for complaints of one host.

    Parameters
    ----------
    preset : Preset
        Says what its host's complaints are.
    choices : Choices
        Its picks and words.
    clock : callable
        Seconds.

    Raises
    ------
    SettingsError
        It names something that does not exist.
    """

    def __init__(
        self, preset: Preset, choices: Choices, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._told, self._until_s = "", 0.0
        self._known = [
            (incoming, compile_argument(f"s:{entry.says}", incoming.words, f"{where}.says"))
            for where, entry in (
                (f"{preset.name}.toml: trouble[{index}]", entry)
                for index, entry in enumerate(preset.trouble)
            )
            for incoming in [Incoming(entry, choices, where)]
        ]

    @property
    def text(self) -> str:
        """What is wrong at present, empty where nothing is."""
        return self._told if self._told and self._clock() < self._until_s else ""

    def hears(self, address: str) -> bool:
        """Whether messages of this address may be complaints."""
        return any(incoming.matches(address) for incoming, _ in self._known)

    def hear(self, address: str, arguments: Sequence[Argument]) -> None:
        """Take what the host says."""
        for incoming, says in self._known:
            for values in incoming.read(address):
                try:
                    values |= dict(zip(NUMBERS, incoming.parts(arguments), strict=False))
                    incoming.require(values)
                    told = says(values)
                except Unsaid:
                    continue
                self._told = printable(str(told))[:LONGEST]
                self._until_s = self._clock() + FADES_S
