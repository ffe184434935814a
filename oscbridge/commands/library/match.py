"""``oscbridge library match``: which tracks fit a feeling, a point of the plane, another track."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from oscbridge.commands.library.among import add_among, columns_among
from oscbridge.commands.library.choice import words_of
from oscbridge.commands.library.listing import whole
from oscbridge.commands.library.playlist_file import (
    add_playlist,
    check_playlist,
    write_playlist,
)
from oscbridge.errors import LibraryError, SettingsError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    import numpy as np

    from oscbridge.labels import Labels
    from oscbridge.library.columns import Columns
    from oscbridge.library.course import Point
    from oscbridge.library.mixing import Groove
    from oscbridge.library.track import Track

DESCRIPTION = """\
List the tracks that come nearest to a feeling, nearest first. Near is what can be expected to be
near: of two tracks at the same place the one that is known better wins. After another track, or
with a key or a tempo, only those are listed that can be mixed: keys that are the same, neighbours
on the Camelot wheel or relative, tempos within 6 %, also at the double or half tempo."""

EXAMPLES = """\
examples:
  oscbridge library match happy                  a word: yours for the quadrants, or calm, tense ...
  oscbridge library match -0.4 0.7               valence and arousal
  oscbridge library match energy 8               however pleasant
  oscbridge library match --after "one more time"    what to play next: alike, and to be mixed
  oscbridge library match happy --key 8A --tempo 124
  oscbridge library match sad --how paper        by polarity, as Jiang et al. (2023) match music
  oscbridge library match calm --genre ambient --count 40 --to calm.m3u8"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library match``."""
    from oscbridge.commands.arguments import beats_per_minute, positive_int

    parser.add_argument(
        "where", metavar="WHERE", nargs="*", help="a feeling, two numbers, or an energy"
    )
    parser.add_argument(
        "--after", metavar="TRACK", help="the track before: words of its names, or its file"
    )
    parser.add_argument("--key", metavar="KEY", help="what it is mixed into: 8A, Am or 1m")
    parser.add_argument(
        "--tempo", metavar="BPM", type=beats_per_minute, help="what it is mixed into"
    )
    parser.add_argument(
        "--how",
        choices=("nearest", "polarity", "paper"),
        default="nearest",
        help="nearest (default), or the nearest of the same polarity: by its sign, or by the "
        "paper's table",
    )
    parser.add_argument("--count", type=positive_int, default=10, metavar="N", help="(default 10)")
    add_among(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    add_playlist(parser)


def run(args: argparse.Namespace) -> int:
    """List tracks; return the exit status, 1 where the playlist could not tell all of them.

    Raises
    ------
    LibraryError
        The library cannot be read, or nothing of it fits.
    SettingsError
        Nobody knows the feeling, the key or the track, or the playlist cannot be written.
    """
    from oscbridge.library.finding import the_track
    from oscbridge.library.matching import Manner, cheapest, costs
    from oscbridge.library.place import opened

    if not (args.where or args.after):
        raise SettingsError(
            "match needs a feeling, as in  match happy --key 8A,  or --after TRACK."
        )
    check_playlist(args)
    words = words_of(args.profile)
    with opened(args.library) as library:
        columns = columns_among(library, args)
        before = the_track(library, args.after) if args.after else None
        aim = _aim(args.where, words, before)
        groove = _groove(args, before)
        played = [columns.index(before.digest)] if before and before.digest in columns.rows else []
        cost = costs(columns, *aim, Manner(args.how), played)
        cost[~_mixable(columns, groove)] = math.inf
        rows = cheapest(cost, args.count)
        if not len(rows):
            raise LibraryError(_why_nothing(columns, groove, args.how))
        found = [library.track(str(digest)) for digest in columns.digests[rows]]
    tracks = [track for track in found if track is not None]
    distances = [float(distance) for distance in cost[rows]]
    if args.json:
        for track, distance in zip(tracks, distances, strict=True):
            print(json.dumps({**whole(track), "distance": round(distance, 4)}))
    else:
        _show(tracks, distances, groove)
    return write_playlist(args, tracks, words)


def _aim(where: Sequence[str], words: Labels, before: Track | None) -> Point:
    """What is aimed at: what is said, or else where the track before is."""
    from oscbridge.library.course import Point
    from oscbridge.library.course_text import point_of

    if where or before is None:
        return point_of(" ".join(where), words)
    return Point(before.sound.valence, before.sound.arousal)


def _groove(args: argparse.Namespace, before: Track | None) -> Groove | None:
    """What is mixed into; None where nothing is said of that."""
    from oscbridge.library.camelot import key_of
    from oscbridge.library.mixing import Groove, groove_of

    groove = Groove(math.nan, -1) if before is None else groove_of(before)
    if args.tempo is not None:
        groove = groove._replace(tempo_bpm=args.tempo)
    if args.key is not None:
        groove = groove._replace(key=key_of(args.key))
    return None if groove.key < 0 and math.isnan(groove.tempo_bpm) else groove


def _mixable(columns: Columns, groove: Groove | None) -> np.ndarray:
    """Which tracks fit what is known of a groove, shape=(n,), bool."""
    import numpy as np

    from oscbridge.library import camelot, mixing

    fitting = np.ones(len(columns), bool)
    if groove is not None and not math.isnan(groove.tempo_bpm):
        fitting &= mixing.tempo_fits(groove.tempo_bpm, columns.tempo_bpm)
    if groove is not None and groove.key >= 0:
        fitting &= camelot.fits(groove.key, columns.key)
    return fitting


def _why_nothing(columns: Columns, groove: Groove | None, how: str) -> str:
    if groove is not None:
        return f"none of {len(columns):,} tracks can be mixed with that in key and tempo."
    return f"none of {len(columns):,} tracks has this polarity by --how {how}."


def _show(tracks: Sequence[Track], distances: Sequence[float], groove: Groove | None) -> None:
    """Print tracks as a table."""
    from oscbridge.readable import printable, signed
    from oscbridge.terminal.tables import build_table, print_giving_way

    table = build_table(
        *("track", ">away", ">valence", ">arousal", ">±", ">energy", ">BPM", ">shift", "key")
    )
    for track, distance in zip(tracks, distances, strict=True):
        sound = track.sound
        table.add_row(
            printable(track.called),
            f"{distance:.2f}",
            signed(sound.valence),
            signed(sound.arousal),
            f"{math.hypot(sound.valence_sd, sound.arousal_sd):.2f}",
            str(sound.energy),
            *mixing_cells(track, groove),
        )
    print_giving_way(table, 0)


def mixing_cells(track: Track, groove: Groove | None) -> tuple[str, str, str]:
    """Tempo, what has to be changed of it to follow a groove, and key; empty where unknown."""
    from oscbridge.library.camelot import code_of
    from oscbridge.library.mixing import tempo_shift

    sound = track.sound
    key = "" if sound.key is None else code_of(sound.key)
    if sound.tempo_bpm is None:
        return "", "", key
    shift = math.nan
    if groove is not None:
        shift = float(tempo_shift(groove.tempo_bpm, [sound.tempo_bpm])[0])
    return f"{sound.tempo_bpm:.0f}", "" if math.isnan(shift) else f"{shift:+.1%}", key
