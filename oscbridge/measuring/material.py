"""What is measured with: half a minute of the demo's music, as each stage of the live path sees it.

Conventions
-----------
A *hop* is 256 samples at the internal 24 kHz, 10.67 ms; a sound card at 48 kHz delivers it as 512.
The demo's music comes at 24 kHz and is brought to 48 kHz by straight lines between its samples,
which is no music for ears and all the same to a clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from dsp.features import FeatureExtractor, FeatureSettings
from dsp.types import AudioBlock, FeatureFrames
from oscbridge.analyzer import Analyzer
from oscbridge.sources.demo_music import DemoMusic

if TYPE_CHECKING:
    from oscbridge.events import Event, State

SETTINGS = FeatureSettings()
HOP = SETTINGS.hop_length
RATE_HZ = SETTINGS.sample_rate
HOP_S = HOP / RATE_HZ
DEVICE_RATE_HZ = 48_000
DEVICE_BLOCK = HOP * DEVICE_RATE_HZ // RATE_HZ
SECTION_S = 8.0
"""Each quadrant of the demo lasts so long: the music turns, so boundaries are decided too."""


def render(n_hops: int) -> np.ndarray:
    """Demo music, shape=(n_hops * HOP,), float32, 24 kHz."""
    music = DemoMusic(section_s=SECTION_S)
    wanted, beats = n_hops * HOP, [np.zeros(0, dtype=np.float32)]
    while wanted > 0:
        beats.append(music.next_beat())
        wanted -= len(beats[-1])
    return np.concatenate(beats)[: n_hops * HOP].astype(np.float32)


@dataclass(frozen=True)
class Material:
    """The same music, hop by hop, at each place of the path.

    Parameters
    ----------
    samples : np.ndarray, shape=(n,), float32
        Mono, 24 kHz; whole hops.
    """

    samples: np.ndarray

    @cached_property
    def device_samples(self) -> np.ndarray:
        """The music at 48 kHz."""
        at = np.arange(2 * len(self.samples)) / 2.0
        return np.interp(at, np.arange(len(self.samples)), self.samples).astype(np.float32)

    @cached_property
    def blocks(self) -> list[AudioBlock]:
        """As a sound card delivers it, one hop a block."""
        return [
            AudioBlock(block, i * DEVICE_BLOCK, DEVICE_RATE_HZ)
            for i, block in enumerate(self.device_samples.reshape(-1, DEVICE_BLOCK))
        ]

    @cached_property
    def hops(self) -> list[np.ndarray]:
        """At the internal rate, one hop each."""
        return list(self.samples.reshape(-1, HOP))

    @cached_property
    def frames(self) -> list[FeatureFrames]:
        """What the features of each hop are."""
        extractor = FeatureExtractor()
        kept: list[FeatureFrames] = []
        for hop in self.hops:
            frames = extractor.push(hop)
            kept.append(replace(frames, values=frames.values.copy(), hops=frames.hops.copy()))
        return kept

    @cached_property
    def results(self) -> list[list[State | Event]]:
        """What the analysis says after each hop."""
        analyzer = Analyzer(DEVICE_RATE_HZ)
        return [analyzer.push(block) for block in self.blocks]
