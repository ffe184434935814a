"""A line of text as tokens: words, pieces of words, punctuation, emoticons, emoji, and their marks.

Conventions
-----------
People who chat write ``sooooo GOOD!!! :D``. A line is cut into at most `MOST_TOKENS` tokens; each
is known by its ``word`` (lower case, letters that are drawn out written twice at most), by
``pieces`` of it, so that a word that was never met is known by its parts, and by `MARKS`: written
in capitals, drawn out, said again. Web addresses, ``@names``, placeholders such as ``[NAME]`` and
numbers become one token each. Skin tones and other variants of an emoji do not count.

Words and pieces are numbers below `BUCKETS`, by a hash (CRC-32): there is no list of words, and
what a word means is learned for its bucket. Pieces are the word in angle brackets cut into runs of
`PIECE_LENGTHS` letters (Bojanowski et al., Enriching word vectors with subword information, 2017),
the parts of a word ``writtenLikeThis2``, and the word with nothing drawn out.

The same code reads texts in training and at run time.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

BUCKETS = 1 << 15
"""Of words, and as many of pieces."""
PIECE_LENGTHS = (3, 4)
MOST_PIECES = 24
MOST_TOKENS = 48
"""Of a longer line the beginning and the end are read."""
MOST_CHARACTERS = 4000
MOST_REPEATS = 3
"""Of the same token in a row."""
MARKS = ("capitals", "drawn out", "again")
FRONT_END = f"1: crc32 {BUCKETS} {PIECE_LENGTHS} {MOST_PIECES} {MOST_TOKENS} {' '.join(MARKS)}"
"""Says how texts are cut; weights name the cut that they were trained on."""

EMOJI = (
    "\u203c\u2049\u2139\u2194-\u21aa\u231a-\u23ff\u25aa-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001f3fa\U0001f400-\U0001faff"
)
_NO_MEANING = re.compile("[\ufe0e\ufe0f\u200d\u200b\u2060\u2061-\u206f\U0001f3fb-\U0001f3ff]")
_EMOTICON = (
    r"<3+|</3|[<>]?[:;=8x][-o*']?[)(\]\[}{|/\\@$*]+|[<>]?[:;=][-']?[dpos3cx]+\b|d-?[:=]|\\o/"
    r"|\^[_.]?\^|[t>;][_.][t<;](?!\w)|-[_.]+-|>[_.]<|[ou0][_.][ou0]\b"
)
_TOKEN = re.compile(
    r"(?P<url>https?://\S+|www\.\S+)|(?P<user>@\w+)|(?P<placeholder>\[[A-Z]+\])"
    rf"|(?P<emoticon>(?<!\w)(?:{_EMOTICON}))|(?P<sarcasm>(?<!\S)/s\b)"
    r"|(?P<word>[^\W_]*[^\W\d_][^\W_]*(?:['’][^\W\d_]+)*)|(?P<number>\d+)"
    rf"|(?P<points>[!?.…]+)|(?P<emoji>[{EMOJI}])|(?P<sign>[^\w\s])",
    re.IGNORECASE,
)
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_RUN = re.compile(r"(.)\1+")
_NOSE = re.compile(r"([:;=8x])[-o]")
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_STOOD_FOR = {"url": "<url>", "user": "<user>", "placeholder": "<name>", "number": "<number>"}


class Token(NamedTuple):
    """One token of a line.

    Attributes
    ----------
    text : str
        As it counts: ``"good"``, ``"!!!"``, ``"😂"``, ``"<user>"``.
    kind : str
        ``"word"``, ``"points"``, ``"emoticon"``, ``"emoji"``, ``"sarcasm"``, ``"sign"`` or what
        was replaced: ``"url"``, ``"user"``, ``"placeholder"``, ``"number"``.
    word : int
        Bucket of the token.
    pieces : tuple of int
        Buckets of its pieces, which are at least one.
    marks : tuple of bool
        Which of `MARKS` it has.
    """

    text: str
    kind: str
    word: int
    pieces: tuple[int, ...]
    marks: tuple[bool, bool, bool]


def read_tokens(line: str) -> list[Token]:
    """Cut a line into its tokens, at most `MOST_TOKENS`; none where nothing is written."""
    plain = _NO_MEANING.sub("", unicodedata.normalize("NFKC", line[:MOST_CHARACTERS]))
    found = [_read(match.lastgroup or "sign", match.group()) for match in _TOKEN.finditer(plain)]
    tokens: list[Token] = []
    for _, run in groupby(found, key=lambda token: token.text):
        first, *others = run
        again = others[: MOST_REPEATS - 1]
        tokens += [first, *(one._replace(marks=(*one.marks[:2], True)) for one in again)]
    if len(tokens) > MOST_TOKENS:
        half = MOST_TOKENS // 2
        tokens = tokens[:half] + tokens[-half:]
    return tokens


def bucket(text: str) -> int:
    """Bucket of a text."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) % BUCKETS


@lru_cache(maxsize=1 << 14)
def _read(kind: str, written: str) -> Token:
    """Describe one token; people use few words often, and these are remembered."""
    if kind in _STOOD_FOR:
        text = _STOOD_FOR[kind]
    elif kind == "points":
        text = written.replace("…", "...")[:3]
    elif kind == "emoticon":
        text = _NOSE.sub(r"\1", _RUN.sub(r"\1", written.lower()))
    else:
        text = _DRAWN_OUT.sub(r"\1\1", written.lower().replace("’", "'"))
    is_word = kind == "word"
    drawn_out = is_word and bool(_DRAWN_OUT.search(written.lower()))
    capitals = is_word and len(written) > 1 and written.isupper()
    return Token(text, kind, bucket(text), _pieces(text, written), (capitals, drawn_out, False))


def _pieces(text: str, written: str) -> tuple[int, ...]:
    """Buckets of the pieces of a token, no more than `MOST_PIECES`."""
    framed = f"<{text}>"
    pieces = [
        framed[start : start + length]
        for length in PIECE_LENGTHS
        for start in range(len(framed) - length + 1)
    ]
    parts = [part.lower() for part in _PARTS.findall(written)]
    whole = _RUN.sub(r"\1", text)
    words = {f"={word}" for word in (*parts, whole) if len(word) > 1}
    return tuple(bucket(piece) for piece in (*sorted(words), *pieces)[:MOST_PIECES]) or (0,)
