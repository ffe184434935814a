"""What the text model learns from: texts, and what people and the teacher say of them.

Conventions
-----------
A `Lessons` is a list of texts with targets, NaN where nothing is known: ratings in deviations,
probabilities of GoEmotions' labels, and the teacher's state (its leading directions). Texts that
people rated keep their ratings; all others are labelled by the teacher.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.text_tokens import read_tokens
from models.training.keeping import write_arrays
from models.training.text_corpora import LABELS, RATINGS
from models.training.text_glosses import glosses

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from models.training.text_teacher import Teacher

STATES = 48
"""Directions of the teacher's state that are learned."""
FEWEST = 2
"""Words that were met less often are not asked for alone."""
NEGATIONS = ("not {}", "it's not {}", "i'm not {}", "isn't {} at all", "never {}", "i don't {} it")
NEGATED = -0.74
"""What is left of a word's valence after a negation (Hutto & Gilbert 2014)."""
CHANGED = 0.08
"""Share of the words of a variant that are left out, and as many are others."""
LEXICON_SHARE = 0.5
"""How much the lexicon counts beside the teacher, where a word is in both."""
CLEAR = 1.2
"""Words of the lexicon beyond this (of 4) are also asked for in phrases."""
PHRASES = ("this is {}", "i am so {}", "not {}", "it isn't {}", "you are {}", "that was {} !")


@dataclass(frozen=True, slots=True)
class Lessons:
    """Texts and their targets.

    Attributes
    ----------
    texts : list of str
    ratings : np.ndarray, shape=(n, 3)
    labels : np.ndarray, shape=(n, LABELS)
    states : np.ndarray, shape=(n, STATES)
    times : np.ndarray, shape=(n,)
        How often each counts in a pass.
    varied : np.ndarray, shape=(n,), bool
        Whether it may be rewritten as in a chat (`text_variation`).
    """

    texts: list[str]
    ratings: np.ndarray
    labels: np.ndarray
    states: np.ndarray
    times: np.ndarray
    varied: np.ndarray

    @property
    def arrays(self) -> tuple[np.ndarray, ...]:
        """All but the texts, in the order of the attributes."""
        return self.ratings, self.labels, self.states, self.times, self.varied

    def __add__(self, other: Lessons) -> Lessons:
        """Both, one after the other."""
        pairs = zip(self.arrays, other.arrays, strict=True)
        return Lessons(self.texts + other.texts, *(np.concatenate(pair) for pair in pairs))

    def __getitem__(self, rows: np.ndarray) -> Lessons:
        """Some of them, by their numbers."""
        return Lessons([self.texts[i] for i in rows], *(array[rows] for array in self.arrays))


def write_lessons(path: Path, lessons: Lessons) -> None:
    """Keep lessons in a file of arrays."""
    write_arrays(
        path,
        texts=np.asarray("\n".join(" ".join(text.split("\n")) for text in lessons.texts)),
        ratings=lessons.ratings,
        labels=lessons.labels.astype(np.float16),
        states=lessons.states.astype(np.float16),
        times=lessons.times,
        varied=lessons.varied,
    )


def read_lessons(path: Path) -> Lessons:
    """Read what `write_lessons` wrote."""
    with np.load(path, allow_pickle=False) as found:
        numbers = [found[name] for name in ("ratings", "labels", "states", "times")]
        return Lessons(
            str(found["texts"]).split("\n"),
            *(array.astype(np.float32) for array in numbers),
            found["varied"],
        )


class Directions:
    """The leading directions of the teacher's states, each with deviation 1.

    Parameters
    ----------
    states : np.ndarray, shape=(n, width)
        Of many texts.
    """

    def __init__(self, states: np.ndarray) -> None:
        self._mean = states.mean(axis=0)
        values, vectors = np.linalg.eigh(np.cov(states - self._mean, rowvar=False))
        chosen = np.argsort(values)[::-1][:STATES]
        self._turn = vectors[:, chosen] / np.sqrt(values[chosen])

    def __call__(self, states: np.ndarray) -> np.ndarray:
        """Coordinates of states, shape=(n, STATES)."""
        return ((states - self._mean) @ self._turn).astype(np.float32)


def ask(
    teacher: Teacher,
    texts: Sequence[str],
    directions: Directions,
    *,
    written: Sequence[str] | None = None,
    times: float = 1.0,
    varied: bool = False,
) -> Lessons:
    """Have texts labelled by the teacher.

    Parameters
    ----------
    teacher : Teacher
    texts : sequence of str
        What the teacher reads.
    directions : Directions
        Of its states.
    written : sequence of str, optional
        What the student reads instead.
    times, varied
        As of `Lessons`.
    """
    said = teacher.say(list(texts))
    n = len(texts)
    return Lessons(
        list(written if written is not None else texts),
        said.ratings.astype(np.float32),
        (1.0 / (1.0 + np.exp(-said.labels))).astype(np.float32),
        directions(said.states),
        np.full(n, times, np.float32),
        np.full(n, varied),
    )


def words_of(texts: Sequence[str]) -> list[str]:
    """Words that were met at least `FEWEST` times, the commonest first."""
    counts: dict[str, int] = {}
    for text in texts:
        for token in read_tokens(text):
            if token.kind == "word":
                counts[token.text] = counts.get(token.text, 0) + 1
    common = [word for word, count in counts.items() if count >= FEWEST]
    return sorted(common, key=lambda word: -counts[word])


def pieces_of(texts: Sequence[str], rng: np.random.Generator) -> list[str]:
    """A stretch of three to eight words of each longer text, from a comma on where there is one."""
    found: list[str] = []
    for text in texts:
        words = text.split()
        if len(words) < 7:
            continue
        starts = [i + 1 for i, word in enumerate(words[:-3]) if word[-1] in ",.;:!?"]
        begin = int(rng.choice(starts)) if starts else int(rng.integers(len(words) - 3))
        found.append(" ".join(words[begin : begin + int(rng.integers(3, 9))]))
    return found


def variants_of(texts: Sequence[str], times: int, rng: np.random.Generator) -> list[str]:
    """Stretches of most of each text with words left out or changed for others, to be labelled.

    That is how little networks learn from a large one what it knows of a kind of text (Tang et al.,
    Distilling task-specific knowledge from BERT into simple neural networks, 2019).
    """
    words = [word for text in texts for word in text.split()]
    found: list[str] = []
    for text in texts:
        own = text.split()
        for _ in range(times if len(own) > 3 else 0):
            length = max(3, round(len(own) * float(rng.uniform(0.4, 1.0))))
            begin = int(rng.integers(len(own) - length + 1))
            chances = rng.random(length)
            taken = [
                word if chance > 2 * CHANGED else words[int(rng.integers(len(words)))]
                for word, chance in zip(own[begin : begin + length], chances, strict=True)
                if chance > CHANGED
            ]
            found.append(" ".join(taken))
    return found


def ask_lexicon(
    teacher: Teacher, lexicon: dict[str, float], directions: Directions
) -> tuple[Lessons, float]:
    """Have the words of a lexicon labelled by it and by the teacher.

    Parameters
    ----------
    lexicon : dict of str to float
        Valence of words and signs, -4..4.

    Returns
    -------
    Lessons
        Valence is the mean of both where the teacher knows the word (letters only).
    float
        Deviations of valence for one unit of the lexicon.
    """
    lessons = ask(teacher, list(lexicon), directions, times=1.0)
    scores = np.asarray(list(lexicon.values()), np.float32)
    known = np.asarray([word.isalpha() and len(word) > 2 for word in lexicon])
    said = lessons.ratings[known, 0]
    scale = float(said @ scores[known] / (scores[known] @ scores[known]))
    share = np.where(known, LEXICON_SHARE, 1.0)
    lessons.ratings[:, 0] = (1.0 - share) * lessons.ratings[:, 0] + share * scale * scores
    lessons.ratings[~known, 1:] = np.nan
    lessons.labels[~known] = np.nan
    lessons.states[~known] = np.nan
    return lessons, scale


def negate(lexicon: dict[str, float], said: Lessons, times: float) -> Lessons:
    """Negations of the clear words of a lexicon, whose valence is turned and weakened.

    Parameters
    ----------
    lexicon : dict of str to float
        Valence of words, -4..4.
    said : Lessons
        The words alone, as `ask_lexicon` labelled them: they tell the scale.
    """
    scores = np.asarray([lexicon.get(text, 0.0) for text in said.texts])
    scale = float(said.ratings[:, 0] @ scores / (scores @ scores))
    clear = [word for word, score in lexicon.items() if abs(score) > CLEAR and word.isalpha()]
    texts = [phrase.format(word) for word in clear for phrase in NEGATIONS]
    ratings = np.full((len(texts), len(RATINGS)), np.nan, np.float32)
    turned = [NEGATED * scale * lexicon[word] for word in clear]
    ratings[:, 0] = np.repeat(turned, len(NEGATIONS))
    negations = rated(texts, ratings, times)
    negations.varied[:] = False
    return negations


def ask_signs(teacher: Teacher, names: dict[str, str], directions: Directions) -> Lessons:
    """Have emotes, short words and emoji labelled by what they mean.

    Parameters
    ----------
    names : dict of str to str
        Emoji and their names; what has a gloss keeps it.
    """
    meant = dict(glosses())
    plain = {sign: name for sign, name in names.items() if sign not in meant}
    some = ask(teacher, list(meant.values()), directions, written=list(meant), times=4.0)
    return some + ask(teacher, list(plain.values()), directions, written=list(plain), times=1.0)


def rated(texts: list[str], ratings: np.ndarray, times: float) -> Lessons:
    """Texts that people rated, in deviations; nothing else is known of them."""
    n = len(texts)
    return Lessons(
        texts,
        ratings.astype(np.float32),
        np.full((n, LABELS), np.nan, np.float32),
        np.full((n, STATES), np.nan, np.float32),
        np.full(n, times, np.float32),
        np.ones(n, bool),
    )
