"""Which music fits who has played what: S4's recommender on a library.

Conventions
-----------
Who listens is described by the tracks of the library that were played most often in the last week
(`models.zoo.history`). What was offered and what was answered is kept in the library: answers of
the last week hold. The same plays, answers and seed give the same offers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.personal_features import FEATURES
from models.weights import read_weights
from models.zoo.descriptors import WIDTH
from models.zoo.history import WEEK_S, Order, Play, Recommender, Shelf
from models.zoo.lstm_attention import LstmAttention
from oscbridge.errors import InputError
from oscbridge.library.connection import explained
from oscbridge.library.history.described import segments_of
from oscbridge.library.history.listens import between
from oscbridge.library.history.naming import Naming

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oscbridge.library.store import Library

JUDGE = "lstm_attention"
ACCEPTED, REJECTED = "accepted", "rejected"


@dataclass(frozen=True, slots=True)
class Advice:
    """What is offered, and why.

    Attributes
    ----------
    quadrant : int
        1..4, the listener's category.
    probabilities : tuple of 4 float
        Of the quadrants, as the plays say (by their tags where none of them can be heard); all
        alike where the category was kept.
    kept : bool
        Whether the category is one that was accepted before.
    top : sequence of (str, int)
        Digests of the tracks that this rests on, with how often each was played.
    unread : dict of str to str
        Digests of those that could not be heard, with the reason.
    offers : sequence of str
        Digests of the tracks, the best first.
    """

    quadrant: int
    probabilities: tuple[float, ...]
    kept: bool
    top: Sequence[tuple[str, int]]
    unread: dict[str, str]
    offers: Sequence[str]


def advise(
    library: Library,
    now_s: float,
    count: int = 5,
    seed: int = 0,
    order: Order = "alike",
    on_heard: Callable[[], None] = lambda: None,
) -> Advice | None:
    """Offer music to who has played what the library knows of the last week, and keep the offer.

    Parameters
    ----------
    library : Library
        Open for writing.
    now_s : float
        When the week ends, Unix time.
    count : int
        Offers.
    seed : int
        Of ties and draws.
    order : str
        `models.zoo.history.Order`.
    on_heard : callable
        Called whenever a track has been described.

    Returns
    -------
    Advice or None
        None where no track of the library was played.

    Raises
    ------
    LibraryError
        The library cannot be read or written.
    """
    listens = between(library, now_s - WEEK_S, now_s)
    named = Naming(library).plays_of(listens)
    plays = [Play(digest, listen.time_s) for digest, listen in named if digest]
    unread: dict[str, str] = {}
    network = LstmAttention(read_weights(JUDGE).arrays)
    recommender = Recommender(
        shelf_of(library),
        lambda digest: _rows(library, digest, unread, on_heard),
        lambda rows: network.answer(rows).quadrants,
        seed,
        order,
    )
    top = recommender.top(plays, now_s)
    if not top:
        return None
    for quadrant, answer in _answers(library, now_s):
        (recommender.accept if answer == ACCEPTED else recommender.reject)(quadrant)
    kept = recommender.kept is not None
    probabilities = np.full(4, 0.25) if kept else recommender.estimate(plays, now_s)
    if len(unread) == len(top):  # no file of them is left: what they are tagged with has to do
        probabilities = _tagged(library, top)
    quadrant = recommender.choose(probabilities)
    offers = recommender.offer(quadrant, plays, now_s, count)
    with library.writing() as connection:
        connection.execute("INSERT INTO offers (time_s, quadrant) VALUES (?, ?)", (now_s, quadrant))
    said = tuple(float(p) for p in probabilities)
    return Advice(quadrant, said, kept, top, unread, offers)


def answer(library: Library, said: str) -> int | None:
    """Keep the answer to the last offer; return its quadrant, None where nothing was offered.

    Parameters
    ----------
    library : Library
        Open for writing.
    said : str
        `ACCEPTED` or `REJECTED`.
    """
    with library.writing() as connection:
        row = connection.execute(
            "UPDATE offers SET answer = ? WHERE id = (SELECT max(id) FROM offers)"
            " RETURNING quadrant",
            (said,),
        ).fetchone()
    return int(row[0]) if row else None


def shelf_of(library: Library) -> Shelf:
    """All tracks of a library: their quadrants, and how they sound."""
    with explained(library.path):
        rows = library.connection.execute(
            "SELECT digest, quadrant, embedding FROM tracks"
            " JOIN details ON details.track = tracks.id ORDER BY id"
        ).fetchall()
    sounds = np.full((len(rows), len(FEATURES)), np.nan)
    for place, (_, _, packed) in enumerate(rows):
        if len(packed) == sounds.itemsize * len(FEATURES):
            sounds[place] = np.frombuffer(packed, "<f8")
    quadrants = np.asarray([row[1] for row in rows], dtype=int)
    return Shelf([row[0] for row in rows], quadrants, sounds)


def _rows(
    library: Library, digest: str, unread: dict[str, str], on_heard: Callable[[], None]
) -> np.ndarray:
    """Descriptors of a track; none where it cannot be heard, which is noted."""
    try:
        return segments_of(library, digest)
    except InputError as error:
        unread[digest] = str(error)
        return np.zeros((0, WIDTH), np.float32)
    finally:
        on_heard()


def _tagged(library: Library, top: Sequence[tuple[str, int]]) -> np.ndarray:
    """Shares of the quadrants of tracks by how often they were played, shape=(4,)."""
    shares = np.zeros(4)
    for digest, count in top:
        track = library.track(digest)
        if track is not None and track.sound.quadrant:
            shares[track.sound.quadrant - 1] += count
    return shares / shares.sum() if shares.any() else np.full(4, 0.25)


def _answers(library: Library, now_s: float) -> list[tuple[int, str]]:
    """Answers of the last week, the oldest first."""
    with explained(library.path):
        return library.connection.execute(
            "SELECT quadrant, answer FROM offers WHERE answer != '' AND time_s BETWEEN ? AND ?"
            " ORDER BY id",
            (now_s - WEEK_S, now_s),
        ).fetchall()
