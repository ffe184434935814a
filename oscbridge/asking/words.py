"""Every decision in one sentence, for the log, the dashboard and ``--explain``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.fusion import NOBODY

if TYPE_CHECKING:
    from oscbridge.asking.settings import PolicySettings
    from oscbridge.asking.strategies import Point
    from oscbridge.fusion import Feeling

OFF = "The policy is off: nothing is asked for."
OPTED_OUT = "The player has opted out: nothing is asked for."
BETTER = "The player feels better: what has not begun is taken back."
NO_GOAL = "The game decides, and has said nothing yet."


def place(point: Point) -> str:
    """A point of the plane."""
    return f"valence {point.valence:+.2f}, arousal {point.arousal:+.2f}"


def chosen(settings: PolicySettings) -> str:
    """A person has chosen music."""
    return f"A person has chosen music: nothing is asked for, for {settings.override_s:.0f} s."


def quiet(context: str) -> str:
    """The game is where nothing is asked for."""
    return f"The game is in {context!r}: nothing is asked for there."


def stopped(after_s: float, strategy: str) -> str:
    """It got worse under the strategy; without the full stop."""
    return (
        f"The player has felt worse and worse for {after_s:.0f} s under {strategy}: it is stopped"
    )


def awaited(state: str) -> str:
    """The host has something to do."""
    return f"A request is {state}: what becomes of it is awaited."


def too_soon(wait_s: float) -> str:
    """The music has to stay."""
    return f"It is too soon for other music, by {wait_s:.0f} s."


def unsure(feeling: Feeling, settings: PolicySettings) -> str:
    """Too little is known."""
    return (
        f"Too little is known of the player, {feeling.known_bits:.2f} of "
        f"{settings.least_bits:.2f} bits: the music stays."
    )


def not_yet(feeling: Feeling, settings: PolicySettings) -> str:
    """The player may feel bad, but not for long."""
    return (
        f"The player feels bad with probability {feeling.negative:.2f}: it is seen whether that "
        f"lasts for {settings.negative_s:.0f} s."
    )


def fine(feeling: Feeling) -> str:
    """There is no reason to act."""
    return (
        f"The player does not feel bad (probability {feeling.negative:.2f}): the music stays as it "
        "is."
    )


def near(target: Point) -> str:
    """The music is what it should be."""
    return f"The music is near enough to where it should be ({place(target)}): it stays."


def back(target: Point) -> str:
    """What went beyond the goal comes back to it."""
    return (
        f"The player feels better: the music comes back to the goal ({place(target)}) from beyond "
        "it."
    )


def bounds(*, limited: bool, fast: bool, against: bool, beyond: bool) -> str:
    """What else is behind a target."""
    return (
        (", the opposite since what is felt goes against what music expresses" if against else "")
        + (", beyond the goal since the goal's own music is not enough" if beyond else "")
        + (", held within what is safe" if limited else "")
        + (", no more exciting than it is since the heart is fast" if fast else "")
    )


def asks(target: Point, feeling: Feeling, settings: PolicySettings, bounds: str) -> str:
    """The host is asked, and why."""
    asked = f"Asks for music at {place(target)} by {settings.strategy}{bounds}"
    if feeling.source == NOBODY:
        return f"{asked}; nobody tells how the player feels."
    return (
        f"{asked}: by {feeling.source} the player is at valence {feeling.valence:+.2f}, arousal "
        f"{feeling.arousal:+.2f}, and feels bad with probability {feeling.negative:.2f}."
    )
