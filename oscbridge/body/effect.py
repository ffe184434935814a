"""What a session did to the heart: the coefficients of Jiang et al. (2023), and their limits.

Conventions
-----------
Rates are beats a minute, times seconds, readings ``(time, rate)`` in the order in which they came.
``resting`` (m in the study) is the mean over at least three minutes of rest in the same session,
not the "daily mean" of the study, which nobody has at hand. ``roused`` (β) is the highest mean over
`ROUSED_S`, ``settled`` (α) the mean over the last `SETTLED_S`.

The study has one person and no control, and a heart that was roused calms down by itself. Without a
session with no music beside it, μ says nothing about music: `recovery_slope` is there so that both
can be compared. Nothing here is a medical measurement.

References
----------
Jiang et al., 2023: rationality ε = (β - m) / m, suitable above 0.1; variation μ = abs(α - β) / β.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

SUITABLE = 0.1
ROUSED_S = 30.0
SETTLED_S = 60.0

Reading = tuple[float, float]


class Effect(NamedTuple):
    """The coefficients of a session, and the rates behind them.

    Attributes
    ----------
    resting, roused, settled : float
        m, β and α, beats a minute.
    rationality : float
        ε: how much roused exceeds resting.
    variation : float
        μ: by how much the heart has changed since.
    suitable : bool
        Whether ε allows to speak of a change at all.
    """

    resting: float
    roused: float
    settled: float
    rationality: float
    variation: float
    suitable: bool


def rationality(roused: float, resting: float) -> float:
    """ε = (β - m) / m. Raises ``ValueError`` for a rate that is none."""
    _check(resting, roused)
    return (roused - resting) / resting


def variation(settled: float, roused: float) -> float:
    """μ = abs(α - β) / β. Raises ``ValueError`` for a rate that is none."""
    _check(settled, roused)
    return abs(settled - roused) / roused


def measure(readings: Sequence[Reading], resting: float) -> Effect | None:
    """The coefficients of a session; None where it is too short for them.

    Raises
    ------
    ValueError
        ``resting`` is no heart rate.
    """
    peak = _highest_mean(readings)
    if peak is None:
        return None
    at_s, roused = peak
    end_s = readings[-1][0]
    if end_s - at_s < SETTLED_S:
        return None
    last = [bpm for time_s, bpm in readings if time_s > end_s - SETTLED_S]
    settled = sum(last) / len(last)
    share = rationality(roused, resting)
    return Effect(resting, roused, settled, share, variation(settled, roused), share > SUITABLE)


def recovery_slope(readings: Sequence[Reading]) -> float | None:
    """Change of the rate, beats a minute per minute, by least squares; None of fewer than two."""
    if len(readings) < 2:
        return None
    mean_s = sum(time_s for time_s, _ in readings) / len(readings)
    mean_bpm = sum(bpm for _, bpm in readings) / len(readings)
    spread = sum((time_s - mean_s) ** 2 for time_s, _ in readings)
    if spread == 0.0:
        return None
    return 60.0 * sum((t - mean_s) * (bpm - mean_bpm) for t, bpm in readings) / spread


def _highest_mean(readings: Sequence[Reading]) -> Reading | None:
    """End and mean of the `ROUSED_S` in which the heart was fastest; None of a shorter session."""
    best: Reading | None = None
    begin, total = 0, 0.0
    for end, (now_s, bpm) in enumerate(readings):
        total += bpm
        while now_s - readings[begin][0] > ROUSED_S:
            total -= readings[begin][1]
            begin += 1
        mean = total / (end - begin + 1)
        whole = now_s - readings[0][0] >= ROUSED_S
        if whole and (best is None or mean > best[1]):
            best = now_s, mean
    return best


def _check(*rates: float) -> None:
    if not all(0.0 < rate < float("inf") for rate in rates):
        raise ValueError(f"no heart rate: {rates}")
