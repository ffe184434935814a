"""Does S4's recommender offer what people like? Replayed on listeners of Emotify.

Conventions
-----------
Who is examined, and what each of them played, stands in `models.training.history_users`; each week
is drawn `DRAWS` times.

**Replay**: `OFFERS` tracks are offered one after the other, and she answers as she did in life:
what she liked is accepted, the rest is rejected. Only tracks that she rated are offered, so that
every answer is known. A *hit* is an offer that she liked.

Tags are those of the fold model of ``music`` that has not heard the track; its side targets were
what listeners felt, never what they liked. The judge of the averaged descriptors is the shipped
``lstm_attention``, which knows no track of Emotify.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from models import metrics
from models.intervals import Resampling
from models.training import results
from models.training.corpora import read_mono
from models.training.history_users import (
    NOW_S,
    choose_users,
    draw_week,
    popularity,
    read_users,
)
from models.training.keeping import write_arrays
from models.training.personal_hearing import hear_corpus
from models.training.personal_listeners import quadrants_at
from models.weights import read_weights
from models.zoo.descriptors import SAMPLE_RATE
from models.zoo.history import Order, Recommender, Shelf, describe_track
from models.zoo.lstm_attention import LstmAttention

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.training.corpora import Clip
    from models.training.history_users import Week
    from models.training.personal_hearing import Heard

DRAWS = 10
OFFERS = 5
METHODS = ("random", "most liked by others", "genre played most", "S4, drawn", "sound alone", "S4")


@dataclass(frozen=True)
class Music:
    """The tracks of Emotify.

    Attributes
    ----------
    names : tuple of str
    genres : np.ndarray, shape=(n,), str
    shelf : Shelf
        Tags and sounds.
    rows : list of np.ndarray, shape=(n_segments, 50)
        Descriptors.
    """

    names: tuple[str, ...]
    genres: np.ndarray
    shelf: Shelf
    rows: list[np.ndarray]


def replay(
    music: Music, week: Week, judge: Callable[[np.ndarray], np.ndarray], order: Order
) -> list[int]:
    """Tracks that S4 offers, each answered before the next is offered."""
    recommender = Recommender(
        music.shelf, lambda name: music.rows[int(name)], judge, week.seed, order
    )
    plays = week.plays
    probabilities = recommender.estimate(plays, NOW_S)
    left = set(week.candidates)
    offered: list[int] = []
    while left and len(offered) < OFFERS:
        quadrant = recommender.choose(probabilities)
        found = recommender.offer(quadrant, plays, NOW_S, len(music.names))
        track = next((t for t in map(int, found) if t in left), None)
        if track is not None:
            offered.append(track)
            left.discard(track)
        (recommender.accept if track in week.liked else recommender.reject)(quadrant)
    return offered


def offers_of(
    method: str,
    music: Music,
    week: Week,
    popular: np.ndarray,
    judge: Callable[[np.ndarray], np.ndarray],
) -> list[int]:
    """The first `OFFERS` tracks that a method offers.

    Raises
    ------
    ValueError
        There is no such method.
    """
    tracks = np.asarray(week.candidates)
    played, counts = np.asarray(list(week.played)), np.asarray(list(week.played.values()))
    if method == "random":
        return tracks[:OFFERS].tolist()
    if method == "most liked by others":
        return tracks[np.argsort(-popular[tracks], kind="stable")][:OFFERS].tolist()
    if method == "genre played most":
        same = counts @ (music.genres[played][:, None] == music.genres[tracks])
        return tracks[np.argsort(-same, kind="stable")][:OFFERS].tolist()
    if method == "sound alone":
        sounds = music.shelf.sounds
        far = np.square(sounds[tracks] - np.average(sounds[played], axis=0, weights=counts))
        return tracks[np.argsort(far.sum(axis=1), kind="stable")][:OFFERS].tolist()
    if method not in METHODS:
        raise ValueError(f"there are {', '.join(METHODS)}, not {method!r}")
    return replay(music, week, judge, "drawn" if "drawn" in method else "alike")


def examine(
    users: Sequence[dict[int, float]],
    rows: Sequence[int],
    music: Music,
    judge: Callable[[np.ndarray], np.ndarray],
) -> dict[str, Any]:
    """Hit rate of each method, and its gain over chance and over popularity, paired by user."""
    hits: dict[str, list[float]] = defaultdict(list)
    any_hit: dict[str, list[float]] = defaultdict(list)
    for row in tqdm(rows, unit="user"):
        popular = popularity(users, row, len(music.names))
        weeks = [draw_week(users[row], (row, draw)) for draw in range(DRAWS)]
        for method in METHODS:
            found = [
                [t in week.liked for t in offers_of(method, music, week, popular, judge)]
                for week in weeks
            ]
            hits[method].append(float(np.mean([np.mean(one) for one in found])))
            any_hit[method].append(float(np.mean([any(one) for one in found])))
    draws = Resampling([str(row) for row in rows])
    return {
        method: {
            "hit rate": draws.estimate(metrics.mean, np.asarray(hits[method])).rounded,
            "one of five": draws.estimate(metrics.mean, np.asarray(any_hit[method])).rounded,
            **{
                f"over {other}": draws.estimate(
                    metrics.mean, np.asarray(hits[method]) - np.asarray(hits[other])
                ).rounded
                for other in METHODS[:2]
            },
        }
        for method in METHODS
    }


def load_music(heard: Heard, cache: Path) -> Music:
    """Tags, sounds and descriptors of the tracks; slow the first time."""
    names = tuple(clip.path.name for clip in heard.clips)
    shelf = Shelf(
        [str(number) for number in range(len(names))], quadrants_at(heard.points), heard.features
    )
    genres = np.asarray([name.partition("_")[0] for name in names])
    return Music(names, genres, shelf, _described(heard.clips, cache))


def _described(clips: Sequence[Clip], cache: Path) -> list[np.ndarray]:
    """Descriptors of each clip, from the cache if they are there."""
    path = cache / f"history-{len(clips)}.npz"
    if not path.is_file():
        rows = [describe_track(read_mono(clip.path, SAMPLE_RATE)) for clip in tqdm(clips)]
        write_arrays(path, lengths=np.asarray([len(r) for r in rows]), rows=np.concatenate(rows))
    with np.load(path) as stored:
        return np.split(stored["rows"], np.cumsum(stored["lengths"])[:-1])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what was computed")
    parser.add_argument("--folds", type=Path, required=True, help="folder of the fold models")
    parser.add_argument("--tried", action="store_true", help="print those that choices are made on")
    parser.add_argument("--out", type=Path, default=results.FOLDER, help="where the results go")
    parser.add_argument("--readme", type=Path, default=results.README, help="page with the tables")
    options = parser.parse_args(arguments)

    heard = hear_corpus("emotify", options.data, options.cache, options.folds)
    music = load_music(heard, options.cache)
    network = LstmAttention(read_weights("lstm_attention").arrays)
    users = read_users(options.data, music.names)
    tried, examined = choose_users(users)
    rows = tried if options.tried else examined
    figures = examine(users, rows, music, lambda one: network.answer(one).quadrants)
    if options.tried:
        print(results.to_text(figures))
        return 0
    answers = [len(users[row]) for row in rows]
    found = {
        "folds": list(heard.folds),
        "users": len(rows),
        "answers": [min(answers), float(np.median(answers)), max(answers)],
        "draws": DRAWS,
        "offers": OFFERS,
        "methods": figures,
    }
    results.write(options.out, "history", found)
    results.write_tables(options.readme, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
