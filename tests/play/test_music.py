"""What the game plays is heard as it is meant, by the model that ships."""

from __future__ import annotations

from itertools import permutations

import pytest

from dsp.types import AudioBlock
from models.types import AffectState
from oscbridge.analyzer import Analyzer
from oscbridge.config import Config
from oscbridge.hearing.boundary_lag import BOUNDARY_LAGS
from oscbridge.play.band import Band, Turn
from oscbridge.play.score import BAR, SAMPLE_RATE
from oscbridge.saying.quadrant_tracker import QuadrantTracker

FADE_BEATS = 4.0
HEARD_S = 6.0
"""After this the first impression has passed."""
CONFIG = Config()


class Ear:
    """Hears a band with the real analysis; keeps when which quadrant was entered."""

    def __init__(self, band: Band) -> None:
        self.band = band
        self.states: list[AffectState] = []
        self.entered: list[tuple[float, int]] = []
        self._analyzer = Analyzer(SAMPLE_RATE, segments=CONFIG.segments)
        self._tracker = QuadrantTracker(CONFIG.quadrant)

    def hear(self, bars: int) -> None:
        """Let the band play so many bars."""
        for _ in range(bars * 8):
            start = self.band.position
            for result in self._analyzer.push(
                AudioBlock(self.band.render(BAR // 8), start, SAMPLE_RATE)
            ):
                if isinstance(result, AffectState):
                    self.states.append(result)
                    if self._tracker.update(result):
                        self.entered.append((result.time_s, self._tracker.quadrant))


def declared_s(turn: Turn) -> float:
    """When a turn is heard at the latest: fade, detector and dwell, by what each declares."""
    shares = sum(share.seconds for share in Analyzer(SAMPLE_RATE).latency())
    lag = BOUNDARY_LAGS[CONFIG.segments.rule]
    return turn.stop / SAMPLE_RATE + shares + lag.p95_s + CONFIG.quadrant.dwell_s


@pytest.mark.parametrize("near", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("quadrant", [1, 2, 3, 4])
def test_each_place_is_heard_in_its_quadrant_near_its_heart_and_far(
    quadrant: int, near: float
) -> None:
    band = Band(quadrant)
    band.approach(near)
    ear = Ear(band)
    ear.hear(24)
    heard = [state for state in ear.states if state.time_s > HEARD_S]
    meant = [state for state in heard if state.quadrant == quadrant]
    assert len(meant) == len(heard), f"{len(meant)} of {len(heard)} states"
    assert ear.entered[-1][1] == quadrant


@pytest.mark.parametrize("near", [0.0, 1.0])
def test_the_forest_where_the_game_begins_is_heard_as_calm_from_the_first_second(
    near: float,
) -> None:
    band = Band(4)
    band.approach(near)
    ear = Ear(band)
    ear.hear(4)
    early = [state for state in ear.states if 0.25 < state.time_s < HEARD_S]
    assert {state.quadrant for state in early} == {4}
    assert [quadrant for at_s, quadrant in ear.entered if at_s > CONFIG.quadrant.dwell_s] == [4]


@pytest.mark.parametrize(("first", "second"), list(permutations((1, 2, 3, 4), 2)))
def test_every_turn_is_heard_within_what_the_parts_declare(first: int, second: int) -> None:
    for bars in (7, 10):
        band = Band(first)
        band.approach(0.6)
        ear = Ear(band)
        ear.hear(bars)
        turn = band.schedule(second, "bar", FADE_BEATS)
        ear.hear(9)
        entered = [at_s for at_s, quadrant in ear.entered if quadrant == second]
        begun = [at_s for at_s in entered if at_s > turn.start / SAMPLE_RATE]
        assert begun, f"entered {ear.entered}"
        assert begun[0] < declared_s(turn)
        assert ear.entered[-1] == (begun[0], second), "it stays there"
