"""``oscbridge library journey``: a set that follows a curve, or leads to another feeling."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from oscbridge.commands.library.among import add_among, columns_among
from oscbridge.commands.library.choice import words_of
from oscbridge.commands.library.listing import whole
from oscbridge.commands.library.match import mixing_cells
from oscbridge.commands.library.playlist_file import (
    add_playlist,
    check_playlist,
    write_playlist,
)
from oscbridge.errors import LibraryError, SettingsError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from oscbridge.labels import Labels
    from oscbridge.library.course import Course, Curve, Steps
    from oscbridge.library.journey import Stop
    from oscbridge.library.track import Track

MINUTES = 60.0
ARTIST_GAP = 5
SHORTEST_S = 60.0

DESCRIPTION = """\
Choose a set from the library. It follows a curve through the plane of valence and arousal, drawn
over its time; or it leads from how somebody feels to how he or she shall feel, in steps of bounded
length, a track each (the iso principle of music therapy; no claim about health is made). No track
comes twice. An artist comes again within five tracks, and a step is longer, only where the library
has nothing else. The same library gives the same set."""

EXAMPLES = """\
examples:
  oscbridge library journey "0:calm 30:happy 60:energy 9"     minutes and feelings
  oscbridge library journey --shape arc --minutes 90 --mix    a known shape; keys and tempos fit
  oscbridge library journey --file evening.csv                minute,valence,arousal or minute,point
  oscbridge library journey --from tense --towards calm       by iso, in steps of 0.25
  oscbridge library journey --from -0.6 0.7 --towards 0.5 -0.4 --step 0.15
  oscbridge library journey --shape warm-up --genre house --to warm-up.nml"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``oscbridge library journey``."""
    from oscbridge.commands.arguments import (
        minutes,
        seconds_from_zero,
        step_in_plane,
        whole_number,
    )
    from oscbridge.library.course import STRIDE
    from oscbridge.library.course_text import SHAPES

    parser.add_argument("curve", metavar="CURVE", nargs="?", help="minutes and feelings")
    parser.add_argument("--shape", metavar="NAME", help=f"one of {', '.join(SHAPES)}")
    parser.add_argument(
        "--minutes", type=minutes, metavar="N", help=f"of a shape (default {MINUTES:g})"
    )
    parser.add_argument(
        "--file", type=Path, metavar="FILE", help="a curve: .csv, or .toml with [[point]] tables"
    )
    parser.add_argument(
        "--from", dest="start", nargs="+", metavar="WHERE", help="how somebody feels"
    )
    parser.add_argument("--towards", nargs="+", metavar="WHERE", help="how he or she shall feel")
    parser.add_argument(
        "--step",
        type=step_in_plane,
        metavar="D",
        help=f"longest step in the plane (default {STRIDE:g})",
    )
    parser.add_argument("--mix", action="store_true", help="also look at keys and tempos")
    parser.add_argument(
        "--artist-gap",
        type=whole_number,
        default=ARTIST_GAP,
        metavar="N",
        help=f"tracks of others between two of one artist (default {ARTIST_GAP})",
    )
    parser.add_argument(
        "--shortest",
        type=seconds_from_zero,
        default=SHORTEST_S,
        metavar="S",
        help=f"leave shorter tracks out (default {SHORTEST_S:g} s)",
    )
    add_among(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    add_playlist(parser)


def run(args: argparse.Namespace) -> int:
    """Choose a set; return the exit status, 1 where the playlist could not tell all of it.

    Raises
    ------
    LibraryError
        The library cannot be read, or nothing of it fits.
    SettingsError
        The curve cannot be read, or the playlist cannot be written.
    InputError
        The file cannot be read.
    """
    from oscbridge.library.journey import plan
    from oscbridge.library.matching import Manner
    from oscbridge.library.place import opened

    check_playlist(args)
    words = words_of(args.profile)
    course = _course(args, words)
    manner = Manner("mix" if args.mix else "nearest", args.artist_gap, args.shortest)
    with opened(args.library) as library:
        columns = columns_among(library, args)
        stops = plan(columns, course, manner, longest_step=_longest_step(args))
        if not stops:
            raise LibraryError(
                f"nothing in the library fits: all tracks are silent, or shorter than "
                f"{args.shortest:g} s (--shortest)."
            )
        found = [library.track(str(columns.digests[stop.row])) for stop in stops]
    pairs = [(stop, track) for stop, track in zip(stops, found, strict=True) if track is not None]
    if args.json:
        for stop, track in pairs:
            print(json.dumps(_plain_stop(stop, track)))
    else:
        _show(pairs)
        _sum_up(pairs, course)
    return write_playlist(args, [track for _, track in pairs], words)


def _course(args: argparse.Namespace, words: Labels) -> Curve | Steps:
    """The course that is meant.

    Raises
    ------
    SettingsError
        None, or several.
    """
    from oscbridge.library.course import STRIDE, Point, iso_steps
    from oscbridge.library.course_text import curve_of, point_of, read_curve, shape_of

    said = [args.curve, args.shape, args.file, args.start or args.towards]
    if sum(one is not None for one in said) != 1:
        raise SettingsError(
            'a journey needs one of these: a curve, as in "0:calm 30:happy", --shape, --file, or '
            "--from with --towards."
        )
    if args.minutes is not None and args.shape is None:
        raise SettingsError(
            "--minutes is for --shape: the others say themselves how long they are."
        )
    if args.curve is not None:
        return curve_of(args.curve, words)
    if args.shape is not None:
        return shape_of(args.shape, args.minutes or MINUTES)
    if args.file is not None:
        return read_curve(args.file, words)
    if args.start is None or args.towards is None:
        raise SettingsError("--from says how somebody feels, --towards whereto: give both.")
    ends = [point_of(" ".join(where), words) for where in (args.start, args.towards)]
    if any(math.isnan(axis) for point in ends for axis in Point(*point)):
        raise SettingsError("--from and --towards are feelings, or two numbers; no energy.")
    return iso_steps(*ends, stride=args.step or STRIDE)


def _longest_step(args: argparse.Namespace) -> float:
    """From one track to the next, in the plane."""
    from oscbridge.library.course import STRIDE

    if args.step is not None:
        return float(args.step)
    return STRIDE if args.start else math.inf


def _plain_stop(stop: Stop, track: Track) -> dict[str, object]:
    aim = [None if math.isnan(axis) else round(axis, 4) for axis in stop.aim]
    return {
        "start_s": round(stop.start_s, 2),
        **whole(track),
        "aim_valence": aim[0],
        "aim_arousal": aim[1],
        "distance": round(stop.cost, 4),
    }


def _show(pairs: Sequence[tuple[Stop, Track]]) -> None:
    """Print a set as a table."""
    from oscbridge.library.mixing import Groove, groove_of
    from oscbridge.readable import minutes, printable, signed
    from oscbridge.terminal.tables import build_table, print_giving_way

    table = build_table(
        *(">at", "track", ">aim V", ">A", ">is V", ">A", ">energy", ">BPM", ">shift", "key")
    )
    groove: Groove | None = None
    for stop, track in pairs:
        sound = track.sound
        table.add_row(
            minutes(stop.start_s).partition(".")[0],
            printable(track.called),
            *("" if math.isnan(axis) else signed(axis) for axis in stop.aim),
            signed(sound.valence),
            signed(sound.arousal),
            str(sound.energy),
            *mixing_cells(track, groove),
        )
        groove = groove_of(track)
    print_giving_way(table, 1)


def _sum_up(pairs: Sequence[tuple[Stop, Track]], course: Course) -> None:
    """Say how long the set is, how near to its course, and what could not be had."""
    from oscbridge.readable import minutes
    from oscbridge.standard_streams import tell

    away = [math.dist(*_both(stop, track)) for stop, track in pairs]
    last, track = pairs[-1]
    end_s = last.start_s + track.sound.duration_s
    print(
        f"{len(pairs)} track{'s' * (len(pairs) != 1)}, {minutes(end_s).partition('.')[0]}; "
        f"on average {sum(away) / len(away):.2f} from the course, at most {max(away):.2f}"
    )
    steps = [
        math.dist((a.sound.valence, a.sound.arousal), (b.sound.valence, b.sound.arousal))
        for (_, a), (_, b) in pairwise(pairs)
    ]
    if steps:
        print(f"from one track to the next {max(steps):.2f} at most")
    left = course.rest(end_s, len(pairs))
    if left > course.weight(track.sound.duration_s):
        tell("the set ends before its course: nothing is left in the library that fits.")


def _both(stop: Stop, track: Track) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Aim and track, on the axes that matter."""
    heard = (track.sound.valence, track.sound.arousal)
    matters = [not math.isnan(axis) for axis in stop.aim]
    return tuple(a for a, m in zip(stop.aim, matters, strict=True) if m), tuple(
        h for h, m in zip(heard, matters, strict=True) if m
    )
