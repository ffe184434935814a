"""The process as users start it: how soon it speaks, what it costs, how fast files go.

Conventions
-----------
Seconds, and shares of one core. The sound is a WAV file of demo music, stereo, 48 kHz; a run hears
it at the pace of real life with all its threads, and sends to a port of this machine.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from oscbridge.analyzer import Analyzer
from oscbridge.app import App, open_outputs
from oscbridge.config import load
from oscbridge.errors import OscbridgeError
from oscbridge.labels import Labels
from oscbridge.measuring.material import DEVICE_RATE_HZ, HOP_S
from oscbridge.offline.records import Listening, analyse_file
from oscbridge.own_process import environment, module_arguments
from oscbridge.sources.file import File
from oscbridge.sources.settings import SourceSettings
from oscbridge.stats import Stats
from oscbridge.stream import Stream

if TYPE_CHECKING:
    from pathlib import Path

    from oscbridge.measuring.material import Material
    from oscbridge.measuring.sink import Sink

LONGEST_START_S = 60.0


def write_wav(material: Material, path: Path) -> None:
    """Write the music as a WAV file, stereo, 48 kHz, 16 bit."""
    import soundfile

    stereo = np.stack([material.device_samples] * 2, axis=1)
    soundfile.write(path, stereo, DEVICE_RATE_HZ, subtype="PCM_16")


def seconds_to_first_packet(wav: Path, sink: Sink) -> float:
    """Start ``oscbridge run`` and wait for its first packet.

    Raises
    ------
    OscbridgeError
        None came within `LONGEST_START_S`.
    """
    sink.drain()
    began_s = time.perf_counter()
    child = subprocess.Popen(
        [
            *(sys.executable, *module_arguments("oscbridge"), "run", "--source", str(wav)),
            *("--to", sink.target, "--no-view"),
        ],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        heard = sink.wait(LONGEST_START_S)
        took_s = time.perf_counter() - began_s
    finally:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(5.0)
        child.kill()
        child.wait()
    if not heard:
        raise OscbridgeError("a run of oscbridge sent nothing: what does oscbridge doctor say?")
    return took_s


@dataclass(frozen=True, slots=True)
class LiveLoad:
    """What a run in real time asks of the machine.

    Attributes
    ----------
    core_share : float
        Of one core, by all threads of the process together.
    kept : float
        Share of the sound that was heard in time; below 1 the machine is too slow.
    """

    core_share: float
    kept: float


def measure_live(wav: Path, seconds: float, sink: Sink, count: int = 1) -> LiveLoad:
    """Let a run hear the file for some seconds, in as many streams as asked for.

    The streams have their blocks all at the same instant: nothing is harder.
    """
    config = load(None, {"outputs.osc.to": (sink.target,), "outputs.oscquery.enabled": False})
    streams: list[Stream] = []
    stats = [Stats() for _ in range(count)]
    for number, counters in enumerate(stats):
        source = File(str(wav), SourceSettings(), realtime=True)
        analyzer = Analyzer(source.sample_rate, stats=counters)
        streams.append(Stream(config, source, analyzer, open_outputs(config), f"s{number}"))
    run = App(streams)
    began_s, used_s = time.perf_counter(), time.process_time()
    run.run(seconds)
    took_s = time.perf_counter() - began_s
    heard = min(counters.frames for counters in stats) * HOP_S
    return LiveLoad((time.process_time() - used_s) / took_s, min(heard / seconds, 1.0))


def times_real_time(wav: Path) -> float:
    """Analyse the file as fast as it goes; how many seconds of it a second takes."""
    *_, summary = analyse_file(str(wav), Listening(SourceSettings(), Labels()))
    return float(summary["realtime_factor"])
