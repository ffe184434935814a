"""The latency ledger: every share of the way from sound to message, with its owner.

Conventions
-----------
Seconds. A share is what its stage adds at most in ordinary running; their sum is what a listener
should expect between a change in the sound and the packet that tells it. Boundaries take longer,
because a change has to last before it is believed: how long was measured (`boundary_lag`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from dsp.features import FeatureSettings
from oscbridge.analyzer import Analyzer
from oscbridge.errors import OscbridgeError
from oscbridge.hearing.boundary_lag import BOUNDARY_LAGS
from oscbridge.hearing.levels import LEVEL_FRAMES
from oscbridge.latency_share import LatencyShare
from oscbridge.mapping import load_preset
from oscbridge.outputs.osc import Config as OscConfig
from oscbridge.sources.select import LIVE, open_source
from oscbridge.warmup import USUAL_RATE

if TYPE_CHECKING:
    from oscbridge.config import Config
    from oscbridge.hearing.boundary_lag import BoundaryLag
    from oscbridge.sources.base import Source
    from oscbridge.stream import Analysis

REPORT_S = LEVEL_FRAMES * FeatureSettings().hop_length / FeatureSettings().sample_rate
"""Between two reports of level and state, seconds."""
REACTION_S = 0.003
"""From the last sample of a block to the packet: the 99th percentile of ten minutes on two busy
cores (``BENCHMARKS.md``, *Soak*)."""
LEVEL_REACTION_S = 0.0003
"""The same for a level, which takes no network."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """All shares in the order of the path.

    Attributes
    ----------
    source : str
        The input that was asked, or would be.
    shares : tuple of LatencyShare
        In the order of the path.
    boundary_s : float
        Look-back before a new section can be decided, seconds.
    boundary_lag : BoundaryLag
        How long after a turn its boundary is decided, as measured.
    host : str
        What is known of the host's share.
    note : str
        What is missing and why; empty if nothing is.
    """

    source: str
    shares: tuple[LatencyShare, ...]
    boundary_s: float
    boundary_lag: BoundaryLag
    host: str
    note: str = ""

    @property
    def total_s(self) -> float:
        """Sum of all shares, seconds."""
        return sum(share.seconds for share in self.shares)


def build_ledger(config: Config) -> Ledger:
    """Open the input for a moment, ask every stage for its share.

    A live input that cannot be opened leaves its share out and says so in the note.

    Raises
    ------
    OscbridgeError
        A source other than live that cannot be opened, or an unknown model or preset.
    """
    name, sample_rate, note = config.input, USUAL_RATE, ""
    shares: list[LatencyShare] = []
    try:
        source = open_source(config.input, config.source, realtime=True)
    except OscbridgeError as error:
        if config.input != LIVE or config.source.device is not None:
            raise
        note = f"the share of the input is missing: {error}"
    else:
        name, sample_rate = source.name, source.sample_rate
        shares += input_shares(source)
        source.close()
    analyzer = Analyzer(sample_rate, model=config.analysis.model, segments=config.segments)
    host = _host(config)
    shares += _later_shares(analyzer, config, host)
    return Ledger(
        source=name,
        shares=tuple(shares),
        boundary_s=analyzer.segmenter_delay_s,
        boundary_lag=BOUNDARY_LAGS[config.segments.rule],
        host=host.detail,
        note=note,
    )


def running_shares(source: Source, analysis: Analysis, config: Config) -> list[LatencyShare]:
    """All shares of a stream that is open, in the order of the path."""
    return [*input_shares(source), *_later_shares(analysis, config, _host(config))]


def _later_shares(analysis: Analysis, config: Config, host: _Host) -> list[LatencyShare]:
    """What follows the input: analysis, output, host."""
    shares = list(analysis.latency())
    if all(share.stage != "smoothing" for share in shares):
        shares.append(LatencyShare("smoothing", "oscbridge.composer", 0.0))
    wait_s = longest_wait_s(config.send.rate_hz)
    shares.append(LatencyShare("output", "oscbridge.saying.rates", wait_s))
    shares.append(LatencyShare("host", "presets", host.latency_s))
    return shares


def input_shares(source: Source, reaction_s: float = REACTION_S) -> list[LatencyShare]:
    """What the input takes, device and block, and what follows its last sample."""
    owner = type(source).__module__
    return [
        LatencyShare("device", owner, max(source.latency_s - source.block_s, 0.0)),
        LatencyShare("block", owner, source.block_s),
        LatencyShare("poll", "oscbridge.dispatch", reaction_s),
    ]


def level_shares(source: Source, analyzer: Analysis) -> list[LatencyShare]:
    """The way of a click to ``audio/level``, the part of the ledger that can be measured.

    The level is that of whole reports, and every report leaves at once at the highest rate.
    """
    shares = {share.stage: share for share in analyzer.latency()}
    resampler = [shares["resampler"]] if "resampler" in shares else []
    return [
        *input_shares(source, LEVEL_REACTION_S),
        *resampler,
        LatencyShare("report", "oscbridge.hearing.levels", REPORT_S),
    ]


def longest_wait_s(rate_hz: float) -> float:
    """How long the limit of the rate holds back a report at most, seconds.

    What is held back leaves with the first report after its time has come: the wait is a whole
    number of reports.
    """
    return REPORT_S * max(math.ceil(1.0 / (rate_hz * REPORT_S)) - 1, 0)


class _Host(NamedTuple):
    """What the program that listens adds in the mean, and what is known of that."""

    latency_s: float
    detail: str


def _host(config: Config) -> _Host:
    wanted = config.outputs.get("osc")
    preset = wanted.preset if isinstance(wanted, OscConfig) else "default"
    target = load_preset(preset).target
    if not target.host_latency_ms:
        return _Host(0.0, f"not known: the preset {preset} does not say")
    known = "mean"
    if target.host_latency_max_ms:
        known += f", at most {target.host_latency_max_ms:g}"
    if target.host_latency_source:
        known += f": {target.host_latency_source}"
    return _Host(target.host_latency_ms * 1e-3, known)
