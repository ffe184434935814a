"""Silence and sound: which hops are music, and where a silence of some length begins and ends.

Conventions
-----------
Kernels that detectors of boundaries share. Their state is a record with the fields of
`SILENCE_STATE`, their settings one with those of `SILENCE_PLAN`; times are hops. A silence of
``min_silence`` is a segment of its own. It is over when sound has lasted ``sound`` hops with no
pause longer than ``pause``, and begins there.
"""

from __future__ import annotations

from dsp.jit import kernel

WAKE_DB = 6.0
"""Sound that ends a silence is this far above the floor."""
SILENCE_PLAN = [
    *((name, "i8") for name in ("min_silence", "sound", "pause")),
    ("floor", "f8"),
]
"""Lengths in hops, and the level under which a hop is silent, dB."""
SILENCE_STATE = [
    *((name, "i8") for name in ("silent", "silent_from", "sound_from", "sounding", "last_sound")),
    *((name, "i8") for name in ("fresh", "start_hop", "found", "found_hop", "found_from")),
    ("strength", "f8"),
]
"""``start_hop``: where the present segment began; ``found…``, ``strength``: the segment closed."""


@kernel
def report(s, hop, strength):
    """Close the segment at a hop."""
    s.found = 1
    s.found_from = s.start_hop
    s.found_hop = hop
    s.strength = strength
    s.start_hop = hop


@kernel
def hear(s, p, hop, energy_db):
    """Follow silence and sound; return whether the hop counts as music.

    Reports where a silence begins and ends; ``fresh`` is set where what was heard before belongs to
    another segment.
    """
    if not s.silent:
        if energy_db > p.floor:
            s.last_sound = hop
            return True
        if hop - s.last_sound >= p.min_silence:
            report(s, s.last_sound + 1, 1.0)
            s.fresh = 1
            s.silent = 1
            s.silent_from = s.last_sound + 1
            s.sounding = 0
        return False
    if energy_db <= p.floor + WAKE_DB:
        if s.sounding and hop - s.last_sound > p.pause:
            s.sounding = 0
            s.fresh = 1
        return False
    if not s.sounding:
        s.sound_from = hop
    s.sounding += 1
    s.last_sound = hop
    if s.sounding >= p.sound:
        s.silent = 0
        if s.sound_from - s.silent_from >= p.min_silence:
            report(s, s.sound_from, 1.0)
    return True
