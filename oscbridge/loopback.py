"""The latency measured: clicks are played into a device, heard by a real run, and timed.

Conventions
-----------
Clicks go out of an output device that loops back into the input, through everything that music goes
through, and come out as a rise of ``audio/level``, the signal that answers soonest. They fall
everywhere between two reports, so the longest of their usual ways is what the ledger has to
declare: its shares are what each stage adds at most. Beside them the run counts its reaction, from
the last sample of a block to the packet (`oscbridge.reaction`).
"""

from __future__ import annotations

import contextlib
import queue
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from oscbridge.analyzer import Analyzer
from oscbridge.app import App
from oscbridge.errors import DeviceError
from oscbridge.ledger import level_shares
from oscbridge.outputs import osc
from oscbridge.own_process import environment, module_arguments
from oscbridge.protocol import HOST
from oscbridge.sources.impulses import Clicks
from oscbridge.sources.live import Live
from oscbridge.stats import Stats
from oscbridge.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.config import Config
    from oscbridge.orders import Command
    from oscbridge.protocol import Message
    from oscbridge.reaction import Reaction

LEVEL = "audio/level"
PERIOD_S = 0.15
"""Between clicks."""
WARM_S = 1.0
"""What is heard before that is not judged: caches are cold, the device settles."""
HIGHEST_RATE_HZ = 60.0
"""Every report of the level leaves at once."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run with clicks showed.

    Attributes
    ----------
    block_size : int
        Frames that came at once.
    block_s, declared_s : float
        A block, and what the ledger declares for the way of a click at most, seconds.
    heard_s : tuple of float
        Way of each click, from the device to the packet, seconds, sorted.
    reaction : Reaction
        From the last sample of a block to the packet.
    overflows : int
        Samples that were lost, and times the audio system reported a loss.
    """

    block_size: int
    block_s: float
    declared_s: float
    heard_s: tuple[float, ...]
    reaction: Reaction
    overflows: int

    @property
    def agrees(self) -> bool:
        """Whether the longest usual way is the declared one, give or take a block."""
        return abs(self.usual_s - self.declared_s) <= self.block_s

    @property
    def usual_s(self) -> float:
        """The longest way, without those that a stumble of the machine has lengthened.

        Up to a tenth may be longer than declared by more than a block; if more are, they count.
        """
        stumbles = sum(way_s > self.declared_s + self.block_s for way_s in self.heard_s)
        return self.heard_s[-1 - min(stumbles, len(self.heard_s) // 10)]


class _Stopwatch:
    """An output that notes when the level rises; stands behind the one that sends."""

    name = "stopwatch"
    prompt = True
    sent = errors = 0
    detail = ""

    def __init__(self) -> None:
        self.rises_s: list[float] = []
        self._loud = False

    def send(self, messages: Sequence[Message]) -> None:
        """Look for a rise of the level."""
        for signal, args in messages:
            if signal.name == LEVEL:
                loud = float(args[0]) > 0.0
                if loud and not self._loud:
                    self.rises_s.append(time.perf_counter())
                self._loud = loud

    def obey(self, command: Command) -> None:
        """Nothing concerns this output."""

    def close(self) -> None:
        """Nothing to release."""


def measure(config: Config, block_size: int, seconds: float, play: str | None = None) -> Measured:
    """Run for a while with clicks in the input.

    Parameters
    ----------
    config : Config
        Settings of a live input. Packets go to a socket of our own, no host is bothered.
    block_size : int
        Frames to ask the device for.
    seconds : float
        How long.
    play : str, optional
        Output device that is connected to the input; the one of the same name by default.

    Raises
    ------
    DeviceError
        Input or output cannot be opened, or nothing of what was played came back.
    """
    settings = replace(config.source, block_size=block_size)
    send = replace(config.send, rate_hz=HIGHEST_RATE_HZ, dead_band=0.0)
    config = replace(config, source=settings, send=send)
    stats, watch = Stats(), _Stopwatch()
    analyzer = Analyzer(48_000, model=config.analysis.model)  # compiled before the device opens
    source = Live(settings, stats)
    if source.sample_rate != analyzer.sample_rate:
        analyzer = Analyzer(source.sample_rate, model=config.analysis.model)
    analyzer.stats = stats
    declared_s = sum(share.seconds for share in level_shares(source, analyzer))
    clicks = Clicks(
        device=play or source.name,
        host_api=source.host_api,
        sample_rate=source.sample_rate,
        block_size=block_size,
        period_s=PERIOD_S,
    )
    with contextlib.ExitStack() as opened:
        opened.callback(source.close)
        player = _Player(clicks)
        opened.callback(player.close)
        ear = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        ear.bind((HOST, 0))
        output = osc.open(osc.Config(to=(f"{HOST}:{ear.getsockname()[1]}",), optional=(LEVEL,)))
        began_s = time.perf_counter()
        App([Stream(config, source, analyzer, [output, watch])]).run(seconds)
    heard_s = _ways(player.sounded(), watch.rises_s, began_s + WARM_S)
    if not heard_s:
        raise DeviceError(
            f"nothing of what was played to {clicks.device!r} came back through {source.name!r}:"
            " connect them, or name another output with --play."
        )
    return Measured(
        block_size=block_size,
        block_s=source.block_s,
        declared_s=declared_s,
        heard_s=heard_s,
        reaction=stats.reaction.summary(),
        overflows=stats.overflows + stats.device_overflows,
    )


def _ways(sounded_s: list[float], rises_s: list[float], since_s: float) -> tuple[float, ...]:
    """How long after each click the level rose; clicks that led to no rise of their own are out."""
    ways: list[float] = []
    for sounds_s, next_s in zip(sounded_s, [*sounded_s[1:], float("inf")], strict=True):
        answers = [rise_s for rise_s in rises_s if sounds_s < rise_s < next_s]
        if sounds_s > since_s and answers:
            ways.append(answers[0] - sounds_s)
    return tuple(sorted(ways))


class _Player:
    """The process that plays clicks.

    Raises
    ------
    DeviceError
        It cannot play.
    """

    def __init__(self, clicks: Clicks) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *module_arguments("oscbridge.sources.impulses")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            text=True,
        )
        self._said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(clicks).decode() + "\n")
        self._process.stdin.flush()
        try:
            first = self._said.get(timeout=10.0)
        except queue.Empty:
            first = "!the output device does not play"
        if first.startswith("!"):
            self.close()
            raise DeviceError(first[1:].rstrip(".") + ".")

    def sounded(self) -> list[float]:
        """Instants at which clicks sounded so far."""
        instants: list[float] = []
        while not self._said.empty():
            instants.append(float(self._said.get()))
        return instants

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._listener.join()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._said.put(line.strip())
