"""Where a stream begins: all that what it says depends on, beside the settings and what comes in.

Conventions
-----------
The composer that `build_composer` makes of the same settings and the same `Beginning` says the same
of the same input, bit for bit: a record keeps both (`oscbridge.outputs.record`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from oscbridge.composer import Composer

if TYPE_CHECKING:
    from oscbridge.config import Config


@dataclass(frozen=True, slots=True)
class Beginning:
    """The start of a stream.

    Attributes
    ----------
    session : str
        Id of the run.
    start_s : float
        When it starts, by the clock by which everything is said, seconds.
    analysis_s, smoothing_s, input_s : float
        What the analysis costs: sound to value, its time constant, the share of the input, seconds.
    """

    session: str
    start_s: float
    analysis_s: float
    smoothing_s: float
    input_s: float


def build_composer(config: Config, beginning: Beginning) -> Composer:
    """Make the composer of a stream."""
    composer = Composer(
        config.send,
        config.quadrant,
        config.labels,
        beginning.session,
        beginning.start_s,
        config.request,
        config.fusion,
        config.policy,
    )
    composer.set_latency(beginning.analysis_s, beginning.smoothing_s, beginning.input_s)
    return composer


ELSEWHERE = frozenset(
    {"input", "streams", "source", "keyboard", "library", "port", "sensors", "outputs"}
)
"""Sections of the settings that decide nothing about what is said of what came in."""


def kept_settings(config: Config) -> dict[str, object]:
    """The settings on which analysis and composer depend, as plain values; no path, no secret."""
    fields = msgspec.structs.fields(type(config))
    return {
        field.name: msgspec.to_builtins(getattr(config, field.name))
        for field in fields
        if field.name not in ELSEWHERE
    }
