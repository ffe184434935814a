"""How fast a library is, and how large: ``python -m tests.bench.library [TRACKS]``.

Conventions
-----------
The tracks are invented, with eight sections each, all over the plane; names are made of 3,000
words. Written in batches of 1,000. Of each question the median and the most of `REPEATS` are
printed, milliseconds that passed, then of processor time: what passes grows with what else runs.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from oscbridge.library.limits import Limits
from oscbridge.library.store import Library
from oscbridge.library.track import Names, Section, Track
from tests.library.crates import made_track

REPEATS = 15
BATCH = 1000
GENRES = ("house", "techno", "pop", "jazz", "ambient")


def invented(count: int) -> list[Track]:
    """Tracks with all that a real one has."""
    dice = random.Random(1)
    words = [f"{a}{b}{c}" for a in "blmnrst" for b in "aeiou" for c in ("", *range(85))]
    return [_one(dice, words, number) for number in range(count)]


def _one(dice: random.Random, words: Sequence[str], number: int) -> Track:
    sections = tuple(
        Section(
            *(30.0 * part, 30.0 * part + 30.0, dice.uniform(-1, 1), dice.uniform(-1, 1), 0.5, 1),
            *(None, 5, dice.uniform(60, 180), 3, -9.3, tuple(dice.random() for _ in range(12))),
        )
        for part in range(8)
    )
    track = made_track(
        f"/music/{dice.choice(words)}/{number:06} {' '.join(dice.choices(words, k=2))}.mp3",
        dice.uniform(-1, 1),
        dice.uniform(-1, 1),
        "somebody",
        energy=dice.randint(1, 10),
        tempo_bpm=dice.uniform(60, 180),
        key=dice.randrange(24),
        embedding=sections[0].embedding,
        sections=sections,
    )
    title, artist, album = (" ".join(dice.choices(words, k=2)) for _ in range(3))
    return replace(track, names=Names(title, artist, album, dice.choice(GENRES)))


def questions(library: Library, tracks: Sequence[Track]) -> dict[str, Callable[[], object]]:
    """What is asked."""
    picky = Limits(energy=(10, 10), keys=(3,), tempo_bpm=(120, 121))
    some = tracks[len(tracks) // 2]
    return {
        "track by digest": lambda: library.track(some.digest),
        "file unchanged?": lambda: library.known(some.path, 1, 2),
        "find a rare word": lambda: library.find("bla7"),
        "find a frequent word": lambda: library.find("house"),
        "find a word of all": lambda: library.find("mp3"),
        "find a word of all by energy": lambda: library.find("mp3", order="energy"),
        "find a first letter": lambda: library.find("m"),
        "find two first letters": lambda: library.find("b l"),
        "find within limits": lambda: library.find("house", picky),
        "count a word of all": lambda: library.count(words="mp3"),
        "list by artist": lambda: list(library.tracks(count=50)),
        "list by energy": lambda: list(library.tracks(order="energy", count=50)),
        "list by tempo within limits": lambda: list(library.tracks(picky, order="tempo", count=50)),
        "count within limits": lambda: library.count(picky),
        "20 nearest": lambda: library.near(0.5, 0.5, 20),
        "20 nearest within limits": lambda: library.near(0.5, 0.5, 20, picky),
        "20 nearest of a genre": lambda: library.near(0.5, 0.5, 20, Limits(genre="jazz")),
        "20 nearest of many genres": lambda: library.near(0.5, 0.5, 20, replace(picky, genre="t")),
    }


def main(count: int) -> None:
    """Measure, and print a table."""
    tracks = invented(count)
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder) / "library.sqlite") as made:
        began_s, began_cpu_s = time.perf_counter(), time.process_time()
        for start in range(0, count, BATCH):
            made.put(tracks[start : start + BATCH])
        took_s, took_cpu_s = time.perf_counter() - began_s, time.process_time() - began_cpu_s
        print(f"{count:,} tracks, {made.stats().size / count:,.0f} bytes a track")
        print(
            f"{count / took_s:,.0f} written a second, {count / took_cpu_s:,.0f} of processor time"
        )
        for name, ask in questions(made, tracks).items():
            print(f"{name:28} {_timed(ask)}")
        print(f"{'all numbers as arrays':28} {_timed(made.columns)}")


def _timed(ask: Callable[[], object]) -> str:
    took_ms: list[tuple[float, float]] = []
    for _ in range(REPEATS):
        began_s, began_cpu_s = time.perf_counter(), time.process_time()
        ask()
        took_cpu_s = time.process_time() - began_cpu_s
        took_ms.append((1e3 * (time.perf_counter() - began_s), 1e3 * took_cpu_s))
    spans, costs = zip(*took_ms, strict=True)
    middle, most = statistics.median(spans), max(spans)
    cost, most_cost = statistics.median(costs), max(costs)
    return f"{middle:8.1f} {most:8.1f} {cost:8.1f} {most_cost:8.1f} ms"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
