"""Speech by speech synthesisers: talkers for what has to be told from music.

Conventions
-----------
A `Talker` is a voice of one of three free programs that differ in how they speak: espeak-ng (rules
and formants, a hundred languages), flite and festival (units cut from people's speech). A text goes
in, a WAV file comes out.

Synthetic speech is tidier than people. `speak` draws pitch and pace and resamples to another size
of the head; `unsettle` lets pitch and pace wander and adds breath; rooms, noise and codecs are
added by `models.training.augment`.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

if TYPE_CHECKING:
    from collections.abc import Sequence

_LANGUAGES = (
    *("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "de", "fr-fr", "es", "it", "pt-br", "nl"),
    *("sv", "da", "fi", "pl", "cs", "ru", "tr", "el", "hu", "ro", "hi", "ta", "id", "vi", "sw"),
    *("ar", "fa", "ko", "cmn", "ja", "is", "et", "lv", "bg", "sr", "eu", "ca"),
)
_VARIANTS = (
    *("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5"),
    *("klatt", "klatt2", "klatt3", "klatt4", "croak", "whisper", "whisperf"),
)
_FLITE = ("kal", "awb", "rms", "slt", "kal16")
_FESTIVAL = (
    *("kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts", "pc_diphone", "lp_diphone"),
    *("czech_ph", "czech_dita", "czech_krb", "czech_machac", "suo_fi_lj_diphone"),
    *("hy_fi_mv_diphone", "upc_ca_ona_hts", "msu_ru_nsh_clunits"),
)


class SpeechError(RuntimeError):
    """A speech synthesiser did not speak."""


@dataclass(frozen=True, slots=True)
class Talker:
    """A voice of a program.

    Attributes
    ----------
    program : str
        ``"espeak-ng"``, ``"flite"`` or ``"festival"``.
    voice : str
        As the program names it.
    """

    program: str
    voice: str

    def command(self, text: Path, wav: Path, rng: np.random.Generator) -> list[str]:
        """Command line that reads ``text`` aloud into ``wav``."""
        if self.program == "espeak-ng":
            manner = ("-p", str(rng.integers(5, 95)), "-s", str(rng.integers(110, 240)))
            return ["espeak-ng", "-v", self.voice, *manner, "-f", str(text), "-w", str(wav)]
        if self.program == "flite":
            return ["flite", "-voice", self.voice, "-f", str(text), "-o", str(wav)]
        voice = f"(voice_{self.voice})"
        return ["text2wave", "-eval", voice, str(text), "-o", str(wav)]


def find_talkers() -> list[Talker]:
    """Voices of the programs that are installed, in a fixed order.

    Raises
    ------
    FileNotFoundError
        espeak-ng, the one that is needed, is not there.
    """
    if shutil.which("espeak-ng") is None:
        raise FileNotFoundError(
            "espeak-ng, which speaks the speech to learn from, is not installed"
        )
    talkers = [Talker("espeak-ng", f"{lang}+{v}") for lang in _LANGUAGES for v in _VARIANTS]
    if shutil.which("flite"):
        talkers += [Talker("flite", voice) for voice in _FLITE]
    if shutil.which("text2wave"):
        talkers += [Talker("festival", voice) for voice in _FESTIVAL]
    return talkers


def speak(
    talker: Talker, sentences: Sequence[str], sample_rate: int, rng: np.random.Generator
) -> np.ndarray:
    """Say sentences one after the other.

    Parameters
    ----------
    talker : Talker
    sentences : sequence of str
    sample_rate : int
        Of the result, Hz.
    rng : np.random.Generator
        Draws pitch, pace, and the size of the head.

    Returns
    -------
    np.ndarray, shape=(n,), float32

    Raises
    ------
    SpeechError
        The program did not speak: the voice is not installed, or it cannot say this.
    """
    with tempfile.TemporaryDirectory() as folder:
        text, wav = Path(folder) / "text", Path(folder) / "speech.wav"
        text.write_text("\n".join(sentences) + "\n", encoding="ascii", errors="ignore")
        command = talker.command(text, wav, rng)
        subprocess.run(command, capture_output=True, timeout=300, check=False)
        try:
            samples, rate = soundfile.read(wav, dtype="float32")
        except soundfile.LibsndfileError:
            raise SpeechError(f"{talker.program} did not speak with voice {talker.voice}") from None
    size = rng.uniform(0.85, 1.2)
    return soxr.resample(samples, rate * size, sample_rate).astype(np.float32)


def unsettle(samples: np.ndarray, sample_rate: int, rng: np.random.Generator) -> np.ndarray:
    """Let pitch and pace wander as people's do, up to two semitones, and add breath.

    Parameters
    ----------
    samples : np.ndarray, shape=(n,), float32
    sample_rate : int
        Hz.
    rng : np.random.Generator

    Returns
    -------
    np.ndarray, shape=(n,), float32
    """
    n = len(samples)
    seconds = n / sample_rate
    knots = np.linspace(0.0, n, max(int(seconds * rng.uniform(1.0, 4.0)), 2) + 1)
    depth = rng.uniform(0.0, 0.07)
    speed = np.interp(np.arange(n), knots, 1.0 + depth * rng.standard_normal(len(knots)))
    at = np.cumsum(np.clip(speed, 0.8, 1.25))
    wandering = np.interp(at * (n - 1) / at[-1], np.arange(n), samples)
    smooth = np.ones(sample_rate // 100) / (sample_rate // 100)
    envelope = np.convolve(np.abs(wandering), smooth, mode="same")
    breath = np.diff(rng.standard_normal(n + 1)) * envelope
    return (wandering + 10.0 ** (rng.uniform(-40.0, -8.0) / 20.0) * breath).astype(np.float32)


def babble(voices: Sequence[np.ndarray], n: int, rng: np.random.Generator) -> np.ndarray:
    """Several people at once, shape=(n,), float32, each from somewhere in what she says."""
    mix = np.zeros(n)
    for voice in voices:
        level = rng.uniform(0.3, 1.0) / max(float(np.sqrt(np.mean(voice**2))), 1e-9)
        mix += level * np.roll(np.resize(voice, n), int(rng.integers(n)))
    return (0.1 * mix / len(voices)).astype(np.float32)
