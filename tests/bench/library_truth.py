"""How right tempo and key of the library are: ``python -m tests.bench.library_truth --data DIR``.

Conventions
-----------
**Truth**: the scores of VGMIDI, which people wrote down bar by bar with tempo and key signature.
(EMOPIA was transcribed from recordings and says 120 BPM and no key of everything; YM2413-MDB says
150 BPM of nearly everything.) Each is played by a soundfont at the score's own tempo, for at most
`LIMIT_S`, and heard as ``oscbridge library add`` hears a file.

**Tempo** counts where one tempo (within `TOLERANCE`) holds for `STEADY` of what is played. *Right*:
within `TOLERANCE`. *Octaves allowed*: so is half, double, a third or three times of it.

**Key** counts where there is one signature, of a sharp or flat at least: a program that knows no
key writes none. A signature is a major key and its relative minor, and the files do not say which
(mode is left at its default), so *exact* and *relative* of MIREX cannot be told apart. *Right*: one
of both. *Fifth*: a neighbour on the circle of fifths, which MIREX counts half. Chance: the
signature that is most frequent in the sample.

Figures are shares of all that count, an answer that is none is wrong; intervals are 95 % bootstraps
over series of games.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np
import soundfile

from models import metrics
from models.intervals import Resampling
from models.training.corpora import Clip, load_corpus
from models.training.render import RATE, TRAINING_FONTS, Voice, render
from oscbridge.library.listener import Listener
from oscbridge.library.track import Sound

LIMIT_S = 60.0
STEADY = 0.9
TOLERANCE = 0.04
FACTORS = (0.5, 1.0, 2.0, 1 / 3, 3.0)
_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


@dataclass(frozen=True)
class Score:
    """What a score says of itself; None where that does not count.

    Attributes
    ----------
    clip : Clip
    tempo_bpm : float or None
        Beats a minute.
    major : int or None
        Pitch class of the major key of its signature, 1..11.
    """

    clip: Clip
    tempo_bpm: float | None
    major: int | None


def read_score(clip: Clip) -> Score:
    """Read the truth of what is played of a score."""
    tempi: Counter[float] = Counter()
    signatures: set[str] = set()
    now_s, tempo_bpm = 0.0, 0.0  # MIDI's 120 BPM without a word is nobody's opinion
    for message in mido.MidiFile(clip.path, clip=True):
        tempi[tempo_bpm] += min(message.time, max(LIMIT_S - now_s, 0.0))
        now_s += message.time
        if now_s > LIMIT_S:
            break
        if message.type == "set_tempo":
            tempo_bpm = mido.tempo2bpm(message.tempo)
        elif message.type == "key_signature":
            signatures.add(message.key)
    usual = max(tempi, key=lambda bpm: tempi[bpm])
    near = sum(took for bpm, took in tempi.items() if abs(bpm - usual) <= TOLERANCE * usual)
    steady = near >= STEADY * sum(tempi.values())
    major = _major_of(signatures.pop()) if len(signatures) == 1 else None
    return Score(
        clip, (usual or None) if steady else None, major or None
    )  # C may be no signature at all


def _major_of(signature: str) -> int:
    """Pitch class of the major key with this signature."""
    tonic = _LETTERS[signature[0]] + signature.count("#") - signature.count("b")
    return (tonic + (3 if signature.endswith("m") else 0)) % 12


def listen(scores: Sequence[Score]) -> list[Sound]:
    """Play and hear the scores."""
    listener = Listener()
    heard: list[Sound] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "piece.wav"
        for score in scores:
            samples = render(score.clip.path, Voice(TRAINING_FONTS[1]), LIMIT_S)
            soundfile.write(path, samples, RATE)
            heard.append(listener.listen(str(path)).sound)
    return heard


def judge_tempo(truth: float, said: float | None) -> tuple[float, float]:
    """Whether a tempo is right, and whether it is with octaves allowed; 1.0 or 0.0."""
    off = [abs((said or np.inf) / (truth * factor) - 1) <= TOLERANCE for factor in FACTORS]
    return float(off[1]), float(any(off))


def judge_key(truth: int, said: int | None) -> tuple[float, float, float]:
    """Whether a key has the signature, whether that of a fifth beside it, and MIREX's sum."""
    if said is None:
        return 0.0, 0.0, 0.0
    major = said % 12 if said < 12 else (said + 3) % 12
    right, fifth = float(major == truth), float((major - truth) % 12 in (5, 7))
    return right, fifth, right + 0.5 * fifth


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    options = parser.parse_args(arguments)
    scores = [read_score(clip) for clip in load_corpus("vgmidi", options.data)]
    scores = [score for score in scores if score.tempo_bpm or score.major]
    for line in table(scores, listen(scores)):
        print(line)
    return 0


def table(scores: Sequence[Score], sounds: Sequence[Sound]) -> Iterator[str]:
    """Yield the lines of the table."""
    pairs = list(zip(scores, sounds, strict=True))
    timed = [(s.clip, judge_tempo(s.tempo_bpm, h.tempo_bpm)) for s, h in pairs if s.tempo_bpm]
    yield from _figures("tempo", timed, ("within 4 %", "octaves allowed"))
    keyed = [(s.clip, judge_key(s.major, h.key)) for s, h in pairs if s.major]
    yield from _figures("key", keyed, ("signature", "a fifth off", "fifths count half"))
    majors = Counter(score.major for score in scores if score.major)
    yield f"  {'chance':18}{max(majors.values()) / majors.total():.2f}"


def _figures(
    what: str, judged: Sequence[tuple[Clip, tuple[float, ...]]], names: Sequence[str]
) -> Iterator[str]:
    """Yield what was judged, each figure with its interval."""
    draws = Resampling([clip.group for clip, _ in judged])
    yield f"{what}: {len(judged)} pieces of {len({clip.group for clip, _ in judged})} series"
    for name, values in zip(names, np.asarray([row for _, row in judged]).T, strict=True):
        yield f"  {name:18}{draws.estimate(metrics.mean, values)}"


if __name__ == "__main__":
    sys.exit(main())
