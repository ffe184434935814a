"""A request for other music: what is asked for, and how it is said.

Conventions
-----------
A `MusicRequest` is the target in the plane of emotions and how to get there, complete: `ask` fills
in what was not said from the settings, and the quantise from the urgency. On the wire it is said
twice: scalar by scalar and then ``request/go``, for receivers that take one argument or four, and
whole as ``request``. The words are those of `oscbridge.protocol`.

See Also
--------
oscbridge.requests : what becomes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from oscbridge.protocol import QUANTISE, REASONS, SIGNALS, TRANSITIONS, Message

BACKGROUND = 0.3
"""Below this urgency a request may wait for the next phrase."""
PRESSING = 0.7
"""Above this urgency it should not wait for the next bar."""

_SCALARS = (
    ("valence", "valence"),
    ("arousal", "arousal"),
    ("intensity", "intensity"),
    ("urgency", "urgency"),
    ("transition", "transition"),
    ("quantise", "quantise"),
    ("fade", "fade_beats"),
    ("hold", "hold_s"),
    ("deadline", "deadline_s"),
)
"""Signals of the scalar form in their order, and the fields that they say."""


class RequestSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How other music is asked for, where a request does not say it itself."""

    transition: Annotated[
        Literal["cut", "crossfade", "layer", "segment", "stinger", "duck", "param"],
        msgspec.Meta(description="how the host is to get there"),
    ] = "crossfade"
    fade_beats: Annotated[
        float, msgspec.Meta(ge=0.0, le=1024.0, description="length of the fade, beats")
    ] = 4.0
    hold_s: Annotated[
        float, msgspec.Meta(ge=0.0, le=3600.0, description="shortest stay in the new music, s")
    ] = 8.0
    deadline_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=3600.0, description="drop it if not begun by then, s; 0: never"),
    ] = 0.0
    dry_run: Annotated[
        bool, msgspec.Meta(description="log requests, send nothing but their states")
    ] = False


@dataclass(frozen=True, slots=True)
class MusicRequest:
    """What is asked for; the words are those of `oscbridge.protocol`.

    Attributes
    ----------
    valence, arousal : float
        Target, -1..1.
    intensity, urgency : float
        0..1.
    transition, quantise, reason : str
        How, where and why. Raises ``ValueError`` where the protocol has no such word.
    fade_beats, hold_s, deadline_s : float
        0 for none.
    """

    valence: float
    arousal: float
    intensity: float
    urgency: float
    transition: str
    quantise: str
    fade_beats: float
    hold_s: float
    deadline_s: float
    reason: str

    def __post_init__(self) -> None:
        """Check the words."""
        for word, known in (
            (self.transition, TRANSITIONS),
            (self.quantise, QUANTISE),
            (self.reason, REASONS),
        ):
            if word not in known:
                raise ValueError(f"{word!r} is none of {', '.join(known)}")


def ask(
    settings: RequestSettings,
    valence: float,
    arousal: float,
    *,
    urgency: float = 0.5,
    quantise: str | None = None,
    reason: str = "user",
    deadline_s: float | None = None,
    fade_beats: float | None = None,
) -> MusicRequest:
    """Make a request; what is not said comes from the settings, the quantise from the urgency."""
    return MusicRequest(
        valence=valence,
        arousal=arousal,
        intensity=(arousal + 1.0) / 2.0,
        urgency=urgency,
        transition=settings.transition,
        quantise=quantise_for(urgency) if quantise is None else quantise,
        fade_beats=settings.fade_beats if fade_beats is None else fade_beats,
        hold_s=settings.hold_s,
        deadline_s=settings.deadline_s if deadline_s is None else deadline_s,
        reason=reason,
    )


def quantise_for(urgency: float) -> str:
    """Where a request of ``urgency`` 0..1 begins: next phrase, next bar, next beat, or now."""
    if urgency >= 1.0:
        return "now"
    if urgency > PRESSING:
        return "beat"
    return "8bar" if urgency < BACKGROUND else "bar"


def messages_of(id: int, request: MusicRequest, label: str) -> list[Message]:
    """Say a request: scalars first, then the trigger, which stands for itself, then the whole."""
    values = [getattr(request, field) for _, field in _SCALARS]
    scalars = [
        SIGNALS[f"request/{name}"].message(value)
        for (name, _), value in zip(_SCALARS, values, strict=True)
    ]
    return [
        *scalars,
        SIGNALS["request/label"].message(label),
        SIGNALS["request/go"].message(id, label, request.quantise, request.urgency),
        SIGNALS["request"].message(id, *values, request.reason),
    ]
