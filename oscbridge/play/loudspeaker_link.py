"""Our end of the loudspeaker: hands on blocks, and never waits for it.

Conventions
-----------
A block that finds the queue full is lost to the ear, not to the analysis. Where there is no output
or no PyAudio the game goes on in silence; `LoudspeakerLink.words` says what is so.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import TYPE_CHECKING

from oscbridge.own_process import module_arguments, open_child

if TYPE_CHECKING:
    import numpy as np

PROGRAM = module_arguments("oscbridge.play.loudspeaker")
_QUEUED_BLOCKS = 32
_STOP_S = 0.2


class LoudspeakerLink:
    """A running loudspeaker.

    Attributes
    ----------
    words : str
        What plays, or why nothing does.
    """

    def __init__(self) -> None:
        self.words = "sound: looking for an output"
        self._blocks: queue.Queue[bytes | None] = queue.Queue(_QUEUED_BLOCKS)
        self._process = open_child(PROGRAM)
        self._threads = [
            threading.Thread(target=work, name="loudspeaker", daemon=True)
            for work in (self._listen, self._feed)
        ]
        for thread in self._threads:
            thread.start()

    def hear(self, samples: np.ndarray) -> None:
        """Play a block."""
        with contextlib.suppress(queue.Full):
            self._blocks.put_nowait(samples.tobytes())

    def close(self) -> None:
        """Play no more; a second call does nothing."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        with contextlib.suppress(queue.Full):
            self._blocks.put_nowait(None)
        for thread in self._threads:
            thread.join(_STOP_S)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as out:
            said = out.readline().decode("utf-8", "replace").strip()
        if said and not said.startswith("!"):
            self.words = f"sound: {said}"
        else:
            self.words = f"no sound: {said[1:] or 'the loudspeaker has ended'}"

    def _feed(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError), self._process.stdin as pipe:
            while block := self._blocks.get():
                pipe.write(block)
