"""A keyboard: what is played on a MIDI input, whatever becomes of its cable and of the system.

Conventions
-----------
A `oscbridge.midi.keeper.PortKeeper` keeps the port; its thread queues messages with the instant at
which they were played. When the port is lost, every key is let go, so that no note hangs, and
``health`` says what is waited for.
"""

from __future__ import annotations

from oscbridge.midi.backend import PortChoice
from oscbridge.midi.child import error_of
from oscbridge.midi.inbox import Inbox
from oscbridge.midi.keeper import PortKeeper
from oscbridge.midi.records import WATCH_S, Hear
from oscbridge.midi.watch import PortWatch
from oscbridge.sources.base import Health

_ALL_NOTES_OFF = 123


def all_keys_up() -> list[bytes]:
    """Messages that let every key go, one a channel."""
    return [bytes((0xB0 | channel, _ALL_NOTES_OFF, 0)) for channel in range(16)]


class MidiLink:
    """An open keyboard; an `oscbridge.hearing.keyboard.KeyInput`.

    Parameters
    ----------
    wanted : str
        Name of the port or a part of it.
    watch_s : float
        How often to look whether the port is there, seconds.

    Raises
    ------
    DeviceError
        No such port, or it cannot be opened, or MIDI does not answer.
    MissingExtraError
        mido or python-rtmidi is not installed.
    """

    def __init__(self, wanted: str, watch_s: float = WATCH_S) -> None:
        self._received = Inbox()
        self._watch = PortWatch(watch_s)
        self._port = PortKeeper(Hear(PortChoice(wanted)), self, self._watch)
        if self._port.refused is not None:
            raise error_of(self._port.refused)
        self._watch.start()
        self._port.start()

    @property
    def name(self) -> str:
        """The port, by the name that it has now."""
        return self._port.name

    @property
    def health(self) -> Health:
        """Whether the port is there."""
        trouble = self._port.trouble
        return Health(not trouble, f"keyboard {trouble or self.name}")

    def take(self) -> list[tuple[float, bytes]]:
        """Messages since the last call, oldest first, each with its age in seconds."""
        return self._received.take()

    def close(self) -> None:
        """Let the port go; a second call does nothing."""
        self._watch.leave()
        self._port.close()
        self._watch.close()

    def heard(self, message: bytes, age_s: float) -> None:
        """Queue what was played."""
        self._received.put(message, age_s)

    def started(self) -> None:
        """A keyboard needs to know nothing."""

    def lost(self) -> None:
        """Let every key go."""
        for message in all_keys_up():
            self._received.put(message)

    def look(self) -> None:
        """Nothing is due."""
