"""Compiled kernels: made once for each version and machine, in processes of their own.

Conventions
-----------
The first start compiles all kernels: some twenty seconds of a processor's time, and a compiler's
memory. Child processes do that, one a processor, each its share of the `PARTS`; they leave the
machine code in the cache folder (`dsp.jit`) and say on standard output what they compile. This
process loads it from there and stays small. Where no child can be started, the kernels are compiled
here.
"""

from __future__ import annotations

import contextlib
import gc
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from dsp.features import FeatureExtractor, FeatureSettings, build_layout
from dsp.intake import Intake
from dsp.jit import CACHE_FOLDER
from dsp.resample import Resampler
from models import catalogue
from models.frontend import Statistics
from models.gate import MusicGate
from models.pools import Pooling, pool_spans
from oscbridge.analyzer import Analyzer
from oscbridge.hearing.beats import Pulse
from oscbridge.hearing.detection import SegmentSettings, build_detector
from oscbridge.own_process import environment, module_arguments
from oscbridge.standard_streams import can_be_drawn_on

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from oscbridge.config import Config

USUAL_RATE = 48_000
LONGEST_S = 300.0
"""Children that take longer than this are given up."""
_MARK = CACHE_FOLDER / "complete"
_WATCHED = "--watched"
"""Tells a child that its standard input ends with its parent."""


def _build_sound() -> None:
    Intake(channels=1)
    Resampler(USUAL_RATE, FeatureExtractor().settings.sample_rate)


class Part(NamedTuple):
    """Kernels that are compiled one after the other.

    Attributes
    ----------
    build : callable
        Makes something that needs them.
    cost : int
        Of compiling those that no part before it has, roughly percent of all.
    """

    build: Callable[[], object]
    cost: int


_LAYOUT = build_layout(FeatureSettings())
_POOL_WIDTH = pool_spans()["power"].stop

PARTS: dict[str, Part] = {
    "pools": Part(lambda: Pooling(_LAYOUT), 20),
    "statistics": Part(lambda: Statistics(_POOL_WIDTH, 1.0), 15),
    "beats": Part(lambda: Pulse(_LAYOUT, SegmentSettings().snap), 15),
    "boundaries": Part(lambda: build_detector(SegmentSettings(), _LAYOUT), 20),
    "sound": Part(_build_sound, 15),
    "gate": Part(lambda: MusicGate(_POOL_WIDTH), 5),
    "model": Part(lambda: catalogue.load(catalogue.DEFAULT), 10),
}
"""What has kernels; what others have kernels in common with stands before them."""


def kernels_are_compiled() -> bool:
    """Whether an earlier start has left all compiled kernels of this version behind."""
    return _MARK.is_file()


def forget_kernels() -> None:
    """Throw away what was compiled for this version and machine."""
    for path in CACHE_FOLDER.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
    _MARK.unlink(missing_ok=True)


def prepare_kernels(config: Config) -> None:
    """Compile all kernels if that was not done before, and load them by building an analyzer.

    Raises
    ------
    OscbridgeError
        The model is unknown or damaged.
    """
    if not kernels_are_compiled():
        with progress("first start: compiling for this machine") as tell:
            compile_apart(tell)
    Analyzer(USUAL_RATE, model=config.analysis.model, segments=config.segments)
    if not kernels_are_compiled():  # what no child has compiled was compiled here just now
        with contextlib.suppress(OSError):
            _MARK.touch()


@contextlib.contextmanager
def progress(doing: str) -> Generator[Callable[[str, float], None]]:
    """Give a function that shows what is being done, and for how long, on one line of a terminal.

    Where standard error is no terminal, or one that cannot be drawn on, it shows nothing.
    """
    shown = can_be_drawn_on(sys.stderr)

    def tell(what: str, elapsed_s: float) -> None:
        if shown:
            sys.stderr.write(f"\r\x1b[Koscbridge: {doing}, {elapsed_s:.0f} s: {what}")
            sys.stderr.flush()

    try:
        tell("starting", 0.0)
        yield tell
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def compile_apart(tell: Callable[[str, float], None]) -> bool:
    """Let child processes fill the cache; where they fail, the kernels compile when needed.

    Parameters
    ----------
    tell : callable
        Is told what is being compiled, and after how many seconds.

    Returns
    -------
    bool
        Whether all of it was compiled.
    """
    began_s = time.monotonic()
    shares = deal({name: part.cost for name, part in PARTS.items()}, os.cpu_count() or 1)
    said: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    children: list[subprocess.Popen[str]] = []
    try:
        for share in shares:
            child = _start_child(share)
            children.append(child)
            threading.Thread(target=_listen, args=(child, said), daemon=True).start()
        talking = len(children)
        while talking and time.monotonic() - began_s < LONGEST_S:
            with contextlib.suppress(queue.Empty):
                what = said.get(timeout=1.0)
                talking -= what is None
                if what:
                    tell(what, time.monotonic() - began_s)
        return not talking and all(child.wait() == 0 for child in children)
    except OSError:
        return False
    finally:  # whoever is told to stop meanwhile leaves no process behind
        for child in children:
            child.kill()
            child.wait()


def deal(costs: Mapping[str, int], workers: int) -> list[list[str]]:
    """Deal out work in its order, each piece to whoever has least to do so far.

    Parameters
    ----------
    costs : mapping of str to int
        What each piece costs.
    workers : int
        How many there are, 1 or more; no more of them get work than there are pieces.
    """
    shares: list[list[str]] = [[] for _ in range(min(workers, len(costs)))]
    for name in costs:
        min(shares, key=lambda share: sum(costs[given] for given in share)).append(name)
    return shares


def _start_child(parts: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *module_arguments("oscbridge.warmup"), _WATCHED, *parts],
        env=environment(),
        stdin=subprocess.PIPE,  # closes when we end, however we end: the child ends with us
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _listen(child: subprocess.Popen[str], said: queue.SimpleQueue[str | None]) -> None:
    """Hand on what a child says, line by line, and None at its end."""
    assert child.stdout is not None
    with child.stdout as lines:
        for line in lines:
            said.put(line.strip())
    said.put(None)


def _say_what_compiles() -> None:
    """Print the name of each kernel when its compilation begins."""
    events: Any = import_module("numba.core.event")

    class Speaker(events.Listener):  # type: ignore[misc]
        def on_start(self, event: Any) -> None:
            """Say which kernel it is; numba's own and other libraries' are passed over."""
            function = event.data["dispatcher"].py_func
            if function.__module__.startswith(("dsp.", "models.")):
                sys.stdout.write(f"{function.__module__}.{function.__name__}\n")
                sys.stdout.flush()

        def on_end(self, event: Any) -> None:
            pass

    events.register("numba:compile", Speaker())


def _end_with_parent() -> None:
    """Leave when standard input ends: a parent stopped while it started us cannot kill us."""
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    wanted = [word for word in sys.argv[1:] if word != _WATCHED]
    if _WATCHED in sys.argv:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    _say_what_compiles()
    gc.disable()  # a tenth of the time would go into looking for garbage; we end soon
    for name in wanted or PARTS:
        PARTS[name].build()
