"""A run in real time: how long from block to packet, whether sound is lost, under which load.

Conventions
-----------
The run is the product's own `App` with all its threads. Where JACK is installed it listens to a
private server with the dummy driver, into which another process plays; there a block that is not
fetched in time is an overflow. Elsewhere it hears the same music from a file at the pace of real
life, where nothing can be lost and a late block shows in the times alone.

Times are those of the product itself (`oscbridge.reaction`), from the arrival of a block's last
sample to its packets; blocks after which nothing was due do not count.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import psutil

from dsp.types import AudioBlock
from oscbridge.analyzer import Analyzer
from oscbridge.app import App
from oscbridge.config import Config
from oscbridge.inbound.access import Access
from oscbridge.inbound.settings import PortSettings
from oscbridge.measuring.material import Material, render
from oscbridge.measuring.process import write_wav
from oscbridge.measuring.sink import Sink
from oscbridge.outputs import osc
from oscbridge.reaction import Reaction
from oscbridge.sources.base import Source
from oscbridge.sources.relay import Relay
from oscbridge.sources.select import open_source
from oscbridge.sources.settings import SourceSettings
from oscbridge.stats import Stats
from oscbridge.stream import Stream
from oscbridge.warmup import prepare_kernels
from oscbridge.wire.signal import PREFIX
from tests.peers.servers import JackServer

MUSIC_HOPS = 60_000
"""Ten minutes and more; what plays it begins again at its end."""


class Stamped(Relay):
    """A source whose blocks say when they arrived, as those of a device do."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.latency_s = 0.0

    def read(self, timeout_s: float) -> AudioBlock | None:
        """Next block of the source."""
        block = super().read(timeout_s)
        return None if block is None else replace(block, arrived_s=time.perf_counter())


@dataclass(frozen=True)
class LiveRun:
    """What came of a run.

    Attributes
    ----------
    source : str
        What was listened to.
    reaction : Reaction
        From block to packet.
    lost : int
        Samples that were overwritten before anyone fetched them.
    device_lost : int
        Times that the audio server itself reported lost input.
    core_share : float
        Of one core, by this process.
    resident_growth : int
        Bytes, from the end of the first tenth on.
    """

    source: str
    reaction: Reaction
    lost: int
    device_lost: int
    core_share: float
    resident_growth: int


@contextmanager
def playing_jack(folder: Path) -> Iterator[None]:
    """A private JACK server into which the demo's music is played; its name in the environment."""
    wav = folder / "music.wav"
    write_wav(Material(render(MUSIC_HOPS)), wav)
    server = JackServer(folder / "jackd.log")
    said = {"JACK_DEFAULT_SERVER": server.name, "JACK_NO_START_SERVER": "1"}
    before = {name: os.environ.get(name) for name in said}
    os.environ.update(said)
    try:
        server.start()
        server.play(wav)
        yield
    finally:
        server.close()
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


@contextmanager
def music_source(folder: Path) -> Iterator[Callable[[Stats], Source]]:
    """Give a function that opens the music: from JACK where it is installed, else paced."""
    if shutil.which("jackd") is None:
        yield lambda stats: Stamped(open_source("demo", SourceSettings(block_size=256)))
        return
    heard = SourceSettings(device="loopback", host_api="jack", block_size=256)
    with playing_jack(folder):
        yield lambda stats: open_source("live", heard, stats=stats)


def run_live(
    open_music: Callable[[Stats], Source],
    seconds: float,
    load: Callable[[int], AbstractContextManager[None]],
) -> LiveRun:
    """Run for some seconds under a load, listening at a port."""
    send = msgspec.structs.replace(Config().send, rate_hz=60.0)  # as many blocks as can be timed
    config = msgspec.structs.replace(Config(), send=send)
    stats, me = Stats(), psutil.Process()
    resident: list[int] = []
    with Sink() as sink, closing(Access(PortSettings(port=0), PREFIX)) as access:
        source = open_music(stats)
        analyzer = Analyzer(source.sample_rate, stats=stats)
        output = osc.open(osc.Config(to=(sink.target,)), access.wiring())
        stream = Stream(config, source, analyzer, [output, access.subscribers()])
        access.join("", stream.dispatcher)
        access.start()

        def watch(_snapshot: object) -> None:
            sink.drain()
            resident.append(me.memory_info().rss)

        assert access.port.number is not None
        with load(access.port.number):
            began_s, used_s = time.perf_counter(), time.process_time()
            App([stream], watch).run(seconds)
            share = (time.process_time() - used_s) / (time.perf_counter() - began_s)
    return LiveRun(
        source=source.name,
        reaction=stats.reaction.summary(),
        lost=stats.overflows,
        device_lost=stats.device_overflows,
        core_share=share,
        resident_growth=resident[-1] - resident[len(resident) // 10],
    )


@contextmanager
def prepared() -> Iterator[Callable[[Stats], Source]]:
    """Kernels compiled, a folder made, music playing."""
    prepare_kernels(Config())
    with (
        tempfile.TemporaryDirectory(prefix="oscbridge-soak-") as folder,
        music_source(Path(folder)) as open_music,
    ):
        yield open_music
