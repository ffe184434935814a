"""What pages have to know of a stream before anything is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscbridge.dashboard.records import About
from oscbridge.ledger import running_shares
from oscbridge.saying.tuning import Tuning

if TYPE_CHECKING:
    from oscbridge.config import Config
    from oscbridge.sources.base import Source
    from oscbridge.stream import Analysis


def about_stream(config: Config, source: Source, analysis: Analysis) -> About:
    """Describe a stream that is open.

    Parameters
    ----------
    config : Config
        Its settings.
    source : Source
        What is listened to.
    analysis : Analysis
        What hears it.
    """
    tuning = Tuning()
    return About(
        title=source.name,
        labels=tuple(config.labels.of(quadrant) for quadrant in range(5)),
        settings={
            "smoothing_s": tuning.smoothing_s,
            "sensitivity_v": tuning.sensitivity_v,
            "sensitivity_a": tuning.sensitivity_a,
            "intensity_bias": tuning.intensity_bias,
            "dwell_s": config.quadrant.dwell_s,
            "hysteresis": config.quadrant.hysteresis,
            "rate_hz": config.send.rate_hz,
        },
        ledger=tuple(
            (share.stage, share.owner, round(1e3 * share.seconds, 2))
            for share in running_shares(source, analysis, config)
        ),
    )
