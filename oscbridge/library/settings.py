"""What can be set about the library in a run: where it lies, and how tracks are suggested."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import msgspec

Choice = Literal["off", "nearest", "mix", "polarity", "paper"]
CHOICES: tuple[Choice, ...] = get_args(Choice)
"""How a track is suggested, if at all."""


class LibrarySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is suggested when other music is asked for."""

    path: Annotated[
        str, msgspec.Meta(description="the library; empty: the one in your data folder, if any")
    ] = ""
    suggest: Annotated[
        Choice,
        msgspec.Meta(
            description="which track: the nearest, one that can be mixed, one of the same polarity"
        ),
    ] = "nearest"
    artist_gap: Annotated[
        int,
        msgspec.Meta(ge=0, le=1000, description="tracks of others between two of one artist"),
    ] = 3
    shortest_s: Annotated[
        float, msgspec.Meta(ge=0.0, le=3600.0, description="shorter tracks are left out, s")
    ] = 30.0
