"""Train the text model (`models.text`), examine it, and write its weights and their card.

::

    python -m models.training.train_text DATA_FOLDER --cache FOLDER [--limit 240]

Data: EmoBank, GoEmotions and the chat of `models.training.text_corpora`, the lexicon of VADER (the
package vaderSentiment), names of emoji (the package emoji), our own glosses. What takes long is
kept in the cache, and ends after about ``--limit`` seconds: call it again until it says that it has
written the weights. About 30 minutes of one core in all.

1. A sentence encoder learns EmoBank and GoEmotions (`text_teacher`), without a thousand sentences
   that are set aside, and labels comments, pieces of texts, words, phrases and glosses.
2. The student (`text_network`) learns from these labels and from the ratings. The sentences and two
   thousand comments that are set aside chose the recipe and calibrate confidence.
3. It goes on with chat messages: five times without a fifth of their groups, whose figures are
   those of the card, and once with all messages and sentences. That one is shipped.

The dev parts of EmoBank and GoEmotions are read once, at the end.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.cards import build_card, training_cost
from models.text import NAME, TextModel, certainty_features
from models.text_language import WordList
from models.text_tokens import FRONT_END, read_tokens
from models.training import text_course as course
from models.training import text_report as report
from models.training.splits import split_digest
from models.training.text_confidence import CLEAR, fit_certainty, sides_of
from models.training.text_corpora import (
    CHAT,
    EMOBANK,
    GOEMOTIONS,
    NEUTRAL,
    polarity_of,
    read_emobank,
    read_goemotions,
)
from models.training.text_division import COMMENTS_ASIDE, Corpora, load_corpora
from models.training.text_glosses import glosses
from models.training.text_lessons import words_of
from models.training.text_network import Student, Vocabulary
from models.weights import FOLDER, Weights, write_weights

LEARNING_S = 1800.0
"""Of one core, all steps together, as it was when the shipped weights were made."""
LIMITS = (
    "English; of other languages only emoji, emoticons and punctuation, and it says so",
    "what a line expresses to its readers, which is not always what its writer feels",
    "irony without a mark of it is taken at its word",
    "each line by itself: it does not know what was said before",
    "emotes that are neither known nor made of known parts say nothing",
    "ten readers agree with ten others on valence (r .80), little on arousal (.46) and dominance "
    "(.37): nobody can correlate with their means by more than .89, .68 and .61",
)


def list_words(corpora: Corpora) -> np.ndarray:
    """Bits of the words that count as English, chat's own among them."""
    lexicon = [word for word in course.read_lexicon() if word.isalpha()]
    chat = [token.text for form, _ in glosses() for token in read_tokens(form)]
    return WordList.build([*words_of(corpora.comments + corpora.sentences), *lexicon, *chat])


def calibrate(
    student: Student, chat: np.ndarray, corpora: Corpora, english: WordList
) -> np.ndarray:
    """Four numbers of confidence, from texts that the student has not learned.

    Parameters
    ----------
    student : Student
        Before it has seen any chat.
    chat : np.ndarray
        Valence of the messages, each by who has not learned its group.
    """
    aside = np.flatnonzero(corpora.aside)
    sentences = [corpora.sentences[i] for i in aside]
    comments = corpora.comments[:COMMENTS_ASIDE]
    polarity = polarity_of(corpora.labels[:COMMENTS_ASIDE])
    vocabulary = Vocabulary()
    parts = [
        sides_of(
            sentences,
            corpora.ratings[aside, 0] - NEUTRAL,
            student.say(sentences, vocabulary)[:, 0],
            CLEAR,
        ),
        sides_of(comments, polarity, student.say(comments, vocabulary)[:, 0], 0.0),
        sides_of(corpora.messages, corpora.sentiment, chat, 0.0),
    ]
    return fit_certainty(parts, english)


def examine(
    arrays: dict[str, np.ndarray],
    corpora: Corpora,
    chat: np.ndarray,
    untaught: np.ndarray,
    data: Path,
) -> dict[str, Any]:
    """Figures of the card."""
    model = TextModel(Weights(NAME, arrays, {"front_end": FRONT_END, "sha256": ""}))
    sentences = read_emobank(data / "emobank", "dev")
    comments = read_goemotions(data / "goemotions", "dev")
    english, sure = WordList(arrays["english"]), arrays["certainty"]
    logits = [
        sure @ certainty_features(valence, read_tokens(text), english)
        for text, valence in zip(corpora.messages, chat, strict=True)
    ]
    confidence = 1.0 / (1.0 + np.exp(-np.maximum(logits, 0.0)))
    emobank = report.of_sentences(model, (corpora.sentences, corpora.ratings), sentences)
    goemotions = report.of_comments(model, comments)
    division = split_digest(corpora.folds, corpora.groups.tolist())
    live = report.of_chat(corpora, chat, untaught, confidence)
    return {
        "n": {
            "emobank dev": len(sentences[0]),
            "goemotions dev": len(comments[0]),
            "chat": len(chat),
        },
        "split": "the authors' train and dev of EmoBank and GoEmotions; chat in five folds, no "
        f"group of repeated messages in two, division {division}",
        "interval": "95 %, bootstrap over texts (chat: groups of repeated messages), 2,000 draws",
        "emobank dev": emobank,
        "goemotions dev": goemotions,
        "chat, messages not learned": live,
    }


def build_facts(figures: dict[str, Any], seed: int) -> dict[str, Any]:
    """The card of the shipped model."""
    return build_card(
        model=NAME,
        kind="text",
        task="valence, arousal and dominance of one line of English text, chats included",
        answers_every_s=0.0,
        data=[EMOBANK, GOEMOTIONS, CHAT],
        licence="Learned from data of which some was given for non-commercial use (the chat) and "
        "some under CC BY-SA 4.0 (EmoBank). The weights contain no text.",
        licence_short="non-commercial",
        intended_use="what a player writes as one sign of how he feels; not for judging people",
        limits=LIMITS,
        figures=figures,
        training=training_cost(LEARNING_S, cores=1),
        front_end=FRONT_END,
        teacher="all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0), fitted by us to EmoBank and "
        "GoEmotions; it labelled texts and is not part of the weights",
        lexicon="VADER 3.3.2 (Hutto & Gilbert 2014, MIT): learned by the word vectors",
        recipe={
            "passes": course.EPOCHS,
            "passes with chat": course.CHAT_EPOCHS,
            "share of people's ratings": course.SHARE,
        },
        seed=seed,
    )


def main() -> None:
    """Go through the steps, as far as they are not done."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("data", type=Path, help="folder of emobank, goemotions and twitch_chat")
    parser.add_argument("--cache", type=Path, required=True, help="where what takes long is kept")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where weights and card go")
    parser.add_argument("--limit", type=float, default=240.0, help="seconds for one call, about")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    until = time.perf_counter() + options.limit
    options.cache.mkdir(parents=True, exist_ok=True)
    corpora = load_corpora(options.data)
    made = course.make(corpora, options.cache, options.seed, until)
    if made is None:
        print("not finished: call again, it goes on from here")
        return
    student, chat, final = made
    untaught = student.say(corpora.messages, Vocabulary())[:, 0]
    arrays = final.arrays() | {"english": list_words(corpora)}
    arrays["certainty"] = calibrate(student, chat, corpora, WordList(arrays["english"]))
    figures = examine(arrays, corpora, chat, untaught, options.data)
    for name, value in figures.items():
        print(f"{name}: {value}")
    write_weights(NAME, arrays, build_facts(figures, options.seed), options.out)
    print(f"wrote {options.out / NAME}.npz and its card")


if __name__ == "__main__":
    main()
