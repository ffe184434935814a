"""Standard MIDI files to key events.

Conventions
-----------
Reads format 0 and 1 of the *Standard MIDI Files 1.0* specification (and the RIFF wrapping of it):
ticks become seconds by the tempo map of all tracks, or by the frames of SMPTE, and seconds become
sample indices, each rounded once from the start of the file, so that nothing accumulates. What no
`models.notes.KeyEvent` can say (programs, controllers other than the sustain pedal, pitch bend,
texts) is skipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.notes import KeyEvent

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_TEMPO = 500_000
"""Microseconds per quarter until a file says otherwise: 120 quarters a minute."""
LONGEST_S = 24 * 3600.0
_SUSTAIN, _ALL_SOUND_OFF, _ALL_NOTES_OFF = 64, 120, 123
_DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}


class MidiFileError(ValueError):
    """A file is not a MIDI file, is damaged, or of a format that is not read."""


@dataclass(frozen=True, slots=True)
class Performance:
    """A MIDI file as key events.

    Attributes
    ----------
    events : tuple of KeyEvent
        In the order of time; at one instant in the order of the tracks.
    stop : int
        Sample index where the last track ends.
    sample_rate : int
        Samples per second, Hz.
    """

    events: tuple[KeyEvent, ...]
    stop: int
    sample_rate: int


class _Reader:
    """Bytes of a track, read one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def byte(self) -> int:
        """The next byte."""
        if self.at >= len(self.data):
            raise MidiFileError("a track breaks off")
        self.at += 1
        return self.data[self.at - 1]

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes."""
        if self.at + count > len(self.data):
            raise MidiFileError("a track breaks off")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self) -> int:
        """A variable-length quantity: seven bits a byte, at most four bytes."""
        value = 0
        for _ in range(4):
            byte = self.byte()
            value = (value << 7) | (byte & 0x7F)
            if byte < 0x80:
                return value
        raise MidiFileError("a track holds a number of more than four bytes")


def _messages(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield tick, status and data of each event of a track; meta events as 0xFF00 | type."""
    reader, tick, status = _Reader(data), 0, 0
    while reader.at < len(data):
        tick += reader.number()
        first = reader.byte()
        if first == 0xFF:
            kind = reader.byte()
            yield tick, 0xFF00 | kind, reader.take(reader.number())
            if kind == 0x2F:  # end of track
                return
        elif first in (0xF0, 0xF7):
            reader.take(reader.number())
        else:
            if first >= 0x80:
                status = first
            else:
                reader.at -= 1  # running status: this was the first data byte
            count = _DATA_BYTES.get(status & 0xF0)
            if count is None or status >= 0xF0:
                raise MidiFileError(f"a track holds a byte that is no MIDI event (0x{first:02X})")
            yield tick, status, reader.take(count)


def _tracks(blob: bytes) -> tuple[int, list[bytes]]:
    """Division word of the header, and the track chunks."""
    start = blob.find(b"MThd", 0, 64)
    if start < 0:
        raise MidiFileError("not a MIDI file")
    header = blob[start + 8 : start + 14]
    if len(header) < 6:
        raise MidiFileError("the header breaks off")
    form, division = int.from_bytes(header[:2]), int.from_bytes(header[4:6])
    if form > 1:
        raise MidiFileError(f"format {form} (independent patterns) is not read, only 0 and 1")
    at = start + 8 + int.from_bytes(blob[start + 4 : start + 8])
    tracks: list[bytes] = []
    while at + 8 <= len(blob):
        length = int.from_bytes(blob[at + 4 : at + 8])
        if blob[at : at + 4] == b"MTrk":
            tracks.append(blob[at + 8 : at + 8 + length])
        at += 8 + length
    if not tracks:
        raise MidiFileError("there is no track in it")
    return division, tracks


class _Clock:
    """Ticks to seconds, by the tempi met so far; ticks must not go back."""

    def __init__(self, division: int) -> None:
        if division & 0x8000:
            frames = 256 - (division >> 8)
            per_second = (29.97 if frames == 29 else frames) * (division & 0xFF)
            self._ticks_per_quarter, self._fixed = per_second * 0.5, True
        else:
            self._ticks_per_quarter, self._fixed = float(division), False
        if self._ticks_per_quarter <= 0.0:
            raise MidiFileError("the header divides time into nothing")
        self._tick, self._seconds, self._tempo = 0, 0.0, DEFAULT_TEMPO

    def seconds(self, tick: int) -> float:
        """When ``tick`` is."""
        quarters = (tick - self._tick) / self._ticks_per_quarter
        return self._seconds + quarters * self._tempo * 1e-6

    def change(self, tick: int, tempo: int) -> None:
        """From ``tick`` on a quarter lasts ``tempo`` microseconds; SMPTE time has no tempo."""
        if tempo > 0 and not self._fixed:
            self._seconds, self._tick, self._tempo = self.seconds(tick), tick, tempo


def _key_event(at: int, status: int, data: bytes) -> KeyEvent | None:
    channel, kind = status & 0x0F, status & 0xF0
    if kind == 0x90 and data[1] & 0x7F:
        return KeyEvent(at, "press", channel, data[0] & 0x7F, data[1] & 0x7F)
    if kind in (0x80, 0x90):
        return KeyEvent(at, "release", channel, data[0] & 0x7F)
    if kind == 0xB0 and data[0] == _SUSTAIN:
        return KeyEvent(at, "pedal", channel, velocity=data[1] & 0x7F)
    if kind == 0xB0 and data[0] in (_ALL_SOUND_OFF, _ALL_NOTES_OFF):
        return KeyEvent(at, "silence", channel)
    return None


def key_event(at: int, message: bytes) -> KeyEvent | None:
    """A live MIDI message as key event; None where it says nothing about keys or pedal.

    Parameters
    ----------
    at : int
        Sample index at which it came.
    message : bytes
        Status and data bytes, whole.
    """
    whole = len(message) > 1 and 0x80 <= message[0] < 0xF0
    if not whole or len(message) != 1 + _DATA_BYTES[message[0] & 0xF0]:
        return None
    return _key_event(at, message[0], message[1:])


def read_midi(blob: bytes, sample_rate: int) -> Performance:
    """Read the bytes of a MIDI file.

    Raises
    ------
    MidiFileError
        Not a MIDI file, damaged, or of a format that is not read.
    """
    division, tracks = _tracks(blob)
    clock = _Clock(division)
    merged = [
        (tick, order, status, data)
        for order, track in enumerate(tracks)
        for tick, status, data in _messages(track)
    ]
    merged.sort(key=lambda message: message[:2])
    events: list[KeyEvent] = []
    stop = 0
    for tick, _, status, data in merged:
        seconds = clock.seconds(tick)
        if seconds > LONGEST_S:
            raise MidiFileError("it lasts longer than a day")
        stop = round(seconds * sample_rate)
        if status == 0xFF51 and len(data) == 3:
            clock.change(tick, int.from_bytes(data))
        elif status < 0xFF00:
            event = _key_event(stop, status, data)
            if event is not None:
                events.append(event)
    return Performance(tuple(events), stop, sample_rate)
