"""What each kind of sensor can know: how much of the truth its best word explains, and how long.

Conventions
-----------
A source is called ``"text"`` or ``"text:anna"``: what stands before the colon is its kind. `Kind`
says, for each axis, the share of the variance of the truth (0..1) that its point explains where its
confidence is 1; with confidence c it is c times that. Kinds on one ``channel`` look at the same
thing and are one opinion, however many of them there are. What is not in the table is somebody who
speaks OSC.

Notes
-----
Where the shares come from. ``text``: a sentence of which the model is sure is told about as well
as two groups of readers agree (r of 0.8 for valence and 0.55 for arousal, EmoBank); its confidence
is the probability of the side of zero, and 0.5 a guess. ``camera``: its confidence is the share
itself, at most `models.face.MOST_CONFIDENCE`; arousal shows less. ``face``: the same for blend
shapes, whose confidence is only how clearly they show. Shown and felt emotions correlate at 0.3
over many studies, at 0.6 where faces act: neither is ever believed much. ``heart_rate``: arousal
alone, never valence; r of about 0.5 within a person, and any movement counts as arousal. ``game``:
a designer's table of what events mean, a good guess. ``osc``, ``manual``: somebody says it
outright, and is believed. Except for text these are judgements, not measurements: nobody has public
data of players with all of these sensors.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(NamedTuple):
    """A kind of sensor.

    Attributes
    ----------
    valence, arousal : float
        Share of the variance that its point explains at full confidence, 0..1.
    lifetime_s : float
        After so long nothing of what it said is left; it fades linearly until then.
    channel : str
        What it looks at.
    outright : bool
        Whether it is said outright, not read off something: words of a person or a designer.
    guess : float
        Confidence of who knows nothing.
    """

    valence: float
    arousal: float
    lifetime_s: float
    channel: str
    outright: bool = False
    guess: float = 0.0

    def shares(self, confidence: float) -> tuple[float, float]:
        """Shares of the variances of valence and arousal that its point explains."""
        sure = max(confidence - self.guess, 0.0) / (1.0 - self.guess)
        return self.valence * sure, self.arousal * sure


OSC = Kind(0.95, 0.95, 5.0, "osc", outright=True)
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "text": Kind(0.64, 0.30, 60.0, "text", guess=0.5),
        "camera": Kind(1.0, 0.67, 5.0, "face"),
        "face": Kind(0.45, 0.30, 5.0, "face"),
        "heart_rate": Kind(0.0, 0.30, 15.0, "heart"),
        "game": Kind(0.60, 0.60, 15.0, "game", outright=True),
        "manual": Kind(0.95, 0.95, 300.0, "manual", outright=True),
        "osc": OSC,
    }
)


def kind_name(source: str) -> str:
    """The kind in the name of a source: what stands before the colon."""
    return source.partition(":")[0]


def kind_of(source: str) -> Kind:
    """What is known of a source's kind; unknown names are people who speak OSC."""
    name = kind_name(source)
    known = KINDS.get(name)
    return OSC._replace(channel=name) if known is None else known
