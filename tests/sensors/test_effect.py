"""The coefficients of a session, against the figures of the study and against numpy."""

from __future__ import annotations

import numpy as np
import pytest

from oscbridge.body.effect import measure, rationality, recovery_slope, variation


def test_the_study_s_subject_gets_the_study_s_coefficient() -> None:
    """Jiang et al. (2023): ε = 0.32, and a heart that falls by 15 to 20 % afterwards."""
    assert rationality(1.32 * 75.0, 75.0) == pytest.approx(0.32)
    assert variation(0.85 * 99.0, 99.0) == pytest.approx(0.15)
    assert variation(1.15 * 99.0, 99.0) == pytest.approx(0.15)


@pytest.mark.parametrize("wrong", [0.0, -60.0, float("nan"), float("inf")])
def test_a_rate_that_is_none_is_refused(wrong: float) -> None:
    for call in (rationality, variation):
        with pytest.raises(ValueError, match="no heart rate"):
            call(80.0, wrong)
        with pytest.raises(ValueError, match="no heart rate"):
            call(wrong, 80.0)


def session(*parts: tuple[float, int]) -> list[tuple[float, float]]:
    """Readings once a second: rate and seconds of each part."""
    rates = [rate for rate, seconds in parts for _ in range(seconds)]
    return [(float(second), rate) for second, rate in enumerate(rates)]


def test_a_session_is_measured_from_its_fastest_half_minute_to_its_last_minute() -> None:
    effect = measure(session((70.0, 60), (110.0, 5), (96.0, 60), (80.0, 120)), 70.0)
    assert effect is not None
    assert effect.resting == 70.0
    fastest = (5 * 110.0 + 26 * 96.0) / 31
    assert effect.roused == pytest.approx(fastest)
    assert effect.settled == pytest.approx(80.0)
    assert effect.rationality == pytest.approx((fastest - 70.0) / 70.0)
    assert effect.variation == pytest.approx((fastest - 80.0) / fastest)
    assert effect.suitable


def test_a_heart_that_was_never_roused_is_not_suitable() -> None:
    effect = measure(session((70.0, 60), (74.0, 60), (71.0, 60)), 70.0)
    assert effect is not None
    assert not effect.suitable


@pytest.mark.parametrize(
    "readings", [[], session((70.0, 10)), session((70.0, 60), (90.0, 40))], ids=len
)
def test_a_session_without_an_afterwards_has_no_coefficients(
    readings: list[tuple[float, float]],
) -> None:
    assert measure(readings, 70.0) is None


def test_the_slope_of_recovery_is_that_of_least_squares() -> None:
    dice = np.random.default_rng(3)
    seconds = np.sort(dice.uniform(0.0, 300.0, 100))
    rates = 100.0 - 0.05 * seconds + dice.normal(0.0, 2.0, 100)
    slope = recovery_slope(list(zip(seconds.tolist(), rates.tolist(), strict=True)))
    assert slope == pytest.approx(60.0 * np.polyfit(seconds, rates, 1)[0])
    assert recovery_slope([(0.0, 70.0)]) is None
    assert recovery_slope([(1.0, 70.0), (1.0, 80.0)]) is None
