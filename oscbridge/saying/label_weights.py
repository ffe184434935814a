"""How well each label of the user's fits what the music expresses, said as signals of their own.

Conventions
-----------
Each label is the signal ``label/<slug>`` (`oscbridge.protocol.FAMILIES`). Which labels there are
changes while a run goes on: ``labels`` tells each that comes, changes or goes. Where nothing is
known no label fits.

A label that was put somewhere lies in the plane as it is seen (`oscbridge.sight`), one that is
known by examples where these were heard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.protocol import FAMILIES, SIGNALS
from oscbridge.sight import UNTURNED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.labels.place import LabelPlace
    from oscbridge.protocol import Message
    from oscbridge.saying.announcer import Announcer
    from oscbridge.sight import Sight

GONE = 0
"""Number of a label that is no more."""
_FAMILY = FAMILIES["label"]


class LabelWeights:
    """The labels in use.

    Parameters
    ----------
    announcer : Announcer
        Holds the weights.

    Attributes
    ----------
    places : tuple of LabelPlace
        The labels.
    """

    def __init__(self, announcer: Announcer) -> None:
        self.places: tuple[LabelPlace, ...] = ()
        self._announcer = announcer

    def use(self, places: Sequence[LabelPlace]) -> list[Message]:
        """Use these labels from now on; tell which came, went or are called otherwise."""
        before = {place.slug: place for place in self.places}
        after = {place.slug: place for place in places}
        self.places = tuple(places)
        out: list[Message] = []
        for slug, place in before.items():
            if slug not in after:
                self._announcer.drop(_FAMILY.member(slug).name)
                out.append(SIGNALS["labels"].message(GONE, slug, place.name, 0))
        for slug, place in after.items():
            self._announcer.admit(_FAMILY.member(slug))
            if slug not in before or _facts(place) != _facts(before[slug]):
                out.append(_told(place))
        return out

    def list(self) -> list[Message]:
        """Tell all labels once more."""
        return [_told(place) for place in self.places]

    def update(
        self, point: tuple[float, float] | None, share: float = 1.0, sight: Sight = UNTURNED
    ) -> None:
        """Weigh the labels at a point that is seen; ``share`` 0..1 is left of what is known."""
        heard = sight.meant(*point) if point is not None else (None, None)
        for place in self.places:
            weight = 0.0
            if point is not None:
                weight = share * place.weight(*(_at(place, heard) if place.examples else point))
            self._announcer.hold(_FAMILY.member(place.slug).name, weight)


def _at(place: LabelPlace, heard: tuple[float | None, float | None]) -> tuple[float, float]:
    """A point that is heard; on an axis that nobody sees, any place fits."""
    valence, arousal = heard
    return (
        place.valence if valence is None else valence,
        place.arousal if arousal is None else arousal,
    )


def _facts(place: LabelPlace) -> tuple[int, str, int]:
    return place.number, place.name, place.examples


def _told(place: LabelPlace) -> Message:
    return SIGNALS["labels"].message(place.number, place.slug, place.name, place.examples)
