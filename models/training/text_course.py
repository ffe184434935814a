"""The course of the text model: what it learns when, kept in a cache wherever it takes long.

Conventions
-----------
As `models.training.train_text` tells: a teacher labels, a student learns, then goes on with chat. A
cache is a folder; what is in it is not made again. Whoever changes a constant here begins a new
one.
"""

from __future__ import annotations

import copy
import functools
import operator
import time
from typing import TYPE_CHECKING

import numpy as np
import torch

from models.training.keeping import write_arrays
from models.training.splits import FOLDS
from models.training.text_corpora import RATINGS
from models.training.text_division import COMMENTS_ASIDE, Corpora
from models.training.text_lessons import (
    CLEAR,
    PHRASES,
    Directions,
    Lessons,
    ask,
    ask_lexicon,
    ask_signs,
    negate,
    pieces_of,
    rated,
    read_lessons,
    variants_of,
    words_of,
    write_lessons,
)
from models.training.text_network import Student, Vocabulary
from models.training.text_teacher import fit_teacher
from models.training.text_teaching import Teaching

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PARTS = ("comments", "sentences", "stretches", "words", "lexicon", "signs", "phrases", "variants")
"""Of the lessons, each a file of the cache."""
EPOCHS = 7
SHARE = 0.7
"""Of people's ratings in the targets of EmoBank, beside the teacher's."""
TIMES = {
    "comments": 1.0,
    "sentences": 2.0,
    "stretches": 0.7,
    "words": 0.5,
    "phrases": 0.6,
    "variants": 0.7,
}
"""How often texts of each part are met in a pass."""
VARIANTS = 4
"""Of each sentence."""
CHAT_EPOCHS, CHAT_STEP_SIZE, CHAT_TIMES = 3, 0.35, 3.0
CHAT_SIZE = 1.1
"""Deviations of valence that stand for a sentiment of 1."""
NEGATED_TIMES = 0.15
"""How often each negation is met in a pass beside the chat."""
REMEMBERED = 0.12
"""Share of the other lessons that are met again beside the chat."""


def read_lexicon() -> dict[str, float]:
    """Words and signs of VADER and their valence, -4..4."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer().lexicon


def read_emoji() -> dict[str, str]:
    """Emoji of one sign and their English names."""
    import emoji

    found: dict[str, str] = {}
    for sign, facts in emoji.EMOJI_DATA.items():
        plain = sign.replace("\ufe0f", "")
        if facts["status"] == emoji.STATUS["fully_qualified"] and len(plain) == 1:
            found[plain] = facts["en"].strip(":").replace("_", " ").replace("-", " ")
    return found


def phrases_of(
    lexicon: dict[str, float], rng: np.random.Generator, most: int = 14_000
) -> list[str]:
    """Phrases with the clear words of a lexicon."""
    clear = [word for word, score in lexicon.items() if abs(score) > CLEAR and word.isalpha()]
    phrases = [phrase.format(word) for word in clear for phrase in PHRASES]
    return [phrases[i] for i in rng.permutation(len(phrases))[:most]]


def ask_teacher(corpora: Corpora, cache: Path, limit_s: float) -> bool:
    """Put the lessons of each part into the cache; False where time ran out before."""
    began = time.perf_counter()
    waiting = [name for name in PARTS if not (cache / f"{name}.npz").exists()]
    if not waiting:
        return True
    wanted = corpora.deviations[~corpora.aside]
    teacher = fit_teacher(
        (corpora.learned, wanted), (corpora.comments, corpora.labels), cache / "teacher.pt", limit_s
    )
    if teacher is None:
        return False
    rng = np.random.default_rng(2)
    texts, lexicon = corpora.comments + corpora.learned, read_lexicon()
    directions = Directions(teacher.say(corpora.comments[:5000]).states)
    build: dict[str, Callable[[], Lessons]] = {
        "comments": lambda: ask(teacher, corpora.comments, directions, varied=True),
        "sentences": lambda: ask(teacher, corpora.learned, directions, varied=True),
        "stretches": lambda: ask(teacher, pieces_of(texts, rng), directions),
        "words": lambda: ask(teacher, words_of(texts), directions),
        "lexicon": lambda: ask_lexicon(teacher, lexicon, directions),
        "signs": lambda: ask_signs(teacher, read_emoji(), directions),
        "phrases": lambda: ask(teacher, phrases_of(lexicon, rng), directions),
        "variants": lambda: ask(teacher, variants_of(corpora.learned, VARIANTS, rng), directions),
    }
    for name in waiting:
        if time.perf_counter() - began > limit_s:
            return False
        write_lessons(cache / f"{name}.npz", build[name]())
        print(f"{name}: {time.perf_counter() - began:.0f} s", flush=True)
    return True


def gather(corpora: Corpora, cache: Path) -> tuple[Lessons, Lessons]:
    """All lessons but those set aside, and those of signs."""
    parts = {name: read_lessons(cache / f"{name}.npz") for name in PARTS}
    for name, times in TIMES.items():
        parts[name].times[:] = times
    sentences = parts["sentences"].ratings
    sentences *= 1.0 - SHARE
    sentences += SHARE * corpora.deviations[~corpora.aside]
    parts["comments"] = parts["comments"][np.arange(COMMENTS_ASIDE, len(corpora.comments))]
    return functools.reduce(operator.add, parts.values()), parts["signs"]


def learn(
    corpora: Corpora, cache: Path, vocabulary: Vocabulary, seed: int, until: float
) -> Student | None:
    """The student before it has seen any chat; None where time ran out before."""
    torch.manual_seed(seed)
    lessons, signs = gather(corpora, cache)
    teaching = Teaching(Student(), lessons, signs, epochs=EPOCHS, seed=seed, vocabulary=vocabulary)
    return teaching.student if teaching.run(cache / f"student-{seed}.pt", until) else None


def learn_chat(
    student: Student,
    corpora: Corpora,
    cache: Path,
    rows: np.ndarray,
    vocabulary: Vocabulary,
    *,
    everything: bool,
    seed: int,
) -> Student:
    """Go on with chat messages and negations, and some of what was learned before.

    Parameters
    ----------
    student : Student
        Is left as it is.
    rows : np.ndarray
        Messages to learn.
    vocabulary : Vocabulary
        Shared by those who learn the same.
    everything : bool
        Whether the sentences and comments that were set aside are learned too.
    """
    lessons, signs = gather(corpora, cache)
    lessons.times[:] *= REMEMBERED
    ratings = np.full((len(rows), len(RATINGS)), np.nan, np.float32)
    ratings[:, 0] = CHAT_SIZE * corpora.sentiment[rows]
    chat = rated([corpora.messages[i] for i in rows], ratings, CHAT_TIMES)
    chat.varied[:] = False
    lessons += chat + negate(read_lexicon(), read_lessons(cache / "lexicon.npz"), NEGATED_TIMES)
    if everything:
        aside = np.flatnonzero(corpora.aside)
        sentences = [corpora.sentences[i] for i in aside]
        lessons += rated(sentences, corpora.deviations[aside], 1.0)
        lessons += read_lessons(cache / "comments.npz")[np.arange(COMMENTS_ASIDE)]
    teaching = Teaching(
        copy.deepcopy(student),
        lessons,
        signs,
        epochs=CHAT_EPOCHS,
        seed=seed,
        step_size=CHAT_STEP_SIZE,
        vocabulary=vocabulary,
    )
    teaching.run()
    return teaching.student


def agreement(student: Student, corpora: Corpora) -> list[float]:
    """Correlation with the ratings of the sentences that were set aside, of each axis."""
    rows = np.flatnonzero(corpora.aside)
    said = student.say([corpora.sentences[i] for i in rows], Vocabulary())
    both = zip(corpora.ratings[rows].T, said.T, strict=True)
    return [round(float(np.corrcoef(truth, guess)[0, 1]), 3) for truth, guess in both]


def make(
    corpora: Corpora, cache: Path, seed: int, until: float
) -> tuple[Student, np.ndarray, Student] | None:
    """Go through the course as far as time allows; what is done is in the cache.

    Parameters
    ----------
    until : float
        By `time.perf_counter`; a step that has begun is finished.

    Returns
    -------
    student : Student
        Before it has seen any chat.
    valence : np.ndarray, shape=(k,)
        Of every message by a student that has not learned its group, in deviations.
    final : Student
        Who has learned everything.
    None
        Time ran out.
    """
    if not ask_teacher(corpora, cache, until - time.perf_counter()):
        return None
    vocabulary = Vocabulary()
    student = learn(corpora, cache, vocabulary, seed, until)
    if student is None:
        return None
    valence = np.zeros(len(corpora.messages), np.float32)
    for fold in range(FOLDS):
        held = np.flatnonzero(corpora.folds == fold)
        path = cache / f"chat-{seed}-{fold}.npz"
        if not path.exists():
            if time.perf_counter() > until:
                return None
            others = np.flatnonzero(corpora.folds != fold)
            fitted = learn_chat(
                student, corpora, cache, others, vocabulary, everything=False, seed=seed
            )
            said = fitted.say([corpora.messages[i] for i in held], vocabulary)[:, 0]
            print(f"fold {fold}, sentences set aside: {agreement(fitted, corpora)}", flush=True)
            write_arrays(path, valence=said)
        with np.load(path) as found:
            valence[held] = found["valence"]
    path, final = cache / f"final-{seed}.pt", Student()
    if path.exists():
        final.load_state_dict(torch.load(path, weights_only=True))
        return student, valence, final
    if time.perf_counter() > until:
        return None
    every = np.arange(len(corpora.messages))
    final = learn_chat(student, corpora, cache, every, vocabulary, everything=True, seed=seed)
    torch.save(final.state_dict(), path)
    return student, valence, final
