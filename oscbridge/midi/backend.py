"""The MIDI system of this machine: which ports there are, and how one is chosen and opened.

Conventions
-----------
MIDI goes through mido, whose backend ``MIDO_BACKEND`` can choose; by default that of the system
(ALSA, CoreMIDI, Windows), and JACK where the system's does not answer. All of this runs in
processes of its own (`oscbridge.midi.process` says why).

A port of ours that others connect to (*virtual*) can be made everywhere but on Windows. Where it
cannot, a port whose name begins so is taken, as a loop-back driver makes it; systems add numbers to
names (`steady`), so a name is compared without them.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
import threading
from typing import TYPE_CHECKING, Any

import msgspec

from oscbridge.errors import DeviceError, MissingExtraError
from oscbridge.midi.inbox import Inbox

if TYPE_CHECKING:
    from collections.abc import Sequence

CLIENT = "oscbridge"
"""What ALSA and JACK call the program that a virtual port belongs to."""
_BACKENDS = ("mido.backends.rtmidi", "mido.backends.rtmidi/UNIX_JACK")
LOOPBACK = (
    "Windows has no virtual MIDI ports: install loopMIDI "
    "(https://www.tobias-erichsen.de/software/loopmidi.html) and add a port called {name!r}, or "
    "name a port that there is"
)


class UnknownPortError(DeviceError):
    """MIDI works, and there is no such port."""


class PortChoice(msgspec.Struct, frozen=True):
    """Which port: one that there is, by its name or a part of it, or a ``virtual`` one of ours."""

    name: str
    virtual: bool = False


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
            raise MissingExtraError("MIDI", package, "midi")
    import mido

    wanted = os.environ.get("MIDO_BACKEND")
    reason = ""
    for name in (wanted,) if wanted else _BACKENDS:
        try:
            backend = mido.Backend(name, load=True)
            backend.get_input_names()
        except Exception as error:  # noqa: BLE001 (each system fails with an error of its own)
            reason = reason or str(error).strip().splitlines()[0]
        else:
            return backend
    raise DeviceError(f"MIDI does not answer on this machine: {reason}")


def ports(backend: Any) -> tuple[list[str], list[str]]:
    """Names of the ports that can be heard, and of those that can be sent to.

    Asked at once: each question makes clients of the MIDI system, which JACK has to fit in.
    """
    options = {"api": backend.api} if backend.api else {}
    devices: list[dict[str, Any]] = backend.module.get_devices(**options)
    heard = [device["name"] for device in devices if device["is_input"]]
    sent = [device["name"] for device in devices if device["is_output"]]
    return list(dict.fromkeys(heard)), list(dict.fromkeys(sent))


def steady(name: str) -> str:
    """A port's name without the numbers that ALSA gives anew whenever it is plugged in."""
    return re.sub(r" \d+:\d+$", "", name)


def choose_port(ports: Sequence[str], wanted: str, kind: str = "input") -> str:
    """Find the port that is meant: its whole name, or a part that fits one only.

    Raises
    ------
    UnknownPortError
        None fits, or several do: says which there are.
    """
    whole = [port for port in ports if wanted in (port, steady(port))]
    close = whole or [port for port in ports if wanted.casefold() in port.casefold()]
    if len(close) == 1 or whole:
        return close[0]
    listed = ", ".join(repr(port) for port in (close or ports)) or "none"
    if close:
        raise UnknownPortError(
            f"several MIDI {kind}s are called {wanted!r}: {listed}. Say which one."
        )
    raise UnknownPortError(f"there is no MIDI {kind} {wanted!r}. There are: {listed}.")


class InPort:
    """An open MIDI input; the backend's own thread stamps messages and queues them.

    Parameters
    ----------
    choice : PortChoice
        Which one.
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

    def __init__(self, choice: PortChoice, backend: Any = None) -> None:
        self._received = Inbox()
        self.news = threading.Event()
        backend = backend or open_backend()
        self.name, self._port = _open(
            choice, "input", backend.get_input_names, backend.open_input, callback=self._hear
        )

    def _hear(self, message: Any) -> None:
        """Queue a message; called by the backend's thread."""
        self._received.put(bytes(message.bytes()))
        self.news.set()

    def take(self) -> list[tuple[float, bytes]]:
        """Messages since the last call, oldest first, each with its age in seconds."""
        return self._received.take()

    def close(self) -> None:
        """Close the port."""
        self._port.close()


class OutPort:
    """An open MIDI output.

    Parameters, attributes and errors are as of `InPort`, without ``news``.
    """

    def __init__(self, choice: PortChoice, backend: Any = None) -> None:
        backend = backend or open_backend()
        import mido  # only now: it is open_backend that says so where it is missing

        self._read = mido.Message.from_bytes
        self.name, self._port = _open(
            choice, "output", backend.get_output_names, backend.open_output
        )

    def send(self, message: bytes) -> None:
        """Send a whole message.

        Raises
        ------
        DeviceError
            The port takes it no more.
        """
        try:
            self._port.send(self._read(message))
        except Exception as error:  # noqa: BLE001 (each system fails with an error of its own)
            raise DeviceError(f"the MIDI output {self.name!r} is gone: {error}") from None

    def close(self) -> None:
        """Close the port when what was sent has left."""
        self._port.close()


def _open(
    choice: PortChoice, kind: str, names: Any, opener: Any, **options: Any
) -> tuple[str, Any]:
    """Open a port with ``opener``, one of ``names()``; its name, and the port."""
    name = choice.name
    try:
        if choice.virtual and sys.platform != "win32":
            return name, opener(name, virtual=True, client_name=CLIENT, **options)
        name = (_begins if choice.virtual else choose_port)(names(), name, kind)
        return name, opener(name, **options)
    except DeviceError:
        raise
    except Exception as error:  # noqa: BLE001 (each system fails with an error of its own)
        raise DeviceError(f"the MIDI {kind} {name!r} does not open: {error}") from None


def _begins(ports: Sequence[str], name: str, _: str) -> str:
    """Port of a loop-back driver that stands for our virtual port ``name``."""
    for port in ports:
        if port.startswith(name):
            return port
    raise DeviceError(f"{LOOPBACK.format(name=name)}.")
