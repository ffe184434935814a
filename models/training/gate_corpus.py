"""What the gate learns from: sounds, each music or not, as pools.

Conventions
-----------
A `Sound` is a stretch of pools with its truth and its fold. Music comes from the labelled corpora,
from scores drawn at random (`gate_scores`) and as music under speech; what is no music is made by
`gate_sounds` and spoken by `speech`. Both go through the same rooms, loudspeakers, levels and
codecs, so that none of these tells them apart. The fold of a sound of the corpora is that of
`models.training.splits`; of synthetic sounds it goes round, of speech it depends on the voice.

Music counts as music where it is at least as strong as what sounds over it (`MIX_DB`).
"""

from __future__ import annotations

import hashlib
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from models.frontend import FRONT_END
from models.training.augment import augment, mix_under
from models.training.corpora import CORPORA, load_corpus, read_mono
from models.training.gate_scores import SCORES
from models.training.gate_sounds import SOUNDS
from models.training.keeping import write_arrays
from models.training.lessons import HEARINGS
from models.training.oscillators import oscillate
from models.training.render import RATE, TRAINING_FONTS, Voice, render
from models.training.rows import PoolReader, load_pools
from models.training.speech import SpeechError, Talker, babble, find_talkers, speak, unsettle
from models.training.splits import FOLDS, assign_folds

T = TypeVar("T")
Row = tuple[str, bool, int, np.ndarray]
"""Kind, whether it is music, fold, and samples or pools."""

SECONDS = 14.0
"""Length of a synthetic sound, seconds."""
MIX_DB = (0.0, 15.0)
"""How far speech or noise lies under the music of a mixture, dB."""
MOST_VERSIONS = 3
"""A recording is heard as it is and in so many versions less one."""
NUMBERS = {
    "speech": 360,
    "babble": 60,
    "over": 90,
    "mixed": 160,
    "synth": 120,
    "score": 60,
    "sound": 40,
}
"""Sounds of each synthetic kind; "score" and "sound" count for each kind of score and of sound."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A stretch that is music throughout, or is not.

    Attributes
    ----------
    pools : np.ndarray, shape=(n_pools, width), float32
    music : bool
    kind : str
        Corpus or kind of sound.
    fold : int
        Who hears it only in the examination.
    plain : bool
        As recorded, not augmented.
    """

    pools: np.ndarray
    music: bool
    kind: str
    fold: int
    plain: bool


def load_music(data: Path, cache: Path, corpora: tuple[str, ...] = CORPORA) -> list[Sound]:
    """Music of the labelled corpora, heard as the music model hears it (the cache is shared)."""
    sounds: list[Sound] = []
    for name in corpora:
        clips = load_corpus(name, data)
        folds = assign_folds([c.quadrant for c in clips], [c.group for c in clips])
        for versions, fold in zip(load_pools(clips, HEARINGS[name], cache), folds, strict=True):
            for i, pools in enumerate(versions[:MOST_VERSIONS]):
                sounds.append(Sound(pools, True, name, int(fold), i == 0))
    return [sound for sound in sounds if len(sound.pools) > 6]


def load_synthetic(data: Path, cache: Path, seed: int = 0, workers: int = 2) -> list[Sound]:
    """Everything that is made here, from the cache where it is there.

    Raises
    ------
    FileNotFoundError
        A speech synthesiser, a soundfont or a corpus is missing.
    """
    layout = PoolReader().extractor.layout.digest
    speeches = _stored(cache, f"speech {seed} {NUMBERS['speech']} {SECONDS}")
    if not speeches.is_file():
        talkers, sentences = find_talkers(), _read_sentences(data)
        jobs = [(talkers, sentences, seed, i) for i in range(NUMBERS["speech"])]
        with ProcessPoolExecutor(workers) as pool:
            said = list(tqdm(pool.map(_say, jobs), total=len(jobs), unit="speech"))
        _store(
            speeches, [(program, False, fold, x.astype(np.float16)) for program, fold, x in said]
        )
    sounds: list[Sound] = []
    setup = (speeches, data)
    with ProcessPoolExecutor(workers, initializer=_prepare, initargs=setup) as pool:
        for kind in ("speech", "babble", "over", "mixed", "synth", *SCORES, *SOUNDS):
            number = NUMBERS.get(kind, NUMBERS["score" if kind in SCORES else "sound"])
            path = _stored(cache, f"{layout} {FRONT_END} {seed} {SECONDS} {kind} {number}")
            if not path.is_file():
                jobs = [(kind, i, seed) for i in range(number)]
                _store(path, list(tqdm(pool.map(_hear, jobs), total=number, unit=kind)))
            rows = _restore(path)
            sounds += [Sound(pools, music, k, fold, False) for k, music, fold, pools in rows]
    return [sound for sound in sounds if len(sound.pools) > 6]


def _stored(cache: Path, key: str) -> Path:
    return cache / f"gate-{hashlib.sha256(key.encode()).hexdigest()[:12]}.npz"


def _store(path: Path, rows: list[Row]) -> None:
    kinds, truths, folds = (np.asarray([row[i] for row in rows]) for i in range(3))
    arrays = {f"p{i}": row[3] for i, row in enumerate(rows)}
    write_arrays(path, kinds=kinds, truths=truths, folds=folds, **arrays)


def _restore(path: Path) -> list[Row]:
    with np.load(path) as stored:
        columns = [stored[key].tolist() for key in ("kinds", "truths", "folds")]
        return [
            (str(kind), bool(music), int(fold), stored[f"p{i}"])
            for i, (kind, music, fold) in enumerate(zip(*columns, strict=True))
        ]


def _say(job: tuple[list[Talker], list[str], int, int]) -> tuple[str, int, np.ndarray]:
    """Program, fold and samples of a speech; one of four by voices that were cut from people."""
    talkers, sentences, seed, i = job
    rng = np.random.default_rng([seed, i])
    cut = [talker for talker in talkers if talker.program != "espeak-ng"]
    while True:
        talker = _one(cut if cut and i % 4 == 0 else talkers, rng)
        said = [_one(sentences, rng) for _ in range(2)]
        try:
            samples = speak(talker, said, RATE, rng)[: int(SECONDS * RATE)]
        except SpeechError:  # a voice that is not installed, a word it cannot say: ask another
            continue
        voice = talker.voice.partition("+")[0]
        fold = int(hashlib.sha256(voice.encode()).hexdigest(), 16) % FOLDS
        return talker.program, fold, samples


_readers: list[PoolReader] = []
_speeches: list[tuple[str, int, np.ndarray]] = []
_clips: list[tuple[Path, int]] = []


def _prepare(speeches: Path, data: Path) -> None:
    """Give a worker process what its jobs share."""
    _readers[:] = [PoolReader()]
    _speeches[:] = [(kind, fold, said) for kind, _, fold, said in _restore(speeches)]
    clips = load_corpus("panda_4q", data)
    folds = assign_folds([c.quadrant for c in clips], [c.group for c in clips])
    _clips[:] = [(c.path, int(fold)) for c, fold in zip(clips, folds, strict=True)]


def _hear(job: tuple[str, int, int]) -> Row:
    """Make one synthetic sound and read its pools."""
    kind, i, seed = job
    rng = np.random.default_rng([seed, i, *kind.encode()])
    fold = i % FOLDS
    music = kind in (*SCORES, "mixed", "synth")
    if kind == "speech":
        kind, fold, said = _speeches[i]
        samples = _people(said, rng)
    elif kind == "babble":
        some = [_voice(fold, rng) for _ in range(int(rng.integers(2, 9)))]
        samples = babble(some, int(SECONDS * RATE), rng)
    elif kind == "over":
        under = _one(list(SOUNDS.values()), rng)(SECONDS, RATE, rng)
        over = np.resize(_voice(fold, rng), len(under))
        samples = mix_under(over, under, float(rng.uniform(-5.0, 25.0)))
    elif kind == "mixed":
        path, fold = _one(_clips, rng)
        samples = read_mono(path, RATE)[: int(SECONDS * RATE)]
        other = _voice(fold, rng)
        if rng.random() < 0.35:
            other = _one(list(SOUNDS.values()), rng)(SECONDS, RATE, rng)
        samples = mix_under(samples, np.resize(other, len(samples)), float(rng.uniform(*MIX_DB)))
    elif kind == "synth":
        draw = _one(list(SCORES.values()), rng)
        samples = oscillate(draw(SECONDS, rng), SECONDS, RATE, rng)
    elif kind in SCORES:
        samples = _play(kind, rng)
    else:
        samples = SOUNDS[kind](SECONDS, RATE, rng)
    return kind, music, fold, _readers[0].read(_colour(samples, rng))


def _voice(fold: int, rng: np.random.Generator) -> np.ndarray:
    """A speech of a fold."""
    return _people(_one([said for _, f, said in _speeches if f == fold], rng), rng)


def _people(said: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Speech as it was synthesised in one case of three, else less tidy."""
    samples = said.astype(np.float32)
    return samples if rng.random() < 0.33 else unsettle(samples, RATE, rng)


def _play(kind: str, rng: np.random.Generator) -> np.ndarray:
    """A score drawn at random, played by a soundfont."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "score.mid"
        SCORES[kind](SECONDS, rng).save(path)
        return render(path, Voice(str(rng.choice(TRAINING_FONTS)), program=None), SECONDS)


def _read_sentences(data: Path) -> list[str]:
    """Sentences that people wrote, of a length that one says in one go."""
    lines = (data / "goemotions" / "dev.tsv").read_text(encoding="utf-8").splitlines()
    texts = [line.partition("\t")[0] for line in lines]
    return [text for text in texts if 40 <= len(text) <= 160 and text.isascii()]


def _one(things: list[T], rng: np.random.Generator) -> T:
    return things[int(rng.integers(len(things)))]


def _colour(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """As recorded in one case of three, else through `augment`; at any level."""
    samples = np.resize(samples, max(len(samples), 8 * RATE))  # `augment` may cut six seconds
    if rng.random() < 0.67:
        return augment(samples, RATE, rng)
    peak = max(float(np.max(np.abs(samples))), 1e-9)
    return (samples * (10.0 ** (rng.uniform(-40.0, 0.0) / 20.0) / peak)).astype(np.float32)
