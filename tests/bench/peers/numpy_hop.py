"""The whole hop once more: the same work with numpy, scipy, PyWavelets, onnxruntime, python-osc.

Conventions
-----------
One block of 512 samples at 48 kHz a call: resampled, its features, beats, once in 16 hops the slow
part and the networks, then the messages that are due. What is said and when follows from our own
rules (`Telling`) and from what our own analysis found, so that both say the same; only encoding and
sending are python-osc's. The peer is spared the bars and the decisions about boundaries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from pythonosc.udp_client import SimpleUDPClient

from oscbridge import mapping
from oscbridge.measuring.material import HOP
from oscbridge.measuring.stages import Telling
from tests.bench.peers.numpy_beats import NumpyBeats
from tests.bench.peers.numpy_features import Decimator, NumpyFeatures
from tests.bench.peers.numpy_slow import CHROMA, POOL, Gate, Pooling, Rows, Summary, Turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oscbridge.events import Event, State
    from oscbridge.protocol import Message

WIDTH = CHROMA + 12


class Networks(Protocol):
    """Advances the networks of the music model by a step."""

    def push(self, row: np.ndarray, summary: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Take a row and a summary; return votes and readings."""
        ...


class PythonOsc:
    """An output that encodes and sends with python-osc.

    Parameters
    ----------
    target : str
        ``HOST:PORT`` for the packets.
    """

    name, detail, errors, prompt = "python-osc", "", 0, True

    def __init__(self, target: str) -> None:
        host, _, port = target.partition(":")
        self._client = SimpleUDPClient(host, int(port))
        self._words = mapping.Mapping(mapping.load_preset("default"))
        self.sent = 0

    def send(self, messages: Sequence[Message]) -> None:
        """Encode and send ``messages``."""
        for signal, args in self._words.apply(messages):
            self._client.send_message(signal.address, args)
            self.sent += 1

    def obey(self, command: object) -> None:
        """Nothing concerns this output."""

    def close(self) -> None:
        """Nothing to close: the client keeps its socket."""


class NumpyHop:
    """The whole path for one block a call.

    Parameters
    ----------
    target : str
        ``HOST:PORT`` for the packets.
    networks : Networks
        What advances the networks of the music model.
    features : NumpyFeatures, optional
        What makes frames of hops, if not numpy.
    """

    def __init__(
        self, target: str, networks: Networks, features: NumpyFeatures | None = None
    ) -> None:
        self._telling = Telling([PythonOsc(target)])
        self._decimator, self._features = Decimator(), features or NumpyFeatures()
        self._beats, self._networks = NumpyBeats(), networks
        self._pooling, self._rows, self._summary = Pooling(), Rows(), Summary()
        self._gate, self._turns = Gate(), Turns()
        self._frames = np.zeros((POOL, WIDTH))
        self._sound = np.zeros(POOL * HOP, dtype=np.float32)
        self._count = 0

    def update(self, item: tuple[np.ndarray, Sequence[State | Event]]) -> None:
        """Take a block's samples, and what our analysis found in it."""
        samples, results = item
        hop = self._decimator.push(samples)
        frame = self._features.push(hop)
        self._beats.push(frame[:64])
        self._frames[self._count] = frame
        self._sound[self._count * HOP : (self._count + 1) * HOP] = hop
        self._count += 1
        if self._count == POOL:
            self._count = 0
            self._slow()
        self._telling.update(results)

    def _slow(self) -> None:
        pool = self._pooling.push(self._frames, self._sound)
        self._turns.push(pool)
        self._gate.push(pool)
        row = self._rows.push(pool)
        self._networks.push(row, self._summary.push(row))
