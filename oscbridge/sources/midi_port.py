"""A keyboard: a MIDI input that is listened to, lost, waited for and taken up again.

Conventions
-----------
MIDI goes through mido, whose backend ``MIDO_BACKEND`` can choose; by default that of the system
(ALSA, CoreMIDI, Windows), and JACK where the system's does not answer. The backend's own thread
stamps messages and queues them; whoever reads takes them with their age. A watching thread looks
every `WATCH_S` whether the port is still there: MIDI tells nobody when a cable is pulled. When it
is gone, every key is let go, so that no note hangs, and ``health`` says what is waited for.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from oscbridge.errors import DeviceError, MissingExtraError
from oscbridge.sources.base import Health

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

WATCH_S = 1.0
"""How often the watcher looks for the port, seconds."""
MOST_WAITING = 65_536
"""Messages that may wait for a reader; older ones are dropped."""
_BACKENDS = ("mido.backends.rtmidi", "mido.backends.rtmidi/UNIX_JACK")
_ALL_NOTES_OFF = 123


@contextlib.contextmanager
def _without_chatter() -> Generator[None]:
    """Keep what ALSA and JACK print while they are tried out away from standard error.

    ``OSCBRIDGE_AUDIO_DEBUG=1`` lets it through. What matters comes as an exception.
    """
    if os.environ.get("OSCBRIDGE_AUDIO_DEBUG") == "1":
        yield
        return
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def open_backend() -> Any:
    """Find a MIDI system that answers.

    Raises
    ------
    MissingExtraError
        mido or python-rtmidi is not installed.
    DeviceError
        No MIDI system of this machine answers.
    """
    for package, module in (("mido", "mido"), ("python-rtmidi", "rtmidi")):
        if importlib.util.find_spec(module) is None:
            raise MissingExtraError("a MIDI input", package, "midi")
    import mido

    wanted = os.environ.get("MIDO_BACKEND")
    reason = ""
    for name in (wanted,) if wanted else _BACKENDS:
        try:
            with _without_chatter():
                backend = mido.Backend(name, load=True)
                backend.get_input_names()
        except Exception as error:  # noqa: BLE001 (each system fails with an error of its own)
            reason = reason or str(error).strip().splitlines()[0]
        else:
            return backend
    raise DeviceError(f"MIDI does not answer on this machine: {reason}")


def list_ports(backend: Any = None) -> list[str]:
    """Names of the MIDI inputs.

    Raises
    ------
    MissingExtraError
        mido or python-rtmidi is not installed.
    DeviceError
        MIDI does not answer.
    """
    found: Sequence[str] = (backend or open_backend()).get_input_names()
    return list(dict.fromkeys(found))


def steady(name: str) -> str:
    """A port's name without the numbers that ALSA gives anew whenever it is plugged in."""
    return re.sub(r" \d+:\d+$", "", name)


def choose_port(ports: Sequence[str], wanted: str) -> str:
    """Find the port that is meant: its whole name, or a part that fits one only.

    Raises
    ------
    DeviceError
        None fits, or several do: says which there are.
    """
    whole = [port for port in ports if wanted in (port, steady(port))]
    close = whole or [port for port in ports if wanted.casefold() in port.casefold()]
    if len(close) == 1 or whole:
        return close[0]
    listed = ", ".join(repr(port) for port in (close or ports)) or "none"
    if close:
        raise DeviceError(f"several MIDI inputs are called {wanted!r}: {listed}. Say which one.")
    raise DeviceError(f"there is no MIDI input {wanted!r}. There are: {listed}.")


class MidiPort:
    """An open MIDI input.

    Parameters
    ----------
    wanted : str
        Name of the port or a part of it.
    backend : optional
        A mido backend; by default what `open_backend` finds.
    watch_s : float
        How often to look for the port, seconds.

    Raises
    ------
    DeviceError
        No such port, or it cannot be opened.
    MissingExtraError
        mido or python-rtmidi is not installed.
    """

    def __init__(self, wanted: str, backend: Any = None, watch_s: float = WATCH_S) -> None:
        self._backend = backend or open_backend()
        self.name = choose_port(list_ports(self._backend), wanted)
        self._received: deque[tuple[float, bytes]] = deque(maxlen=MOST_WAITING)
        self._trouble = ""
        self._watch_s = watch_s
        self._closing = threading.Event()
        try:
            self._port: Any = self._open(self.name)
        except Exception as error:  # noqa: BLE001 (each system fails with an error of its own)
            raise DeviceError(f"the MIDI input {self.name!r} does not open: {error}") from None
        self._watcher = threading.Thread(target=self._watch, name="midi-watch", daemon=True)
        self._watcher.start()

    def _open(self, name: str) -> Any:
        return self._backend.open_input(name, callback=self._hear)

    def _hear(self, message: Any) -> None:
        """Queue a message; called by the backend's thread."""
        self._received.append((time.monotonic(), bytes(message.bytes())))

    @property
    def health(self) -> Health:
        """Whether the port is there."""
        if self._trouble:
            return Health(False, self._trouble)
        return Health(True, f"keyboard {self.name}")

    def take(self) -> list[tuple[float, bytes]]:
        """Messages since the last call, oldest first, each with its age in seconds."""
        now_s = time.monotonic()
        taken: list[tuple[float, bytes]] = []
        while self._received:
            at_s, message = self._received.popleft()
            taken.append((max(now_s - at_s, 0.0), message))
        return taken

    def _watch(self) -> None:
        while not self._closing.wait(self._watch_s):
            try:
                there = {steady(port): port for port in list_ports(self._backend)}
                port = there.get(steady(self.name))
                if port is None:
                    self._lose("is gone")
                elif self._trouble:
                    self._port = self._open(port)
                    self.name, self._trouble = port, ""
            except Exception as error:  # noqa: BLE001 (a MIDI system that is restarted)
                self._lose(f"does not answer ({error})")

    def _lose(self, what: str) -> None:
        """Note the loss once, and let every key go."""
        if self._trouble:
            return
        self._close_port()
        now_s = time.monotonic()
        for channel in range(16):
            self._received.append((now_s, bytes((0xB0 | channel, _ALL_NOTES_OFF, 0))))
        self._trouble = f"keyboard {self.name} {what}; waiting for it to come back"

    def _close_port(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            try:
                port.close()
            except Exception:  # noqa: BLE001 (it went first)
                self._port = None

    def close(self) -> None:
        """Let the port go; a second call does nothing."""
        self._closing.set()
        self._watcher.join()
        self._close_port()
