"""What each kind of sensor can know: how much of the truth its best word explains, and how long.

Conventions
-----------
A source is called ``"text"`` or ``"text:anna"``: what stands before the colon is its kind. `Kind`
says, for each axis, the share of the variance of the truth (0..1) that its point explains where it
is as sure as it can be; with confidence c it is c times that. Kinds on one ``channel`` look at the
same thing and are one opinion, however many of them there are. What is not in the table is somebody
who speaks OSC.

Notes
-----
Where the shares come from. ``text``: squares of 0.79 and 0.57, what small models reach between
their point and the mean of ten raters on sentences that they are sure of (EmoBank; over all
sentences 0.66 and 0.45 are our goals). ``camera``, ``face``: expressions alone tell felt valence
with r of 0.6 to 0.7 and arousal of 0.45 to 0.65 where faces act (AffectNet), less where they do
not: people hide and do not move much while they play. ``heart_rate``: arousal alone, never valence;
r of about 0.5 within a person at rest, and any movement counts as arousal. ``game``: a designer's
table of what events mean, a good guess. ``osc``, ``manual``: somebody says it outright, and is
believed, as people who rate themselves twice agree with r of 0.97.
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
    """

    valence: float
    arousal: float
    lifetime_s: float
    channel: str
    outright: bool = False


OSC = Kind(0.95, 0.95, 5.0, "osc", outright=True)
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "text": Kind(0.62, 0.32, 60.0, "text"),
        "camera": Kind(0.45, 0.30, 5.0, "face"),
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
