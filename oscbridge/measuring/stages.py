"""The stages of the live path one by one, each with what it gets live, one hop a call.

Conventions
-----------
`build_stages` makes fresh stages; each is fed the material once, from its beginning, since stages
remember. The last is the whole hop: the straight line from a block of the sound card to the last
packet that it leads to, without threads. Its time of day is the stream's own (`HOP_S` a hop), so
that as many messages leave as do live, however fast the hops are pushed.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from dsp.beat import BeatTracker
from dsp.features import FeatureExtractor, build_layout
from dsp.logmel import LogMel
from dsp.resample import Resampler
from dsp.wavelet import WaveletPyramid
from models import catalogue
from oscbridge.analyzer import Analyzer
from oscbridge.composer import Composer
from oscbridge.config import Config
from oscbridge.dispatch import Dispatcher
from oscbridge.hearing.detection import SegmentSettings, build_detector
from oscbridge.measuring.material import DEVICE_RATE_HZ, HOP_S, RATE_HZ, SETTINGS, Material
from oscbridge.outbox import Outbox
from oscbridge.outputs import osc
from oscbridge.protocol import SIGNALS
from oscbridge.stats import Stats

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from dsp.types import AudioBlock
    from oscbridge.events import Event, State
    from oscbridge.outputs.base import Output

WHOLE_HOP = "whole hop"
PAIR = (0.25, -0.5)
"""What the message of two floats carries."""


class Stage(NamedTuple):
    """A piece of the path, ready to be timed.

    Attributes
    ----------
    name, what : str
        What people call it, and what it does.
    update : callable
        The work of one hop.
    material : sequence
        What it is given, hop by hop.
    within : str
        The stage that it is a part of; empty where it is a step of the path itself.
    """

    name: str
    what: str
    update: Callable[[Any], object]
    material: Sequence[Any]
    within: str = ""


class Telling:
    """What follows the analysis of a hop: its results in, messages out.

    Parameters
    ----------
    outputs : sequence of Output
        Open, and prompt: nothing waits for another thread here.
    """

    def __init__(self, outputs: Sequence[Output]) -> None:
        config, stats = Config(), Stats()
        self._now_s = 0.0
        composer = Composer(config.send, config.quadrant, config.labels, "measured", self._now_s)
        self._dispatcher = Dispatcher(
            Outbox(stats), composer, outputs, stats, clock=lambda: self._now_s
        )

    def update(self, results: Sequence[State | Event]) -> None:
        """Say what a hop that led to ``results`` makes due."""
        self._now_s += HOP_S
        if results:
            self._dispatcher.put(results)


class WholeHop:
    """The path from a block of the sound card to the messages it leads to.

    Parameters
    ----------
    outputs : sequence of Output
        Open.
    """

    def __init__(self, outputs: Sequence[Output]) -> None:
        self._analyzer = Analyzer(DEVICE_RATE_HZ)
        self._telling = Telling(outputs)

    def update(self, block: AudioBlock) -> None:
        """Take one hop of sound and say what it led to."""
        self._telling.update(self._analyzer.push(block))


@contextmanager
def build_stages(material: Material, target: str) -> Generator[list[Stage]]:
    """Build all stages in the order of the path, fresh; packets go to ``target``, HOST:PORT."""
    layout = build_layout(SETTINGS)
    output = osc.open(osc.Config(to=(target,)))
    pair = [[SIGNALS["va"].message(*PAIR)]] * len(material.hops)
    try:
        yield [
            Stage(
                "resampler",
                f"{DEVICE_RATE_HZ // 1000} → {RATE_HZ // 1000} kHz",
                Resampler(DEVICE_RATE_HZ, RATE_HZ).push,
                [block.samples for block in material.blocks],
            ),
            Stage("features", "all of a frame", FeatureExtractor().push, material.hops),
            Stage("log-mel", "FFT 2048, 64 bands", LogMel().push, material.hops, within="features"),
            Stage(
                "wavelet",
                f"{SETTINGS.wavelet}, {SETTINGS.levels} levels",
                WaveletPyramid(SETTINGS.wavelet, SETTINGS.levels).band_power,
                [hop[None] for hop in material.hops],
                within="features",
            ),
            Stage("beats", "beats and bars", BeatTracker(layout).update, material.frames),
            Stage(
                "boundaries",
                "new sections",
                build_detector(SegmentSettings(), layout).update,
                material.frames,
            ),
            Stage(
                "music model",
                "valence and arousal",
                catalogue.load(catalogue.DEFAULT).update,
                material.frames,
            ),
            Stage("messages", "what to say, and OSC", Telling([output]).update, material.results),
            Stage("one message", "two floats", output.send, pair, within="messages"),
            Stage(WHOLE_HOP, "block in, packets out", WholeHop([output]).update, material.blocks),
        ]
    finally:
        output.close()
