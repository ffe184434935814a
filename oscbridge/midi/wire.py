"""MIDI messages as bytes, whole and without running status.

Conventions
-----------
``channel`` counts from 0; numbers and values are 0..127, which the callers see to.
"""

from __future__ import annotations

NOTE_OFF, NOTE_ON, CONTROL, PROGRAM = 0x80, 0x90, 0xB0, 0xC0
SONG_POSITION, CLOCK, START, CONTINUE, STOP = 0xF2, 0xF8, 0xFA, 0xFB, 0xFC


def control_change(channel: int, number: int, value: int) -> bytes:
    """Control ``number`` stands at ``value``."""
    return bytes((CONTROL | channel, number, value))


def note_on(channel: int, number: int, velocity: int) -> bytes:
    """Note ``number`` begins; a velocity of 0 would end it."""
    return bytes((NOTE_ON | channel, number, velocity))


def note_off(channel: int, number: int) -> bytes:
    """Note ``number`` ends."""
    return bytes((NOTE_OFF | channel, number, 0))


def program_change(channel: int, program: int) -> bytes:
    """Change to ``program``."""
    return bytes((PROGRAM | channel, program))
