"""A host's MIDI clock as what we know of a host: tempo, beat, bar, whether it plays.

Conventions
-----------
24 ticks a beat, and a song position counts sixteenths, six ticks each. MIDI has no bars: four beats
are taken for one. The first tick after *start* is beat 0; after *continue* it is where the song
was, or where a song position has put it. A clock that ticks without *start*, as mixers send it,
tells the tempo alone. Clock is heard here and never sent: a program that analyses music is no
steady clock.

What is to be said are pairs of an inlet's name and a value (`oscbridge.inlets`).
"""

from __future__ import annotations

from oscbridge.midi.tempo import TICKS_A_BEAT, TickTempo
from oscbridge.midi.wire import CLOCK, CONTINUE, SONG_POSITION, START, STOP

Said = tuple[str, float | int]
"""Name of an inlet and its argument."""

BEATS_A_BAR = 4
TICKS_A_SIXTEENTH = 6
TOLD_BPM = 0.1
"""Changes of tempo up to this are not told at once."""
AGAIN_S = 2.0
"""After so long the tempo is told again: a clock that still ticks is still there."""
FASTEST_BPM = 400.0
LOST_S = 2.0
"""A clock that has not ticked for so long is no more."""


class MidiClock:
    """Follows a MIDI clock."""

    def __init__(self) -> None:
        self._tempo = TickTempo()
        self._ticks = 0  # of the song, the next one's number
        self._playing = False
        self._bpm = 0.0
        self._ticked_s = 0.0
        self._told_s = 0.0

    def update(self, message: bytes, at_s: float) -> list[Said]:
        """Take a message that came at ``at_s`` (seconds); what is no clock says nothing."""
        if message[0] == CLOCK:
            return self._tick(at_s)
        if message[0] == SONG_POSITION:
            self._ticks = (message[1] | message[2] << 7) * TICKS_A_SIXTEENTH
        elif message[0] == START:
            self._ticks = 0
            return self._play(playing=True)
        elif message[0] == CONTINUE:
            return self._play(playing=True)
        elif message[0] == STOP:
            return self._play(playing=False)
        return []

    def look(self, now_s: float) -> list[Said]:
        """Notice a clock that has stopped without a word; to be called now and then."""
        if not self._bpm or now_s - self._ticked_s <= LOST_S:
            return []
        self._tempo.reset()
        return [*self._say_tempo(0.0, now_s), *self._play(playing=False)]

    def _tick(self, at_s: float) -> list[Said]:
        self._ticked_s = at_s
        said: list[Said] = []
        bpm = self._tempo.update(at_s)
        again = at_s - self._told_s >= AGAIN_S
        if bpm is not None and bpm <= FASTEST_BPM and (again or abs(bpm - self._bpm) > TOLD_BPM):
            said += self._say_tempo(bpm, at_s)
        if self._playing:
            beat, between = divmod(self._ticks, TICKS_A_BEAT)
            if not between:
                said.append(("in/transport/beat", float(beat)))
                bar, later = divmod(beat, BEATS_A_BAR)
                if not later:
                    said.append(("in/transport/bar", bar))
            self._ticks += 1
        return said

    def _say_tempo(self, bpm: float, now_s: float) -> list[Said]:
        self._bpm, self._told_s = bpm, now_s
        return [("in/transport/tempo", bpm)]

    def _play(self, *, playing: bool) -> list[Said]:
        if playing == self._playing:
            return []
        self._playing = playing
        return [("in/transport/playing", int(playing))]
