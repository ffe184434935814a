"""Synthesisers that play soundfonts: TinySoundFont and FluidSynth behind the same five verbs.

Conventions
-----------
Channels are 0..15, those of General MIDI; `DRUMS` keeps its drum kit. Sound comes out as mono
float32 at `SYNTH_RATE`: both sound different at low rates. A synthesiser is costly to load and is
used again; making a player puts it back to how it was.

Soundfonts are found by file name in the folders of `SOUNDFONT_FOLDERS`; Debian has them as
``timgm6mb-soundfont``, ``fluid-soundfont-gm``, ``csound-soundfont`` and
``musescore-general-soundfont``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from models.training.strokes import DRUMS, PEDAL

SYNTH_RATE = 44100
SOUNDFONT_FOLDERS = ("/usr/share/sounds/sf2", "/usr/share/sounds/sf3", "/usr/share/soundfonts")


def find_soundfont(name: str) -> Path:
    """Path of a soundfont. Raises ``FileNotFoundError`` that says where it was looked for."""
    for folder in SOUNDFONT_FOLDERS:
        path = Path(folder) / name
        if path.is_file():
            return path
    raise FileNotFoundError(f"soundfont {name} is in none of {', '.join(SOUNDFONT_FOLDERS)}")


class Synthesiser(Protocol):
    """What plays the messages of a score."""

    def program(self, channel: int, program: int) -> None:
        """Give a channel a General MIDI program; drums keep their kit."""
        ...

    def control(self, channel: int, control: int, value: int) -> None:
        """Set a controller, 0..127."""
        ...

    def press(self, channel: int, note: int, velocity: int) -> None:
        """Press a key, velocity 1..127."""
        ...

    def let_go(self, channel: int, note: int) -> None:
        """Let a key go; what the pedal holds goes on."""
        ...

    def bend(self, channel: int, value: int) -> None:
        """Bend the pitch, -8192..8191 for two semitones either way."""
        ...

    def generate(self, n: int) -> np.ndarray:
        """The next ``n`` samples, shape=(n,), float32, mean of left and right."""
        ...


class FluidSynth:
    """FluidSynth with its reverb and chorus, as most programs play soundfonts.

    Parameters
    ----------
    font : str
        File name of a soundfont.
    """

    def __init__(self, font: str) -> None:
        self._synth, self._id = _fluid(font)
        self._synth.system_reset()
        for channel in range(16):
            bank = 128 if channel == DRUMS else 0
            self._synth.program_select(channel, self._id, bank, 0)

    def program(self, channel: int, program: int) -> None:
        """Give a channel a program; drums keep their kit."""
        if channel != DRUMS:
            self._synth.program_select(channel, self._id, 0, program)

    def control(self, channel: int, control: int, value: int) -> None:
        """Set a controller."""
        self._synth.cc(channel, control, value)

    def press(self, channel: int, note: int, velocity: int) -> None:
        """Press a key."""
        self._synth.noteon(channel, note, velocity)

    def let_go(self, channel: int, note: int) -> None:
        """Let a key go."""
        self._synth.noteoff(channel, note)

    def bend(self, channel: int, value: int) -> None:
        """Bend the pitch."""
        self._synth.pitch_bend(channel, value)

    def generate(self, n: int) -> np.ndarray:
        """The next ``n`` samples."""
        stereo = self._synth.get_samples(n).astype(np.float32) / 32768.0
        return stereo.reshape(-1, 2).mean(axis=1)


class TinySoundFont:
    """TinySoundFont, dry. It knows no pedal: keys that are let go under it wait here.

    Parameters
    ----------
    font : str
        File name of a soundfont.
    pedal : bool
        Whether the pedal holds notes.
    """

    def __init__(self, font: str, pedal: bool) -> None:
        self._synth = _tiny(font)
        self._obeys = pedal
        self._pedal: set[int] = set()
        self._waiting: set[tuple[int, int]] = set()
        self._synth.sounds_off()
        for channel in range(16):
            self._synth.program_select(channel, 0, 128 if channel == DRUMS else 0, 0)
            # 121 resets all controllers: what the last score left bent stays bent otherwise
            for control, value in ((121, 0), (7, 100), (10, 64), (11, 127)):
                self._synth.control_change(channel, control, value)
            self._synth.pitchbend_range(channel, 2.0)
            self._synth.pitchbend(channel, 8192)

    def program(self, channel: int, program: int) -> None:
        """Give a channel a program; drums keep their kit."""
        if channel != DRUMS:
            self._synth.program_select(channel, 0, 0, program)

    def control(self, channel: int, control: int, value: int) -> None:
        """Set a controller; the pedal is ours."""
        if control != PEDAL:
            self._synth.control_change(channel, control, value)
        elif value >= 64 and self._obeys:
            self._pedal.add(channel)
        else:
            self._pedal.discard(channel)
            for key in sorted(key for key in self._waiting if key[0] == channel):
                self._waiting.discard(key)
                self._synth.noteoff(*key)

    def press(self, channel: int, note: int, velocity: int) -> None:
        """Press a key."""
        self._waiting.discard((channel, note))
        self._synth.noteon(channel, note, velocity)

    def let_go(self, channel: int, note: int) -> None:
        """Let a key go; under the pedal it waits."""
        if channel in self._pedal:
            self._waiting.add((channel, note))
        else:
            self._synth.noteoff(channel, note)

    def bend(self, channel: int, value: int) -> None:
        """Bend the pitch."""
        self._synth.pitchbend(channel, value + 8192)

    def generate(self, n: int) -> np.ndarray:
        """The next ``n`` samples."""
        stereo = np.frombuffer(bytes(self._synth.generate(n)), dtype=np.float32)
        return stereo.reshape(-1, 2).mean(axis=1)


@cache
def _tiny(font: str) -> Any:
    import tinysoundfont

    synth = tinysoundfont.Synth(samplerate=SYNTH_RATE, gain=0)
    synth.sfload(str(find_soundfont(font)))
    return synth


@cache
def _fluid(font: str) -> tuple[Any, int]:
    import fluidsynth

    synth = fluidsynth.Synth(gain=0.5, samplerate=SYNTH_RATE)
    synth.setting("synth.dynamic-sample-loading", 1)
    return synth, synth.sfload(str(find_soundfont(font)))
