"""MIDI to sound: one score through many instruments, so that no model learns one piano.

Conventions
-----------
Out: mono float32 at `RATE` (the internal rate), peak 0.5. A `Voice` says how a score is played: by
a soundfont (`models.training.synthesisers`), by recorded notes (`models.training.sampled`) or by
strings of our own (`models.training.plucked`); `draw_voice` draws one for training. Soundfonts of
`TRAINING_FONTS` are played by TinySoundFont or, now and then, by FluidSynth. The soundfont
`HELD_OUT`, always played by FluidSynth, is never used in training: models are examined on an
instrument that they have not heard, through a synthesiser that they may have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import mido
import numpy as np
import soxr

from models.training.plucked import Tone, draw_tone
from models.training.sampled import INSTRUMENTS, find_instrument, load_instrument
from models.training.strokes import DRUMS, perform
from models.training.synthesisers import SYNTH_RATE, FluidSynth, TinySoundFont

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.training.synthesisers import Synthesiser

RATE = 24000
TRAINING_FONTS = ("TimGM6mb.sf2", "FluidR3_GM.sf2", "sf_GMbank.sf2")
HELD_OUT = "MuseScore_General.sf3"
VOICES = 2
"""Counts up whenever the voices for training change: part of what cached pools are keyed by."""
_PIANOS = (0, 1, 2, 3)
_OTHERS = (4, 5, 6, 7, 8, 11, 24, 25, 46)  # electric pianos to harp: instruments that decay


@dataclass(frozen=True, slots=True)
class Voice:
    """How a score is played.

    Attributes
    ----------
    font : str
        File name of a soundfont, a name of `INSTRUMENTS`, or "plucked" for our own strings
        (`models.training.plucked`).
    program : int or None
        General MIDI program of every part; None leaves the score's own.
    transpose : int
        Semitones.
    tempo : float
        Factor of the tempo.
    velocity_power : float
        Velocities v become ``127 (v / 127) ** velocity_power``.
    tone : Tone or None
        Of our own strings.
    pedal : bool
        Whether the pedal holds notes in TinySoundFont; all else always obeys it.
    fluid : bool
        Whether FluidSynth plays the soundfont, with reverb and chorus, instead of TinySoundFont;
        the held-out font is always played by it.
    """

    font: str = TRAINING_FONTS[0]
    program: int | None = 0
    transpose: int = 0
    tempo: float = 1.0
    velocity_power: float = 1.0
    tone: Tone | None = None
    pedal: bool = False
    fluid: bool = False


def draw_voice(rng: np.random.Generator, piano: bool, fluid: bool = False) -> Voice:
    """Draw a voice for training: never the held-out one, changes that keep the emotion.

    Soundfonts obey the pedal mostly, not always: transcribed scores hold it nearly all the time,
    and not every synthesiser obeys.

    Parameters
    ----------
    piano : bool
        A score for one keyboard; other scores keep their programs.
    fluid : bool
        A soundfont played by FluidSynth, nothing else.
    """
    if fluid:
        return replace(draw_voice(rng, piano=False), program=0 if piano else None, fluid=True)
    kind = str(rng.choice(("font", "sampled", "plucked"), p=(0.5, 0.3, 0.2))) if piano else "font"
    names = {"font": TRAINING_FONTS, "sampled": tuple(INSTRUMENTS), "plucked": ("plucked",)}
    program = int(rng.choice(_PIANOS if rng.random() < 0.8 else _OTHERS)) if piano else None
    return Voice(
        font=str(rng.choice(names[kind])),
        program=program,
        transpose=int(rng.integers(-2, 3)),
        tempo=float(rng.uniform(0.95, 1.05)),
        velocity_power=float(np.exp(rng.uniform(-0.5, 0.4))),
        tone=draw_tone(rng) if kind == "plucked" else None,
        pedal=bool(rng.random() < 0.8),
    )


def read_messages(path: Path, limit_s: float) -> Iterator[tuple[float, mido.Message]]:
    """Messages of a score with their times, seconds, up to ``limit_s``."""
    now_s = 0.0
    for message in mido.MidiFile(path, clip=True):
        now_s += message.time
        if now_s > limit_s:
            return
        if not message.is_meta and hasattr(message, "channel"):
            yield now_s, message


def _synthesiser(voice: Voice) -> Synthesiser:
    """Who plays the soundfont of a voice."""
    if voice.fluid or voice.font == HELD_OUT:
        return FluidSynth(voice.font)
    return TinySoundFont(voice.font, voice.pedal)


def _play(
    messages: list[tuple[float, mido.Message]], player: Synthesiser, voice: Voice
) -> Iterator[np.ndarray]:
    """Pieces of audio between the messages."""
    at = 0
    if voice.program is not None:
        for channel in range(16):
            player.program(channel, voice.program)
    for time_s, message in messages:
        stop = int(time_s / voice.tempo * SYNTH_RATE)
        if stop > at:
            yield player.generate(stop - at)
            at = stop
        channel = message.channel
        shift = 0 if channel == DRUMS else voice.transpose
        if message.type == "note_on" and message.velocity > 0:
            velocity = round(127.0 * (message.velocity / 127.0) ** voice.velocity_power)
            player.press(channel, min(max(message.note + shift, 0), 127), max(velocity, 1))
        elif message.type in ("note_on", "note_off"):
            player.let_go(channel, min(max(message.note + shift, 0), 127))
        elif message.type == "control_change":
            player.control(channel, message.control, message.value)
        elif message.type == "pitchwheel":
            player.bend(channel, message.pitch)
        elif message.type == "program_change" and voice.program is None:
            player.program(channel, message.program)
    yield player.generate(SYNTH_RATE // 2)


def render(path: Path, voice: Voice, limit_s: float = 60.0) -> np.ndarray:
    """Play a score.

    Parameters
    ----------
    path : Path
        MIDI file.
    voice : Voice
    limit_s : float
        How much of the score is played, seconds.

    Returns
    -------
    np.ndarray, shape=(n,), float32
        At `RATE`; silence before the first note is left out.
    """
    messages = list(read_messages(path, limit_s))
    if voice.tone is not None:
        samples = perform(messages, voice.tone, voice.tempo, voice.transpose, RATE)
    elif voice.font in INSTRUMENTS:
        instrument = load_instrument(find_instrument(voice.font), RATE)
        samples = perform(messages, instrument, voice.tempo, voice.transpose, RATE)
    else:
        parts = list(_play(messages, _synthesiser(voice), voice))
        samples = soxr.resample(np.concatenate(parts), SYNTH_RATE, RATE, quality="MQ")
    loud = np.flatnonzero(np.abs(samples) > 1e-4)
    samples = samples[loud[0] if len(loud) else 0 :]
    peak = float(np.max(np.abs(samples), initial=1e-9))
    return (samples * (0.5 / peak)).astype(np.float32)
