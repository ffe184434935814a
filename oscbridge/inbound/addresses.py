"""Which inlet an address means, and for which streams.

Conventions
-----------
Where streams have names, what stands under a name is for that stream alone
(``/oscbridge/drums/in/freeze``), what does not is for all of them. Patterns are matched against all
of these addresses; the last ones that were asked for are remembered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from oscbridge.inbound import patterns
from oscbridge.inlets import INLETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.inlets import Inlet

REMEMBERED = 64


class Place(NamedTuple):
    """What an address means: an inlet, for these streams, and the name that it went on with."""

    inlet: Inlet
    streams: tuple[str, ...]
    name: str = ""


class AddressBook:
    """All addresses at which something can be said.

    Parameters
    ----------
    prefix : str
        What they start with.
    streams : sequence of str
        Names of the streams; of a single one, the empty name.
    """

    def __init__(self, prefix: str, streams: Sequence[str] = ("",)) -> None:
        self.prefix = prefix
        self._places: dict[str, Place] = {}
        self._patterns: dict[str, tuple[Place, ...]] = {}
        everyone = tuple(streams)
        for inlet in INLETS.values():
            self._places[f"{prefix}/{inlet.name}"] = Place(inlet, everyone)
            for name in filter(None, streams):
                if _is_for_streams(inlet):
                    self._places[f"{prefix}/{name}/{inlet.name}"] = Place(inlet, (name,))

    def find(self, address: str) -> tuple[Place, ...]:
        """What an address or a pattern means; nothing where it means nothing of ours."""
        place = self._places.get(address)
        if place is not None and not place.inlet.open_ended:
            return (place,)
        if patterns.is_pattern(address):
            return self._find_pattern(address)
        start, _, name = address.rpartition("/")
        place = self._places.get(start)
        if place is None or not place.inlet.open_ended or not name:
            return ()
        return (place._replace(name=name),)

    def is_ours(self, address: str) -> bool:
        """Whether an address starts like ours."""
        return address.startswith(f"{self.prefix}/")

    def _find_pattern(self, pattern: str) -> tuple[Place, ...]:
        found = self._patterns.get(pattern)
        if found is None:
            found = tuple(
                place
                for address, place in self._places.items()
                if not place.inlet.open_ended and patterns.matches(pattern, address)
            )
            while len(self._patterns) >= REMEMBERED:
                self._patterns.pop(next(iter(self._patterns)))
            self._patterns[pattern] = found
        return found


def _is_for_streams(inlet: Inlet) -> bool:
    """Whether an inlet concerns streams, not the run as a whole."""
    return inlet.name.startswith("in/") or inlet.name == "refresh"
