"""All figures of this machine in a quarter of a minute: what ``oscbridge bench`` tells.

Conventions
-----------
Seconds, and shares of one core. *Hot* means hop upon hop without a pause; *paced* one hop every
10.67 ms, as live: then caches have grown cold in between, and a hop takes several times as long.
"""

from __future__ import annotations

import os
import platform
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import numba
import numpy as np

from oscbridge import __version__
from oscbridge.config import Config
from oscbridge.measuring import process
from oscbridge.measuring.material import HOP_S, Material, render
from oscbridge.measuring.sink import Sink
from oscbridge.measuring.stages import WholeHop, build_stages
from oscbridge.measuring.timing import Timing, time_each, time_paced
from oscbridge.outputs import osc
from oscbridge.warmup import prepare_kernels

if TYPE_CHECKING:
    from collections.abc import Callable

    from oscbridge.measuring.stages import Stage

N_HOPS = 3_200
"""Half a minute of music."""
WARM_UP = 200
PACED_S = 4.0
RUN_S = 3.0


@dataclass(frozen=True, slots=True)
class StageFigures:
    """How long a stage takes; ``name``, ``what`` and ``within`` as in `Stage`."""

    name: str
    what: str
    within: str
    timing: Timing


@dataclass(frozen=True, slots=True)
class PacedFigures:
    """The whole hop at the pace of real life, seconds.

    Attributes
    ----------
    p50_s, p99_s : float
        Block in to last packet out.
    late_p99_s : float
        How late the system wakes us up for it.
    """

    p50_s: float
    p99_s: float
    late_p99_s: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured.

    Attributes
    ----------
    machine : dict
        What it was measured on: names and versions.
    stages : tuple of StageFigures
        Hot, in the order of the path; the whole hop is the last.
    paced : PacedFigures
        The whole hop.
    core_share : float
        Of one core, by a run with all its threads.
    first_packet_s : float
        From the start of the process.
    times_real_time : float
        How fast a file is analysed.
    took_s : float
        How long all this took.
    """

    machine: dict[str, str]
    stages: tuple[StageFigures, ...]
    paced: PacedFigures
    core_share: float
    first_packet_s: float
    times_real_time: float
    took_s: float


def measure(on_step: Callable[[str], None] = lambda _: None) -> Figures:
    """Measure everything.

    Parameters
    ----------
    on_step : callable
        Is told what is measured next.

    Raises
    ------
    OscbridgeError
        A run of oscbridge does not work here.
    """
    on_step("kernels and music")
    prepare_kernels(Config())
    began_s = time.perf_counter()
    material = Material(render(N_HOPS))
    with Sink() as sink, tempfile.TemporaryDirectory(prefix="oscbridge-bench-") as folder:
        with build_stages(material, sink.target) as stages:
            measured = tuple(_measure_stage(stage, sink, on_step) for stage in stages)
        on_step("the whole hop, paced as live sound")
        paced = measure_paced(material, sink, PACED_S)
        wav = Path(folder) / "demo.wav"
        process.write_wav(material, wav)
        on_step("a run with all its threads")
        live = process.measure_live(wav, RUN_S, sink)
        on_step("the start of the process")
        first_packet_s = process.seconds_to_first_packet(wav, sink)
        on_step("a whole file")
        times_real_time = process.times_real_time(wav)
    return Figures(
        machine=describe_machine(),
        stages=measured,
        paced=paced,
        core_share=live.core_share,
        first_packet_s=first_packet_s,
        times_real_time=times_real_time,
        took_s=time.perf_counter() - began_s,
    )


def _measure_stage(stage: Stage, sink: Sink, on_step: Callable[[str], None]) -> StageFigures:
    on_step(stage.name)
    spent = time_each(stage.update, stage.material, WARM_UP)
    sink.drain()
    return StageFigures(stage.name, stage.what, stage.within, Timing.of(spent))


def measure_paced(material: Material, sink: Sink, seconds: float) -> PacedFigures:
    """Push one hop every `HOP_S` for some seconds."""
    output = osc.open(osc.Config(to=(sink.target,)))
    hop = WholeHop([output])
    try:
        blocks = cycle(material.blocks)
        for block in islice(blocks, WARM_UP):
            hop.update(block)
        spent, late = time_paced(hop.update, islice(blocks, round(seconds / HOP_S)), HOP_S)
    finally:
        output.close()
    return PacedFigures(
        p50_s=float(np.median(spent)),
        p99_s=float(np.quantile(spent, 0.99)),
        late_p99_s=float(np.quantile(late, 0.99)),
    )


def describe_machine() -> dict[str, str]:
    """What figures depend on: processor, system, versions."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "oscbridge": __version__,
    }


def _processor() -> str:
    """The processor's name; Linux tells it nowhere else than here."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
