"""A keyboard: a MIDI input that is chosen among those there are, and heard.

Conventions
-----------
MIDI goes through mido, whose backend ``MIDO_BACKEND`` can choose; by default that of the system
(ALSA, CoreMIDI, Windows), and JACK where the system's does not answer. All of this runs in
processes of its own (`oscbridge.sources.midi_capture` says why). The backend's own thread stamps
messages and queues them; whoever reads takes them with their age.
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

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

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


def all_keys_up() -> list[bytes]:
    """Messages that let every key go, one a channel."""
    return [bytes((0xB0 | channel, _ALL_NOTES_OFF, 0)) for channel in range(16)]


class MidiPort:
    """An open MIDI input.

    Parameters
    ----------
    wanted : str
        Name of the port or a part of it.
    backend : optional
        A mido backend; by default what `open_backend` finds.

    Attributes
    ----------
    name : str
        The port that was chosen.
    news : threading.Event
        Set when a message has come.

    Raises
    ------
    DeviceError
        No such port, or it cannot be opened.
    MissingExtraError
        mido or python-rtmidi is not installed.
    """

    def __init__(self, wanted: str, backend: Any = None) -> None:
        backend = backend or open_backend()
        self.name = choose_port(list_ports(backend), wanted)
        self._received: deque[tuple[float, bytes]] = deque(maxlen=MOST_WAITING)
        self.news = threading.Event()
        try:
            self._port: Any = backend.open_input(self.name, callback=self._hear)
        except Exception as error:  # noqa: BLE001 (each system fails with an error of its own)
            raise DeviceError(f"the MIDI input {self.name!r} does not open: {error}") from None

    def _hear(self, message: Any) -> None:
        """Queue a message; called by the backend's thread."""
        self._received.append((time.monotonic(), bytes(message.bytes())))
        self.news.set()

    def take(self) -> list[tuple[float, bytes]]:
        """Messages since the last call, oldest first, each with its age in seconds."""
        now_s = time.monotonic()
        taken: list[tuple[float, bytes]] = []
        while self._received:
            at_s, message = self._received.popleft()
            taken.append((max(now_s - at_s, 0.0), message))
        return taken
