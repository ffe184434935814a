"""A model that needs no weights, and music that it tells apart."""

import numpy as np

from dsp.types import FeatureFrames
from models.types import AffectState
from tests.dsp.signals import RATE, noise, sine

MUSIC = np.concatenate([sine(220, 7 * RATE, 0.4), noise(9 * RATE, level=0.3)])


class Toy:
    """Loud is aroused, many zero crossings are pleasant; every part is one state."""

    name = "toy"
    digest = "0" * 12
    delay = 4096
    step = 16

    def __init__(self, sureness: float = 0.6) -> None:
        self.sureness = sureness
        self.restarts: list[int] = []

    def update(self, frames: FeatureFrames) -> list[AffectState]:
        loud = float(frames["energy"].mean()) > -25.0
        bright = float(frames["zcr"].mean()) > 0.1
        q = np.full(4, (1.0 - self.sureness) / 3)
        q[
            {(True, True): 0, (True, False): 1, (False, False): 2, (False, True): 3}[loud, bright]
        ] = self.sureness
        a, v = q[0] + q[1] - q[2] - q[3], q[0] + q[3] - q[1] - q[2]
        return [AffectState(v, a, self.sureness, "toy", frames.stop, frames.sample_rate, tuple(q))]

    def restart(self, stop: int) -> None:
        self.restarts.append(stop)

    def reset(self) -> None:
        self.restarts.clear()
