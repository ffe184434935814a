"""How a user sees the plane: which point is neutral, and how far things go.

Conventions
-----------
What is heard moves by ``-origin`` and is stretched, each axis by its own factor; that is what a
user is told, and what he or she speaks of when saying that music lies elsewhere. `Sight.meant` goes
back. Nothing is limited here: what leaves -1..1 on the way is held there by who tells it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from models.personal import Heard


class Sight(NamedTuple):
    """A view of the plane.

    Attributes
    ----------
    origin : tuple of (valence, arousal)
        What is neutral.
    stretch : tuple of (valence, arousal)
        Factors, 0 or more.
    """

    origin: tuple[float, float] = (0.0, 0.0)
    stretch: tuple[float, float] = (1.0, 1.0)

    def seen(self, valence: float, arousal: float) -> tuple[float, float]:
        """Where a point that is heard is seen."""
        return (
            self.stretch[0] * (valence - self.origin[0]),
            self.stretch[1] * (arousal - self.origin[1]),
        )

    def moment(self, heard: Heard) -> Heard:
        """A moment as it is seen."""
        valence, arousal = self.seen(heard.valence, heard.arousal)
        return heard._replace(valence=valence, arousal=arousal)

    def meant(
        self, valence: float | None, arousal: float | None
    ) -> tuple[float | None, float | None]:
        """Where a point that is seen is heard, -1..1; None of an axis of which nothing is said.

        An axis that is not seen (factor 0) cannot be spoken of.
        """
        return (
            _meant(valence, self.origin[0], self.stretch[0]),
            _meant(arousal, self.origin[1], self.stretch[1]),
        )


UNTURNED = Sight()
"""Of who has turned nothing."""


def _meant(value: float | None, origin: float, factor: float) -> float | None:
    if value is None or factor <= 0.0:
        return None
    return min(max(value / factor + origin, -1.0), 1.0)
