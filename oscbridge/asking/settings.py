"""Settings of the policy (``[policy]``): all of them can be turned while it runs.

Conventions
-----------
By default nothing is asked for (``strategy = "off"``): who only wants music to become OSC is never
surprised. Distances are in the plane of valence and arousal, -1..1 each.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Literal, get_args, get_type_hints

import msgspec

StrategyName = Literal["off", "match", "iso", "compensate", "director"]
STRATEGIES: tuple[StrategyName, ...] = get_args(StrategyName)


class PolicySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When and how other music is asked for because of what the player feels."""

    strategy: Annotated[
        StrategyName,
        msgspec.Meta(
            description="off; match: music like the player; iso: match, then walk to the goal; "
            "compensate: the goal at once; director: what the game says"
        ),
    ] = "off"
    opt_out: Annotated[
        bool, msgspec.Meta(description="the player wants none of this, whatever the strategy")
    ] = False
    goal_valence: Annotated[
        float, msgspec.Meta(ge=-1.0, le=1.0, description="where iso and compensate lead, valence")
    ] = 0.5
    goal_arousal: Annotated[float, msgspec.Meta(ge=-1.0, le=1.0, description="and arousal")] = 0.0
    step: Annotated[
        float, msgspec.Meta(ge=0.05, le=0.5, description="longest step of iso, in the plane")
    ] = 0.25
    step_s: Annotated[
        float, msgspec.Meta(ge=10.0, le=600.0, description="between two steps of iso, seconds")
    ] = 25.0
    heed: Annotated[
        bool,
        msgspec.Meta(
            description="compensate: where the player is seen to feel the opposite of what music "
            "expresses, the valence asked for is the opposite of the goal's"
        ),
    ] = True
    only_negative: Annotated[
        bool, msgspec.Meta(description="act only while the player feels bad; else on any feeling")
    ] = True
    negative_from: Annotated[
        float, msgspec.Meta(ge=0.5, le=0.99, description="act from this probability of feeling bad")
    ] = 0.7
    negative_s: Annotated[
        float, msgspec.Meta(ge=0.0, le=60.0, description="that has lasted for so long, seconds")
    ] = 5.0
    steady_s: Annotated[
        float, msgspec.Meta(ge=0.0, le=30.0, description="what is felt is the median of so long, s")
    ] = 6.0
    enter: Annotated[
        float, msgspec.Meta(ge=0.05, le=1.0, description="a new target is at least so far away")
    ] = 0.25
    leave: Annotated[
        float, msgspec.Meta(ge=0.01, le=1.0, description="a walk ends so near to its goal")
    ] = 0.10
    dwell_s: Annotated[
        float, msgspec.Meta(ge=4.0, le=600.0, description="shortest stay in asked-for music, s")
    ] = 20.0
    per_minute: Annotated[int, msgspec.Meta(ge=1, le=10, description="most requests a minute")] = 3
    cooldown_s: Annotated[
        float, msgspec.Meta(ge=0.0, le=600.0, description="after a host refused or let it lapse, s")
    ] = 30.0
    override_s: Annotated[
        float, msgspec.Meta(ge=0.0, le=3600.0, description="after a person chose music, seconds")
    ] = 60.0
    deadline_s: Annotated[
        float, msgspec.Meta(ge=0.0, le=600.0, description="drop a request not begun by then, s")
    ] = 30.0
    urgency: Annotated[
        float, msgspec.Meta(ge=0.0, le=1.0, description="of a request; less for steps of iso")
    ] = 0.4
    fade_beats: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=64.0, description="of a fade over 0.25 of the way, beats"),
    ] = 4.0
    quiet: Annotated[
        tuple[str, ...], msgspec.Meta(description="contexts in which nothing is asked for")
    ] = ("menu", "cutscene", "pause")
    urgent: Annotated[
        tuple[str, ...], msgspec.Meta(description="contexts in which it is asked for by the beat")
    ] = ("combat",)
    least_bits: Annotated[
        float,
        msgspec.Meta(
            ge=0.0, le=6.0, description="act only if so much is known of the player, bits"
        ),
    ] = 0.35
    reach: Annotated[
        float,
        msgspec.Meta(ge=0.1, le=1.0, description="how far out music goes on one sensor's word"),
    ] = 0.6
    high_pulse: Annotated[
        float, msgspec.Meta(ge=0.05, le=1.0, description="a heart is fast so far above rest, share")
    ] = 0.2
    high_bpm: Annotated[
        float, msgspec.Meta(ge=60.0, le=200.0, description="and where rest is unknown, from here")
    ] = 100.0
    stop_s: Annotated[
        float, msgspec.Meta(ge=20.0, le=600.0, description="stop when it got worse for so long, s")
    ] = 60.0
    stop_rest_s: Annotated[
        float, msgspec.Meta(ge=0.0, le=3600.0, description="and leave the player alone for, s")
    ] = 120.0
    beyond: Annotated[
        float,
        msgspec.Meta(
            ge=0.0,
            le=1.0,
            description="compensate: where the goal's own music is not enough, music beyond it by "
            "this share of what the player lacks",
        ),
    ] = 0.5
    bandit: Annotated[
        bool, msgspec.Meta(description="try strategies and steps, and prefer what has helped")
    ] = False
    seed: Annotated[int, msgspec.Meta(ge=0, description="of what the bandit tries")] = 0


def is_among(context: str, contexts: tuple[str, ...]) -> bool:
    """Whether a context is one of these, however it is written: ``Cut-scene``, ``cutscene``."""
    return _plain(context) in map(_plain, contexts)


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _adjustable() -> dict[str, tuple[float, float, str]]:
    """Lowest value, highest value and meaning of each setting that is a number."""
    rows: dict[str, tuple[float, float, str]] = {}
    hints = get_type_hints(PolicySettings, include_extras=True)
    for field in msgspec.structs.fields(PolicySettings):
        limits: msgspec.Meta = getattr(hints[field.name], "__metadata__", (msgspec.Meta(),))[0]
        if limits.ge is not None and limits.le is not None:
            rows[field.name] = limits.ge, limits.le, limits.description or field.name
    return rows


ADJUSTABLE = MappingProxyType(_adjustable())
"""What can be turned while it runs: lowest value, highest value, meaning."""
