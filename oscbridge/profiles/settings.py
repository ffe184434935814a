"""Whose corrections and labels are in use (``[personal]`` in the settings)."""

from __future__ import annotations

from typing import Annotated

import msgspec

DEFAULT = "default"
"""The profile of everybody who names none."""


class PersonalSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a user taught."""

    profile: Annotated[
        str,
        msgspec.Meta(
            max_length=64, description="whose labels and corrections; empty: nobody's, none is kept"
        ),
    ] = DEFAULT
