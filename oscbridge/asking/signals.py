"""Signals about the player, the policy and requests for other music: part of the protocol's table.

Conventions
-----------
Those of `oscbridge.protocol`, which has these rows with all others.
"""

from __future__ import annotations

from oscbridge.asking.settings import STRATEGIES
from oscbridge.wire.arguments import Arg, bipolar, choice, count, seconds, text, unit
from oscbridge.wire.signal import Signal

TRANSITIONS = ("cut", "crossfade", "layer", "segment", "stinger", "duck", "param")
"""How a host is to get to the other music; ``param``: only parameters move."""
QUANTISE = ("now", "beat", "bar", "2bar", "4bar", "8bar", "cue", "end")
"""Where it is to begin."""
REASONS = ("player", "music", "user", "timeout", "test")
"""Why other music is asked for."""
ACKS = ("queued", "started", "done", "rejected", "expired")
"""What a host answers to a request."""
REQUEST_STATES = ("sent", *ACKS, "cancelled")

_TARGET = (bipolar("valence"), bipolar("arousal"), unit("intensity"), unit("urgency"))
_MANNER = (
    choice("transition", TRANSITIONS),
    choice("quantise", QUANTISE),
    Arg("fade_beats", "f", 0.0, 1024.0, "beats"),
    seconds("hold"),
    seconds("deadline"),
)

ASKING = (
    Signal("player/valence", "continuous", (bipolar("valence"),), "what the player feels"),
    Signal("player/arousal", "continuous", (bipolar("arousal"),), "how excited the player is"),
    Signal(
        "player/confidence",
        "continuous",
        (unit("confidence"),),
        "how surely that is known; 0 where nobody tells",
    ),
    Signal("player/source", "state", (text("source"),), "who tells: osc, text, camera … or none"),
    Signal(
        "player/negative",
        "continuous",
        (unit("probability"),),
        "probability that the player feels bad",
    ),
    *(
        Signal(
            f"player/uncertainty/{axis}",
            "continuous",
            (unit("deviation"),),
            f"standard deviation of the player's {axis}: at 0.5 nothing is known",
            optional=True,
        )
        for axis in ("valence", "arousal")
    ),
    Signal(
        "policy/strategy",
        "state",
        (choice("strategy", STRATEGIES),),
        "by which other music is asked for because of what the player feels",
    ),
    Signal(
        "policy/decision",
        "state",
        (text("rule"), text("words")),
        "why other music is asked for now, or is not: the rule, and one sentence",
    ),
    Signal(
        "policy/trial",
        "event",
        (text("context"), text("choice"), unit("propensity"), bipolar("reward")),
        "what the bandit has tried, how probable that was, and what it brought",
        optional=True,
    ),
    Signal(
        "gap",
        "continuous",
        (Arg("valence", "f", -2.0, 2.0), Arg("arousal", "f", -2.0, 2.0)),
        "player minus music",
        optional=True,
    ),
    Signal(
        "request",
        "event",
        (count("id"), *_TARGET, *_MANNER, text("reason")),
        "asks the host for other music, all of it in one message",
    ),
    *(
        Signal(f"request/{name}", "event", (arg,), f"of the request that follows: {meaning}")
        for name, arg, meaning in (
            ("valence", _TARGET[0], "target"),
            ("arousal", _TARGET[1], "target"),
            ("intensity", _TARGET[2], "of layers"),
            ("urgency", _TARGET[3], "background to now"),
            ("transition", _MANNER[0], "how to get there"),
            ("quantise", _MANNER[1], "where to begin"),
            ("fade", _MANNER[2], "0 for none"),
            ("hold", _MANNER[3], "shortest stay"),
            ("deadline", _MANNER[4], "drop it if it has not begun by then; 0 for none"),
            ("label", text("label"), "the user's word for the target"),
        )
    ),
    Signal(
        "request/go",
        "event",
        (count("id"), text("label"), choice("quantise", QUANTISE), unit("urgency")),
        "the request itself for those who take few arguments; enough to act upon",
    ),
    Signal("request/cancel", "event", (count("id"),), "the request is off: a newer one follows"),
    Signal(
        "request/state",
        "event",
        (count("id"), choice("state", REQUEST_STATES)),
        "what has become of a request",
    ),
)
